"""Mutated inputs of every kind against the command line: ``python -m tests.fuzz --inputs 100000``."""

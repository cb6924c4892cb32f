"""Benchmarks: whole processes side by side with peers, as ratios of one run."""

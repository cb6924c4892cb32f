"""Reads in blocks: their fields as columns, laid on arrays, mates counted once."""

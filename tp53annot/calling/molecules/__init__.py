"""Copies of one molecule: which fragments they are, and what they agree on."""

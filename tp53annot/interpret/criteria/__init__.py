"""Criteria, one a module: each decides whether one line of a standard is met; what they add up to is the classes'."""

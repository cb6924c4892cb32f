"""A laboratory's own earlier samples, kept in one SQLite file."""

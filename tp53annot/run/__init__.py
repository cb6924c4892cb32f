"""The order of things: files to jobs, observed, interpreted, written."""

"""Newer tables, own statements, and what differs between two resources folders."""

"""Copies of the gene: records, tables and what the clinic states, as evidence."""

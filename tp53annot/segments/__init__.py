"""The door to copy-number tables: segments of chromosome 17 in any of the usual formats."""

"""The door to variant lists: tables with a variant in each row, and what each row says."""

"""The report as typed values: what the JSON, every other format and every reader are made of."""

"""The report of one sample and every format it is rendered in."""

"""From counted reads to calls, and what could have been seen."""

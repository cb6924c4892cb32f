"""How many of the two alleles are hit: readings, evidence of a second hit, the state."""

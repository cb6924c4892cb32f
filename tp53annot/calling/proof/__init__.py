"""What the sample's own errors prove: the fewest molecules that are a call."""

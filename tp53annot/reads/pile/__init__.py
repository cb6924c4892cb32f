"""The reads around a variant, as a report draws them."""

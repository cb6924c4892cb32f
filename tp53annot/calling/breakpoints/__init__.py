"""Where molecules leave the reference: clips put together, the places where they go on, and what stays unexplained."""

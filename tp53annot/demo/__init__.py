"""The example that ships: reads made from the reference."""

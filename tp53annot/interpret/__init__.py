"""From a named change to facts and classes; from a sample's changes to its status, flags and notes."""

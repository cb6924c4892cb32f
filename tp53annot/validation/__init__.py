"""A laboratory's own truth against its reports."""

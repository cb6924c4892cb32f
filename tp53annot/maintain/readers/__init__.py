"""Readers of other databases' files, one file a database; :mod:`.registry` lists them."""

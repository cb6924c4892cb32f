"""The tables of ``resources/tables``: one file here for each family, listed in :mod:`.knowledge`."""

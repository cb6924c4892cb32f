"""Typed rules: one struct a file of ``resources/rules/``, units in its docstring.

The files hold every cut-off, limit and sentence; :func:`tp53annot.knowledge.rules.reading.read_rules` makes the
values of one file, and refuses a key that is unknown, missing or of the wrong kind by its full name.
"""

"""One module a format: a subclass of :class:`tp53annot.segments.format.SegmentFormat`.

The registry finds the modules; tests/segments and docs/copies.md ask for a row of each.
"""

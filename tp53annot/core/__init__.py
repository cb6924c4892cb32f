"""The nouns of the field as frozen values, and what is computed from them alone.

Coordinates are 1-based, closed, forward strand. Inside the core every position is a GRCh38 position: the TP53
locus is identical base for base in both builds, so a build is only an offset (:class:`tp53annot.core.locus.Reference`).
Fractions (``vaf``) run from 0 to 1. ``None`` always means "not stated", never zero.
"""

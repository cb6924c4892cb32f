"""One file a caller (or family of callers): how its VCF is recognised, and what its fields mean.

A new caller is one module here with a subclass of :class:`~tp53annot.vcf.dialects.dialect.Dialect`; the registry finds
it, and docs/inputs.md lists it.
"""

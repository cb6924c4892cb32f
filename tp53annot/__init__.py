"""tp53annot: TP53 in acute lymphoblastic leukaemia, from sequencing output to a sourced report."""

__version__ = "0.1.0"

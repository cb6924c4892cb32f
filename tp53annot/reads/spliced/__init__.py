"""Reads of RNA: recognised, laid on the transcripts, their junctions counted."""

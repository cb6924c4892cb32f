"""Spliced reads: splice junctions, ends of reads judged against the transcripts, splicing that differs from them."""

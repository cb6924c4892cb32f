"""The door to BAM and CRAM: usable bases of fragments on the TP53 locus, and what they show."""

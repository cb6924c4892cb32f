"""Names and effects of a change: transcript, HGVS written and read, consequences, haplotypes."""

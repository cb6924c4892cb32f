"""What a VCF is before a record counts: its genome build, its samples and their roles, no catalogue of variants."""

"""The door to VCF and BCF: any caller's records in, annotated records out."""

"""What stays of a run beside its reports: its record, and what a history keeps of its samples."""

"""From the command's INPUTs and a sample sheet to the jobs of a run."""

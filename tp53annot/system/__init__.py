"""The operating system: files written whole or not at all, worker processes, signals, text tables."""

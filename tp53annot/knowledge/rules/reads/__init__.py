"""Rules about reads: what counts, layouts of libraries, molecules, proof of a call."""

"""What is said of a change in INFO: fields of our own, CSQ as VEP writes it, and values worked out beforehand."""

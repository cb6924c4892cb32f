"""What INFO, FORMAT and ALT state of structural records: how far they reach, and copies."""

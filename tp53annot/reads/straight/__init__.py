"""Reads of machines that lose and gain bases: their errors learned, and taken out before counting."""

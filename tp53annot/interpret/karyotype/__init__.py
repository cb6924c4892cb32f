"""Karyotypes and FISH results in the International System for Human Cytogenomic Nomenclature (ISCN): what they say of 17p."""

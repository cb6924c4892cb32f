"""The samples that a VCF's header names, without a look at its records."""

from __future__ import annotations

from pathlib import Path

from tp53annot.knowledge.rules.vcf import VcfRules
from tp53annot.vcf.dialects.registry import FileDialects
from tp53annot.vcf.identity.samples import sample_columns
from tp53annot.vcf.reader import Reader


def header_columns(path: Path, rules: VcfRules) -> tuple[str, ...]:
    """The sample columns that a run reports, as far as the header tells: normals beyond doubt are none of them.

    Raises:
        InputError: unreadable, or not a VCF.
    """
    reader = Reader(path)
    try:
        header = reader.header
        spoken = FileDialects(header).named
        columns = sample_columns(header, spoken, rules.roles, reader.name, None, None)
    finally:
        reader.close()
    return tuple(header.samples[c.column] for c in columns if c.column is not None)

"""Builders of small VCF files for tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tp53annot.knowledge import load_reference
from tp53annot.reference import Reference
from tp53annot.vcf import VcfSource

GRCH38 = "##contig=<ID=chr17,length=83257441>"
GRCH37 = "##contig=<ID=chr17,length=81195210>"


@cache
def reference() -> Reference:
    """The shipped locus."""
    return load_reference()


def vcf_text(*lines: str, samples: Sequence[str] = ("S1",), header: str = "") -> str:
    """A VCF as text: file format line, further header lines, columns, records."""
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    if samples:
        columns += ["FORMAT", *samples]
    head = ["##fileformat=VCFv4.2", *([header] if header else []), "\t".join(columns)]
    return "\n".join([*head, *lines]) + "\n"


def write_vcf(
    folder: Path, *lines: str, samples: Sequence[str] = ("S1",), header: str = "", name: str = "calls.vcf"
) -> Path:
    """The text of :func:`vcf_text` as a file."""
    path = folder / name
    path.write_text(vcf_text(*lines, samples=samples, header=header))
    return path


def source(path: Path, **options: Any) -> VcfSource:
    """The file opened by the door."""
    return VcfSource(path, reference(), **options)

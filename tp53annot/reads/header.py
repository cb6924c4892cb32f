"""Headers of BAM and CRAM: their contigs, and the sample they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysam

from tp53annot.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderContig:
    """A contig that reads are aligned to; ``md5``: of its sequence, in small letters, empty when not stated."""

    name: str
    length: int | None
    md5: str


def header_sample(path: Path) -> str | None:
    """The sample of a file's read groups, from its header alone; ``None`` when they do not agree.

    Raises:
        InputError: unreadable.
    """
    pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(str(path), check_sq=False) as source:
            return group_sample(source)
    except (OSError, ValueError, NotImplementedError) as error:
        raise InputError(str(error).splitlines()[0], path=str(path), fix="check the file") from error


def header_contigs(source: pysam.AlignmentFile) -> list[HeaderContig]:
    """The contigs of a header.

    Raises:
        ValueError: a line is no header line.
    """
    return [
        HeaderContig(name=line.get("SN", ""), length=line.get("LN"), md5=line.get("M5", "").lower())
        for line in _lines(source, "SQ")
    ]


def group_sample(source: pysam.AlignmentFile) -> str | None:
    """The sample of the read groups; ``None`` when they do not agree.

    Raises:
        ValueError: a line is no header line.
    """
    names = {str(line["SM"]) for line in _lines(source, "RG") if line.get("SM")}
    return next(iter(names)) if len(names) == 1 else None


def _lines(source: pysam.AlignmentFile, kind: str) -> Sequence[Mapping[str, Any]]:
    """The header's lines of a kind."""
    try:
        lines: Sequence[Mapping[str, Any]] = source.header.to_dict().get(kind, ())
    except (AssertionError, KeyError, IndexError) as error:
        raise ValueError(f"damaged header ({error})") from error
    return lines

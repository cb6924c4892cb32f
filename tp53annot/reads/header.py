"""Headers of BAM and CRAM: their contigs, and the sample they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pysam
from msgspec import Struct

from tp53annot.errors import InputError
from tp53annot.system.descriptors import quiet_stderr


class HeaderContig(Struct, frozen=True, kw_only=True):
    """A contig that reads are aligned to; ``md5``: of its sequence, in small letters, empty when not stated."""

    name: str
    length: int | None
    md5: str


def header_samples(path: Path) -> tuple[str, ...]:
    """The samples of a file's read groups, from its header alone.

    Raises:
        InputError: unreadable.
    """
    pysam.set_verbosity(0)
    try:
        # pysam prints what a file that failed to open has to say on closing; of a path htslib would load the index
        with (
            quiet_stderr(),
            path.open("rb") as plain,
            pysam.AlignmentFile(plain.fileno(), check_sq=False) as source,
        ):
            return tuple(sample_groups(source))
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


def sample_groups(source: pysam.AlignmentFile) -> dict[str, frozenset[str]]:
    """The read groups of each sample that a header names, in its order.

    Raises:
        ValueError: a line is no header line.
    """
    found: dict[str, frozenset[str]] = {}
    for line in _lines(source, "RG"):
        if line.get("SM"):
            name = str(line["SM"])
            found[name] = found.get(name, frozenset()) | {str(line.get("ID", ""))}
    return found


def _lines(source: pysam.AlignmentFile, kind: str) -> Sequence[Mapping[str, Any]]:
    """The header's lines of a kind."""
    try:
        lines: Sequence[Mapping[str, Any]] = source.header.to_dict().get(kind, ())
    except (AssertionError, KeyError, IndexError) as error:
        raise ValueError(f"damaged header ({error})") from error
    return lines

"""Unique molecular identifiers (UMIs): where a file has them, and which of them are another one misread."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import pysam
from msgspec import Struct

from tp53annot.calling.arrays import BASES
from tp53annot.knowledge.rules.reads.molecules import UmiRules

# The strand of a duplex that a read stems from, as it stands behind a molecule's number ("12/A").
_STRAND = re.compile(r"/[AB]$")
_NO_BASE = re.compile(r"[^ACGTN]+")
_NAME = "name"


class Umis(Struct, frozen=True, kw_only=True):
    """Where the reads of a file state their UMI.

    Attributes:
        place: the tag, or ``"name"`` for the end of the read's name.
        numbered: whether it is a number that the file's maker gave each molecule; else it is a sequence, which
            tells molecules with the same ends apart.
        of: the UMI of a read, ``None`` where it states none.
    """

    place: str
    numbered: bool
    of: Callable[[pysam.AlignedSegment], str | None]


def find_umis(reads: Sequence[pysam.AlignedSegment], rules: UmiRules) -> Umis | None:
    """Where these reads state UMIs; ``None`` where they do not.

    Args:
        reads: the first usable ones.
        rules: ``rules/calling.toml`` ``[umi]``.
    """
    in_name = re.compile(rules.name_pattern)
    for tag in (*rules.family_tags, *rules.sequence_tags):
        stated = [str(r.get_tag(tag)) for r in reads if r.has_tag(tag)]
        if len(stated) >= rules.carried * len(reads) and stated:
            numbered = tag in rules.family_tags and not all(_NO_BASE.sub("", s) for s in stated)
            return Umis(place=tag, numbered=numbered, of=partial(_numbered if numbered else _tagged, tag))
    found = [m["umi"] for r in reads if (m := in_name.search(r.query_name or ""))]
    many = len(found) >= rules.carried * len(reads) and len(set(found)) >= rules.distinct
    if many and len({len(umi) for umi in found}) == 1:
        return Umis(place=_NAME, numbered=False, of=partial(_named, in_name))
    return None


def are_consensus(reads: Sequence[pysam.AlignedSegment], rules: UmiRules) -> bool:
    """Whether these are consensus reads, each of them a molecule."""
    marked = sum(any(r.has_tag(tag) for tag in rules.consensus_tags) for r in reads)
    return bool(reads) and marked >= rules.carried * len(reads)


def _numbered(tag: str, read: pysam.AlignedSegment) -> str | None:
    return _STRAND.sub("", str(read.get_tag(tag))) if read.has_tag(tag) else None


def _tagged(tag: str, read: pysam.AlignedSegment) -> str | None:
    return _one_order(str(read.get_tag(tag))) if read.has_tag(tag) else None


def _named(pattern: re.Pattern[str], read: pysam.AlignedSegment) -> str | None:
    found = pattern.search(read.query_name or "")
    return _one_order(found["umi"]) if found else None


def _one_order(umi: str) -> str:
    """The halves of a double UMI in one order: the two strands of a molecule state them in either.

    >>> _one_order("TTT-AAA"), _one_order("ACGT")
    ('AAA-TTT', 'ACGT')
    """
    return "-".join(sorted(_NO_BASE.split(umi.upper())))


def misread(reads: Mapping[str, int], rules: UmiRules) -> dict[str, str]:
    """UMIs of molecules with the same ends that are another one misread, and that one.

    Args:
        reads: how many reads state each.
        rules: ``rules/calling.toml`` ``[umi]``.

    >>> from types import SimpleNamespace
    >>> misread({"ACGT": 9, "ACGA": 1, "TTTT": 1}, SimpleNamespace(times=3, crowded=1.0))
    {'ACGA': 'ACGT'}
    """
    found: dict[str, str] = {}
    if len(reads) < 2:  # the usual case
        return found
    length = len(_NO_BASE.sub("", next(iter(reads))))
    beside = 3 * length * len(reads) / 4**length
    if beside > rules.crowded:
        return found
    for umi in sorted(reads, key=lambda u: (reads[u], u)):
        near = [o for o in _neighbours(umi) if reads.get(o, 0) >= rules.times * reads[umi]]
        if near:
            found[umi] = max(near, key=lambda o: (reads[o], o))
    return {umi: _end(umi, found) for umi in found}


def _end(umi: str, found: Mapping[str, str]) -> str:
    """What a chain of misread UMIs leads to."""
    while umi in found:
        umi = found[umi]
    return umi


def _neighbours(umi: str) -> Iterator[str]:
    """UMIs one base away, halves in one order."""
    for i, base in enumerate(umi):
        if base in BASES or base == "N":
            for other in BASES:
                if other != base:
                    yield _one_order(f"{umi[:i]}{other}{umi[i + 1 :]}")

"""Reads over a cluster of changes as one table, cut to the stretch that is compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pysam

from tp53annot.calling.arrays import BASES, codes_of
from tp53annot.calling.cigar import DELETION, HARD_CLIP, MATCHES, PADDING, SKIP, SOFT_CLIP, Cigar, spanned
from tp53annot.calling.clusters import Cluster
from tp53annot.calling.haplotypes import ReadTable
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.adapters import shown_by
from tp53annot.reads.usable import usable

_UNUSABLE = len(BASES)
_PAIRED = 0x1


class _Part(NamedTuple):
    """A stretch of a read.

    Attributes:
        begin: index of its first base in the read.
        end: index behind its last base.
        first: GRCh38 position of its first base.
        last: GRCh38 position of its last base.
    """

    begin: int
    end: int
    first: int
    last: int


def table_of_reads(
    reads: Iterable[pysam.AlignedSegment], cluster: Cluster, offset: int, rules: CallingRules, least: int
) -> ReadTable:
    """Usable reads that touch a cluster, cut to the stretch that is compared.

    Args:
        reads: of the file, over that stretch.
        cluster: the changes.
        offset: what makes the file's position of a GRCh38 one, added to it.
        rules: ``rules/calling.toml``.
        least: lowest quality of a base that counts.
    """
    use = rules.usable
    names: dict[object, int] = {}
    bases, qualities, rows = [], [], []
    for read in reads:
        shown = shown_by(read, rules.adapters) if usable(read, use) else None
        if shown is None:
            continue
        start, cigar, text, known = shown
        if cluster.breakpoints and not _touches(start + 1 - offset, cigar, cluster.breakpoints):
            continue
        part = _part(start + 1 - offset, cigar, len(text), cluster.first, cluster.last)
        if part is None:
            continue
        stated = known or chr(use.assumed_base_quality + 33) * len(text)
        bases.append(text[part.begin : part.end])
        qualities.append(stated[part.begin : part.end])
        fragment = names.setdefault(_pair(read, len(names)), len(names))
        rows.append((part.end - part.begin, part.first, part.last, fragment, int(read.is_reverse)))
    table = np.array(rows, np.int64).reshape(-1, 5)
    size = table[:, 0]
    flat = codes_of("".join(bases))
    flat[np.frombuffer("".join(qualities).encode(), np.uint8) < least + 33] = _UNUSABLE
    codes = np.full((len(rows), int(size.max()) if len(rows) else 0), _UNUSABLE, np.uint8)
    codes[np.arange(codes.shape[1]) < size[:, None]] = flat
    return ReadTable(
        codes=codes, size=size, first=table[:, 1], last=table[:, 2], fragment=table[:, 3], strand=table[:, 4]
    )


def _touches(start: int, cigar: Cigar, places: Iterable[int]) -> bool:
    """Whether a read, clips included, lies over one of these positions."""
    first = start - (cigar[0][1] if cigar[0][0] == SOFT_CLIP else 0)
    last = start + spanned(cigar) - 1 + (cigar[-1][1] if cigar[-1][0] == SOFT_CLIP else 0)
    return any(first <= place <= last for place in places)


def _pair(read: pysam.AlignedSegment, number: int) -> object:
    """What mates share; unnamed ones are known by their places, and a read without a mate by its number."""
    name = read.query_name
    if name not in (None, "*"):
        return name
    if not read.flag & _PAIRED:
        return number
    ends = (read.reference_start, read.next_reference_start)
    return (min(ends), max(ends), abs(read.template_length))


def _part(start: int, cigar: Cigar, size: int, low: int, high: int) -> _Part | None:
    """The stretch of a read over ``low``..``high``, without what lies behind a skip or far away.

    Indels outside the stretch so do not displace the read in it; clips at its ends stay with it.
    """
    for begin, end, blocks in matched_blocks(start, cigar, size):
        kept = [b for b in blocks if b[0] + b[2] > low and b[0] <= high]
        if not kept:
            continue
        (at, q, _), (at2, q2, length2) = kept[0], kept[-1]
        first = q if kept[0] != blocks[0] else begin
        last = q2 + length2 if kept[-1] != blocks[-1] else end
        if at < low:
            first = q + low - at
        if at2 + length2 - 1 > high:
            last = q2 + high - at2 + 1
        return _Part(first, last, at - (q - first), at2 + last - q2 - 1)
    return None


def matched_blocks(
    start: int, cigar: Cigar, size: int
) -> Iterator[tuple[int, int, list[tuple[int, int, int]]]]:
    """Stretches between skips: first base, base behind the last, and matched blocks (position, base, length).

    Args:
        start: position of the first aligned base.
        cigar: the read's alignment.
        size: bases of the read.
    """
    at, q, begin = start, 0, 0
    blocks: list[tuple[int, int, int]] = []
    for op, length in cigar:
        if op in MATCHES:
            blocks.append((at, q, length))
            at, q = at + length, q + length
        elif op == SKIP:
            if blocks:
                yield begin, q, blocks
            at, begin, blocks = at + length, q, []
        elif op == DELETION:
            at += length
        elif op not in (HARD_CLIP, PADDING):
            q += length
    if blocks:
        yield begin, size, blocks

"""A copy of a sample's reads of RNA, laid on the transcripts: gaps in their known places, ends judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import pysam

from tp53annot.calling.cigar import DELETION, MATCHES, ON_REFERENCE, SKIP, Cigar
from tp53annot.calling.splicing.junctions import Junction, KnownJunctions
from tp53annot.calling.splicing.read_ends import LaidRead, ReadEnds
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.locus_reads import LocusReads
from tp53annot.reads.usable import usable

_SECOND = 0x80


class _Moved(NamedTuple):
    """A read that lies otherwise than in the file.

    Attributes:
        name: of the read.
        second: whether it is the second of a pair.
        start: position of its first aligned base, of the file's build, 0-based.
        laid: how it lies.
    """

    name: str
    second: bool
    start: int
    laid: LaidRead


class TranscriptLaying:
    """Lays the reads of a sample on the transcripts.

    Args:
        reads: of one sample.
        start: first GRCh38 position of those that are used, 1-based.
        end: last one, inclusive.
        known: the gene's junctions.
        rules: ``rules/calling.toml``.
    """

    def __init__(
        self, reads: LocusReads, start: int, end: int, known: KnownJunctions, rules: CallingRules
    ) -> None:
        self._reads, self._start, self._end, self._known, self._rules = reads, start, end, known, rules
        self._offset = reads.reference.builds[reads.build].offset
        self._settle = cache(self._settled)

    def reads(self) -> LocusReads:
        """The copy; the reads of the file where none lies otherwise.

        Raises:
            OSError, ValueError: damaged.
            UngroupedReadError: a read is of no sample, where there are several.
        """
        moved = self._moved(ReadEnds(self._reads.reference, self._known, self._novel(), self._rules.splicing))
        return self._reads.copied(self._changed(moved)) if moved else self._reads

    def _usable(self) -> Iterator[tuple[int, pysam.AlignedSegment]]:
        """Usable reads, copies included, with their number among all."""
        for number, read in enumerate(self._reads.fetch(self._start, self._end)):
            if usable(read, self._rules.usable, copies=True) and read.cigartuples and read.query_sequence:
                yield number, read

    # junctions of the sample ---------------------------------------------------------------

    def _novel(self) -> set[Junction]:
        """Junctions that no transcript has, of molecules enough, with bases enough on either side."""
        seen: dict[Junction, set[str]] = {}
        for _, read in self._usable():
            if "N" not in (read.cigarstring or ""):
                continue
            start, cigar = read.reference_start + 1 - self._offset, tuple(read.cigartuples or ())
            for junction in well_crossed(
                start, self._gaps_settled(start, cigar)[1], self._rules.splicing.short
            ):
                if junction not in self._known.all:
                    seen.setdefault(junction, set()).add(read.query_name or "")
        fewest = self._rules.splicing.junction_reads
        return {j for j, names in seen.items() if len(names) >= fewest and self._known.canonical(j)}

    def _gaps_settled(self, start: int, cigar: Cigar) -> tuple[int, Cigar]:
        """A read's long gaps as introns in their known or canonical places, or as deletions within an exon."""
        found: list[tuple[int, int]] = []
        at, owed = start, 0  # bases that the next stretch gives to the one before, where a gap was displaced
        for op, size in cigar:
            kept = size
            if op in MATCHES:
                kept, owed = size + owed, 0
            elif op == SKIP or (op == DELETION and size >= self._rules.splicing.least_intron):
                op, junction = self._settle(at, at + size - 1, op)
                shift = junction.first - at
                if shift and found and found[-1][0] in MATCHES:
                    found[-1] = (found[-1][0], found[-1][1] + shift)
                    owed = -shift
            found.append((op, kept))
            at += size * (op in ON_REFERENCE)
        if owed or any(size <= 0 for _, size in found):
            return start, cigar
        return start, tuple(found)

    def _settled(self, first: int, last: int, operation: int) -> tuple[int, Junction]:
        given, junction = Junction(first, last), self._known.settled(first, last)
        if operation == DELETION:
            return (SKIP, junction) if junction in self._known.all else (DELETION, given)
        short = given.size < self._rules.splicing.least_intron or not self._known.canonical(junction)
        if short and self._known.within_exon(given):
            return DELETION, given
        return SKIP, junction

    # laying --------------------------------------------------------------------------------

    def _moved(self, ends: ReadEnds) -> dict[int, _Moved]:
        """The reads that lie otherwise, by their number."""
        found: dict[int, _Moved] = {}
        for number, read in self._usable():
            start, cigar = read.reference_start + 1 - self._offset, tuple(read.cigartuples or ())
            first, settled = self._gaps_settled(start, cigar) if _has_gap(cigar) else (start, cigar)
            laid = LaidRead(first, settled)
            if ends.concerned(first, settled):
                laid = ends.laid(first, settled, read.query_sequence or "")
            if laid != (start, cigar, 0, 0):
                second = bool(read.flag & _SECOND)
                found[number] = _Moved(read.query_name or "", second, laid.start - 1 + self._offset, laid)
        return found

    def _changed(self, moved: dict[int, _Moved]) -> Iterator[pysam.AlignedSegment]:
        """All reads, those that moved in their new place, and their mates told of it."""
        starts = {(m.name, m.second): m.start for m in moved.values()}
        for number, read in enumerate(self._reads.fetch(self._start, self._end)):
            told = starts.get((read.query_name or "", not read.flag & _SECOND))
            if told is not None:
                read.next_reference_start = told
            change = moved.get(number)
            if change is not None:
                _apply(read, change)
            if told is not None or change is not None:
                read.template_length = 0  # what the file states is no longer so
                read.set_tag("MC", None)
            yield read


def _has_gap(cigar: Cigar) -> bool:
    return any(op in (SKIP, DELETION) for op, _ in cigar)


def well_crossed(start: int, cigar: Cigar, anchor: int) -> Iterable[Junction]:
    """The skips of a read with so many aligned bases on either side, up to the next skip or the end.

    Args:
        start: position of the first aligned base.
        cigar: the alignment.
        anchor: bases.
    """
    stretches, skips, at, size = [], [], start, 0
    for op, length in cigar:
        if op == SKIP:
            skips.append(Junction(at, at + length - 1))
            stretches.append(size)
            size = 0
        elif op in MATCHES:
            size += length
        at += length * (op in ON_REFERENCE)
    stretches.append(size)
    for number, skip in enumerate(skips):
        if stretches[number] >= anchor and stretches[number + 1] >= anchor:
            yield skip


def _apply(read: pysam.AlignedSegment, change: _Moved) -> None:
    """Move a read, without the bases that were cut off."""
    laid = change.laid
    if laid.cut_left or laid.cut_right:
        bases, qualities = read.query_sequence or "", read.query_qualities
        part = slice(laid.cut_left, len(bases) - laid.cut_right)
        read.query_sequence = bases[part]
        read.query_qualities = None if qualities is None else qualities[part]
    read.cigartuples = list(laid.cigar)
    read.reference_start = change.start

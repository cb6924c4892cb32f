"""Reads over the locus, by place: of a file or of a temporary copy, of one sample, with every base written out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pysam
from msgspec import Struct
from msgspec.structs import replace

from tp53annot.calling.cigar import MATCHES, ON_READ, ON_REFERENCE
from tp53annot.core.allele import Build
from tp53annot.core.locus import Reference

_SORT_MEMORY = "64M"
_EQUAL = "="  # a base that is the reference's


class UngroupedReadError(Exception):
    """A read whose read group names no sample; its argument is the read's name."""


class LocusReads(Struct, frozen=True, kw_only=True):
    """Reads that can be fetched by place, as often as needed.

    Attributes:
        file: indexed.
        contig: chromosome 17 in it.
        reference: the locus.
        build: of the file's coordinates.
        groups: read groups of the sample; all reads count where ``None``.
        known: read groups of all samples.
        equal_bases: whether bases may be written as ``=``.
        folder: what holds a temporary copy, kept as long as this is.
        original: what a copy was made of that holds more reads.
    """

    file: pysam.AlignmentFile
    contig: str
    reference: Reference
    build: Build
    groups: frozenset[str] | None = None
    known: frozenset[str] = frozenset()
    equal_bases: bool = False
    folder: tempfile.TemporaryDirectory[str] | None = None
    original: LocusReads | None = None

    def fetch(self, start: int, end: int) -> Iterator[pysam.AlignedSegment]:
        """Reads over GRCh38 ``start``..``end`` (1-based, inclusive).

        Raises:
            OSError, ValueError: damaged.
            UngroupedReadError: a read is of no sample, where there are several.
        """
        first = self.reference.to_build(start, self.build) - 1
        last = self.reference.to_build(end, self.build)
        reads: Iterator[pysam.AlignedSegment] = iter(self.file.fetch(self.contig, max(first, 0), last))
        if self.groups is not None:
            reads = self._of_groups(reads, self.groups)
        return map(self._written_out, reads) if self.equal_bases else reads

    def loose(self, start: int, end: int, *, most: int) -> Iterator[str]:
        """Bases of reads aligned nowhere: those with a mate over GRCh38 ``start``..``end``, and whole pairs.

        Args:
            start: 1-based.
            end: inclusive.
            most: so many of either; pairs are left out where the file has more of them.
        """
        source = self.original or self
        yield from islice((_sequence(r) for r in source.fetch(start, end) if r.is_unmapped), most)
        pairs: Iterator[pysam.AlignedSegment] = islice(source.file.fetch("*"), most + 1)
        if source.groups is not None:
            pairs = (r for r in pairs if r.has_tag("RG") and r.get_tag("RG") in source.groups)
        texts = [_sequence(r) for r in pairs]
        if len(texts) <= most:
            yield from texts

    def with_equal_bases(self, equal_bases: bool) -> LocusReads:
        """The same reads, whose bases may be written as ``=``."""
        return replace(self, equal_bases=equal_bases)

    def of_groups(self, groups: frozenset[str], known: frozenset[str]) -> LocusReads:
        """The reads of one sample's groups; ``known``: groups of all samples."""
        return replace(self, groups=groups, known=known)

    def _of_groups(
        self, reads: Iterable[pysam.AlignedSegment], groups: frozenset[str]
    ) -> Iterator[pysam.AlignedSegment]:
        for read in reads:
            group = str(read.get_tag("RG")) if read.has_tag("RG") else ""
            if group in groups:
                yield read
            elif group not in self.known:
                raise UngroupedReadError(read.query_name or "*")

    def copied(
        self, reads: Iterable[pysam.AlignedSegment], *, ordered: bool = False, whole: bool = False
    ) -> LocusReads:
        """These reads in its place, from a temporary file, in order of position (or ``ordered``); all of them count.

        ``whole``: they are all that is asked for, those aligned nowhere, too; else these stay where they are.
        """
        folder = tempfile.TemporaryDirectory(prefix="tp53annot-")
        plain, copy = Path(folder.name) / "reads.bam", Path(folder.name) / "sorted.bam"
        with pysam.AlignmentFile(str(copy if ordered else plain), "wb", header=self.file.header) as out:
            for read in reads:
                out.write(read)
        if not ordered:
            pysam.sort("-m", _SORT_MEMORY, "-o", str(copy), str(plain))
            plain.unlink()
        pysam.index(str(copy))
        return replace(
            self,
            file=pysam.AlignmentFile(str(copy)),
            groups=None,
            equal_bases=False,
            folder=folder,
            original=None if whole else self.original or self,
        )

    def _written_out(self, read: pysam.AlignedSegment) -> pysam.AlignedSegment:
        """The read with the reference's bases in place of ``=``."""
        bases = read.query_sequence
        if not bases or _EQUAL not in bases:
            return read
        qualities = read.query_qualities
        read.query_sequence = self._decoded(bases, read)
        read.query_qualities = qualities
        return read

    def _decoded(self, bases: str, read: pysam.AlignedSegment) -> str:
        found, q = list(bases), 0
        at = read.reference_start + 1 - self.reference.builds[self.build].offset
        for op, length in read.cigartuples or ():
            if op in MATCHES:
                for i in range(length):
                    if found[q + i] == _EQUAL and self.reference.covers(at + i, at + i):
                        found[q + i] = self.reference.bases(at + i, at + i)
                at, q = at + length, q + length
            else:
                at += length * (op in ON_REFERENCE)
                q += length * (op in ON_READ)
        return "".join(found).replace(_EQUAL, "N")


def _sequence(read: pysam.AlignedSegment) -> str:
    return read.get_forward_sequence() or ""


def writes_equal_bases(reads: Iterable[pysam.AlignedSegment]) -> bool:
    """Whether any of these reads writes a base as ``=``."""
    return any(_EQUAL in (read.query_sequence or "") for read in reads)

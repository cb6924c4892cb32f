"""Blocks of usable reads as columns: what each shows of its molecule, and what it shares with its mate."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pysam
from msgspec import Struct

from tp53annot.calling.arrays import Bools, Ints
from tp53annot.calling.cigar import MATCHES, Cigar
from tp53annot.knowledge.rules.reads.read_layout import AdapterRules
from tp53annot.reads.adapters import may_pass_mate, shown_by

_PAIRED, _MATE_UNMAPPED, _REVERSE = 0x1, 0x8, 0x10
_SHORTEST = 2  # bases of a read that is taken as it stands
_NAMELESS = "*"
# What mates share: their name, or where both begin and the length of the molecule.
MateKey = str | tuple[int, int, int] | None
# A read's alignment, its bases on the forward strand, clips included, a character of quality for each (as of FASTQ;
# None where none are stated), and what it shares with its mate (None without one here).
Held = tuple[Cigar, str, str | None, MateKey]


class BamFields(Struct, frozen=True, kw_only=True):
    """What BAM says of reads, an entry each.

    Attributes:
        flag: as of the SAM specification.
        begin: 0-based position of the first aligned base.
        end: behind the last one.
        mate: 0-based position of the mate.
        size: length of the molecule as stated, negative for the rightmost read.
        same_contig: whether the mate lies on the same one.
    """

    flag: Ints
    begin: Ints
    end: Ints
    mate: Ints
    size: Ints
    same_contig: Bools

    @classmethod
    def of(cls, reads: Sequence[pysam.AlignedSegment]) -> BamFields:
        """Of reads, all of one contig."""
        here = reads[0].reference_id if reads else -1
        return cls(
            flag=np.array([r.flag for r in reads], np.int64),
            begin=np.array([r.reference_start for r in reads], np.int64),
            end=np.array([r.reference_end or 0 for r in reads], np.int64),
            mate=np.array([r.next_reference_start for r in reads], np.int64),
            size=np.array([r.template_length for r in reads], np.int64),
            same_contig=np.array([r.next_reference_id == here for r in reads], np.bool_),
        )

    def chosen(self, which: Ints) -> BamFields:
        """Of some of the reads, by their numbers."""
        return BamFields(
            flag=self.flag[which],
            begin=self.begin[which],
            end=self.end[which],
            mate=self.mate[which],
            size=self.size[which],
            same_contig=self.same_contig[which],
        )

    @property
    def with_mate(self) -> Bools:
        """Whether a mate is aligned to the same contig."""
        return np.asarray((self.flag & (_PAIRED | _MATE_UNMAPPED) == _PAIRED) & self.same_contig)

    @property
    def may_pass_mate(self) -> Bools:
        """Whether a read may run on over the end of its molecule, where the mate begins."""
        return may_pass_mate(flag=self.flag, begin=self.begin, end=self.end, mate=self.mate, size=self.size)

    @property
    def overlapping(self) -> Bools:
        """Whether the mate begins, here or further on, before the read ends."""
        return np.asarray((self.begin <= self.mate) & (self.mate < self.end))


class ReadBlock(Struct, frozen=True, kw_only=True):
    """Usable reads without adapters, an entry each.

    Attributes:
        start: GRCh38 position of the first aligned base, 1-based.
        strand: 0 forward, 1 reverse.
        mate: 0-based position of the mate, of the file's build.
        plain: whether all bases are aligned without a gap or a clip.
        sizes: bases, clipped ones included.
        held: what each holds.
    """

    start: Ints
    strand: Ints
    mate: Ints
    plain: Bools
    sizes: Ints
    held: Sequence[Held]

    def __len__(self) -> int:
        return len(self.held)

    def chosen(self, numbers: Ints) -> ReadBlock:
        """Some of the reads, in this order."""
        held = self.held
        return ReadBlock(
            start=self.start[numbers],
            strand=self.strand[numbers],
            mate=self.mate[numbers],
            plain=self.plain[numbers],
            sizes=self.sizes[numbers],
            held=[held[n] for n in numbers.tolist()],
        )

    @classmethod
    def joined(cls, blocks: Sequence[ReadBlock]) -> ReadBlock:
        """The reads of blocks, one after the other; there is one block or more."""
        return cls(
            start=np.concatenate([b.start for b in blocks]),
            strand=np.concatenate([b.strand for b in blocks]),
            mate=np.concatenate([b.mate for b in blocks]),
            plain=np.concatenate([b.plain for b in blocks]),
            sizes=np.concatenate([b.sizes for b in blocks]),
            held=list(chain.from_iterable(b.held for b in blocks)),
        )


def cigars_of(reads: Sequence[pysam.AlignedSegment]) -> list[Cigar]:
    """Alignments of reads, empty where there is none; each one that several reads have is one object."""
    written = [r.cigarstring for r in reads]
    known: dict[str | None, Cigar] = {
        text: tuple(read.cigartuples or ()) for text, read in dict(zip(written, reads, strict=True)).items()
    }
    return [known[text] for text in written]


def block_of(
    reads: Sequence[pysam.AlignedSegment],
    aligned: Sequence[Cigar],
    fields: BamFields,
    offset: int,
    rules: AdapterRules,
) -> tuple[BamFields, ReadBlock]:
    """What reads show of their molecules, and the fields of those that show anything.

    A read that is aligned without gap or clip and surely ends within its molecule shows all that it holds: such
    reads are taken as they stand, all others looked at one by one.

    Args:
        reads: usable ones.
        aligned: their alignments.
        fields: theirs.
        offset: the file's position less that of GRCh38.
        rules: ``rules/calling.toml`` ``[adapters]``.
    """
    start, cigars = fields.begin.copy(), list(aligned)
    bases = [r.query_sequence or "" for r in reads]
    qualities = [r.query_qualities_str for r in reads]
    sizes = np.fromiter(map(len, bases), np.int64, len(bases))
    # One operation over as many bases of the reference as the read has can only be a match.
    plain = (np.fromiter(map(len, cigars), np.int64, len(cigars)) == 1) & (sizes >= _SHORTEST)
    plain &= fields.end - fields.begin == sizes
    there = np.ones(len(reads), np.bool_)
    for n in np.flatnonzero(~plain | fields.may_pass_mate).tolist():
        shown = shown_by(reads[n], rules)
        if shown is None:
            there[n] = False
        else:
            start[n], cigars[n], bases[n], qualities[n] = shown
            sizes[n] = len(shown.bases)
            plain[n] = len(shown.cigar) == 1 and shown.cigar[0] in [(op, sizes[n]) for op in MATCHES]
    block = ReadBlock(
        start=start + 1 - offset,
        strand=np.asarray((fields.flag & _REVERSE) != 0, np.int64),
        mate=fields.mate,
        plain=plain,
        sizes=sizes,
        held=list(zip(cigars, bases, qualities, _keys(reads, fields), strict=True)),
    )
    if there.all():
        return fields, block
    kept = np.flatnonzero(there)
    return fields.chosen(kept), block.chosen(kept)


def _keys(reads: Sequence[pysam.AlignedSegment], fields: BamFields) -> list[MateKey]:
    """What each read shares with its mate: their name, or where both begin and the length of the molecule."""
    keys: list[MateKey] = [
        (r.query_name or _NAMELESS) if mated else None
        for r, mated in zip(reads, fields.with_mate.tolist(), strict=True)
    ]
    if _NAMELESS in keys:
        for n, key in enumerate(keys):
            if key == _NAMELESS:
                begin, mate = int(fields.begin[n]), int(fields.mate[n])
                keys[n] = (min(begin, mate), max(begin, mate), abs(int(fields.size[n])))
    return keys

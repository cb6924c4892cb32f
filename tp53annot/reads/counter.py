"""Counting reads in blocks: laid on arrays together, mates once, then added to the pileup with numpy."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, compress, islice

import numpy as np
import pysam
from msgspec.structs import replace

from tp53annot.calling.arrays import BASES, Ints, codes_of
from tp53annot.calling.cigar import SKIP
from tp53annot.calling.pileup import FORWARD, IndelCount, Pileup, ReadChange
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.counting.block import BamFields, MateKey, ReadBlock, block_of, cigars_of
from tp53annot.reads.counting.flat_reads import FlatReads
from tp53annot.reads.counting.laying import Layer
from tp53annot.reads.counting.rows import (
    GONE,
    Indel,
    ReadRows,
    count_mates_once,
    mates_of,
    ranges,
    tally,
)
from tp53annot.reads.counting.unlike import UnlikeMolecules
from tp53annot.reads.hinted.hints import HintFinder, NormalForms
from tp53annot.reads.hinted.joint_indels import JointIndels
from tp53annot.reads.left_out import LeftOut
from tp53annot.reads.locus_reads import LocusReads
from tp53annot.reads.primers import cut_at_begin, find_primers, reads_begun
from tp53annot.reads.remarks import ReadTraits
from tp53annot.reads.usable import which_usable

_BLOCK, _BLOCK_BASES = 8192, 2_500_000  # reads and bases counted at a time: bounds memory, fits the cache
_FIRST, _TAKEN = 64, 1024  # reads taken from the file at a time: at first, and at most
# What is tallied at each place: the four bases, a deleted base, and what does not count.
_KINDS, _NO_COUNT = 6, 5
# Chance of an error by quality; none of what does not count, which is given the last one.
_NO_QUALITY = 255
_ERROR = 10.0 ** (-np.arange(256) / 10.0)
_ERROR[_NO_QUALITY] = 0.0


class ReadCounter:
    """Adds reads, in order of position, to a pileup.

    Args:
        reads: where those that are added come from.
        pileup: empty.
        rules: ``rules/calling.toml``.
        left_out: notes reads that do not count.
        unlike: what an earlier count took out that is not of the gene.

    Attributes:
        traits: what the reads have in common.
        unlike: molecules that are not of the gene.
        skipping: reads with a skip in their alignment, not usable ones included.
    """

    def __init__(
        self,
        reads: LocusReads,
        pileup: Pileup,
        rules: CallingRules,
        left_out: LeftOut,
        unlike: UnlikeMolecules | None = None,
    ) -> None:
        self.reference, self.pileup, self.rules = reads.reference, pileup, rules
        self.offset = self.reference.builds[reads.build].offset
        self._loose = functools.partial(reads.loose, most=rules.bridge.most)
        self._left_out, self.use = left_out, rules.usable
        self._blocks, self._size = list[ReadBlock](), 0
        self._pairs = list[tuple[int, int]]()
        self._waiting: dict[MateKey, list[int]] = {}
        self._open = self._bases = 0  # reads that wait for their mate; bases of all reads
        self._longest, self._next = 1, _FIRST  # bases of a read; reads that are taken next
        self._normal = NormalForms(self.reference).of
        self._joint = JointIndels(self.reference, rules.complex)
        self.traits, self.skipping = ReadTraits(), 0
        self._begun, self._cut = np.zeros_like(pileup.spans), np.zeros_like(pileup.spans)
        self._least = 0  # quality from which bases count; known with the first block
        self._codes = codes_of(self.reference.bases(pileup.start, pileup.start + pileup.length - 1))
        self.unlike = unlike or UnlikeMolecules(self._codes, rules.unlike)
        self._counts_again = unlike is not None
        self._layer = Layer(pileup, self._codes, self.reference, rules, self._normal)

    # taking reads -------------------------------------------------------------------------

    def count(self, reads: Iterable[pysam.AlignedSegment]) -> Pileup:
        """Count reads, those that are usable; the pileup with its remarks."""
        coming = iter(reads)
        while self.take(coming):
            pass
        return self.finish()

    def take(self, coming: Iterator[pysam.AlignedSegment]) -> bool:
        """Take the next reads, some at a time; whether there were any."""
        some = list(islice(coming, self._next))
        if some:
            self._take(some)
            self._next = min(_TAKEN, max(_BLOCK_BASES // self._longest, 1))
        return bool(some)

    def _take(self, reads: list[pysam.AlignedSegment]) -> None:
        """Count the usable ones of these reads, but those whose mate may be among the next."""
        flag = np.array([r.flag for r in reads], np.int64)
        usable = which_usable(flag, np.array([r.mapping_quality for r in reads], np.int64), self.use)
        cigars = cigars_of(reads)
        self.skipping += sum(any(op == SKIP for op, _ in c) for c in cigars if len(c) > 1)
        if not usable.all():
            for n in np.flatnonzero(~usable).tolist():
                self._left_out.add(reads[n])
            reads, cigars = list(compress(reads, usable)), list(compress(cigars, usable))
        fields, block = block_of(reads, cigars, BamFields.of(reads), self.offset, self.rules.adapters)
        if not len(block):
            return
        self.pileup.reads += len(block)
        self.traits.add(fields, block)
        self._pair(block, fields.overlapping.tolist())
        self._blocks.append(block)
        self._size += len(block)
        self._bases += int(block.sizes.sum())
        self._longest = max(self._longest, int(block.sizes.max()))
        if self._size - self._open >= _BLOCK or self._bases >= _BLOCK_BASES:
            self._count_block(int(fields.begin[-1]))

    def _pair(self, block: ReadBlock, overlapping: Iterable[bool]) -> None:
        """Pair coming reads with their mates, or let them wait for one that overlaps."""
        waiting, number = self._waiting, self._size
        for key, overlaps in zip([held[3] for held in block.held], overlapping, strict=True):
            if key is not None:
                first = waiting.get(key)
                if first:
                    self._pairs.append((first.pop(), number))
                    self._open -= 1
                elif overlaps:
                    waiting.setdefault(key, []).append(number)
                    self._open += 1
            number += 1

    def _count_block(self, reached: int | None) -> None:
        """Count the block; reads whose mate lies at or behind ``reached`` wait for the next one."""
        if not self._blocks:
            return
        block = ReadBlock.joined(self._blocks)
        kept = np.zeros(len(block), np.bool_)
        if reached is not None:
            waiting = list(chain.from_iterable(self._waiting.values()))
            kept[waiting] = block.mate[waiting] >= reached
        low = block.start - self.pileup.start
        within = block.plain & (low >= 0) & (low + block.sizes <= self.pileup.length)
        plain = np.flatnonzero(within & ~kept)
        order = np.concatenate([plain, np.flatnonzero(~within & ~kept)])
        place = np.zeros(len(block), np.int64)
        place[order] = np.arange(len(order))
        pairs = place[np.array(self._pairs, np.int64).reshape(-1, 2)]
        self._count(block.chosen(order), len(plain), pairs)
        left = block.chosen(np.flatnonzero(kept))
        self._blocks, self._size, self._open, self._bases = [left], len(left), len(left), 0
        self._pairs, self._waiting = [], {}
        for number, held in enumerate(left.held):
            self._waiting.setdefault(held[3], []).append(number)

    def finish(self) -> Pileup:
        """Count what is left; the pileup with its remarks."""
        self._count_block(None)
        hints = HintFinder(self.pileup, self.reference, self.rules, self._normal, self._loose)
        hints.find(self._layer.clips, self._joint, spliced=self.pileup.rna)
        primers = find_primers(self._begun, self._cut, self.pileup.spans, self.rules.primers)
        if primers.most and not self._are_amplicons():
            primers = replace(primers, most=False)
        self.pileup.primers = primers
        if self._counts_again:
            self.unlike.settle(self.pileup)
        self.unlike.judge()
        self.pileup.remarks |= self.traits.remarks(self.pileup, self.rules)
        if self.pileup.unsure is not None:
            self.pileup.remarks["unlike"] = self.rules.remarks.unlike.format(count=self.unlike.molecules)
        return self.pileup

    def _are_amplicons(self) -> bool:
        """Whether reads that begin at few places are amplicons'; where errors shift their ends, these do not tell."""
        return self._slips_or_rna() or self.traits.are_amplicons(self.rules)

    def _slips_or_rna(self) -> bool:
        platform = self.pileup.platform
        return self.pileup.rna or (platform is not None and platform.name in self.rules.slips.platforms)

    # one block ----------------------------------------------------------------------------

    def _count(self, reads: ReadBlock, plain: int, pairs: Ints) -> None:
        """Count reads, of which the first ``plain`` are; ``pairs``: numbers of mates."""
        count = len(reads)
        if not count:
            return
        flat = FlatReads(reads, self.use.assumed_base_quality, self.rules.model.end_bases)
        self._least = self._least or self._least_quality(flat)
        whole = self._layer.rows(reads, plain, flat, self._least)
        count_mates_once(whole, pairs, count)
        if not self._slips_or_rna():
            self.unlike.look_at(whole, pairs, reads)
        self._begun += reads_begun(whole, reads.strand, self.pileup.length)
        self._cut += reads_begun(whole, reads.strand, self.pileup.length, cut_at_begin(reads))
        self._add_bases(whole, reads.strand)
        mates = mates_of({i.read for i in whole.indels}, pairs, count)
        self._add_indels(whole.indels, reads.strand, mates)
        self._joint.add(whole.indels, mates)

    def _least_quality(self, flat: FlatReads) -> int:
        """The stated one, or a lower one where hardly a base reaches that; then fewer places are assessed."""
        stated, low = self.use.min_base_quality, self.use.low_base_quality
        if (flat.qualities >= stated).mean() >= self.use.low_share:
            low = stated
        else:
            self.pileup.firm = np.zeros_like(self.pileup.spans)
        self.pileup.least_quality = low
        return int(low)

    # adding -------------------------------------------------------------------------------

    def _add_bases(self, rows: ReadRows, strands: Ints) -> None:
        """Count what the reads show by strand, place and kind; ``strands``: of the reads."""
        pileup, first = self.pileup, int(rows.low.min())
        length = int((rows.low + rows.size).max()) - first
        there, shape = slice(first, first + length), (2, length, _KINDS)
        place = ranges((rows.low - first + strands[rows.read] * length) * _KINDS, rows.size, _KINDS)
        quality = rows.quality | (rows.shown >= GONE) * np.uint8(_NO_QUALITY)
        errors = np.bincount(place, weights=_ERROR[quality], minlength=2 * length * _KINDS)
        pileup.errors[there] += errors.reshape(shape)[:, :, 0].sum(axis=0)
        place += np.minimum(rows.shown, _NO_COUNT)
        counts = tally(place, shape)
        pileup.bases[:, :, there] += counts[:, :, :4].transpose(0, 2, 1)
        pileup.spans[:, there] += counts[:, :, :_NO_COUNT].sum(axis=2, dtype=np.int32)
        pileup.ends[:, there] += tally(place[rows.near], shape)[:, :, :4].sum(axis=0, dtype=np.int32).T
        if pileup.firm is not None:
            firm = (rows.quality >= self.use.min_base_quality) | (rows.shown == GONE)
            good = tally(place[firm], shape)[:, :, :_NO_COUNT]
            pileup.firm[:, there] += good.sum(axis=2, dtype=np.int32)
        self._add_different(rows, strands)

    def _add_different(self, rows: ReadRows, strands: Ints) -> None:
        """Bases that differ from the reference: neighbours of one read, and where reads with one begin."""
        different = rows.mismatches(self._codes)
        row = rows.row_of(different)
        index, codes = rows.low[row] + different - rows.at[row], rows.shown[different].astype(np.int64)
        if self.pileup.rna:
            begins = (rows.begins(len(strands)) * 2 + strands)[rows.read[row]]
            self.pileup.note_begins(index, codes, begins)
        if different.size > 1:
            self._add_pairs(index, codes, row)

    def _add_pairs(self, index: Ints, codes: Ints, rows: Ints) -> None:
        """Neighbouring mismatches of one read, as one change each."""
        gap = index[1:] - index[:-1]
        close = (rows[1:] == rows[:-1]) & (gap <= self.rules.complex.mismatch_gap)
        keys = np.stack([index[:-1], codes[:-1], gap, codes[1:]])[:, close]
        found, counts = np.unique(keys, axis=1, return_counts=True)
        for (at, one, step, two), count in zip(found.T.tolist(), counts.tolist(), strict=True):
            ref = self.reference.bases(self.pileup.start + at, self.pileup.start + at + step)
            change = ReadChange(self.pileup.start + at, ref, BASES[one] + ref[1:-1] + BASES[two])
            self.pileup.pairs[change] = self.pileup.pairs.get(change, 0) + count

    def _add_indels(self, indels: Iterable[Indel], strands: Ints, mates: Mapping[int, int]) -> None:
        counted: set[tuple[int, ReadChange]] = set()
        for n, change, near_end in indels:
            if (mates.get(n, -1), change) in counted:
                continue
            counted.add((n, change))
            entry = self.pileup.indels.setdefault(change, IndelCount())
            if strands[n] == FORWARD:
                entry.forward += 1
            else:
                entry.reverse += 1
            entry.near_end += near_end

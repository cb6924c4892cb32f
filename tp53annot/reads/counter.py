"""Counting reads in blocks: laid on arrays together, mates once, then added to the pileup with numpy."""

from __future__ import annotations

import functools
from collections import Counter as Counts
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pysam

from tp53annot.calling.arrays import BASES, Ints, codes_of
from tp53annot.calling.breakpoints.soft_clips import SoftClips
from tp53annot.calling.cigar import (
    DELETION,
    INSERTION,
    MATCHES,
    ON_READ,
    ON_REFERENCE,
    SKIP,
    SOFT_CLIP,
    Cigar,
)
from tp53annot.calling.forced_ends import clip_ends
from tp53annot.calling.pieces import merge_pieces
from tp53annot.calling.pileup import FORWARD, REVERSE, IndelCount, Pileup, ReadChange
from tp53annot.calling.realignment import duplication, realign
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.adapters import shown_by
from tp53annot.reads.blocks import (
    GONE,
    NOTHING,
    UNUSABLE,
    FlatReads,
    Indel,
    MateKey,
    Read,
    ReadRows,
    both_ways,
    count_mates_once,
    joined,
    ranges,
    tally,
    usable,
)
from tp53annot.reads.hinted.hints import HintFinder, NormalForms
from tp53annot.reads.hinted.joint_indels import JointIndels
from tp53annot.reads.left_out import LeftOut
from tp53annot.reads.locus_reads import LocusReads
from tp53annot.reads.primers import cut_at_begin, find_primers, reads_begun
from tp53annot.reads.remarks import ReadTraits

_PAIRED, _REVERSE, _MATE_UNMAPPED = 0x1, 0x10, 0x8
_ERROR = 10.0 ** (-np.arange(256) / 10.0)
_BLOCK, _BLOCK_BASES = 8192, 2_500_000  # reads and bases counted at a time: bounds memory, fits the cache
# A stretch of a read without a skip: the read, first index and index behind the last in the pileup.
_Stretch = tuple[int, int, int]
# Aligned or deleted bases: stretch, index in the pileup, place in the flat reads (-1: deleted), size.
_Part = tuple[int, int, int, int]


class _Laid(NamedTuple):
    """A clipped read after its clips were explained; ``hint``: the change that they point to if they were not."""

    start: int
    cigar: Cigar
    hint: ReadChange | None


class ReadCounter:
    """Adds reads, in order of position, to a pileup.

    Args:
        reads: where those that are added come from.
        pileup: empty.
        rules: ``rules/calling.toml``.
        left_out: notes reads that do not count.

    Attributes:
        traits: what the reads have in common.
    """

    def __init__(self, reads: LocusReads, pileup: Pileup, rules: CallingRules, left_out: LeftOut) -> None:
        self.reference, self.pileup, self.rules = reads.reference, pileup, rules
        self.offset = self.reference.builds[reads.build].offset
        self._loose = functools.partial(reads.loose, most=rules.bridge.most)
        self._left_out, self.use = left_out, rules.usable
        self._block: list[Read] = []
        self._pairs: list[tuple[int, int]] = []
        self._waiting: dict[MateKey, list[int]] = {}
        self._open = self._bases = 0
        self._normal = NormalForms(self.reference).of
        self._clips = SoftClips(rules.clips)
        self._joint = JointIndels(self.reference, rules.complex)
        self._laid: dict[tuple[int, Cigar, str], _Laid] = {}
        self.traits = ReadTraits()
        self._begun, self._cut = np.zeros_like(pileup.spans), np.zeros_like(pileup.spans)
        self._least = 0  # quality from which bases count; known with the first block
        self._codes = codes_of(self.reference.bases(pileup.start, pileup.start + pileup.length - 1))

    # taking reads -------------------------------------------------------------------------

    def add(self, read: pysam.AlignedSegment) -> None:
        """Take one read, if it is usable."""
        if not usable(read, self.use):
            self._left_out.add(read)
            return
        shown = shown_by(read, self.rules.adapters)
        if shown is None:
            return
        start, cigar, bases, qualities = shown
        self.pileup.reads += 1
        begin, flag, mate = read.reference_start, read.flag, read.next_reference_start
        key: MateKey = None
        if flag & _PAIRED and not flag & _MATE_UNMAPPED and read.next_reference_id == read.reference_id:
            key = read.query_name
            if key in (None, "*"):
                key = (min(begin, mate), max(begin, mate), abs(read.template_length))
        self.traits.add(read, qualities, begin, key)
        self._bases += len(bases)
        if len(self._block) - self._open >= _BLOCK or self._bases >= _BLOCK_BASES:
            self._flush(begin)
        if key is not None:
            self._join(key, begin, mate, read.reference_end or 0)
        strand = REVERSE if flag & _REVERSE else FORWARD
        self._block.append(Read(start + 1 - self.offset, cigar, bases, qualities, strand, key, mate))

    def _join(self, key: MateKey, begin: int, mate: int, end: int) -> None:
        """Pair the coming read with its mate, or let it wait for one that will overlap it."""
        number = len(self._block)
        first = self._waiting.get(key)
        if first:
            self._pairs.append((first.pop(), number))
            self._open -= 1
        elif begin <= mate < end:
            self._waiting.setdefault(key, []).append(number)
            self._open += 1

    def _flush(self, reached: int | None) -> None:
        """Count the block; reads whose mate lies at or behind ``reached`` wait for the next one."""
        kept: set[int] = set()
        if reached is not None:
            waiting = (i for numbers in self._waiting.values() for i in numbers)
            kept = {i for i in waiting if self._block[i].mate >= reached}
        if kept:
            order = [i for i in range(len(self._block)) if i not in kept]
            place = {i: n for n, i in enumerate(order)}
            pairs = [(place[i], place[j]) for i, j in self._pairs]
        else:
            order, pairs = list(range(len(self._block))), self._pairs
        self._count([self._block[i] for i in order], pairs)
        self._block = [self._block[i] for i in sorted(kept)]
        self._pairs, self._waiting, self._open, self._bases = [], {}, len(kept), 0
        for number, read in enumerate(self._block):
            self._waiting.setdefault(read.key, []).append(number)

    def finish(self) -> Pileup:
        """Count what is left; the pileup with its remarks."""
        self._flush(None)
        hints = HintFinder(self.pileup, self.reference, self.rules, self._normal, self._loose)
        hints.find(self._clips, self._joint, spliced=self.pileup.rna)
        self.pileup.primers = find_primers(self._begun, self._cut, self.pileup.spans, self.rules.primers)
        self.pileup.remarks |= self.traits.remarks(self.pileup, self.rules)
        return self.pileup

    # one block ----------------------------------------------------------------------------

    def _count(self, reads: Sequence[Read], pairs: Sequence[tuple[int, int]]) -> None:
        if not reads:
            return
        laid = [self._layout(r.start, r.cigar, r.bases, r.key) for r in reads]
        flat = FlatReads.of(reads, self.use.assumed_base_quality)
        self._least = self._least or self._least_quality(flat)
        whole = self._lay(range(len(reads)), laid, flat)
        for step in (self._clip_ends, self._merge):
            changed = step(whole, laid, flat)
            if changed:
                whole.leave_out(changed)
                whole = joined(whole, self._lay(changed, laid, flat))
        count_mates_once(whole, pairs)
        strands = np.array([r.strand for r in reads], np.int64)
        self._begun += reads_begun(whole, strands, self.pileup.length)
        self._cut += reads_begun(whole, strands, self.pileup.length, cut_at_begin(reads))
        self._add_bases(whole, strands)
        mates = dict(both_ways(pairs))
        self._add_indels(whole.indels, strands, mates)
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

    def _layout(self, first: int, cigar: Cigar, bases: str, molecule: MateKey = None) -> tuple[int, Cigar]:
        """Start (GRCh38) and CIGAR, clips explained where they can be."""
        if cigar[0][0] != SOFT_CLIP and cigar[-1][0] != SOFT_CLIP:
            return first, cigar
        self._clips.add(first, cigar, bases, molecule)
        key = (first, cigar, bases)
        laid = self._laid.get(key)
        if laid is None:
            start, explained = realign(first, cigar, bases, self.reference, self.rules.realign)
            hint = duplication(first, cigar, bases, self.reference, self.rules.realign)
            change = self._normal(hint) if hint and explained == cigar else None
            laid = self._laid[key] = _Laid(start, explained, change)
        if laid.hint:
            self.pileup.hints[laid.hint] = self.pileup.hints.get(laid.hint, 0) + 1
        return laid.start, laid.cigar

    def _lay(self, numbers: Iterable[int], laid: Sequence[tuple[int, Cigar]], flat: FlatReads) -> ReadRows:
        """Lay reads on arrays; their indels beside it."""
        rows: list[_Stretch] = []
        parts: list[_Part] = []
        indels: list[Indel] = []
        for n in numbers:
            start, cigar = laid[n]
            at, q = start - self.pileup.start, flat.start_of[n]
            if len(cigar) == 1 and cigar[0][0] in MATCHES:
                parts.append((len(rows), at, q, cigar[0][1]))
                rows.append((n, at, at + cigar[0][1]))
            else:
                self._walk(n, at, q, cigar, rows, parts)
                indels += self._indels(n, at, cigar, flat)
        return self._arrays(rows, parts, indels, flat)

    def _walk(self, n: int, at: int, q: int, cigar: Cigar, rows: list[_Stretch], parts: list[_Part]) -> None:
        """Add the stretches and parts of read ``n``, aligned from index ``at``, its bases from ``q`` on."""
        first = at
        for op, length in cigar:
            if op in MATCHES:
                parts.append((len(rows), at, q, length))
                at, q = at + length, q + length
            elif op == DELETION:
                parts.append((len(rows), at, -1, length))
                at += length
            elif op == SKIP:
                rows.append((n, first, at))
                at += length
                first = at
            elif op in (INSERTION, SOFT_CLIP):
                q += length
        rows.append((n, first, at))

    def _arrays(
        self, rows: Sequence[_Stretch], parts: Sequence[_Part], indels: list[Indel], flat: FlatReads
    ) -> ReadRows:
        limit = self.pileup.length
        table = np.array(rows, np.int64).reshape(-1, 3)
        low = np.clip(table[:, 1], 0, limit)
        size = np.clip(table[:, 2], 0, limit) - low
        at = np.cumsum(size) - size
        total = int(size.sum())
        shown, quality = np.full(total, NOTHING, np.uint8), np.zeros(total, np.uint8)
        near = np.zeros(total, np.bool_)
        row, index, place, length = np.array(parts, np.int64).reshape(-1, 4).T
        begin, end = np.clip(index, 0, limit), np.clip(index + length, 0, limit)
        target = at[row] - low[row] + begin
        deleted = place < 0
        shown[ranges(target[deleted], (end - begin)[deleted])] = GONE
        kept = ~deleted
        there = ranges(target[kept], (end - begin)[kept])
        source = ranges((place + begin - index)[kept], (end - begin)[kept])
        codes, quality[there], near[there] = (
            flat.codes[source],
            flat.qualities[source],
            flat.near(self.rules.model.end_bases)[source],
        )
        codes[(quality[there] < self._least) | (codes > 3)] = UNUSABLE
        shown[there] = codes
        return ReadRows(table[:, 0].copy(), low, size, at, shown, quality, near, indels)

    def _clip_ends(self, rows: ReadRows, laid: list[tuple[int, Cigar]], flat: FlatReads) -> list[int]:
        """Reads whose ends an aligner forced onto the reference are clipped and laid out anew; which ones."""
        rules = self.rules.ends
        _, owner = rows.mismatches(self._codes)
        changed = []
        for n in np.flatnonzero(np.bincount(owner, minlength=1) >= rules.mismatches).tolist():
            start, cigar = laid[n]
            first, clipped = clip_ends(
                start - self.pileup.start, cigar, flat.of_read(n)[0], self._codes, rules
            )
            if clipped != cigar:
                laid[n] = self._layout(
                    first + self.pileup.start, clipped, flat.bases_of(n, 0, flat.size_of(n))
                )
                changed.append(n)
        return changed

    def _merge(self, rows: ReadRows, laid: list[tuple[int, Cigar]], flat: FlatReads) -> list[int]:
        """Reads whose change was written in pieces get one CIGAR operation for it; which ones."""
        rules = self.rules.complex
        wrong, owner = rows.mismatches(self._codes)
        good = rows.quality[wrong] >= self._least
        wrong, owner = wrong[good], owner[good]
        step = rules.mismatches - 1
        close = (wrong[step:] - wrong[:-step] <= step * (rules.mismatch_gap + 1)) & (
            owner[step:] == owner[:-step]
        )
        suspects = set(owner[step:][close].tolist())
        gapped = Counts(i.read for i in rows.indels)
        suspects |= gapped.keys() & set(owner.tolist()) | {n for n, times in gapped.items() if times > 1}
        changed = []
        for n in sorted(suspects):
            start, cigar = laid[n]
            codes, qualities = flat.of_read(n)
            merged = merge_pieces(
                start - self.pileup.start, cigar, codes, qualities >= self._least, self._codes, rules
            )
            if merged != cigar:
                laid[n] = (start, merged)
                changed.append(n)
        return changed

    # adding -------------------------------------------------------------------------------

    def _add_bases(self, rows: ReadRows, strands: Ints) -> None:
        pileup, length = self.pileup, self.pileup.length
        index = rows.index
        strand = np.repeat(strands[rows.read], rows.size)
        seen = rows.shown <= GONE
        pileup.spans += tally(strand[seen] * length + index[seen], (2, length))
        if pileup.firm is not None:
            firm = seen & ((rows.quality >= self.use.min_base_quality) | (rows.shown == GONE))
            pileup.firm += tally(strand[firm] * length + index[firm], (2, length))
        based = np.flatnonzero(rows.shown < 4)
        index, codes, near = index[based], rows.shown[based].astype(np.int64), rows.near[based]
        pileup.bases += tally((strand[based] * 4 + codes) * length + index, (2, 4, length))
        pileup.ends += tally(codes[near] * length + index[near], (4, length))
        pileup.errors += np.bincount(index, weights=_ERROR[rows.quality[based]], minlength=length)
        different = np.flatnonzero(codes != self._codes[index])
        if pileup.rna:
            read = rows.read[rows.row_of(based[different])]
            pileup.note_begins(
                index[different], codes[different], (rows.begins(len(strands)) * 2 + strands)[read]
            )
        if different.size > 1:
            rows_of = rows.row_of(based[different])
            self._add_pairs(index[different], codes[different], rows_of)

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

    def _indels(self, n: int, at: int, cigar: Cigar, flat: FlatReads) -> list[Indel]:
        """Insertions, deletions and neighbours of both as replaced stretches; not beside a skip, where they are its blur."""
        found, q, i = [], 0, 0
        size, ends = flat.size_of(n), self.rules.model.end_bases
        while i < len(cigar):
            op, length = cigar[i]
            if op not in (INSERTION, DELETION):
                at += length * (op in ON_REFERENCE)
                q += length * (op in ON_READ)
                i += 1
                continue
            gone = new = 0
            beside = i > 0 and cigar[i - 1][0] == SKIP
            while i < len(cigar) and cigar[i][0] in (INSERTION, DELETION):
                gone += cigar[i][1] * (cigar[i][0] == DELETION)
                new += cigar[i][1] * (cigar[i][0] == INSERTION)
                i += 1
            beside = beside or (i < len(cigar) and cigar[i][0] == SKIP)
            change = None if beside else self._change(at, gone, flat.bases_of(n, q, new))
            if change:
                found.append(Indel(n, change, min(q, size - q - new) < ends))
            at, q = at + gone, q + new
        return found

    def _change(self, at: int, gone: int, new: str) -> ReadChange | None:
        """``gone`` reference bases from index ``at`` replaced by ``new``, normalised; ``None`` outside the pileup."""
        if at < 1 or at + gone >= self.pileup.length or set(new) - set(BASES):
            return None
        start = self.pileup.start + at - 1
        ref = self.reference.bases(start, start + gone)
        return self._normal(ReadChange(start, ref, ref[0] + new))

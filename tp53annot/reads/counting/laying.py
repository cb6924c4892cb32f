"""Reads laid on the locus: clips explained, forced ends clipped, changes that were written in pieces put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from tp53annot.calling.arrays import BASES, Codes
from tp53annot.calling.breakpoints.soft_clips import SoftClips
from tp53annot.calling.cigar import (
    DELETION,
    HARD_CLIP,
    INSERTION,
    MATCHES,
    ON_READ,
    ON_REFERENCE,
    SKIP,
    SOFT_CLIP,
    Cigar,
    without_hard_clips,
)
from tp53annot.calling.forced_ends import clip_ends
from tp53annot.calling.pieces import merge_pieces
from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.calling.realignment import duplication, realign
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.counting.block import MateKey, ReadBlock
from tp53annot.reads.counting.flat_reads import FlatReads
from tp53annot.reads.counting.rows import GONE, NOTHING, Indel, ReadRows, joined, ranges

# A stretch of a read without a skip: the read, first index and index behind the last in the pileup.
_Stretch = tuple[int, int, int]
# Aligned or deleted bases: stretch, index in the pileup, place in the flat reads (-1: deleted), size.
_Part = tuple[int, int, int, int]


class _Laid(NamedTuple):
    """A clipped read after its clips were explained; ``hint``: the change that they point to if they were not."""

    start: int
    cigar: Cigar
    hint: ReadChange | None


class Layer:
    """Lays the reads of blocks on the stretch of a pileup.

    Args:
        pileup: whose hints are noted.
        codes: of the reference's bases on it.
        reference: the locus.
        rules: ``rules/calling.toml``.
        normal: the normalised form of a change; ``None`` for what changes nothing or leaves the locus.

    Attributes:
        clips: those of all reads.
    """

    def __init__(
        self,
        pileup: Pileup,
        codes: Codes,
        reference: Reference,
        rules: CallingRules,
        normal: Callable[[ReadChange], ReadChange | None],
    ) -> None:
        self.pileup, self.reference, self.rules = pileup, reference, rules
        self.clips = SoftClips(rules.clips)
        self.codes, self._normal = codes, normal
        self._known: dict[tuple[int, Cigar, str], _Laid] = {}

    def rows(self, block: ReadBlock, plain: int, flat: FlatReads, least: int) -> ReadRows:
        """What the reads of a block show.

        Args:
            block: the reads.
            plain: so many of them, the first ones, have no gap and no clip, and lie within the stretch.
            flat: their bases.
            least: lowest quality of a base that counts.
        """
        return _LaidBlock(self, block, flat, least).rows(plain)

    def laid(self, first: int, cigar: Cigar, bases: str, molecule: MateKey = None) -> tuple[int, Cigar]:
        """Start (GRCh38) and CIGAR, clips explained where they can be; without what was cut off."""
        if HARD_CLIP in (cigar[0][0], cigar[-1][0]):
            self.clips.add_cut(first, cigar, molecule)
            cigar = without_hard_clips(cigar)
        if cigar[0][0] != SOFT_CLIP and cigar[-1][0] != SOFT_CLIP:
            return first, cigar
        self.clips.add(first, cigar, bases, molecule)
        key = (first, cigar, bases)
        laid = self._known.get(key)
        if laid is None:
            start, explained = realign(first, cigar, bases, self.reference, self.rules.realign)
            hint = duplication(first, cigar, bases, self.reference, self.rules.realign)
            change = self._normal(hint) if hint and explained == cigar else None
            laid = self._known[key] = _Laid(start, explained, change)
        if laid.hint:
            self.pileup.hints[laid.hint] = self.pileup.hints.get(laid.hint, 0) + 1
        return laid.start, laid.cigar

    def change(self, at: int, gone: int, new: str) -> ReadChange | None:
        """``gone`` reference bases from index ``at`` replaced by ``new``, normalised; ``None`` outside the pileup."""
        if at < 1 or at + gone >= self.pileup.length or set(new) - set(BASES):
            return None
        start = self.pileup.start + at - 1
        ref = self.reference.bases(start, start + gone)
        return self._normal(ReadChange(start, ref, ref[0] + new))


class _LaidBlock:
    """One block being laid; arguments as of :meth:`Layer.rows`."""

    def __init__(self, layer: Layer, block: ReadBlock, flat: FlatReads, least: int) -> None:
        self.layer, self.block, self.flat, self.least = layer, block, flat, least
        self.pileup, self.rules, self.codes = layer.pileup, layer.rules, layer.codes
        self.shown = flat.shown(least)
        self.laid: dict[int, tuple[int, Cigar]] = {}  # where that is not as the file has it

    def rows(self, plain: int) -> ReadRows:
        """The plain reads, the others, and once more those that are laid anew."""
        others = range(plain, len(self.block))
        for n in others:
            _, bases, _, key = self.block.held[n]
            self.laid[n] = self.layer.laid(*self._now(n), bases, key)
        parts = [self._plain(plain), self._lay(others)]
        for step in (self._clip_ends, self._merge):
            changed = [n for part in parts for n in step(part)]
            if changed:
                for part in parts:
                    part.leave_out(changed)
                parts.append(self._lay(changed))
        return joined(parts, self.codes)

    def _now(self, n: int) -> tuple[int, Cigar]:
        """Start (GRCh38) and CIGAR of a read."""
        return self.laid.get(n) or (int(self.block.start[n]), self.block.held[n][0])

    def _plain(self, count: int) -> ReadRows:
        """The first reads, whose bases lie in the flat reads as they do on the locus."""
        flat, end = self.flat, int(self.flat.sizes[:count].sum())
        return ReadRows(
            read=np.arange(count),
            low=self.block.start[:count] - self.pileup.start,
            size=flat.sizes[:count],
            at=flat.starts[:count],
            shown=self.shown[:end].copy(),
            quality=flat.qualities[:end],
            near=flat.near[:end],
        )

    def _lay(self, numbers: Iterable[int]) -> ReadRows:
        """Any reads, laid part by part; their indels beside it."""
        rows: list[_Stretch] = []
        parts: list[_Part] = []
        indels: list[Indel] = []
        for n in numbers:
            start, cigar = self._now(n)
            at = start - self.pileup.start
            self._walk(n, at, int(self.flat.starts[n]), cigar, rows, parts)
            if len(cigar) > 1:
                indels += self._indels(n, at, cigar)
        return self._arrays(rows, parts, indels)

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

    def _arrays(self, rows: Sequence[_Stretch], parts: Sequence[_Part], indels: list[Indel]) -> ReadRows:
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
        shown[there], quality[there], near[there] = (
            self.shown[source],
            self.flat.qualities[source],
            self.flat.near[source],
        )
        return ReadRows(table[:, 0].copy(), low, size, at, shown, quality, near, indels)

    def _clip_ends(self, rows: ReadRows) -> list[int]:
        """Reads whose ends an aligner forced onto the reference are clipped and laid out anew; which ones."""
        rules = self.rules.ends
        owner = rows.read[rows.row_of(rows.mismatches(self.codes))]
        changed = []
        for n in np.flatnonzero(np.bincount(owner, minlength=1) >= rules.mismatches).tolist():
            start, cigar = self._now(n)
            first, clipped = clip_ends(
                start - self.pileup.start, cigar, self.flat.of_read(n)[0], self.codes, rules
            )
            if clipped != cigar:
                self.laid[n] = self.layer.laid(first + self.pileup.start, clipped, self.block.held[n][1])
                changed.append(n)
        return changed

    def _merge(self, rows: ReadRows) -> list[int]:
        """Reads whose change was written in pieces get one CIGAR operation for it; which ones."""
        rules = self.rules.complex
        wrong = rows.mismatches(self.codes)
        wrong = wrong[rows.quality[wrong] >= self.least]
        owner = rows.read[rows.row_of(wrong)]
        step = rules.mismatches - 1
        close = (wrong[step:] - wrong[:-step] <= step * (rules.mismatch_gap + 1)) & (
            owner[step:] == owner[:-step]
        )
        suspects = set(owner[step:][close].tolist())
        gapped = Counter(i.read for i in rows.indels)
        suspects |= gapped.keys() & set(owner.tolist()) | {n for n, times in gapped.items() if times > 1}
        changed = []
        for n in sorted(suspects):
            start, cigar = self._now(n)
            codes, qualities = self.flat.of_read(n)
            merged = merge_pieces(
                start - self.pileup.start, cigar, codes, qualities >= self.least, self.codes, rules
            )
            if merged != cigar:
                self.laid[n] = (start, merged)
                changed.append(n)
        return changed

    def _indels(self, n: int, at: int, cigar: Cigar) -> list[Indel]:
        """Insertions, deletions and neighbours of both as replaced stretches; not beside a skip, where they are its blur."""
        found, q, i = [], 0, 0
        bases, ends = self.block.held[n][1], self.rules.model.end_bases
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
            change = None if beside else self.layer.change(at, gone, bases[q : q + new])
            if change:
                found.append(Indel(n, change, min(q, len(bases) - q - new) < ends))
            at, q = at + gone, q + new
        return found

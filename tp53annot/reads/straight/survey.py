"""A first look at reads that lose and gain bases: which insertions and deletions they show, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pysam
from msgspec import Struct
from msgspec.structs import replace

from tp53annot.calling.arrays import Counts, Ints
from tp53annot.calling.cigar import DELETION, INSERTION, ON_READ, ON_REFERENCE, SKIP
from tp53annot.calling.pileup import ReadChange
from tp53annot.calling.slip_noise import SlipNoise
from tp53annot.core.locus import Reference
from tp53annot.core.statistics import overdispersed_at_least
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.knowledge.rules.reads.platform import SlipRules
from tp53annot.reads.hinted.hints import NormalForms

# GRCh38 position of the base before it, bases gone, bases new; as an aligner wrote it.
Written = tuple[int, int, str]


class Survey(Struct, frozen=True, kw_only=True):
    """What some of the reads show, as aligned.

    Attributes:
        start: GRCh38 position of the first place.
        depth: reads over each place.
        indels: reads by normalised insertion or deletion.
        looked_at: reads.
        long: long insertions and deletions, one of each read that shows one.
    """

    start: int
    depth: Counts
    indels: dict[ReadChange, int]
    looked_at: int
    long: tuple[Written, ...]

    @classmethod
    def of(
        cls,
        reads: Iterable[pysam.AlignedSegment],
        offset: int,
        start: int,
        end: int,
        normal: WrittenForms,
        long: int,
    ) -> Survey:
        """Of these reads.

        Args:
            reads: usable ones.
            offset: what makes the file's position of a GRCh38 one, added to it.
            start: first GRCh38 position that counts.
            end: last one, inclusive.
            normal: normalises what aligners write.
            long: bases from which an insertion or deletion is a long one.
        """
        edges = np.zeros(end - start + 2, np.int64)
        written: Counter[Written] = Counter()
        looked_at, held = 0, []
        for read in reads:
            looked_at += 1
            shown = _walked(read, offset, start, end, edges)
            written.update(shown)
            held += [w for w in shown if max(w[1], len(w[2])) >= long]
        indels: Counter[ReadChange] = Counter()
        for key, count in written.items():
            change = normal.of(key)
            if change is not None:
                indels[change] += count
        depth = np.cumsum(edges)[:-1].astype(np.int32)
        return cls(start=start, depth=depth, indels=dict(indels), looked_at=looked_at, long=tuple(held))

    def depth_at(self, position: int) -> int:
        """Reads over a GRCh38 position, or over the end nearest to it."""
        return int(self.depth[min(max(position - self.start, 0), len(self.depth) - 1)])

    def noise(self, reference: Reference, rules: SlipRules) -> SlipNoise:
        """How often errors give each kind of insertion and deletion."""
        sequence = reference.bases(self.start, self.start + len(self.depth) - 1)
        indels = {(c.pos, c.ref, c.alt): count for c, count in self.indels.items()}
        return SlipNoise(self.start, self.depth, indels, sequence, rules)

    def beyond_errors(self, noise: SlipNoise, rules: SlipRules) -> frozenset[ReadChange]:
        """Insertions and deletions that errors hardly explain."""
        found = set()
        for change, count in self.indels.items():
            depth = self.depth_at(change.pos + 1)
            rate = noise.rate(change)
            if rate is None or count < max(rules.seen, rules.share * depth):
                continue
            if overdispersed_at_least(count, depth * rate.rate, rate.spread) <= rules.p:
                found.add(change)
        return frozenset(found)


class WrittenForms:
    """Normalised changes by what aligners write.

    Args:
        reference: the locus.
    """

    def __init__(self, reference: Reference) -> None:
        self._reference, self._forms = reference, NormalForms(reference)
        self._known: dict[Written, ReadChange | None] = {}

    def of(self, written: Written) -> ReadChange | None:
        """``None`` outside the locus and for bases that are not known."""
        if written not in self._known:
            self._known[written] = self._normalised(*written)
        return self._known[written]

    def _normalised(self, pos: int, gone: int, new: str) -> ReadChange | None:
        if not self._reference.covers(pos, pos + gone) or set(new) - set("ACGT"):
            return None
        ref = self._reference.bases(pos, pos + gone)
        return self._forms.of(ReadChange(pos, ref, ref[0] + new))


def _walked(read: pysam.AlignedSegment, offset: int, start: int, end: int, edges: Ints) -> list[Written]:
    """The insertions and deletions of a read within the places; its stretches are noted in ``edges``."""
    at, q, found = read.reference_start + 1 - offset, 0, []
    bases, first = read.query_sequence or "", read.reference_start + 1 - offset
    for op, size in read.cigartuples or ():
        if op == INSERTION:
            if start <= at <= end:
                found.append((at - 1, 0, bases[q : q + size]))
        elif op == DELETION:
            if start <= at <= end:
                found.append((at - 1, size, ""))
        elif op == SKIP:
            _note(edges, first - start, at - start)
            first = at + size
        at += size * (op in ON_REFERENCE)
        q += size * (op in ON_READ)
    _note(edges, first - start, at - start)
    return found


def _note(edges: Ints, first: int, behind: int) -> None:
    last = len(edges) - 1
    edges[min(max(first, 0), last)] += 1
    edges[min(max(behind, 0), last)] -= 1


def rules_of_slips(rules: CallingRules, reads: Iterable[pysam.AlignedSegment]) -> CallingRules:
    """The rules for reads that slip; which bases count is set by the qualities that some of the reads state."""
    slips, use = rules.slips, rules.usable
    counts = np.zeros(256, np.int64)
    for read in reads:
        if read.query_qualities is not None:
            counts += np.bincount(np.asarray(read.query_qualities, np.int64), minlength=256)
    least = use.min_base_quality
    if counts.sum():
        lowest = int(np.searchsorted(np.cumsum(counts), (1 - slips.kept_bases) * counts.sum()))
        least = min(max(lowest, slips.least_quality), least)
    return replace(
        rules,
        usable=replace(use, min_base_quality=least, low_base_quality=min(least, use.low_base_quality)),
        model=replace(rules.model, background_vaf=slips.background_vaf),
        # Long reads are placed whatever is inserted: no more bases are needed beside it than anywhere.
        haplotype=replace(
            rules.haplotype, share=slips.changed_share, flank=slips.flank, placed=rules.haplotype.anchor
        ),
    )

"""Ends of reads beside splice sites: laid on the intron or on the exon behind it, whichever their bases are.

An aligner runs on into the intron, clips, or joins the next exon, as its scores have it. Here the bases beyond each
splice site are held against both. What fits neither better than the other tells nothing and is cut off.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from msgspec import Struct

from tp53annot.calling.cigar import (
    DELETION,
    HARD_CLIP,
    INSERTION,
    MATCH,
    MATCHES,
    ON_READ,
    ON_REFERENCE,
    SKIP,
    SOFT_CLIP,
    Cigar,
    spanned,
)
from tp53annot.calling.splicing.junctions import Junction, KnownJunctions
from tp53annot.calling.splicing.ways import Way, common_bases, joined_ways, shortened
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.splicing import SplicingRules

_DEEPEST = 3  # splice sites that an end is followed over
_MOST_WAYS = 40
_FEWEST_WRONG = 1


class LaidRead(NamedTuple):
    """A read as it lies on gene or transcript.

    Attributes:
        start: GRCh38 position of the first aligned base, 1-based.
        cigar: its alignment.
        cut_left: bases that were cut off its left end.
        cut_right: bases that were cut off its right end.
    """

    start: int
    cigar: Cigar
    cut_left: int = 0
    cut_right: int = 0


class _Placed(Struct, frozen=True):
    """Bases beyond the first splice site in one way.

    Attributes:
        wrong: mismatches.
        site: splice site (first intronic position) at which the way leaves the plain sequence; ``None``: nowhere.
        way: where they lie.
    """

    wrong: int
    site: int | None
    way: Way


class _Verdict(NamedTuple):
    """Bases beyond a splice site.

    Attributes:
        way: where those that stay lie.
        used: how many stay.
        clips: whether the others are clipped; else they are cut off.
    """

    way: Way
    used: int
    clips: bool = False


class ReadEnds:
    """Judges both ends of reads.

    Args:
        reference: the locus.
        known: junctions of the transcripts.
        novel: further ones that the sample shows.
        rules: ``rules/calling.toml`` ``[splicing]``.
    """

    def __init__(
        self, reference: Reference, known: KnownJunctions, novel: Collection[Junction], rules: SplicingRules
    ) -> None:
        self._first = reference.start
        junctions = {*known.all, *novel}
        mirrored = [_mirrored(j) for j in junctions]
        self._right = _End(reference.sequence, reference.start, junctions, known.main, rules)
        self._left = _End(
            reference.sequence[::-1], -reference.end, mirrored, [_mirrored(j) for j in known.main], rules
        )

    def laid(self, start: int, cigar: Cigar, bases: str) -> LaidRead:
        """A read with its ends where their bases belong.

        Args:
            start: GRCh38 position of the first aligned base, 1-based.
            cigar: its alignment.
            bases: on the forward strand, clips included.
        """
        cut_right = cut_left = 0
        found = self._right.laid(start, cigar, bases)
        if found is not None:
            cigar, cut_right = found
            bases = bases[: len(bases) - cut_right]
        end = start + spanned(cigar) - 1
        found = (
            self._left.laid(-end, cigar[::-1], bases[::-1]) if self._left.near(-end, cigar[::-1]) else None
        )
        if found is not None:
            cigar, cut_left = found[0][::-1], found[1]
            start = end - spanned(cigar) + 1
        return LaidRead(start, cigar, cut_left, cut_right)

    def concerned(self, start: int, cigar: Cigar) -> bool:
        """Whether an end of a read lies at a splice site; the others stay as they are."""
        end = start + spanned(cigar) - 1
        return self._right.near(start, cigar) or self._left.near(-end, cigar[::-1])


def _mirrored(junction: Junction) -> Junction:
    return Junction(-junction.last, -junction.first)


class _End:
    """The right end of reads; the left one on mirrored sequence and positions."""

    def __init__(
        self,
        sequence: str,
        start: int,
        junctions: Collection[Junction],
        main: Collection[Junction],
        rules: SplicingRules,
    ) -> None:
        self._sequence, self._start, self._rules = sequence, start, rules
        self._behind: dict[int, list[int]] = {}
        for junction in sorted(junctions):
            self._behind.setdefault(junction.first, []).append(junction.last + 1)
        self._sites = sorted(self._behind)
        self._main = {j.first for j in main}
        self._ways = cache(self._find_ways)

    # which reads ---------------------------------------------------------------------------

    def near(self, start: int, cigar: Cigar) -> bool:
        """Whether the last stretch of a read reaches a splice site, or is a short one behind an intron."""
        clip, size, shown = 0, 0, 0
        for op, length in reversed(cigar):
            if op == SKIP:
                break
            if op == SOFT_CLIP:
                clip = length
            size += length * (op in ON_REFERENCE)
            shown += length * (op in ON_READ)
        else:
            length = 0
        if length and op == SKIP and shown < self._rules.short:
            return True
        end = start + spanned(cigar) - 1
        return self._site_within(end - size + 2, end + (1 + self._rules.reach if clip else 0))

    def _site_within(self, first: int, last: int) -> bool:
        at = bisect_left(self._sites, first)
        return at < len(self._sites) and self._sites[at] <= last

    # laying --------------------------------------------------------------------------------

    def laid(self, start: int, cigar: Cigar, bases: str) -> tuple[Cigar, int] | None:
        """The CIGAR with its right end laid anew, and bases cut off; ``None`` where it stays.

        Args:
            start: position of the first aligned base.
            cigar: the alignment.
            bases: of the read, clips included.
        """
        if not self.near(start, cigar):
            return None
        hard = tuple(c for c in cigar[-1:] if c[0] == HARD_CLIP)
        body = cigar[: len(cigar) - len(hard)]
        tail = self._tail(start, body)
        if tail is None:
            return None
        kept, site, index = tail
        rest = bases[index:]
        own, gapped = _own_way(start, body, site)
        verdict = self._verdict(site, rest, own, gapped=gapped)
        if verdict is None:
            return None
        left = len(rest) - verdict.used
        ends = ((SOFT_CLIP, left),) if verdict.clips else ()
        found = _joined([*kept, *self._operations(site, verdict.way), *ends])
        cut = 0 if verdict.clips else left
        if not any(op in MATCHES for op, _ in found):
            return None
        return ((*found, *hard), cut) if found != body or cut else None

    def _tail(self, start: int, cigar: Cigar) -> tuple[list[tuple[int, int]], int, int] | None:
        """What stays of the alignment, the first splice site beyond it, the read's index there."""
        end = start + spanned(cigar) - 1
        clip = cigar[-1][1] if cigar[-1][0] == SOFT_CLIP else 0
        last = max((i for i, (op, _) in enumerate(cigar) if op == SKIP), default=-1)
        begin, shown = end + 1, 0
        for op, length in cigar[last + 1 :]:
            begin -= length * (op in ON_REFERENCE)
            shown += length * (op in ON_READ)
        if last >= 0 and shown < self._rules.short:  # a short end behind an intron: judged with that intron
            site = begin - cigar[last][1]
        else:
            at = bisect_left(self._sites, begin + 1)
            site = self._sites[at] if at < len(self._sites) else end + self._rules.reach + 2
            if site > end + (1 + self._rules.reach if clip else 0):
                return None
        kept, index, reached = _until(start, cigar, site)
        gap = site - reached
        if gap > clip:
            return None
        if gap:
            kept.append((MATCH, gap))
        return kept, site, index + gap

    def _verdict(self, site: int, rest: str, own: Way | None, *, gapped: bool) -> _Verdict | None:
        """Where the bases beyond a splice site lie and how many of them stay; ``None``: as the aligner laid them."""
        if not rest or len(rest) > self._rules.longest:
            return None
        options = list(self._options(site, rest, own))
        best = min(options, key=lambda o: (o.wrong, o.site is not None))
        if best.wrong > max(_FEWEST_WRONG, self._rules.noise * len(rest)):
            return self._unfit(site, len(rest), gapped=gapped)
        rivals = [o for o in options if o is not best and o.wrong < best.wrong + self._rules.margin]
        kept = self._kept(site, len(rest), best, rivals)
        return _Verdict(shortened(best.way, kept), kept)

    def _kept(self, site: int, size: int, best: _Placed, rivals: Sequence[_Placed]) -> int:
        """Bases beyond the first splice site that stay: up to where ways part that fit alike, no short end among them."""
        kept = min((common_bases(best.way, rival.way) for rival in rivals), default=size)
        for begin in reversed(
            self._sites_from(site, kept)
        ):  # run over, as an intron is that is not spliced out
            plain = common_bases(best.way, ((site, size),)) > begin - site
            if plain and kept - (begin - site) < self._rules.anchor and (begin in self._main or best.wrong):
                kept = begin - site
        joined = list(best.way) if best.way[0][0] == site else [(site, 0), *best.way]
        ends = list(accumulate(length for _, length in joined))
        for before in reversed(ends[:-1]):
            if before < kept and kept - before < self._rules.anchor:
                kept = before
        return kept

    def _unfit(self, site: int, size: int, *, gapped: bool) -> _Verdict | None:
        """Bases that belong neither here nor there are clipped, for what they are to be looked for elsewhere."""
        edge = next((s for s in self._sites_from(site, size) if s in self._main), None)
        if gapped or edge is None or size - (edge - site) < self._rules.anchor:
            return None
        plain = edge - site
        return _Verdict(((site, plain),) if plain else (), plain, clips=True)

    # ways ----------------------------------------------------------------------------------

    def _options(self, site: int, rest: str, own: Way | None) -> Iterator[_Placed]:
        """The plain sequence, and every way over a splice site, those that leave it later included."""
        size = len(rest)
        seen: set[Way] = set()
        for begin in (*self._sites_from(site, size), None):
            before = size if begin is None else begin - site
            for way in self._ways(begin, size - before) if begin is not None else ((),):
                whole = joined_ways(((site, before),) if before else (), way)
                if whole not in seen and self._there(whole):
                    seen.add(whole)
                    yield _Placed(self._wrong(rest, whole), begin, whole)
        if own is not None and own not in seen and sum(n for _, n in own) == size and self._there(own):
            yield _Placed(self._wrong(rest, own), site, own)

    def _sites_from(self, first: int, size: int) -> list[int]:
        """Splice sites from ``first`` on within so many bases."""
        low, high = bisect_left(self._sites, first), bisect_left(self._sites, first + size)
        return self._sites[low:high]

    def _find_ways(self, site: int, size: int, depth: int = 1) -> tuple[Way, ...]:
        """Ways of so many bases that leave out what lies behind a splice site."""
        found: dict[Way, None] = {}
        for begin in self._behind.get(site, ()):
            found[((begin, size),)] = None
            if depth < _DEEPEST:
                for further in self._sites_from(begin + 1, size - 1):
                    used = further - begin
                    for way in self._find_ways(further, size - used, depth + 1):
                        found[((begin, used), *way)] = None
        return tuple(found)[:_MOST_WAYS]

    def _there(self, way: Way) -> bool:
        return all(
            first >= self._start and first + size <= self._start + len(self._sequence) for first, size in way
        )

    def _wrong(self, rest: str, way: Way) -> int:
        wrong = at = 0
        for first, size in way:
            there = self._sequence[first - self._start : first - self._start + size]
            wrong += sum(map(operator.ne, rest[at : at + size], there))
            at += size
        return wrong

    def _operations(self, site: int, way: Way) -> Iterator[tuple[int, int]]:
        at = site
        for first, size in way:
            if first > at:
                yield SKIP, first - at
            yield MATCH, size
            at = first + size


def _until(start: int, cigar: Cigar, site: int) -> tuple[list[tuple[int, int]], int, int]:
    """The alignment up to a position, the read's index there and the position that was reached."""
    kept: list[tuple[int, int]] = []
    at, index = start, 0
    for op, length in cigar:
        if at >= site or (op == SOFT_CLIP and kept and any(k in MATCHES for k, _ in kept)):
            break
        size = min(length, site - at) if op in ON_REFERENCE else length
        if op == SKIP and size < length:
            break
        kept.append((op, size))
        at += size * (op in ON_REFERENCE)
        index += size * (op in ON_READ)
    while kept and kept[-1][0] in (DELETION, SKIP):
        at -= kept.pop()[1]
    return kept, index, at


def _own_way(start: int, cigar: Cigar, site: int) -> tuple[Way | None, bool]:
    """Where the aligner laid the bases beyond a position, and whether with insertions or deletions among them.

    ``None`` with such, or with a clip.
    """
    way: Way = ()
    at, clipped, gapped = start, False, False
    for op, length in cigar:
        end = at + length * (op in ON_REFERENCE)
        if op in MATCHES and end > site:
            way = joined_ways(way, ((max(at, site), end - max(at, site)),))
        elif end > site or (at >= site and op != HARD_CLIP):
            clipped = clipped or op == SOFT_CLIP
            gapped = gapped or op in (INSERTION, DELETION)
        at = end
    return (None if clipped or gapped or not way else way), gapped


def _joined(operations: Sequence[tuple[int, int]]) -> Cigar:
    """Operations with equal neighbours as one."""
    found: list[tuple[int, int]] = []
    for op, size in operations:
        if not size:
            continue
        if found and found[-1][0] == op:
            found[-1] = (op, found[-1][1] + size)
        else:
            found.append((op, size))
    return tuple(found)

"""Single fragments around a variant, as a report draws them: bases by place, strand, quality, mates, a second variant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pysam
from msgspec import Struct, field

from tp53annot.calling.cigar import DELETION, INSERTION, MATCHES, SKIP, SOFT_CLIP, Cigar
from tp53annot.core.allele import Allele
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.adapters import shown_by
from tp53annot.reads.locus_reads import LocusReads
from tp53annot.reads.usable import usable

NOT_COVERED, GONE_BASE, DOUBTFUL = ".", "-", "N"
_PAIRED, _REVERSE, _READ2 = 0x1, 0x10, 0x80
_WRONG = 2  # bases, at most, in which a read may differ from the sequence that it is held to show


class FragmentView(Struct):
    """What one molecule shows within a window.

    Attributes:
        laid: its reads.
        strand: ``+`` or ``-``, of the first read of a pair.
        mapping_quality: the lower one of the mates.
        base_quality: the lowest Phred quality over the variant; ``None`` where its bases are not there.
        reads: 1, or 2 where both mates lie over the window.
        alt: whether it shows the variant; ``None`` where that cannot be told, or mates disagree.
        second: the same of another variant of the sample.
    """

    laid: list[_Laid] = field(default_factory=list)
    strand: str = "+"
    mapping_quality: int = 255
    base_quality: int | None = None
    reads: int = 0
    alt: bool | None = None
    second: bool | None = None
    _told: bool = False
    _over: bool = False


def fragments_around(
    allele: Allele,
    second: Allele | None,
    reads: LocusReads,
    window: tuple[int, int],
    rules: CallingRules,
    least: int,
) -> list[FragmentView]:
    """Every usable fragment over an allele.

    Args:
        allele: GRCh38.
        second: another of the sample's variants.
        reads: one for each copy of a molecule.
        window: first and last position shown.
        rules: ``rules/calling.toml``.
        least: lowest quality of a base that counts.
    """
    offset = reads.reference.builds[reads.build].offset
    judge = _Judge.of(allele, reads.reference, rules, least)
    reach = min(window[0], judge.low), max(window[1], judge.high)
    found: dict[object, FragmentView] = {}
    for read, shown in _usable(reads.fetch(*window), rules):
        view = found.setdefault(_name(read), FragmentView())
        laid = _Laid.of(shown[0] + 1 - offset, shown[1], shown[2], shown[3], reach)
        view.reads += 1
        view.mapping_quality = min(view.mapping_quality, read.mapping_quality)
        if view.reads == 1 or not read.flag & _READ2:
            view.strand = "-" if read.flag & _REVERSE else "+"
        view.laid.append(laid)
        if laid.first <= allele.pos and allele.end <= laid.last:
            view._over = True
            view.base_quality = _lower(view.base_quality, laid.quality_over(allele))
            view.alt, view._told = _joined(view, judge.verdict(laid))
    views = {name: view for name, view in found.items() if view._over}
    if second is not None:
        _add_second(views, reads, second, rules, least)
    return list(views.values())


def chosen(views: Sequence[FragmentView], most: int) -> list[FragmentView]:
    """At most so many: those with the variant first, up to half, or more where the others are fewer; evenly taken."""
    with_it = sorted((v for v in views if v.alt), key=_place)
    others = sorted((v for v in views if not v.alt), key=_place)
    half = most // 2
    take = min(len(with_it), max(half, most - len(others)))
    return [*_evenly(with_it, take), *_evenly(others, most - take)]


def text_of(view: FragmentView, window: tuple[int, int], least: int) -> tuple[int, str]:
    """First position and the bases from there on: ``-`` deleted, ``N`` of a quality below ``least``, ``.`` between mates."""
    bases: dict[int, str] = {}
    for laid in view.laid:
        _add_bases(bases, laid, window, least)
    first, last = min(bases), max(bases)
    return first, "".join(bases.get(p, NOT_COVERED) for p in range(first, last + 1))


def inserted_of(view: FragmentView, window: tuple[int, int], least: int) -> tuple[tuple[int, str], ...]:
    """Inserted bases within the window, each with the position before them; where mates disagree there are none."""
    places = sorted({p for laid in view.laid for p in laid.inserted if window[0] <= p < window[1]})
    found = []
    for place in places:
        shown = {laid.inserted_behind(place, least) for laid in view.laid} - {None}
        if len(shown) == 1 and (bases := shown.pop()):
            found.append((place, bases))
    return tuple(found)


def _place(view: FragmentView) -> tuple[int, int, str, str]:
    first, last = min(x.first for x in view.laid), max(x.last for x in view.laid)
    return first, last, view.strand, view.laid[0].text


def _evenly(views: Sequence[FragmentView], count: int) -> list[FragmentView]:
    count = min(count, len(views))
    return [views[i * len(views) // count] for i in range(count)] if count else []


def _usable(
    reads: Iterable[pysam.AlignedSegment], rules: CallingRules
) -> Iterable[tuple[pysam.AlignedSegment, tuple[int, Cigar, str, str | None]]]:
    for read in reads:
        shown = shown_by(read, rules.adapters) if usable(read, rules.usable) else None
        if shown is not None:
            yield read, (shown[0], shown[1], shown[2], shown[3])


def _name(read: pysam.AlignedSegment) -> object:
    """What mates share; unnamed reads stand for themselves."""
    name = read.query_name
    if name not in (None, "*"):
        return name
    ends = (read.reference_start, read.next_reference_start)
    return (*sorted(ends), abs(read.template_length)) if read.flag & _PAIRED else id(read)


class _Laid(Struct, frozen=True):
    """A read on the reference: at each position its base and where the base stands in the read.

    Attributes:
        first, last: GRCh38 positions, clips left out.
        at: index in ``text`` of the base at a position; none for deleted and skipped ones.
        gone: deleted positions.
        inserted: begin and end in ``text`` of what stands behind a position and not in the reference.
        text: bases.
        qualities: a character a base, or ``None``.
    """

    first: int
    last: int
    at: Mapping[int, int]
    gone: frozenset[int]
    inserted: Mapping[int, tuple[int, int]]
    text: str
    qualities: str | None

    @classmethod
    def of(cls, start: int, cigar: Cigar, text: str, qualities: str | None, reach: tuple[int, int]) -> _Laid:
        """``start``: GRCh38 position of the first aligned base; only positions within ``reach`` are laid out."""
        low, high = reach
        at: dict[int, int] = {}
        gone: list[int] = []
        inserted: dict[int, tuple[int, int]] = {}
        place, q = start, 0
        for op, length in cigar:
            if op in MATCHES:
                begin, end = max(place, low), min(place + length, high + 1)
                if begin < end:
                    at.update(zip(range(begin, end), range(q + begin - place, q + end - place), strict=True))
                place, q = place + length, q + length
            elif op == DELETION:
                gone += range(max(place, low), min(place + length, high + 1))
                place += length
            elif op == SKIP:
                place += length
            elif op in (INSERTION, SOFT_CLIP):
                if op == INSERTION and low <= place - 1 <= high:
                    inserted[place - 1] = (q, q + length)
                q += length
        return cls(start, place - 1, at, frozenset(gone), inserted, text, qualities)

    def quality(self, position: int) -> int | None:
        """Phred quality of the base at a position; ``None`` where there is none or none is stated."""
        q = self.at.get(position)
        return None if q is None else self._quality(q)

    def _quality(self, q: int) -> int | None:
        return None if self.qualities is None else ord(self.qualities[q]) - 33

    def base(self, q: int, least: int) -> str:
        """A base by its index in the read, ``N`` where its quality is below ``least``."""
        quality = self._quality(q)
        return self.text[q] if quality is None or quality >= least else DOUBTFUL

    def inserted_behind(self, position: int, least: int) -> str | None:
        """Bases behind a position, none where the read runs on; ``None`` where it does not reach over the place."""
        if not self.first <= position < self.last:
            return None
        begin, end = self.inserted.get(position, (0, 0))
        return "".join(self.base(q, least) for q in range(begin, end))

    def quality_over(self, allele: Allele) -> int | None:
        found = [x for p in range(allele.pos, allele.end + 1) if (x := self.quality(p)) is not None]
        return min(found, default=None)


def _add_bases(bases: dict[int, str], laid: _Laid, window: tuple[int, int], least: int) -> None:
    """The read's bases within the window; where mates disagree neither counts."""
    for place in range(max(window[0], laid.first), min(window[1], laid.last) + 1):
        q = laid.at.get(place)
        if q is None:
            base = GONE_BASE if place in laid.gone else NOT_COVERED
        else:
            base = laid.base(q, least)
        before = bases.get(place, NOT_COVERED)
        if before in (NOT_COVERED, DOUBTFUL):
            bases[place] = base if base != NOT_COVERED else before
        elif base not in (before, DOUBTFUL, NOT_COVERED):
            bases[place] = DOUBTFUL


def _joined(view: FragmentView, verdict: bool | None) -> tuple[bool | None, bool]:
    """The fragment's verdict with one read's: mates that disagree tell nothing."""
    if verdict is None:
        return view.alt, view._told
    if not view._told:
        return verdict, True
    return (view.alt if view.alt == verdict else None), True


def _lower(one: int | None, other: int | None) -> int | None:
    known = [x for x in (one, other) if x is not None]
    return min(known, default=None)


class _Judge(Struct, frozen=True):
    """Whether a read shows an allele: by its bases, or, where the length changes, by its sequence around it.

    Attributes:
        low, high: GRCh38 positions between which sequences are compared.
        plain, changed: the reference's sequence there, and the allele's.
    """

    allele: Allele
    low: int
    high: int
    plain: str
    changed: str
    least: int

    @classmethod
    def of(cls, allele: Allele, reference: Reference, rules: CallingRules, least: int) -> _Judge:
        margin = rules.pile.margin if len(allele.ref) != len(allele.alt) else 0
        low, high = allele.pos - margin, allele.end + margin
        plain = reference.bases(low, high)
        inside = allele.pos - low
        changed = plain[:inside] + allele.alt + plain[inside + len(allele.ref) :]
        return cls(allele, low, high, plain, changed, least)

    def verdict(self, laid: _Laid) -> bool | None:
        if len(self.plain) == len(self.changed):
            return self._by_bases(laid)
        removed = range(self.allele.pos + len(self.allele.alt), self.allele.end + 1)
        if len(removed) == len(self.plain) - len(self.changed) and laid.gone.issuperset(removed):
            return True  # as aligned, however close to the read's end
        first, last = laid.at.get(self.low), laid.at.get(self.high)
        if first is not None and last is not None:
            return self._by_sequence(laid.text[first : last + 1])
        if first is not None:
            return self._by_part(laid.text[first:], at_end=False)
        return None if last is None else self._by_part(laid.text[: last + 1], at_end=True)

    def _by_bases(self, laid: _Laid) -> bool | None:
        shown = ""
        for place in range(self.allele.pos, self.allele.end + 1):
            q, quality = laid.at.get(place), laid.quality(place)
            if q is None or (quality is not None and quality < self.least):
                return None
            shown += laid.text[q]
        return True if shown == self.allele.alt else False if shown == self.allele.ref else None

    def _by_part(self, shown: str, *, at_end: bool) -> bool | None:
        """A read that ends within the stretch: what it fits clearly better, from the end that it reaches."""
        wrong = []
        for sequence in (self.changed, self.plain):
            size = min(len(shown), len(sequence))
            ours, theirs = (shown[-size:], sequence[-size:]) if at_end else (shown[:size], sequence[:size])
            wrong.append(sum(a != b for a, b in zip(ours, theirs, strict=True)))
        if abs(wrong[0] - wrong[1]) <= _WRONG or min(wrong) > _WRONG:
            return None
        return wrong[0] < wrong[1]

    def _by_sequence(self, shown: str) -> bool | None:
        for sequence, verdict in ((self.changed, True), (self.plain, False)):
            if len(shown) == len(sequence):
                wrong = sum(a != b for a, b in zip(shown, sequence, strict=True))
                if wrong <= _WRONG:
                    return verdict
        return None


def _add_second(
    views: Mapping[object, FragmentView], reads: LocusReads, second: Allele, rules: CallingRules, least: int
) -> None:
    """What the same fragments show of another variant."""
    judge = _Judge.of(second, reads.reference, rules, least)
    offset = reads.reference.builds[reads.build].offset
    same = (read for read in reads.fetch(judge.low, judge.high) if _name(read) in views)
    for read, shown in _usable(same, rules):
        view = views[_name(read)]
        verdict = judge.verdict(_Laid.of(shown[0] + 1 - offset, *shown[1:], (judge.low, judge.high)))
        if verdict is not None:
            view.second = verdict if view.second in (None, verdict) else None

"""Neighbours that are one change where they lie on one haplotype: in one codon, or shifting each other's frame."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, InputRecord
from tp53annot.core.locus import Reference
from tp53annot.core.variant import TranscriptVariant
from tp53annot.errors import InputError
from tp53annot.names.duplicates import OneChange, gathered
from tp53annot.names.fractions import agreement
from tp53annot.names.haplotype import CisLimits, Phasing, phase
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import normalise

_MOST_PAIRS = 5_000
_CODON = 10  # bases within which two changes of one codon begin, indels included


class Apart(StrEnum):
    """Why two neighbours that may be one change stay two.

    Their phase is not known; their fractions differ, or no counts show that they agree; their fractions lie on either
    side of the reporting threshold; one of them fails a filter that looks at its record.
    """

    PHASE = "phase"
    FRACTIONS = "fractions"
    THRESHOLD = "threshold"
    FILTER = "filter"


class Merge(Struct, frozen=True, kw_only=True):
    """Several changes read as one.

    Attributes:
        together: the change at the fraction of its weakest part, or the record of the file that states it.
        name: its c. name.
        parts: by position.
        chance: lowest probability that the test of two of their fractions gave; ``None`` without counts.
    """

    together: Candidate
    name: str
    parts: tuple[Candidate, ...]
    chance: float | None = None


class OpenPair(Struct, frozen=True, kw_only=True):
    """Two neighbours that stay apart, and the change they would be together.

    ``chance``: the probability that the test of their fractions gave, where there are counts.
    """

    one: Candidate
    two: Candidate
    together: TranscriptVariant
    why: Apart
    chance: float | None = None


class Haplotypes(Struct, frozen=True, kw_only=True):
    """Calls after what lies on one haplotype was combined.

    Attributes:
        candidates: everything to report, combined changes in place of their parts.
        merges: what was combined.
        open_pairs: what may be one change and stays two.
        doubles: combined changes that a record of the file states, too.
    """

    candidates: tuple[Candidate, ...]
    merges: tuple[Merge, ...] = ()
    open_pairs: tuple[OpenPair, ...] = ()
    doubles: tuple[OneChange, ...] = ()


def combine(alleles: Sequence[Allele], reference: Reference) -> Allele:
    """The one change that several non-overlapping changes make together.

    Raises:
        ValueError: two of them touch the same bases.
    """
    ordered = sorted(normalise(a, reference) for a in alleles)
    start, end = ordered[0].pos, max(a.end for a in ordered)
    bases, at = "", start
    for allele in ordered:
        if allele.pos < at:
            raise ValueError("the changes overlap")
        bases += (reference.bases(at, allele.pos - 1) if allele.pos > at else "") + allele.alt
        at = allele.end + 1
    bases += reference.bases(at, end) if end >= at else ""
    return normalise(Allele(pos=start, ref=reference.bases(start, end), alt=bases), reference)


def one_codon(
    placed: Sequence[tuple[int | None, Allele]], namer: Namer
) -> list[tuple[tuple[int, ...], Allele]]:
    """What named changes of one codon on one molecule make together; HGVS takes them as one change.

    Args:
        placed: number of the molecule (``None``: not known) and change.
        namer: names on the reference.

    Returns:
        Indexes of the changes that are one, and that change.

    Raises:
        ValueError: two of them touch the same bases.
    """
    codons: dict[tuple[int, int], list[int]] = {}
    for index, (molecule, allele) in enumerate(placed):
        codon = None if molecule is None else namer.describe(allele, isoforms=False).codon
        if molecule is not None and codon is not None:
            codons.setdefault((molecule, codon), []).append(index)
    shared = [tuple(indexes) for indexes in codons.values() if len(indexes) > 1]
    return [(indexes, combine([placed[i][1] for i in indexes], namer.reference)) for indexes in shared]


def resolve(
    candidates: Sequence[Candidate], namer: Namer, limits: CisLimits, passes: Callable[[Candidate], bool]
) -> Haplotypes:
    """Combine what lies in cis at one fraction; name what would be combined where that is not sure.

    Parts are combined where their phase is cis, their fractions agree and lie on one side of the reporting threshold,
    and all or none of them pass the filters that look at their records. Otherwise each stays as it is.

    Args:
        candidates: calls of one sample, each change once.
        namer: names on the reference.
        limits: see :class:`CisLimits`.
        passes: whether a call passes the filters that look at its record.

    Raises:
        InputError: too many calls near each other to be one sample's.
    """
    neighbours = _Neighbours(candidates, namer, limits, passes)
    kept = {unit[0]: neighbours.calls[unit[0]] for unit in neighbours.units}
    merges, doubles = [], []
    for unit in neighbours.units:
        if len(unit) < 2:
            continue
        merge = neighbours.merged(unit)
        stated = [i for i, c in kept.items() if i not in unit and neighbours.same(c, merge.together)]
        records = [merge.together, *(kept.pop(i) for i in stated)]
        (double,) = gathered(records, namer.reference, passes, limits.fractions)
        if stated:  # the combined call itself is no record
            others = tuple(c for c in double.others if c is not merge.together)
            doubles.append(replace(double, others=others))
        kept[unit[0]] = double.speaker
        merges.append(replace(merge, together=double.speaker))
    return Haplotypes(
        candidates=tuple(kept[i] for i in sorted(kept)),
        merges=tuple(merges),
        open_pairs=tuple(neighbours.open_pairs(merges)),
        doubles=tuple(doubles),
    )


class _Link(Struct, frozen=True, kw_only=True):
    """What is between two calls: why they stay apart (``None``: they do not), in trans for sure, the test's chance."""

    why: Apart | None = None
    trans: bool = False
    chance: float | None = None


class _Neighbours:
    """The calls of a sample, by position, and which of them are one change.

    Attributes:
        calls: by position.
        units: indexes of the calls that are one change, in the order of positions.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        namer: Namer,
        limits: CisLimits,
        passes: Callable[[Candidate], bool],
    ) -> None:
        self.namer, self.limits, self.passes = namer, limits, passes
        named = [
            (c, namer.describe(normalise(c.allele, namer.reference), isoforms=False)) for c in candidates
        ]
        named.sort(key=lambda pair: pair[1].allele)
        self.calls = [c for c, _ in named]
        self._names = [variant for _, variant in named]
        self._longer = [(c, v.allele) for c, v in named if _is_longer(v.allele) and passes(c)]
        self._links: dict[tuple[int, int], _Link] = {}
        self._pairs = list(self._near())
        self.units = self._joined()

    def same(self, one: Candidate, two: Candidate) -> bool:
        """Whether two calls are of one change."""
        return normalise(one.allele, self.namer.reference) == normalise(two.allele, self.namer.reference)

    def _near(self) -> Iterator[tuple[int, int]]:
        """Pairs (first index before second) that belong together and do not overlap."""
        count, reach = 0, max(self.limits.frame_distance, _CODON)
        for i, one in enumerate(self._names):
            for j in range(i + 1, len(self._names)):
                two = self._names[j]
                if two.allele.pos > one.allele.end + reach:
                    break
                if two.allele.pos > one.allele.end and self._belong_together(one, two):
                    count += 1
                    if count > _MOST_PAIRS:
                        raise self._too_many(i)
                    yield i, j

    def _too_many(self, at: int) -> InputError:
        return InputError(
            f"more than {_MOST_PAIRS} pairs of calls lie in one codon or shift one frame: no sample's calls",
            path=self.calls[at].record.file,
            fix="check the file; annotate names every record by itself",
        )

    def _belong_together(self, a: TranscriptVariant, b: TranscriptVariant) -> bool:
        if a.codon is None or b.codon is None or a.exon != b.exon or a.exon is None:
            return False
        if a.codon == b.codon:
            return True
        shifts = "frameshift_variant" in a.consequences and "frameshift_variant" in b.consequences
        return shifts and abs(a.allele.pos - b.allele.pos) <= self.limits.frame_distance

    # what is one change ----------------------------------------------------------------------

    def _joined(self) -> list[tuple[int, ...]]:
        """Near pairs without anything between them joined, the most alike first, as long as all of a unit go together."""
        unit_of: dict[int, tuple[int, ...]] = {i: (i,) for i in range(len(self.calls))}
        free = [pair for pair in self._pairs if self._link(*pair).why is None]
        for i, j in sorted(free, key=lambda pair: (-self._likeness(*pair), pair)):
            if unit_of[i] == unit_of[j]:
                continue
            union = tuple(sorted({*unit_of[i], *unit_of[j]}))
            crossing = itertools.product(unit_of[i], unit_of[j])
            if all(self._goes_with(a, b) for a, b in crossing) and self.together(union):
                unit_of |= dict.fromkeys(union, union)
        return sorted(set(unit_of.values()))

    def _goes_with(self, a: int, b: int) -> bool:
        link = self._link(min(a, b), max(a, b))
        return link.why is None and not link.trans

    def _likeness(self, i: int, j: int) -> float:
        """Smaller fraction by the larger; 1 where none is stated."""
        low, high = sorted(c.support_in_force.vaf or 0.0 for c in (self.calls[i], self.calls[j]))
        return low / high if high else 1.0

    def _link(self, i: int, j: int) -> _Link:
        found = self._links.get((i, j))
        if found is None:
            found = self._links[i, j] = self._linked(self.calls[i], self.calls[j])
        return found

    def _linked(self, one: Candidate, two: Candidate) -> _Link:
        phasing = phase(one, two, self.limits)
        if phasing is Phasing.UNKNOWN and self._stated_together(one, two):
            phasing = Phasing.CIS
        if phasing is not Phasing.CIS:
            return _Link(why=Apart.PHASE, trans=phasing is Phasing.TRANS)
        if self.passes(one) != self.passes(two):
            return _Link(why=Apart.FILTER)
        test = agreement(one.support_in_force, two.support_in_force, self.limits.fractions)
        if not test.agree or not self._equal_copies(one, two):
            return _Link(why=Apart.FRACTIONS, chance=test.chance)
        return _Link(why=None if self._one_side(one, two) else Apart.THRESHOLD, chance=test.chance)

    def _one_side(self, one: Candidate, two: Candidate) -> bool:
        """Whether both fractions reach the reporting threshold, or neither does."""
        low = [(c.support_in_force.vaf or 0.0) < self.limits.report_vaf for c in (one, two)]
        return low[0] == low[1]

    def _equal_copies(self, one: Candidate, two: Candidate) -> bool:
        """Whether genotypes give both the same share of the copies, where no fraction is stated to go by."""
        if one.support_in_force.vaf is not None or one.phase is None or two.phase is None:
            return True
        a, b = one.phase, two.phase
        return len(a.haplotypes) * (b.ploidy or 0) == len(b.haplotypes) * (a.ploidy or 0)

    def _stated_together(self, one: Candidate, two: Candidate) -> bool:
        """Whether a passing record states both as one change of several bases, all at one fraction."""
        parts = [normalise(c.allele, self.namer.reference) for c in (one, two)]
        wholes = (c for c, allele in self._longer if all(_is_part(part, allele) for part in parts))
        return any(self._agree(whole, one) and self._agree(whole, two) for whole in wholes)

    def _agree(self, one: Candidate, two: Candidate) -> bool:
        return agreement(one.support_in_force, two.support_in_force, self.limits.fractions).agree

    # what it is called -----------------------------------------------------------------------

    def together(self, unit: Iterable[int]) -> TranscriptVariant | None:
        """The change that these calls make; ``None`` where they overlap or undo each other."""
        try:
            alleles = [self.calls[i].allele for i in unit]
            return self.namer.describe(combine(alleles, self.namer.reference), isoforms=False)
        except ValueError:
            return None

    def merged(self, unit: Sequence[int]) -> Merge:
        """The calls of a unit as one."""
        variant = self.together(unit)
        assert variant is not None  # units are joined where they make a change
        links = [self._link(i, j) for i, j in itertools.combinations(unit, 2)]
        chances = [link.chance for link in links if link.chance is not None]
        parts = tuple(self.calls[i] for i in unit)
        return Merge(
            together=_merge(parts, variant.allele),
            name=variant.hgvs_c,
            parts=parts,
            chance=min(chances, default=None),
        )

    def open_pairs(self, merges: Sequence[Merge]) -> Iterator[OpenPair]:
        """Near pairs that are not in trans and not in one unit, by the changes they are reported as, each once."""
        unit_of = {i: unit for unit in self.units for i in unit}
        shown: Mapping[int, Candidate] = {id(part): m.together for m in merges for part in m.parts}
        seen = set()
        for i, j in self._pairs:
            link, units = self._link(i, j), (unit_of[i], unit_of[j])
            if units[0] == units[1] or link.trans or units in seen:
                continue
            variant = self.together((*units[0], *units[1]))
            if variant is None:
                continue
            seen.add(units)
            one, two = (shown.get(id(self.calls[k]), self.calls[k]) for k in (i, j))
            yield OpenPair(
                one=one, two=two, together=variant, why=link.why or Apart.FRACTIONS, chance=link.chance
            )


def _is_longer(allele: Allele) -> bool:
    """Whether it puts several bases in place of as many."""
    return len(allele.ref) == len(allele.alt) > 1


def _is_part(part: Allele, whole: Allele) -> bool:
    """Whether a substitution is among those of a longer one (:func:`_is_longer`)."""
    if len(part.ref) != len(part.alt) or len(part.ref) >= len(whole.ref):
        return False
    start = part.pos - whole.pos
    return start >= 0 and part.end <= whole.end and whole.alt[start : start + len(part.alt)] == part.alt


def _merge(parts: Sequence[Candidate], allele: Allele) -> Candidate:
    """The combined candidate: the support of its weakest part, the records side by side."""
    first = min(parts, key=lambda c: (c.support_in_force.vaf is None, c.support_in_force.vaf or 0.0))
    filters = {f for c in parts for f in c.caller_filters or ()}
    record = InputRecord(
        file=parts[0].record.file,
        ordinal=parts[0].record.ordinal,
        chrom=parts[0].record.chrom,
        pos=parts[0].record.pos,
        ref="+".join(c.record.ref for c in parts),
        alt="+".join(c.record.alt for c in parts),
        filters=parts[0].record.filters,
        format=parts[0].record.format,
        sample=parts[0].record.sample,
    )
    support = first.support_in_force
    phases = dict.fromkeys(stated for c in parts for stated in c.phases)
    if first.phase is not None:
        phases.pop(first.phase, None)
    return replace(
        first,
        allele=allele,
        support=replace(support, vaf_source=f"{support.vaf_source}, weakest part")
        if support.vaf_source
        else support,
        reads=None,
        record=record,
        caller_filters=tuple(sorted(filters)) if filters else first.caller_filters,
        remarks=tuple(dict.fromkeys(remark for c in parts for remark in c.remarks)),
        other_phases=tuple(phases),
    )

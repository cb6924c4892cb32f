"""Changes on one haplotype that must be read together: in one codon, or shifting each other's frame."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, Flag, InputRecord, Phase, ReadSupport
from tp53annot.core.locus import Reference
from tp53annot.core.variant import TranscriptVariant
from tp53annot.errors import InputError
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import normalise

_MOST_PAIRS = 5_000


class Phasing(StrEnum):
    """How two changes lie to each other: on the same molecules, on different ones, or not known."""

    CIS = "cis"
    TRANS = "trans"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Haplotypes:
    """Candidates after what lies on one haplotype was combined.

    Attributes:
        candidates: everything to report, combined changes in place of their parts.
        parts: the replaced candidates, each with the c. name of what it went into.
        open_pairs: pairs whose phase is unknown, with the change they would be together.
    """

    candidates: tuple[Candidate, ...]
    parts: tuple[tuple[Candidate, str], ...]
    open_pairs: tuple[tuple[Candidate, Candidate, TranscriptVariant], ...]


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


def phase(one: Candidate, two: Candidate, sure_vaf: float) -> Phasing:
    """Whether two changes of one sample lie on the same molecules, by genotypes, then by their fractions.

    ========================  =====================================================
    genotypes                 phase
    ========================  =====================================================
    1/1 with 1/1 (also 1|1)   cis: every molecule has both
    0|1 with 0|1, one set     cis
    0|1 with 1|0, one set     trans
    two phase sets            unknown
    0/1 with 0/1              unknown
    PGT without PID           unknown: the phased group is not named
    ========================  =====================================================

    Args:
        one: a call.
        two: another call of the same sample.
        sure_vaf: sum of the two fractions (0..2) from which they must share molecules where genotypes leave
            it open (``thresholds.cis_vaf_sum`` of ``rules/filters.toml``).
    """
    a, b = one.phase, two.phase
    if a is not None and b is not None:
        if _homozygous(a) and _homozygous(b):
            return Phasing.CIS
        comparable = a.phase_set == b.phase_set and (a.phase_set is not None or a.source == b.source == "GT")
        if a.phased and b.phased and comparable and a.haplotypes and b.haplotypes:
            return Phasing.CIS if set(a.haplotypes) & set(b.haplotypes) else Phasing.TRANS
    vafs = [vaf for c in (one, two) if (vaf := c.support_in_force.vaf) is not None]
    if len(vafs) == 2 and sum(vafs) >= sure_vaf:
        return Phasing.CIS
    return Phasing.UNKNOWN


def _homozygous(genotype: Phase) -> bool:
    alleles = re.split(r"[/|]", genotype.genotype or "")
    return len(alleles) > 1 and len(set(alleles)) == 1 and bool(genotype.haplotypes)


def resolve(
    candidates: Sequence[Candidate], namer: Namer, *, sure_vaf: float, frame_distance: int
) -> Haplotypes:
    """Combine what lies in cis; name what would be combined when the phase is unknown.

    Args:
        candidates: calls of one sample.
        namer: names on the reference.
        sure_vaf: see :func:`phase`.
        frame_distance: most bases between two frameshifts that are read together.

    Raises:
        InputError: too many calls near each other to be one sample's.
    """
    named = [(c, namer.describe(normalise(c.allele, namer.reference), isoforms=False)) for c in candidates]
    clusters: list[set[int]] = []
    open_pairs = []
    for looked_at, (i, j) in enumerate(_near(named, frame_distance)):
        if looked_at == _MOST_PAIRS:
            raise InputError(
                f"more than {_MOST_PAIRS} pairs of calls lie in one codon or shift one frame: no sample's calls",
                path=named[i][0].record.file,
                fix="check the file; annotate names every record by itself",
            )
        (one, _), (two, _) = named[i], named[j]
        verdict = phase(one, two, sure_vaf)
        if verdict is Phasing.TRANS:
            continue
        together = _together((one, two), namer)
        if together is None:
            continue
        if verdict is Phasing.CIS:
            _join(clusters, i, j)
        else:
            open_pairs.append((one, two, together))
    return _combined([c for c, _ in named], clusters, open_pairs, namer)


def _near(named: Sequence[tuple[Candidate, TranscriptVariant]], distance: int) -> Iterator[tuple[int, int]]:
    """Pairs (first index before second) that belong together and do not overlap."""
    places: dict[Allele, list[int]] = {}
    for i, (_, variant) in enumerate(named):
        places.setdefault(variant.allele, []).append(i)
    pairs = (
        (places[a], places[b])
        for a, b in itertools.combinations(sorted(places), 2)
        if a.end < b.pos and _belong_together(named[places[a][0]][1], named[places[b][0]][1], distance)
    )
    for some, others in pairs:
        yield from ((min(i, j), max(i, j)) for i in some for j in others)


def _belong_together(a: TranscriptVariant, b: TranscriptVariant, distance: int) -> bool:
    if a.codon is None or b.codon is None or a.exon != b.exon or a.exon is None:
        return False
    if a.codon == b.codon:
        return True
    shifts = "frameshift_variant" in a.consequences and "frameshift_variant" in b.consequences
    return shifts and abs(a.allele.pos - b.allele.pos) <= distance


def _together(pair: Sequence[Candidate], namer: Namer) -> TranscriptVariant | None:
    try:
        return namer.describe(combine([c.allele for c in pair], namer.reference), isoforms=False)
    except ValueError:
        return None


def _join(clusters: list[set[int]], i: int, j: int) -> None:
    touching = [c for c in clusters if i in c or j in c]
    for cluster in touching:
        clusters.remove(cluster)
    clusters.append({i, j}.union(*touching))


def _combined(
    candidates: list[Candidate],
    clusters: Sequence[set[int]],
    open_pairs: list[tuple[Candidate, Candidate, TranscriptVariant]],
    namer: Namer,
) -> Haplotypes:
    kept: dict[int, Candidate] = dict(enumerate(candidates))
    parts = []
    for cluster in clusters:
        members = [candidates[i] for i in sorted(cluster)]
        together = _together(members, namer)
        if together is None:
            continue
        for i in sorted(cluster):
            parts.append((kept.pop(i), together.hgvs_c))
        kept[min(cluster)] = _merge(members, together)
    return Haplotypes(
        candidates=tuple(kept[i] for i in sorted(kept)), parts=tuple(parts), open_pairs=tuple(open_pairs)
    )


def _merge(members: Sequence[Candidate], together: TranscriptVariant) -> Candidate:
    """The combined candidate: the weakest support of its parts, their records side by side."""
    first = min(members, key=lambda c: (c.support.vaf is None, c.support.vaf or 0.0))
    filters = {f for c in members for f in c.caller_filters or ()}
    record = InputRecord(
        file=members[0].record.file,
        ordinal=members[0].record.ordinal,
        chrom=members[0].record.chrom,
        pos=members[0].record.pos,
        ref="+".join(c.record.ref for c in members),
        alt="+".join(c.record.alt for c in members),
        filters=members[0].record.filters,
        format=members[0].record.format,
        sample=members[0].record.sample,
    )
    spelled = " and ".join(f"{c.record.chrom}:{c.record.pos} {c.record.ref}>{c.record.alt}" for c in members)
    remark = Flag(id="combined", text=f"one change made of {spelled}, which lie on one haplotype")
    support = first.support_in_force
    return replace(
        first,
        allele=together.allele,
        support=replace(support, vaf_source=f"{support.vaf_source}, weakest part")
        if support.vaf_source
        else ReadSupport(unread=support.unread),
        reads=None,
        record=record,
        caller_filters=tuple(sorted(filters)) if filters else first.caller_filters,
        remarks=(*first.remarks, remark),
    )

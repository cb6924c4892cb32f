"""Counts by strand and single fragments around a variant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tp53annot.calling.arrays import BASES
from tp53annot.calling.pileup import FORWARD, REVERSE
from tp53annot.core.allele import Allele
from tp53annot.core.fields import Json
from tp53annot.knowledge.resources import Resources
from tp53annot.reads.evidence import Reads
from tp53annot.reads.pile.fragments import chosen, fragments_around, inserted_of, text_of


def pile_of_reads(
    allele: Allele, others: Sequence[Allele], reads: Reads, resources: Resources
) -> Mapping[str, Json] | None:
    """What the reads show around an allele, in the reads' build; ``None`` outside of what was read.

    Args:
        allele: GRCh38.
        others: the sample's other variants; of the nearest each fragment tells whether it shows it.
        reads: of the sample.
        resources: of the run.
    """
    pileup, rules = reads.pileup, resources.rules.calling.pile
    first = allele.pos - rules.margin - pileup.start
    last = min(allele.end + rules.margin - pileup.start, first + rules.width - 1)
    if first < 0 or last >= pileup.length:
        return None
    part = slice(first, last + 1)
    strands = {
        name: {base: pileup.bases[s, b, part].tolist() for b, base in enumerate(BASES)}
        | {"deleted": (pileup.spans[s, part] - pileup.bases[s, :, part].sum(axis=0)).tolist()}
        for s, name in ((FORWARD, "forward"), (REVERSE, "reverse"))
    }
    counts, errors = pileup.bases[:, :, part].sum(axis=(0, 1)), pileup.errors[part]
    quality = [
        round(-10 * math.log10(e / n), 1) if n and e > 0 else None
        for n, e in zip(counts.tolist(), errors.tolist(), strict=True)
    ]
    return {
        "start": resources.reference.to_build(pileup.start + first, reads.build),
        "reference": resources.reference.bases(pileup.start + first, pileup.start + last),
        **strands,
        "quality": quality,
        **_fragments(allele, others, reads, (pileup.start + first, pileup.start + last), resources),
    }


def _fragments(
    allele: Allele,
    others: Sequence[Allele],
    reads: Reads,
    window: tuple[int, int],
    resources: Resources,
) -> Mapping[str, Json]:
    if reads.molecules is None:
        return {}
    rules, to_build = resources.rules.calling, resources.reference.to_build
    near = min(others, key=lambda other: abs(other.pos - allele.pos), default=None)
    views = fragments_around(allele, near, reads.molecules, window, rules, reads.pileup.least_quality)
    shown = chosen(views, rules.pile.most)
    entries: list[Json] = []
    for view in shown:
        start, bases = text_of(view, window, reads.pileup.least_quality)
        inserted = inserted_of(view, window, reads.pileup.least_quality)
        quality = view.mapping_quality
        entries.append(
            {
                "start": to_build(start, reads.build),
                "bases": bases,
                "strand": view.strand,
                "mapping_quality": None if quality == rules.usable.unstated_mapping_quality else quality,
                "alt": view.alt,
                "base_quality": view.base_quality,
                "reads": view.reads,
                "second": view.second,
                "inserted": [{"after": to_build(p, reads.build), "bases": text} for p, text in inserted],
            }
        )
    if near is None or all(view.second is None for view in views):
        near = None  # too far away for any fragment: nothing is known of the phase
    second = None if near is None else resources.namer.describe(near, isoforms=False).hgvs_c
    return {
        "fragments": entries,
        "shown": len(entries),
        "of": len(views),
        "alt_fragments": sum(bool(view.alt) for view in views),
        "second": second,
    }

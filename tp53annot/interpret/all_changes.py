"""Every single-base change of the coding sequence and the splice sites, with its class.

One row a change, in transcript order, so that a reviewer (or a diff) sees the whole gene at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tp53annot.core.allele import Allele
from tp53annot.interpret.annotation import annotate
from tp53annot.interpret.oncogenicity import classify
from tp53annot.knowledge.tables.registry import Knowledge
from tp53annot.names.hgvs import Namer

HEADER = (
    "hgvs_c", "hgvs_p", "pos_grch38", "ref", "alt", "codon", "consequence", "class", "points", "criteria",
    "conflicts",
)  # fmt: skip
_SPLICE_BASES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneRow:
    """One change; ``pos`` is GRCh38, 1-based, forward strand; ``criteria`` like ``OS2+4``."""

    hgvs_c: str
    hgvs_p: str
    pos: int
    ref: str
    alt: str
    codon: int | None
    consequence: str
    oncogenicity: str
    points: int
    criteria: tuple[str, ...]
    conflicts: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """The row as text, in the order of :data:`HEADER`."""
        return (
            self.hgvs_c, self.hgvs_p, str(self.pos), self.ref, self.alt, str(self.codon or ""),
            self.consequence, self.oncogenicity, str(self.points), ";".join(self.criteria),
            ";".join(self.conflicts),
        )  # fmt: skip


def gene_alleles(namer: Namer) -> Iterator[Allele]:
    """All substitutions of coding bases and of the two intronic bases beside each coding exon edge."""
    transcript, reference = namer.main, namer.reference
    offsets = {transcript.gene_offset(i) for i in range(transcript.cds_start, transcript.cds_end)}
    first, last = min(offsets), max(offsets)
    for start, end in transcript.introns:
        if first < start and end < last:
            offsets.update(range(start, start + _SPLICE_BASES), range(end - _SPLICE_BASES, end))
    for offset in sorted(offsets):
        position = reference.end - offset
        ref = reference.bases(position, position)
        for alt in "ACGT":
            if alt != ref:
                yield Allele(pos=position, ref=ref, alt=alt)


def gene_table(namer: Namer, knowledge: Knowledge) -> tuple[GeneRow, ...]:
    """Classify every change of :func:`gene_alleles`."""
    return tuple(_row(allele, namer, knowledge) for allele in gene_alleles(namer))


def _row(allele: Allele, namer: Namer, knowledge: Knowledge) -> GeneRow:
    variant = namer.describe(allele, isoforms=False)
    result = classify(annotate(variant, knowledge, claims=False), knowledge)
    return GeneRow(
        hgvs_c=variant.hgvs_c,
        hgvs_p=variant.hgvs_p,
        pos=allele.pos,
        ref=allele.ref,
        alt=allele.alt,
        codon=variant.codon,
        consequence="&".join(variant.consequences),
        oncogenicity=result.oncogenicity.value,
        points=result.points,
        criteria=tuple(f"{c.code}{c.points:+d}" for c in result.criteria),
        conflicts=tuple(flag.id for flag in result.conflicts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChange:
    """A change whose class or points differ between two sets of tables; ``None`` = not in that set."""

    hgvs_c: str
    hgvs_p: str
    before: tuple[str, int] | None
    after: tuple[str, int] | None


def class_changes(
    before: tuple[GeneRow, ...], after: tuple[GeneRow, ...], *, points: bool = False
) -> tuple[ClassChange, ...]:
    """Changes whose class (or, on request, points) differ, in transcript order of ``after``."""
    old, new = _by_name(before), _by_name(after)
    found = []
    for name in [*new, *(n for n in old if n not in new)]:
        was, now = old.get(name), new.get(name)
        row = now or was
        assert row is not None
        left = (was.oncogenicity, was.points) if was else None
        right = (now.oncogenicity, now.points) if now else None
        same = left == right if points else (left and left[0]) == (right and right[0])
        if not same:
            found.append(ClassChange(hgvs_c=name, hgvs_p=row.hgvs_p, before=left, after=right))
    return tuple(found)


def _by_name(rows: tuple[GeneRow, ...]) -> Mapping[str, GeneRow]:
    return {row.hgvs_c: row for row in rows}

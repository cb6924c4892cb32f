"""Every single-base change of the coding sequence and the splice sites, with its class.

One row a change, in transcript order, so that a reviewer (or a diff) sees the whole gene at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tp53annot.core.allele import Allele
from tp53annot.core.variant import Classification, TranscriptVariant
from tp53annot.interpret.annotation import annotate
from tp53annot.interpret.oncogenicity import Classifier
from tp53annot.knowledge.tables.registry import Knowledge
from tp53annot.names.hgvs import Namer

GENE_COLUMNS = (
    "hgvs_c",
    "hgvs_p",
    "pos_grch38",
    "ref",
    "alt",
    "codon",
    "consequence",
    "class",
    "points",
    "criteria",
    "conflicts",
)
_SPLICE_BASES = 2


class GeneRow(Struct, frozen=True, kw_only=True):
    """One change with its class.

    Attributes:
        hgvs_c: without accession, as ``hgvs_p``.
        hgvs_p: see there.
        pos: GRCh38, 1-based, forward strand, as ``ref`` and ``alt``.
        ref: reference base.
        alt: the other base.
        codon: 1-based, ``None`` in an intron.
        consequence: Sequence Ontology terms, joined by ``&``.
        oncogenicity: the class.
        points: of the criteria.
        criteria: like ``OS2+4``.
        conflicts: ids of conflicts among the evidence.
    """

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
        """The row as text, in the order of :data:`GENE_COLUMNS`."""
        named = (self.hgvs_c, self.hgvs_p, str(self.pos), self.ref, self.alt, str(self.codon or ""))
        judged = (self.consequence, self.oncogenicity, str(self.points))
        return (*named, *judged, ";".join(self.criteria), ";".join(self.conflicts))


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
    classifier = Classifier(knowledge)
    rows = []
    for allele in gene_alleles(namer):
        variant = namer.describe(allele, isoforms=False)
        rows.append(_row(variant, classifier.classify(annotate(variant, knowledge, claims=False))))
    return tuple(rows)


def _row(variant: TranscriptVariant, result: Classification) -> GeneRow:
    return GeneRow(
        hgvs_c=variant.hgvs_c,
        hgvs_p=variant.hgvs_p,
        pos=variant.allele.pos,
        ref=variant.allele.ref,
        alt=variant.allele.alt,
        codon=variant.codon,
        consequence="&".join(variant.consequences),
        oncogenicity=result.oncogenicity.value,
        points=result.points,
        criteria=tuple(f"{c.code}{c.points:+d}" for c in result.criteria),
        conflicts=tuple(flag.id for flag in result.conflicts),
    )


class ClassChange(Struct, frozen=True, kw_only=True):
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

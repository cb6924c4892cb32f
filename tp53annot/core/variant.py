"""A named change with its facts, its class and the filters it failed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Struct, field

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, Flag
from tp53annot.core.fields import NOT_SHOWN, Points


class IsoformEffect(Struct, frozen=True, kw_only=True):
    """What the change does on another transcript. ``name`` is the field's name (p53 beta), if any."""

    transcript: str
    protein: str | None
    name: str | None
    hgvs_c: str | None
    hgvs_p: str | None
    consequences: tuple[str, ...] = field(name="consequence")


_LONG_INSERTION = re.compile(r"ins([ACGT]{41,})")


def in_short(hgvs_c: str) -> str:
    """A c. name for a sentence: of a long insertion the number of bases, in the notation HGVS has for it.

    >>> in_short("c.524G>A"), in_short("c.101_102ins" + "ACGT" * 250)
    ('c.524G>A', 'c.101_102insN[1000]')
    """
    return _LONG_INSERTION.sub(lambda found: f"insN[{len(found[1])}]", hgvs_c)


class TranscriptVariant(Struct, frozen=True, kw_only=True):
    """A change named on NM_000546.6 and with its predicted consequence.

    ``hgvs_c``/``hgvs_p`` carry no accession (it is in ``transcript``/``protein``); ``aa_pos`` etc.
    are set when the protein change is one substitution (also stop, also synonymous).
    ``nmd`` is "triggers", "escapes" or None when no premature stop is predicted.
    """

    allele: Allele
    hgvs_c: str
    hgvs_p: str
    hgvs_p_short: str
    transcript: str
    protein: str
    consequences: tuple[str, ...]
    exon: str | None = None
    intron: str | None = None
    codon: int | None = None
    aa_ref: str | None = None
    aa_pos: int | None = None
    aa_alt: str | None = None
    splice_affecting: bool = False
    exon_edge: bool = False
    nmd: str | None = None
    isoforms: tuple[IsoformEffect, ...] = ()

    @property
    def short_name(self) -> str:
        """``R175H (c.524G>A)``."""
        return f"{self.hgvs_p_short} ({in_short(self.hgvs_c)})"

    @property
    def substitution(self) -> str | None:
        """``R175H`` when one residue becomes another or a stop; ``None`` otherwise."""
        if self.aa_ref is None or self.aa_alt is None or self.aa_ref == self.aa_alt:
            return None
        return f"{self.aa_ref}{self.aa_pos}{self.aa_alt}"


class Claim(Struct, frozen=True, kw_only=True):
    """One fact with its pedigree: which table, which version, which citation says so."""

    field: str
    value: str | float | int | None
    table: str
    version: str
    citation: str


class AssayResult(Struct, frozen=True, kw_only=True):
    """One functional assay's value for the change; ``assay_class`` in the assay's own words."""

    assay: str
    value: float | None
    unit: str
    assay_class: str | None = field(name="class")
    source: str
    table: str


class AnnotatedVariant(Struct, frozen=True, kw_only=True):
    """A named change with every fact known about it. Mappings become JSON objects as they are.

    ``chip``: whether it is on the list of drivers of clonal haematopoiesis.
    """

    variant: TranscriptVariant
    domain: str | None = None
    functional: tuple[AssayResult, ...] = ()
    functional_summary: Mapping[str, object] | None = None
    hotspot: Mapping[str, object] | None = None
    frequencies: Mapping[str, object] = field(default_factory=dict)
    germline: Mapping[str, object] | None = None
    known: Mapping[str, object] | None = None
    chip: bool = False
    rsid: str | None = None
    claims: tuple[Claim, ...] = ()


class OncogenicityClass(StrEnum):
    """ClinGen/CGC/VICC 2022 classes."""

    ONCOGENIC = "oncogenic"
    LIKELY_ONCOGENIC = "likely_oncogenic"
    UNCERTAIN = "uncertain"
    LIKELY_BENIGN = "likely_benign"
    BENIGN = "benign"

    @property
    def is_oncogenic(self) -> bool:
        """Oncogenic or likely oncogenic."""
        return self in (OncogenicityClass.ONCOGENIC, OncogenicityClass.LIKELY_ONCOGENIC)

    @property
    def is_benign(self) -> bool:
        """Benign or likely benign."""
        return self in (OncogenicityClass.BENIGN, OncogenicityClass.LIKELY_BENIGN)


class Criterion(Struct, frozen=True, kw_only=True):
    """One criterion met: its code, points, reason in words and source."""

    code: str
    points: Points
    reason: str
    source: str


class Classification(Struct, frozen=True, kw_only=True):
    """Oncogenicity with the criteria that made it; ``conflicts``: assays that disagree;
    ``not_considered``: evidence kinds that are not installed."""

    oncogenicity: OncogenicityClass = field(name="class")
    points: Points
    criteria: tuple[Criterion, ...]
    conflicts: tuple[Flag, ...] = ()
    not_considered: tuple[str, ...] = ()

    @property
    def is_oncogenic(self) -> bool:
        """Oncogenic or likely oncogenic."""
        return self.oncogenicity.is_oncogenic


class GermlineName(StrEnum):
    """Classes of a germline variant."""

    PATHOGENIC = "pathogenic"
    LIKELY_PATHOGENIC = "likely_pathogenic"
    UNCERTAIN = "uncertain"
    LIKELY_BENIGN = "likely_benign"
    BENIGN = "benign"


class GermlineCriterion(Struct, frozen=True, kw_only=True):
    """A criterion of the germline classification that is met; ``strength`` in the standard's words."""

    code: str
    strength: str
    reason: str
    source: str


class PublishedClass(Struct, frozen=True, kw_only=True):
    """A germline class as published, with its review; ``side``: "pathogenic" or "benign", with likely ones."""

    name: str | None = field(name="class")
    review: str | None
    source: str
    side: Annotated[str | None, NOT_SHOWN] = None


class GermlineClass(Struct, frozen=True, kw_only=True):
    """The germline class worked out here beside the published one, which is the one in force where there is one.

    ``name`` is ``None`` where it is left open.
    """

    name: GermlineName | None = field(name="class")
    criteria: tuple[GermlineCriterion, ...]
    published: PublishedClass | None


class ClassifiedVariant(Struct, frozen=True, kw_only=True):
    """A candidate with its name, facts, classes and the filters it failed (none = reported)."""

    candidate: Candidate
    annotated: AnnotatedVariant
    classification: Classification
    germline_class: GermlineClass | None = None
    amp_tier: Mapping[str, object] | None = None
    failures: tuple[Flag, ...] = ()

    @property
    def reportable(self) -> bool:
        """Passed every filter and is oncogenic, likely oncogenic or uncertain."""
        return not self.failures and not self.classification.oncogenicity.is_benign

"""What an assessment rests on, with the hits among it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from tp53annot.core.candidate import Flag, Uninterpreted
from tp53annot.core.copy_number import CopyState, GeneCopies
from tp53annot.core.coverage import Coverage
from tp53annot.core.molecules import SplicingEvent
from tp53annot.core.report import ContextValue
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.names.haplotype import CisLimits

# What these filters hold back stands elsewhere in the report.
_NOT_HELD_BACK = {"combined", "duplicate_record"}
# What the reads hold against a call because errors, or traces of another sample, give as much. Too few molecules
# alone (``call.few_reads``) are no such reason: the chance of errors was computed, and is small.
_TOO_FEW = "call.few_reads"
_WEAK_CALLS = {"call.low_vaf", "call.error_model"}


class Findings(Struct, frozen=True, kw_only=True):
    """One sample's variants, coverage and context.

    Attributes:
        variants: reported, most important first.
        rejected: held back by a filter.
        uninterpreted: records that are no plain sequence change.
        coverage: ``None`` where it is not known.
        context: fields of the vocabulary.
        report_vaf: lowest VAF (0..1) at which an oncogenic variant makes the sample mutated.
        cis: from where two changes are taken to lie on the same molecules.
        has_normal: whether there is a matched normal sample.
        is_normal: whether the input calls the sample itself a normal.
        remarks: warnings from before the assessment.
        copies: what is known of the copies of the gene.
        rna: whether the fractions and the coverage are of RNA.
        splicing: what RNA shows of splicing that differs from the known transcripts.
    """

    variants: Sequence[ClassifiedVariant]
    rejected: Sequence[ClassifiedVariant]
    uninterpreted: Sequence[Uninterpreted]
    coverage: Coverage | None
    context: Mapping[str, ContextValue]
    report_vaf: float
    cis: CisLimits
    has_normal: bool = False
    is_normal: bool = False
    remarks: Sequence[Flag] = ()
    copies: GeneCopies = field(default_factory=GeneCopies)
    rna: bool = False
    splicing: Sequence[SplicingEvent] = ()

    def word(self, field: str) -> str | None:
        """Value of a context field that holds one word, ``None`` when unknown."""
        value = self.context[field].value if field in self.context else None
        return value if isinstance(value, str) else None

    def number(self, field: str) -> float | None:
        """Value of a context field that holds a number, ``None`` when unknown."""
        value = self.context[field].value if field in self.context else None
        return value if isinstance(value, int | float) else None

    @property
    def required_assessed(self) -> bool:
        """Whether every base of the required region was assessed."""
        return self.coverage is not None and self.coverage.required_region_assessed

    @property
    def oncogenic(self) -> list[ClassifiedVariant]:
        """Reported oncogenic or likely oncogenic variants."""
        return [v for v in self.variants if v.classification.is_oncogenic]

    @property
    def above(self) -> list[ClassifiedVariant]:
        """Those at or above the reporting threshold; a bare statement without any number counts, with a warning."""
        return [
            v
            for v in self.oncogenic
            if (vaf >= self.report_vaf if (vaf := vaf_of(v)) is not None else not unread_fields(v))
        ]

    @property
    def held_back(self) -> list[ClassifiedVariant]:
        """Oncogenic variants that a filter holds back and errors do not explain."""
        return [
            v
            for v in self.rejected
            if v.classification.is_oncogenic
            and not _explained_by_errors(v)
            and not _NOT_HELD_BACK & {f.id for f in v.failures}
        ]

    @property
    def too_shallow(self) -> list[ClassifiedVariant]:
        """Oncogenic variants that the reads show in too few molecules for a call, and errors do not explain."""
        return [
            v for v in self.held_back if {r.id for r in v.candidate.remarks if r.against_call} == {_TOO_FEW}
        ]

    @property
    def deletion(self) -> str | None:
        """``"seen"`` in the input, ``"declared"`` by the clinic, or ``None``; read depth alone is neither."""
        lost = self.copies.stated(CopyState.LOSS)
        if not lost:
            return None
        return "declared" if all(e.source.is_clinical for e in lost) else "seen"


def vaf_of(variant: ClassifiedVariant) -> float | None:
    """VAF in force (0..1)."""
    return variant.candidate.support_in_force.vaf


def unread_fields(variant: ClassifiedVariant) -> tuple[str, ...]:
    """Fields with numbers for the sample that give no VAF; none where the VAF is known or nothing is stated."""
    return variant.candidate.support_in_force.unread


def highest_vaf(variants: Sequence[ClassifiedVariant]) -> float | None:
    """The highest VAF (0..1) that is stated."""
    return max((vaf for v in variants if (vaf := vaf_of(v)) is not None), default=None)


def short_name(variant: ClassifiedVariant) -> str:
    """``R175H (c.524G>A)``."""
    return variant.annotated.variant.short_name


def names_with_vaf(variants: Sequence[ClassifiedVariant]) -> str:
    """``R175H (c.524G>A), VAF 0.46; ...``."""
    return "; ".join(name_with_vaf(v) for v in variants)


def name_with_vaf(variant: ClassifiedVariant) -> str:
    """``R175H (c.524G>A), VAF 0.46``, with three digits below 0.1 and four below 0.01."""
    vaf, text = vaf_of(variant), short_name(variant)
    if vaf is None:
        return text
    return f"{text}, VAF {vaf:.{2 if vaf >= 0.1 else 3 if vaf >= 0.01 else 4}f}"


def _explained_by_errors(variant: ClassifiedVariant) -> bool:
    """Genotyped as reference at a low VAF, or too few reads to call."""
    failed = {f.id for f in variant.failures}
    weak = any(remark.id in _WEAK_CALLS for remark in variant.candidate.remarks)
    return weak or {"genotype_reference", "min_vaf"} <= failed

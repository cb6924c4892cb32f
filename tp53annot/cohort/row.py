"""What a cohort keeps of one report: a small row, checked, so that 100,000 of them fit in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tp53annot.core.text import seen
from tp53annot.core.variant import OncogenicityClass
from tp53annot.knowledge.rules.cohort import VariantKind
from tp53annot.knowledge.statements import DERIVED_VALUES
from tp53annot.report.formats.maf import MafVariant, maf_cells
from tp53annot.report.model.variant import Variant

if TYPE_CHECKING:
    from tp53annot.cohort.excerpt import ReportLike, VariantExcerpt

_ALLOWED = {
    "status": DERIVED_VALUES["tp53_status"],
    "allelic_state": (*DERIVED_VALUES["tp53_allelic_state"], "none"),
    "germline_flag": ("suspected", "confirmed", "excluded", "not_suspected"),
    "class": tuple(OncogenicityClass),
}
_OTHER = "other"
ContextCell = str | float | tuple[str, ...]  # a number, a word or several


class Mark(Struct, frozen=True, kw_only=True):
    """One reported variant. ``residue``: 1-based codon it is drawn at; ``vaf`` 0..1 or not stated.
    ``maf``: its line of a MAF on the report's build, the sample left open."""

    name: str
    hgvs_c: str
    hgvs_p: str
    kind: str
    oncogenicity: str
    vaf: float | None
    residue: int | None
    maf: str = ""


class ReportRow(Struct, frozen=True, kw_only=True):
    """One report in a cohort.

    ``report``: path of the JSON, also where it was not written; it tells samples of one name apart.
    ``exons``: exon and the lowest VAF its coverage excludes (``None``: not even all reads would do);
    ``None`` when coverage is unknown. ``context``: fields that are not open, with their values.
    """

    sample: str
    patient: str | None
    report: str
    assembly: str
    status: str
    tp53_mutated_all: bool | None
    allelic_state: str
    germline_flag: str
    clonal_haematopoiesis_flag: bool
    marks: tuple[Mark, ...]
    rejected: int
    uninterpreted: int
    warnings: int
    region_assessed: bool | None
    exons: tuple[tuple[str, float | None], ...] | None
    context: Mapping[str, ContextCell] = field(default_factory=dict)

    @property
    def max_vaf(self) -> float | None:
        """Highest stated VAF of the reported variants."""
        return max((m.vaf for m in self.marks if m.vaf is not None), default=None)

    @property
    def unit(self) -> str:
        """The patient; a sample without a declared one stands for itself."""
        return f"p:{self.patient}" if self.patient else f"s:{self.sample}:{self.report}"


def row_of(report: ReportLike, path: str, kinds: Sequence[VariantKind]) -> ReportRow:
    """The row of a report that is or will be at ``path``.

    Raises:
        ValueError: a value that a report cannot have.
    """
    try:
        return _row(report, path, kinds)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"a value of the wrong type ({error})") from error


def _row(report: ReportLike, path: str, kinds: Sequence[VariantKind]) -> ReportRow:
    a, coverage = report.assessment, report.coverage
    return ReportRow(
        sample=_text(report.sample),
        patient=None if report.patient is None else _text(report.patient),
        report=path,
        assembly=_text(report.assembly),
        status=_choice("status", a.status),
        tp53_mutated_all=a.tp53_mutated_all,
        allelic_state=_choice("allelic_state", a.allelic_state),
        germline_flag=_choice("germline_flag", a.germline_flag),
        clonal_haematopoiesis_flag=bool(a.clonal_haematopoiesis_flag),
        marks=tuple(_mark(v, str(report.assembly), kinds) for v in report.variants),
        rejected=len(report.rejected),
        uninterpreted=len(report.uninterpreted),
        warnings=len(a.warnings),
        region_assessed=None if coverage is None else bool(coverage.required_region_assessed),
        exons=None
        if coverage is None
        else tuple((_text(e.exon), _fraction(e.lod_vaf)) for e in coverage.exons),
        context={name: _value(f.value) for name, f in report.context.items() if f.value is not None},
    )


def _mark(v: VariantExcerpt | Variant, assembly: str, kinds: Sequence[VariantKind]) -> Mark:
    terms = set(v.consequence)
    return Mark(
        name=_text(v.hgvs_p_short),
        hgvs_c=_text(v.hgvs_c),
        hgvs_p=_text(v.hgvs_p),
        kind=next((k.kind for k in kinds if terms.intersection(k.terms)), _OTHER),
        oncogenicity=_choice("class", v.classification.oncogenicity),
        vaf=_fraction(v.vaf),
        residue=_residue(v.codon, v.hgvs_c),
        maf="\t".join(maf_cells(_in_maf(v), assembly, "")),
    )


def _in_maf(v: VariantExcerpt | Variant) -> MafVariant:
    return MafVariant.of(v) if isinstance(v, Variant) else v


def _residue(codon: int | None, hgvs_c: str) -> int | None:
    """Codon of a coding change; of an intronic one that of the nearest coding base."""
    if codon is not None:
        return int(codon)
    place = re.match(r"c\.(\d+)", hgvs_c)
    return (int(place[1]) + 2) // 3 if place else None


def _choice(name: str, value: object) -> str:
    for allowed in _ALLOWED[name]:
        if value == allowed:
            return str(allowed)  # one string for all rows
    raise ValueError(f"{name} {value!r} is not known")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text")
    value.encode("utf-8", "surrogateescape")  # another lone surrogate cannot be written
    return seen(value)


def _fraction(value: float | None) -> float | None:
    if value is None:
        return None
    if not 0 <= value <= 1:
        raise ValueError(f"{value!r} is no fraction")
    return float(value)


def _value(value: object) -> ContextCell:
    if isinstance(value, tuple):
        return tuple(map(_text, value))
    return value if isinstance(value, int | float) else _text(value)

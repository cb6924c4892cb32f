"""What an assessment rests on, with the hits among it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tp53annot.core.candidate import Flag, Uninterpreted
from tp53annot.core.coverage import Coverage
from tp53annot.core.report import ContextValue
from tp53annot.core.variant import ClassifiedVariant

Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the assessment rests on. ``report_vaf`` is the threshold that sets the status (0..1),
    ``cis_vaf_sum`` the sum of two fractions from which two changes must share molecules (0..2)."""

    variants: Sequence[ClassifiedVariant]
    rejected: Sequence[ClassifiedVariant]
    uninterpreted: Sequence[Uninterpreted]
    coverage: Coverage | None
    context: Mapping[str, ContextValue]
    report_vaf: float
    cis_vaf_sum: float
    has_normal: bool = False
    remarks: Sequence[Flag] = ()

    def value(self, field: str) -> Any:
        """A context field's value, ``None`` when unknown."""
        entry = self.context.get(field)
        return entry.value if entry else None

    @property
    def oncogenic(self) -> list[ClassifiedVariant]:
        """Reported oncogenic or likely oncogenic variants."""
        return [v for v in self.variants if v.classification.is_oncogenic]

    @property
    def above(self) -> list[ClassifiedVariant]:
        """Those at or above the reporting threshold (an unstated VAF counts, with a warning)."""
        return [v for v in self.oncogenic if (vaf := vaf_of(v)) is None or vaf >= self.report_vaf]

    @property
    def deletion(self) -> str | None:
        """``"seen"`` in the input, ``"declared"`` in the context, or ``None``."""
        if any(record.deletion for record in self.uninterpreted):
            return "seen"
        return "declared" if self.value("del17p_status") == "present" else None


def vaf_of(variant: ClassifiedVariant) -> float | None:
    """VAF in force: from the reads where there are reads, else the caller's."""
    return variant.candidate.support_in_force.vaf


def label(variant: ClassifiedVariant) -> str:
    """``R175H (c.524G>A), VAF 0.46``."""
    named = variant.annotated.variant
    vaf = vaf_of(variant)
    text = f"{named.hgvs_p_short} ({named.hgvs_c})"
    return text if vaf is None else f"{text}, VAF {vaf:.2f}" if vaf >= 0.1 else f"{text}, VAF {vaf:.3f}"

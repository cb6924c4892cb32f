"""Named filters: a candidate that fails keeps every reason.

Defaults and sentences stand in ``rules/filters.toml``. What is not known (no depth, no VAF) fails
nothing: unknown is not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tp53annot.core.candidate import Candidate, Flag

Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Numbers of the filters: VAFs and fractions 0..1, counts in reads."""

    min_vaf: float
    report_vaf: float
    min_depth: int
    min_alt_reads: int
    include_filtered: bool = False

    @classmethod
    def from_rules(
        cls, rules: Rules, *, min_vaf: float | None = None, report_vaf: float | None = None,
        min_depth: int | None = None, min_alt_reads: int | None = None, include_filtered: bool = False,
    ) -> Thresholds:  # fmt: skip
        """The defaults of the rules, overridden by what was asked for."""
        default = rules["thresholds"]
        asked: dict[str, Any] = {
            "min_vaf": min_vaf,
            "report_vaf": report_vaf,
            "min_depth": min_depth,
            "min_alt_reads": min_alt_reads,
        }
        chosen = {name: default[name] if value is None else value for name, value in asked.items()}
        return cls(**chosen, include_filtered=include_filtered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A candidate with the facts the filters ask for (plain values: this layer knows no tables)."""

    candidate: Candidate
    polymorphism: str | None = None
    population_fraction: float | None = None
    oncogenicity: str = "uncertain"
    benign: bool = False
    points: int = 0
    in_target: bool = True
    duplicate: bool = False
    combined_into: str | None = None


def failures(subject: Subject, thresholds: Thresholds, rules: Rules) -> tuple[Flag, ...]:
    """Every filter the candidate fails, in the order of the rules."""
    found = []
    for name in rules["filter"]:
        facts = _CHECKS[name](subject, thresholds, rules)
        if facts is not None:
            rule = rules["filter"][name]
            found.append(Flag(id=name, text=rule["text"].format(**facts), source=rule["source"]))
    return tuple(found)


Facts = Mapping[str, object] | None


def _caller_filter(s: Subject, t: Thresholds, _rules: Rules) -> Facts:
    filters = s.candidate.caller_filters
    return {"filters": ", ".join(filters)} if filters and not t.include_filtered else None


def _genotype(s: Subject, _t: Thresholds, _rules: Rules) -> Facts:
    remark = next((r for r in s.candidate.remarks if r.id == "genotype_reference"), None)
    return None if remark is None else {"remark": remark.text}


def _read_model(s: Subject, _t: Thresholds, _rules: Rules) -> Facts:
    reasons = [r.text for r in s.candidate.remarks if r.id.startswith("call.")]
    return {"reasons": "; ".join(reasons)} if reasons else None


def _duplicate(s: Subject, _t: Thresholds, _rules: Rules) -> Facts:
    return {} if s.duplicate else None


def _combined(s: Subject, _t: Thresholds, _rules: Rules) -> Facts:
    return None if s.combined_into is None else {"name": s.combined_into}


def _min_vaf(s: Subject, t: Thresholds, _rules: Rules) -> Facts:
    vaf = s.candidate.support_in_force.vaf
    return {"vaf": vaf, "limit": t.min_vaf} if vaf is not None and vaf < t.min_vaf else None


def _min_depth(s: Subject, t: Thresholds, _rules: Rules) -> Facts:
    depth = s.candidate.support_in_force.depth
    return {"depth": depth, "limit": t.min_depth} if depth is not None and depth < t.min_depth else None


def _min_alt_reads(s: Subject, t: Thresholds, _rules: Rules) -> Facts:
    reads = s.candidate.support_in_force.alt_reads
    return (
        {"reads": reads, "limit": t.min_alt_reads} if reads is not None and reads < t.min_alt_reads else None
    )


def _strand_bias(s: Subject, _t: Thresholds, rules: Rules) -> Facts:
    """Only extreme bias at low VAF fails; elsewhere it is shown, not hidden."""
    limit, support = rules["thresholds"], s.candidate.support_in_force
    counts = (support.alt_forward, support.alt_reverse, support.ref_forward, support.ref_reverse)
    if (
        any(count is None for count in counts)
        or support.vaf is None
        or support.vaf > limit["strand_bias_keep_vaf"]
    ):
        return None
    forward, reverse, ref_forward, ref_reverse = (count or 0 for count in counts)
    reads, reference = forward + reverse, ref_forward + ref_reverse
    if reads < limit["strand_bias_min_reads"] or not reference:
        return None
    share = limit["strand_bias_max_share"]
    balanced = min(ref_forward, ref_reverse) / reference >= limit["strand_bias_min_reference_share"]
    if balanced and min(forward, reverse) / reads <= share:
        return {"reads": reads, "strand": "forward" if forward > reverse else "reverse"}
    return None


def _known(s: Subject, _t: Thresholds, _rules: Rules) -> Facts:
    return None if s.polymorphism is None else {"description": s.polymorphism}


def _population(s: Subject, _t: Thresholds, rules: Rules) -> Facts:
    limit, fraction = rules["thresholds"], s.population_fraction
    if fraction is None or fraction < limit["population_fraction"]:
        return None
    if fraction * limit["population_alleles"] < limit["population_min_alleles"] - 0.5:
        return None
    return {"fraction": fraction, "limit": limit["population_fraction"]}


def _benign(s: Subject, _t: Thresholds, _rules: Rules) -> Facts:
    words = s.oncogenicity.replace("_", " ")
    return {"oncogenicity": words, "points": s.points} if s.benign else None


def _target(s: Subject, _t: Thresholds, _rules: Rules) -> Facts:
    return None if s.in_target else {}


_CHECKS: Mapping[str, Callable[[Subject, Thresholds, Rules], Facts]] = {
    "caller_filter": _caller_filter,
    "read_model": _read_model,
    "genotype_reference": _genotype,
    "duplicate_record": _duplicate,
    "combined": _combined,
    "min_vaf": _min_vaf,
    "min_depth": _min_depth,
    "min_alt_reads": _min_alt_reads,
    "strand_bias": _strand_bias,
    "known_polymorphism": _known,
    "population_frequency": _population,
    "benign": _benign,
    "target": _target,
}
FILTERS: Sequence[str] = tuple(_CHECKS)

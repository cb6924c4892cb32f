"""Germline and clonal-haematopoiesis flags, and the warnings of an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tp53annot.core.candidate import Flag
from tp53annot.core.variant import ClassifiedVariant

if TYPE_CHECKING:
    from tp53annot.interpret.findings import Findings

Rules = Mapping[str, Any]


def _vaf(variant: ClassifiedVariant) -> float | None:
    return variant.candidate.support_in_force.vaf


def _name(variant: ClassifiedVariant) -> str:
    named = variant.annotated.variant
    return f"{named.hgvs_p_short} ({named.hgvs_c})"


def _reason(section: str, name: str, rules: Rules, **facts: object) -> Flag:
    source = rules["sources"].get(section, rules["sources"]["status"])
    return Flag(id=f"{section}.{name}", text=rules[section][name].format(**facts), source=source)


def germline(findings: Findings, rules: Rules) -> tuple[str, tuple[Flag, ...]]:
    """``(flag, reasons)``: declared status first, else suspected by VAF, age, karyotype, allele."""
    declared = findings.value("germline_status")
    if declared in ("confirmed", "excluded"):
        return declared, (_reason("germline", "declared", rules, value=declared),)
    reasons = []
    if findings.oncogenic:
        reasons = [flag for v in findings.oncogenic for flag in _variant_reasons(findings, v, rules)]
        reasons += _patient_reasons(findings, rules)
    if declared == "suspected":
        reasons.append(_reason("germline", "declared", rules, value=declared))
    if not reasons:
        return "not_suspected", ()
    return "suspected", (*reasons, _reason("germline", "advice", rules))


def _variant_reasons(findings: Findings, variant: ClassifiedVariant, rules: Rules) -> list[Flag]:
    limits, vaf, name = rules["limits"], _vaf(variant), _name(variant)
    reasons = []
    if vaf is not None:
        if _in_remission(findings, rules) and vaf >= limits["germline_vaf_remission"]:
            reasons.append(_reason("germline", "remission", rules, variant=name, vaf=vaf))
        elif limits["germline_vaf_low"] <= vaf <= limits["germline_vaf_high"]:
            low, high = limits["germline_vaf_low"], limits["germline_vaf_high"]
            reasons.append(_reason("germline", "vaf", rules, variant=name, vaf=vaf, low=low, high=high))
    normal = variant.candidate.normal
    if normal is not None and normal.vaf is not None and normal.vaf >= limits["germline_normal_vaf"]:
        reasons.append(_reason("germline", "normal", rules, variant=name, vaf=normal.vaf))
    published = variant.annotated.germline
    significance = str((published or {}).get("significance") or "")
    known = (variant.annotated.known or {}).get("kind") == "founder_allele" or "athogenic" in significance
    if (
        known
        and "onflict" not in significance
        and (vaf is None or vaf >= limits["germline_known_allele_vaf"])
    ):
        reasons.append(
            _reason(
                "germline",
                "known_allele",
                rules,
                variant=name,
                significance=significance or rules["words"]["founder"],
            )
        )
    return reasons


def _patient_reasons(findings: Findings, rules: Rules) -> list[Flag]:
    reasons = []
    age = findings.value("age_years")
    if findings.value("ploidy") in rules["groups"]["hypodiploid"]:
        reasons.append(_reason("germline", "hypodiploid", rules))
    if age is not None and age < rules["limits"]["germline_age_below"]:
        reasons.append(_reason("germline", "age", rules, limit=rules["limits"]["germline_age_below"]))
    if findings.value("family_history_lfs") == "yes":
        reasons.append(_reason("germline", "family", rules))
    return reasons


def _in_remission(findings: Findings, rules: Rules) -> bool:
    groups = rules["groups"]
    return (
        findings.value("sample_role") in groups["remission_roles"]
        or findings.value("disease_phase") in groups["remission_phases"]
    )


def haematopoiesis(findings: Findings, rules: Rules) -> tuple[Flag, ...]:
    """Reasons to think of clonal haematopoiesis: age with a low VAF, a remission sample, a donor."""
    age = findings.value("age_years")
    old = age is not None and age >= rules["limits"]["ch_age_from"]
    remission = _in_remission(findings, rules)
    open_age = age is None or findings.value("mrd_status") == "negative"
    reasons = []
    for variant in findings.oncogenic:
        vaf, name = _vaf(variant), _name(variant)
        if remission and (old or open_age):
            shown = rules["words"]["age_unknown"] if age is None else f"{age:g}"
            reasons.append(_reason("ch", "remission", rules, variant=name, age=shown))
        elif old and vaf is not None and vaf < rules["limits"]["ch_vaf_below"]:
            reasons.append(_reason("ch", "vaf", rules, variant=name, vaf=vaf, age=age))
    if findings.oncogenic and (
        findings.value("disease_phase") == "post_hsct" or findings.value("prior_allo_hsct") == "yes"
    ):
        reasons.append(_reason("ch", "donor", rules))
    return tuple(reasons)


def filtered_oncogenic(findings: Findings) -> list[ClassifiedVariant]:
    """Oncogenic variants that a filter holds back and errors do not explain."""
    return [
        v
        for v in findings.rejected
        if v.classification.is_oncogenic
        and not _background(v)
        and not {"combined", "duplicate_record", "target"} & {f.id for f in v.failures}
    ]


def warnings(findings: Findings, status: str, rules: Rules) -> tuple[Flag, ...]:
    """What the reader must not overlook."""
    found = list(findings.remarks)
    for variant in filtered_oncogenic(findings):
        reasons = "; ".join(f.text for f in variant.failures)
        words = rules["words"]["class"][variant.classification.oncogenicity]
        found.append(
            _reason(
                "warning",
                "rejected_oncogenic",
                rules,
                variant=_name(variant),
                oncogenicity=words,
                reasons=reasons,
            )
        )
    for variant in findings.variants:
        if variant.classification.is_oncogenic and _vaf(variant) is None:
            found.append(_reason("warning", "vaf_unknown", rules, variant=_name(variant)))
        found += [
            _reason("warning", "conflict", rules, variant=_name(variant), text=conflict.text)
            for conflict in variant.classification.conflicts
        ]
    if findings.uninterpreted:
        found.append(_reason("warning", "uninterpreted", rules, count=len(findings.uninterpreted)))
    blasts = findings.value("blast_pct")
    if blasts is not None:
        expected = blasts / 100 / 2  # a heterozygous variant of every blast
        if expected < rules["limits"]["low_blasts_factor"] * findings.report_vaf:
            found.append(_reason("warning", "low_blasts", rules, blasts=blasts, expected=expected))
    if status == "mutated" and findings.value("ploidy") in rules["groups"]["masked_hint"]:
        found.append(_reason("warning", "masked_hypodiploidy", rules))
    return tuple(found)


def _background(variant: ClassifiedVariant) -> bool:
    """True for what errors explain: genotyped as reference at a low VAF, or too few reads to call."""
    failed = {f.id for f in variant.failures}
    weak = {"call.few_reads", "call.low_vaf", "call.error_model"} & {r.id for r in variant.candidate.remarks}
    return bool(weak) or ("genotype_reference" in failed and "min_vaf" in failed)

"""The answer for one sample: status, allelic state, flags, notes, warnings, limitations."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.core.report import SampleAssessment
from tp53annot.core.status import AllelicState, Clonality, Status
from tp53annot.interpret.assessment.allelic_state import allelic_state
from tp53annot.interpret.assessment.clonality import clonality_of
from tp53annot.interpret.assessment.findings import Findings, highest_vaf
from tp53annot.interpret.assessment.germline import germline_flag
from tp53annot.interpret.assessment.haematopoiesis import haematopoiesis_reasons
from tp53annot.interpret.assessment.limitations import limitations_of
from tp53annot.interpret.assessment.status import is_mutated_all, status_basis, status_of
from tp53annot.interpret.assessment.summary import summary_of_mutated, summary_of_others
from tp53annot.interpret.assessment.warnings import warnings_of
from tp53annot.interpret.notes import select_notes
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.knowledge.statements import NOT_KNOWN, Statement


def assess(
    findings: Findings, statements: Sequence[Statement], rules: AssessmentRules, evidence_level: str
) -> SampleAssessment:
    """Judge one sample.

    Args:
        findings: its variants, coverage and context.
        statements: the evidence base.
        rules: limits and sentences.
        evidence_level: which statements may become notes (``default``, ``extended``, ``all``).
    """
    status = status_of(findings, rules.limits)
    state, basis = allelic_state(findings, status, rules)
    germline, germline_reasons = germline_flag(findings, rules)
    haematopoiesis = haematopoiesis_reasons(findings, rules)
    clonality = clonality_of(findings, rules.limits)
    mutated_all = is_mutated_all(findings, status)
    if status is Status.MUTATED:
        summary = summary_of_mutated(findings, state, basis, mutated_all, rules)
    else:
        summary = summary_of_others(findings, status, rules)
    facts = _facts(findings, status, state, clonality, germline)
    all_ = findings.word("diagnosis") != "non_ALL"
    return SampleAssessment(
        status=status.value,
        tp53_mutated_all=mutated_all,
        allelic_state=state.value,
        allelic_state_basis=basis,
        germline_flag=germline,
        germline_reasons=germline_reasons,
        clonal_haematopoiesis_flag=bool(haematopoiesis),
        clonal_haematopoiesis_reasons=haematopoiesis,
        summary=summary,
        notes=select_notes(statements, facts, evidence_level, rules) if all_ else (),
        warnings=warnings_of(findings, status, rules),
        limitations=limitations_of(findings, rules),
        status_basis=status_basis(findings, status, rules),
        clonality=None if clonality is None else clonality.value,
    )


def _facts(
    findings: Findings, status: Status, state: AllelicState, clonality: Clonality | None, germline: str
) -> dict[str, object]:
    """What the conditions of statements ask for: the context, and what was found out."""
    facts: dict[str, object] = {name: entry.value for name, entry in findings.context.items()}
    if facts.get("germline_status") in (None, *NOT_KNOWN) and germline == "suspected":
        facts["germline_status"] = germline
    vaf = highest_vaf(findings.oncogenic)
    return facts | {
        "tp53_status": status,
        "tp53_allelic_state": AllelicState.UNKNOWN if state is AllelicState.NONE else state,
        "tp53_max_vaf": "unknown" if vaf is None else vaf,
        "tp53_clonality": clonality,
    }

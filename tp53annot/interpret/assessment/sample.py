"""The answer for one sample: status, allelic state, flags, notes, warnings, limitations."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.core.report import SampleAssessment
from tp53annot.core.status import Status
from tp53annot.interpret.assessment.alleles.allelic_state import alleles_of
from tp53annot.interpret.assessment.alleles.hypotheses import hypotheses_of
from tp53annot.interpret.assessment.clonality import clonality_of
from tp53annot.interpret.assessment.diagnosis import mutated_all
from tp53annot.interpret.assessment.findings import Findings
from tp53annot.interpret.assessment.germline import germline_flag
from tp53annot.interpret.assessment.haematopoiesis import haematopoiesis_reasons
from tp53annot.interpret.assessment.limitations import limitations_of
from tp53annot.interpret.assessment.plausibility import plausibility_of
from tp53annot.interpret.assessment.statement_facts import statement_facts, tp53_finding
from tp53annot.interpret.assessment.status import status_basis, status_of
from tp53annot.interpret.assessment.summary import splicing_in_summary, summary_of_mutated, summary_of_others
from tp53annot.interpret.assessment.warnings import warnings_of
from tp53annot.interpret.notes import select_notes
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.knowledge.statements import Statement


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
    alleles = alleles_of(findings, status, rules)
    germline, germline_reasons = germline_flag(findings, rules)
    haematopoiesis = haematopoiesis_reasons(findings, rules)
    clonality = clonality_of(findings, rules.limits)
    all_mutated, why_open = mutated_all(findings, status, rules)
    if status is Status.MUTATED:
        summary = summary_of_mutated(findings, alleles, why_open, rules)
    else:
        summary = summary_of_others(findings, status, rules)
    found = tp53_finding(findings, status, alleles, clonality, germline, rules)
    facts = statement_facts(findings.context, found, rules)
    all_ = findings.word("diagnosis") not in rules.groups.other_diagnoses
    return SampleAssessment(
        status=status.value,
        tp53_mutated_all=all_mutated,
        tp53_mutated_all_reason=why_open,
        allelic_state=alleles.state.value,
        allelic_state_basis=alleles.basis,
        allelic_hypotheses=hypotheses_of(findings, rules),
        germline_flag=germline,
        germline_reasons=germline_reasons,
        clonal_haematopoiesis_flag=bool(haematopoiesis),
        clonal_haematopoiesis_reasons=haematopoiesis,
        summary=(*summary, *splicing_in_summary(findings, rules)),
        notes=select_notes(statements, facts, evidence_level, rules) if all_ else (),
        warnings=warnings_of(findings, status, rules),
        plausibility=plausibility_of(findings, rules),
        limitations=limitations_of(findings, rules),
        status_basis=status_basis(findings, status, rules),
        clonality=None if clonality is None else clonality.value,
    )

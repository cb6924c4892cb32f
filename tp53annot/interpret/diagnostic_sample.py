"""A sample in remission or after transplantation, beside the diagnostic sample of the same patient.

Works on report documents, as ``serial.py`` does. A change of the diagnostic sample that is found after transplantation
is the patient's own; in a follow-up that is declared MRD-positive it is the leukaemia's, where the blasts can account
for its VAF. Nothing else lifts what the kind of sample leaves open.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from tp53annot.core.candidate import Flag, ReadSupport
from tp53annot.core.hypotheses import blast_share
from tp53annot.core.status import Status
from tp53annot.core.variant import OncogenicityClass, in_short
from tp53annot.interpret.assessment.diagnosis import donor_open, other_diagnosis, sample_role
from tp53annot.interpret.assessment.measured_vaf import measured_vaf
from tp53annot.interpret.serial import PRESENT, ReportDocument, stated_therapies, stated_word
from tp53annot.knowledge.rules.assessment import AssessmentRules


class Standing(Struct, frozen=True, kw_only=True):
    """Whether the sample is TP53-mutated ALL, and the reason where it is left open."""

    mutated_all: bool | None
    reason: Flag | None


def standing_of(
    document: ReportDocument, course: ReportDocument | None, rules: AssessmentRules
) -> Standing | None:
    """What the comparison says of a mutated sample; ``None`` where its kind leaves nothing open.

    Args:
        document: the sample's report.
        course: the comparison of the patient's samples (``serial``), ``None`` without other samples.
        rules: groups and sentences.
    """
    word = partial(stated_word, document)
    role = sample_role(word, rules)
    donor = donor_open(word, stated_therapies(document), rules)
    reason = role or donor
    mutated = document["assessment"]["status"] == Status.MUTATED
    normal = rules.diagnosis.normal_column.id in document["assessment"]["summary_ids"]
    if reason is None or not mutated or normal or other_diagnosis(word, rules) is not None:
        return None
    left_open = Standing(mutated_all=None, reason=reason)
    diagnostic = None if course is None else _diagnostic(document, course, rules)
    if diagnostic is None or course is None or word("sample_role") in rules.groups.control_roles:
        return left_open
    shared = _changes(document, course, diagnostic, PRESENT)
    if shared and _leukaemia(document, word("mrd_status"), role, shared, rules):
        return Standing(mutated_all=True, reason=None)
    words, source = rules.diagnosis, rules.sources.diagnosis
    if shared and role is not None:
        flag = words.persists.flag(source, variants=_names(shared), sample=diagnostic)
        return Standing(mutated_all=None, reason=flag)
    new = _changes(document, course, diagnostic, ("absent",))
    if new and not shared:
        flag = words.not_diagnostic.flag(source, variants=_names(new), sample=diagnostic)
        return Standing(mutated_all=None, reason=flag)
    return left_open


def _diagnostic(document: ReportDocument, course: ReportDocument, rules: AssessmentRules) -> str | None:
    """The name of the patient's first diagnostic sample, where it is another one."""
    groups = rules.groups
    return next(
        (
            str(s["sample"])
            for s in course["samples"]
            if s["sample"] != document["sample"]
            and s["role"] not in (*groups.remission_roles, *groups.control_roles)
            and (s["role"] in groups.diagnostic_roles or s["phase"] in groups.diagnostic_phases)
        ),
        None,
    )


def _changes(
    document: ReportDocument, course: ReportDocument, diagnostic: str, states: Sequence[str]
) -> list[ReportDocument]:
    """Oncogenic changes that this sample reports, by what the diagnostic sample says of them."""
    found = []
    for change in course["variants"]:
        points = {p["sample"]: p for p in change["points"]}
        here, there = points.get(document["sample"]), points.get(diagnostic)
        oncogenic = OncogenicityClass(change["class"]).is_oncogenic
        if oncogenic and here and there and here["state"] == "reported" and there["state"] in states:
            found.append(change | {"here": here})
    return found


def _names(changes: Sequence[ReportDocument]) -> str:
    return "; ".join(f"{c['hgvs_p_short']} ({in_short(c['hgvs_c'])})" for c in changes)


def _leukaemia(
    document: ReportDocument,
    mrd: str | None,
    role: Flag | None,
    shared: Sequence[ReportDocument],
    rules: AssessmentRules,
) -> bool:
    """After transplantation the patient's own; in a follow-up only where MRD is positive and accounts for the VAF."""
    followed = role is None or (role.id == rules.diagnosis.mrd.id and mrd == "positive")
    return followed and any(_accounted(document, c["here"], rules) for c in shared)


def _accounted(document: ReportDocument, point: ReportDocument, rules: AssessmentRules) -> bool:
    """Whether the declared blasts can give the VAF; open where either is not stated, and then it does not count."""
    limits = rules.limits
    percentage = (document["context"].get("blast_pct") or {}).get("value")
    blasts = blast_share(percentage, limits.blast_tolerance_points, limits.blast_tolerance_share)
    support = ReadSupport(vaf=point["vaf"], depth=point["depth"], alt_reads=point["alt_reads"])
    vaf = measured_vaf(support, rules)
    return blasts is not None and vaf is not None and vaf.low <= blasts.high

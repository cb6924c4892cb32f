"""Whether a mutated sample is TP53-mutated ALL: a sample of the leukaemia, of a patient with ALL, and why not."""

from __future__ import annotations

from collections.abc import Callable

from tp53annot.core.candidate import Flag
from tp53annot.core.status import Status
from tp53annot.core.text import in_per_cent
from tp53annot.interpret.assessment.findings import Findings, names_with_vaf
from tp53annot.interpret.assessment.measured_vaf import blasts_in_words, blasts_of, measured
from tp53annot.knowledge.rules.assessment import AssessmentRules, ContextGroups

Word = Callable[[str], str | None]  # value of a context field that holds one word


def mutated_all(
    findings: Findings, status: Status, rules: AssessmentRules
) -> tuple[bool | None, Flag | None]:
    """True, false or open, and the reason where it is not true."""
    reason = (
        other_diagnosis(findings.word, rules)
        or no_leukaemia_sample(findings, rules)
        or donor_open(findings.word, therapies_of(findings), rules)
    )
    if reason is not None:
        return None, reason
    return _by_status(findings, status, rules)


def no_leukaemia_sample(findings: Findings, rules: AssessmentRules) -> Flag | None:
    """Why a sample is not one of the leukaemia: a normal column of its file, a control, in remission, for MRD."""
    if findings.is_normal:
        return rules.diagnosis.normal_column.flag(rules.sources.roles)
    return sample_role(findings.word, rules)


def sample_role(word: Word, rules: AssessmentRules) -> Flag | None:
    """The same, of a context."""
    words, source, groups = rules.diagnosis, rules.sources.diagnosis, rules.groups
    role, phase = word("sample_role"), word("disease_phase")
    if declared_control(word, groups):
        return words.control.flag(source)
    if role in groups.mrd_roles:
        return words.mrd.flag(source)
    if role in groups.remission_roles:
        return words.remission.flag(source)
    # A role says what the sample is, a phase where the patient's course stands.
    exceptions = rules.leukaemia_sample.remission_exceptions
    if phase in groups.remission_phases and role not in exceptions:
        return words.remission.flag(source)
    return None


def declared_control(word: Word, groups: ContextGroups) -> bool:
    """Whether the sample is declared as a germline control, by its role or by what it is of."""
    return word("sample_role") in groups.control_roles or word("specimen_type") in groups.control_specimens


def in_remission(findings: Findings, rules: AssessmentRules) -> bool:
    """Whether the sample is of a patient in remission or followed for MRD; a control is neither."""
    words, reason = rules.diagnosis, no_leukaemia_sample(findings, rules)
    return reason is not None and reason.id in (words.remission.id, words.mrd.id)


def is_control(findings: Findings, rules: AssessmentRules) -> bool:
    """Whether the sample is of cells that are not blood or marrow, or a normal by declaration or by its file."""
    words, reason = rules.diagnosis, no_leukaemia_sample(findings, rules)
    return reason is not None and reason.id in (words.control.id, words.normal_column.id)


def other_diagnosis(word: Word, rules: AssessmentRules) -> Flag | None:
    """Why the patient's disease is not, or not surely, ALL; a lineage of ALL is a declared diagnosis."""
    words, source, groups = rules.diagnosis, rules.sources.diagnosis, rules.groups
    diagnosis, lineage = word("diagnosis"), word("lineage")
    if diagnosis in groups.other_diagnoses and lineage in groups.all_lineages:
        return words.contradiction.flag(source, diagnosis=_plain(diagnosis), lineage=lineage)
    if declared_other(word, rules):
        return words.other.flag(source)
    if diagnosis is None and lineage not in groups.all_lineages:
        return words.unknown.flag(source)
    return None


def declared_other(word: Word, rules: AssessmentRules) -> bool:
    """Whether the patient's disease is declared to be another one than ALL."""
    groups = rules.groups
    return word("diagnosis") in groups.other_diagnoses or word("lineage") in groups.other_lineages


def diagnosis_contradicts(findings: Findings, groups: ContextGroups) -> bool:
    """Whether the declared diagnosis and the declared lineage cannot both be."""
    lineage = findings.word("lineage")
    field = findings.context.get("diagnosis")
    if field is None or field.origin != "declared":
        return False
    return lineage in (
        groups.all_lineages if field.value in groups.other_diagnoses else groups.other_lineages
    )


def donor_open(word: Word, therapies: tuple[str, ...], rules: AssessmentRules) -> Flag | None:
    """Why a variant may be the donor's: a sample after transplantation whose donor was not checked."""
    words, source = rules.diagnosis, rules.sources.diagnosis
    checked = word("donor_tp53")
    if donors_variant(word, rules.groups):
        return words.donor.flag(source)
    if checked == "absent" or not transplanted(word, therapies, rules.groups):
        return None
    return words.transplanted.flag(source)


def can_be_the_donors(word: Word, therapies: tuple[str, ...], rules: AssessmentRules) -> bool:
    """Whether the cells of a sample may be the donor's: not those of fibroblasts or hair, which stay the recipient's."""
    if word("specimen_type") in rules.groups.recipient_specimens:
        return False
    return donor_open(word, therapies, rules) is not None


def donors_variant(word: Word, groups: ContextGroups) -> bool:
    """Whether the variant is declared as the donor's; a sample from before the transplantation has none of theirs."""
    before = _before_transplantation(word, groups) and word("prior_allo_hsct") != "yes"
    return word("donor_tp53") == "present" and not before


def between_transplant_and_relapse(word: Word, rules: AssessmentRules) -> bool:
    """Whether the sample is declared to be from after a transplantation, and not of a relapse."""
    limits = rules.leukaemia_sample
    return (
        word("disease_phase") in limits.transplant_phases
        and word("sample_role") not in limits.transplant_exceptions
    )


def shows_the_donor(findings: Findings, rules: AssessmentRules) -> bool:
    """Whether the blood of a sample without leukaemia can be the donor's, and its germline variants with it."""
    word = findings.word
    other = no_leukaemia_sample(findings, rules) is not None or between_transplant_and_relapse(word, rules)
    return other and can_be_the_donors(word, therapies_of(findings), rules)


def _before_transplantation(word: Word, groups: ContextGroups) -> bool:
    return word("sample_role") in groups.diagnostic_roles or word("disease_phase") in groups.diagnostic_phases


def transplanted(word: Word, therapies: tuple[str, ...], groups: ContextGroups) -> bool:
    """Whether the sample is declared to be from after an allogeneic transplantation."""
    if word("prior_allo_hsct") == "yes":
        return True
    if _before_transplantation(word, groups):
        return False
    before = "allo_hsct" in therapies and word("therapy_timing") == "previous"
    done = word("hsct_status") == "done" or word("mrd_timepoint") == "post_hsct"
    return before or done or word("disease_phase") == "post_hsct"


def therapies_of(findings: Findings) -> tuple[str, ...]:
    """The declared therapies."""
    field = findings.context.get("therapy")
    return field.value if field is not None and isinstance(field.value, tuple) else ()


def _by_status(findings: Findings, status: Status, rules: AssessmentRules) -> tuple[bool | None, Flag | None]:
    words, source = rules.diagnosis, rules.sources.diagnosis
    if status is Status.MUTATED:
        reason = _unexplained(findings, rules)
        return (True, None) if reason is None else (None, reason)
    if status is Status.NOT_DETECTED:
        few = _few_blasts(findings, rules)
        return (False, words.not_detected.flag(source)) if few is None else (None, few)
    reasons = {
        Status.DELETION_ONLY: words.deletion_only,
        Status.LOW_LEVEL: words.low_level,
        Status.UNCERTAIN: words.uncertain,
        Status.INCOMPLETE: words.left_open if findings.required_assessed else words.incomplete,
    }
    return None, reasons[status].flag(source)


def _few_blasts(findings: Findings, rules: AssessmentRules) -> Flag | None:
    """When the declared blasts are too few for a variant of all of them to be seen at the reporting threshold."""
    blasts = findings.number("blast_pct")
    if blasts is None or blasts / 100 / 2 >= findings.report_vaf:
        return None
    return rules.diagnosis.few_blasts.flag(
        rules.sources.diagnosis,
        blasts=blasts,
        expected=blasts / 100 / 2,
        threshold=in_per_cent(findings.report_vaf),
    )


def _unexplained(findings: Findings, rules: AssessmentRules) -> Flag | None:
    """When the blasts give no variant's VAF, not even with both alleles hit; a germline variant is theirs, too."""
    blasts = blasts_of(findings, rules)
    if blasts is None or findings.word("germline_status") == "confirmed":
        return None
    vafs = [measured(v, rules) for v in findings.above]
    if any(
        vaf is None or vaf.low <= blasts.high for vaf in vafs
    ):  # copy-neutral loss gives the most: all blasts
        return None
    return rules.diagnosis.unexplained.flag(
        rules.sources.diagnosis,
        blasts=blasts_in_words(blasts, rules),
        variants=names_with_vaf(findings.above),
    )


def _plain(value: str | None) -> str:
    return (value or "").replace("_", " ")

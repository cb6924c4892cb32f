"""What the conditions of statements ask for: the clinical context, and the fields that are derived from the sample."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.report import ContextValue
from tp53annot.core.status import AllelicState, Clonality, SecondHit, Status
from tp53annot.interpret.assessment.alleles.allelic_state import Alleles
from tp53annot.interpret.assessment.alleles.second_hit import low_hypodiploid
from tp53annot.interpret.assessment.diagnosis import declared_other, sample_role
from tp53annot.interpret.assessment.findings import Findings, highest_vaf
from tp53annot.interpret.assessment.germline import published_pathogenic
from tp53annot.knowledge.rules.assessment import AssessmentRules

Context = Mapping[str, ContextValue]
# Fields of the context that decide whether the sample is of the leukaemia.
LEUKAEMIA_FIELDS = ("sample_role", "disease_phase", "specimen_type", "diagnosis", "lineage")


class Tp53Finding(Struct, frozen=True, kw_only=True):
    """What a sample showed of TP53, as statements ask for it.

    Attributes:
        status: of the sample.
        allelic_state: as assessed.
        max_vaf: highest stated VAF (0..1) of its oncogenic variants, ``None`` without one.
        clonality: of the strongest variant, ``None`` without one.
        germline_flag: the report's own.
        second_hit: what hit the other allele beside a mutation; ``none`` where the evidence shows nothing.
        germline_published: whether a reported variant is published as a pathogenic germline variant.
        normal: whether the file itself calls the sample a normal.
        ploidy: what the karyotype's clone shows, ``None`` where it shows none that statements ask for.
    """

    status: Status
    allelic_state: AllelicState
    max_vaf: float | None = None
    clonality: Clonality | None = None
    germline_flag: str = "not_suspected"
    second_hit: SecondHit = SecondHit.NONE
    germline_published: bool = False
    normal: bool = False
    ploidy: str | None = None


def tp53_finding(
    findings: Findings,
    status: Status,
    alleles: Alleles,
    clonality: Clonality | None,
    germline: str,
    rules: AssessmentRules,
) -> Tp53Finding:
    """The finding of an assessed sample."""
    return Tp53Finding(
        status=status,
        allelic_state=alleles.state,
        max_vaf=highest_vaf(findings.oncogenic),
        clonality=clonality,
        germline_flag=germline,
        second_hit=SecondHit.NONE if alleles.second_hit is SecondHit.UNKNOWN else alleles.second_hit,
        germline_published=any(published_pathogenic(v, rules) is not None for v in findings.variants),
        normal=findings.is_normal,
        ploidy=rules.groups.hypodiploid[0] if low_hypodiploid(findings, rules) else None,
    )


def leukaemia_sample(context: Context, rules: AssessmentRules, *, normal: bool) -> str:
    """``yes``, or ``no`` for a sample that was declared to be of something else than the patient's ALL.

    Args:
        context: as declared.
        rules: of the assessment.
        normal: whether the input calls the sample a normal.
    """

    def word(field: str) -> str | None:
        value = context[field].value if field in context else None
        return value if isinstance(value, str) else None

    limits = rules.leukaemia_sample
    other = (
        normal
        or sample_role(word, rules) is not None
        or declared_other(word, rules)
        or (
            word("disease_phase") in limits.transplant_phases
            and word("sample_role") not in limits.transplant_exceptions
        )
    )
    return "no" if other else "yes"


def statement_facts(context: Context, found: Tp53Finding, rules: AssessmentRules) -> dict[str, object]:
    """The context's values by field, and every derived field of the statements' grammar."""
    facts: dict[str, object] = {name: entry.value for name, entry in context.items()}
    return facts | {
        "tp53_status": found.status,
        "tp53_allelic_state": AllelicState.UNKNOWN
        if found.allelic_state is AllelicState.NONE
        else found.allelic_state,
        "tp53_max_vaf": found.max_vaf,
        "tp53_clonality": found.clonality,
        "leukaemia_sample": leukaemia_sample(context, rules, normal=found.normal),
        "ploidy": facts.get("ploidy") or found.ploidy,
        "germline_flag": found.germline_flag,
        "second_hit": found.second_hit,
        "tp53_germline_published": "yes" if found.germline_published else "no",
    }

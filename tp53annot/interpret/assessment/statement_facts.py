"""What the conditions of statements ask for: the clinical context, and the fields that are derived from the sample."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.copy_number import CopySource, CopyState
from tp53annot.core.report import ContextValue
from tp53annot.core.status import AllelicState, Clonality, SecondHit, Status
from tp53annot.interpret.assessment.alleles.allelic_state import Alleles
from tp53annot.interpret.assessment.alleles.ploidy import ploidy_of
from tp53annot.interpret.assessment.diagnosis import (
    between_transplant_and_relapse,
    declared_other,
    donors_variant,
    sample_role,
)
from tp53annot.interpret.assessment.findings import Findings, highest_vaf
from tp53annot.interpret.assessment.germline import published_pathogenic
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.knowledge.statements import NOT_KNOWN

Context = Mapping[str, ContextValue]
# Fields of the context that decide whether the sample is of the leukaemia.
LEUKAEMIA_FIELDS = (
    *("sample_role", "disease_phase", "specimen_type", "diagnosis", "lineage"),
    *("donor_tp53", "prior_allo_hsct"),
)


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
        ploidy: as declared or by the number of chromosomes, ``None`` where neither tells one that statements ask for.
        deletion_17p: what evidence says that stands for an undeclared ``del17p_status``, ``None`` where it leaves it open.
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
    deletion_17p: str | None = None


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
        ploidy=ploidy_of(findings, rules),
        deletion_17p=deletion_of_17p(findings),
    )


def deletion_of_17p(findings: Findings) -> str | None:
    """``present`` where evidence states a loss of the whole gene, ``absent`` where it states both copies; else ``None``.

    FISH, a table, a called record and a karyotype all tell a loss; banding does not see a small one, so a normal
    karyotype excludes none.
    """
    evidence = findings.copies.evidence
    strong = [e for e in evidence if not e.source.is_weak]
    lost = any(e.state is CopyState.LOSS and not e.exons for e in strong)
    kept = any(
        e.state in (CopyState.NORMAL, CopyState.GAIN) and e.source is not CopySource.KARYOTYPE for e in strong
    )
    if lost == kept:
        return None
    return "present" if lost else "absent"


def _first_relapse(number: object) -> str:
    """``no`` for a relapse that is declared as a later one."""
    return "no" if isinstance(number, int) and number > 1 else "yes"


def _first_known(declared: object, read: str | None) -> object:
    """What is declared, unless that is only that it is not known."""
    return read or declared if declared in (None, *NOT_KNOWN) else declared


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

    other = (
        normal
        or sample_role(word, rules) is not None
        or declared_other(word, rules)
        or between_transplant_and_relapse(word, rules)
        or donors_variant(word, rules.groups)
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
        "del17p_status": _first_known(facts.get("del17p_status"), found.deletion_17p),
        "germline_flag": found.germline_flag,
        "second_hit": found.second_hit,
        "tp53_germline_published": "yes" if found.germline_published else "no",
        "first_relapse": _first_relapse(facts.get("relapse_number")),
    }

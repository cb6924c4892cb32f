"""A variant of the leukaemia, beside samples of the same patient that are not of it.

Works on report documents, as ``serial.py`` does. What a sample of other cells (a germline control, remission, follow-up)
shows at a germline variant's VAF is a reason for a germline origin wherever the patient has the variant. A sample from
after a transplantation without a check of the donor shows the donor's cells and is no such sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct

from tp53annot.core.candidate import Flag
from tp53annot.core.variant import in_short
from tp53annot.interpret.assessment.diagnosis import donor_open, sample_role
from tp53annot.interpret.serial import ReportDocument, stated_therapies, stated_word
from tp53annot.knowledge.rules.assessment import AssessmentRules


class SeenInOtherCells(Struct, frozen=True, kw_only=True):
    """A change in a sample that is not of the leukaemia.

    Attributes:
        sample: name of the sample.
        hgvs_c: the change.
        vaf: its VAF there (0..1), high enough for a germline variant.
    """

    sample: str
    hgvs_c: str
    vaf: float


def in_other_cells(
    documents: Sequence[ReportDocument], rules: AssessmentRules
) -> tuple[SeenInOtherCells, ...]:
    """Every reported change of the patient's samples of other cells, at a germline variant's VAF."""
    return tuple(
        SeenInOtherCells(sample=str(document["sample"]), hgvs_c=str(v["hgvs_c"]), vaf=float(v["vaf"]))
        for document in documents
        if _of_other_cells(document, rules)
        for v in document["variants"]
        if v["vaf"] is not None and v["vaf"] >= rules.limits.germline_vaf_remission
    )


def germline_beside(
    document: ReportDocument, seen: Sequence[SeenInOtherCells], rules: AssessmentRules
) -> tuple[Flag, ...]:
    """Reasons for a germline origin of the document's own variants; none for a sample of other cells itself."""
    if _of_other_cells(document, rules):
        return ()
    return tuple(_reasons(document, seen, rules))


def _reasons(
    document: ReportDocument, seen: Sequence[SeenInOtherCells], rules: AssessmentRules
) -> Iterator[Flag]:
    for variant in document["variants"]:
        for found in seen:
            if found.hgvs_c == variant["hgvs_c"] and found.sample != document["sample"]:
                yield rules.germline.other_cells.flag(
                    rules.sources.germline,
                    variant=_name(variant),
                    vaf=found.vaf,
                    sample=found.sample,
                )


def _name(variant: ReportDocument) -> str:
    short = in_short(variant["hgvs_c"])
    return f"{variant['hgvs_p_short']} ({short})" if variant["hgvs_p_short"] else short


def _of_other_cells(document: ReportDocument, rules: AssessmentRules) -> bool:
    word = partial(stated_word, document)
    therapies = stated_therapies(document)
    return sample_role(word, rules) is not None and donor_open(word, therapies, rules) is None

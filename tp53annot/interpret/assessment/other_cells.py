"""A variant of the leukaemia, beside samples of the same patient that are not of it.

Works on report documents, as ``serial.py`` does. What a sample of other cells (a germline control, remission, follow-up)
shows at a germline variant's VAF is a reason for a germline origin wherever the patient has the variant; that it lacks
the variant, in reads enough, is one against it. A sample from after a transplantation without a check of the donor shows
the donor's cells and is no such sample, unless it is of fibroblasts or hair, which stay the recipient's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct

from tp53annot.core.candidate import Flag
from tp53annot.core.text import in_per_cent
from tp53annot.core.variant import in_short
from tp53annot.interpret.assessment.diagnosis import can_be_the_donors, sample_role
from tp53annot.interpret.serial import (
    ReportDocument,
    SerialChange,
    ToCore,
    changes_of,
    sighting,
    stated_therapies,
    stated_word,
)
from tp53annot.knowledge.rules.assessment import AssessmentRules


class SeenInOtherCells(Struct, frozen=True, kw_only=True):
    """A change of the patient in a sample that is not of the leukaemia, which has it or lacks it.

    Attributes:
        sample: name of the sample.
        hgvs_c: the change.
        vaf: its VAF there (0..1), high enough for a germline variant; ``None`` where the sample lacks it.
        depth: reads of a sample that lacks it, ``None`` where its coverage tells.
        alt_reads: of them, with the change.
        excluded_vaf: the lowest VAF (0..1) that the coverage excludes, ``None`` where reads tell.
    """

    sample: str
    hgvs_c: str
    vaf: float | None = None
    depth: int | None = None
    alt_reads: int | None = None
    excluded_vaf: float | None = None


def in_other_cells(
    documents: Sequence[ReportDocument], rules: AssessmentRules, to_core: ToCore
) -> tuple[SeenInOtherCells, ...]:
    """Every reported change that the patient's samples of other cells have at a germline variant's VAF, or surely lack.

    Args:
        documents: reports of the patient's samples.
        rules: of the assessment.
        to_core: position and assembly to GRCh38 position.
    """
    changes = changes_of(documents, to_core)
    found = (
        _seen(change, document, rules, to_core)
        for document in documents
        if _of_other_cells(document, rules)
        for change in changes
    )
    return tuple(seen for seen in found if seen is not None)


def _seen(
    change: SerialChange, document: ReportDocument, rules: AssessmentRules, to_core: ToCore
) -> SeenInOtherCells | None:
    """``None`` where the sample tells neither: a low VAF, too few reads, no coverage."""
    limits, name, hgvs_c = rules.limits, str(document["sample"]), change.hgvs_c
    for v in document["variants"]:
        if v["hgvs_c"] == hgvs_c and v["vaf"] is not None and v["vaf"] >= limits.germline_vaf_remission:
            return SeenInOtherCells(sample=name, hgvs_c=hgvs_c, vaf=float(v["vaf"]))
    of_rna = (document.get("platform") or {}).get("molecule") == "rna"
    stated = [v for key in ("variants", "rejected") for v in document[key] if v["hgvs_c"] == hgvs_c]
    for v in stated:
        deep = v["depth"] is not None and v["depth"] >= limits.germline_normal_depth
        if deep and not of_rna and v["vaf"] is not None and v["vaf"] <= limits.germline_normal_absent_vaf:
            reads = round(v["vaf"] * v["depth"]) if v["alt_reads"] is None else v["alt_reads"]
            return SeenInOtherCells(sample=name, hgvs_c=hgvs_c, depth=v["depth"], alt_reads=reads)
    there = sighting(change, document, to_core)
    if stated or there.state != "absent" or there.excluded_vaf is None:
        return None
    if there.excluded_vaf > limits.germline_normal_absent_vaf:
        return None
    return SeenInOtherCells(sample=name, hgvs_c=hgvs_c, excluded_vaf=there.excluded_vaf)


def acquitted(
    document: ReportDocument,
    reasons: Sequence[Flag],
    seen: Sequence[SeenInOtherCells],
    rules: AssessmentRules,
) -> bool:
    """Whether every variant that the document's own reasons suspect is one that other cells of the patient lack.

    What its own matched normal sample shows, or what is declared, is no such reason and stands.
    """
    words = rules.germline
    lacking = {s.hgvs_c for s in seen if s.vaf is None} - {s.hgvs_c for s in seen if s.vaf is not None}
    names = tuple(f"{_name(v)}:" for v in document["variants"] if v["hgvs_c"] in lacking)
    open_to_it = {
        *(words.caller.id, words.unexplained.id, words.known_allele.id, words.family.id, words.age.id),
        *(words.hypodiploid.id, words.compatible.id),
    }
    final = {words.normal.id, words.normal_only.id, words.remission.id}
    declared = stated_word(document, "germline_status") == "suspected"
    if declared or not names or any(flag.id in final for flag in reasons):
        return False
    return all(flag.text.startswith(names) for flag in reasons if flag.id in open_to_it)


def germline_beside(
    document: ReportDocument, seen: Sequence[SeenInOtherCells], rules: AssessmentRules
) -> tuple[Flag, ...]:
    """Reasons for and against a germline origin of the document's own variants; none for a sample of other cells itself."""
    if _of_other_cells(document, rules):
        return ()
    return tuple(_reasons(document, seen, rules))


def _reasons(
    document: ReportDocument, seen: Sequence[SeenInOtherCells], rules: AssessmentRules
) -> Iterator[Flag]:
    words, source = rules.germline, rules.sources.germline
    for variant in document["variants"]:
        for found in seen:
            if found.hgvs_c != variant["hgvs_c"] or found.sample == document["sample"]:
                continue
            name, sample = _name(variant), found.sample
            if found.vaf is not None:
                yield words.other_cells.flag(source, variant=name, vaf=found.vaf, sample=sample)
            elif found.excluded_vaf is not None:
                limit = in_per_cent(found.excluded_vaf)
                yield words.other_cells_assessed.flag(source, variant=name, sample=sample, limit=limit)
            else:
                yield words.other_cells_without.flag(
                    source, variant=name, sample=sample, reads=found.alt_reads, depth=found.depth
                )


def _name(variant: ReportDocument) -> str:
    short = in_short(variant["hgvs_c"])
    return f"{variant['hgvs_p_short']} ({short})" if variant["hgvs_p_short"] else short


def _of_other_cells(document: ReportDocument, rules: AssessmentRules) -> bool:
    word = partial(stated_word, document)
    if sample_role(word, rules) is None:
        return False
    return not can_be_the_donors(word, stated_therapies(document), rules)

"""Numbers in the sentences of a report as its language writes them: 0,43 and 1.000 in German.

The sentences are made with the numbers of English and changed once, when the report is whole. Names of changes,
transcripts, versions and files have a letter, a point or an underscore beside their numbers and stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from tp53annot.core.candidate import Flag
from tp53annot.core.platform import Platform
from tp53annot.report.format import Words
from tp53annot.report.model.assessment import Assessment
from tp53annot.report.model.course import Course
from tp53annot.report.model.report import Report
from tp53annot.report.model.variant import Variant

_THOUSANDS = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+)(?![\w,])")
_DECIMAL = re.compile(r"(?<![\w.:,/])(\d+)\.(\d+)(?![\w/]|\.\w)")
_RULES = "rules"  # sentences of the other files of rules/
_OF_RULES = ("reads", "remarks")
_PERCENT = re.compile(r"(?<=\d)%")


def with_local_numbers(report: Report, words: Words) -> Report:
    """The report with its own sentences' numbers as the language writes them; what studies say stays as printed."""
    if words["decimal"] == ".":
        return report
    copies = report.copy_number
    if copies:
        basis = tuple(replace(b, text=local_sentence(b.text, words)) for b in copies.basis)
        copies = replace(copies, basis=basis)
    return replace(
        report,
        assessment=_assessment(report.assessment, words),
        copy_number=copies,
        platform=report.platform and _platform(report.platform, words),
        variants=tuple(_variant(v, words) for v in report.variants),
        rejected=tuple(_variant(v, words) for v in report.rejected),
        serial=report.serial and course_with_local_numbers(report.serial, words),
    )


def course_with_local_numbers(course: Course, words: Words) -> Course:
    """The same for the comparison of a patient's samples."""
    if words["decimal"] == ".":
        return course
    return replace(course, summary=_flags(course.summary, words))


def _assessment(a: Assessment, words: Words) -> Assessment:
    reason = a.tp53_mutated_all_reason
    return replace(
        a,
        summary=local_sentence(a.summary, words),
        tp53_mutated_all_reason=None if reason is None else local_sentence(reason, words),
        allelic_state_basis=_flags(a.allelic_state_basis, words),
        allelic_hypotheses=a.allelic_hypotheses
        and tuple(replace(h, reason=local_sentence(h.reason, words)) for h in a.allelic_hypotheses),
        germline_reasons=_flags(a.germline_reasons, words),
        clonal_haematopoiesis_reasons=_flags(a.clonal_haematopoiesis_reasons, words),
        status_basis=_flags(a.status_basis, words),
        plausibility=a.plausibility
        and tuple(replace(r, text=local_sentence(r.text, words)) for r in a.plausibility),
        warnings=_flags(a.warnings, words),
        limitations=_flags(a.limitations, words),
    )


def _platform(platform: Platform, words: Words) -> Platform:
    source, note = (text and local_sentence(text, words) for text in (platform.source, platform.note))
    return replace(platform, source=source, note=note)


def _variant(v: Variant, words: Words) -> Variant:
    """Reasons of filters, class and germline class; those of the classes only where the language has them."""
    v = replace(v, filters_failed=_sentences(v.filters_failed, words))
    if _RULES not in words:
        return v
    found = v.classification
    criteria = tuple(replace(c, reason=local_sentence(c.reason, words)) for c in found.criteria)
    v = replace(v, classification=replace(found, criteria=criteria))
    if v.germline_class is None:
        return v
    met = tuple(replace(c, reason=local_sentence(c.reason, words)) for c in v.germline_class.criteria)
    return replace(v, germline_class=replace(v.germline_class, criteria=met))


def _sentences(flags: Sequence[Flag], words: Words) -> tuple[Flag, ...]:
    """Reasons of filters, whose names are those of their sentences."""
    translated = words.get("assessment", {}).get("filter", {})
    return tuple(replace(f, text=local_sentence(f.text, words)) if f.id in translated else f for f in flags)


def flags_with_local_numbers(flags: Sequence[Flag], words: Words) -> tuple[Flag, ...]:
    """The same for sentences that are added to a finished report."""
    return tuple(flags) if words["decimal"] == "." else _flags(flags, words)


def _flags(flags: Sequence[Flag], words: Words) -> tuple[Flag, ...]:
    """Those of a translated section; a sentence that is left in English keeps its numbers."""
    translated = {*words.get("assessment", {}), *(_OF_RULES if _RULES in words else ())}
    return tuple(
        replace(f, text=local_sentence(f.text, words)) if f.id.split(".")[0] in translated else f
        for f in flags
    )


def local_sentence(text: str, words: Words) -> str:
    """Numbers of one sentence, made once: a second time would take the points of thousands for decimals.

    >>> local_sentence("R175H (c.524G>A, NM_000546.6): VAF 0.43 (430 of 1,000), 5%.", {"decimal": ",", "thousands": "."})
    'R175H (c.524G>A, NM_000546.6): VAF 0,43 (430 of 1.000), 5 %.'
    """
    shown = _DECIMAL.sub(lambda m: f"{m[1]}\0{m[2]}", text)
    shown = _THOUSANDS.sub(lambda m: m[1].replace(",", str(words["thousands"])), shown)
    return _PERCENT.sub(" %", shown.replace("\0", str(words["decimal"])))

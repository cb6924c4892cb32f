"""The facts of a sample that a page shows: specimen, assay, build, transcript, and the patient as far as given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from tp53annot.core.report import ContextValue
from tp53annot.report.format import Words
from tp53annot.report.model.report import Report
from tp53annot.report.wording import local_date, local_number

# In the order of the page; a method or time point stands with the result that it belongs to.
_FIELDS = (
    *("specimen_type", "sample_date", "collection_date", "sample_role", "blast_pct", "sex", "age_years"),
    *("diagnosis", "lineage", "ph_status", "ploidy", "disease_phase", "therapy", "mrd_status"),
    *("del17p_status", "loh17p_status", "karyotype", "fish", "assay"),
)
_WITH = {
    "mrd_status": ("mrd_timepoint", "mrd_method", "mrd_level"),
    "del17p_status": ("del17p_method",),
    "therapy": ("therapy_timing",),
}


class SampleFact(Struct, frozen=True, kw_only=True):
    """One fact; ``assumed``: a default stands in for what was not declared."""

    label: str
    text: str
    assumed: bool = False


def sample_facts(report: Report, words: Words) -> tuple[SampleFact, ...]:
    """What is known of the sample, in the order of the page; what is not stated is left out."""
    return (*_declared(report, words), *_technical(report, words))


def context_value(value: object, words: Words) -> str:
    """A context value as a reader would write it."""
    if isinstance(value, float):
        return local_number(f"{value:g}", words)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return local_date(str(value), words)
    return str(words["context_value"].get(str(value), str(value).replace("_", " ")))


def field_label(name: str, words: Words) -> str:
    """A context field as a reader would call it."""
    return str(words["context_label"].get(name, name.replace("_", " ")))


def _declared(report: Report, words: Words) -> Iterator[SampleFact]:
    if report.patient:
        yield SampleFact(label=words["patient"], text=report.patient)
    for name in _FIELDS:
        field = report.context.get(name)
        beside = [text for other in _WITH.get(name, ()) if (text := _text(report.context.get(other), words))]
        text = _text(field, words)
        if name == "assay" and not text and report.laboratory and report.laboratory.assay:
            yield SampleFact(label=field_label(name, words), text=report.laboratory.assay)
            continue
        if field is None or not text:
            if beside:
                yield SampleFact(label=field_label(name, words), text=", ".join(beside))
            continue
        yield SampleFact(
            label=field_label(name, words),
            text=", ".join([text, *beside]),
            assumed=field.origin == "default",
        )


def _text(field: ContextValue | None, words: Words) -> str:
    if field is None or field.value is None:
        return ""
    values = field.value if isinstance(field.value, tuple) else (field.value,)
    return ", ".join(context_value(value, words) for value in values)


def _technical(report: Report, words: Words) -> Iterator[SampleFact]:
    platform = report.platform
    if platform and (platform.name != "unknown" or platform.molecule != "unknown"):
        shown = [
            words["platform_name"].get(x, x) for x in (platform.name, platform.molecule) if x != "unknown"
        ]
        yield SampleFact(label=words["platform"], text=", ".join(shown))
    yield SampleFact(label=words["assembly"], text=report.assembly)
    if transcript := transcript_of(report):
        yield SampleFact(label=words["transcript"], text=transcript)


def transcript_of(report: Report) -> str | None:
    """The transcript that the names are on, with its version; older reports state it with a variant alone."""
    if report.protein.transcript:
        return report.protein.transcript
    return next((v.transcript for v in (*report.variants, *report.rejected)), None)

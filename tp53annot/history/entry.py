"""What a history keeps of a sample's report, and what a comparison of samples reads of it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from msgspec import Struct
from msgspec.structs import asdict

from tp53annot.core.allele import Build
from tp53annot.core.candidate import is_background
from tp53annot.core.fields import Json
from tp53annot.interpret.serial import ToCore
from tp53annot.knowledge.vocabulary import sampled_on
from tp53annot.report.model.json_form import to_json
from tp53annot.report.model.report import Report
from tp53annot.report.model.sample import EarlierSample, EarlierVariant
from tp53annot.report.model.variant import Variant


def storable(name: str) -> str:
    """A name as the file of a history holds it: bytes that are no UTF-8 are written out.

    >>> storable("S1"), storable("M\\udcfcller")
    ('S1', 'M\\\\udcfcller')
    """
    return name.encode("utf-8", "backslashreplace").decode()


class RecordedChange(Struct, frozen=True, kw_only=True):
    """A change as a sample's report lists it.

    Attributes:
        listed: the report's list it stands in, ``variants`` or ``rejected``.
        pos: of ``ref`` on GRCh38, 1-based, forward strand.
        oncogenicity: the class it had when it was reported.
        vaf: 0..1, ``None`` where it was not stated; ``depth``, ``alt_reads`` as the sample counts them.
        remarks: names of what the report remarked of the call.
        present: seen, reported or held back by a filter: no mere trace, no genotype of the reference.
    """

    listed: str
    hgvs_c: str
    hgvs_p_short: str
    pos: int
    ref: str
    alt: str
    oncogenicity: str
    reportable: bool
    vaf: float | None
    depth: int | None
    alt_reads: int | None
    remarks: tuple[str, ...]
    present: bool


class RecordedSample(Struct, frozen=True, kw_only=True):
    """A sample as a history keeps it.

    Attributes:
        patient: as the sheet names the patient, ``None`` where it does not.
        file: SHA-256 of the file it was reported from; empty where that was a stream.
        context: declared fields of the clinical context with their values.
        coverage: what was assessed, GRCh38; ``None`` where it is unknown.
        platform: the sequencing platform and what was sequenced, as the report states it.
        tool_version: of the tool that reported it.
        number: its place in the order of recording; ``None`` before it is recorded.
        recorded: when it was recorded first, UTC.
    """

    patient: str | None
    sample: str
    file: str
    status: str
    context: Mapping[str, Json]
    coverage: Mapping[str, Json] | None
    platform: Mapping[str, Json] | None = None
    changes: tuple[RecordedChange, ...]
    tool_version: str
    number: int | None = None
    recorded: str | None = None

    @property
    def date(self) -> str | None:
        """The declared day of sampling."""
        return sampled_on(self.context.get)

    @property
    def content(self) -> str:
        """Checksum of what was measured; empty where nothing tells this sample from another."""
        if not self.changes:
            return ""
        seen = sorted((c.hgvs_c, str(c.vaf), str(c.depth), str(c.alt_reads)) for c in self.changes)
        text = json.dumps([seen, self.coverage], sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def recorded_sample(report: Report, to_core: ToCore) -> RecordedSample:
    """What a history keeps of a report.

    Args:
        report: of any build.
        to_core: position and build to GRCh38 position.
    """

    def place(position: int) -> int:
        return to_core(position, report.assembly)

    context = {name: to_json(f.value) for name, f in report.context.items() if f.origin == "declared"}
    inputs = report.provenance.inputs
    return RecordedSample(
        patient=None if report.patient is None else storable(report.patient),
        sample=storable(report.sample),
        file=inputs[0].sha256 if inputs else "",
        status=report.assessment.status,
        context=context,
        coverage=_coverage(report, place),
        platform=cast(Mapping[str, Json] | None, to_json(report.platform)),
        changes=(
            *(_change(v, "variants", place) for v in report.variants),
            *(_change(v, "rejected", place) for v in report.rejected),
        ),
        tool_version=report.provenance.tool_version,
    )


def _change(v: Variant, listed: str, place: Callable[[int], int]) -> RecordedChange:
    return RecordedChange(
        listed=listed,
        hgvs_c=v.hgvs_c,
        hgvs_p_short=v.hgvs_p_short,
        pos=place(v.pos),
        ref=v.ref,
        alt=v.alt,
        oncogenicity=str(v.classification.oncogenicity),
        reportable=v.reportable,
        vaf=v.vaf,
        depth=v.depth,
        alt_reads=v.alt_reads,
        remarks=tuple(r.id for r in v.remarks),
        present=not is_background(r.id for r in v.remarks),
    )


def _coverage(report: Report, place: Callable[[int], int]) -> dict[str, Json] | None:
    coverage = report.coverage
    if coverage is None:
        return None
    exons = [{"start": place(e.start), "end": place(e.end), "lod_vaf": e.lod_vaf} for e in coverage.exons]
    gaps = [{"start": place(g.start), "end": place(g.end)} for g in coverage.gaps]
    return {"threshold_vaf": coverage.threshold_vaf, "exons": cast(Json, exons), "gaps": cast(Json, gaps)}


def comparison_document(sample: RecordedSample, name: str, classes: Mapping[str, str]) -> dict[str, object]:
    """A recorded sample in the form that a comparison of samples reads, GRCh38.

    Args:
        sample: as the history has it.
        name: what the comparison calls it.
        classes: classes of today by coding name, where a report of today states them.
    """
    return {
        "sample": name,
        "assembly": Build.GRCH38.value,
        "context": {field: {"value": value} for field, value in sample.context.items()},
        "assessment": {"status": sample.status},
        "coverage": sample.coverage,
        "platform": sample.platform,
        "variants": [_listed(c, classes) for c in sample.changes if c.listed == "variants"],
        "rejected": [_listed(c, classes) for c in sample.changes if c.listed == "rejected"],
    }


def _listed(change: RecordedChange, classes: Mapping[str, str]) -> dict[str, object]:
    shown = asdict(change) | {"remarks": [{"id": name} for name in change.remarks]}
    return shown | {"classification": {"class": classes.get(change.hgvs_c, change.oncogenicity)}}


def earlier_sample(sample: RecordedSample, name: str) -> EarlierSample:
    """A recorded sample as a later report of the patient lists it."""
    reported = [c for c in sample.changes if c.listed == "variants" and c.reportable]
    return EarlierSample(
        sample=name,
        date=sample.date,
        status=sample.status,
        variants=tuple(EarlierVariant(hgvs_c=c.hgvs_c, vaf=c.vaf) for c in reported),
    )


def classes_of(reports: Sequence[Report]) -> dict[str, str]:
    """The class that reports of today give each of their changes."""
    return {v.hgvs_c: str(v.classification.oncogenicity) for r in reports for v in (*r.variants, *r.rejected)}

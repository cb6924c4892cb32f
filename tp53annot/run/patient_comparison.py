"""Samples of one patient, compared, and their reports written again with the comparison.

A comparison needs every sample of the patient, so it follows when all samples are there. It is worked
out from the finished reports alone: any number of jobs, and a resumed run, give the same bytes.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.cohort.row import ReportRow
from tp53annot.cohort.summary import read_row
from tp53annot.core.allele import Build
from tp53annot.core.candidate import Flag
from tp53annot.core.fields import Json
from tp53annot.core.status import AllelicState, Clonality, Status
from tp53annot.errors import Tp53AnnotError
from tp53annot.interpret.assessment.other_cells import (
    SeenInOtherCells,
    acquitted,
    germline_beside,
    in_other_cells,
)
from tp53annot.interpret.assessment.statement_facts import Tp53Finding, statement_facts
from tp53annot.interpret.assessment.summary import mutated_all_sentence
from tp53annot.interpret.diagnostic_sample import Standing, standing_of
from tp53annot.interpret.notes import notes_chosen_again
from tp53annot.interpret.serial import compare_samples
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.knowledge.statements import Statement
from tp53annot.report.format import Words
from tp53annot.report.local_numbers import course_with_local_numbers, flags_with_local_numbers
from tp53annot.report.model.assessment import Assessment
from tp53annot.report.model.course import Course
from tp53annot.report.model.json_form import from_json, to_json
from tp53annot.report.model.report import Report
from tp53annot.run import output_files
from tp53annot.run.jobs import Job
from tp53annot.run.outcomes import JobResult
from tp53annot.run.settings import OutputSettings, RunSettings
from tp53annot.system.progress import Say, silent
from tp53annot.system.workers import run_jobs

if TYPE_CHECKING:
    from tp53annot.history.course import EarlierSamples
    from tp53annot.history.snapshot import HistorySnapshot


class PatientSamples(Struct, frozen=True, kw_only=True):
    """What the samples of one patient come to.

    Attributes:
        course: their course, ``None`` with one sample alone.
        earlier: the recorded ones.
        other_cells: changes seen in those that are not of the leukaemia.
    """

    course: Course | None = None
    earlier: EarlierSamples | None = None
    other_cells: tuple[SeenInOtherCells, ...] = ()


_ALONE = PatientSamples()


class _EvidenceBase(Struct, frozen=True, kw_only=True):
    """The statements, which of them become notes, and the rules and texts in the language of the reports."""

    statements: tuple[Statement, ...]
    level: str
    rules: AssessmentRules
    words: Words


def _evidence(settings: RunSettings, resources: Resources) -> _EvidenceBase:
    rules = resources.rules.assessment(settings.language)
    return _EvidenceBase(
        statements=resources.statements,
        level=settings.evidence,
        rules=rules,
        words=resources.texts(settings.language),
    )


class _Rewrite(Struct, frozen=True, kw_only=True):
    """One report to write again: position of its job, its folder and JSON, and what stands beside it."""

    job: int
    folder: str
    report: bytes
    beside: PatientSamples


def repeated(jobs: Sequence[Job]) -> frozenset[str]:
    """Patients with more than one sample."""
    counts = Counter(job.patient for job in jobs if job.patient)
    return frozenset(patient for patient, n in counts.items() if n > 1)


def link(
    jobs: Sequence[Job],
    results: Sequence[JobResult],
    settings: RunSettings,
    output: OutputSettings,
    history: HistorySnapshot | None = None,
    say: Say = silent,
) -> list[JobResult]:
    """Compare the samples of each patient, recorded ones among them, and write their reports again.

    Returns:
        The results; a sample whose reports could not be written is a failure of its job.
    """
    resources = resources_of(settings.resources)
    patients = compared_patients(jobs, history)
    beside = {p: _patient(p, jobs, results, settings, resources, history) for p in sorted(patients)}
    for remark in (line for found in beside.values() if found.earlier for line in found.earlier.remarks):
        say(remark)
    todo = list(_rewrites(results, beside, _evidence(settings, resources)))
    linked = list(results)
    work = functools.partial(_write, settings=settings, output=output)
    for end in run_jobs(work, todo, output.jobs):
        if end.error is not None and not isinstance(end.error, Tp53AnnotError):
            raise end.error
        if end.error is not None or end.death is not None:
            index = todo[end.index].job
            failure = str(end.error) if end.error else f"{jobs[index].path}: {end.death}"
            linked[index] = replace(linked[index], outcomes=(), failure=failure)
        elif end.result is not None:
            linked[todo[end.index].job] = _with_row(linked[todo[end.index].job], end.result)
    return linked


def _with_row(result: JobResult, row: ReportRow) -> JobResult:
    """The job's result with what the cohort keeps of a report that was written again."""
    rows = (row if outcome.row.report == row.report else outcome.row for outcome in result.outcomes)
    kept = tuple(replace(o, row=now) for o, now in zip(result.outcomes, rows, strict=True))
    return replace(result, outcomes=kept)


def compared_patients(jobs: Sequence[Job], history: HistorySnapshot | None) -> frozenset[str]:
    """Patients with more than one sample in the run, or with recorded ones."""
    if history is None:
        return repeated(jobs)
    from tp53annot.history.entry import storable

    recorded = {p for p, samples in history.recorded.items() if samples}
    return repeated(jobs) | {job.patient for job in jobs if job.patient and storable(job.patient) in recorded}


def compared(
    reports: Sequence[Report],
    settings: RunSettings,
    resources: Resources,
    history: HistorySnapshot | None = None,
) -> list[Report]:
    """Reports held in memory, in their order, with the comparison of each patient's."""
    groups: dict[str, list[Report]] = {}
    for report in reports:
        if report.patient:
            groups.setdefault(report.patient, []).append(report)
    beside = {p: _together(p, group, (), settings, resources, history) for p, group in groups.items()}
    base = _evidence(settings, resources)
    return [_beside(report, beside.get(report.patient or "", _ALONE), base) for report in reports]


def _rewrites(
    results: Sequence[JobResult], beside: Mapping[str, PatientSamples], base: _EvidenceBase
) -> Iterator[_Rewrite]:
    """Reports to write again; not those kept from before that say all of it already."""
    for index, result in enumerate(results):
        for outcome in result.outcomes:
            if outcome.report is None:
                continue
            found = beside.get(outcome.patient or "", _ALONE)
            if outcome.resumed and not outcome.stale:
                report = _read(outcome.report)
                if _beside(report, found, base) == report:
                    continue
            yield _Rewrite(job=index, folder=outcome.folder, report=outcome.report, beside=found)


def _patient(
    patient: str,
    jobs: Sequence[Job],
    results: Sequence[JobResult],
    settings: RunSettings,
    resources: Resources,
    history: HistorySnapshot | None,
) -> PatientSamples:
    own = [(job, r) for job, r in zip(jobs, results, strict=True) if job.patient == patient]
    reports = [_read(o.report) for _, r in own for o in r.outcomes if o.report is not None]
    failed = [_label(job, settings) for job, r in own if not r.outcomes]
    return _together(patient, reports, failed, settings, resources, history)


def _label(job: Job, settings: RunSettings) -> str:
    """What a job without a report is called."""
    if settings.pseudonymise is None:
        return job.label or job.path.name
    from tp53annot.run.record.hidden_names import shown_label

    return shown_label(job, settings)


def _together(
    patient: str,
    reports: Sequence[Report],
    failed: Sequence[str],
    settings: RunSettings,
    resources: Resources,
    history: HistorySnapshot | None,
) -> PatientSamples:
    """The reports of a patient and the recorded samples, compared where there are several."""
    rules = resources.rules.assessment(settings.language)
    documents = [cast(Mapping[str, Json], to_json(report)) for report in reports]
    earlier, given = None, "sheet"
    if history is not None:
        from tp53annot.history.course import in_order
        from tp53annot.run.record.earlier import beside_reports

        earlier = beside_reports(history, patient, reports, rules.serial.unclear)
        if earlier.documents:
            documents, given = in_order(documents, earlier), "recorded"
    if len(documents) + len(failed) < 2:
        return PatientSamples(earlier=earlier)

    def to_core(pos: int, assembly: str) -> int:
        return resources.reference.from_build(pos, Build(assembly))

    found = compare_samples(documents, failed, rules, to_core, given)
    course = course_with_local_numbers(
        from_json(Course, cast(Json, found)), resources.texts(settings.language)
    )
    return PatientSamples(
        course=course, earlier=earlier, other_cells=in_other_cells(documents, rules, to_core)
    )


def _beside(report: Report, beside: PatientSamples, base: _EvidenceBase) -> Report:
    """A report with the comparison, and with what the diagnostic sample says of a later one."""
    serial, rules = beside.course, base.rules
    if report.history is not None:
        listed = beside.earlier.listed if beside.earlier else ()
        report = replace(report, history=replace(report.history, patient_samples=listed))
    report = replace(report, assessment=_with_origin(report, beside.other_cells, base))
    course = None if serial is None else cast(Mapping[str, Json], to_json(serial))
    standing = standing_of(cast(Mapping[str, Json], to_json(report)), course, rules)
    if standing is None:
        return replace(report, serial=serial)
    return replace(report, serial=serial, assessment=_standing(report, standing, rules))


def _with_origin(report: Report, seen: Sequence[SeenInOtherCells], base: _EvidenceBase) -> Assessment:
    """The assessment with what other cells of the patient say of the germline; a declared status stands.

    What an earlier comparison said is taken back first: the sample alone suspects where it has the advice on how a
    germline variant is confirmed.
    """
    before, words, rules = report.assessment, base.rules.germline, base.rules
    compared_ids = (words.other_cells.id, words.other_cells_without.id, words.other_cells_assessed.id)
    own = tuple(flag for flag in before.germline_reasons if flag.id not in compared_ids)
    advised = any(flag.id in (words.advice.id, words.advice_control.id) for flag in own)
    document = cast(Mapping[str, Json], to_json(report))
    beside = germline_beside(document, seen, rules) if seen else ()
    found = [flag for flag in beside if flag.id == words.other_cells.id]
    flag = before.germline_flag
    if flag not in ("confirmed", "excluded"):
        alone = advised and not (beside and acquitted(document, own, seen, rules))
        flag = "suspected" if found or alone else "not_suspected"
    now = replace(
        before,
        germline_flag=flag,
        germline_reasons=(*flags_with_local_numbers(beside, base.words), *own),
        warnings=_with_contradiction(before, found if flag == "excluded" else (), base),
    )
    return now if flag == before.germline_flag else _with_notes(report, now, base)


def _with_contradiction(before: Assessment, found: Sequence[Flag], base: _EvidenceBase) -> tuple[Flag, ...]:
    """The warnings, with one for each reason of another sample that an excluded germline variant contradicts."""
    rules = base.rules
    words = rules.warning.germline_elsewhere
    declared = rules.words.germline_status["excluded"]
    own = (flag for flag in before.warnings if flag.id != words.id)
    against = [words.flag(rules.sources.germline, declared=declared, reason=flag.text) for flag in found]
    return (*own, *flags_with_local_numbers(against, base.words))


def _with_notes(report: Report, now: Assessment, base: _EvidenceBase) -> Assessment:
    """The assessment with the notes that its germline flag, which the comparison changed, asks for."""
    rules = base.rules
    diagnosis = report.context.get("diagnosis")
    if diagnosis is not None and diagnosis.value in rules.groups.other_diagnoses:
        return now  # such a report has no notes
    known = (v.vaf for v in report.variants if v.vaf is not None and v.classification.is_oncogenic)
    found = Tp53Finding(
        status=Status(now.status),
        allelic_state=AllelicState(now.allelic_state),
        max_vaf=max(known, default=None),
        clonality=None if now.clonality is None else Clonality(now.clonality),
        germline_flag=now.germline_flag,
        normal=rules.diagnosis.normal_column.id in now.summary_ids,
    )
    facts = statement_facts(report.context, found, rules)
    notes = notes_chosen_again(now.notes, base.statements, "germline_flag", facts, base.level, rules)
    return replace(now, notes=notes)


def _standing(report: Report, standing: Standing, rules: AssessmentRules) -> Assessment:
    """The assessment with another answer to whether this is TP53-mutated ALL, in its key and in its summary."""
    before, ids = report.assessment, list(report.assessment.summary_ids)
    shown = mutated_all_sentence(report.context, rules)
    sentence = standing.reason or shown
    was = before.tp53_mutated_all_reason or shown.text
    place = next(i for i, name in enumerate(ids) if name.startswith("diagnosis.") or name == shown.id)
    ids[place] = sentence.id
    return replace(
        before,
        tp53_mutated_all=standing.mutated_all,
        tp53_mutated_all_reason=None if standing.reason is None else standing.reason.text,
        summary=before.summary.replace(was, sentence.text, 1),
        summary_ids=tuple(ids),
    )


def _read(report: bytes) -> Report:
    return from_json(Report, json.loads(report))


def _write(item: _Rewrite, *, settings: RunSettings, output: OutputSettings) -> ReportRow:
    resources = resources_of(settings.resources)
    report = _beside(_read(item.report), item.beside, _evidence(settings, resources))
    folder: Path = output.folder / item.folder
    output_files.write_reports(folder, item.folder, report, output.formats, resources, settings.language)
    return read_row(report, folder / f"{item.folder}.tp53.json", resources.rules.cohort.kinds)

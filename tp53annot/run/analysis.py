"""From one job to finished reports: calls -> filters -> names -> class -> assessment -> document."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.allele import Allele, Build
from tp53annot.core.copy_number import CopyEvidence, GeneCopies
from tp53annot.core.fields import Json, Scalar
from tp53annot.core.report import ContextValue, SampleReport
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.core.version import __version__
from tp53annot.errors import UsageError
from tp53annot.interpret.amp_tier import UNDECLARED
from tp53annot.interpret.assessment.findings import Findings
from tp53annot.interpret.assessment.sample import assess
from tp53annot.interpret.assessment.statement_facts import leukaemia_sample
from tp53annot.interpret.calls import Judge
from tp53annot.interpret.context import ContextError, declare, with_lineage
from tp53annot.interpret.copies.allele_balance import balance_evidence, common_polymorphism
from tp53annot.interpret.copies.depth import depth_evidence
from tp53annot.interpret.copies.evidence import declared_evidence, evidence_of, gene_copies
from tp53annot.interpret.filters import Thresholds
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.assessment import AssessmentRules, ContextGroups
from tp53annot.lists.table import is_list
from tp53annot.report.composition import Composer, exon_ratios
from tp53annot.report.document import SCHEMA_VERSION
from tp53annot.report.local_numbers import with_local_numbers
from tp53annot.report.model.json_form import from_json, to_json
from tp53annot.report.model.laboratory import Laboratory
from tp53annot.report.model.report import Report
from tp53annot.report.model.variant import ReadPile
from tp53annot.run.jobs import Job
from tp53annot.run.list_material import from_list
from tp53annot.run.observations import (
    Material,
    Question,
    VcfCopy,
    describe_input,
    from_reads,
    from_vcf,
    job_names,
)
from tp53annot.run.settings import RunSettings
from tp53annot.system.bed import read_bed
from tp53annot.system.file_marks import check_same, marks_of

if TYPE_CHECKING:
    from tp53annot.run.record.hidden_names import HiddenNames


class Analysed(Struct, frozen=True, kw_only=True):
    """A finished report, its build, and the records behind it."""

    report: Report
    build: Build
    records: VcfCopy

    @property
    def document(self) -> dict[str, Json]:
        """The report as plain JSON values."""
        return cast(dict[str, Json], to_json(self.report))


def analyse(job: Job, settings: RunSettings, interpreter: Interpreter) -> Iterator[Analysed]:
    """Every sample of a job, analysed.

    Raises:
        InputError: the job's files cannot be used, or changed on the way.
        UsageError: the declared context is not in the vocabulary.
    """
    marks, interpreter = marks_of(job.files), interpreter.in_language(settings.language)
    with interpreter.resources.guard():
        for analysed in _analyse(job, settings, interpreter):
            check_same(marks)
            yield analysed


def _analyse(job: Job, settings: RunSettings, interpreter: Interpreter) -> Iterator[Analysed]:
    context = _context(job.context, settings, interpreter.resources)
    thresholds = _thresholds(settings, interpreter.resources)
    question = Question(job=job, settings=settings, resources=interpreter.resources, thresholds=thresholds)
    if job.vcf is None:
        materials = from_reads(question)
    elif is_list(job.vcf):
        materials = from_list(question, interpreter)
    else:
        materials = from_vcf(question)
    if job.tables:
        from tp53annot.run.copy_tables import statements_for

        materials = iter(statements_for(job, list(materials), _blasts(context), interpreter.resources))
    for material in materials:
        hidden = _hidden(material, job, settings, interpreter.resources)
        if hidden is not None:
            words = interpreter.resources.rules.assessment(settings.language).warning
            material = hidden.material(material, (words.role_unknown.id, words.column_is_normal.id))
        answer = _report(material, job.patient, context, settings, thresholds, interpreter)
        composer = Composer(interpreter.resources.namer, material.build, interpreter.resources.protein)
        report = composer.report(answer, functools.partial(_pile, material) if material.pile else None)
        report = replace(report, laboratory=_laboratory(settings, thresholds))
        report = with_local_numbers(report, interpreter.resources.texts(settings.language))
        report = report if hidden is None else hidden.report(report)
        yield Analysed(report=report, build=material.build, records=material.records)


def _hidden(material: Material, job: Job, settings: RunSettings, resources: Resources) -> HiddenNames | None:
    """With ``--pseudonymise``, the names that nothing written may hold."""
    if settings.pseudonymise is None:
        return None
    from tp53annot.run.record.hidden_names import hidden_names

    columns = (material.sample, *material.records.header.samples, *job_names(job))
    return hidden_names(job, settings, resources, columns)


def _blasts(context: Mapping[str, ContextValue]) -> float | None:
    """Declared blasts, 0..1."""
    percent = context["blast_pct"].value if "blast_pct" in context else None
    return percent / 100 if isinstance(percent, int | float) else None


def _pile(material: Material, allele: Allele, others: Sequence[Allele]) -> ReadPile | None:
    found = material.pile(allele, others) if material.pile else None
    if found is None:
        return None
    pile = from_json(ReadPile, cast(Json, found))
    return replace(pile, end=pile.start + len(pile.reference) - 1)


def check_context(settings: RunSettings, resources: Resources) -> None:
    """Refuse declared context that the vocabulary does not know.

    Raises:
        UsageError: with the nearest allowed field or value.
    """
    _context(settings.context, settings, resources)


def _context(
    declared: Mapping[str, str], settings: RunSettings, resources: Resources
) -> dict[str, ContextValue]:
    """The context of a sample; what it does not declare is the laboratory's default, else that of the rules."""
    rules = resources.rules.assessment()
    stated = _in_words_of_vocabulary(declared, resources) if declared else declared
    try:
        defaults = {**rules.defaults, **(settings.lab.context if settings.lab else {})}
        return with_lineage(declare(stated, resources.vocabulary, defaults), rules.groups)
    except ContextError as error:
        raise UsageError(f"--context {error}") from error


def _in_words_of_vocabulary(declared: Mapping[str, str], resources: Resources) -> Mapping[str, str]:
    from tp53annot.knowledge.sheet_words import load_sheet_words  # most runs declare nothing
    from tp53annot.run.inputs.words import WordError, canonical_context

    try:
        return canonical_context(declared, resources.vocabulary, load_sheet_words(resources.root))
    except WordError as error:
        raise UsageError(f"--context {error}") from error


def _thresholds(settings: RunSettings, resources: Resources) -> Thresholds:
    return Thresholds.from_rules(
        resources.rules.filters,
        min_vaf=settings.min_vaf,
        report_vaf=settings.report_vaf,
        min_depth=settings.min_depth,
        min_alt_reads=settings.min_alt_reads,
        include_filtered=settings.include_filtered,
    )


def _laboratory(settings: RunSettings, thresholds: Thresholds) -> Laboratory | None:
    """What a report shows of the laboratory: of its own thresholds those that no option has replaced."""
    if settings.lab is None:
        return None
    lab = settings.lab.laboratory
    in_force = tuple(t for t in lab.thresholds if getattr(thresholds, t.name) == t.value)
    return replace(lab, thresholds=in_force)


def shown_settings(settings: RunSettings, thresholds: Thresholds) -> dict[str, Scalar]:
    """The settings as a report prints them, defaults filled in."""
    return settings.as_dict() | {
        "min_vaf": thresholds.min_vaf,
        "report_vaf": thresholds.report_vaf,
        "min_depth": thresholds.min_depth,
        "min_alt_reads": thresholds.min_alt_reads,
    }


def settings_in_force(settings: RunSettings, resources: Resources) -> dict[str, Scalar]:
    """The settings of a run as its reports print them."""
    return shown_settings(settings, _thresholds(settings, resources))


def same_question(report: Report, sample: str, job: Job, settings: RunSettings, resources: Resources) -> bool:
    """Whether a finished report of a sample answers just this job: inputs, settings, context, tables, version."""
    provenance = report.provenance
    wanted = settings_in_force(settings, resources)
    files = [p for p in (job.vcf, job.bam, settings.callable_bed) if p is not None]
    files += [given.path for given in job.tables if given.is_of(sample, labelled=job.label is not None)]
    inputs = tuple(map(describe_input, files))
    if settings.pseudonymise is not None:
        from tp53annot.run.record.hidden_names import hidden_names

        hidden = hidden_names(job, settings, resources)
        assert hidden is not None
        wanted, inputs = hidden.settings(wanted), hidden.inputs(inputs)
    return bool(
        report.schema_version == SCHEMA_VERSION
        and provenance.tool_version == __version__
        and provenance.settings == wanted
        and provenance.inputs == inputs
        and provenance.tables == resources.store.versions()
        and report.context == _context(job.context, settings, resources)
        and report.laboratory == _laboratory(settings, _thresholds(settings, resources))
        and report.patient == job.patient
        and _same_depths(report, job)
        and (report.history is not None) == (settings.history is not None)
    )


def _same_depths(report: Report, job: Job) -> bool:
    """Whether the run's other samples still make the same of the depth of each exon."""
    shown = report.copy_number.exons if report.copy_number else ()
    judged = [exon_ratios(depth.exons) for depth in job.depths.values()]
    return shown in judged if judged else not shown


def _report(
    material: Material,
    patient: str | None,
    context: Mapping[str, ContextValue],
    settings: RunSettings,
    thresholds: Thresholds,
    interpreter: Interpreter,
) -> SampleReport:
    rules = interpreter.resources.rules.assessment(settings.language)
    calls = Judge(
        interpreter=interpreter,
        thresholds=thresholds,
        rules=rules,
        lineage=_lineage(context, rules, normal=material.is_normal),
        in_target=_target(settings, interpreter.resources, material.build),
    ).judged(material.candidates)
    findings = Findings(
        variants=calls.variants,
        rejected=calls.rejected,
        uninterpreted=material.uninterpreted,
        coverage=material.coverage,
        context=context,
        report_vaf=thresholds.report_vaf,
        cis=thresholds.cis,
        has_normal=material.has_normal,
        is_normal=material.is_normal,
        copies=_copies(material, calls.rejected, context, rules, interpreter.resources),
        remarks=(*material.remarks, *calls.remarks),
        rna=_of_rna(material, context, rules.groups),
        splicing=material.splicing or (),
    )
    return SampleReport(
        sample=material.sample,
        patient=patient,
        build=material.build,
        build_basis=material.basis,
        context=context,
        assessment=assess(findings, interpreter.resources.statements, rules, settings.evidence),
        variants=calls.variants,
        rejected=calls.rejected,
        uninterpreted=material.uninterpreted,
        coverage=material.coverage,
        copies=findings.copies,
        molecules=material.molecules,
        platform=material.platform,
        splicing=material.splicing,
        settings=shown_settings(settings, thresholds),
        inputs=material.inputs,
        tables=interpreter.resources.store.versions(),
    )


def _of_rna(material: Material, context: Mapping[str, ContextValue], groups: ContextGroups) -> bool:
    """Whether the reads are of RNA; where they do not tell, or there are none, whether the declared assay is."""
    if material.platform is not None and material.platform.molecule != "unknown":
        return material.platform.molecule == "rna"
    assay = str(context["assay"].value or "") if "assay" in context else ""
    words = set(re.findall(r"[a-z]+", assay.lower()))
    return not words.isdisjoint(groups.rna_assay_words) and words.isdisjoint(groups.dna_assay_words)


def _copies(
    material: Material,
    set_aside: Sequence[ClassifiedVariant],
    context: Mapping[str, ContextValue],
    rules: AssessmentRules,
    resources: Resources,
) -> GeneCopies:
    """What records, tables, reads and the context state about the copies of the gene."""
    words = {name: v.value for name, v in context.items() if isinstance(v.value, str)}
    declared = declared_evidence(words.get("del17p_status"), words.get("loh17p_status"), rules.copies)
    measured = evidence_of(material.copies, resources.namer.main, rules.copies)
    of_rna = _of_rna(material, context, rules.groups)
    of_reads = _of_reads(material, set_aside, rules, resources, of_rna=of_rna)
    exons = material.depth.exons if material.depth else ()
    return gene_copies((*measured, *_cytogenetics(words, rules, resources), *declared, *of_reads), exons)


def _of_reads(
    material: Material,
    set_aside: Sequence[ClassifiedVariant],
    rules: AssessmentRules,
    resources: Resources,
    *,
    of_rna: bool,
) -> Iterator[CopyEvidence]:
    """Read depth and allele balance; their limits are read only where there is something to hold against them."""
    sentences = rules.measured_copies
    if material.depth is not None:
        yield from depth_evidence(material.depth, resources.rules.copy_number.depth, sentences)
    # The fractions of alleles in RNA are those of their expression.
    polymorphisms = [] if of_rna else [v for v in set_aside if common_polymorphism(v)]
    if polymorphisms:
        yield from balance_evidence(polymorphisms, resources.rules.copy_number.balance, sentences)


def _cytogenetics(
    words: Mapping[str, str], rules: AssessmentRules, resources: Resources
) -> Iterator[CopyEvidence]:
    """Karyotype and FISH; without them neither their rules nor their parser are loaded."""
    karyotype, fish = words.get("karyotype"), words.get("fish")
    if karyotype or fish:
        from tp53annot.interpret.copies.cytogenetics import cytogenetic_evidence

        limits = resources.rules.copy_number.cytogenetics
        yield from cytogenetic_evidence(karyotype, fish, limits, rules.cytogenetics)


def _lineage(context: Mapping[str, ContextValue], rules: AssessmentRules, *, normal: bool) -> str | None:
    """Of the leukaemia that the sample is of; ``None`` where it is declared, or by its file, to be of something else."""
    if leukaemia_sample(context, rules, normal=normal) == "no":
        return None
    value = context["lineage"].value if "lineage" in context else None
    return str(value) if value else UNDECLARED


def _target(settings: RunSettings, resources: Resources, build: Build) -> Callable[[Allele], bool]:
    """Whether an allele touches the regions of ``--target``; without them every allele does."""
    if not settings.target:
        return lambda allele: True
    regions = read_bed(settings.target, resources.reference, build)
    return lambda allele: any(r.start <= allele.end and allele.pos <= r.end for r in regions)

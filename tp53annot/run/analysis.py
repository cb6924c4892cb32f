"""From one job to finished reports: calls -> filters -> names -> class -> assessment -> document."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import Candidate, Flag
from tp53annot.core.copy_number import CopyEvidence, GeneCopies
from tp53annot.core.fields import Json, Scalar
from tp53annot.core.report import ContextValue, SampleReport
from tp53annot.core.variant import ClassifiedVariant, OncogenicityClass
from tp53annot.core.version import __version__
from tp53annot.errors import UsageError
from tp53annot.interpret.allele_frequency import population_frequency
from tp53annot.interpret.assessment.findings import Findings, short_name
from tp53annot.interpret.assessment.sample import assess
from tp53annot.interpret.context import ContextError, declare
from tp53annot.interpret.copies.evidence import declared_evidence, evidence_of, gene_copies
from tp53annot.interpret.filters import FilterSubject, Thresholds
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.lists.table import is_list
from tp53annot.names.haplotype import Haplotypes, resolve
from tp53annot.names.normalisation import normalise
from tp53annot.report.composition import Composer
from tp53annot.report.document import SCHEMA_VERSION
from tp53annot.report.model.json_form import from_json, to_json
from tp53annot.report.model.report import Report
from tp53annot.report.model.variant import ReadPile
from tp53annot.run.jobs import Job
from tp53annot.run.list_material import from_list
from tp53annot.run.observations import Material, VcfCopy, describe_input, from_reads, from_vcf
from tp53annot.run.settings import RunSettings
from tp53annot.system.bed import Region, read_bed

_ORDER = list(OncogenicityClass)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
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
        InputError: the job's files cannot be used.
        UsageError: the declared context is not in the vocabulary.
    """
    with interpreter.resources.guard():
        yield from _analyse(job, settings, interpreter)


def _analyse(job: Job, settings: RunSettings, interpreter: Interpreter) -> Iterator[Analysed]:
    context = _context(job.context, interpreter.resources)
    thresholds = _thresholds(settings, interpreter.resources)
    if job.vcf is None:
        materials = from_reads(job, settings, interpreter.resources, thresholds)
    elif is_list(job.vcf):
        materials = from_list(job, settings, interpreter, thresholds)
    else:
        materials = from_vcf(job, settings, interpreter.resources, thresholds)
    if job.tables:
        from tp53annot.run.copy_tables import statements_for

        materials = iter(statements_for(job, list(materials), _blasts(context), interpreter.resources))
    for material in materials:
        answer = _report(material, job.patient, context, settings, thresholds, interpreter)
        composer = Composer(interpreter.resources.namer, material.build, interpreter.resources.protein)
        report = composer.report(answer, functools.partial(_pile, material) if material.pile else None)
        yield Analysed(report=report, build=material.build, records=material.records)


def _blasts(context: Mapping[str, ContextValue]) -> float | None:
    """Declared blasts, 0..1."""
    percent = context["blast_pct"].value if "blast_pct" in context else None
    return percent / 100 if isinstance(percent, int | float) else None


def _pile(material: Material, allele: Allele) -> ReadPile | None:
    found = material.pile(allele) if material.pile else None
    if found is None:
        return None
    pile = from_json(ReadPile, cast(Json, found))
    return replace(pile, end=pile.start + len(pile.reference) - 1)


def check_context(declared: Mapping[str, str], resources: Resources) -> None:
    """Refuse declared context that the vocabulary does not know.

    Raises:
        UsageError: with the nearest allowed field or value.
    """
    _context(declared, resources)


def _context(declared: Mapping[str, str], resources: Resources) -> dict[str, ContextValue]:
    try:
        return declare(declared, resources.vocabulary, resources.rules.assessment().defaults)
    except ContextError as error:
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


def shown_settings(settings: RunSettings, thresholds: Thresholds) -> dict[str, Scalar]:
    """The settings as a report prints them, defaults filled in."""
    return settings.as_dict() | {
        "min_vaf": thresholds.min_vaf,
        "report_vaf": thresholds.report_vaf,
        "min_depth": thresholds.min_depth,
        "min_alt_reads": thresholds.min_alt_reads,
    }


def same_question(report: Report, job: Job, settings: RunSettings, resources: Resources) -> bool:
    """Whether a finished report answers just this job: inputs, settings, context, tables, version."""
    provenance = report.provenance
    wanted = shown_settings(settings, _thresholds(settings, resources))
    files = [p for p in (job.vcf, job.bam, settings.callable_bed) if p is not None]
    files += [
        given.path for given in job.tables if given.is_of(report.sample, labelled=job.label is not None)
    ]
    return bool(
        report.schema_version == SCHEMA_VERSION
        and provenance.tool_version == __version__
        and provenance.settings == wanted
        and provenance.inputs == tuple(map(describe_input, files))
        and provenance.tables == resources.store.versions()
        and report.context == _context(job.context, resources)
        and report.patient == job.patient
    )


def _report(
    material: Material,
    patient: str | None,
    context: Mapping[str, ContextValue],
    settings: RunSettings,
    thresholds: Thresholds,
    interpreter: Interpreter,
) -> SampleReport:
    rules = interpreter.resources.rules.assessment(settings.language)
    candidates = material.candidates
    phased = resolve(
        [c for c in candidates if not _background(c)],
        interpreter.resources.namer,
        sure_vaf=thresholds.cis_vaf_sum,
        frame_distance=thresholds.frame_distance,
    )
    target = (
        read_bed(settings.target, interpreter.resources.reference, material.build)
        if settings.target
        else None
    )
    background = [c for c in candidates if _background(c)]
    judged = _judge(phased, background, thresholds, context, interpreter, target)
    variants = _sorted(v for v in judged if not v.failures)
    rejected = _sorted(v for v in judged if v.failures)
    findings = Findings(
        variants=variants,
        rejected=rejected,
        uninterpreted=material.uninterpreted,
        coverage=material.coverage,
        context=context,
        report_vaf=thresholds.report_vaf,
        cis_vaf_sum=thresholds.cis_vaf_sum,
        has_normal=material.has_normal,
        is_normal=material.is_normal,
        copies=_copies(material, context, rules, interpreter.resources),
        remarks=(*material.remarks, *_open_phase(phased, variants, rules, interpreter.resources)),
    )
    return SampleReport(
        sample=material.sample,
        patient=patient,
        build=material.build,
        build_basis=material.basis,
        context=context,
        assessment=assess(findings, interpreter.resources.statements, rules, settings.evidence),
        variants=variants,
        rejected=rejected,
        uninterpreted=material.uninterpreted,
        coverage=material.coverage,
        copies=findings.copies,
        settings=shown_settings(settings, thresholds),
        inputs=material.inputs,
        tables=interpreter.resources.store.versions(),
    )


def _copies(
    material: Material, context: Mapping[str, ContextValue], rules: AssessmentRules, resources: Resources
) -> GeneCopies:
    """What records, tables and the context state about the copies of the gene."""
    words = {name: v.value for name, v in context.items() if isinstance(v.value, str)}
    declared = declared_evidence(words.get("del17p_status"), words.get("loh17p_status"), rules.copies)
    measured = evidence_of(material.copies, resources.namer.main, rules.copies)
    return gene_copies((*measured, *_cytogenetics(words, rules, resources), *declared))


def _cytogenetics(
    words: Mapping[str, str], rules: AssessmentRules, resources: Resources
) -> Iterator[CopyEvidence]:
    """Karyotype and FISH; without them neither their rules nor their parser are loaded."""
    karyotype, fish = words.get("karyotype"), words.get("fish")
    if karyotype or fish:
        from tp53annot.interpret.copies.cytogenetics import cytogenetic_evidence

        limits = resources.rules.copy_number.cytogenetics
        yield from cytogenetic_evidence(karyotype, fish, limits, rules.cytogenetics)


def _background(candidate: Candidate) -> bool:
    """Genotyped as reference, or seen but not called: listed, never combined with a neighbour."""
    return any(r.id == "genotype_reference" or r.id.startswith("call.") for r in candidate.remarks)


def _open_phase(
    phased: Haplotypes,
    variants: tuple[ClassifiedVariant, ...],
    rules: AssessmentRules,
    resources: Resources,
) -> tuple[Flag, ...]:
    """A warning for each reported pair whose phase is unknown, naming both readings."""
    shown = {v.candidate.allele: short_name(v) for v in variants}
    flags = []
    for one, two, together in phased.open_pairs:
        a, b = (shown.get(normalise(c.allele, resources.reference)) for c in (one, two))
        if a is None or b is None:
            continue
        combined = f"{together.hgvs_p_short} ({together.hgvs_c}, {together.hgvs_p})"
        flags.append(
            rules.warning.phase_unknown.flag(
                rules.sources.status, variants=f"{a} {rules.words.and_} {b}", combined=combined
            )
        )
    return tuple(flags)


def _judge(
    phased: Haplotypes,
    background: Sequence[Candidate],
    thresholds: Thresholds,
    context: Mapping[str, ContextValue],
    interpreter: Interpreter,
    target: Sequence[Region] | None,
) -> list[ClassifiedVariant]:
    lineage = context["lineage"].value if "lineage" in context else None
    seen = set()
    judged = []
    parts = {id(candidate): name for candidate, name in phased.parts}
    everything = (*phased.candidates, *(candidate for candidate, _ in phased.parts), *background)
    for candidate in everything:
        allele = normalise(candidate.allele, interpreter.resources.reference)
        finding = interpreter.find(allele)
        annotated, classification = finding.annotated, finding.classification
        known = annotated.known
        population = population_frequency(annotated.variant.hgvs_c, interpreter.resources.knowledge)
        subject = FilterSubject(
            candidate=candidate,
            polymorphism=str(known["description"]) if known and known["kind"] == "polymorphism" else None,
            population_fraction=population.fraction,
            oncogenicity=classification.oncogenicity,
            points=classification.points,
            duplicate=allele in seen,
            combined_into=parts.get(id(candidate)),
            in_target=target is None or any(r.start <= allele.end and allele.pos <= r.end for r in target),
        )
        seen.add(allele)
        judged.append(
            ClassifiedVariant(
                candidate=replace(candidate, allele=allele),
                annotated=annotated,
                classification=classification,
                amp_tier=interpreter.tier(classification, str(lineage) if lineage else None),
                failures=interpreter.filters.failures(subject, thresholds),
            )
        )
    return judged


def _sorted(variants: Iterator[ClassifiedVariant]) -> tuple[ClassifiedVariant, ...]:
    """Most important first: class, points, VAF, position."""

    def key(v: ClassifiedVariant) -> tuple[int, int, float, int, str]:
        c = v.classification
        return (
            _ORDER.index(c.oncogenicity),
            -c.points,
            -(v.candidate.support_in_force.vaf or 0),
            v.candidate.allele.pos,
            v.candidate.allele.alt,
        )

    return tuple(sorted(variants, key=key))

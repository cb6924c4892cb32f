"""From one job to finished reports: calls -> filters -> names -> class -> assessment -> document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tp53annot import __version__
from tp53annot.assess import Findings, assess
from tp53annot.context import ContextError, declare
from tp53annot.errors import InputError, UsageError
from tp53annot.haplotype import Haplotypes, resolve
from tp53annot.inputs import Job, stem_of
from tp53annot.kit import Kit
from tp53annot.model import (
    Candidate,
    ClassifiedVariant,
    ContextValue,
    Coverage,
    Flag,
    OncogenicityClass,
    SampleReport,
    Uninterpreted,
)
from tp53annot.normalise import normalise
from tp53annot.regions import Region, read_bed
from tp53annot.reporting.document import Document, ProteinMap, Writer
from tp53annot.select import Subject, Thresholds, failures
from tp53annot.settings import RunSettings
from tp53annot.store import sha256_file
from tp53annot.structural import refine
from tp53annot.vcf import VcfSource

_BENIGN = (OncogenicityClass.BENIGN, OncogenicityClass.LIKELY_BENIGN)
_ORDER = list(OncogenicityClass)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """A finished document, and the VCF it came from (for the annotated copy)."""

    document: Document
    source: VcfSource | None
    column: int | None


def analyse(job: Job, settings: RunSettings, tools: Kit) -> Iterator[Analysed]:
    """Every sample of a job, analysed.

    Raises:
        InputError: the job's files cannot be used.
        UsageError: the declared context is not in the vocabulary.
    """
    if job.vcf is None:
        raise InputError("calling from reads is not built in yet", path=str(job.path), fix="give a VCF")
    context = _context(job.context, tools)
    label = job.label or (None if str(job.vcf) == "-" else stem_of(job.vcf))
    source = VcfSource(
        job.vcf,
        tools.reference,
        assembly=settings.assembly,
        sample=job.sample or settings.sample,
        normal=job.normal or settings.normal,
        label=job.label,
    )
    inputs = (_input(job.vcf),)
    names = source.sample_names()
    for name, column, calls in zip(names, source.tumours, source.calls(), strict=True):
        sample = name if column is not None or job.label else label or "sample"
        report = _report(
            sample, source, calls.candidates, calls.uninterpreted, None, context, settings, tools, inputs
        )
        writer = _writer(tools, source)
        yield Analysed(document=writer.document(report, {"tool": "tp53annot", "tool_version": __version__}),
                       source=source, column=column)  # fmt: skip


def _writer(tools: Kit, source: VcfSource) -> Writer:
    length = len(tools.namer.main.protein) - 1
    return Writer(tools.namer, source.build, ProteinMap.of(tools.knowledge, length))


def _input(path: Path) -> Mapping[str, object]:
    if str(path) == "-":
        return {"name": "standard input", "sha256": ""}
    return {"name": path.name, "sha256": sha256_file(path)}


def _context(declared: Mapping[str, str], tools: Kit) -> dict[str, ContextValue]:
    try:
        return declare(declared, tools.vocabulary, tools.rules("assessment")["defaults"])
    except ContextError as error:
        raise UsageError(f"--context {error}") from error


def _report(
    sample: str,
    source: VcfSource,
    candidates: tuple[Candidate, ...],
    uninterpreted: tuple[Uninterpreted, ...],
    coverage: Coverage | None,
    context: Mapping[str, ContextValue],
    settings: RunSettings,
    tools: Kit,
    inputs: tuple[Mapping[str, object], ...],
) -> SampleReport:
    uninterpreted = tuple(refine(event, tools.namer) for event in uninterpreted)
    rules = tools.rules("filters")
    thresholds = Thresholds.from_rules(
        rules,
        min_vaf=settings.min_vaf,
        report_vaf=settings.report_vaf,
        min_depth=settings.min_depth,
        min_alt_reads=settings.min_alt_reads,
        include_filtered=settings.include_filtered,
    )
    phased = resolve([c for c in candidates if not _background(c)], tools.namer, rules["thresholds"])
    target = read_bed(settings.target, tools.reference, source.build) if settings.target else None
    judged = _judge(
        phased, [c for c in candidates if _background(c)], thresholds, rules, context, tools, target
    )
    variants = _sorted(v for v in judged if not v.failures)
    rejected = _sorted(v for v in judged if v.failures)
    findings = Findings(
        variants=variants,
        rejected=rejected,
        uninterpreted=uninterpreted,
        coverage=coverage,
        context=context,
        report_vaf=thresholds.report_vaf,
        has_normal=source.normal is not None,
        remarks=_open_phase(phased, variants, tools),
    )
    shown = settings.as_dict() | {
        "min_vaf": thresholds.min_vaf, "report_vaf": thresholds.report_vaf, "min_depth": thresholds.min_depth,
        "min_alt_reads": thresholds.min_alt_reads,
    }  # fmt: skip
    return SampleReport(
        sample=sample,
        build=source.build,
        build_basis=source.build_call.basis,
        context=context,
        assessment=assess(findings, tools.statements, tools.rules("assessment"), settings.evidence),
        variants=variants,
        rejected=rejected,
        uninterpreted=uninterpreted,
        coverage=coverage,
        settings=shown,
        inputs=inputs,
        tables=tools.store.versions(),
    )


def _background(candidate: Candidate) -> bool:
    """A site the caller genotyped as reference: listed, never combined with a neighbour."""
    return any(remark.id == "genotype_reference" for remark in candidate.remarks)


def _open_phase(phased: Haplotypes, variants: tuple[ClassifiedVariant, ...], tools: Kit) -> tuple[Flag, ...]:
    """A warning for each reported pair whose phase is unknown, naming both readings."""
    shown = {v.candidate.allele: v.annotated.variant for v in variants}
    flags = []
    for one, two, together in phased.open_pairs:
        a, b = (shown.get(normalise(c.allele, tools.reference)) for c in (one, two))
        if a is None or b is None:
            continue
        rules = tools.rules("assessment")
        text = rules["warning"]["phase_unknown"].format(
            variants=f"{a.hgvs_p_short} ({a.hgvs_c}) and {b.hgvs_p_short} ({b.hgvs_c})",
            combined=f"{together.hgvs_p_short} ({together.hgvs_c}, {together.hgvs_p})",
        )
        flags.append(Flag(id="warning.phase_unknown", text=text, source=rules["sources"]["status"]))
    return tuple(flags)


def _judge(
    phased: Haplotypes,
    background: Sequence[Candidate],
    thresholds: Thresholds,
    rules: Mapping[str, Any],
    context: Mapping[str, ContextValue],
    tools: Kit,
    target: Sequence[Region] | None,
) -> list[ClassifiedVariant]:
    lineage = context["lineage"].value if "lineage" in context else None
    seen = set()
    judged = []
    parts = {id(candidate): name for candidate, name in phased.parts}
    everything = (*phased.candidates, *(candidate for candidate, _ in phased.parts), *background)
    for candidate in everything:
        allele = normalise(candidate.allele, tools.reference)
        finding = tools.find(allele)
        annotated, classification = finding.annotated, finding.classification
        known = annotated.known
        population = tools.knowledge.population.get(annotated.variant.hgvs_c)
        subject = Subject(
            candidate=candidate,
            polymorphism=str(known["description"]) if known and known["kind"] == "polymorphism" else None,
            population_fraction=population.fraction if population else None,
            oncogenicity=classification.oncogenicity.value,
            benign=classification.oncogenicity in _BENIGN,
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
                amp_tier=tools.tier(classification, str(lineage) if lineage else None),
                failures=failures(subject, thresholds, rules),
            )
        )
    return judged


def _sorted(variants: Iterator[ClassifiedVariant]) -> tuple[ClassifiedVariant, ...]:
    """Most important first: class, points, VAF, position."""

    def key(v: ClassifiedVariant) -> tuple[int, int, float, int, str]:
        c = v.classification
        support = v.candidate.reads or v.candidate.support
        return (
            _ORDER.index(c.oncogenicity),
            -c.points,
            -(support.vaf or 0),
            v.candidate.allele.pos,
            v.candidate.allele.alt,
        )

    return tuple(sorted(variants, key=key))

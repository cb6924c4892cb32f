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
    Build,
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
from tp53annot.vcf_record import Block
from tp53annot.vcf_text import Header

_BENIGN = (OncogenicityClass.BENIGN, OncogenicityClass.LIKELY_BENIGN)
_ORDER = list(OncogenicityClass)


@dataclass(frozen=True, slots=True, kw_only=True)
class VcfCopy:
    """The sample's records, for the annotated copy."""

    header: Header
    rows: tuple[bytes, ...]
    column: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """A finished document, its build, and the records behind it."""

    document: Document
    build: Build
    records: VcfCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is known of one sample before any judgement."""

    sample: str
    build: Build
    basis: str
    candidates: tuple[Candidate, ...]
    records: VcfCopy
    inputs: tuple[Mapping[str, object], ...]
    uninterpreted: tuple[Uninterpreted, ...] = ()
    coverage: Coverage | None = None
    has_normal: bool = False
    remarks: tuple[Flag, ...] = ()


def analyse(job: Job, settings: RunSettings, tools: Kit) -> Iterator[Analysed]:
    """Every sample of a job, analysed.

    Raises:
        InputError: the job's files cannot be used.
        UsageError: the declared context is not in the vocabulary.
    """
    context = _context(job.context, tools)
    thresholds = _thresholds(settings, tools)
    materials = (
        _from_vcf(job, settings, tools, thresholds)
        if job.vcf
        else _from_reads(job, settings, tools, thresholds)
    )
    length = len(tools.namer.main.protein) - 1
    provenance = {"tool": "tp53annot", "tool_version": __version__}
    for material in materials:
        report = _report(material, context, settings, thresholds, tools)
        writer = Writer(tools.namer, material.build, ProteinMap.of(tools.knowledge, length))
        yield Analysed(
            document=writer.document(report, provenance), build=material.build, records=material.records
        )


def _from_reads(job: Job, settings: RunSettings, tools: Kit, thresholds: Thresholds) -> Iterator[Material]:
    """Calls and coverage of a BAM or CRAM."""
    from tp53annot import call_vcf, reads  # pysam and numpy only where reads are read

    assert job.bam is not None
    found = reads.read_reads(job.bam, tools, fasta=settings.reference, assembly=settings.assembly)
    sample = job.label or settings.sample or found.sample or stem_of(job.bam)
    candidates = reads.candidates_of_reads(
        found, sample, tools, min_alt_reads=settings.min_alt_reads, min_vaf=settings.min_vaf
    )
    header = call_vcf.header(sample, found.contig, tools.reference, found.build, __version__)
    yield Material(
        sample=sample,
        build=found.build,
        basis=found.basis,
        candidates=tuple(candidates),
        records=VcfCopy(header=header, rows=tuple(call_vcf.rows(candidates)), column=0),
        inputs=(_input(job.bam),),
        coverage=reads.coverage_of_reads(found, tools, thresholds.report_vaf),
        remarks=tuple(reads.read_remarks(found, tools)),
    )


def _from_vcf(job: Job, settings: RunSettings, tools: Kit, thresholds: Thresholds) -> Iterator[Material]:
    """The samples of a VCF, with reads, callable regions or gVCF blocks beside them."""
    assert job.vcf is not None
    label = job.label or (None if str(job.vcf) == "-" else stem_of(job.vcf))
    source = VcfSource(
        job.vcf,
        tools.reference,
        assembly=settings.assembly,
        sample=job.sample or settings.sample,
        normal=job.normal or settings.normal,
        label=job.label,
    )
    names = source.sample_names()
    if job.bam is not None and len(names) > 1:
        raise InputError(
            "reads go with one sample, the VCF has several", path=str(job.vcf), fix="pick one with --sample"
        )
    inputs = tuple(_input(p) for p in (job.vcf, job.bam, settings.callable_bed) if p is not None)
    rows = sorted(source.records, key=lambda r: (r.pos, r.ordinal or 0))
    for name, column, calls in zip(names, source.tumours, source.calls(), strict=True):
        material = Material(
            sample=name if column is not None or job.label else label or "sample",
            build=source.build,
            basis=source.build_call.basis,
            candidates=calls.candidates,
            records=VcfCopy(header=source.header, rows=tuple(r.line(column) for r in rows), column=column),
            inputs=inputs,
            uninterpreted=calls.uninterpreted,
            has_normal=source.normal is not None,
        )
        yield _with_coverage(material, job, calls.blocks, settings, tools, thresholds)


def _with_coverage(
    material: Material,
    job: Job,
    blocks: Sequence[Block],
    settings: RunSettings,
    tools: Kit,
    thresholds: Thresholds,
) -> Material:
    """Reads first, then a BED of callable regions, then the gVCF's own blocks."""
    if job.bam is not None:
        return _with_reads(material, job.bam, settings, tools, thresholds)
    if settings.callable_bed is not None or blocks:
        from tp53annot import reads

        if settings.callable_bed is not None:
            regions = read_bed(settings.callable_bed, tools.reference, material.build)
            name = settings.callable_bed.name
            found: Coverage | None = reads.coverage_of_regions(regions, name, tools, thresholds.report_vaf)
        else:
            found = reads.coverage_of_blocks(blocks, material.candidates, tools, thresholds.report_vaf)
        return replace(material, coverage=found)
    return material


def _with_reads(
    material: Material, bam: Path, settings: RunSettings, tools: Kit, thresholds: Thresholds
) -> Material:
    """Recount every call in the reads, and compare what the VCF and the reads say."""
    from tp53annot import reads

    found = reads.read_reads(bam, tools, fasta=settings.reference, assembly=settings.assembly)
    if found.build != material.build:
        raise InputError(
            f"the reads are on {found.build}, the VCF is on {material.build}",
            path=str(bam),
            fix="use one build",
        )
    counted = reads.recount(material.candidates, found, tools)
    called = reads.candidates_of_reads(
        found, material.sample, tools, min_alt_reads=settings.min_alt_reads, min_vaf=settings.min_vaf
    )
    extra, flags = reads.cross_check(counted, called, tools, thresholds.min_depth)
    return replace(
        material,
        candidates=(*counted, *extra),
        coverage=reads.coverage_of_reads(found, tools, thresholds.report_vaf),
        remarks=(*material.remarks, *flags, *reads.read_remarks(found, tools)),
    )


def _input(path: Path) -> Mapping[str, object]:
    if str(path) == "-":
        return {"name": "standard input", "sha256": ""}
    return {"name": path.name, "sha256": sha256_file(path)}


def _context(declared: Mapping[str, str], tools: Kit) -> dict[str, ContextValue]:
    try:
        return declare(declared, tools.vocabulary, tools.rules("assessment")["defaults"])
    except ContextError as error:
        raise UsageError(f"--context {error}") from error


def _thresholds(settings: RunSettings, tools: Kit) -> Thresholds:
    return Thresholds.from_rules(
        tools.rules("filters"),
        min_vaf=settings.min_vaf,
        report_vaf=settings.report_vaf,
        min_depth=settings.min_depth,
        min_alt_reads=settings.min_alt_reads,
        include_filtered=settings.include_filtered,
    )


def _report(
    material: Material,
    context: Mapping[str, ContextValue],
    settings: RunSettings,
    thresholds: Thresholds,
    tools: Kit,
) -> SampleReport:
    uninterpreted = tuple(refine(event, tools.namer) for event in material.uninterpreted)
    rules = tools.rules("filters")
    candidates = material.candidates
    phased = resolve([c for c in candidates if not _background(c)], tools.namer, rules["thresholds"])
    target = read_bed(settings.target, tools.reference, material.build) if settings.target else None
    judged = _judge(
        phased, [c for c in candidates if _background(c)], thresholds, rules, context, tools, target
    )
    variants = _sorted(v for v in judged if not v.failures)
    rejected = _sorted(v for v in judged if v.failures)
    findings = Findings(
        variants=variants,
        rejected=rejected,
        uninterpreted=uninterpreted,
        coverage=material.coverage,
        context=context,
        report_vaf=thresholds.report_vaf,
        has_normal=material.has_normal,
        remarks=(*material.remarks, *_open_phase(phased, variants, tools)),
    )
    shown = settings.as_dict() | {
        "min_vaf": thresholds.min_vaf, "report_vaf": thresholds.report_vaf, "min_depth": thresholds.min_depth,
        "min_alt_reads": thresholds.min_alt_reads,
    }  # fmt: skip
    return SampleReport(
        sample=material.sample,
        build=material.build,
        build_basis=material.basis,
        context=context,
        assessment=assess(findings, tools.statements, tools.rules("assessment"), settings.evidence),
        variants=variants,
        rejected=rejected,
        uninterpreted=uninterpreted,
        coverage=material.coverage,
        settings=shown,
        inputs=material.inputs,
        tables=tools.store.versions(),
    )


def _background(candidate: Candidate) -> bool:
    """Genotyped as reference, or seen but not called: listed, never combined with a neighbour."""
    return any(r.id == "genotype_reference" or r.id.startswith("call.") for r in candidate.remarks)


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

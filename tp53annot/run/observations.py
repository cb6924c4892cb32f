"""What is known of a sample before any judgement: from a VCF, from reads, or from both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.calling.assessed_bases import coverage_of_blocks, doubtful_bases
from tp53annot.calling.callability import coverage_of_regions
from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import Candidate, Flag, Uninterpreted
from tp53annot.core.copy_number import CopyStatement
from tp53annot.core.coverage import Block, Coverage
from tp53annot.core.exon_depth import DepthGap, DepthJudgement
from tp53annot.core.fields import Json
from tp53annot.core.molecules import Molecules, SplicingEvent
from tp53annot.core.platform import Platform
from tp53annot.core.report import InputFile
from tp53annot.core.version import __version__
from tp53annot.errors import InputError, printable
from tp53annot.interpret.copies.structural import StructuralReading, read_structural
from tp53annot.interpret.filters import Thresholds
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.lists.table import is_list, sample_names
from tp53annot.run.jobs import Job, stem_of
from tp53annot.run.settings import RunSettings
from tp53annot.system.bed import read_bed
from tp53annot.system.files import sha256_file
from tp53annot.vcf.header import Header
from tp53annot.vcf.identity.samples import SampleColumn
from tp53annot.vcf.reader import Reader
from tp53annot.vcf.source import SampleCalls, VcfSource

if TYPE_CHECKING:
    from tp53annot.calling.caller import Caller
    from tp53annot.reads.evidence import Reads


class VcfCopy(Struct, frozen=True, kw_only=True):
    """The sample's records, for the annotated copy."""

    header: Header
    rows: tuple[bytes, ...]
    column: int | None


class Material(Struct, frozen=True, kw_only=True):
    """What is known of one sample before any judgement."""

    sample: str
    build: Build
    basis: str
    candidates: tuple[Candidate, ...]
    records: VcfCopy
    inputs: tuple[InputFile, ...]
    uninterpreted: tuple[Uninterpreted, ...] = ()
    coverage: Coverage | None = None
    molecules: Molecules | None = None
    platform: Platform | None = None
    splicing: tuple[SplicingEvent, ...] | None = None
    has_normal: bool = False
    is_normal: bool = False
    copies: tuple[CopyStatement, ...] = ()
    depth: DepthJudgement | None = None
    remarks: tuple[Flag, ...] = ()
    pile: Callable[[Allele, Sequence[Allele]], Mapping[str, Json] | None] | None = None


class Question(Struct, frozen=True, kw_only=True):
    """One job, and all that what is known of its samples depends on."""

    job: Job
    settings: RunSettings
    resources: Resources
    thresholds: Thresholds

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """The job's calls and reads and the callable regions, as far as they are given."""
        paths = (self.job.vcf, self.job.bam, self.settings.callable_bed)
        return tuple(describe_input(path) for path in paths if path is not None)

    @property
    def asked(self) -> list[str]:
        """The names by which a sample may be asked for, the surest first."""
        return [name for name in (self.job.sample, self.job.label, self.settings.sample) if name]


def from_reads(question: Question) -> Iterator[Material]:
    """Calls and coverage of each sample of a BAM, CRAM or SAM.

    Raises:
        InputError: the reads cannot be used.
    """
    from tp53annot.reads import evidence

    job, settings = question.job, question.settings
    assert job.bam is not None
    samples = evidence.read_samples(
        job.bam,
        question.resources,
        fasta=settings.reference,
        assembly=settings.assembly,
        asked=question.asked,
    )
    for found, several in samples:
        named = None if several else job.label or settings.sample
        yield _of_reads(found, named or found.sample or stem_of(job.bam), question)


def _of_reads(found: Reads, sample: str, question: Question) -> Material:
    """Calls and coverage of one sample's reads."""
    from tp53annot.reads import evidence
    from tp53annot.vcf import calls

    resources, bam = question.resources, question.job.bam
    caller = _caller(found, question)
    candidates = evidence.candidates_of_reads(found, sample, resources, caller)
    header = calls.header(sample, found.contig, resources.reference, found.build, __version__)
    material = Material(
        sample=sample,
        build=found.build,
        basis=found.basis,
        candidates=tuple(candidates),
        records=VcfCopy(header=header, rows=tuple(calls.candidate_lines(candidates)), column=0),
        inputs=() if bam is None else (describe_input(bam),),
    )
    return _with_evidence(material, found, caller, candidates, question)


def _caller(found: Reads, question: Question) -> Caller:
    from tp53annot.reads import evidence

    return evidence.caller_of(
        found,
        question.resources,
        min_alt_reads=question.settings.min_alt_reads,
        min_vaf=question.settings.min_vaf,
        background=question.job.background,
    )


def _with_evidence(
    material: Material, found: Reads, caller: Caller, called: Sequence[Candidate], question: Question
) -> Material:
    """What reads show beside their calls: coverage, molecules, platform, splicing, depth, remarks, pictures."""
    from tp53annot.reads import evidence
    from tp53annot.reads.hinted import clip_doubts
    from tp53annot.reads.pile.around import pile_of_reads
    from tp53annot.reads.spliced.evidence import splicing_of_reads

    resources, report_vaf = question.resources, question.thresholds.report_vaf
    return replace(
        material,
        coverage=evidence.coverage_of_reads(
            found, resources, report_vaf, caller, primers_trimmed=question.settings.primers_trimmed
        ),
        molecules=found.pileup.molecules,
        platform=found.pileup.platform,
        splicing=splicing_of_reads(found.pileup, resources),
        depth=_depth_of(question.job, found),
        remarks=(
            *material.remarks,
            *evidence.read_remarks(found, resources),
            *clip_doubts.clip_remarks(found.pileup, found.build, resources, report_vaf),
            *evidence.exon_remarks(called, resources),
            *evidence.foreign_remarks(called, resources),
        ),
        pile=lambda allele, others: pile_of_reads(allele, others, found, resources),
    )


def _depth_of(job: Job, found: Reads) -> DepthJudgement:
    """The exons' depth against other samples; alone it says nothing."""
    return job.depths.get(found.sample or "") or DepthJudgement(gap=DepthGap.TOO_FEW)


def from_vcf(question: Question) -> Iterator[Material]:
    """The samples of a VCF, with reads, callable regions or gVCF blocks beside them."""
    job, settings, resources = question.job, question.settings, question.resources
    assert job.vcf is not None
    label = job.label or (None if str(job.vcf) == "-" else stem_of(job.vcf))
    source = VcfSource(
        job.vcf,
        resources.reference,
        resources.rules.vcf,
        assembly=settings.assembly,
        sample=job.sample or settings.sample,
        normal=job.normal or settings.normal,
        label=job.label,
        most_bytes=settings.most_bytes,
    )
    names = source.sample_names()
    if job.bam is not None and len(names) > 1:
        raise InputError(
            "reads go with one sample, the VCF has several",
            path=str(job.vcf),
            fix="pick one with --sample, or give each sample a row of a sheet",
        )
    inputs = question.inputs
    rows = sorted(source.records, key=lambda r: (r.pos, r.ordinal or 0))
    rules, left_out = resources.rules.assessment(settings.language), source.leaves_chromosome_out
    for name, told, calls in zip(names, source.columns, source.calls(), strict=True):
        column = told.column
        structural = _structural(calls, question)
        material = Material(
            sample=name if column is not None or job.label else label or "sample",
            build=source.build,
            basis=source.build_call.basis,
            candidates=(*calls.candidates, *structural.candidates),
            records=VcfCopy(header=source.header, rows=tuple(r.line(column) for r in rows), column=column),
            inputs=inputs,
            uninterpreted=(*structural.listed, *calls.uninterpreted),
            has_normal=bool(told.normals),
            is_normal=told.role == "normal",
            remarks=(
                *_unfiltered(source, rules),
                *((rules.warning.no_chromosome.flag(rules.sources.roles),) if left_out else ()),
                *_role_remarks(told, name, len(source.header.samples), rules),
            ),
            copies=structural.statements,
        )
        if left_out and job.bam is None:
            yield material
        else:
            yield with_coverage(material, calls.blocks, question)


def _role_remarks(told: SampleColumn, name: str, columns: int, rules: AssessmentRules) -> Iterator[Flag]:
    """What a reader must know of a column whose role is not stated, or that is a normal."""
    words, source = rules.warning, rules.sources.roles
    if told.role == "normal":
        yield words.column_is_normal.flag(source, sample=name)
    elif told.role is None and columns > 1:
        yield words.role_unknown.flag(source, sample=name, columns=columns)


def _structural(calls: SampleCalls, question: Question) -> StructuralReading:
    """What a sample's structural records come to; without any the rules on copies are not even read."""
    if not calls.structural:
        return StructuralReading()
    resources = question.resources
    rules = resources.rules.copy_number.records
    return read_structural(
        calls.structural,
        resources.namer.main,
        rules,
        include_filtered=question.settings.include_filtered,
    )


def with_coverage(material: Material, blocks: Sequence[Block], question: Question) -> Material:
    """Reads first, then a BED of callable regions, then the gVCF's own blocks."""
    settings, resources, thresholds = question.settings, question.resources, question.thresholds
    if question.job.bam is not None:
        return _with_reads(material, question.job.bam, question)
    if settings.callable_bed is not None or blocks:
        reference, main, rules = resources.reference, resources.namer.main, resources.rules.calling
        in_force = replace(rules.coverage, alt_reads=max(thresholds.min_alt_reads, 1))
        rules = replace(rules, coverage=in_force)
        if settings.callable_bed is not None:
            regions = read_bed(settings.callable_bed, resources.reference, material.build)
            name = settings.callable_bed.name
            doubts = doubtful_bases(blocks, reference, rules.blocks, thresholds.report_vaf)
            found: Coverage | None = coverage_of_regions(
                regions, name, reference, main, rules.coverage, thresholds.report_vaf, doubts
            )
        else:
            found = coverage_of_blocks(
                blocks, material.candidates, reference, main, rules, thresholds.report_vaf
            )
        return replace(material, coverage=found)
    return material


def _with_reads(material: Material, bam: Path, question: Question) -> Material:
    """Recount every call in the reads, and compare what the VCF and the reads say."""
    from tp53annot.reads import evidence
    from tp53annot.vcf import calls

    settings, resources = question.settings, question.resources

    called_there = (c.allele for c in material.candidates)
    found = evidence.read_reads(
        bam,
        resources,
        fasta=settings.reference,
        assembly=settings.assembly,
        extra=called_there,
        asked=[*question.asked, *([material.sample] if material.sample else [])],
    )
    if found.build != material.build:
        raise InputError(
            f"the reads are on {found.build}, the VCF is on {material.build}",
            path=str(bam),
            fix="use one build",
        )
    caller = _caller(found, question)
    counted = evidence.recount(material.candidates, found, caller)
    called = evidence.candidates_of_reads(found, material.sample, resources, caller)
    extra, flags = evidence.cross_check(counted, called, resources, question.thresholds.min_depth)
    records = material.records
    header, rows = calls.beside(
        records.header,
        records.rows,
        extra,
        chrom_of(records, found.build, resources) or found.contig,
        column=records.column is not None,
    )
    compared = replace(
        material,
        candidates=(*counted, *extra),
        records=replace(records, header=header, rows=rows),
        remarks=(
            *material.remarks,
            *flags,
            *evidence.name_remarks(found, _own_names(material, question), resources),
        ),
    )
    return _with_evidence(compared, found, caller, called, question)


def _unfiltered(source: VcfSource, rules: AssessmentRules) -> Iterator[Flag]:
    """That a caller's own filters are still to be applied, where the header says so and records have none."""
    line = source.dialects.unfiltered
    if line is not None and any(record.filters() is None for record in source.records):
        yield rules.warning.unfiltered.flag(rules.sources.roles, line=printable(line.lstrip("#"), 80))


def _own_names(material: Material, question: Question) -> list[str]:
    """What the VCF's column and the lab call the sample; none where the column says no more than that it is a tumour."""
    column = material.records.column
    if column is None:
        return []
    own = material.records.header.samples[column]
    if own.casefold() in question.resources.rules.vcf.roles.tumour_words:
        return []
    return [*([own] if own else []), *question.asked]


def chrom_of(records: VcfCopy, build: Build, resources: Resources) -> str | None:
    """The name by which a VCF calls the chromosome, in its records or its header; ``None`` where it does not."""
    if records.rows:
        return records.rows[0].split(b"\t", 1)[0].decode("utf-8", "surrogateescape")
    names = resources.reference.builds[build].contig_names
    starts = {name: (f"##contig=<ID={name},", f"##contig=<ID={name}>") for name in names}
    return next((n for n in names if any(line.startswith(starts[n]) for line in records.header.lines)), None)


def describe_input(path: Path) -> InputFile:
    """An input as a report names it: file name and checksum, no folder of this machine."""
    if str(path) == "-":
        return InputFile(name="standard input", sha256="")
    if not path.is_file():  # a pipe is read once
        return InputFile(name=path.name, sha256="")
    return InputFile(name=path.name, sha256=sha256_file(path))


def job_names(job: Job) -> tuple[str, ...]:
    """Sample names a job can report, by label or header alone; nothing when it cannot be read."""
    if job.label:
        return (job.label,)
    if not job.path.is_file():  # standard input or a pipe: read once
        return ()
    try:
        if job.vcf is not None and is_list(job.vcf):
            return sample_names(job.vcf, resources_of(None).rules.variant_list) or (stem_of(job.vcf),)
        if job.vcf is None:
            from tp53annot.reads.header import header_samples

            return header_samples(job.path) or (stem_of(job.path),)
        reader = Reader(job.vcf)
        try:
            return reader.header.samples or (stem_of(job.vcf),)
        finally:
            reader.close()
    except InputError:
        return ()

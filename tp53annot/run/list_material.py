"""The samples of a variant list, and their changes as records of a VCF."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import Candidate
from tp53annot.core.locus import Reference
from tp53annot.errors import InputError
from tp53annot.interpret.copies.structural import listed_deletions
from tp53annot.interpret.filters import Thresholds
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.run.jobs import Job, stem_of
from tp53annot.run.observations import Material, VcfCopy, describe_input, with_coverage
from tp53annot.run.settings import RunSettings
from tp53annot.vcf.header import FieldDefinition, Header

_DEFAULT_BUILD = Build.GRCH38


def _format(name: str, number: str, type: str, description: str) -> FieldDefinition:
    return FieldDefinition(kind="FORMAT", id=name, number=number, type=type, description=description)


_FORMATS = (
    _format("AF", "A", "Float", "Fraction of the change, as the list states it or its counts give it"),
    _format("DP", "1", "Integer", "Depth, as the list states it"),
    _format("AO", "A", "Integer", "Reads of the change, as the list states them"),
)


def from_list(
    job: Job, settings: RunSettings, interpreter: Interpreter, thresholds: Thresholds
) -> Iterator[Material]:
    """The samples of a variant list.

    Raises:
        InputError: the list cannot be used, or a sample asked for is not in it.
    """
    from tp53annot.lists.source import listed_samples, renamed

    assert job.vcf is not None
    samples = listed_samples(job.vcf, interpreter, settings.assembly)
    asked = job.sample or settings.sample
    if asked is None and job.label in [s.name for s in samples]:
        asked = job.label
    if asked is not None and any(s.name is not None for s in samples):
        names = ", ".join(str(s.name) for s in samples)
        samples = tuple(s for s in samples if s.name == asked)
        if not samples:
            raise InputError(f"no sample {asked}", path=str(job.vcf), fix=f"its samples: {names}")
    if len(samples) > 1 and (job.bam is not None or job.label is not None):
        raise InputError("the list has several samples", path=str(job.vcf), fix="pick one with --sample")
    inputs = tuple(describe_input(p) for p in (job.vcf, job.bam, settings.callable_bed) if p is not None)
    reference = interpreter.resources.reference
    for found in samples:
        name = job.label or found.name or asked or stem_of(job.vcf)
        sample = renamed(found, name)
        build = sample.build or settings.assembly or _DEFAULT_BUILD
        material = Material(
            sample=name,
            build=build,
            basis="places of the variant list" if sample.build else "names of the variant list",
            candidates=sample.candidates,
            records=_copy(sample.candidates, build, reference, name),
            inputs=inputs,
            uninterpreted=sample.uninterpreted,
            has_normal=sample.has_normal,
            copies=listed_deletions(sample.uninterpreted),
            remarks=sample.remarks,
        )
        yield with_coverage(material, job, (), settings, interpreter.resources, thresholds)


def _copy(candidates: tuple[Candidate, ...], build: Build, reference: Reference, sample: str) -> VcfCopy:
    """The changes as lines of a VCF, by position."""
    info = reference.builds[build]
    contig = next(name for name in info.contig_names if name.startswith("chr"))
    column = "".join(ch if ch.isprintable() else "_" for ch in sample)
    head = (
        "##fileformat=VCFv4.2",
        '##FILTER=<ID=PASS,Description="All filters passed">',
        *(f'##FILTER=<ID={f},Description="As the list states it">' for f in _filters(candidates)),
        *(field.line for field in _FORMATS),
        f"##contig=<ID={contig},length={info.length},assembly={build}>",
    )
    columns = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", column)
    ordered = sorted(candidates, key=lambda c: (c.allele.pos, c.allele.ref, c.allele.alt))
    rows = tuple(_row(c, c.allele, contig, build, reference) for c in ordered)
    return VcfCopy(header=Header.of(head, columns), rows=rows, column=0)


def _row(call: Candidate, allele: Allele, contig: str, build: Build, reference: Reference) -> bytes:
    s = call.support
    if call.caller_filters is None:
        filters = "."
    else:
        filters = ";".join(map(_word, call.caller_filters)) or "PASS"
    values = (f"{s.vaf:.5g}" if s.vaf is not None else ".", s.depth, s.alt_reads)
    sample = ":".join("." if value is None else str(value) for value in values)
    place = str(reference.to_build(allele.pos, build))
    names = ":".join(field.id for field in _FORMATS)
    cells = (contig, place, ".", allele.ref, allele.alt, ".", filters, ".", names, sample)
    return ("\t".join(cells) + "\n").encode()


def _filters(candidates: tuple[Candidate, ...]) -> tuple[str, ...]:
    """The filters that are named, in their order."""
    return tuple(dict.fromkeys(_word(f) for c in candidates for f in c.caller_filters or ()))


def _word(filter: str) -> str:
    """A filter's name as VCF allows it."""
    return "".join("_" if ch.isspace() or ch in ';,"<>=' else ch for ch in filter)

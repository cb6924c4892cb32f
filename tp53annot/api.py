"""The library: a change or one sample's file in, the values of a report out.

What is returned are the plain values of the JSON report (docs/reference/report.md), so that a
script sees just what a report says. Expected failures raise :class:`tp53annot.errors.Tp53AnnotError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tp53annot.cohort import summary
from tp53annot.cohort.tables import SAMPLE_COLUMNS, entries, sample_cells
from tp53annot.core.allele import Build
from tp53annot.errors import InputError, UsageError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.parser import parse_change
from tp53annot.report import registry
from tp53annot.report.stored import report_of
from tp53annot.run.analysis import analyse
from tp53annot.run.explanation import describe
from tp53annot.run.inputs.plan import plan
from tp53annot.run.settings import RunSettings

if TYPE_CHECKING:
    import pandas

Plain = dict[str, Any]  # an object of the JSON report
StrPath = str | PathLike[str]


def annotate_variant(
    change: str, *, assembly: str | None = None, lineage: str | None = None, resources: StrPath | None = None
) -> list[Plain]:
    """Every DNA change that a spelling can mean, as ``variants[]`` of a report, without reads.

    Args:
        change: any spelling of ``tp53annot explain``, e.g. ``"R175H"`` or ``"chr17:7675088C>T"``.
        assembly: ``"GRCh37"`` or ``"GRCh38"``, for a position that fits both.
        lineage: lineage for the AMP/ASCO/CAP tier, e.g. ``"T-ALL"``.
        resources: tables to use in place of the bundled ones.

    Returns:
        One variant for each DNA change (a protein name can stand for several), with ``pos`` on
        GRCh38 and ``pos_grch37`` beside it.

    Raises:
        InputError: the change is not understood or contradicts the reference.
        UsageError: an unknown assembly.

    >>> annotate_variant("R175H")[0]["hgvs_c"]
    'c.524G>A'
    """
    interpreter = interpreter_of(_path(resources))
    alleles = parse_change(
        change, interpreter.resources.namer, interpreter.resources.rsids(), _build(assembly)
    )
    return [dict(describe(allele, interpreter, lineage, change).as_json()) for allele in alleles]


def run_sample(
    path: StrPath,
    *,
    bam: StrPath | None = None,
    cnv: StrPath | Sequence[StrPath] = (),
    sample: str | None = None,
    normal: str | None = None,
    context: Mapping[str, object] | None = None,
    assembly: str | None = None,
    reference: StrPath | None = None,
    target: StrPath | None = None,
    callable_bed: StrPath | None = None,
    min_vaf: float | None = None,
    min_depth: int | None = None,
    min_alt_reads: int | None = None,
    report_vaf: float | None = None,
    include_filtered: bool = False,
    evidence: str = "default",
    resources: StrPath | None = None,
) -> Plain:
    """The report of one sample, the same values as in the ``.tp53.json`` that ``tp53annot run`` writes.

    Args:
        path: VCF, BCF, BAM or CRAM.
        bam: reads beside a VCF.
        cnv: copy-number tables, one or several; a table that names its samples must name this one.
        sample: which sample of a VCF with several; needed there.
        normal: the matched normal sample in the same VCF.
        context: clinical context, e.g. ``{"age_years": 64, "ph_status": "negative"}``.
        assembly: ``"GRCh37"`` or ``"GRCh38"``; detected when ``None``.
        reference: FASTA, for CRAM only.
        target: BED; only variants in it are reported.
        callable_bed: BED of callable regions beside a VCF.
        min_vaf: lowest fraction (0..1) that is listed; the default of the rules when ``None``, as below.
        min_depth: lowest depth of a listed variant.
        min_alt_reads: fewest supporting reads of a listed variant.
        report_vaf: lowest fraction that sets the status.
        include_filtered: report what the caller filtered, too.
        evidence: ``"default"``, ``"extended"`` or ``"all"``.
        resources: tables to use in place of the bundled ones.

    Raises:
        InputError: the file cannot be used.
        UsageError: unknown context, or a VCF with several samples and no ``sample``.
    """
    interpreter = interpreter_of(_path(resources))
    settings = RunSettings(
        assembly=_build(assembly),
        sample=sample,
        normal=normal,
        min_vaf=min_vaf,
        min_depth=min_depth,
        min_alt_reads=min_alt_reads,
        report_vaf=report_vaf,
        include_filtered=include_filtered,
        evidence=evidence,
        reference=_path(reference),
        bam=_path(bam),
        cnv=tuple(map(Path, [cnv] if isinstance(cnv, str | PathLike) else cnv)),
        target=_path(target),
        callable_bed=_path(callable_bed),
        resources=_path(resources),
    )
    declared = {name: str(value) for name, value in (context or {}).items()}
    jobs = plan([Path(path)], bam=settings.bam, context=declared).jobs
    if settings.cnv:
        from tp53annot.run.copy_tables import with_tables  # readers of tables only where there are tables

        jobs = with_tables(jobs, settings.cnv, interpreter.resources)
    reports = [analysed for job in jobs for analysed in analyse(job, settings, interpreter)]
    if len(reports) != 1:
        names = ", ".join(r.report.sample for r in reports[:10])
        raise UsageError(f"{path} holds {len(reports)} samples ({names}); say which with sample=")
    return reports[0].document


def render_report(report: Plain, form: str = "html", *, language: str = "en") -> bytes:
    """Another format of a report, the bytes that ``tp53annot render`` writes.

    Args:
        report: what :func:`run_sample` gave, or a parsed ``.tp53.json``.
        form: json, tsv, html, txt, maf, xlsx, fhir or pdf.
        language: ``"en"`` or ``"de"``.

    Raises:
        UsageError: no report, an unknown format, or one that needs more than the report (vcf).
    """
    if form not in registry.RENDERED:
        raise UsageError(f"{form!r} is not one of {', '.join(registry.RENDERED)}")
    try:
        typed = report_of(report)
    except ValueError as error:
        raise UsageError(f"not a report of this tool ({error})") from error
    return registry.rendered(typed, form, resources_of(None), language)


def cohort_table(*folders: StrPath) -> pandas.DataFrame:
    """The table of ``tp53annot cohort`` over folders of reports, one row a sample.

    Args:
        folders: searched for ``*.tp53.json``, folders in them too.

    Raises:
        InputError: a folder or a report cannot be read.
    """
    import pandas

    places, failures = summary.find_reports([Path(folder) for folder in folders])
    reading = summary.read_rows(places, resources_of(None).rules.cohort.kinds)
    if failures or reading.failures:
        raise InputError([*failures, *reading.failures][0])
    found = entries(reading.rows, [row.report for row in reading.rows])
    return pandas.DataFrame.from_records(
        [sample_cells(entry) for entry in found], columns=list(SAMPLE_COLUMNS)
    )


def _path(path: StrPath | None) -> Path | None:
    return None if path is None else Path(path)


def _build(name: str | None) -> Build | None:
    if name is None:
        return None
    try:
        return Build(name)
    except ValueError as error:
        raise UsageError(f"assembly {name!r} is not one of {', '.join(b.value for b in Build)}") from error

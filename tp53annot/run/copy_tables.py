"""``--cnv`` and the column ``cnv``: copy-number tables, each given to the samples it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from tp53annot.core.copy_number import CopyStatement
from tp53annot.core.segment import RecordTable, SegmentTable
from tp53annot.errors import InputError
from tp53annot.interpret.copies.structural import read_structural
from tp53annot.interpret.copies.tables import table_statements
from tp53annot.knowledge.resources import Resources
from tp53annot.run.jobs import Job, SampleTable, kind_of
from tp53annot.run.observations import Material, describe_input, job_names
from tp53annot.segments.source import read_segments
from tp53annot.vcf.source import VcfSource

_AFTER_NAME = re.compile(r"[._\-]")  # what may follow a sample's name in the name of a file


def with_tables(jobs: Sequence[Job], tables: Sequence[Path], resources: Resources) -> tuple[Job, ...]:
    """The jobs with the tables that are theirs.

    Args:
        jobs: those of the run; a row of a sheet has its own tables already (``cnv``).
        tables: those named on the command line.
        resources: the locus.

    Raises:
        InputError: a table cannot be read, or is of no sample of the run.
    """
    if not tables and not any(job.cnv for job in jobs):
        return tuple(jobs)
    names = [job_names(job) for job in jobs]
    given: list[list[SampleTable]] = [[] for _ in jobs]
    for i, job in enumerate(jobs):
        for path in job.cnv:
            given[i].append(_of_row(path, job, _read(path, resources)))
    for path in tables:
        table = _read(path, resources)
        for i, found in _owners(path, table, jobs, names):
            given[i].append(found)
    return tuple(replace(job, tables=tuple(found)) for job, found in zip(jobs, given, strict=True))


def _read(path: Path, resources: Resources) -> SegmentTable | RecordTable:
    if kind_of(path) == "vcf":
        return _records(path, resources)
    return read_segments(path, resources.reference)


def _records(path: Path, resources: Resources) -> RecordTable:
    if path.is_file() and not path.stat().st_size:
        raise InputError(
            "the file is empty", path=str(path), fix="an empty file is no result; produce it again"
        )
    source = VcfSource(path, resources.reference, resources.rules.vcf)
    rules, transcript = resources.rules.copy_number.records, resources.namer.main
    statements: dict[str | None, tuple[CopyStatement, ...]] = {}
    for told, calls in zip(source.columns, source.calls(), strict=True):
        name = None if told.column is None else calls.sample
        read = read_structural(calls.structural, transcript, rules, include_filtered=False)
        statements[name] = tuple(replace(s, origin=f"{path.name} {s.origin}") for s in read.statements)
    return RecordTable(file=path.name, build=source.build, statements=statements)


def _of_row(path: Path, job: Job, table: SegmentTable | RecordTable) -> SampleTable:
    """A table of a row of the sheet: it need not name a sample, but must not name others only."""
    if not table.samples:
        return SampleTable(path=path, sample=None, table=table)
    known = [name for name in (job.label, job.sample, *_columns(job)) if name in table.samples]
    if not known:
        raise _no_match(path, table, "name the sample as the table does, or leave the table out")
    return SampleTable(path=path, sample=known[0], table=table)


def _columns(job: Job) -> tuple[str, ...]:
    """The names in the row's own file."""
    return job_names(replace(job, label=None))


def _owners(
    path: Path, table: SegmentTable | RecordTable, jobs: Sequence[Job], names: Sequence[tuple[str, ...]]
) -> Iterator[tuple[int, SampleTable]]:
    """The jobs that a table is for: by the samples it names, else by the name of its file, else the only one."""
    if table.samples:
        found = [i for i, mine in enumerate(names) if set(mine) & set(table.samples)]
        if not found and not (len(jobs) == 1 and not names[0]):
            raise _no_match(path, table, "use the table of one of them, or a sample sheet with a column cnv")
        yield from ((i, SampleTable(path=path, sample=None, table=table)) for i in found or [0])
        return
    named = [(i, name) for i, mine in enumerate(names) for name in mine if _begins(path.name, name)]
    longest = max((len(name) for _, name in named), default=0)
    best = [(i, name) for i, name in named if len(name) == longest]
    if len(jobs) == 1 and not best:
        yield 0, SampleTable(path=path, sample=None, table=table, only=True)
    elif len(best) == 1:
        yield best[0][0], SampleTable(path=path, sample=best[0][1], table=table)
    else:
        how = "matches several samples" if best else "names no sample, and its file none of the run"
        fix = "name the file after the sample, or use a sample sheet with a column cnv"
        raise InputError(f"the table {how}", path=str(path), fix=fix)


def _begins(file: str, sample: str) -> bool:
    rest = file[len(sample) :]
    return file.startswith(sample) and (not rest or _AFTER_NAME.match(rest) is not None)


def _no_match(path: Path, table: SegmentTable | RecordTable, fix: str) -> InputError:
    shown = ", ".join(table.samples[:5]) + (" ..." if len(table.samples) > 5 else "")
    return InputError(f"the table is of {shown}, no sample of the run", path=str(path), fix=fix)


def statements_for(
    job: Job, materials: Sequence[Material], blasts: float | None, resources: Resources
) -> tuple[Material, ...]:
    """The samples of a job with what its tables state of each.

    Raises:
        InputError: a table of one sample has several to choose from, is of none of them, or is on another build.
    """
    found = list(materials)
    for given in job.tables:
        labelled = job.label is not None
        mine = [i for i, material in enumerate(found) if given.is_of(material.sample, labelled=labelled)]
        if not mine or (len(mine) > 1 and not given.table.samples):
            cause = "names no sample, and the file has several" if mine else "is of no sample of the file"
            fix = "name the table's file after the sample, or use a sample sheet"
            raise InputError(f"the table {cause}", path=str(given.path), fix=fix)
        for i in mine:
            stated = _statements(given, found[i], blasts, resources)
            inputs = (*found[i].inputs, describe_input(given.path))
            found[i] = replace(found[i], copies=(*found[i].copies, *stated), inputs=inputs)
    return tuple(found)


def _statements(
    given: SampleTable, material: Material, blasts: float | None, resources: Resources
) -> tuple[CopyStatement, ...]:
    table = given.table
    if table.build is not None and table.build != material.build:
        cause = f"the table is on {table.build}, the sample on {material.build}"
        raise InputError(cause, path=str(given.path), fix="use one build")
    name = (given.sample or material.sample) if table.samples else None
    if isinstance(table, RecordTable):
        return table.statements.get(name, ())
    rules = resources.rules.copy_number.tables
    return table_statements(table, name, material.build, blasts, resources.namer.main, rules)

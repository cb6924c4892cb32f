"""Sample sheets: TSV, CSV or XLSX with one row per sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tp53annot.errors import InputError
from tp53annot.interpret.context import ContextError, declare
from tp53annot.knowledge.vocabulary import Vocabulary
from tp53annot.run.jobs import Job, Plan, is_there, kind_of, listed, stem_of
from tp53annot.system.tables import SheetLine, read_table

FILE_COLUMNS = ("sample", "vcf", "bam", "cnv", "normal", "patient")


def read_sheet(sheet: Path, inputs: Sequence[Path], vocabulary: Vocabulary) -> Plan:
    """The jobs of a sample sheet; relative paths count from the sheet, then from the INPUT folders.

    Raises:
        InputError: line and column of what cannot be used.
    """
    header, rows = read_table(sheet)
    allowed = {*FILE_COLUMNS, *vocabulary}
    for name in header:
        if name not in allowed:
            raise InputError(
                f"column {name!r} is not known",
                path=str(sheet),
                place="line 1",
                fix=f"columns are {', '.join(FILE_COLUMNS)} and the context fields",
            )
    if "sample" not in header:
        raise InputError("there is no column 'sample'", path=str(sheet), place="line 1", fix="add it")
    files = [p for i in inputs for p in (listed(i) if i.is_dir() else [i])]
    seen: dict[str, int] = {}
    jobs = []
    for number, row in rows:
        jobs.append(_job(SheetLine(sheet=sheet, line=number), row, inputs, files, vocabulary))
        name = row["sample"]
        if name in seen:
            raise SheetLine(sheet=sheet, line=number).error(
                "sample", f"sample {name!r} stands in line {seen[name]}, too", "give every sample one row"
            )
        seen[name] = number
    if not jobs:
        raise InputError("there is no sample in it", path=str(sheet), fix="add a row per sample")
    return Plan(jobs=tuple(jobs), left=_left(jobs, files, sheet))


def _left(jobs: Sequence[Job], files: Sequence[Path], sheet: Path) -> tuple[tuple[str, str], ...]:
    """Files of the INPUTs that no row uses."""
    used = {path.resolve() for job in jobs for path in job.files}
    return tuple(
        (str(path), f"not in {sheet.name}") for path in files if kind_of(path) and path.resolve() not in used
    )


def _job(
    place: SheetLine,
    row: Mapping[str, str],
    inputs: Sequence[Path],
    files: Sequence[Path],
    vocabulary: Vocabulary,
) -> Job:
    if not row["sample"]:
        raise place.error("sample", "the sample has no name", "fill in the column")
    context = {name: value for name, value in row.items() if name in vocabulary and value}
    for name, value in context.items():
        try:
            declare({name: value}, vocabulary, {})
        except ContextError as error:
            raise place.error(name, str(error), "correct or empty the cell") from error
    vcf, bam = (_file(place, kind, row.get(kind, ""), inputs) for kind in ("vcf", "bam"))
    if vcf is None and bam is None:
        vcf, bam = (_by_name(place, row["sample"], kind, files) for kind in ("vcf", "reads"))
    if vcf is None and bam is None:
        raise place.error("vcf", f"sample {row['sample']!r} has neither vcf nor bam", "fill in one of them")
    normal, patient = (row.get(name) or None for name in ("normal", "patient"))
    tables = [part.strip() for part in row.get("cnv", "").split(";") if part.strip()]
    cnv = tuple(path for part in tables if (path := _file(place, "cnv", part, inputs)) is not None)
    return Job(
        vcf=vcf, bam=bam, cnv=cnv, label=row["sample"], normal=normal, patient=patient, context=context
    )


def _file(place: SheetLine, column: str, text: str, inputs: Sequence[Path]) -> Path | None:
    if not text:
        return None
    path = Path(text)
    folders = [i for i in inputs if i.is_dir()]
    tried = [path] if path.is_absolute() else [place.sheet.parent / path, *(i / path for i in folders)]
    for candidate in tried:
        if is_there(candidate):
            return candidate
    raise place.error(column, f"no such file: {text}", "paths count from the folder of the sheet")


def _by_name(place: SheetLine, sample: str, kind: str, files: Sequence[Path]) -> Path | None:
    """The one file of this kind among the INPUTs that is named after the sample, else that begins so."""
    kindred = [p for p in files if kind_of(p) == kind]
    found = [p for p in kindred if stem_of(p) == sample] or [
        p for p in kindred if p.name.startswith(f"{sample}.")
    ]
    if len(found) > 1:
        column = "vcf" if kind == "vcf" else "bam"
        both = f"{found[0].name} and {found[1].name} both have the name of sample {sample!r}"
        raise place.error(column, both, "name the file in the column")
    return found[0] if found else None

"""The command ``cohort``: many reports in one table, workbook and page."""

from __future__ import annotations

from pathlib import Path

import click

from tp53annot.commands.log import Log, finish, log_options
from tp53annot.commands.options import FILE, jobs_option, language_option, option, resources_option


@click.command("cohort", epilog="Example: tp53annot cohort out/ -o summary/")
@click.argument("folders", nargs=-1, required=True, type=FILE, metavar="DIR...")
@option("-o", "--output", required=True, type=FILE, metavar="DIR", help="Output folder.")
@jobs_option
@language_option
@resources_option
@log_options
def cohort_command(
    folders: tuple[Path, ...], output: Path, jobs: int, language: str, resources: Path | None, log: Log
) -> None:
    """Summarise existing reports (every *.tp53.json under the DIRs): table, workbook, page, MultiQC.

    Reports are read one by one, so that any number fits. The files of an earlier summary in the
    output folder are replaced.
    """
    from tp53annot.cohort.summary import closing_lines, summarise
    from tp53annot.knowledge.resources import resources_of

    reading = summarise(folders, output, resources_of(resources), jobs=jobs, language=language, say=log)
    statuses = [row.status for row in reading.rows]
    summary = closing_lines("report", statuses, len(reading.failures), output / "cohort.html")
    finish(reading.failures, bool(reading.rows), log, summary)

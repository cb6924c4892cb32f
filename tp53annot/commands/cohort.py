"""The command ``cohort``: many reports in one table, workbook and page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tp53annot.commands.log import finish, logger
from tp53annot.commands.options import FILE, language_option, log_options, option, resources_option


@click.command(epilog="Example: tp53annot cohort out/ -o summary/")
@click.argument("folders", nargs=-1, required=True, type=FILE, metavar="DIR...")
@option("-o", "--output", required=True, type=FILE, metavar="DIR", help="Output folder.")
@option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Worker processes.")
@language_option
@resources_option
@log_options
def cohort(folders: tuple[Path, ...], output: Path, jobs: int, **options: Any) -> None:
    """Summarise existing reports (every *.tp53.json under the DIRs): table, workbook, page, MultiQC.

    Reports are read one by one, so that any number fits. The files of an earlier summary in the
    output folder are replaced.
    """
    from tp53annot.cohort.summary import summarise
    from tp53annot.knowledge.resources import resources_of

    log = logger(options)
    resources = resources_of(options["resources_dir"])
    reading = summarise(folders, output, resources, jobs=jobs, language=options["language"], say=log)
    finish(reading.failures, bool(reading.rows), log)

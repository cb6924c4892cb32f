"""The command ``coverage``: which exons could be assessed."""

from __future__ import annotations

from pathlib import Path

import click

from tp53annot.commands.options import (
    FILE,
    REPORT_VAF,
    assembly_option,
    json_option,
    option,
    primers_option,
    reference_option,
    resources_option,
    settings_argument,
)
from tp53annot.run.settings import RunSettings


@click.command("coverage", epilog="Example: tp53annot coverage sample.bam")
@click.argument("reads", type=FILE, metavar="BAM")
@option("-o", "--output", default="-", type=FILE, help="Output file; - is stdout. [default: -]")
@json_option(help="Print JSON, with the depth of every base.")
@assembly_option()
@reference_option
@option("--report-vaf", type=REPORT_VAF, help="VAF that a base must be assessed at.")
@primers_option
@option("--sample", metavar="NAME", help="The sample to show, where the file holds several.")
@resources_option
@settings_argument
def coverage_command(reads: Path, output: Path, as_json: bool, settings: RunSettings) -> None:
    """Show which exons of a BAM, CRAM or SAM (- for standard input) could be assessed.

    Per exon: mean and lowest usable depth, the share of bases deep enough to show a variant at
    --report-vaf, and the lowest VAF that the worst base excludes; then every gap.
    """
    from tp53annot.run import read_reports

    _emit(output, read_reports.coverage_text(reads, settings, as_json=as_json))


def _emit(output: Path, text: str) -> None:
    """Text to standard output or, atomically, to a file."""
    if str(output) == "-":
        click.echo(text, nl=False)
        return
    from tp53annot.system.files import write_text

    write_text(output, text)

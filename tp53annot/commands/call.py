"""The command ``call``: variants from reads."""

from __future__ import annotations

from pathlib import Path

import click

from tp53annot.commands.options import (
    FILE,
    FRACTION,
    assembly_option,
    force_option,
    option,
    reference_option,
    resources_option,
    settings_argument,
)
from tp53annot.run.settings import RunSettings


@click.command("call", epilog="Example: tp53annot call sample.bam -o calls.vcf.gz")
@click.argument("reads", type=FILE, metavar="BAM")
@option("-o", "--output", default="-", type=FILE, help="Output VCF or VCF.gz; - is stdout. [default: -]")
@click.option("--why", metavar="CHANGE", help="Say why a change is or is not called, e.g. chr17:7675088:C:T.")
@force_option(help="Overwrite an existing output.")
@assembly_option()
@reference_option
@option("--min-vaf", type=FRACTION, help="Lowest variant allele fraction that is called.")
@option("--min-alt-reads", type=click.IntRange(2), help="Fewest supporting fragments of a call.")
@option(
    "--sample",
    metavar="NAME",
    help="Sample name [default: of the read groups]; which one, where the file holds several.",
)
@resources_option
@settings_argument
def call_command(reads: Path, output: Path, why: str | None, force: bool, settings: RunSettings) -> None:
    """Call TP53 variants from the reads of a BAM, CRAM or SAM (- for standard input).

    Writes VCF; a name that ends in .gz is compressed and indexed. With --why nothing is written: the
    counts for one change are printed, and the test that it passed or failed.
    """
    from tp53annot.run import read_reports

    if why is not None:
        click.echo(read_reports.why_text(reads, why, settings), nl=False)
        return
    read_reports.call_file(reads, output, settings, force=force)

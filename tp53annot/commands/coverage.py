"""The command ``coverage``: which exons could be assessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tp53annot.commands.options import (
    FILE,
    REPORT_VAF,
    option,
    resources_option,
    run_settings,
)


@click.command(epilog="Example: tp53annot coverage sample.bam")
@click.argument("bam", type=FILE)
@option("-o", "--output", default="-", type=FILE, help="Output file; - is stdout. [default: -]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the depth of every base.")
@option("--assembly", type=click.Choice(["GRCh37", "GRCh38"]), help="Genome build [default: detected].")
@option("--reference", type=FILE, metavar="FASTA", help="The genome; needed for CRAM only.")
@option("--report-vaf", type=REPORT_VAF, help="VAF that a base must be assessed at.")
@resources_option
def coverage(bam: Path, output: Path, as_json: bool, **options: Any) -> None:
    """Show which exons of a BAM or CRAM could be assessed.

    Per exon: mean and lowest usable depth, the share of bases deep enough to show a variant at
    --report-vaf, and the lowest VAF that the worst base excludes; then every gap.
    """
    from tp53annot.run import pipeline

    _emit(output, pipeline.coverage_text(bam, run_settings(options), as_json=as_json))


def _emit(output: Path, text: str) -> None:
    """Text to standard output or, atomically, to a file."""
    if str(output) == "-":
        click.echo(text, nl=False)
        return
    from tp53annot.system.files import write_text

    write_text(output, text)

"""The command ``call``: variants from reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tp53annot.commands.options import (
    FILE,
    FRACTION,
    option,
    resources_option,
    run_settings,
)


@click.command(epilog="Example: tp53annot call sample.bam -o calls.vcf.gz")
@click.argument("bam", type=FILE)
@option("-o", "--output", default="-", type=FILE, help="Output VCF or VCF.gz; - is stdout. [default: -]")
@click.option("--why", metavar="CHANGE", help="Say why a change is or is not called, e.g. chr17:7675088:C:T.")
@option("--force", is_flag=True, help="Overwrite an existing output.")
@option("--assembly", type=click.Choice(["GRCh37", "GRCh38"]), help="Genome build [default: detected].")
@option("--reference", type=FILE, metavar="FASTA", help="The genome; needed for CRAM only.")
@option("--min-vaf", type=FRACTION, help="Lowest variant allele fraction that is called.")
@option("--min-alt-reads", type=click.IntRange(2), help="Fewest supporting fragments of a call.")
@option("--sample", metavar="NAME", help="Sample name [default: of the read groups].")
@resources_option
def call(bam: Path, output: Path, why: str | None, **options: Any) -> None:
    """Call TP53 variants from the reads of a BAM or CRAM.

    Writes VCF; a name that ends in .gz is compressed and indexed. With --why nothing is written: the
    counts for one change are printed, and the test that it passed or failed.
    """
    from tp53annot.run import pipeline

    settings = run_settings(options)
    if why is not None:
        click.echo(pipeline.why_text(bam, why, settings), nl=False)
        return
    pipeline.call_file(bam, output, settings, force=options["force"])

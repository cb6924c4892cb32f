"""The command ``explain``: every fact and rule about a change."""

from __future__ import annotations

import sys
from typing import Any

import click

from tp53annot.commands.log import say
from tp53annot.commands.options import (
    option,
    resources_option,
    run_settings,
)
from tp53annot.errors import ExitCode


@click.command(epilog="Example: tp53annot explain R175H 'c.375G>A' 'chr17:7675088C>T'")
@click.argument("changes", nargs=-1, required=True, metavar="CHANGE...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@option("--assembly", type=click.Choice(["GRCh37", "GRCh38"]), help="Build of genomic positions.")
@option("--lineage", help="Lineage for the AMP/ASCO/CAP tier, e.g. T-ALL.", default=None)
@resources_option
def explain(changes: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Print every fact and rule about a change, with sources.

    A CHANGE is any usual spelling: chr17:7675088C>T, 17-7578406-C-T, NM_000546.6:c.524G>A,
    c.524G>A, p.R175H, R175H, rs28934578. Quote those with a > in them: a shell takes it for a
    redirection. - reads them from stdin, one a line.
    """
    from tp53annot.run import pipeline

    if changes == ("-",):
        changes = tuple(line.strip() for line in sys.stdin if line.strip())
    text, failures = pipeline.explain(
        changes, run_settings(options), lineage=options["lineage"], as_json=as_json
    )
    click.echo(text, nl=False)
    for line in failures:
        say(line)
    if failures:
        sys.exit(ExitCode.INPUT if len(failures) == len(changes) else ExitCode.PARTIAL)

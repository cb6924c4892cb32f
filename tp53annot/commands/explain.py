"""The command ``explain``: every fact and rule about a change."""

from __future__ import annotations

import sys

import click

from tp53annot.commands.log import say
from tp53annot.commands.options import (
    assembly_option,
    json_option,
    option,
    resources_option,
    settings_argument,
)
from tp53annot.errors import ExitCode
from tp53annot.run.settings import RunSettings


@click.command("explain", epilog="Example: tp53annot explain R175H 'c.375G>A' 'chr17:7675088C>T'")
@click.argument("changes", nargs=-1, required=True, metavar="CHANGE...")
@json_option(help="Print JSON instead of text.")
@assembly_option("Build of genomic positions.")
@option("--lineage", help="Lineage for the AMP/ASCO/CAP tier, e.g. T-ALL.", default=None)
@resources_option
@settings_argument
def explain_command(
    changes: tuple[str, ...], as_json: bool, lineage: str | None, settings: RunSettings
) -> None:
    """Print every fact and rule about a change, with sources.

    A CHANGE is any usual spelling: chr17:7675088C>T, 17-7578406-C-T, NM_000546.6:c.524G>A,
    c.524G>A, p.R175H, R175H, rs28934578. Quote those with a > in them: a shell takes it for a
    redirection. - reads them from stdin, one a line.
    """
    from tp53annot.interpret.interpreter import interpreter_of
    from tp53annot.run.explanation import explain_changes

    if changes == ("-",):
        changes = tuple(line.strip() for line in sys.stdin if line.strip())
    interpreter = interpreter_of(settings.resources)
    text, failures = explain_changes(changes, interpreter, settings.assembly, lineage, as_json=as_json)
    click.echo(text, nl=False)
    for line in failures:
        say(line)
    if failures:
        sys.exit(ExitCode.INPUT if len(failures) == len(changes) else ExitCode.PARTIAL)

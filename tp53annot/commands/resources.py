"""The commands ``resources list``, ``verify``, ``diff`` and ``update``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tp53annot.commands.log import say
from tp53annot.commands.options import FILE, assembly_option, gathered, json_option, option, resources_option
from tp53annot.errors import ExitCode, UsageError
from tp53annot.maintain.outcome import UpdateSettings


@click.group("resources", epilog="Example: tp53annot resources list")
def resources_command() -> None:
    """Bundled tables, rules and texts with their sources."""


@resources_command.command("list", epilog="Example: tp53annot resources list")
@json_option(help="Print JSON instead of a table.")
@resources_option
def resources_list(as_json: bool, resources: Path | None) -> None:
    """List every bundled file with its version, licence, rows and source."""
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.maintain.listing import list_resources

    click.echo(list_resources(resources_of(resources), as_json=as_json), nl=False)


@resources_command.command("verify", epilog="Example: tp53annot resources verify")
@resources_option
def resources_verify(resources: Path | None) -> None:
    """Check every bundled file against its checksum; exit 4 when one is damaged."""
    from tp53annot.interpret.interpreter import interpreter_of
    from tp53annot.maintain.differences import stale_classes

    interpreter = interpreter_of(resources)
    store = interpreter.resources.store
    problems = store.problems() or stale_classes(interpreter)
    for line in problems:
        say(line)
    if problems:
        sys.exit(ExitCode.RESOURCES)
    click.echo(f"{len(store.manifest)} files match their checksums")


@resources_command.command(
    "diff", epilog="Example: tp53annot resources diff ~/tables-2026-05 ~/tables-2026-11"
)
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="[BEFORE] AFTER")
@json_option(help="Print JSON instead of lines.")
def resources_diff(folders: tuple[Path, ...], as_json: bool) -> None:
    """Show what changes from resources folder BEFORE to AFTER: files and classes.

    Without BEFORE, from the bundled tables to AFTER: what a run with --resources-dir AFTER changes.
    """
    from tp53annot.maintain.differences import diff_resources

    if len(folders) > 2:
        raise UsageError(f"{len(folders)} folders are given; name one, or the older and the newer one")
    before = folders[0] if len(folders) == 2 else None
    click.echo(diff_resources(before, folders[-1], as_json=as_json), nl=False)


@resources_command.command(
    "update", epilog="Example: tp53annot resources update clinvar --from clinvar.vcf.gz"
)
@click.argument("names", nargs=-1, metavar="[NAME...]")
@option(
    "--from",
    "files",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="A release downloaded elsewhere; repeatable.",
)
@option("--release", "label", metavar="TEXT", help="Its version, where the file does not state it.")
@assembly_option("Its build, where it does not state it.")
@option("--url", metavar="URL", help="Another server that has the same paths (a mirror).")
@click.option("--force", is_flag=True, help="Also take a table that has become much smaller.")
@option(
    *("--resources-dir", "folder"),
    type=FILE,
    metavar="DIR",
    help="Data folder to write [default: ~/.local/share/tp53annot, or below $XDG_DATA_HOME].",
)
@gathered("settings", UpdateSettings.__struct_fields__, UpdateSettings)
def resources_update(settings: UpdateSettings) -> None:
    """Bring newer tables into a folder of your own: the only command that uses the network.

    NAME is clinvar, gnomad, civic, nci or hotspots (all of them by default); with --from also
    alphamissense, revel, bayesdel or spliceai, or none: the file says what it is. Nothing changes
    unless the new tables hold together; other commands use them only with --resources-dir.
    """
    from tp53annot.maintain.update import update

    result = update(settings, lambda line: click.echo(line, err=True))
    click.echo(result.text, nl=False)
    for line in result.failures:
        click.echo(f"tp53annot: error: {line}", err=True)
    if result.failures:
        sys.exit(ExitCode.PARTIAL if result.release else ExitCode.INPUT)

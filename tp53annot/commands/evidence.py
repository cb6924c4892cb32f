"""The commands ``evidence list``, ``show``, ``lint``, ``add`` and ``matrix``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tp53annot.commands.log import say
from tp53annot.commands.options import FILE, force_option, json_option, option, resources_option
from tp53annot.errors import ExitCode


@click.group("evidence", epilog="Example: tp53annot evidence list")
def evidence_command() -> None:
    """Published statements with rules, sources and caveats."""


@evidence_command.command("list", epilog="Example: tp53annot evidence list")
@json_option(help="Print JSON instead of a table.")
@resources_option
def evidence_list(as_json: bool, resources: Path | None) -> None:
    """List every statement: id, tier, topic, whom it applies to, claim, citation."""
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.maintain.statement_list import listing

    click.echo(listing(resources_of(resources), as_json=as_json), nl=False)


@evidence_command.command("show", epilog="Example: tp53annot evidence show S002-06")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@json_option(help="Print JSON instead of text.")
@resources_option
def evidence_show(ids: tuple[str, ...], as_json: bool, resources: Path | None) -> None:
    """Print statements in full, with effect, population, caveats, rule and verification."""
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.maintain.statement_list import show

    click.echo(show(resources_of(resources), ids, as_json=as_json), nl=False)


@evidence_command.command("lint", epilog="Example: tp53annot evidence lint my_statements.toml")
@click.argument("files", nargs=-1, type=FILE, metavar="[FILE...]")
@resources_option
def evidence_lint(files: tuple[Path, ...], resources: Path | None) -> None:
    """Check rules, fields, citations and reachability of the bundled statements or of FILEs.

    Unknown fields and operators, values that can never be true, citations that are none (a copy of a page is not),
    editor's notes and intervals behind more than one figure are named, one line each; exit 3 when a FILE has a
    fault, 4 when a bundled one has.
    """
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.maintain.statement_list import lint_all

    faults, checked = lint_all(resources_of(resources), files)
    for line in faults:
        say(line)
    if faults:
        sys.exit(ExitCode.INPUT if files else ExitCode.RESOURCES)
    click.echo(f"{checked} statements checked, no fault")


@evidence_command.command("add", epilog="Example: tp53annot evidence add my_statements.toml -o my-tables/")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@option("-o", "--output", required=True, type=FILE, metavar="DIR", help="Folder to write.")
@force_option(help="Replace an earlier folder of this command.")
@resources_option
def evidence_add(files: tuple[Path, ...], output: Path, force: bool, resources: Path | None) -> None:
    """Put statements of your own beside the bundled ones.

    The FILEs are checked as by lint; then DIR becomes a complete copy of the tables in use with the
    statements in it. Other commands use them with --resources-dir DIR. A file of the same name takes
    the place of the one added before.
    """
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.maintain.statement_addition import add

    faults, total = add(files, output, resources_of(resources), force=force)
    for line in faults:
        say(line)
    if faults:
        sys.exit(ExitCode.INPUT)
    click.echo(f"{total} statements in {output}; use them with --resources-dir {output}")


@evidence_command.command("matrix", epilog="Example: tp53annot evidence matrix")
@option(
    "--evidence",
    "level",
    type=click.Choice(["default", "extended", "all"]),
    default="default",
    show_default=True,
    help="How much of the evidence base is counted.",
)
@option("--every", is_flag=True, help="A row for each context, also where several have the same notes.")
@json_option(help="Print JSON instead of a table.")
@resources_option
def evidence_matrix(level: str, every: bool, as_json: bool, resources: Path | None) -> None:
    """Show whom the statements reach: the notes that apply in each context of a grid, by direction.

    Age, lineage, Ph status, ploidy, phase, therapy and germline status are crossed, for a sample with one mutation.
    The last column names the notes that further context would decide.
    """
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.maintain.statement_matrix import reach_table

    click.echo(reach_table(resources_of(resources), level=level, every=every, as_json=as_json), nl=False)

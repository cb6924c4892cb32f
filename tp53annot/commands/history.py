"""The commands ``history list``, ``show``, ``add``, ``export``, ``forget`` and ``verify``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tp53annot.commands.log import Log, finish, log_options, say
from tp53annot.commands.options import FILE, json_option, option, pseudonym_option
from tp53annot.errors import ExitCode

history_option = option(
    "--history",
    "path",
    required=True,
    type=FILE,
    metavar="SQLITE",
    help="The history that run --history writes.",
)
hashed_names_option = pseudonym_option("Names are looked for as the hashes that runs with this key recorded.")


@click.group("history", epilog="Example: tp53annot history list")
def history_command() -> None:
    """A laboratory's own earlier samples, as run --history keeps them."""


@history_command.command("list", epilog="Example: tp53annot history list --history lab.sqlite")
@history_option
@json_option(help="Print JSON instead of a table.")
def history_list(path: Path, as_json: bool) -> None:
    """List recorded samples with their variants."""
    from tp53annot.history.listing import list_history

    click.echo(list_history(path, as_json=as_json), nl=False)


@history_command.command("show", epilog="Example: tp53annot history show P1 --history lab.sqlite")
@click.argument("name")
@history_option
@hashed_names_option
def history_show(name: str, path: Path, pseudonymise: Path | None) -> None:
    """Show all that is kept of a patient or a sample."""
    from tp53annot.history.listing import show_history
    from tp53annot.system.pseudonyms import pseudonyms_of

    hidden = pseudonyms_of(pseudonymise)
    names = (hidden.patient(name), hidden.sample(name)) if hidden else (name,)
    click.echo(show_history(path, names), nl=False)


@history_command.command("export", epilog="Example: tp53annot history export --history lab.sqlite")
@history_option
def history_export(path: Path) -> None:
    """Print the whole history as JSON."""
    from tp53annot.history.listing import export_history

    click.echo(export_history(path), nl=False)


@history_command.command("add", epilog="Example: tp53annot history add out/ --history lab.sqlite")
@click.argument("folders", nargs=-1, required=True, type=FILE, metavar="DIR...")
@history_option
@log_options
def history_add(folders: tuple[Path, ...], path: Path, log: Log) -> None:
    """Record the samples of saved reports.

    Every *.tp53.json under the DIRs, also of earlier versions. A sample that is there already is brought up to date.
    """
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.run.record.earlier import add_reports

    recorded, new, failures = add_reports(path, folders, resources_of(None))
    log(f"history: samples recorded: {recorded}, of them new: {new}")
    finish(failures, recorded > 0, log)


@history_command.command(
    "forget", epilog="Example: tp53annot history forget --patient P1 --history lab.sqlite"
)
@history_option
@option("--patient", metavar="NAME", help="Forget every sample of this patient.")
@option("--sample", metavar="NAME", help="Forget samples of this name (with --patient: this patient's).")
@hashed_names_option
def history_forget(path: Path, patient: str | None, sample: str | None, pseudonymise: Path | None) -> None:
    """Remove samples for good.

    Their content is overwritten in the file and in the log beside it. Copies of the file, snapshots of the disk and the reports themselves are beyond its reach.
    """
    from tp53annot.history.listing import forget_samples
    from tp53annot.system.pseudonyms import pseudonyms_of

    hidden = pseudonyms_of(pseudonymise)
    if hidden:
        patient = None if patient is None else hidden.patient(patient)
        sample = None if sample is None else hidden.sample(sample)
    for line in forget_samples(path, patient=patient, sample=sample):
        click.echo(line)


@history_command.command("verify", epilog="Example: tp53annot history verify --history lab.sqlite")
@history_option
def history_verify(path: Path) -> None:
    """Check file and records; exit 3 when one is damaged."""
    from tp53annot.history.listing import verify_history

    samples, faults = verify_history(path)
    for line in faults:
        say(f"{path}: {line}")
    if faults:
        sys.exit(ExitCode.INPUT)
    click.echo(f"{samples} samples, nothing damaged")

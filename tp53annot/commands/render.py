"""The command ``render``: other formats of a saved report."""

from __future__ import annotations

from pathlib import Path

import click

from tp53annot.commands.options import FILE, FormatList, force_option, option
from tp53annot.knowledge.languages import languages
from tp53annot.report.registry import RENDERED


@click.command("render", epilog="Example: tp53annot render out/S1/S1.tp53.json --format html,xlsx")
@click.argument("report", type=FILE, metavar="REPORT.json")
@option("-o", "--output", type=FILE, help="Folder for the files [default: beside the report]; - is stdout.")
@option(
    "--format",
    "formats",
    default="html,tsv",
    show_default=True,
    help=f"Comma-separated list of {', '.join(RENDERED)}.",
)
@option(
    "--language",
    type=click.Choice(languages()),
    default=None,
    help="Language of the labels [default: that of the report].",
)
@force_option(help="Overwrite existing files.")
def render_command(
    report: Path, output: Path | None, formats: str, language: str | None, force: bool
) -> None:
    """Write other formats of a saved report; the bytes are those that run wrote."""
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.run.output_files import render_saved

    chosen = FormatList().convert(formats, None, None)
    written = render_saved(
        report, output, chosen, force=force, language=language, resources=resources_of(None)
    )
    if output is not None and str(output) == "-":
        click.echo(b"".join(written.values()), nl=False)
        return
    for name in written:
        click.echo(name, err=True)

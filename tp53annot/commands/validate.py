"""The command ``validate``: a laboratory's own samples against their reports."""

from __future__ import annotations

from pathlib import Path

import click

from tp53annot.commands.options import FILE, force_option, json_option, option, resources_option


@click.command("validate", epilog="Example: tp53annot validate truth.tsv out/ -o validation/")
@click.argument("truth", type=FILE, metavar="TRUTH.tsv")
@click.argument("reports", nargs=-1, required=True, type=FILE, metavar="REPORT...")
@option(
    "-o", "--output", type=FILE, metavar="DIR", help="Also write JSON, TSV, Markdown and HTML files here."
)
@json_option(help="Print JSON instead of text.")
@option(
    *("--interval", "method"),
    type=click.Choice(["clopper-pearson", "wilson"]),
    help="Kind of interval [default: clopper-pearson].",
)
@force_option(help="Overwrite an earlier validation.")
@resources_option
def validate_command(
    truth: Path,
    reports: tuple[Path, ...],
    output: Path | None,
    as_json: bool,
    method: str | None,
    force: bool,
    resources: Path | None,
) -> None:
    """Measure reports against samples whose TP53 variants are known.

    REPORT is a report JSON written by run, or a folder that is searched for them. The table
    TRUTH.tsv (also CSV, XLSX) has a row for each known change, with the columns

    \b
      sample    name, as in the report
      variant   the change in any spelling that explain takes; empty or
                "negative" for a sample known to have none
      vaf       optional: true fraction, 0.12 or 12%
      class     optional: expected class, e.g. likely_oncogenic
      status    optional: expected status, e.g. low_level

    Printed are positive percent agreement and positive predictive value by kind of change and by
    VAF, negative percent agreement by sample and by exon, each with its interval, the agreement of
    VAFs and statuses, and every discordance with the reason that the report gives. A sample with
    status incomplete is no answer: it never counts as a true negative.
    """
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.validation import procedure

    tables = resources_of(resources)
    found = procedure.validate(truth, reports, tables, method=method)
    if output is not None:
        for path in procedure.write(found, output, tables, force=force):
            click.echo(str(path), err=True)
    click.echo(procedure.as_json(found) if as_json else procedure.as_text(found, tables), nl=False)

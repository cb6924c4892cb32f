"""The command ``demo``: the example that ships, as reports or as files to practise with."""

from __future__ import annotations

from pathlib import Path

import click

from tp53annot.commands.options import FILE, force_option, jobs_option, option
from tp53annot.errors import InputError
from tp53annot.run.settings import InputSettings, OutputSettings, RunSettings


@click.command("demo", epilog="Example: tp53annot demo -o demo-report")
@option("-o", "--output", type=FILE, metavar="DIR", help="Output folder of the reports.")
@option(
    "--data",
    type=FILE,
    metavar="DIR",
    help="Write example BAM files, a sheet, a truth table and a statement here.",
)
@force_option(help="Overwrite an earlier demo.")
@jobs_option
def demo_command(output: Path | None, data: Path | None, force: bool, jobs: int) -> None:
    """Run the main job on the example data that ships in the package.

    With --data the reads of six invented samples are made from the reference sequence, to follow
    the tutorial with: DIR/bam/*.bam, DIR/samples.tsv and DIR/lab_sheet.xlsx,
    DIR/truth.tsv and DIR/statement.toml.
    """
    from tp53annot.knowledge.resources import resources_of

    if output is None and data is None:
        raise click.UsageError("give -o DIR for the reports, --data DIR for example reads, or both")
    if data is not None:
        from tp53annot.demo.example_data import write_example_data

        for path in write_example_data(data, resources_of(None), force=force):
            click.echo(str(path))
    if output is None:
        return
    from tp53annot.run import pipeline

    example = resources_of(None).store.root / "example"
    target = OutputSettings(folder=output, force=force, jobs=jobs)
    result = pipeline.run(
        [example], RunSettings(), target, found=InputSettings(sheet=example / "samples.tsv")
    )
    if result.failures:
        raise InputError(result.failures[0])
    for outcome in result.outcomes:
        click.echo(f"{outcome.sample}\t{outcome.status}\t{outcome.html}")
    click.echo(f"Overview: {output / 'cohort.html'}", err=True)

"""The command ``run``: the main job."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tp53annot.commands.log import Log, finish, log_options
from tp53annot.commands.options import (
    FILE,
    analysis_options,
    context_options,
    lab_option,
    option,
    output_argument,
    output_options,
    primers_option,
    resources_option,
    settings_argument,
    size_option,
)
from tp53annot.errors import ExitCode
from tp53annot.run.settings import OutputSettings, RunSettings


@click.command("run", epilog="Example: tp53annot run sample.vcf.gz -o out/ --context age_years=64")
@click.argument("inputs", nargs=-1, required=True, type=FILE, metavar="INPUT...")
@option(
    *("-o", "--output", "folder"),
    required=True,
    type=FILE,
    metavar="DIR",
    help="Output folder; - prints to stdout.",
)
@option(
    *("--samples", "sheet"),
    type=FILE,
    metavar="TSV",
    help="Sample sheet with clinical context; its rows decide what is run.",
)
@option("--bam", type=FILE, metavar="BAM", help="Reads beside one VCF: coverage, read evidence, cross-check.")
@option(
    "--cnv",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="Copy-number table (SEG, CNVkit, GATK, FACETS, ASCAT, Sequenza, PURPLE, Control-FREEC, DRAGEN, VCF); repeatable.",
)
@option("--callable", "callable_bed", type=FILE, metavar="BED", help="Callable regions beside a VCF.")
@primers_option
@option("--background", is_flag=True, help="Learn error rates by place from the run's other samples' reads.")
@analysis_options
@size_option
@context_options
@lab_option
@output_options
@resources_option
@option("--fail-on", type=click.Choice(["mutated"]), help="Exit 10 when such a sample was found.")
@log_options
@settings_argument
@output_argument
def run_command(
    inputs: tuple[Path, ...],
    sheet: Path | None,
    settings: RunSettings,
    output: OutputSettings,
    fail_on: str | None,
    log: Log,
) -> None:
    """Report TP53 for every sample of the INPUT files.

    INPUT is a VCF, BCF, BAM or CRAM file, or a folder of them; a VCF and a BAM of one name in a
    folder are taken together. The genome build is found for each file. A table of variants (MAF,
    TSV, CSV, XLSX; a row a variant) is taken when it is named itself.

    Each sample gets DIR/SAMPLE/SAMPLE.tp53.json and the other formats, the run DIR/cohort.html,
    cohort.tsv and run.json. Nothing is written over without --force or --resume.

    \b
    The status of a sample is the first that fits
      mutated        an oncogenic variant at or above --report-vaf
      deletion_only  no such variant, but a TP53 deletion
      low_level      an oncogenic variant below --report-vaf only
      uncertain      variants of uncertain significance only
      not_detected   nothing found, and exons 4-10 were assessed
      incomplete     nothing found, but that proves nothing: part was not
                     assessed, or the input does not tell (a bare VCF)
    """
    from tp53annot.run import pipeline

    if str(output.folder) == "-":
        for text in pipeline.run_to_text(inputs, settings, output.formats, sheet=sheet):
            click.echo(text, nl=False)
        return
    result = pipeline.run(inputs, settings, output, sheet=sheet, say=log)
    finish(result.failures, bool(result.outcomes), log)
    if fail_on and any(outcome.status == fail_on for outcome in result.outcomes):
        sys.exit(ExitCode.MUTATED)

"""The command ``run``: the main job."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tp53annot.commands.log import Log, command_line, finish, log_options
from tp53annot.commands.options import (
    FILE,
    analysis_options,
    context_options,
    input_argument,
    input_options,
    lab_option,
    option,
    output_argument,
    output_options,
    primers_option,
    pseudonym_option,
    resources_option,
    settings_argument,
    size_option,
)
from tp53annot.errors import ExitCode
from tp53annot.run.settings import InputSettings, OutputSettings, RunSettings


@click.command("run", epilog="Example: tp53annot run sample.vcf.gz -o out/ --context age_years=64")
@click.argument("inputs", nargs=-1, required=True, type=FILE, metavar="INPUT...")
@option(
    *("-o", "--output", "folder"),
    required=True,
    type=FILE,
    metavar="DIR",
    help="Output folder; - prints to stdout.",
)
@input_options
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
@option(
    "--history",
    type=FILE,
    metavar="SQLITE",
    help="The laboratory's earlier samples: read before the run, its samples recorded after it.",
)
@pseudonym_option("Names of samples, patients and files become keyed hashes (HMAC-SHA-256) in every output.")
@option("--fail-on", type=click.Choice(["mutated"]), help="Exit 10 when such a sample was found.")
@log_options
@settings_argument
@output_argument
@input_argument
def run_command(
    inputs: tuple[Path, ...],
    found: InputSettings,
    settings: RunSettings,
    output: OutputSettings,
    fail_on: str | None,
    log: Log,
) -> None:
    """Report TP53 for every sample of the INPUT files.

    INPUT is a VCF, BCF, BAM or CRAM file, or a folder of them; a VCF and a BAM of one name, or of
    one sample as their headers name it, in a folder are taken together. The genome build is found
    for each file. A table of variants (MAF, TSV, CSV, XLSX; a row a variant) is taken when it is
    named itself.

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
        todo = pipeline.planned(inputs, settings, found)
        for text in pipeline.run_to_text(todo, settings, output.formats, log):
            click.echo(text, nl=False)
        finish(todo.missing, True, log)
        return
    words = command_line()
    result = pipeline.run(inputs, settings, output, found=found, command=words, say=log)
    summary = result.summary(output.folder / "cohort.html")
    finish(result.failures, bool(result.outcomes), log, summary)
    if fail_on and any(outcome.status == fail_on for outcome in result.outcomes):
        sys.exit(ExitCode.MUTATED)

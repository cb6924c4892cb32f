"""The command line: options to settings, settings to the pipeline, results to an exit code.

Nothing else in the package prints or exits. Heavy modules are imported inside the commands, so
that ``--help`` answers at once.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import click

from tp53annot.cli_cohort import cohort
from tp53annot.cli_demo import demo
from tp53annot.cli_evidence import evidence
from tp53annot.cli_log import Log, finish, logger, say
from tp53annot.cli_options import (
    FILE,
    FRACTION,
    LONGEST_LINE,
    REPORT_VAF,
    analysis_options,
    context_options,
    log_options,
    option,
    output_options,
    output_settings,
    resources_option,
    run_settings,
    size_option,
    update_settings,
)
from tp53annot.cli_validate import validate
from tp53annot.core.version import __version__
from tp53annot.errors import ExitCode, Tp53AnnotError, environment_fault, printable
from tp53annot.system.descriptors import lead_nowhere

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from tp53annot import pipeline

    click.echo(pipeline.version_text())
    ctx.exit()


@click.group(context_settings=HELP, epilog="Example: tp53annot run sample.vcf.gz -o out/")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the versions of the tool, the report schema and the tables.",
)
def cli() -> None:
    """TP53 in acute lymphoblastic leukaemia: from VCF, BCF, BAM or CRAM to a sourced report.

    Works offline. The tool describes published evidence; it gives no advice and is not a medical
    device. Most options can also be set in the environment, e.g. TP53ANNOT_MIN_VAF=0.01.

    \b
    Exit codes
      0    done, whatever the biological result
      1    a bug (traceback)
      2    wrong use of a command or option
      3    an input cannot be used; one line says why and how to mend it
      4    bundled tables are damaged
      5    some samples of several failed, the others are complete
      10   --fail-on mutated, and a mutated sample was found
      130  interrupted; finished samples stay, --resume goes on
    """


@cli.command(epilog="Example: tp53annot run sample.vcf.gz -o out/ --context age_years=64")
@click.argument("inputs", nargs=-1, required=True, type=FILE, metavar="INPUT...")
@option("-o", "--output", required=True, type=FILE, metavar="DIR", help="Output folder; - prints to stdout.")
@option(
    "--samples",
    "sheet",
    type=FILE,
    metavar="TSV",
    help="Sample sheet with clinical context; its rows decide what is run.",
)
@option("--bam", type=FILE, metavar="BAM", help="Reads beside one VCF: coverage, read evidence, cross-check.")
@option("--callable", "callable_bed", type=FILE, metavar="BED", help="Callable regions beside a VCF.")
@option("--background", is_flag=True, help="Learn error rates by place from the run's other samples' reads.")
@analysis_options
@size_option
@context_options
@output_options
@resources_option
@option("--fail-on", type=click.Choice(["mutated"]), help="Exit 10 when such a sample was found.")
@log_options
def run(inputs: tuple[Path, ...], **options: Any) -> None:
    """Report TP53 for every sample of the INPUT files.

    INPUT is a VCF, BCF, BAM or CRAM file, or a folder of them; a VCF and a BAM of one name in a
    folder are taken together. The genome build is found for each file.

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
    from tp53annot import pipeline

    log = logger(options)
    settings = run_settings(options)
    if str(options["output"]) == "-":
        for text in pipeline.run_to_text(inputs, settings, options["formats"], sheet=options["sheet"]):
            click.echo(text, nl=False)
        return
    result = pipeline.run(inputs, settings, output_settings(options), sheet=options["sheet"], log=log)
    finish(result.failures, bool(result.outcomes), log)
    if options["fail_on"] and any(outcome.status == options["fail_on"] for outcome in result.outcomes):
        sys.exit(ExitCode.MUTATED)


@cli.command(epilog="Example: tp53annot annotate calls.vcf.gz -o annotated.vcf.gz")
@click.argument("vcf", type=FILE)
@option("-o", "--output", default="-", type=FILE, help="Output VCF, VCF.gz or BCF; - is stdout. [default: -]")
@option("--assembly", type=click.Choice(["GRCh37", "GRCh38"]), help="Genome build [default: detected].")
@option("--force", is_flag=True, help="Overwrite an existing output.")
@size_option
@resources_option
def annotate(vcf: Path, output: Path, **options: Any) -> None:
    """Add TP53 names, classes and criteria to a VCF as INFO fields.

    VCF is a VCF, VCF.gz or BCF, or - for stdin. Every record and header line is kept, any number of
    samples; records off TP53 pass unchanged. Output that ends in .gz is compressed and indexed. The
    fields are TP53_HGVSC, TP53_HGVSP, TP53_CSQ, TP53_CLASS, TP53_POINTS, TP53_CRITERIA, TP53_FUNC,
    TP53_HOTSPOT, TP53_CLINVAR and TP53_REPORTABLE, one value an ALT.
    """
    from tp53annot import pipeline

    pipeline.annotate_file(vcf, output, run_settings(options), force=options["force"])


@cli.command(epilog="Example: tp53annot explain R175H 'c.375G>A' 'chr17:7675088C>T'")
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
    from tp53annot import pipeline

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


@cli.command(epilog="Example: tp53annot coverage sample.bam")
@click.argument("bam", type=FILE)
@option("-o", "--output", default="-", type=FILE, help="Output file; - is stdout. [default: -]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the depth of every base.")
@option("--assembly", type=click.Choice(["GRCh37", "GRCh38"]), help="Genome build [default: detected].")
@option("--reference", type=FILE, metavar="FASTA", help="The genome; needed for CRAM only.")
@option("--report-vaf", type=REPORT_VAF, help="VAF that a base must be assessed at.")
@resources_option
def coverage(bam: Path, output: Path, as_json: bool, **options: Any) -> None:
    """Show which exons of a BAM or CRAM could be assessed.

    Per exon: mean and lowest usable depth, the share of bases deep enough to show a variant at
    --report-vaf, and the lowest VAF that the worst base excludes; then every gap.
    """
    from tp53annot import pipeline

    _emit(output, pipeline.coverage_text(bam, run_settings(options), as_json=as_json))


@cli.command(epilog="Example: tp53annot call sample.bam -o calls.vcf.gz")
@click.argument("bam", type=FILE)
@option("-o", "--output", default="-", type=FILE, help="Output VCF or VCF.gz; - is stdout. [default: -]")
@click.option("--why", metavar="CHANGE", help="Say why a change is or is not called, e.g. chr17:7675088:C:T.")
@option("--force", is_flag=True, help="Overwrite an existing output.")
@option("--assembly", type=click.Choice(["GRCh37", "GRCh38"]), help="Genome build [default: detected].")
@option("--reference", type=FILE, metavar="FASTA", help="The genome; needed for CRAM only.")
@option("--min-vaf", type=FRACTION, help="Lowest variant allele fraction that is called.")
@option("--min-alt-reads", type=click.IntRange(2), help="Fewest supporting fragments of a call.")
@option("--sample", metavar="NAME", help="Sample name [default: of the read groups].")
@resources_option
def call(bam: Path, output: Path, why: str | None, **options: Any) -> None:
    """Call TP53 variants from the reads of a BAM or CRAM.

    Writes VCF; a name that ends in .gz is compressed and indexed. With --why nothing is written: the
    counts for one change are printed, and the test that it passed or failed.
    """
    from tp53annot import pipeline

    settings = run_settings(options)
    if why is not None:
        click.echo(pipeline.why_text(bam, why, settings), nl=False)
        return
    pipeline.call_file(bam, output, settings, force=options["force"])


@cli.command(epilog="Example: tp53annot render out/S1/S1.tp53.json --format html,xlsx")
@click.argument("report", type=FILE, metavar="REPORT.json")
@option("-o", "--output", type=FILE, help="Folder for the files [default: beside the report]; - is stdout.")
@option("--format", "formats", default="html,tsv", show_default=True, help="Comma-separated list.")
@option("--language", type=click.Choice(["en", "de"]), default=None, help="Language of the page.")
@option("--force", is_flag=True, help="Overwrite existing files.")
def render(report: Path, output: Path | None, formats: str, language: str | None, force: bool) -> None:
    """Write other formats of a saved report.

    The bytes are those that run wrote. Formats: json, tsv, html, txt, maf, xlsx, fhir, and pdf where its library is installed. The
    annotated VCF needs the input, so only run writes it.
    """
    from tp53annot import pipeline
    from tp53annot.cli_options import FormatList

    chosen = FormatList().convert(formats, None, None)
    written = pipeline.render(report, output, chosen, force=force, language=language)
    if output is not None and str(output) == "-":
        click.echo(b"".join(written.values()), nl=False)
        return
    for name in written:
        click.echo(name, err=True)


@cli.group(epilog="Example: tp53annot resources list")
def resources() -> None:
    """Bundled tables, rules and texts with their sources."""


@resources.command("list", epilog="Example: tp53annot resources list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@resources_option
def resources_list(as_json: bool, resources_dir: Path | None) -> None:
    """List every bundled file with its version, licence, rows and source."""
    from tp53annot import pipeline

    click.echo(pipeline.list_resources(resources_dir, as_json=as_json), nl=False)


@resources.command("verify", epilog="Example: tp53annot resources verify")
@resources_option
def resources_verify(resources_dir: Path | None) -> None:
    """Check every bundled file against its checksum; exit 4 when one is damaged."""
    from tp53annot import pipeline

    problems, checked = pipeline.verify_resources(resources_dir)
    for line in problems:
        say(line)
    if problems:
        sys.exit(ExitCode.RESOURCES)
    click.echo(f"{checked} files match their checksums")


@resources.command("diff", epilog="Example: tp53annot resources diff ~/tables-2026-05 ~/tables-2026-11")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
def resources_diff(before: Path, after: Path | None, as_json: bool) -> None:
    """Compare resources folder BEFORE with AFTER (default: the bundled tables): files and classes."""
    from tp53annot import pipeline

    click.echo(pipeline.diff_resources(before, after, as_json=as_json), nl=False)


@resources.command("update", epilog="Example: tp53annot resources update clinvar --from clinvar.vcf.gz")
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
@option("--assembly", type=click.Choice(["GRCh37", "GRCh38"]), help="Its build, where it does not state it.")
@option("--url", metavar="URL", help="Another server that has the same paths (a mirror).")
@click.option("--force", is_flag=True, help="Also take a table that has become much smaller.")
@option("--resources-dir", type=FILE, metavar="DIR",
        help="Data folder to write [default: ~/.local/share/tp53annot, or below $XDG_DATA_HOME].")  # fmt: skip
def resources_update(names: tuple[str, ...], **options: Any) -> None:
    """Bring newer tables into a folder of your own: the only command that uses the network.

    NAME is clinvar, gnomad, civic, nci or hotspots (all of them by default); with --from also
    alphamissense, revel, bayesdel or spliceai, or none: the file says what it is. Nothing changes
    unless the new tables hold together; other commands use them only with --resources-dir.
    """
    from tp53annot import pipeline

    result = pipeline.update_resources(
        update_settings(names, options), lambda line: click.echo(line, err=True)
    )
    click.echo(result.text, nl=False)
    for line in result.failures:
        click.echo(f"tp53annot: error: {line}", err=True)
    if result.failures:
        sys.exit(ExitCode.PARTIAL if result.release else ExitCode.INPUT)


for command in (cohort, demo, evidence, validate):
    cli.add_command(command)


def _emit(output: Path, text: str) -> None:
    """Text to standard output or, atomically, to a file."""
    if str(output) == "-":
        click.echo(text, nl=False)
        return
    from tp53annot.system.files import write_text

    write_text(output, text)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; expected failures become one line and their exit code.

    Signals are the business of ``__main__``.
    """
    shared: dict[str, Log] = {}
    sys.unraisablehook = lambda _fault: None  # what C libraries say while an object goes is no news
    try:
        code = cli.main(args=arguments, prog_name="tp53annot", standalone_mode=False, obj=shared)
        sys.exit(code if isinstance(code, int) else ExitCode.OK)
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        click.echo(
            "\n".join(printable(line, LONGEST_LINE) for line in shown.getvalue().splitlines()), err=True
        )
        sys.exit(ExitCode.USAGE)
    except BrokenPipeError:
        lead_nowhere(sys.stdout.fileno())
        sys.exit(ExitCode.OK)
    except Tp53AnnotError as error:
        shared.get("log", Log()).error(str(error))
        sys.exit(error.exit_code)
    except (OSError, MemoryError) as error:
        shared.get("log", Log()).error(environment_fault(error))
        sys.exit(ExitCode.INPUT)


__all__ = ["__version__", "cli", "main"]

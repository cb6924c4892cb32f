"""The command ``annotate``: the annotation as INFO fields of a VCF."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from tp53annot.commands.options import (
    FILE,
    assembly_option,
    force_option,
    option,
    resources_option,
    settings_argument,
    size_option,
)
from tp53annot.core.version import __version__
from tp53annot.errors import UsageError
from tp53annot.run.settings import RunSettings
from tp53annot.system.files import read_limited

_OTHERS = "^"  # before a list: all samples but these
_LETTERS = ("v", "z", "b", "u")
_LONGEST_LIST = 100_000_000  # bytes of a file of sample names
_ARGUMENTS = f"{__name__}.arguments"


class _Recorded(click.Command):
    """A command that keeps its arguments as they were given, for the header of what it writes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_ARGUMENTS] = tuple(args)
        return super().parse_args(ctx, args)


# Without environment variables: TP53ANNOT_SAMPLES is the sheet of ``run``.
_samples_option = click.option(
    *("-s", "--samples"), metavar="[^]LIST", help="Only these sample columns, comma-separated; ^: all others."
)
_samples_file_option = click.option(
    *("-S", "--samples-file"), metavar="[^]FILE", help="The same from a file, one name a line."
)


@click.command(
    "annotate", cls=_Recorded, epilog="Example: tp53annot annotate calls.vcf.gz -o annotated.vcf.gz"
)
@click.argument("vcf", type=FILE)
@option("-o", "--output", default="-", type=FILE, help="Output VCF, VCF.gz or BCF; - is stdout. [default: -]")
@option(
    *("-O", "--output-type"),
    type=click.Choice(_LETTERS),
    help="v: VCF, z: bgzipped VCF, b: BCF, u: uncompressed BCF. [default: by the output's name]",
)
@option("-W", "--write-index", is_flag=True, help="Index the output, or fail: .tbi of a VCF, .csi of a BCF.")
@_samples_option
@_samples_file_option
@option("--csq", is_flag=True, help="Add INFO/CSQ too, in the layout of VEP.")
@option("--no-version", is_flag=True, help="Leave version and command line out of the header.")
@assembly_option()
@force_option(help="Overwrite an existing output.")
@size_option
@resources_option
@settings_argument
@click.pass_context
def annotate_command(
    context: click.Context,
    vcf: Path,
    output: Path,
    output_type: str | None,
    write_index: bool,
    samples: str | None,
    samples_file: str | None,
    csq: bool,
    no_version: bool,
    force: bool,
    settings: RunSettings,
) -> None:
    """Add TP53 names, classes and criteria to a VCF as INFO fields.

    VCF is a VCF, VCF.gz or BCF, or - for stdin. Every record and header line is kept, any number of
    samples; records off TP53 pass unchanged. Output that ends in .gz is compressed and indexed. The
    fields are TP53_HGVSC, TP53_HGVSP, TP53_CSQ, TP53_CLASS, TP53_POINTS, TP53_CRITERIA, TP53_FUNC,
    TP53_HOTSPOT, TP53_CLINVAR and TP53_REPORTABLE, one value an ALT; with --csq also CSQ, which
    bcftools +split-vep reads. With -s or -S, INFO/AC and AN are counted anew where a record has them.
    """
    from tp53annot.run.vcf_annotation import annotate_file
    from tp53annot.vcf.output_form import OutputForm
    from tp53annot.vcf.writer import AnnotationOutput

    names, without = _sample_names(samples, samples_file)
    shape = AnnotationOutput(
        version=None if no_version else __version__,
        command=shlex.join(("annotate", *context.meta[_ARGUMENTS])),
        form=None if output_type is None else OutputForm(output_type),
        csq=csq,
        samples=names,
        without_samples=without,
    )
    annotate_file(vcf, output, settings, shape, force=force, write_an_index=write_index)


def _sample_names(listed: str | None, file: str | None) -> tuple[tuple[str, ...] | None, bool]:
    """The names asked for (``None``: all columns), and whether they are to be left out.

    Raises:
        UsageError: both a list and a file, or no name.
        InputError: the file cannot be read.
    """
    if listed is not None and file is not None:
        raise UsageError("--samples and --samples-file are two ways to say one thing: use one")
    stated = listed if file is None else file
    if stated is None:
        return None, False
    without = stated.startswith(_OTHERS)
    stated = stated.removeprefix(_OTHERS)
    if file is None:
        names = tuple(name for name in stated.split(",") if name)
    else:
        names = _names_of_file(Path(stated))
    if not names:
        raise UsageError("no sample is named; give at least one, e.g. --samples TUMOUR")
    return names, without


def _names_of_file(path: Path) -> tuple[str, ...]:
    """The first word of each line, as ``bcftools`` reads such files."""
    text = read_limited(path, _LONGEST_LIST).decode("utf-8-sig", "surrogateescape")
    return tuple(line.split("\t")[0].strip() for line in text.splitlines() if line.strip())

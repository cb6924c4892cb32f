"""The command ``annotate``: the annotation as INFO fields of a VCF."""

from __future__ import annotations

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
from tp53annot.run.settings import RunSettings


@click.command("annotate", epilog="Example: tp53annot annotate calls.vcf.gz -o annotated.vcf.gz")
@click.argument("vcf", type=FILE)
@option("-o", "--output", default="-", type=FILE, help="Output VCF, VCF.gz or BCF; - is stdout. [default: -]")
@assembly_option()
@force_option(help="Overwrite an existing output.")
@size_option
@resources_option
@settings_argument
def annotate_command(vcf: Path, output: Path, force: bool, settings: RunSettings) -> None:
    """Add TP53 names, classes and criteria to a VCF as INFO fields.

    VCF is a VCF, VCF.gz or BCF, or - for stdin. Every record and header line is kept, any number of
    samples; records off TP53 pass unchanged. Output that ends in .gz is compressed and indexed. The
    fields are TP53_HGVSC, TP53_HGVSP, TP53_CSQ, TP53_CLASS, TP53_POINTS, TP53_CRITERIA, TP53_FUNC,
    TP53_HOTSPOT, TP53_CLINVAR and TP53_REPORTABLE, one value an ALT.
    """
    from tp53annot.run.vcf_annotation import annotate_file

    annotate_file(vcf, output, settings, force=force)

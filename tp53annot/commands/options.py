"""Option bundles of the command line: names, environment variables, checks and their help."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tp53annot.core.allele import Build
from tp53annot.errors import UsageError
from tp53annot.maintain.outcome import UpdateSettings
from tp53annot.report.registry import DEFAULT_FORMATS, FORMATS
from tp53annot.run.settings import MOST_GIB, OutputSettings, RunSettings

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
LONGEST_LINE = 1400  # characters of a line on stderr


def option(*names: str, **attributes: Any) -> Callable[[Command], Command]:
    """``click.option`` that also reads ``TP53ANNOT_<NAME>`` from the environment."""
    long = next(name for name in names if name.startswith("--")).split("/")[0]
    variable = "TP53ANNOT_" + long.lstrip("-").upper().replace("-", "_")
    return click.option(*names, envvar=variable, **attributes)


if TYPE_CHECKING:
    _FormatBase = click.ParamType[tuple[str, ...]]
else:  # generic only in newer releases of click
    _FormatBase = click.ParamType


class FormatList(_FormatBase):
    """A comma-separated choice of report formats."""

    name = "LIST"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """``"json,html"`` as a tuple; names the allowed formats when one is unknown."""
        if isinstance(value, tuple):
            return value
        chosen = tuple(part.strip().lower() for part in str(value).split(",") if part.strip())
        unknown = [name for name in chosen if name not in FORMATS]
        if unknown or not chosen:
            self.fail(f"{', '.join(unknown) or 'nothing'} is not one of {', '.join(FORMATS)}", param, ctx)
        return chosen


def _bundle(*decorators: Callable[[Any], Any]) -> Callable[[Command], Command]:
    def apply(command: Command) -> Command:
        return functools.reduce(lambda inner, decorator: decorator(inner), reversed(decorators), command)

    return apply


class Fraction(click.FloatRange):
    """A number within limits; NaN is within none."""

    name = "fraction"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        number: float = super().convert(value, param, ctx)
        if number != number:
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


FRACTION = Fraction(0.0, 1.0)
REPORT_VAF = Fraction(0.001, 1.0)  # below, no depth of reads could ever assess a base

analysis_options = _bundle(
    option(
        "--assembly", type=click.Choice([b.value for b in Build]), help="Genome build [default: detected]."
    ),
    option("--reference", type=FILE, metavar="FASTA", help="The genome; needed for CRAM only."),
    option("--target", type=FILE, metavar="BED", help="Only report variants in these regions."),
    option("--min-vaf", type=FRACTION, help="Lowest variant allele fraction that is listed."),
    option("--report-vaf", type=REPORT_VAF, help="Lowest variant allele fraction that sets the status."),
    option("--min-depth", type=click.IntRange(0), help="Lowest read depth of a listed variant."),
    option("--min-alt-reads", type=click.IntRange(0), help="Fewest reads that support a listed variant."),
    option("--include-filtered", is_flag=True, help="Also report variants that the caller filtered out."),
    option("--sample", metavar="NAME", help="The sample to report (the tumour of a pair)."),
    option("--normal", metavar="NAME", help="The matched normal sample in the same VCF."),
)

language_option = option(
    "--language",
    type=click.Choice(["en", "de"]),
    default="en",
    show_default=True,
    help="Language of the page's labels and fixed texts.",
)

log_options = _bundle(
    click.option("-q", "--quiet", is_flag=True, help="Only errors on stderr."),
    click.option("-v", "--verbose", count=True, help="Say more on stderr."),
    option("--log-json", is_flag=True, help="One JSON object a line on stderr."),
)

context_options = _bundle(
    option(
        "--context",
        "context",
        multiple=True,
        metavar="KEY=VALUE",
        help="Clinical context of the sample, e.g. --context age_years=64; repeatable.",
    ),
    option(
        "--evidence",
        type=click.Choice(["default", "extended", "all"]),
        default="default",
        show_default=True,
        help="How much of the evidence base is printed.",
    ),
    language_option,
)

resources_option = option(
    "--resources-dir", type=FILE, metavar="DIR", help="Updated tables to use instead of the bundled ones."
)

size_option = option(
    "--max-uncompressed",
    type=Fraction(0, min_open=True),
    metavar="GIB",
    help=f"Refuse a VCF that unpacks to more than this [default: {MOST_GIB:g}].",
)

output_options = _bundle(
    option(
        "--format",
        "formats",
        type=FormatList(),
        default=",".join(DEFAULT_FORMATS),
        show_default=True,
        help=f"Comma-separated list of {', '.join(FORMATS)}.",
    ),
    option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Worker processes."),
    option("--resume", is_flag=True, help="Keep finished reports of the same inputs and settings."),
    option("--force", is_flag=True, help="Overwrite existing reports."),
)


def parse_context(pairs: tuple[str, ...]) -> dict[str, str]:
    """``("age_years=64",)`` as a mapping.

    Raises:
        UsageError: a pair without ``=`` or a key given twice.
    """
    context: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise UsageError(f"--context {pair!r} is not KEY=VALUE, e.g. --context age_years=64")
        if key.strip() in context:
            raise UsageError(f"--context {key.strip()} is given twice")
        context[key.strip()] = value.strip()
    return context


def run_settings(options: dict[str, Any]) -> RunSettings:
    """The analysis options of a command as the frozen settings."""
    assembly = options.get("assembly")
    return RunSettings(
        assembly=Build(assembly) if assembly else None,
        sample=options.get("sample"),
        normal=options.get("normal"),
        min_vaf=options.get("min_vaf"),
        min_depth=options.get("min_depth"),
        min_alt_reads=options.get("min_alt_reads"),
        report_vaf=options.get("report_vaf"),
        include_filtered=bool(options.get("include_filtered")),
        background=bool(options.get("background")),
        context=parse_context(options.get("context") or ()),
        evidence=options.get("evidence") or "default",
        language=options.get("language") or "en",
        reference=options.get("reference"),
        bam=options.get("bam"),
        target=options.get("target"),
        callable_bed=options.get("callable_bed"),
        resources=options.get("resources_dir"),
        max_uncompressed_gib=options.get("max_uncompressed") or MOST_GIB,
    )


def output_settings(options: dict[str, Any]) -> OutputSettings:
    """The output options of a command as the frozen settings."""
    return OutputSettings(
        folder=options["output"],
        formats=options["formats"],
        force=options["force"],
        resume=options["resume"],
        jobs=options["jobs"],
    )


def update_settings(names: tuple[str, ...], options: dict[str, Any]) -> UpdateSettings:
    """The options of ``resources update`` as the frozen settings."""
    assembly = options["assembly"]
    return UpdateSettings(
        folder=options["resources_dir"],
        names=names,
        files=options["files"],
        label=options["label"],
        assembly=Build(assembly) if assembly else None,
        url=options["url"],
        force=options["force"],
    )

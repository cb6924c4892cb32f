"""Options of the command line: names, environment variables, checks and their help.

An option is declared here or beside its command, once. One that changes what a report says is named like its
field of :class:`tp53annot.run.settings.RunSettings`; :func:`settings_argument` gives a command all of its
options of that kind as one value.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tp53annot.core.allele import Build
from tp53annot.errors import UsageError
from tp53annot.knowledge.languages import languages
from tp53annot.report.registry import DEFAULT_FORMATS, FORMATS
from tp53annot.run.settings import MOST_GIB, InputSettings, OutputSettings, RunSettings
from tp53annot.system.workers import usable_cores

Command = Callable[..., object]
AnyCommand = TypeVar("AnyCommand", bound=Command)
Decorator = Callable[[Command], Command]
FILE = click.Path(path_type=Path)
LONGEST_LINE = 1400  # characters of a line on stderr
_DEFAULTS = RunSettings()
_TABLES = "tp53annot.resources"  # of the command's own notes: the folder of --resources-dir


def option(*names: str, **attributes: Any) -> Callable[[AnyCommand], AnyCommand]:
    """``click.option`` that also reads ``TP53ANNOT_<NAME>`` from the environment."""
    long = next(name for name in names if name.startswith("--")).split("/")[0]
    variable = "TP53ANNOT_" + long.lstrip("-").upper().replace("-", "_")
    return click.option(*names, envvar=variable, **attributes)


def bundle(*decorators: Decorator) -> Decorator:
    """Several options as one decorator, the first on top."""

    def apply(command: Command) -> Command:
        return functools.reduce(lambda inner, decorator: decorator(inner), reversed(decorators), command)

    return apply


def gathered(argument: str, names: tuple[str, ...], make: Callable[..., object]) -> Decorator:
    """Pass the values of these options to a command as one argument, made of those that the command has."""

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def with_argument(**values: object) -> object:
            given = {name: values.pop(name) for name in names if name in values}
            return command(**values, **{argument: make(**given)})

        return with_argument

    return decorate


if TYPE_CHECKING:
    _FormatBase = click.ParamType[tuple[str, ...]]
else:  # generic only in newer releases of click
    _FormatBase = click.ParamType


class FormatList(_FormatBase):
    """A comma-separated choice of report formats."""

    name = "LIST"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """``"json,html"`` as a tuple; names the allowed formats when one is unknown."""
        if isinstance(value, tuple):
            return value
        chosen = tuple(part.strip().lower() for part in str(value).split(",") if part.strip())
        unknown = [name for name in chosen if name not in FORMATS]
        if unknown or not chosen:
            self.fail(f"{', '.join(unknown) or 'nothing'} is not one of {', '.join(FORMATS)}", param, ctx)
        return chosen


class FractionType(click.FloatRange):
    """A number within limits; NaN and infinity are within none."""

    name = "fraction"

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            named = param.opts[0] if param is not None else "the value"
            raise UsageError(f"{named} {value!r} is no number that can be counted to; give one such as 0.5")
        return number


FRACTION = FractionType(0.0, 1.0)
REPORT_VAF = FractionType(0.001, 1.0)  # below, no depth of reads could ever assess a base


def assembly_option(text: str = "Genome build [default: detected].") -> Decorator:
    """``--assembly``; ``text`` says of what."""
    return option("--assembly", type=click.Choice([b.value for b in Build]), callback=_build, help=text)


def pseudonym_option(text: str) -> Decorator:
    """``--pseudonymise``; ``text`` says what becomes of names."""
    return option("--pseudonymise", type=FILE, metavar="KEYFILE", help=text)


def _build(_context: click.Context, _option: click.Parameter, name: str | None) -> Build | None:
    return None if name is None else Build(name)


def _processes(_context: click.Context, _option: click.Parameter, asked: int) -> int:
    """More workers than cores only make each load its tables: 200 small files took three times as long."""
    return min(asked, usable_cores())


force_option = functools.partial(option, "--force", is_flag=True)
json_option = functools.partial(click.option, "--json", "as_json", is_flag=True)
primers_option = option(
    "--primers-trimmed",
    is_flag=True,
    help="Primers of amplicons were cut off before the reads were aligned: bases at the reads' ends count as assessed.",
)
reference_option = option("--reference", type=FILE, metavar="FASTA", help="The genome; needed for CRAM only.")
resources_option = option(
    *("--resources-dir", "resources"),
    type=FILE,
    metavar="DIR",
    help="Updated tables to use instead of the bundled ones.",
)
size_option = option(
    *("--max-uncompressed", "max_uncompressed_gib"),
    type=FractionType(0, min_open=True),
    metavar="GIB",
    help=f"Refuse a VCF that unpacks to more than this [default: {MOST_GIB:g}].",
)
jobs_option = option(
    *("-j", "--jobs"),
    type=click.IntRange(1),
    default=1,
    show_default=True,
    callback=_processes,
    help="Worker processes; no more than there are cores are used.",
)
language_option = option(
    "--language",
    type=click.Choice(languages()),
    default=_DEFAULTS.language,
    show_default=True,
    help="Language of labels and sentences; published statements stay English.",
)


class _LabOption(click.Option):
    """Reads the lab file before the other options: what it sets counts below the command line and the environment.

    Its context is checked against the vocabulary of ``--resources-dir``, wherever that option stands.
    """

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, object], args: list[str]
    ) -> tuple[object, list[str]]:
        tables = next(p for p in ctx.command.params if p.name == "resources")
        given, _source = tables.consume_value(ctx, opts)
        folder = tables.process_value(ctx, given)
        ctx.meta[_TABLES] = (
            folder if isinstance(folder, Path) else None
        )  # of releases of click, some mark "not given"
        return super().handle_parse_result(ctx, opts, args)


def _lab(context: click.Context, _option: click.Parameter, path: Path | None) -> object:
    if path is None:
        return None
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.run.lab_file import read_lab

    lab = read_lab(path, resources_of(context.meta[_TABLES]))
    context.default_map = {**(context.default_map or {}), **lab.defaults}
    return lab


lab_option = option(
    "--lab",
    cls=_LabOption,
    type=FILE,
    metavar="TOML",
    is_eager=True,
    callback=_lab,
    help="The laboratory's own file: letterhead, assay, signatures, thresholds with reasons, defaults.",
)

analysis_options = bundle(
    assembly_option(),
    reference_option,
    option("--target", type=FILE, metavar="BED", help="Only report variants in these regions."),
    option("--min-vaf", type=FRACTION, help="Lowest variant allele fraction that is listed."),
    option("--report-vaf", type=REPORT_VAF, help="Lowest variant allele fraction that sets the status."),
    option("--min-depth", type=click.IntRange(0), help="Lowest read depth of a listed variant."),
    option("--min-alt-reads", type=click.IntRange(0), help="Fewest reads that support a listed variant."),
    option("--include-filtered", is_flag=True, help="Also report variants that the caller filtered out."),
    option("--sample", metavar="NAME", help="The sample to report (the tumour of a pair)."),
    option("--normal", metavar="NAME", help="The matched normal sample in the same VCF."),
)

context_options = bundle(
    option(
        "--context",
        multiple=True,
        metavar="KEY=VALUE",
        help="Clinical context of the sample, e.g. --context age_years=64; repeatable.",
    ),
    option(
        "--evidence",
        type=click.Choice(["default", "extended", "all"]),
        default=_DEFAULTS.evidence,
        show_default=True,
        help="How much of the evidence base is printed.",
    ),
    language_option,
)

input_options = bundle(
    option(
        *("--samples", "sheet"),
        type=FILE,
        metavar="SHEET",
        help="Sample sheet (TSV, CSV, XLSX, ODS) with clinical context; its rows decide what is run.",
    ),
    option("--sheet-tab", metavar="NAME", help="The tab of the sample sheet, where several fit."),
    option("--ignore-columns", is_flag=True, help="Leave out columns of the sheet that are not known."),
    option(
        "--strict",
        is_flag=True,
        help="Run nothing where a file of the sheet is missing [default: the others].",
    ),
    option(*("-r", "--recursive"), is_flag=True, help="Search the folders below an INPUT folder, too."),
)

output_options = bundle(
    option(
        *("--format", "formats"),
        type=FormatList(),
        default=",".join(DEFAULT_FORMATS),
        show_default=True,
        help=f"Comma-separated list of {', '.join(FORMATS)}.",
    ),
    jobs_option,
    option("--resume", is_flag=True, help="Keep finished reports of the same inputs and settings."),
    force_option(help="Overwrite existing reports."),
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


def _run_settings(context: tuple[str, ...] = (), **given: Any) -> RunSettings:
    stated = {name: value for name, value in given.items() if value is not None}
    return RunSettings(context=parse_context(context), **stated)


settings_argument = gathered("settings", RunSettings.__struct_fields__, _run_settings)
input_argument = gathered("found", InputSettings.__struct_fields__, InputSettings)
output_argument = gathered("output", OutputSettings.__struct_fields__, OutputSettings)

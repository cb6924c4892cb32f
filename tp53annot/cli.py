"""The command line: options to settings, settings to the pipeline, results to an exit code.

Nothing else in the package prints or exits. Heavy modules are imported inside the commands, so
that ``--help`` answers at once.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator, Mapping
from typing import IO, Any

import click

from tp53annot import commands
from tp53annot.commands.log import Log
from tp53annot.commands.options import LONGEST_LINE
from tp53annot.core.version import __version__
from tp53annot.errors import ExitCode, Tp53AnnotError, environment_fault, printable
from tp53annot.system.descriptors import lead_nowhere

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from tp53annot.knowledge.resources import resources_of
    from tp53annot.run.output_files import version_text

    click.echo(version_text(resources_of(None)))
    ctx.exit()


class _ReaderGoneError(Exception):
    """Who read standard output has closed it."""


class _Tool(click.Group):
    """The command line, but a closed pipe is no error: click ends with 1 there."""

    def make_context(self, *given: Any, **more: Any) -> click.Context:
        with _pipes():
            return super().make_context(*given, **more)

    def invoke(self, ctx: click.Context) -> object:
        with _pipes():
            return super().invoke(ctx)


@contextlib.contextmanager
def _pipes() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise _ReaderGoneError from error


@click.group(cls=_Tool, context_settings=HELP, epilog="Example: tp53annot run sample.vcf.gz -o out/")
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


for command in commands.registered():
    cli.add_command(command)


def _log(shared: Mapping[str, object]) -> Log:
    """The log of the command that was run."""
    log = shared.get("log")
    return log if isinstance(log, Log) else Log()


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; expected failures become one line and their exit code.

    Signals are the business of ``__main__``.
    """
    words = tuple(sys.argv[1:] if arguments is None else arguments)
    shared: dict[str, Log | tuple[str, ...]] = {"words": words}
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
    except (BrokenPipeError, _ReaderGoneError):
        lead_nowhere(sys.stdout.fileno())
        sys.exit(ExitCode.OK)
    except Tp53AnnotError as error:
        log = _log(shared)
        for line in error.lines:
            log.error(line)
        sys.exit(error.exit_code)
    except (OSError, MemoryError) as error:
        if sys.stdout is not None and not _flushed(sys.stdout):
            lead_nowhere(sys.stdout.fileno())  # else the interpreter tries once more, and says so
        _log(shared).error(environment_fault(error))
        sys.exit(ExitCode.INPUT)


def _flushed(stream: IO[str]) -> bool:
    try:
        stream.flush()
    except OSError:
        return False
    return True


__all__ = ["__version__", "cli", "main"]

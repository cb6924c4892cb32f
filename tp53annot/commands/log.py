"""What is said on standard error: lines, a progress bar on a terminal, or JSON objects."""

from __future__ import annotations

import datetime
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import click

from tp53annot.commands.options import LONGEST_LINE, bundle, gathered, option
from tp53annot.errors import ExitCode, printable
from tp53annot.system.descriptors import lead_nowhere

_BAR = 24  # characters
_REDRAW_S = 0.1
CLEAR = "\r\x1b[K"


class Log:
    """Called with a line and its level (0: always but for ``-q``, 1: with ``-v``).

    A line that comes with ``done`` and ``total`` is progress: on a terminal it moves a bar with rate
    and remaining time, elsewhere it is said with ``-v``. ``as_json``: one JSON object a line.
    """

    def __init__(
        self,
        *,
        quiet: bool = False,
        verbose: int = 0,
        as_json: bool = False,
        terminal: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.quiet, self.verbose, self.as_json, self.clock = quiet, verbose, as_json, clock
        isatty = sys.stderr.isatty() if terminal is None else terminal
        self.bar = isatty and not quiet and not as_json
        self.drawn = False
        self.start = self.last = clock()

    def __call__(self, line: str, level: int = 0, **fields: int) -> None:
        """Say a line, or show progress."""
        if self.quiet:
            return
        if self.as_json:
            if level <= self.verbose or "total" in fields:
                self._json("progress" if "total" in fields else "info", line, fields)
            return
        if "total" in fields:
            self._progress(line, level, fields["done"], fields["total"], fields.get("failed", 0))
        elif level <= self.verbose:
            self._line(line)

    def error(self, line: str) -> None:
        """Say an error, also with ``-q``."""
        if self.as_json:
            self._json("error", line, {})
        else:
            self._line(f"tp53annot: error: {line}")

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self.drawn:
            _echo(CLEAR, nl=False)
            self.drawn = False

    def _line(self, line: str) -> None:
        self.close()
        _echo(printable(line, LONGEST_LINE))

    def _json(self, level: str, line: str, fields: Mapping[str, int]) -> None:
        moment = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        entry = {"time": moment, "level": level, "message": line, **fields}
        _echo(json.dumps(entry, ensure_ascii=True))

    def _progress(self, line: str, level: int, done: int, total: int, failed: int) -> None:
        now = self.clock()
        if done == 0:
            self.start = now
        elif level <= self.verbose:
            self._line(line)
        if self.bar:
            if 0 < done < total and now - self.last < _REDRAW_S:
                return
            _echo(CLEAR + self._bar(done, total, failed, now), nl=False)
            self.drawn = True
            self.last = now

    def _bar(self, done: int, total: int, failed: int, now: float) -> str:
        full = done * _BAR // max(total, 1)
        return f"[{'#' * full}{'-' * (_BAR - full)}] {self._state(done, total, failed, now)}"

    def _state(self, done: int, total: int, failed: int, now: float) -> str:
        if not done:
            return f"0/{total}"
        passed = max(now - self.start, 1e-9)
        rate = done / passed
        left = int((total - done) / rate) if rate else 0
        return (
            f"{done}/{total}, {rate:.1f}/s, {left // 60}:{left % 60:02} left"
            f"{f', {failed} failed' if failed else ''}"
        )


def _echo(text: str, *, nl: bool = True) -> None:
    """Say it on standard error; work goes on where nobody reads it any more."""
    try:
        click.echo(text, err=True, nl=nl, color=None if nl else True)
    except OSError:  # a closed pipe, or a full disk behind it
        with suppress(OSError):
            lead_nowhere(sys.stderr.fileno())


def _logger(quiet: bool, verbose: int, log_json: bool) -> Log:
    """The log of a command; kept with the context, so that its last error is said the same way."""
    log = Log(quiet=quiet, verbose=verbose, as_json=log_json)
    click.get_current_context().ensure_object(dict)["log"] = log
    return log


def command_line() -> tuple[str, ...]:
    """The words of the command line, without the program; nothing where a command is called from Python."""
    return tuple(click.get_current_context().ensure_object(dict).get("words", ()))


log_options = bundle(
    click.option("-q", "--quiet", is_flag=True, help="Only errors on stderr."),
    click.option("-v", "--verbose", count=True, help="Say more on stderr."),
    option("--log-json", is_flag=True, help="One JSON object a line on stderr."),
    gathered("log", ("quiet", "verbose", "log_json"), _logger),
)


def say(line: str) -> None:
    """An error of a command that keeps no log."""
    Log().error(line)


def finish(failures: Sequence[str], some_done: bool, log: Log, summary: Sequence[str] = ()) -> None:
    """Say what failed and the summary, and end with the exit code for failures, if there are any."""
    for failure in failures:
        log.error(failure)
    log.close()
    for line in summary:
        log(line)
    if failures:
        sys.exit(ExitCode.PARTIAL if some_done else ExitCode.INPUT)

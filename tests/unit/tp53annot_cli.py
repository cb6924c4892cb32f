"""The command line, in this process (quick) or in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping

from tp53annot.cli import main


def tp53annot(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run it here; tables once loaded stay loaded, so name an updated folder by its release."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 1
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(a) for a in arguments])
        except SystemExit as end:
            code = end.code
    return subprocess.CompletedProcess(arguments, int(str(code or 0)), out.getvalue(), err.getvalue())


def in_a_process(
    *arguments: object, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own; output as text."""
    command = [sys.executable, "-m", "tp53annot", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **(env or {})}, check=False
    )

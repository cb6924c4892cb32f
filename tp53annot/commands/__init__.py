"""One file a command of the command line: ``commands/run.py`` holds ``run_command``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import click

SHARED = ("log", "options")


def registered() -> Iterator[click.Command]:
    """Every command, by the files of this package but those that all commands share."""
    for module in pkgutil.iter_modules(__path__):
        if module.name not in SHARED:
            found = importlib.import_module(f"{__name__}.{module.name}")
            command: click.Command = getattr(found, f"{module.name}_command")
            yield command

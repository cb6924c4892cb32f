"""Shared fixtures: the external data folder, and peers that may not be installed."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Files whose tests start the program, write many files or take long; `make quick` leaves them out.
SLOW = frozenset(ROOT / "tests" / name for name in (ROOT / "tests" / "slow_files.txt").read_text().split())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of slow files; a name of the list without a file is a fault."""
    for path in SLOW:
        if not path.is_file():
            raise pytest.UsageError(f"tests/slow_files.txt: there is no {path.relative_to(ROOT / 'tests')}")
    for item in items:
        if item.path in SLOW:
            item.add_marker(pytest.mark.slow)


def external_data() -> Path:
    """The folder with raw tables and real files that lies beside a full checkout."""
    return Path(os.environ.get("TP53ANNOT_EXTERNAL_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Raw tables, judges' names and real files; the test is skipped where they are absent."""
    folder = external_data()
    if not folder.is_dir():
        pytest.skip(f"needs the external data folder (set TP53ANNOT_EXTERNAL_DATA); {folder} is absent")
    return folder


def absent(what: str) -> NoReturn:
    """End a test whose peer is missing: skipped, failed when TP53ANNOT_REQUIRE_PEERS=1."""
    message = f"{what} is not installed"
    if os.environ.get("TP53ANNOT_REQUIRE_PEERS") == "1":
        pytest.fail(message)
    pytest.skip(message)


def require_program(*names: str) -> str:
    """Path of a peer program, the first of its names that is there."""
    path = next((p for p in map(shutil.which, names) if p), None)
    return path or absent(f"peer program {names[0]}")


def bcftools(*arguments: object) -> str:
    """What bcftools prints; it must succeed."""
    command = [require_program("bcftools"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def python_of(variable: str) -> Path:
    """The Python of an environment that a variable names; without it the one running the tests."""
    return Path(os.environ.get(variable, sys.executable))


def require_beside(variable: str, name: str) -> Path:
    """A program beside such a Python."""
    python = python_of(variable)
    path = python.parent / name
    return path if path.exists() else absent(f"{name} beside {python} (set {variable})")


def require_judge(module: str) -> str:
    """The Python that has a judge's module: TP53ANNOT_JUDGES_PYTHON."""
    python = python_of("TP53ANNOT_JUDGES_PYTHON")
    if subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode:
        absent(f"{module} in {python} (set TP53ANNOT_JUDGES_PYTHON)")
    return str(python)


def require_library(name: str) -> None:
    """An optional Python library of the tests' own Python."""
    try:
        importlib.import_module(name)
    except (ImportError, OSError) as error:
        absent(f"optional library {name} ({error})")

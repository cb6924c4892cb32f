"""Shared fixtures: the external data folder, and peers that may not be installed."""

from __future__ import annotations

import importlib
import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


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


def require_program(name: str) -> str:
    """Path of a peer program; skipped when missing, failed when TP53ANNOT_REQUIRE_PEERS=1."""
    path = shutil.which(name)
    if path is None:
        message = f"peer program {name} is not installed"
        if os.environ.get("TP53ANNOT_REQUIRE_PEERS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return path


def require_library(name: str) -> None:
    """An optional Python library; skipped when missing, failed when TP53ANNOT_REQUIRE_PEERS=1."""
    try:
        importlib.import_module(name)
    except (ImportError, OSError) as error:
        message = f"optional library {name} is not installed ({error})"
        if os.environ.get("TP53ANNOT_REQUIRE_PEERS") == "1":
            pytest.fail(message)
        pytest.skip(message)

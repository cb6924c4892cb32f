"""The version stands in ``core/version.py``; whatever repeats it for others says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tp53annot.core.version import __version__

ROOT = Path(__file__).resolve().parents[1]
STATED = {
    "CITATION.cff": r"^version: (\S+)$",
    "packaging/bioconda/meta.yaml": r'set version = "(\S+)"',
    "packaging/Dockerfile": r"-t tp53annot:(\S+) ",
    "workflow/cwl/tp53annot-run.cwl": r'(?:version: \["|tp53annot:)([\d.]+\d)',
    "workflow/cwl/tp53annot-cohort.cwl": r'(?:version: \["|tp53annot:)([\d.]+\d)',
    "workflow/nextflow/modules/tp53annot/run/main.nf": r'container "tp53annot:(\S+)"',
    "workflow/nextflow/modules/tp53annot/run/environment.yml": r'tp53annot=([^"]+)"',
    "workflow/profiles/kubernetes/config.v8+.yaml": r"tp53annot-workflow:([\d.]+\d)",
    "docs/install.md": r"tp53annot[:-](\d[\d.]*\d)",
    "docs/pipelines.md": r"tp53annot(?:-workflow)?:(\d[\d.]*\d)",
    "CHANGELOG.md": r"\A(?s:.*?)^## (\d[\d.]*\d)",
}


@pytest.mark.parametrize("name", STATED)
def test_the_version_is_the_same_everywhere(name: str) -> None:
    found = re.findall(STATED[name], (ROOT / name).read_text(), re.MULTILINE)
    assert found and set(found) == {__version__}


def test_the_makefile_asks_for_the_version() -> None:
    assert __version__ not in (ROOT / "Makefile").read_text()

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from tp53annot.core.allele import Build
from tp53annot.errors import ResourceError
from tp53annot.knowledge.reference import load_reference
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.store import Store, open_store
from tp53annot.knowledge.tables.registry import load_knowledge


def test_reference_is_the_locus_of_both_builds() -> None:
    reference = load_reference()
    assert reference.main_accession == "NM_000546.6"
    assert reference.builds[Build.GRCH37].offset == -96_682
    assert len(reference.sequence) == 40_001
    assert load_reference() is reference


def test_knowledge_is_loaded_once() -> None:
    assert load_knowledge() is load_knowledge()


def test_unknown_rules_are_refused() -> None:
    with pytest.raises(ResourceError, match="not in the manifest"):
        open_store().toml("rules/no_such_rules.toml")


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="holds no tables"):
        Store(tmp_path / "absent")


def test_versions_are_sorted_and_leave_the_example_out() -> None:
    names = [version.name for version in open_store().versions()]
    assert names == sorted(names) and not any(name.startswith("example/") for name in names)


def test_rsids_of_the_bundled_tables() -> None:
    assert set(resources_of().rsids()["rs28934578"]) == {"c.524G>A", "c.524G>T"}  # one rsID, two alleles
    assert "c.215C>G" in resources_of().rsids()["rs1042522"]


def test_reference_needs_no_table_to_load() -> None:
    """Commands that only need the locus do not pay for the tables."""
    code = (
        "import sys; from tp53annot.knowledge.reference import load_reference; load_reference();"
        "print('tp53annot.knowledge.tables.registry' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "False"

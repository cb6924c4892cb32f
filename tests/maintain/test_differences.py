from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from tp53annot_cli import tp53annot

from tp53annot.errors import ResourceError
from tp53annot.knowledge.store import BUNDLED
from tp53annot.maintain.differences import compare, diff_resources


def lay(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the bundled folder with one text changed and its manifest brought up to date."""
    root = Path(shutil.copytree(BUNDLED, folder))
    path, manifest = root / name, root / "MANIFEST.toml"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text().replace(before, after))
    return root


def test_nothing_differs_from_itself() -> None:
    assert compare(None, None) == {
        "files": [],
        "classes": [],
        "germline": {"added": 0, "removed": 0, "changed": []},
    }


def test_a_changed_count_is_seen_in_file_and_class(tmp_path: Path) -> None:
    root = lay(
        tmp_path / "r",
        "tables/hotspots_v3.tsv",
        "R175\tR175H\t416\t386",
        "R175\tR175H\t416\t9",
    )
    found = compare(None, root)
    assert [item["file"] for item in found["files"]] == ["tables/hotspots_v3.tsv"]
    by_name = {item["hgvs_c"]: item for item in found["classes"]}
    assert by_name["c.524G>A"]["before"] == {"class": "oncogenic", "points": 12}
    assert by_name["c.524G>A"]["after"]["class"] == "likely_oncogenic"
    text = diff_resources(None, root)
    assert "files that differ: 1" in text and "c.524G>A\tp.(Arg175His)\toncogenic (12) -> likely" in text
    assert json.loads(diff_resources(None, root, as_json=True)) == found


def test_the_command_reads_forward(tmp_path: Path) -> None:
    newer = lay(tmp_path / "r", "tables/hotspots_v3.tsv", "R175\tR175H\t416\t386", "R175\tR175H\t416\t9")
    forward, backward = ("oncogenic (12) -> likely oncogenic", "likely oncogenic (9) -> oncogenic (12)")
    assert forward in tp53annot("resources", "diff", newer).stdout, "from the bundled tables to one's own"
    assert backward in tp53annot("resources", "diff", newer, BUNDLED).stdout
    assert tp53annot("resources", "diff", newer, newer, newer).returncode == 2


def test_a_damaged_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="holds no tables"):
        compare(tmp_path, None)
    (tmp_path / "MANIFEST.toml").write_text("[")
    with pytest.raises(ResourceError, match="manifest cannot be read"):
        compare(tmp_path, None)

"""The comparison of two versions sees every difference that is one, and none that is not."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import click
import pytest
from openpyxl import Workbook

from tp53annot.cli import cli

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from compare_outputs import STEPS, differences

NAMES = ({"1.2.3": "<version>"}, {"1.3.0": "<version>"})


def tree(root: Path, version: str, digest: str, uuid: str) -> Path:
    root.mkdir()
    (root / "a.json").write_text(f'{{"tool_version": "{version}", "sha256": "{digest}", "vaf": 0.12}}')
    (root / "a.fhir.json").write_text(f"urn:uuid:{uuid} at 2026-11-2{version[2]}T10:00:00+00:00")
    (root / "a.vcf.gz").write_bytes(gzip.compress(f"##tp53annot={version}\nchr17\t1\n".encode(), mtime=1))
    book = Workbook()
    book["Sheet"].append(["R175H", 0.42, f"tp53annot {version}"])
    book.save(root / "a.xlsx")
    return root


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Path, Path]:
    return (
        tree(tmp_path / "old", "1.2.3", "ab12" * 16, "0c6ad70b-4c4c-5f0a-9a3d-0c6ad70b4c4c"),
        tree(tmp_path / "new", "1.3.0", "cd34" * 16, "11111111-4c4c-5f0a-9a3d-0c6ad70b4c4c"),
    )


def test_versions_digests_identifiers_and_times_are_no_difference(trees: tuple[Path, Path]) -> None:
    assert list(differences(*trees, NAMES)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "shown"),
    [
        ("a.json", b"0.12", b"0.13", ["-", "0.12", "+", "0.13"]),
        ("a.json", b"1.2.3", b"1.2.30", ["+", "1.2.30"]),
        ("a.fhir.json", b"urn", b"URN", ["+URN"]),
    ],
)
def test_a_changed_word_is_shown(
    trees: tuple[Path, Path], name: str, old: bytes, new: bytes, shown: list[str]
) -> None:
    for root, (before, after) in zip(trees, ((old, old), (old, new)), strict=True):
        data = (root / name).read_bytes().replace(b"1.3.0", b"1.2.3")
        (root / name).write_bytes(data.replace(before, after))
    found = dict(differences(*trees, (NAMES[0], NAMES[0])))
    assert name in found and all(any(word in line for line in found[name]) for word in shown)


def test_cells_lines_of_archives_and_files_of_one_version_are_differences(trees: tuple[Path, Path]) -> None:
    book = Workbook()
    book["Sheet"].append(["R175H", "0.42", "tp53annot 1.3.0"])  # text in place of a number
    book.save(trees[1] / "a.xlsx")
    (trees[1] / "a.vcf.gz").write_bytes(gzip.compress(b"##tp53annot=1.3.0\nchr17\t2\n"))
    (trees[0] / "old.txt").write_text("")
    (trees[1] / "new.txt").write_text("")
    found = dict(differences(*trees, NAMES))
    assert sorted(found) == ["a.vcf.gz", "a.xlsx", "new.txt", "old.txt"]
    assert found["old.txt"] == ["only in OLD"] and found["new.txt"] == ["only in NEW"]
    assert found["a.vcf.gz"][1:] == ["-chr17\t1", "+chr17\t2"]


def test_every_command_is_compared() -> None:
    def names(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        if not isinstance(command, click.Group):
            return [path]
        return [n for name, inner in command.commands.items() for n in names(inner, (*path, name))]

    used = {tuple(arguments[:2]) for arguments in STEPS.values()}
    missing = [name for name in names(cli) if not any(u[: len(name)] == name for u in used)]
    assert missing == [("resources", "update")], "which needs the releases of others"

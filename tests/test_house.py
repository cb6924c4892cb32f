"""Each house rule can be broken, and the tree keeps them all."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import check_house
from doc_pages.packages import libraries

TWICE = "def measure() -> int:\n    return 1\n"


def test_the_tree_keeps_the_house_rules() -> None:
    assert check_house.faults(check_house.PACKAGE) == []


@pytest.mark.parametrize(
    ("files", "limit", "words"),
    [
        ({"core/long.py": "x = 1\n" * 401}, "", "core/long.py: 401 lines, at most 400"),
        ({f"core/m{i}.py": "" for i in range(21)}, "", "core: 21 modules, at most 20"),
        ({"stray.py": ""}, "", "stray.py: in no package"),
        ({"core/cut.py": "CUT = 0.16\n"}, "", "core/cut.py:1: a number that belongs in resources/"),
        (
            {"core/loose.py": "def f(x: dict[str, Any]) -> Any: ...\nAlias = list[Any]\nREAL = 'Any'\n"},
            "MOST_ANY",
            "3 times Any in annotations, at most 0; most in core/loose.py 3",
        ),
        (
            {"core/a.py": "x = [1]  # fmt: skip\n"},
            "MOST_SKIPS",
            "1 times 'fmt: skip', at most 0: core/a.py 1",
        ),
        (
            {"core/a.py": TWICE, "names/b.py": f"from core.a import measure as _m\n{TWICE}"},
            "MOST_SAME_NAMES",
            "1 public names defined in several modules, at most 0:",
        ),
        (
            {
                "core/a.py": "raise InputError('is empty', path='a')\nraise InputError('is cut off', fix='again')\n"
            },
            "",
            "core/a.py:1: an error that does not say how to mend it",
        ),
    ],
)
def test_every_rule_can_be_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], limit: str, words: str
) -> None:
    monkeypatch.setattr(check_house, "SAME_NAME", {})
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    if limit:
        monkeypatch.setattr(check_house, limit, 9)
        assert check_house.faults(tmp_path) == []
        monkeypatch.setattr(check_house, limit, 0)
    assert check_house.faults(tmp_path)[0].startswith(words)


def test_a_name_on_the_list_that_is_no_longer_repeated_is_a_fault(tmp_path: Path) -> None:
    assert check_house.faults(tmp_path) == [
        f"{name}: allowed to be defined in several modules, but is not; take it off the list"
        for name in check_house.SAME_NAME
    ]


def test_a_package_may_import_only_libraries_that_it_does() -> None:
    """One that no contract names could import any, and the picture of the packages would say so."""
    for package, allowed in libraries().items():
        files = check_house.PACKAGE / package
        modules = files.rglob("*.py") if files.is_dir() else [files.with_suffix(".py")]
        text = "\n".join(path.read_text(encoding="utf-8") for path in modules)
        used = {name for name in allowed if re.search(rf"^\s*(?:import|from) {name}\b", text, re.MULTILINE)}
        # pysam and cyvcf2, and the two of the network, come together.
        of_one = [{"pysam", "cyvcf2"}, {"requests", "urllib3"}, {"click"}, {"numpy"}]
        assert all(group & used for group in of_one if group & set(allowed)), (package, allowed)

"""Rules are typed: a key that is unknown, missing or of the wrong kind is one clear error."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import pytest

from tp53annot.errors import ResourceError
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.store import BUNDLED


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    low: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outer:
    class_: int
    inner: Inner
    pair: tuple[int, int]
    by_name: Mapping[str, Inner]
    colour: Colour
    note: str | None = None


GOOD = {"class": 1, "inner": {"low": 2}, "pair": [1, 2], "by_name": {"a": {"low": 0.5}}, "colour": "red"}


def test_values_of_every_kind() -> None:
    found = read_rules(Outer, GOOD)
    assert found == Outer(
        class_=1, inner=Inner(2.0), pair=(1, 2), by_name={"a": Inner(0.5)}, colour=Colour.RED
    )
    assert isinstance(found.inner.low, float)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"clas": 1}, "clas is not known; keys here are class, inner"),
        ({"inner": {}}, "inner.low is missing"),
        ({"inner": {"low": "x"}}, "inner.low must be a number, not 'x'"),
        ({"inner": {"low": True}}, "inner.low must be a number"),
        ({"class": 1.5}, "class must be a whole number"),
        ({"inner": {"low": 1, "names": "a"}}, "inner.names must be a list"),
        ({"inner": {"low": 1, "names": [1]}}, r"inner.names\[0\] must be text"),
        ({"pair": [1]}, "pair must have 2 values, not 1"),
        ({"by_name": {"a": {"high": 1}}}, "by_name.a.high is not known"),
        ({"by_name": 3}, "by_name must be a table"),
        ({"colour": "blue"}, "colour is 'blue', not one of red"),
    ],
)
def test_every_fault_names_its_key(change: dict[str, object], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        read_rules(Outer, GOOD | change)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('reviewed = "', 'revised = "', "revised is not known"),
        ('version = "2026.11"', "", "version is missing"),
        ('tier = "II"', "tier = 2", r"tier\[0\].tier must be text"),
    ],
)
def test_a_users_rules_folder_with_a_fault(tmp_path: Path, old: str, new: str, message: str) -> None:
    root = tmp_path / "tables"
    shutil.copytree(BUNDLED, root)
    rules, manifest = root / "rules" / "amp_tier.toml", root / "MANIFEST.toml"
    before = hashlib.sha256(rules.read_bytes()).hexdigest()
    rules.write_text(rules.read_text().replace(old, new, 1))
    manifest.write_text(manifest.read_text().replace(before, hashlib.sha256(rules.read_bytes()).hexdigest()))
    with pytest.raises(ResourceError, match=f"amp_tier.toml: {message}"):
        _ = Resources(root).rules.amp_tier

"""Rules are typed: a key that is unknown, missing or of the wrong kind is one clear error."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

import pytest
from msgspec import Struct

from tp53annot.core.candidate import Flag
from tp53annot.errors import ResourceError
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.rules.sentence import Sentence
from tp53annot.knowledge.store import BUNDLED


class Colour(Enum):
    RED = "red"


class Inner(Struct, frozen=True):
    low: float
    names: tuple[str, ...] = ()


class Outer(Struct, frozen=True):
    class_: int
    inner: Inner
    pair: tuple[int, int]
    by_name: Mapping[str, Inner]
    colour: Colour
    note: str | None = None
    said: Sentence | None = None
    shades: Mapping[Colour, float] | None = None


GOOD = {"class": 1, "inner": {"low": 2}, "pair": [1, 2], "by_name": {"a": {"low": 0.5}}, "colour": "red"}


def test_values_of_every_kind() -> None:
    found = read_rules(Outer, GOOD)
    assert found == Outer(
        class_=1, inner=Inner(2.0), pair=(1, 2), by_name={"a": Inner(0.5)}, colour=Colour.RED
    )
    assert isinstance(found.inner.low, float)
    more = read_rules(Outer, GOOD | {"said": "{n} of them", "shades": {"red": 1}}, "group")
    assert more.said == Sentence(id="group.said", text="{n} of them") and more.shades == {Colour.RED: 1.0}
    assert more.said.flag("a book", n=2) == Flag(id="group.said", text="2 of them", source="a book")


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
        ({"said": 3}, "said must be text"),
        ({"shades": {}}, "shades.red is missing"),
        ({"shades": {"red": 1, "blue": 1}}, "shades.blue is 'blue', not one of red"),
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
    root = altered(tmp_path / "tables", "rules/amp_tier.toml", old, new)
    with pytest.raises(ResourceError, match=f"amp_tier.toml: {message}"):
        _ = Resources(root).rules.amp_tier


def altered(root: Path, name: str, old: str, new: str) -> Path:
    """A copy of the resources in which one file reads otherwise and the manifest agrees."""
    shutil.copytree(BUNDLED, root)
    path, manifest = root / name, root / "MANIFEST.toml"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    manifest.write_text(manifest.read_text().replace(before, hashlib.sha256(path.read_bytes()).hexdigest()))
    return root


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("rules/assessment.toml", "two_hit_vaf = 0.55", "two_hit_vaf = 55", "limits: two_hit_vaf is 55.0"),
        ("rules/assessment.toml", 'benign = "benign"', "", "words.class.benign is missing"),
        ("texts/de.toml", "in_cis = ", "cis = ", "basis.cis is not known"),
        ("texts/de.toml", "donor = ", "vaf_low = ", "diagnosis.vaf_low is not known"),
    ],
)
def test_sentences_that_do_not_fit(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    root = altered(tmp_path / "tables", name, old, new)
    with pytest.raises(ResourceError, match=f"rules/assessment.toml: {message}"):
        Resources(root).rules.assessment("de" if "de" in name else "en")


def test_both_germline_answers_read_a_published_class_alike() -> None:
    rules = resources_of().rules
    groups, published = rules.assessment().groups, rules.germline.published
    assert (groups.pathogenic_words, groups.benign_words) == (
        published.pathogenic_words,
        published.benign_words,
    )
    assert {*published.panel_reviews, *published.star_reviews} < set(groups.germline_reviews)


def test_a_language_overlays_sentences_and_no_limit() -> None:
    english, german = resources_of().rules.assessment(), resources_of().rules.assessment("de")
    assert english.ch.donor.id == german.ch.donor.id and english.ch.donor.text != german.ch.donor.text
    assert (english.limits, english.groups, english.serial.order) == (
        german.limits,
        german.groups,
        german.serial.order,
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "date"', 'kind = "day"', "sample_date.kind is 'day', not one of choice"),
        ('kind = "date"', 'kind = "list"', "sample_date: values belong to a choice or list, and only there"),
        ("max = 120", "", "age_years: min and max belong to a number, and only there"),
    ],
)
def test_a_context_field_that_does_not_fit(tmp_path: Path, old: str, new: str, message: str) -> None:
    root = altered(tmp_path / "tables", "evidence/vocabulary.toml", old, new)
    with pytest.raises(ResourceError, match=f"evidence/vocabulary.toml: {message}"):
        _ = Resources(root).vocabulary

"""Same facts, same verdict: what another container, order, spelling or neighbour of the same records must not change.

Each scenario is one sample's records; each relation writes the same facts in another way. Verdict, names, classes,
fractions and reasons stay the same. What rightly differs stands in ``vcf_exceptions.py`` with its reason. The table of
both is ``docs/reference/same-facts.md``.
"""

from __future__ import annotations

import functools
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import require_program
from vcf_exceptions import RIGHTLY
from vcf_relations import BCFTOOLS, RELATIONS, Relation, Written, fitting, plain
from vcf_scenarios import SCENARIOS, Facts, read_facts

from tp53annot.api import run_sample
from tp53annot.errors import InputError


def verdict(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a pathologist reads: all but names of files and samples, and where a record stood."""
    stated = {k: v for k, v in report["assessment"].items() if k != "notes"}
    # A sentence on a structural record names its place as the file writes it.
    words = re.sub(r'(structural record [^" ]*) [^" ]+:\d+(?=: )', r"\1", json.dumps(stated))
    assessment = json.loads(re.sub(r":\d+ [acgtn]+>", lambda record: record[0].upper(), words))
    ids = [note["id"] for note in report["assessment"]["notes"]]
    variants, rejected = (sorted(map(_of_variant, report[k]), key=str) for k in ("variants", "rejected"))
    listed = sorted(
        (u["code"], u["deletion"], str(u["start"]), str(u["end"])) for u in report["uninterpreted"]
    )
    state = {key: assessment[key] for key in ("status", "tp53_mutated_all", "allelic_state")}
    return {
        "status": state,
        "assessment": assessment,
        "notes": ids,
        "variants": variants,
        "rejected": rejected,
        "listed": listed,
        "coverage": report["coverage"],
    }


def _of_variant(variant: Mapping[str, Any]) -> dict[str, Any]:
    """Without how the record spelled it and which of its fields were read."""
    left_out = ("input", "phase", "pos", "hgvs_g", "pos_grch37", "vaf_source")
    return {key: value for key, value in variant.items() if key not in left_out}


def verdict_of(written: Written) -> dict[str, Any]:
    path, sample = written
    return verdict(run_sample(path, sample=sample))


@functools.cache
def plain_verdict(name: str) -> dict[str, Any]:
    """Of the scenario as plain text."""
    with tempfile.TemporaryDirectory() as folder:
        return verdict_of(plain(SCENARIOS[name], Path(folder)))


def without_positions(found: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict without positions, which are those of the file's build."""
    listed = [(code, deletion) for code, deletion, *_ in found["listed"]]
    coverage = found["coverage"] and [
        {k: v for k, v in part.items() if k not in ("start", "end")}
        for key in ("exons", "gaps")
        for part in found["coverage"][key]
    ]
    return {**found, "listed": listed, "coverage": coverage}


def same(relation: Relation, expected: dict[str, Any], found: dict[str, Any]) -> None:
    """Compare two verdicts, or only what the relation keeps of them."""
    if relation.build:
        expected, found = without_positions(expected), without_positions(found)
    for key in relation.keys or expected:
        assert chosen(relation, found[key]) == chosen(relation, expected[key])


def chosen(relation: Relation, part: Any) -> Any:
    """A part of a verdict; of its variants, the fields that the relation keeps."""
    if not relation.fields or not isinstance(part, list):
        return part
    return sorted(({field: variant[field] for field in relation.fields} for variant in part), key=str)


def pairs(*, by_bcftools: bool) -> list[Any]:
    """Every relation with every scenario it should hold for."""
    return [
        pytest.param(relation, name, id=f"{relation.name}-{name}")
        for relation, name in fitting(SCENARIOS)
        if relation.by_bcftools == by_bcftools and (relation.name, name) not in RIGHTLY
    ]


def test_the_corpus_is_as_large_as_it_should_be_and_exceptions_are_real() -> None:
    assert len(SCENARIOS) >= 60 and len(RELATIONS) >= 10
    possible = {(relation.name, name) for relation, name in fitting(SCENARIOS)}
    assert set(RIGHTLY) <= possible


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_says_something(name: str) -> None:
    """A verdict that is empty whatever happens would hold every relation."""
    found = plain_verdict(name)
    assert found["variants"] or found["rejected"] or found["listed"] or found["coverage"]


@pytest.mark.parametrize(("relation", "name"), pairs(by_bcftools=False))
def test_written_in_another_way(tmp_path: Path, relation: Relation, name: str) -> None:
    same(relation, plain_verdict(name), verdict_of(relation.write(SCENARIOS[name], tmp_path)))


@pytest.mark.peer
@pytest.mark.parametrize(("relation", "name"), pairs(by_bcftools=True))
def test_rewritten_by_bcftools(tmp_path: Path, relation: Relation, name: str) -> None:
    require_program(BCFTOOLS)
    same(relation, plain_verdict(name), verdict_of(relation.write(SCENARIOS[name], tmp_path)))


@pytest.mark.parametrize(("relation", "name"), sorted(RIGHTLY))
def test_what_rightly_differs_does(tmp_path: Path, relation: str, name: str) -> None:
    """An exception that holds after all is none."""
    how = RELATIONS[relation]
    if how.by_bcftools:
        require_program(BCFTOOLS)
    found = verdict_of(how.write(SCENARIOS[name], tmp_path))
    with pytest.raises(AssertionError):
        same(how, plain_verdict(name), found)


# Relations of any file, whatever its header declares and however many samples it has.
ANY_FILE = (
    "bgzipped",
    "gzipped",
    "crlf",
    "reversed_records",
    "shuffled_among_others",
    "duplicated",
    "more_header",
    "more_info",
    "lower_case",
)


def external(shared: Path) -> list[Path]:
    """The small files of the external folder that are plain text."""
    return sorted((shared / "cases").glob("*/*.vcf"))


@pytest.mark.parametrize("name", ANY_FILE)
def test_files_of_the_external_folder(shared: Path, tmp_path: Path, name: str) -> None:
    relation, compared = RELATIONS[name], 0
    for path in external(shared):
        facts = read_facts(path)
        folder = tmp_path / path.parent.name / path.stem
        folder.mkdir(parents=True)
        for sample in facts.samples or (None,):
            asked = Facts(meta=facts.meta, samples=facts.samples, records=facts.records, sample=sample)
            try:
                expected = verdict_of(plain(asked, folder))
            except InputError:
                continue
            same(relation, expected, verdict_of(relation.write(asked, folder)))
            compared += 1
    assert compared > 20

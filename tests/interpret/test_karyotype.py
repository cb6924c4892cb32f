"""Karyotypes and FISH in ISCN: the table of docs/karyotypes.md, and what must not change a reading."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from tp53annot.core.karyotype import CytogeneticKind
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.interpret.karyotype.abnormality import read_abnormality
from tp53annot.interpret.karyotype.fish import read_fish
from tp53annot.interpret.karyotype.reading import read_karyotype
from tp53annot.knowledge.resources import resources_of
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

RULES = resources_of().rules.copy_number.cytogenetics
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "karyotypes.md").read_text()
ROW = re.compile(r"^\| `([^`]+)` \| (\w+) \| (\w+) \|$", re.MULTILINE)
KARYOTYPES, FISH = (ROW.findall(part) for part in PAGE.split("## FISH as it is read"))


def test_the_table_is_large_and_has_every_kind() -> None:
    assert len(KARYOTYPES) >= 60 and len(FISH) >= 25
    assert {kind for *_, kind in KARYOTYPES + FISH} == {kind.value for kind in CytogeneticKind}


@pytest.mark.parametrize(("text", "state", "kind"), KARYOTYPES, ids=[row[0] for row in KARYOTYPES])
def test_a_karyotype_of_the_table(text: str, state: str, kind: str) -> None:
    found = read_karyotype(text, RULES)
    assert (found.state, found.kind) == (state, kind)
    assert found.quote


@pytest.mark.parametrize(("text", "state", "kind"), FISH, ids=[row[0] for row in FISH])
def test_a_fish_result_of_the_table(text: str, state: str, kind: str) -> None:
    found = read_fish(text, RULES)
    assert (found.state, found.kind) == (state, kind)
    assert found.quote


@pytest.mark.parametrize(
    "text", [row[0] for row in KARYOTYPES if "idem" not in row[0] and "sl" not in row[0]]
)
def test_spelling_and_order_of_clones_change_nothing(text: str) -> None:
    plain = read_karyotype(text, RULES)
    spaced = text.replace(",", ", ").replace("/", " / ").replace("-17", "\u221217")
    assert read_karyotype(spaced, RULES).kind == plain.kind
    if "//" not in text and "nuc" not in text:
        turned = read_karyotype("/".join(reversed(text.split("/"))), RULES)
        assert (turned.kind, turned.state) == (plain.kind, plain.state)


@pytest.mark.parametrize("change", ["t(9;22)(q34;q11.2)", "+8", "del(6)(q21)", "+21c"])
@pytest.mark.parametrize("text", ["46,XY,del(17)(p11.2)", "46,XX,i(17)(q10)", "46,XX,del(17)(p13)", "46,XX"])
def test_changes_elsewhere_change_nothing(text: str, change: str) -> None:
    number = 47 if change.startswith("+") else 46
    beside = f"{number}{text[2:]},{change}[10]"
    assert read_karyotype(beside, RULES).kind == read_karyotype(f"{text}[10]", RULES).kind


@pytest.mark.parametrize(
    ("text", "taken", "carried"),
    [
        ("-17", 1, (0, 0)),
        ("+17", -1, (0, 0)),
        ("-17x2", 2, (0, 0)),
        ("i(17)(q10)", 1, (0, 0)),
        ("i(17)(p10)", 1, (2, 2)),
        ("+i(17)(q10)", 0, (0, 0)),
        ("t(8;17)(q24;p11)", 1, (1, 1)),
        ("der(8)t(8;17)(q24;p11)", 0, (1, 1)),
        ("der(8)t(8;17)(q24;p13)", 0, (0, 1)),
        ("der(8;17)(q10;q10)", 1, (0, 0)),
        ("+mar", 0, (0, 1)),
        ("+1~3mar", 0, (0, 3)),
        ("del(5)(q13q33)", 0, (0, 0)),
    ],
)
def test_what_an_abnormality_takes_and_carries(text: str, taken: int, carried: tuple[int, int]) -> None:
    found = read_abnormality(text)
    assert (found.taken, (found.carried_low, found.carried_high)) == (taken, carried)


def test_nothing_typed_ends_a_run() -> None:
    letters = "4567,XY+-()[]/~;?<>n.cdelridtpqmax17 0"
    rng = random.Random(17)
    for _ in range(3000):
        text = "".join(rng.choice(letters) for _ in range(rng.randrange(1, 40)))
        assert read_karyotype(text, RULES).quote is not None
        assert read_fish(text, RULES).quote is not None


def assessed(tmp_path: Path, **context: str) -> dict[str, Any]:
    path = tmp_path / "s.vcf"
    path.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
    )
    (found,) = analyse(Job(vcf=path, context=context), RunSettings(), interpreter_of())
    return found.document


@pytest.mark.parametrize(
    ("context", "state", "status"),
    [
        ({"karyotype": "45,XX,-17[10]/46,XX[10]"}, "loss", "deletion_only"),
        ({"fish": "nuc ish(TP53x1)[180/200]"}, "loss", "deletion_only"),
        ({"karyotype": "46,XX[20].nuc ish(TP53x1,D17Z1x2)[180/200]"}, "loss", "deletion_only"),
        ({"karyotype": "46,XX[20]"}, "normal", "incomplete"),
        ({"karyotype": "46,XX,del(17)(p13)[20]"}, "unknown", "incomplete"),
        ({"karyotype": "see the letter"}, "unknown", "incomplete"),
        ({"del17p_status": "present"}, "loss", "deletion_only"),
        ({"loh17p_status": "cn_loh"}, "copy_neutral_loh", "incomplete"),
        ({"del17p_status": "absent"}, "normal", "incomplete"),
    ],
)
def test_the_clinic_reaches_the_report(
    tmp_path: Path, context: dict[str, str], state: str, status: str
) -> None:
    report = assessed(tmp_path, **context)
    assert (report["copy_number"]["state"], report["assessment"]["status"]) == (state, status)
    assert report["copy_number"]["basis"][0]["text"]


def test_what_is_not_understood_is_shown_as_that(tmp_path: Path) -> None:
    report = assessed(tmp_path, karyotype="46,XX,gibberish[20]", fish="TP53 signal lost")
    texts = [b["text"] for b in report["copy_number"]["basis"]]
    assert texts == [
        "karyotype: not understood: gibberish, 20/20 metaphases",
        "FISH: not understood: TP53 signal lost",
    ]


def test_low_hypodiploidy_is_named_beside_the_loss(tmp_path: Path) -> None:
    clone = "36,XX,-2,-3,-7,-9,-13,-15,-16,-17,-20,-22[12]/46,XX[8]"
    (basis,) = assessed(tmp_path, karyotype=clone)["copy_number"]["basis"]
    assert "-17, 12/20 metaphases" in basis["text"] and "36 chromosomes: low hypodiploidy" in basis["text"]

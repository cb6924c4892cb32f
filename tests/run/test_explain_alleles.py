"""`explain` of names that are more, or less, than one DNA change: brackets, exons, an insertion across an exon edge."""

from __future__ import annotations

import json

import pytest
from tp53annot_cli import tp53annot

from tp53annot.knowledge.resources import resources_of
from tp53annot.names.allele_brackets import brackets_of

MAIN = resources_of().namer.main
CDS = [74, 22, 279, 184, 113, 110, 137, 74, 107, 82]  # coding bases of exons 2 to 11 of NM_000546


def explained(change: str) -> list[dict[str, object]]:
    done = tp53annot("explain", "--json", change)
    assert done.returncode == 0, done.stderr
    entries: list[dict[str, object]] = json.loads(done.stdout)
    return entries


@pytest.mark.parametrize("exon", range(1, 11))
def test_an_insertion_across_an_exon_edge_is_refused_with_the_true_reason(exon: int) -> None:
    low, high = MAIN.introns[exon - 1]
    a, b = MAIN.c_position(low - 1), MAIN.c_position(high)
    done = tp53annot("explain", f"c.{a}_{b}insAAG")
    assert done.returncode == 3
    assert (
        f"across the edge of exons {exon} and {exon + 1}" in done.stderr
        and f"{high - low} bases" in done.stderr
    )
    for at_one_edge in (f"c.{a}_{a}+1insAAG", f"c.{b}-1_{b}insAAG"):  # what the message proposes works
        assert at_one_edge in done.stderr
        assert tp53annot("explain", at_one_edge).returncode == 0


def test_an_insertion_between_far_positions_is_still_told_its_own_reason() -> None:
    assert "two neighbouring positions" in tp53annot("explain", "c.375_377insAAG").stderr


@pytest.mark.parametrize(
    ("change", "names", "relation"),
    [
        ("c.[524G>A;743G>A]", ["c.524G>A", "c.743G>A"], "on one molecule (in cis)"),
        ("c.[524G>A];[743G>A]", ["c.524G>A", "c.743G>A"], "on different molecules (in trans)"),
        ("NM_000546.6:c.[524G>A(;)743G>A]", ["c.524G>A", "c.743G>A"], "is not known"),
        ("TP53 c.524G>A(;)743G>A", ["c.524G>A", "c.743G>A"], "is not known"),
        ("p.[(Arg175His)];[(Arg248Gln)]", ["c.524G>A", "c.743G>A"], "in trans"),
        ("p.[R175H;R248Q]", ["c.524G>A", "c.743G>A"], "in cis"),
        ("[c.524G>A;c.743G>A]", ["c.524G>A", "c.743G>A"], "in cis"),
        ("c.[524G>A];[=]", ["c.524G>A"], "the other allele is unchanged"),
        ("c.[524G>A];[?]", ["c.524G>A"], "the other allele is not known"),
        ("c.[524G>A];[0]", ["c.524G>A"], "the other allele is absent"),
        ("c.[523C>T;524G>A]", ["c.523_524delinsTA", "c.523C>T", "c.524G>A"], "in cis"),
        ("c.[523C>T];[524G>A]", ["c.523C>T", "c.524G>A"], "in trans"),
    ],
)
def test_allele_brackets(change: str, names: list[str], relation: str) -> None:
    entries = explained(change)
    assert [[v["hgvs_c"] for v in e["variants"]] for e in entries] == [[name] for name in names]  # type: ignore[attr-defined]
    assert all(relation in str(e["allele"]) for e in entries)
    alone = explained(names[-1])[0]["variants"][0]  # type: ignore[index]
    last = entries[-1]["variants"][0]  # type: ignore[index]
    assert (last["classification"], last["hgvs_p"]) == (alone["classification"], alone["hgvs_p"])


@pytest.mark.parametrize(
    ("change", "says"),
    [("c.[524G>A;524G>T]", "the same bases"), ("c.[524G>A;XX]", "'c.XX'"), ("exon 12 del", "exons 1 to 11"),
     ("c.(375+2_376-1)_(560+1_561-1)del", "not the edge of an exon")],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(change: str, says: str) -> None:
    done = tp53annot("explain", change)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert says in done.stderr


@pytest.mark.parametrize("plain", ["R175H", "c.524G>A", "c.[524G>A]", "p.(Arg175His)", "rs28934578", "E2del"])
def test_single_changes_have_no_brackets(plain: str) -> None:
    assert brackets_of(plain) is None


@pytest.mark.parametrize("first", range(2, 12))
@pytest.mark.parametrize("last", range(2, 12))
def test_every_run_of_exons_in_every_spelling(first: int, last: int) -> None:
    if first > last:
        return
    bases = sum(CDS[first - 2 : last - 1])
    begin, end = (MAIN.c_position(t) for t in (MAIN.exons[first - 1][0], MAIN.exons[last - 1][1] - 1))
    before = MAIN.c_position(MAIN.exons[first - 2][1] - 1)
    after = f"{end}+1_{MAIN.c_position(MAIN.exons[last][0])}-1" if last < 11 else f"{end}_?"
    name = f"c.({before}+1_{begin}-1)_({after})"
    spellings = [
        name + "del",
        f"del exon {first}-{last}",
        f"EX{first}_EX{last}del",
        f"exons {first} to {last} deletion",
    ]
    if last < 11:
        spellings += [f"c.{begin}-?_{end}+?del", f"NM_000546.6:{name}dup"]
    events = [e["event"] for s in spellings for e in explained(s)]
    assert {e["hgvs_c"][:-3] for e in events} == {name}  # type: ignore[index]
    assert {(e["first"], e["last"], e["coding_bases"]) for e in events} == {(first, last, bases)}  # type: ignore[index]
    shown = tp53annot("explain", spellings[0]).stdout
    assert ("kept" in shown) == (bases % 3 == 0 and last < 11)


def test_glu2_is_no_exon() -> None:
    assert explained("E2del")[0]["event"] is None

"""Every spelling of a change, and what the tool says about the variants everybody knows."""

from __future__ import annotations

import json

import pytest

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.protein_map import ProteinMap
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.parser import parse_change
from tp53annot.run.explanation import explain_changes

RESOURCES = resources_of()
SPELLINGS = {
    "c.524G>A": ["chr17:7675088C>T", "17-7578406-C-T", "chr17:7675088:C:T", "17:7578406:C:T", "NM_000546.6:c.524G>A",
                 "NM_000546.5:c.524G>A", "NM_000546:c.524G>A", "NM_000546.6(TP53):c.524G>A", "c.524G>A", "p.R175H",
                 "p.Arg175His", "p.(Arg175His)", "NP_000537.3:p.(Arg175His)", "R175H", "TP53:p.R175H",
                 "NC_000017.11:g.7675088C>T", "NC_000017.10:g.7578406C>T", "NC_000017.11:7675087:C:T",
                 "NM_001126112.3:c.524G>A", "c.524G>A(p.R175H)", "c.524g>a", "nm_000546.6:c.524g>a", "r175h", "TP53 R175H",
                 "TP53 c.[524G>A]", "TP53(NM_000546.6):c.524G>A", "chr17 7675088 C T", "17\t7675088\tC\tT",
                 "hg19:17:7578406:C:T", "GRCh38 chr17:7,675,088 C>T", "LRG_321t1:c.524G>A", "LRG_321p1:p.Arg175His",
                 "c.524G→A", "“R175H”"],
    "c.916C>T": ["R306X", "R306*", "p.Arg306Ter", "p.Arg306*"],
    "c.375G>A": ["c.375G>A(p.T125T)", "c.375G>A"],
    "c.559+1G>A": ["IVS5+1G>A", "c.559+1G>A"],
    "c.920-1G>A": ["IVS8-1G>A", "c.920-1G>A"],
    "c.626_627del": ["c.626_627del", "c.626_627delGA", "chr17:7674903:TTC:T", "17:7674904:TC:-", "c.626_627DELga", "NC_000017.11:g.7674904_7674905del"],
    "c.455dup": ["c.455dup", "c.455dupC", "c.455_456insC"],
    "c.215C>G": ["P72R", "p.Pro72Arg"],
    "c.627_628insT": ["NC_000017.11:7674903:-:A"],
    "c.2T>C": ["p.Met1?", "M1?", "p.(Met1?)", "p.0"],
    "c.1180T>C": ["p.(Ter394ArgextTer9)", "*394Rext*9"],
    "c.375+1G>A": ["T125_splice", "X125_splice"],
    "c.477_478insGGG": ["A159_M160insG", "p.Ala159_Met160insGly"],
    "c.523_525delinsTGGTGG": ["p.R175delinsWW"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "spelling"), [(n, s) for n, group in SPELLINGS.items() for s in group])
def test_spelling(name: str, spelling: str) -> None:
    alleles = parse_change(spelling, RESOURCES.namer, RESOURCES.rsids())
    assert name in [RESOURCES.namer.describe(a, isoforms=False).hgvs_c for a in alleles]


def test_rsid_and_synonymous_name_give_all_dna_changes() -> None:
    assert len(parse_change("T125T", RESOURCES.namer, RESOURCES.rsids())) == 3
    names = {
        RESOURCES.namer.describe(a, isoforms=False).hgvs_c
        for a in parse_change("rs28934578", RESOURCES.namer, RESOURCES.rsids())
    }
    assert "c.524G>A" in names


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("nonsense", "not understood"),
        ("R175X1", "not understood"),
        ("H175R", "residue 175 of p53 is R"),
        ("c.524T>A", "the reference has G there"),
        ("chr17:7675088A>T", "does not fit"),
        ("R213fs", "fits many DNA changes"),
        ("Q331_I332insA", "on two exons"),
        ("R175_H178delinsSSS", "216 DNA changes fit"),
        ("c.[524G>A;742C>T]", "give them one by one"),
        ("c.(375+1_376-1)_(672+1_673-1)del", "not exact"),
        ("R10_splice", "no splice site lies at residue 10"),
        ("rs1", "not in the bundled tables"),
        ("NM_004304.5:c.1A>T", "not a TP53 transcript"),
        ("c.0A>T", "no position 0"),
        ("R999H", "393 residues"),
        ("", "not understood"),
    ],
)
def test_what_cannot_be_parsed_is_said_clearly(change: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_change(change, RESOURCES.namer, RESOURCES.rsids())


def test_several_at_once_with_one_bad() -> None:
    text, failures = explain_changes(["R175H", "rubbish", "P72R"], interpreter_of(), None, None, as_json=True)
    assert [entry["query"] for entry in json.loads(text)] == ["R175H", "P72R"]
    assert len(failures) == 1 and "rubbish" in failures[0]


KNOWN = {
    "R175H": "oncogenic", "R248Q": "oncogenic", "R248W": "oncogenic", "R249S": "oncogenic", "R273H": "oncogenic",
    "R273C": "oncogenic", "R282W": "oncogenic", "G245S": "oncogenic", "Y220C": "oncogenic",
    "R213*": "likely_oncogenic", "c.375G>A": "likely_oncogenic", "c.672+1G>A": "likely_oncogenic",
    "P72R": "benign", "P47S": "benign", "V217M": "likely_benign", "c.639A>G": "benign",
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), KNOWN.items())
def test_class_of_known_variants(change: str, expected: str) -> None:
    text, _ = explain_changes([change], interpreter_of(), Build.GRCH38, None, as_json=True)
    variant = json.loads(text)[0]["variants"][0]
    reportable = ("oncogenic", "likely_oncogenic")
    found = variant["classification"]["class"]
    assert found == expected or (expected in reportable and found in reportable and expected != "oncogenic")
    assert all(c["reason"] and c["source"] for c in variant["classification"]["criteria"])


def test_protein_map_has_the_hotspots() -> None:
    spots = dict(ProteinMap.of(RESOURCES.knowledge, 393).hotspots)
    assert {175, 245, 248, 249, 273, 282} <= set(spots)


@pytest.mark.parametrize("text", ["c.524G", "chr17:7675088C", "NM_000546.6:c.524G"])
def test_a_change_cut_by_the_shell_says_so(text: str) -> None:
    with pytest.raises(InputError, match="put the change in quotes"):
        parse_change(text, RESOURCES.namer, RESOURCES.rsids())

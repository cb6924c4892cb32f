"""Single fragments around a variant: what each shows is what was written into the file, and the counts agree with the call's."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from bam_files import REF, Change, write_bam
from tp53annot_cli import tp53annot

from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.reads.pile.fragments import FragmentView, _Laid, inserted_of
from tp53annot.report.figures.read_pile import pile_figure
from tp53annot.report.model.json_form import from_json
from tp53annot.report.model.report import Report
from tp53annot.report.model.variant import Variant
from tp53annot.report.registry import rendered
from tp53annot.run.analysis import analyse
from tp53annot.run.inputs.plan import plan
from tp53annot.run.settings import RunSettings

R175H = Change(pos=7675088, ref="C", alt="T", vaf=0.40)
RARE = Change(pos=7674220, ref="C", alt="T", vaf=0.04)
DELETION = Change(pos=7674903, ref=REF.bases(7674903, 7674905), alt=REF.bases(7674903, 7674903), vaf=0.3)
INSERTION = Change(pos=7673802, ref="C", alt="CGATT", vaf=0.3)


def by_name(document: Any) -> dict[str, dict[str, Any]]:
    return {v["hgvs_c"]: v for v in document["variants"]}


@pytest.fixture(scope="module")
def bam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pile") / "S.bam"
    write_bam(path, depth=300, sample="S", changes=[R175H, RARE, DELETION, INSERTION])
    return path


@pytest.fixture(scope="module")
def variants(bam: Path) -> dict[str, dict[str, Any]]:
    (job,) = plan([bam], bam=None, context={}).jobs
    (found,) = analyse(job, RunSettings(), interpreter_of())
    return by_name(found.document)


def test_every_variant_has_its_fragments(variants: dict[str, dict[str, Any]]) -> None:
    assert len(variants) == 4
    for name, v in variants.items():
        pile = v["read_pile"]
        assert pile["shown"] == len(pile["fragments"]) == 60 < pile["of"]
        exact = len(v["ref"]) == len(
            v["alt"]
        )  # of a longer change the caller counts ends, here whole fragments are told
        assert pile["alt_fragments"] == pytest.approx(v["alt_reads"], rel=0.01 if exact else 0.2), name
        assert pile["of"] == pytest.approx(v["depth"], abs=6), name
        drawn = sum(f["alt"] is True for f in pile["fragments"])
        assert drawn == min(pile["alt_fragments"], 30), name


def test_a_fragment_shows_the_bases_that_it_has(variants: dict[str, dict[str, Any]]) -> None:
    v = variants["c.524G>A"]
    pile, place = v["read_pile"], v["pos"]
    for f in pile["fragments"]:
        assert f["bases"][place - f["start"]] == {True: v["alt"], False: v["ref"]}.get(
            f["alt"], f["bases"][place - f["start"]]
        )
        assert pile["start"] <= f["start"] and f["start"] + len(f["bases"]) - 1 <= pile["end"]
        assert f["strand"] in "+-" and f["mapping_quality"] == 60 and f["base_quality"] > 0
    assert {f["strand"] for f in pile["fragments"]} == {"+", "-"}
    deleted = variants["c.626_627del"]["read_pile"]["fragments"]
    assert all(("--" in f["bases"]) is bool(f["alt"]) for f in deleted if f["alt"] is not None)


def test_inserted_bases_are_marked_where_they_stand(variants: dict[str, dict[str, Any]]) -> None:
    (v,) = (v for v in variants.values() if len(v["alt"]) > len(v["ref"]))
    pile, inside = v["read_pile"], {"after": v["pos"], "bases": v["alt"][1:]}
    with_it = [f for f in pile["fragments"] if inside in f["inserted"]]
    assert len(with_it) > 20 and all(f["alt"] for f in with_it)  # the others of the variant are clipped there
    assert not any(f["inserted"] for f in pile["fragments"] if f["alt"] is False)
    for language, told in (("en", "behind"), ("de", "hinter")):
        picture = pile_figure(from_json(Variant, v), resources_of().texts(language))
        marks = [r for r in ElementTree.fromstring(picture).iter() if r.get("class") == "pile-inserted"]
        assert len(marks) == len(with_it)
        assert {mark[0].text for mark in marks} == {f"+{v['alt'][1:]}"}
        assert {float(m.get("x", 0)) + 2 for m in marks} == {8 + 12 * (v["pos"] - pile["start"] + 1.0)}
        assert f"{v['alt'][1:]} {told} {v['pos']} ({len(with_it)})" in picture  # in its label, too


def test_where_mates_disagree_nothing_is_inserted() -> None:
    cigar, bases = [(0, 10), (1, 2), (0, 10)], "A" * 10 + "CG" + "A" * 10
    one, other = (_Laid.of(100, c, b, None, (90, 130)) for c, b in ((cigar, bases), ([(0, 20)], "A" * 20)))
    away = _Laid.of(113, [(0, 10)], "A" * 10, None, (90, 130))
    window = (95, 125)
    assert inserted_of(FragmentView(laid=[one]), window, 20) == ((109, "CG"),)
    assert inserted_of(FragmentView(laid=[one, away]), window, 20) == ((109, "CG"),)
    assert inserted_of(FragmentView(laid=[one, other]), window, 20) == ()
    assert inserted_of(FragmentView(laid=[one]), (110, 125), 20) == ()
    pale = _Laid.of(100, cigar, bases, "I" * 11 + "#" * 11, (90, 130))
    assert inserted_of(FragmentView(laid=[pale]), window, 20) == ((109, "CN"),)


def test_a_rare_variant_is_drawn_whole(variants: dict[str, dict[str, Any]]) -> None:
    """Of 12 fragments in 300 none is left out for those without it."""
    pile = variants["c.743G>A"]["read_pile"]
    assert 0 < pile["alt_fragments"] < 30
    assert sum(bool(f["alt"]) for f in pile["fragments"]) == pile["alt_fragments"]


def test_the_picture_draws_each_fragment_once_and_renders_again_alike(bam: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = tp53annot("run", bam, "-o", out, "--format", "json,html")
    assert done.returncode == 0, done.stderr
    page = (out / "S/S.tp53.html").read_text()
    assert page.count('<svg class="pile"') == 4
    again = tp53annot("render", out / "S/S.tp53.json", "-o", tmp_path / "again", "--format", "html")
    assert again.returncode == 0 and (tmp_path / "again/S.tp53.html").read_text() == page


def test_reads_beside_a_vcf_give_the_same_fragments(
    bam: Path, tmp_path: Path, variants: dict[str, dict[str, Any]]
) -> None:
    vcf = tmp_path / "S.vcf"
    vcf.write_bytes(
        subprocess.run([*_program(), "call", bam, "-o", "-"], capture_output=True, check=True).stdout
    )
    (job,) = plan([vcf], bam=bam, context={}).jobs
    (found,) = analyse(job, RunSettings(), interpreter_of())
    piles = {name: v["read_pile"] for name, v in by_name(found.document).items()}
    assert piles == {name: v["read_pile"] for name, v in variants.items()}


def test_neighbours_on_one_molecule_are_told(tmp_path: Path) -> None:
    """Each fragment with a variant says whether it shows the nearest other one."""
    path = tmp_path / "N.bam"
    near = Change(pos=7675076, ref="T", alt="C", vaf=0.30)
    write_bam(path, depth=300, sample="N", changes=[R175H, near])
    (job,) = plan([path], bam=None, context={}).jobs
    (found,) = analyse(job, RunSettings(), interpreter_of())
    report: Any = found.document
    piles = {v["hgvs_c"]: v["read_pile"] for v in report["variants"]}
    pile = piles["c.524G>A"]
    assert pile["second"] in piles and pile["second"] != "c.524G>A"
    assert any(f["second"] is not None for f in pile["fragments"])
    told = rendered(from_json(Report, report), "html", resources_of(), "en").decode()
    assert f"show {pile['second']} as well" in told.replace("&gt;", ">")


def _program() -> list[str]:
    import sys

    return [sys.executable, "-m", "tp53annot"]

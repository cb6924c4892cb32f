"""Allele balance and read depth as evidence: what is said, what stays open, and what they overrule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from vcf_files import write_vcf

from tp53annot.core.copy_number import CopyEvidence, CopySource, CopyState, ExonDepth
from tp53annot.core.exon_depth import DepthGap, DepthJudgement
from tp53annot.interpret.copies.depth import depth_evidence
from tp53annot.interpret.copies.evidence import gene_copies
from tp53annot.knowledge.resources import resources_of

RESOURCES = resources_of()
RULES = RESOURCES.rules.copy_number
LANGUAGES = ("en", "de")
EXONS = tuple(ExonDepth(exon=str(n), ratio=1.0, z=0.1 * n) for n in range(2, 12))


def low(exon: str, ratio: float, z: float) -> DepthJudgement:
    exons = tuple(ExonDepth(exon=e.exon, ratio=ratio, z=z) if e.exon == exon else e for e in EXONS)
    return DepthJudgement(comparable=9, exons=exons)


def said(judged: DepthJudgement, language: str = "en") -> list[CopyEvidence]:
    words = RESOURCES.rules.assessment(language).measured_copies
    return list(depth_evidence(judged, RULES.depth, words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_low_exon_is_said_with_its_figures_and_what_would_confirm_it(language: str) -> None:
    (found,) = said(low("8", 0.52, -7.4), language)
    assert (found.source, found.state, found.exons) == (CopySource.READ_DEPTH, CopyState.LOSS, ("8",))
    assert all(word in found.text for word in ("xon 8", "0.52", "z = -7.4", "8", "MLPA"))


@pytest.mark.parametrize(
    ("ratio", "z", "state"),
    [(0.80, -3.0, CopyState.LOSS), (0.81, -9.0, CopyState.UNKNOWN), (0.5, -2.9, CopyState.UNKNOWN)],
)
def test_ratio_and_z_must_both_be_reached(ratio: float, z: float, state: CopyState) -> None:
    assert [e.state for e in said(low("8", ratio, z))] == [state]


def test_hardly_any_reads_may_be_an_exon_that_was_not_sequenced() -> None:
    (found,) = said(low("8", 0.01, -40))
    assert "not sequenced" in found.text and found.state is CopyState.LOSS


def test_exons_that_stand_high_may_be_what_is_left() -> None:
    (found,) = said(low("8", 1.9, 8))
    assert (
        "8 (1.90)" in found.text and "loss of the others" in found.text and found.state is CopyState.UNKNOWN
    )


@pytest.mark.parametrize("gap", DepthGap)
@pytest.mark.parametrize("language", LANGUAGES)
def test_why_exons_were_not_judged(gap: DepthGap, language: str) -> None:
    (found,) = said(DepthJudgement(comparable=4, gap=gap), language)
    assert found.state is CopyState.UNKNOWN and "{" not in found.text
    assert (": 4, " in found.text and ": 6" in found.text) == (gap is DepthGap.TOO_FEW)


def test_the_whole_gene_against_reads_elsewhere() -> None:
    kept, lost = (
        said(DepthJudgement(comparable=9, exons=EXONS, gene=ExonDepth(exon="", ratio=r, z=z)))[-1]
        for r, z in ((0.97, -0.6), (0.71, -8.0))
    )
    assert (kept.state, lost.state, lost.exons) == (CopyState.UNKNOWN, CopyState.LOSS, ())
    assert "0.71" in lost.text and "FISH" in lost.text


@pytest.mark.parametrize("state", [CopyState.NORMAL, CopyState.GAIN, CopyState.COPY_NEUTRAL_LOH])
@pytest.mark.parametrize("source", [CopySource.FISH, CopySource.DECLARED, CopySource.TABLE])
def test_read_depth_decides_only_where_nothing_else_states_the_copies(
    source: CopySource, state: CopyState
) -> None:
    weak = said(DepthJudgement(comparable=9, exons=EXONS, gene=ExonDepth(exon="", ratio=0.7, z=-8.0)))
    stated = CopyEvidence(source=source, state=state, text="as stated")
    nothing = CopyEvidence(source=source, state=CopyState.UNKNOWN, text="open")
    assert gene_copies([*weak, stated]).state is state
    assert gene_copies([*weak, nothing]).state is gene_copies(weak).state is CopyState.LOSS


def balance(folder: Path, alt: int, depth: int, record: tuple[int, str, str]) -> list[dict[str, Any]]:
    """What the report of a VCF with one common polymorphism says of its balance."""
    from tp53annot.run.pipeline import run
    from tp53annot.run.settings import OutputSettings, RunSettings

    pos, ref, allele = record
    row = f"chr17\t{pos}\t.\t{ref}\t{allele}\t99\tPASS\t.\tGT:AD:DP\t0/1:{depth - alt},{alt}:{depth}"
    path = write_vcf(folder, row)
    run([path], RunSettings(), OutputSettings(folder=folder / "out", formats=("json",), force=True))
    report = json.loads(next(folder.glob("out/*/*.tp53.json")).read_text())
    found = [b for b in report["copy_number"]["basis"] if b["source"] == "allele_balance"]
    warned = [w for w in report["assessment"]["warnings"] if w["id"] == "warning.allele_balance"]
    assert [b["text"] for b in found] == [w["text"] for w in warned]
    assert report["copy_number"]["state"] == "unknown"
    return found


P72R = (7676154, "G", "C")


@pytest.mark.parametrize(
    ("alt", "depth", "imbalance"),
    [
        (786, 850, True),  # neither heterozygous nor homozygous
        (64, 850, True),  # the same from the other side
        (280, 400, True),
        (120, 400, True),
        (425, 850, False),
        (360, 850, False),  # the reference's allele is captured better
        (845, 850, False),
        (5, 850, False),
        (28, 40, False),  # too few reads
        (60, 100, False),
    ],
)
def test_a_common_polymorphism_is_absent_a_half_or_one(
    alt: int, depth: int, imbalance: bool, tmp_path: Path
) -> None:
    found = balance(tmp_path, alt, depth, P72R)
    assert bool(found) == imbalance
    if found:
        text = found[0]["text"]
        assert (
            "P72R" in text and f"{alt} of {depth}" in text and "imbalance" in text and "contamination" in text
        )


def test_a_rare_variant_is_no_polymorphism(tmp_path: Path) -> None:
    assert balance(tmp_path, 786, 850, (7675088, "C", "T")) == []

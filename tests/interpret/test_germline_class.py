"""The germline class: each criterion by changes that meet it, and what it never looks at."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace
from mutated import called
from whole_gene import genes, judge, namer

from tp53annot.core.variant import GermlineClass, GermlineName
from tp53annot.interpret.annotation import annotate
from tp53annot.interpret.germline_class import GermlineClassifier
from tp53annot.interpret.oncogenicity import Classifier
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.tables.population import Frequency
from tp53annot.knowledge.tables.registry import Knowledge, load_knowledge
from tp53annot.names.parser import parse_change

RULES = resources_of().rules.germline
PANEL = "reviewed by expert panel"


@cache
def classifier() -> GermlineClassifier:
    return GermlineClassifier(load_knowledge(), RULES)


def germline(name: str, knowledge: Knowledge | None = None) -> GermlineClass:
    variant = called(name)
    assert variant is not None
    used = knowledge or load_knowledge()
    return GermlineClassifier(used, RULES).classify(annotate(variant, used, claims=False))


@cache
def everything() -> dict[str, GermlineClass]:
    return {name: classifier().classify(annotated) for name, (annotated, _) in genes().items()}


def met(found: GermlineClass) -> set[tuple[str, str]]:
    return {(c.code, c.strength) for c in found.criteria}


MET = [
    ("c.215C>G", ("BA1", "stand alone"), "0.5429"),
    ("c.524G>A", ("PM2", "supporting"), "2504 people"),
    ("c.637C>T", ("PVS1", "very strong"), "stop_gained upstream of codon 351"),
    ("c.1100+1G>A", ("PVS1", "moderate"), "splice_donor_variant"),
    ("c.375G>A", ("PVS1 (RNA)", "strong"), "aberrant splicing shown"),
    ("c.524G>A", ("PM1", "moderate"), "codon 175"),
    ("c.659A>G", ("PM1", "moderate"), "cancerhotspots.org v2"),
    ("c.541C>T", ("PM1", "supporting"), "9 tumour samples"),
    ("c.524G>A", ("PS3", "strong"), "Kotler"),
    ("c.1040C>A", ("PS3", "supporting"), "Kawaguchi"),
    ("c.649G>A", ("BS3", "strong"), "Kato"),
    ("c.524G>A", ("PP3", "supporting"), "stands in for BayesDel"),
    ("c.318C>G", ("PP3", "supporting"), "CI-SpliceAI 0.99"),
    ("c.145G>C", ("BP4", "supporting"), "AlphaMissense"),
    ("c.639A>G", ("BP7", "supporting"), "CI-SpliceAI 0"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "criterion", "words"), MET)
def test_criteria_with_strength_reason_and_source(name: str, criterion: tuple[str, str], words: str) -> None:
    found = next(c for c in germline(name).criteria if (c.code, c.strength) == criterion)
    assert words in found.reason and found.source and "{" not in found.reason


def test_every_criterion_of_the_rules_is_met_by_some_change() -> None:
    seen = {c.code for found in everything().values() for c in found.criteria}
    assert {rule.code or name for name, rule in RULES.criteria.items()} - seen == {"BS1"}


def test_bs1_needs_a_frequency_between_the_two_limits() -> None:
    knowledge = load_knowledge()
    limits = knowledge.rules.expert_panel

    def codes(fraction: float) -> set[str]:
        row = Frequency(fraction=fraction, count=500, number=1_600_000)
        source = replace(knowledge.sources["tcga"], table="gnomad", citation="gnomAD of a test")
        wide = replace(knowledge, gnomad={"c.524G>A": row}, sources={**knowledge.sources, "gnomad": source})
        return {c.code for c in germline("c.524G>A", wide).criteria}

    assert "BS1" in codes(limits.bs1_min) and "BA1" in codes(limits.ba1_min)
    assert not {"BS1", "BA1", "PM2"} & codes(limits.bs1_min * 0.99)
    assert "PM2" in codes(limits.bs1_min / 100)


def test_what_the_panel_forbids_beside_each_other() -> None:
    seen: Counter[str] = Counter()
    for name, found in everything().items():
        variant = genes()[name][0].variant
        pairs = met(found)
        codes = {code for code, _ in pairs}
        assert len(codes) == len(found.criteria)
        assert not ({"PVS1", "PVS1 (RNA)"} & codes and {"PP3", "BP4"} & codes)
        assert not (("PVS1", "very strong") in pairs and {"PS3", "BS3"} & codes)
        assert len({"BA1", "BS1", "PM2"} & codes) <= 1 and len({"PS3", "BS3"} & codes) <= 1
        assert "BP7" not in codes or "BP4" in codes
        deltas = load_knowledge().ci_spliceai.get(name)
        if deltas and deltas.largest >= 0.2 and not variant.splice_affecting:
            assert not {"PS3", "BS3", "PS1", "PM5", "BP4", "BP7"} & codes, name
            seen["splicing"] += 1
        if {"PS1", "PM5"} & codes:
            points = sum(RULES.strength_points[s.replace(" ", "_")] for c, s in pairs if c in ("PS1", "PM5"))
            assert points <= RULES.strength_points["strong"]
            seen["compared"] += 1
    assert seen["splicing"] > 50 and seen["compared"] > 20


def test_no_class_reads_what_is_published_of_the_same_change() -> None:
    """Without its own row in ClinVar every change keeps both classes."""
    knowledge = load_knowledge()
    moved = [name for name in knowledge.clinvar if name in genes()]
    assert len(moved) > 1_000
    for name in moved[::7]:
        rows = {other: row for other, row in knowledge.clinvar.items() if other != name}
        blind = replace(knowledge, clinvar=rows, clinvar_oncogenic={})
        seen, unseen = germline(name), germline(name, blind)
        assert (seen.name, seen.criteria) == (unseen.name, unseen.criteria)
        variant = genes()[name][0].variant
        judged = Classifier(blind).classify(annotate(variant, blind, claims=False))
        assert (judged.oncogenicity, judged.criteria) == (
            genes()[name][1].oncogenicity,
            genes()[name][1].criteria,
        )


def test_neither_class_moves_the_other() -> None:
    """Points of an oncogenicity criterion change no germline class, and there is no germline code among its own."""
    own = {c.code for _, judged in genes().values() for c in judged.criteria}
    theirs = {c.code for found in everything().values() for c in found.criteria}
    assert not own & theirs


def test_imported_bayesdel_takes_the_place_of_the_stand_in() -> None:
    knowledge = load_knowledge()

    def one(name: str, **scores: float) -> set[tuple[str, str]]:
        rich = replace(knowledge, scores={name: scores}, predictors=frozenset(scores))
        found = germline(name, rich)
        assert not any("AlphaMissense" in c.reason for c in found.criteria)
        return met(found)

    assert ("PP3", "supporting") in one("c.524G>A", BayesDel=0.16)
    assert ("BP4", "supporting") in one("c.524G>A", BayesDel=0.1599)
    assert ("BP4", "moderate") in one("c.524G>A", BayesDel=-0.008)
    assert ("PP3", "supporting") in one("c.524G>A", REVEL=0.7, BayesDel=0.2)
    assert not {"PP3", "BP4"} & {code for code, _ in one("c.524G>A", REVEL=0.5)}


def test_only_reviewed_classes_are_in_force() -> None:
    knowledge = load_knowledge()
    seen: Counter[bool] = Counter()
    for name, row in knowledge.clinvar.items():
        if name not in genes():
            continue
        published = everything()[name].published
        reviewed = row.review_status in (PANEL, "criteria provided, multiple submitters, no conflicts")
        assert (published is not None) == reviewed, name
        if published:
            assert (published.name, published.review) == (row.classification, row.review_status)
            assert row.accession in published.source
        seen[reviewed] += 1
    assert seen[True] > 250 and seen[False] > 500


def test_a_change_outside_the_gene_is_left_open() -> None:
    annotated, _ = judge(_upstream())
    found = classifier().classify(annotated)
    assert found.name is None and found.criteria == ()


def _upstream() -> Any:
    reference = namer().reference
    position = reference.end - 50
    base = reference.bases(position, position)
    return type(next(iter(genes().values()))[0].variant.allele)(
        pos=position, ref=base, alt="A" if base != "A" else "G"
    )


def test_deletions_in_frame_are_supporting_at_most() -> None:
    knowledge = load_knowledge()
    seen: Counter[str] = Counter()
    for name in list(knowledge.kotler_deletions)[::5]:
        (allele,) = parse_change(name, namer(), {})
        annotated, _ = judge(allele)
        for code, strength in met(classifier().classify(annotated)):
            if code in ("PS3", "BS3"):
                assert strength == "supporting"
                seen[code] += 1
    assert min(seen["PS3"], seen["BS3"]) > 5


ORDER = list(GermlineName)[::-1]


def test_no_change_of_the_panel_comes_out_on_the_other_side() -> None:
    knowledge = load_knowledge()
    middle = ORDER.index(GermlineName.UNCERTAIN)
    for name, row in knowledge.clinvar.items():
        if row.review_status == PANEL and name in genes():
            own = everything()[name].name
            assert own is not None
            theirs = ORDER.index(GermlineName(row.classification.lower().replace(" ", "_")))
            assert (ORDER.index(own) - middle) * (theirs - middle) >= 0, name

"""Insertions, deletions and splice-site changes of the tables, through the whole of annotation and classes."""

from __future__ import annotations

from collections import Counter

from whole_gene import judge, namer

from tp53annot.interpret.annotation import LOSS
from tp53annot.knowledge.tables.registry import load_knowledge
from tp53annot.names.parser import parse_change


def test_every_measured_or_recurrent_change_is_classified() -> None:
    """All Funk, TCGA, DoCM and cell-line changes; frameshifts and stops of exons 5-8 are never uncertain."""
    knowledge = load_knowledge()
    names = {*knowledge.funk.nucleotide, *knowledge.tcga, *knowledge.docm, *knowledge.cell_lines}
    kinds: Counter[str] = Counter()
    for name in sorted(names):
        (allele,) = parse_change(name, namer(), {})
        annotated, judged = judge(allele)
        assert annotated.variant.hgvs_c == name
        terms = set(annotated.variant.consequences)
        codon = annotated.variant.codon
        if terms & {"frameshift_variant", "stop_gained"} and codon and codon < 351:
            assert judged.is_oncogenic, name
            kinds["truncating"] += 1
        elif terms & {"splice_donor_variant", "splice_acceptor_variant"} and "c.-" not in name:
            kinds["splice"] += judged.is_oncogenic
        elif terms & {"inframe_deletion", "inframe_insertion", "protein_altering_variant"}:
            assert any(c.code == "OM2" for c in judged.criteria), name
            kinds["in-frame"] += 1
    assert kinds["truncating"] > 3_000 and kinds["splice"] > 100 and kinds["in-frame"] > 200


def test_in_frame_deletions_use_the_assay_of_the_very_change() -> None:
    knowledge = load_knowledge()
    found = Counter()
    for name, score in knowledge.funk.nucleotide.items():
        if not name.endswith("del") or "+" in name or "-" in name:
            continue
        (allele,) = parse_change(name, namer(), {})
        annotated, judged = judge(allele)
        if annotated.variant.consequences != ("inframe_deletion",):
            continue
        codes = {c.code for c in judged.criteria}
        label = next(r.assay_class for r in annotated.functional if r.table == "funk_nucleotide")
        assert (label == LOSS) == (score >= 0)
        deleted = knowledge.kotler_deletions.get(name)
        against = deleted is not None and (deleted >= -1.0) != (label == LOSS)
        assert ("OS2" in codes) == (label == LOSS and not against)
        assert ("OS2_Moderate" in codes) == (label == LOSS and against)
        assert ("SBS2_Supporting" in codes) == (label != LOSS and not against)
        found[label] += 1
    assert sum(found.values()) > 100


def test_recurrent_in_frame_changes_are_found_as_hotspots() -> None:
    (deletion,) = parse_change("c.572_574del", namer(), {})
    annotated, judged = judge(deletion)
    assert annotated.variant.hgvs_p_short == "P191del"
    assert annotated.hotspot and annotated.hotspot["same_change_count"] == 11
    assert "OM3" in {c.code for c in judged.criteria}

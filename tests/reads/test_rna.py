"""RNA: wild type stays wild type whatever the aligner, changes and altered splicing are found, nothing is negative."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bam_files import MAIN, REF, RESOURCES, write_bam
from one_sample import document_of as document
from rna_files import ALIGNERS, Molecules, main_exons, write_rna

from tp53annot.core.allele import Build
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.interpret.serial import SerialChange, sighting
from tp53annot.report.registry import rendered
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

WHOLE = Molecules(exons=main_exons(), depth=100)
DEEP = Molecules(exons=main_exons(), depth=260)
R175H = (7675088, "T")


def ids(found: dict[str, Any], key: str) -> set[str]:
    return {flag["id"] for flag in found["assessment"][key]}


@pytest.fixture(scope="module")
def with_introns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unspliced molecules alone would assess every base."""
    unspliced = Molecules(exons=[(7669509, 7676722)], depth=270)
    return write_rna(tmp_path_factory.mktemp("rna") / "s.bam", [WHOLE, unspliced])


def names(found: dict[str, Any]) -> list[str]:
    return [v["hgvs_c"] for v in found["variants"]]


@pytest.mark.parametrize("aligner", ALIGNERS)
def test_wild_type_is_wild_type_whatever_the_aligner_and_never_negative(aligner: str, tmp_path: Path) -> None:
    found = document(write_rna(tmp_path / "a.bam", [DEEP], aligner=aligner, error=0.001))
    assert found["assessment"]["status"] == "incomplete"
    assert (found["variants"], found["rejected"], found["splicing"]) == ([], [], [])
    assert found["platform"]["molecule"] == "rna"
    assert "rna.reads" in ids(found, "warnings")
    assert "nonsense" in found["assessment"]["summary"]
    causes = {(g["exon"], g["cause"]) for g in found["coverage"]["gaps"]}
    assert ("7", "spliced_out") in causes and ("7", "low_expression") not in causes


@pytest.mark.parametrize("aligner", ALIGNERS)
@pytest.mark.parametrize("at", [0, -1])
def test_a_change_at_the_edge_of_an_exon_is_found_whatever_the_aligner(
    aligner: str, at: int, tmp_path: Path
) -> None:
    low, high = MAIN.model.exons[6]
    pos = low + at if at >= 0 else high + at + 1
    alt = {"A": "C", "C": "A", "G": "T", "T": "G"}[REF.bases(pos, pos)]
    changed = Molecules(exons=main_exons(), depth=25, change=(pos, alt))
    found = document(write_rna(tmp_path / "a.bam", [WHOLE, changed], aligner=aligner))
    (variant,) = [v for v in (*found["variants"], *found["rejected"]) if not v["remarks"]]
    assert (variant["pos"], variant["alt"]) == (pos, alt)
    assert variant["vaf"] == pytest.approx(0.2, abs=0.04)


@pytest.mark.parametrize(("copies", "called"), [(1, True), (6, False)])
def test_few_molecules_are_called_where_they_are_molecules_and_no_copies_of_one(
    copies: int, called: bool, tmp_path: Path
) -> None:
    shallow = Molecules(exons=main_exons(), depth=54)
    few = Molecules(exons=main_exons(), depth=6 // copies, change=R175H, copies=copies)
    found = document(write_rna(tmp_path / "a.bam", [shallow, few], error=0.0005))
    listed = (*found["variants"], *found["rejected"])
    (seen,) = [v for v in listed if v["hgvs_p_short"] == "R175H"]
    assert seen["alt_reads"] < 8
    assert [r["id"] for r in seen["remarks"]] == ([] if called else ["call.few_reads"])


def test_a_sample_of_rna_with_a_mutation_is_mutated_and_no_allele_is_counted_by_its_fraction(
    tmp_path: Path,
) -> None:
    mutated = Molecules(exons=main_exons(), depth=260, change=R175H)
    found = document(write_rna(tmp_path / "a.bam", [WHOLE, mutated], build=Build.GRCH37))
    answer = found["assessment"]
    assert answer["status"] == "mutated" and names(found) == ["c.524G>A"]
    assert answer["allelic_state"] == "single_hit" and answer["allelic_hypotheses"] == []
    assert answer["clonality"] == "unknown"


def test_the_fraction_of_an_allele_in_rna_speaks_for_no_loss_no_germline_and_no_clone(tmp_path: Path) -> None:
    alone = Molecules(exons=main_exons(), depth=180, change=R175H)
    path = write_rna(tmp_path / "a.bam", [Molecules(exons=main_exons(), depth=20), alone])
    declared = {"blast_pct": "50", "age_years": "70"}
    (analysed,) = analyse(Job(bam=path, context=declared), RunSettings(), interpreter_of())
    found = analysed.document
    answer = found["assessment"]
    assert answer["status"] == "mutated" and found["variants"][0]["vaf"] > 0.8
    assert answer["allelic_state"] == "single_hit" and answer["plausibility"] == []
    assert not any("VAF" in f["text"] for f in answer["germline_reasons"])
    assert answer["tp53_mutated_all"] is True


def test_a_change_that_a_later_sample_of_rna_does_not_show_is_not_lost(tmp_path: Path) -> None:
    change = SerialChange(
        hgvs_c="c.524G>A", hgvs_p_short="R175H", oncogenicity="oncogenic", start=R175H[0], end=R175H[0]
    )
    found = document(write_rna(tmp_path / "a.bam", [DEEP]))
    dna = found | {"platform": found["platform"] | {"molecule": "dna"}}
    states = [sighting(change, d, lambda position, _: position).state for d in (found, dna)]
    assert states == ["not_assessed", "absent"]


@pytest.mark.parametrize("aligner", ALIGNERS)
@pytest.mark.parametrize("build", list(Build))
def test_a_skipped_exon_is_named_and_counted(aligner: str, build: Build, tmp_path: Path) -> None:
    skipped = Molecules(exons=main_exons(without=6), depth=35)
    found = document(write_rna(tmp_path / "a.bam", [WHOLE, skipped], aligner=aligner, build=build))
    (event,) = found["splicing"]
    assert (event["event"], event["exons"], event["hgvs_r"]) == ("exon_skipped", ["6"], "r.560_672del")
    offset = REF.builds[build].offset
    assert (event["start"], event["end"]) == (7674291 + offset, 7675052 + offset)
    assert event["fraction"] == pytest.approx(0.25, abs=0.05)
    assert event["fraction"] == pytest.approx(event["reads"] / event["of"], abs=1e-6)
    assert found["variants"] == [] and found["assessment"]["status"] == "incomplete"
    assert "rna.exon_skipped" in ids(found, "warnings")
    assert "Exon 6 is skipped (r.560_672del)" in found["assessment"]["summary"]


def test_an_exon_that_every_molecule_lacks_is_not_assessed_for_want_of_expression(tmp_path: Path) -> None:
    found = document(
        write_rna(tmp_path / "a.bam", [Molecules(exons=main_exons(without=6), depth=260)]), language="de"
    )
    (gap,) = [g for g in found["coverage"]["gaps"] if (g["c_start"], g["c_end"]) == ("c.560", "c.672")]
    assert gap["cause"] == "low_expression"
    summary = found["assessment"]["summary"]
    assert "Exon 6 ist übersprungen" in summary and "zu wenige Reads von RNA" in summary


def test_a_retained_intron_is_listed_and_unspliced_rna_is_not(tmp_path: Path) -> None:
    exons = sorted(main_exons())
    kept = [e for e in exons if e[0] not in (7673535, 7673701)] + [(7673535, 7673837)]
    found = document(write_rna(tmp_path / "a.bam", [WHOLE, Molecules(exons=kept, depth=35)]))
    assert [(e["event"], e["hgvs_r"]) for e in found["splicing"]] == [
        ("intron_retained", "r.919_920ins[919+1_920-1]")
    ]
    unspliced = Molecules(exons=[(7669609, 7676622)], depth=30)
    found = document(write_rna(tmp_path / "b.bam", [WHOLE, unspliced]))
    assert (found["splicing"], found["variants"]) == ([], [])


def test_introns_covered_by_unspliced_rna_make_no_negative_result(with_introns: Path) -> None:
    found = document(with_introns)
    assert found["coverage"]["required_region_assessed"] is True
    assert found["assessment"]["status"] == "incomplete"
    assert ids(found, "warnings") >= {"rna.reads"}


def test_introns_written_as_deletions_are_no_deletions_and_short_gaps_written_as_introns_are(
    tmp_path: Path,
) -> None:
    program = "STAR"
    found = document(write_rna(tmp_path / "a.bam", [WHOLE], operation=2, program=program))
    assert (found["variants"], found["splicing"]) == ([], [])
    low, high = 7675100, 7675129
    lost = [e for e in main_exons() if not e[0] < low < e[1]] + [(7675053, low - 1), (high + 1, 7675236)]
    found = document(write_rna(tmp_path / "b.bam", [WHOLE, Molecules(exons=lost, depth=50)]))
    assert found["splicing"] == []
    (variant,) = found["variants"]
    assert len(variant["ref"]) - len(variant["alt"]) == 30
    assert variant["vaf"] == pytest.approx(1 / 3, abs=0.06)


def test_dna_has_no_splicing(tmp_path: Path) -> None:
    found = document(write_bam(tmp_path / "a.bam"))
    assert found["splicing"] is None and found["platform"]["molecule"] == "dna"
    assert found["assessment"]["status"] == "not_detected"


def test_rna_is_known_where_its_first_reads_are_not_spliced(tmp_path: Path) -> None:
    last_exon = Molecules(exons=[(7669300, 7669690)], depth=600)
    found = document(write_rna(tmp_path / "a.bam", [last_exon, Molecules(exons=main_exons(), depth=50)]))
    assert found["platform"]["molecule"] == "rna"
    assert "boundaries of exons" in found["platform"]["source"]


def test_a_vcf_beside_reads_of_rna_is_not_negative_by_them(with_introns: Path, tmp_path: Path) -> None:
    vcf = tmp_path / "a.vcf"
    vcf.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=17,length=83257441>\n"
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts\n"
    )
    found = document(with_introns, vcf)
    assert found["assessment"]["status"] == "incomplete" and found["splicing"] == []


def test_page_and_letter_show_what_was_seen_of_splicing_and_that_nothing_was(tmp_path: Path) -> None:
    skipped = [WHOLE, Molecules(exons=main_exons(without=6), depth=35)]
    for kinds, shown in ((skipped, "r.560_672del"), ([WHOLE], "differs from the known transcripts")):
        path = write_rna(tmp_path / f"{len(kinds)}.bam", kinds)
        (analysed,) = analyse(Job(bam=path), RunSettings(), interpreter_of())
        for format_ in ("txt", "html"):
            text = rendered(analysed.report, format_, RESOURCES, "en").decode()
            assert "Splicing in RNA" in text and shown in text

"""Few molecules: named where errors do not explain them, called where the sample's own errors prove it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bam_files import REF, RESOURCES, Change, Laid, write_laid
from molecule_files import Molecule, molecules, write_molecules
from one_sample import document_of as document

from tp53annot.calling.callability import CallNeed, lowest_vaf
from tp53annot.reads.evidence import Reads, caller_of, read_reads

RULES = RESOURCES.rules.calling
R175H = Change(pos=7675088, ref="C", alt="T", vaf=0.0)


def carriers(
    there: list[Molecule], wanted: int, *, strands: tuple[bool, ...] = (False, True)
) -> list[Molecule]:
    """The same molecules, ``wanted`` of which carry R175H, seen by reads of these strands in turn (forward, reverse)."""
    left = [(wanted + n) // len(strands) for n in range(len(strands))]
    found = []
    for m in there:
        at = R175H.pos - m.first
        sides = [n for n, reverse in enumerate(strands)
                 if left[n] and (5 < at < 90 and len(m.bases) - at > 105 if not reverse
                                 else 105 < at < len(m.bases) - 6 and len(m.bases) - at < 95)]  # fmt: skip
        if sides:
            left[sides[0]] -= 1
            m = Molecule(number=m.number, first=m.first, umi=m.umi, altered=True,
                         bases=m.bases[:at] + R175H.alt + m.bases[at + 1 :])  # fmt: skip
        found.append(m)
    assert not any(left), left
    return found


def shallow(path: Path, alt: int, depth: int, change: Change = R175H) -> Path:
    """``depth`` single reads over a place, ``alt`` of them with a change."""
    reads: list[Laid] = []
    for n in range(depth):
        first = change.pos - 20 - 2 * n
        bases = REF.bases(first, first + 99)
        if n < alt:
            at = change.pos - first
            bases = bases[:at] + change.alt + bases[at + len(change.ref) :]
        reads.append((first, bases, [(0, 100)]))
    return write_laid(path, reads, [n % 2 for n in range(depth)])


def test_a_hotspot_in_few_molecules_is_named(tmp_path: Path) -> None:
    found = document(shallow(tmp_path / "a.bam", 7, 24))
    a = found["assessment"]
    assert a["status"] == "incomplete" and a["tp53_mutated_all"] is None and not found["variants"]
    assert "R175H" in a["summary"] and "summary.too_shallow" in a["summary_ids"]
    (said,) = [w["text"] for w in a["warnings"] if w["id"] == "warning.too_shallow"]
    assert "R175H" in said and "7 of 24" in said


def test_a_stop_codon_in_few_molecules_is_named_and_a_silent_change_is_not(tmp_path: Path) -> None:
    stop = Change(pos=7674945, ref="G", alt="A", vaf=0.0)  # R196*
    silent = Change(pos=7675084, ref=REF.bases(7675084, 7675084), alt="A", vaf=0.0)
    assert "R196*" in document(shallow(tmp_path / "a.bam", 6, 30, stop))["assessment"]["summary"]
    said = document(shallow(tmp_path / "b.bam", 6, 30, silent))["assessment"]
    assert not [w for w in said["warnings"] if w["id"] == "warning.too_shallow"]


def test_what_errors_explain_is_not_named(tmp_path: Path) -> None:
    found = document(shallow(tmp_path / "a.bam", 1, 24))["assessment"]
    assert "R175H" not in found["summary"] and not [w for w in found["warnings"] if "R175H" in w["text"]]


# the proof -----------------------------------------------------------------------------------


def called(bam: Path, **asked: Any) -> tuple[bool, int, Reads]:
    reads = read_reads(bam, RESOURCES, fasta=None, assembly=None)
    caller = caller_of(reads, RESOURCES, min_vaf=0.001, **asked)
    (found,) = [c for c in caller.calls() if c.allele.pos == R175H.pos and c.allele.alt == "T"] or [None]
    assert found is not None
    return not found.reasons, found.fewest, reads


def test_six_molecules_of_a_thousand_are_called_by_the_samples_own_errors(tmp_path: Path) -> None:
    there = molecules(1000, exons=[5, 6], seed=3)
    bam = write_molecules(tmp_path / "a.bam", carriers(there, 6), error=0.0002)
    yes, fewest, _ = called(bam)
    assert yes and fewest == RULES.proof.min_alt
    assert called(bam, min_alt_reads=8)[:2] == (False, 8)  # what the user asks for stays
    one_sided = write_molecules(tmp_path / "b.bam", carriers(there, 6, strands=(False,)), error=0.0002)
    assert called(one_sided)[:2] == (False, 8)
    four = write_molecules(tmp_path / "c.bam", carriers(there, 4), error=0.0002)
    assert not called(four)[0]


def test_where_the_sample_errs_more_few_molecules_prove_nothing(tmp_path: Path) -> None:
    there = molecules(1000, exons=[5, 6], seed=3)
    bam = write_molecules(tmp_path / "a.bam", carriers(there, 6), error=0.003)
    assert not called(bam)[0]


def test_the_limit_of_detection_follows_the_minimum_in_force(tmp_path: Path) -> None:
    there = molecules(400, seed=4)
    clean = document(write_molecules(tmp_path / "a.bam", there, error=0.0002))
    noisy = document(write_molecules(tmp_path / "b.bam", there, error=0.01))
    strict = document(tmp_path / "a.bam", min_alt_reads=20)

    def limit(found: dict[str, Any]) -> float:
        (exon,) = [e for e in found["coverage"]["exons"] if e["exon"] == "5"]
        return float(exon["lod_vaf"])

    assert limit(clean) < limit(noisy) < limit(strict)
    depth = next(e["min_depth"] for e in clean["coverage"]["exons"] if e["exon"] == "5")
    five = CallNeed(alt_reads=5, both_below=8, rarer=0.5)
    assert limit(clean) == pytest.approx(lowest_vaf(depth, five, RULES.coverage.probability), rel=0.15)
    assert clean["coverage"]["min_depth_needed"] < noisy["coverage"]["min_depth_needed"]


def test_thresholds_below_one_per_cent_are_printed_as_such(tmp_path: Path) -> None:
    bam = write_molecules(tmp_path / "a.bam", molecules(60))
    summary = document(bam, min_vaf=0.002, report_vaf=0.004)["assessment"]["summary"]
    assert "0.4%" in summary and " 0%" not in summary

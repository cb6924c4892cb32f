"""Reads that lose and gain bases by errors: what is called among them, what is not, and what cannot be assessed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pysam
import pytest
from bam_files import REF, RESOURCES
from msgspec import Struct

from tp53annot.calling.pileup import ReadChange
from tp53annot.calling.slip_noise import SlipNoise
from tp53annot.core.allele import Allele, Build
from tp53annot.core.coverage import Coverage, GapCause
from tp53annot.core.platform import Platform
from tp53annot.names.normalisation import normalise
from tp53annot.reads.evidence import Reads, caller_of, coverage_of_reads, read_reads
from tp53annot.reads.straight.long_indels import as_copy, leftmost, long_groups
from tp53annot.reads.straight.straightening import Straightener
from tp53annot.reads.straight.survey import Survey, WrittenForms

RULES = RESOURCES.rules.calling
SLIPS = RULES.slips
LOW, HIGH = 7674700, 7675700  # over exons 5 and 6
RUN = next(p for p in range(LOW + 300, HIGH) if len(set(REF.bases(p, p + 4))) == 1)  # of five bases or more
# What a molecule carries: GRCh38 position, bases gone, bases new.
Edit = tuple[int, int, str]


class Called(Struct, frozen=True):
    """Calls by what they change, with their VAF; coverage; the platform and the counts."""

    vafs: dict[ReadChange, float]
    coverage: Coverage
    platform: Platform | None
    reads: Reads


def run_length(pos: int) -> int:
    """Bases of the run that begins at a position."""
    size = 1
    while REF.bases(pos + size, pos + size) == REF.bases(pos, pos):
        size += 1
    return size


def slips_of(rate: float, rng: random.Random) -> list[Edit]:
    """Single bases lost (or gained, less often) at the beginnings of runs, twice as often for each further base."""
    found, pos = [], LOW + 1
    while pos < HIGH - 1:
        size = run_length(pos)
        if rng.random() < rate * 2 ** (size - 1):
            base = REF.bases(pos, pos)
            found.append((pos - 1, 1, "") if rng.random() < 0.7 else (pos - 1, 0, base))
        pos += size
    return found


def write(
    path: Path,
    molecules: Callable[[int, random.Random], Sequence[Edit]],
    *,
    count: int = 400,
    stated: str = "ONT",
) -> Path:
    """Whole molecules of the stretch, each with its edits as an aligner writes them."""
    rng = random.Random(3)
    header = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": "chr17", "LN": REF.builds[Build.GRCH38].length}],
        "RG": [{"ID": "g", "SM": "S", "PL": stated}],
    }
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for n in range(count):
            bases, cigar, at = "", [], LOW
            for pos, gone, new in sorted(molecules(n, rng)):
                if pos < at:
                    continue
                kept = REF.bases(at, pos)
                if gone == len(new):  # bases for bases
                    bases, at = bases + kept + new, pos + gone + 1
                    cigar.append((0, len(kept) + gone))
                    continue
                bases, at = bases + kept + new, pos + gone + 1
                cigar += [(0, len(kept)), *([(2, gone)] if gone else []), *([(1, len(new))] if new else [])]
            bases += REF.bases(at, HIGH)
            cigar.append((0, HIGH - at + 1))
            read = pysam.AlignedSegment(out.header)
            read.query_name, read.reference_id, read.reference_start = f"r{n}", 0, LOW - 1
            read.mapping_quality, read.flag, read.query_sequence = 60, 16 * (n % 2), bases
            read.cigartuples = joined(cigar)
            read.query_qualities = pysam.qualitystring_to_array("5" * len(bases))
            out.write(read)
    pysam.index(str(path))
    return path


def joined(cigar: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for op, size in cigar:
        if found and found[-1][0] == op:
            found[-1] = (op, found[-1][1] + size)
        elif size:
            found.append((op, size))
    return found


def called(path: Path) -> Called:
    reads = read_reads(path, RESOURCES, fasta=None, assembly=None)
    caller = caller_of(reads, RESOURCES)
    found = {ReadChange.of(c.allele): c.support.vaf or 0.0 for c in caller.calls() if not c.reasons}
    return Called(found, coverage_of_reads(reads, RESOURCES, 0.05, caller), reads.pileup.platform, reads)


def snv(pos: int) -> Edit:
    old = REF.bases(pos, pos)
    return pos - 1, 1, "A" if old != "A" else "C"


def change(edit: Edit) -> ReadChange:
    pos, gone, new = edit
    ref = REF.bases(pos, pos + gone)
    return ReadChange.of(normalise(Allele(pos=pos, ref=ref, alt=ref[0] + new), REF))


def test_slips_are_no_calls_and_long_runs_are_not_assessed_for_them(tmp_path: Path) -> None:
    found = called(write(tmp_path / "a.bam", lambda n, rng: slips_of(0.003, rng)))
    assert found.vafs == {}
    inside = [g for g in found.coverage.gaps if g.start > LOW + 100 and g.end < HIGH - 100]
    assert {g.cause for g in inside} == {GapCause.RUN_ERRORS}
    assert any(g.start <= RUN <= g.end for g in inside) and all(g.detail and "%" in g.detail for g in inside)
    assert sum(g.end - g.start + 1 for g in inside) < 0.15 * 300
    assert not found.coverage.required_region_assessed


def test_other_bases_are_called_among_slips_as_without_them(tmp_path: Path) -> None:
    planted = [snv(7675088), snv(7675230)]

    def molecules(rate: float) -> Callable[[int, random.Random], Sequence[Edit]]:
        def one(n: int, rng: random.Random) -> Sequence[Edit]:
            own = [planted[n // 10 % 2]] if n % 10 < 2 else []
            return [*own, *(e for e in slips_of(rate, rng) if not any(abs(e[0] - p[0]) < 2 for p in own))]

        return one

    clean, slipped = (called(write(tmp_path / f"{rate}.bam", molecules(rate))) for rate in (0.0, 0.004))
    assert set(clean.vafs) == set(slipped.vafs) == {change(e) for e in planted}
    for one in clean.vafs:
        assert clean.vafs[one] == pytest.approx(0.10, abs=0.001)
        assert slipped.vafs[one] == pytest.approx(0.10, abs=0.01)


def test_a_lost_base_of_a_run_is_called_above_the_samples_own_noise_only(tmp_path: Path) -> None:
    lost: Edit = (RUN - 1, 1, "")

    def molecules(share: int) -> Callable[[int, random.Random], Sequence[Edit]]:
        def one(n: int, rng: random.Random) -> Sequence[Edit]:
            others = [e for e in slips_of(0.003, rng) if e[0] != lost[0]]
            return [*others, lost] if n % 100 < share else others

        return one

    assert called(write(tmp_path / "noise.bam", molecules(6))).vafs == {}
    found = called(write(tmp_path / "change.bam", molecules(35)))
    assert set(found.vafs) == {change(lost)} and found.vafs[change(lost)] == pytest.approx(0.35, abs=0.02)


@pytest.mark.parametrize("stated", ["ILLUMINA", "ONT"])
def test_the_reads_own_errors_decide_whatever_is_stated(stated: str, tmp_path: Path) -> None:
    found = called(write(tmp_path / "a.bam", lambda n, rng: slips_of(0.003, rng), stated=stated))
    assert found.vafs == {} and found.reads.pileup.noise is not None
    assert found.platform is not None and found.platform.name == "ont"


def test_copies_of_a_stretch_are_one_change_wherever_they_are_written(tmp_path: Path) -> None:
    first, size = 7675100, 60
    copy = REF.bases(first, first + size - 1)

    def one(n: int, rng: random.Random) -> Sequence[Edit]:
        if n % 5:
            return slips_of(0.002, rng)
        turned = rng.randrange(size)
        new = copy[turned:] + copy[:turned]
        if n % 3 == 0:  # an error of its own
            at = rng.randrange(20, 40)
            new = new[:at] + new[at + 1 :]
        return [(first - 1 + turned, 0, new)]

    found = called(write(tmp_path / "a.bam", one))
    assert set(found.vafs) == {change((first - 1, 0, copy))}
    assert found.vafs[change((first - 1, 0, copy))] == pytest.approx(0.2, abs=0.03)


# units --------------------------------------------------------------------------------------


def test_the_rate_of_a_run_is_that_of_the_others_of_its_length() -> None:
    sequence = "ACGT" + "".join(f"GTCAT{'A' * 5}CG" for _ in range(40)) + "TGCA"
    starts = [
        i for i in range(1, len(sequence)) if sequence.startswith("AAAAA", i) and sequence[i - 1] != "A"
    ]
    depth = np.full(len(sequence), 1000, np.int32)

    def noise(first: int) -> float:
        indels = {(1000 + i - 1, sequence[i - 1 : i + 1], sequence[i - 1]): 20 for i in starts[1:]}
        indels[1000 + starts[0] - 1, sequence[starts[0] - 1 : starts[0] + 1], sequence[starts[0] - 1]] = first
        found = SlipNoise(1000, depth, indels, sequence, SLIPS).rate(next(iter(indels)))
        assert found is not None
        return found.rate

    assert noise(20) == pytest.approx(20 / 1000, rel=0.1)
    assert noise(400) == noise(20)  # a change of one run is no noise of the others


def test_two_neighbouring_runs_that_both_lose_a_base_are_no_rarer_than_chance_has_it() -> None:
    """An aligner writes what two runs of one read lost by errors of their own as one deletion."""
    unit = "GAT" + "C" * 3 + "T" * 5
    sequence = "ACGT" + unit * 40
    depth = np.full(len(sequence), 1000, np.int32)
    ends = [4 + len(unit) * n for n in range(40)]
    indels = {(1000 + e + 2, "TC", "T"): 100 for e in ends} | {(1000 + e + 5, "CT", "C"): 200 for e in ends}
    noise = SlipNoise(1000, depth, indels, sequence, SLIPS)
    both = noise.rate((1000 + ends[7] + 4, "CCT", "C"))
    apart = noise.rate((1000 + ends[7] + 1, "ATC", "A"))
    assert both is not None and both.rate == pytest.approx(0.1 * 0.2, rel=0.15)
    assert apart is not None and apart.rate < both.rate / 5


def test_a_read_is_laid_straight_but_for_what_stays() -> None:
    stays = change((7675099, 2, ""))
    straightener = Straightener(REF, 0, frozenset({stays}), (), WrittenForms(REF), SLIPS)
    read = pysam.AlignedSegment(pysam.AlignmentHeader.from_references(["chr17"], [83_257_441]))
    read.reference_id, read.reference_start = 0, 7675049
    lost = REF.bases(7675070, 7675070)
    plain = REF.bases(7675050, 7675069) + REF.bases(7675071, 7675080) + "T" + REF.bases(7675081, stays.pos)
    read.query_sequence = plain + REF.bases(stays.pos + 3, 7675150)
    after = 7675150 - stays.pos - 2
    read.cigartuples = [(0, 20), (2, 1), (0, 10), (1, 1), (0, stays.pos - 7675080), (2, 2), (0, after)]
    read.query_qualities = pysam.qualitystring_to_array("5" * len(read.query_sequence))
    (laid,) = straightener.straight([read])
    assert laid.cigartuples == [(0, stays.pos - 7675049), (2, 2), (0, after)]
    assert lost and laid.query_sequence == (
        REF.bases(7675050, 7675069) + "N" + REF.bases(7675071, stays.pos) + REF.bases(stays.pos + 3, 7675150)
    )
    assert laid.query_qualities is not None and laid.query_qualities[20] == 0


def test_a_copy_is_known_by_its_first_and_last_word() -> None:
    first, size = 7675100, 40
    copy = REF.bases(first, first + size - 1)
    turned = (first + 14, 0, copy[15:] + copy[:15])
    found = as_copy(turned, REF, SLIPS)
    assert found is not None and change(found) == change((first - 1, 0, copy))
    assert leftmost(turned, REF, SLIPS)[0] <= first - 1
    stranger = (first - 1, 0, "ACGTTGCATGTCAGGATCAAGTCACGGTTAACCGTAGACT")
    assert as_copy(stranger, REF, SLIPS) is None
    wrong = copy[:20] + ("A" if copy[20] != "A" else "C") + copy[21:]
    members = [(first - 1, 0, copy), turned, (first - 1, 0, wrong)]
    survey = Survey(
        start=LOW, depth=np.full(HIGH - LOW, 10, np.int32), indels={}, looked_at=10, long=tuple(members)
    )
    (group,) = long_groups(survey, REF, WrittenForms(REF), SLIPS)
    assert group.change == change((first - 1, 0, copy)) and group.share == pytest.approx(0.3)


def test_an_insertion_between_two_that_stay_is_laid_as_the_shorter_one() -> None:
    # Whatever the order in which a set of changes gives them: the same reads give the same counts in every run.
    rng, pos = random.Random(5), 7675099
    for _ in range(12):
        text = "".join(rng.choice("ACGT") for _ in range(9))
        kept = frozenset(
            ReadChange(at, REF.bases(at, at), REF.bases(at, at) + text[:size])
            for at, size in ((pos, 7), (pos + 2, 9))
        )
        straightener = Straightener(REF, 0, kept, (), WrittenForms(REF), SLIPS)
        read = pysam.AlignedSegment(pysam.AlignmentHeader.from_references(["chr17"], [83_257_441]))
        read.reference_id, read.reference_start = 0, pos - 40
        read.query_sequence = REF.bases(pos - 39, pos) + text[:8] + REF.bases(pos + 1, pos + 40)
        read.cigartuples = [(0, 40), (1, 8), (0, 40)]
        (laid,) = straightener.straight([read])
        assert laid.cigartuples == [(0, 40), (1, 7), (0, 40)]

"""Changes that the aligner clipped are found again, with their fraction."""

from __future__ import annotations

import random
from pathlib import Path

import pysam
import pytest
from bam_files import REF, RESOURCES, Laid, with_errors, write_laid

from tp53annot.calling.caller import Caller
from tp53annot.calling.clusters import Cluster
from tp53annot.calling.fragments import shares
from tp53annot.calling.pileup import ReadChange
from tp53annot.calling.realignment import realign
from tp53annot.core.allele import Allele, Build
from tp53annot.names.normalisation import normalise
from tp53annot.reads.read_table import table_of_reads
from tp53annot.reads.source import ReadsSource

RULES = RESOURCES.rules.calling
POS, READ, PLACED = 7675140, 100, 20


def carrier(offset: int, new: str, gone: int) -> Laid | None:
    """A read from ``POS - 400 + offset`` with the change; the shorter side is clipped, as bwa does.

    Where it has too little of either side to be placed there is none.
    """
    haplotype = REF.bases(POS - 400, POS) + new + REF.bases(POS + gone + 1, POS + gone + 600)
    bases, before = haplotype[offset : offset + READ], 401 - offset
    after = READ - before - len(new)
    if before >= READ:
        return POS - 400 + offset, bases, [(0, READ)]
    if max(before, after) < PLACED:
        return None
    if before <= 0:
        clip = max(before + len(new), 0)
        start = POS + gone + 1 + max(-(before + len(new)), 0)
        return start, bases, [(4, clip), (0, READ - clip)] if clip else [(0, READ)]
    if before >= after:
        return POS - 400 + offset, bases, [(0, before), (4, READ - before)]
    return POS + gone + 1, bases, [(4, READ - after), (0, after)]


def clipped_bam(path: Path, new: str, gone: int, vaf: float, error: float = 0.0) -> Path:
    """At every place 20 molecules begin, as many with the change as the VAF asks for."""
    rng = random.Random(3)
    reads: list[Laid] = []
    for offset in range(500 + len(new)):
        start = POS - 400 + offset
        plain: Laid = (start, REF.bases(start, start + READ - 1), [(0, READ)])
        for n in range(20):
            read = carrier(offset, new, gone) if n < 20 * vaf else plain
            if read:
                reads.append((read[0], with_errors(read[1], error, rng), read[2]))
    return write_laid(path, reads)


def bases(size: int) -> str:
    return "".join(random.Random(size).choices("ACGT", k=size))


@pytest.mark.parametrize(("new", "gone"), [
    ("GATTACAGATTCCATTGACC", 0), ("GATTACAGATTCCATTGACCTTGGAACCATGCATGACCTT", 0), (REF.bases(POS - 17, POS), 0),
    (REF.bases(POS - 44, POS), 0), ("", 30), ("", 50), ("GGTTCCAATG", 14),
    (bases(75), 0), (bases(120), 0), (bases(90), 25),
], ids=["ins20", "ins40", "dup18", "dup45", "del30", "del50", "delins", "ins75", "ins120", "long delins"])  # fmt: skip
@pytest.mark.parametrize("error", [0.0, 0.005, 0.02])
@pytest.mark.parametrize("vaf", [0.05, 0.3])
def test_clipped_change_is_one_call(tmp_path: Path, new: str, gone: int, vaf: float, error: float) -> None:
    path = clipped_bam(tmp_path / "a.bam", new, gone, vaf, error)
    pileup = ReadsSource(path, REF, RULES).pileup(7669600, 7676700)
    (found,) = [c for c in Caller(pileup, REF, RULES).calls() if not c.reasons]
    ref = REF.bases(POS, POS + gone)
    assert found.allele == normalise(Allele(pos=POS, ref=ref, alt=ref[0] + new), REF)
    assert found.support.vaf == pytest.approx(vaf, rel=0.1)


def test_short_ends_behind_a_duplication_are_no_deletion(tmp_path: Path) -> None:
    """The bases behind the first copy are those of its beginning but for two, which an aligner deletes."""
    site, size, before = 7676089, 51, 400
    copied = REF.bases(site + 1, site + size)
    haplotype = REF.bases(site - before, site + size) + copied + REF.bases(site + size + 1, site + 600)
    reads: list[Laid] = []
    for offset in range(500 + size):
        start = site - before + offset
        plain: Laid = (start, REF.bases(start, start + READ - 1), [(0, READ)])
        reads += [plain, (start, haplotype[offset : offset + READ], [(0, READ)])] * 10
    deletion, duplication = ReadChange(site + size - 1, "GGT", "G"), ReadChange(site, "A", f"A{copied}")
    cluster = Cluster.of({deletion: 567, duplication: 71}, (), RULES.haplotype.flank)
    with pysam.AlignmentFile(str(write_laid(tmp_path / "a.bam", reads))) as source:
        table = table_of_reads(source.fetch("chr17"), cluster, 0, RULES, 20)
    found = shares(cluster, table, REF, RULES.haplotype)
    assert sum(found[deletion].alt) == 0
    assert found[duplication].vaf == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("gap", [-14, -9, 9, 14])
def test_neighbouring_changes_beside_an_insertion_stay_one_event(tmp_path: Path, gap: int) -> None:
    new, reads = "GATT", []
    plain = list(REF.bases(POS - 400, POS + 400))
    at = 400 + gap
    swapped = "".join("G" if b != "G" else "T" for b in plain[at : at + 2])
    carried = [*plain[:at], *swapped, *plain[at + 2 :]]
    carried[400] += new  # after POS
    haplotype = "".join(carried)
    for offset in range(290, 415):
        head = 401 - offset
        for n in range(40):
            if n < 4 and 15 <= head <= READ - len(new) - 15:
                laid: Laid = (POS - 400 + offset, haplotype[offset : offset + READ],
                              [(0, head), (1, len(new)), (0, READ - len(new) - head)])  # fmt: skip
            else:
                laid = (POS - 400 + offset, "".join(plain[offset : offset + READ]), [(0, READ)])
            reads.append(laid)
    path = write_laid(tmp_path / "a.bam", reads)
    called = [
        c
        for c in Caller(ReadsSource(path, REF, RULES).pileup(7669600, 7676700), REF, RULES).calls()
        if not c.reasons
    ]
    wanted = [
        normalise(Allele(pos=POS, ref=plain[400], alt=plain[400] + new), REF),
        Allele(pos=POS + gap, ref="".join(plain[at : at + 2]), alt=swapped),
    ]
    assert {c.allele for c in called} == set(wanted)
    assert all(
        0.06 < (c.support.vaf or 0) < 0.12 for c in called
    )  # no read shows them within 15 bases of its end


def test_an_amplicon_that_begins_within_a_duplication_tells_nothing_of_it(tmp_path: Path) -> None:
    copied = REF.bases(POS + 1, POS + 40)
    first, behind = POS - 60, REF.bases(POS + 1, POS + 120)
    other = (first, REF.bases(first, POS) + copied + behind[:99], [(0, 61), (1, 40), (0, 99)])
    plain = (first, REF.bases(first, POS) + behind, [(0, 181)])
    beside = (POS + 25, REF.bases(POS + 25, POS + 144), [(0, 120)])
    path = write_laid(tmp_path / "a.bam", [other] * 60 + [plain] * 140 + [beside] * 500)
    (found,) = [
        c
        for c in Caller(ReadsSource(path, REF, RULES).pileup(7669600, 7676700), REF, RULES).calls()
        if not c.reasons
    ]
    assert len(found.allele.alt) == 41
    assert found.support.vaf == pytest.approx(0.3, abs=0.01)


def test_what_cannot_be_explained_stays_clipped() -> None:
    rules = RULES.realign
    head = REF.bases(POS - 60, POS)
    adapter = "AGATCGGAAGAGCACACGTCTGAACTCCAGTCACATTG"
    cigar = ((0, 61), (4, len(adapter)))
    assert realign(POS - 60, cigar, head + adapter, REF, rules) == (POS - 60, cigar)
    intron = REF.bases(POS + 83, POS + 120)  # beyond max_deletion: a splice, not a deletion
    cigar = ((0, 61), (4, len(intron)))
    assert realign(POS - 60, cigar, head + intron, REF, rules) == (POS - 60, cigar)
    short = ((0, 61), (4, 5))
    assert realign(POS - 60, short, head + "TTTTT", REF, rules) == (POS - 60, short)


def test_a_deletion_before_the_window_covers_nothing_in_it(tmp_path: Path) -> None:
    start = 7669500
    length = REF.builds[Build.GRCH38].length
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr17", "LN": length}]}
    path = tmp_path / "a.bam"
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        read = pysam.AlignedSegment(out.header)
        read.query_name, read.reference_id, read.reference_start = "r", 0, start - 1
        read.mapping_quality, read.cigartuples = 60, [(0, 40), (2, 5), (0, 100)]
        read.query_sequence = REF.bases(start, start + 39) + REF.bases(start + 45, start + 144)
        read.query_qualities = pysam.qualitystring_to_array("I" * 140)
        out.write(read)
    pysam.index(str(path))
    found = ReadsSource(path, REF, RULES).pileup(start + 100, 7676700)
    assert int(found.depth.sum()) == 45
    assert found.depth[:46].tolist() == [1] * 45 + [0]

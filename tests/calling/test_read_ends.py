"""Ends of reads at splice sites: laid where their bases belong, whatever the aligner made of them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from bam_files import MAIN, REF, RESOURCES

from tp53annot.calling.cigar import Cigar
from tp53annot.calling.splicing.counts import JunctionCounts
from tp53annot.calling.splicing.events import splicing_events
from tp53annot.calling.splicing.junctions import Junction, KnownJunctions
from tp53annot.calling.splicing.read_ends import LaidRead, ReadEnds

RULES = RESOURCES.rules.calling.splicing
KNOWN = KnownJunctions(REF)
ENDS = ReadEnds(REF, KNOWN, (), RULES)
# Exon 5 ends (in the file's direction) before intron 4; behind that lies exon 4.
INTRON = KNOWN.main[3]
EDGE, BEHIND = INTRON.first - 1, INTRON.last + 1


def spliced(before: int, behind: int) -> str:
    return REF.bases(EDGE - before + 1, EDGE) + REF.bases(BEHIND, BEHIND + behind - 1)


def aligned(before: int, behind: int) -> dict[str, tuple[int, Cigar]]:
    """A read over the junction, as aligners lay it."""
    size, start = before + behind, EDGE - before + 1
    return {
        "joined": (start, ((0, before), (3, INTRON.size), (0, behind))),
        "run on": (start, ((0, size),)),
        "clipped": (start, ((0, before), (4, behind))),
        "clipped early": (start, ((0, before - 4), (4, behind + 4))),
        "run on from the right": (BEHIND - before, ((0, size),)),
        "clipped on the left": (BEHIND, ((4, before), (0, behind))),
    }


@pytest.mark.parametrize(("before", "behind"), [(40, 8), (8, 40), (30, 30), (12, 25)])
def test_whatever_the_aligner_did_the_read_lies_on_the_transcript(before: int, behind: int) -> None:
    wanted = LaidRead(EDGE - before + 1, ((0, before), (3, INTRON.size), (0, behind)))
    for start, cigar in aligned(before, behind).values():
        assert ENDS.laid(start, cigar, spliced(before, behind)) == wanted


@pytest.mark.parametrize("behind", [1, 3, 5])
def test_an_end_too_short_to_tell_is_cut_off(behind: int) -> None:
    for name in ("joined", "run on", "clipped"):
        start, cigar = aligned(50, behind)[name]
        assert ENDS.laid(start, cigar, spliced(50, behind)) == LaidRead(start, ((0, 50),), 0, behind)
        # So it is where the bases are those of the intron.
        intron = REF.bases(start, EDGE + behind)
        assert ENDS.laid(start, cigar, intron) == LaidRead(start, ((0, 50),), 0, behind)


def test_bases_of_the_intron_stay_there_and_are_taken_back_where_they_were_joined() -> None:
    start, size = EDGE - 39, 52
    bases = REF.bases(start, start + size - 1)
    plain = LaidRead(start, ((0, size),))
    assert ENDS.laid(start, ((0, size),), bases) == plain
    assert ENDS.laid(start, ((0, 40), (3, INTRON.size), (0, 12)), bases) == plain


@pytest.mark.parametrize("at", range(8))
def test_a_change_beside_the_splice_site_keeps_its_read_on_the_transcript(at: int) -> None:
    bases = spliced(50, 14)
    changed = bases[: 50 + at] + {"A": "C", "C": "G", "G": "T", "T": "A"}[bases[50 + at]] + bases[51 + at :]
    for name in ("joined", "run on", "clipped"):
        start, cigar = aligned(50, 14)[name]
        assert ENDS.laid(start, cigar, changed).cigar == ((0, 50), (3, INTRON.size), (0, 14))


def test_what_fits_neither_intron_nor_exon_is_clipped() -> None:
    rng = random.Random(3)
    start, foreign = EDGE - 49, "".join(rng.choices("ACGT", k=20))
    found = ENDS.laid(start, ((0, 70),), REF.bases(start, EDGE) + foreign)
    assert found == LaidRead(start, ((0, 50), (4, 20)))
    kept = ((0, 50), (4, 20))
    assert ENDS.laid(start, kept, REF.bases(start, EDGE) + foreign) == LaidRead(start, kept)


def test_an_end_over_a_short_exon_goes_on_behind_it() -> None:
    upstream, short = MAIN.model.exons[1], MAIN.model.exons[2]  # exon 3 has 22 bases
    last = MAIN.model.exons[3][1]
    bases = REF.bases(last - 39, last) + REF.bases(*short) + REF.bases(upstream[0], upstream[0] + 9)
    wanted = ((0, 40), (3, short[0] - last - 1), (0, 22), (3, upstream[0] - short[1] - 1), (0, 10))
    assert ENDS.laid(last - 39, ((0, 40), (4, 32)), bases) == LaidRead(last - 39, wanted)
    assert ENDS.laid(last - 39, ((0, 72),), bases) == LaidRead(last - 39, wanted)


def test_reads_away_from_splice_sites_are_not_looked_at() -> None:
    low, high = MAIN.model.exons[5]
    assert not ENDS.concerned(low + 5, ((0, high - low - 10),))
    assert ENDS.concerned(low - 3, ((0, 60),)) and ENDS.concerned(high - 57, ((0, 60),))
    start, cigar = aligned(30, 30)["joined"]
    assert not ENDS.concerned(start, cigar)


def test_a_gap_lies_in_its_known_place_wherever_its_bases_fit_alike() -> None:
    for junction in KNOWN.main:
        assert KNOWN.settled(*junction) == junction and KNOWN.canonical(junction)
        right = REF.bases(junction.first, junction.first) == REF.bases(junction.last + 1, junction.last + 1)
        moved = Junction(junction.first + 1, junction.last + 1)
        assert (KNOWN.settled(*moved) == junction) is right
    assert KNOWN.within_exon(Junction(*MAIN.model.exons[4])) and not KNOWN.within_exon(KNOWN.main[3])


# events ------------------------------------------------------------------------------------


def counts(
    junctions: dict[Junction, int], stretches: list[tuple[int, int, int]] | None = None
) -> JunctionCounts:
    return JunctionCounts(
        junctions=junctions, stretches=np.array(stretches or [], np.int64).reshape(-1, 3), anchor=RULES.anchor
    )


def plain(reads: int = 100) -> dict[Junction, int]:
    return dict.fromkeys(KNOWN.main, reads)


def events(found: JunctionCounts) -> list[tuple[str, tuple[str, ...], str | None, int, int]]:
    listed = splicing_events(found, KNOWN, MAIN, RULES)
    return [(e.event, e.exons, e.hgvs_r, e.reads, e.of) for e in listed]


def test_known_transcripts_show_no_event() -> None:
    isoforms = {j: 40 for j in KNOWN.reviewed - set(KNOWN.main) if j.last - j.first < 3000}
    skips = Junction(KNOWN.main[5].first, KNOWN.main[4].last)
    isoforms.pop(skips, None)
    assert events(counts(plain() | isoforms)) == []


def test_a_skipped_exon_is_listed_though_some_transcript_skips_it() -> None:
    skip = Junction(KNOWN.main[5].first, KNOWN.main[4].last)
    assert skip in KNOWN.all
    used = plain() | {KNOWN.main[4]: 80, KNOWN.main[5]: 80, skip: 20}
    assert events(counts(used)) == [("exon_skipped", ("6",), "r.560_672del", 20, 100)]
    assert events(counts(plain() | {skip: RULES.list_reads - 1})) == []
    assert events(counts(plain(1000) | {skip: 20})) == []  # less than the share that is listed


def test_new_splice_sites_and_those_of_ensembl_alone() -> None:
    within = Junction(7675216, KNOWN.main[3].last)
    assert within in KNOWN.all - KNOWN.reviewed
    assert events(counts(plain() | {within: 25})) == [("novel_junction", ("4", "5"), "r.376_396del", 25, 125)]
    untranslated = Junction(KNOWN.main[0].first, KNOWN.main[0].last - 500)
    assert events(counts(plain() | {untranslated: 50})) == []


def test_an_intron_is_retained_where_more_molecules_keep_it_than_the_others() -> None:
    def over(intron: Junction, molecules: range) -> list[tuple[int, int, int]]:
        return [(intron.first - 30, intron.last + 30, n) for n in molecules]

    kept = KNOWN.main[7]
    assert events(counts(plain(), over(kept, range(25)))) == [
        ("intron_retained", ("8", "9"), "r.919_920ins[919+1_920-1]", 25, 125)
    ]
    everywhere = [s for n, j in enumerate(KNOWN.main) for s in over(j, range(100 * n, 100 * n + 25))]
    assert events(counts(plain(), everywhere)) == []  # unspliced RNA
    one_edge = [(kept.first - 30, kept.first + 30, n) for n in range(25)]
    assert events(counts(plain(), one_edge)) == []
    assert events(counts(plain(), over(KNOWN.main[1], range(25)))) == []  # p53 delta 40 keeps intron 2


def test_an_exon_within_an_intron_is_named_by_both_its_junctions() -> None:
    whole = KNOWN.main[3]
    low = next(
        p
        for p in range(whole.first + 100, whole.last - 300)
        if KNOWN.canonical(Junction(whole.first, p - 1)) and KNOWN.canonical(Junction(p + 61, whole.last))
    )
    downstream, upstream = Junction(whole.first, low - 1), Junction(low + 61, whole.last)
    found = events(counts(plain(70) | {downstream: 30, upstream: 30}))
    assert [e[0] for e in found] == ["novel_junction", "novel_junction"]
    assert {e[2] for e in found} == {"r.375_376ins[376-271_376-211]"}
    (alone,) = events(counts(plain(70) | {downstream: 30}))
    assert alone[2] is None  # one junction does not tell how far the intron is kept
    run_on = [(whole.last - 30, whole.last + 30, n) for n in range(30)]
    (told,) = events(counts(plain(70) | {downstream: 30}, run_on))
    assert told[2] == "r.375_376ins[375+1_376-211]"

"""Long deletions, duplications and insertions by the clips at their breakpoints, and clips that nothing explains."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pysam
import pytest
from bam_files import REF, RESOURCES, Laid, write_laid

from tp53annot.calling.breakpoints.continuation import continuation, is_intron, reversed_continuation
from tp53annot.calling.breakpoints.unexplained import unexplained_piles
from tp53annot.calling.caller import Caller, ReadCall
from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.core.allele import Allele, Build
from tp53annot.names.normalisation import normalise
from tp53annot.names.transcript import reverse_complement
from tp53annot.reads import evidence
from tp53annot.reads.hinted.clip_doubts import clip_remarks, doubtful_stretches
from tp53annot.reads.source import ReadsSource

RULES = RESOURCES.rules.calling
READ, PLACED, BESIDE = 100, 30, 300
SITE = 7675140  # in exon 5
# A stretch of the reference: first and last GRCh38 position, and whether it is reversed; or bases of their own.
Piece = tuple[int, int, bool] | str


def text_of(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    first, last, turned = piece
    return reverse_complement(REF.bases(first, last)) if turned else REF.bases(first, last)


def laid(pieces: Sequence[Piece]) -> list[Laid]:
    """Every read of a molecule made of these pieces, laid by the piece that it has most of, the rest clipped."""
    text = "".join(map(text_of, pieces))
    found: list[Laid] = []
    for offset in range(len(text) - READ + 1):
        at, best = 0, (0, 0, 0)
        for piece in pieces:
            size = len(text_of(piece))
            begin, end = max(at, offset), min(at + size, offset + READ)
            if not isinstance(piece, str) and not piece[2] and end - begin > best[0]:
                best = (end - begin, begin - offset, piece[0] + begin - at)
            at += size
        size, before, first = best
        if size >= PLACED:
            cigar = [(4, before), (0, size), (4, READ - before - size)]
            found.append((first, text[offset : offset + READ], [(op, n) for op, n in cigar if n]))
    return found


def hardened(reads: Sequence[Laid]) -> list[Laid]:
    """The same reads whose clips are hard: the clipped bases are gone."""
    found = []
    for first, bases, cigar in reads:
        left, right = (n if op == 4 else 0 for op, n in (cigar[0], cigar[-1]))
        kept = [(5 if op == 4 else op, n) for op, n in cigar]
        found.append((first, bases[left : len(bases) - right], kept))
    return found


def molecules(
    path: Path, pieces: Sequence[Piece], low: int, high: int, share: float, depth: int = 5, hard: bool = False
) -> Pileup:
    """At every place ``depth`` molecules of the reference and of these pieces begin, in that share; clips may be hard."""
    whole: list[Laid] = laid([(low, high, False)])
    other, twenty = hardened(laid(pieces)) if hard else laid(pieces), round(20 * share)
    reads = [
        read
        for n in range(depth)
        for k in range(20)
        for read in (other if k < twenty else whole)[n * 20 + k :: 20 * depth]
    ]
    reads += [read for k in range(4 * depth) for read in (other if k < 4 * depth * share else whole)]
    return ReadsSource(write_laid(path, reads), REF, RULES).pileup(7669600, 7676700)


def called(pileup: Pileup) -> list[ReadCall]:
    return [c for c in Caller(pileup, REF, RULES).calls() if not c.reasons]


def doubts(pileup: Pileup) -> list[tuple[int, int]]:
    return doubtful_stretches(pileup, RESOURCES, 0.05)


def novel(size: int, seed: int = 1) -> str:
    return "".join(random.Random(seed).choices("ACGT", k=size))


@pytest.mark.parametrize("size", [76, 120, 300, 801])
@pytest.mark.parametrize("new", ["", "GATTACCA"])
def test_a_long_deletion_is_called(tmp_path: Path, size: int, new: str) -> None:
    low, high = SITE - BESIDE, SITE + size + BESIDE
    pileup = molecules(
        tmp_path / "a.bam", [(low, SITE, False), new, (SITE + size + 1, high, False)], low, high, 0.25
    )
    (found,) = called(pileup)
    ref = REF.bases(SITE, SITE + size)
    assert found.allele == normalise(Allele(pos=SITE, ref=ref, alt=ref[0] + new), REF)
    assert found.support.vaf == pytest.approx(0.25, abs=0.03)
    assert not doubts(pileup)


@pytest.mark.parametrize("size", [160, 300, 801])
def test_a_long_duplication_is_called(tmp_path: Path, size: int) -> None:
    low, high = SITE - BESIDE, SITE + size + BESIDE
    pieces: list[Piece] = [(low, SITE + size, False), (SITE + 1, high, False)]
    pileup = molecules(tmp_path / "a.bam", pieces, low, high, 0.25)
    (found,) = called(pileup)
    base = REF.bases(SITE, SITE)
    assert found.allele == normalise(
        Allele(pos=SITE, ref=base, alt=base + REF.bases(SITE + 1, SITE + size)), REF
    )
    assert found.support.vaf == pytest.approx(0.25, abs=0.03)
    assert not doubts(pileup)


def test_a_copy_from_elsewhere_is_one_insertion(tmp_path: Path) -> None:
    """Each of its two junctions alone would be a deletion or a duplication."""
    low, high, copy = 7673900, SITE + BESIDE, (7674200, 7674350, False)
    pileup = molecules(
        tmp_path / "a.bam", [(low, SITE, False), copy, (SITE + 1, high, False)], low, high, 0.25
    )
    (found,) = called(pileup)
    base = REF.bases(SITE, SITE)
    assert found.allele == normalise(Allele(pos=SITE, ref=base, alt=base + text_of(copy)), REF)
    assert found.support.vaf == pytest.approx(0.25, abs=0.04)
    assert not doubts(pileup)


def test_hard_clips_that_nothing_explains_block(tmp_path: Path) -> None:
    """What follows a hard clip is not in the file, so that a long event is not called, and not called absent."""
    low, high, size = SITE - BESIDE, SITE + 76 + BESIDE, 76
    pieces: list[Piece] = [(low, SITE, False), (SITE + size + 1, high, False)]
    soft = molecules(tmp_path / "a.bam", pieces, low, high, 0.25)
    hard = molecules(tmp_path / "b.bam", pieces, low, high, 0.25, hard=True)
    assert called(soft) and not doubts(soft) and not called(hard)
    assert doubts(hard) == [(SITE, SITE + 1), (SITE + size, SITE + size + 1)]
    texts = [flag.text for flag in clip_remarks(hard, Build.GRCH38, RESOURCES, 0.05)]
    assert len(texts) == 2 and all("clipped hard" in text for text in texts)
    whole = molecules(tmp_path / "c.bam", [(low, high, False)], low, high, 0.25)
    assert not doubts(whole)


def add_loose(path: Path, texts: Sequence[str], *, placed: bool) -> None:
    """Write reads aligned nowhere into a BAM, in either direction, with their mates or behind all others."""
    with pysam.AlignmentFile(str(path)) as source:
        header, known = source.header, list(source)
    for number, text in enumerate(texts):
        read = pysam.AlignedSegment(header)
        read.query_name, read.flag = f"n{number}", 1 | 4 | (64 if placed else 8)
        read.query_sequence = text if number % 2 else reverse_complement(text)
        read.query_qualities = pysam.qualitystring_to_array("I" * len(text))
        if placed:
            read.reference_id = read.next_reference_id = 0
            read.reference_start = read.next_reference_start = SITE - BESIDE
        known.append(read)
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for read in sorted(known, key=lambda r: (r.reference_id < 0, r.reference_start)):
            out.write(read)
    pysam.index(str(path))


@pytest.mark.parametrize("placed", [True, False])
def test_an_insertion_longer_than_clips_reach_is_put_together(tmp_path: Path, placed: bool) -> None:
    low, high, new = SITE - BESIDE, SITE + BESIDE, novel(900)
    pieces: list[Piece] = [(low, SITE, False), new, (SITE + 1, high, False)]
    assert not called(molecules(tmp_path / "a.bam", pieces, low, high, 0.25))
    add_loose(tmp_path / "a.bam", [new[at : at + READ] for at in range(0, len(new) - READ, 9)], placed=placed)
    pileup = ReadsSource(tmp_path / "a.bam", REF, RULES).pileup(7669600, 7676700)
    (found,) = called(pileup)
    base = REF.bases(SITE, SITE)
    assert found.allele == normalise(Allele(pos=SITE, ref=base, alt=base + new), REF)
    assert found.support.vaf == pytest.approx(0.25, abs=0.03)
    assert not doubts(pileup)


@pytest.mark.parametrize("placed", [True, False])
@pytest.mark.parametrize("form", ["SAM", "CRAM", "BAM without index"])
def test_an_insertion_is_put_together_whatever_the_container(tmp_path: Path, form: str, placed: bool) -> None:
    low, high, new = SITE - BESIDE, SITE + BESIDE, novel(900)
    molecules(tmp_path / "a.bam", [(low, SITE, False), new, (SITE + 1, high, False)], low, high, 0.25)
    add_loose(tmp_path / "a.bam", [new[at : at + READ] for at in range(0, len(new) - READ, 9)], placed=placed)
    indexed = ReadsSource(tmp_path / "a.bam", REF, RULES).pileup(7669600, 7676700)
    other = tmp_path / {"SAM": "a.sam", "CRAM": "a.cram", "BAM without index": "b.bam"}[form]
    options = {"SAM": ["-h"], "CRAM": ["-C", "--output-fmt-option", "no_ref=1"], "BAM without index": ["-b"]}
    pysam.view(*options[form], "-o", str(other), str(tmp_path / "a.bam"), catch_stdout=False)
    if form == "CRAM":
        pysam.index(str(other))
    found = called(ReadsSource(other, REF, RULES).pileup(7669600, 7676700))
    assert [c.allele for c in found] == [c.allele for c in called(indexed)] != []


def test_reads_aligned_nowhere_that_lead_to_no_other_side_change_nothing(tmp_path: Path) -> None:
    low, high, new = SITE - BESIDE, SITE + BESIDE, novel(900)
    pieces: list[Piece] = [(low, SITE, False), new, (SITE + 1, high, False)]
    molecules(tmp_path / "a.bam", pieces, low, high, 0.25)
    half = [new[at : at + READ] for at in range(0, 450, 9)]
    other = novel(2000, 2)
    add_loose(tmp_path / "a.bam", [*half, *(other[at : at + READ] for at in range(0, 1900, 9))], placed=True)
    pileup = ReadsSource(tmp_path / "a.bam", REF, RULES).pileup(7669600, 7676700)
    assert not called(pileup)
    assert doubts(pileup)


@pytest.mark.parametrize("pieces", [
    [(SITE - BESIDE, SITE, False), novel(600), (SITE + 1, SITE + BESIDE, False)],
    [(SITE - BESIDE, SITE, False), novel(400)],
    [(SITE - BESIDE, SITE - 100, False), (SITE - 99, SITE, True), (SITE + 1, SITE + BESIDE, False)],
], ids=["insertion", "no way back", "inversion"])  # fmt: skip
def test_what_is_not_resolved_is_not_assessed(tmp_path: Path, pieces: Sequence[Piece]) -> None:
    low, high = SITE - BESIDE, SITE + BESIDE
    pileup = molecules(tmp_path / "a.bam", pieces, low, high, 0.25)
    assert not called(pileup)
    assert any(first <= SITE + 1 and last >= SITE for first, last in doubts(pileup))
    (text, *_) = (flag.text for flag in clip_remarks(pileup, Build.GRCH37, RESOURCES, 0.05))
    assert (
        "does not count as assessed" in text and f"chr17:{str(REF.to_build(SITE, Build.GRCH37))[:5]}" in text
    )
    # What is rarer than the threshold by far does not matter.
    assert not doubtful_stretches(pileup, RESOURCES, 0.9)


def test_an_inversion_around_exons_leaves_them_unassessed(tmp_path: Path) -> None:
    """Its ends lie in introns 4 and 6, and exons 5 and 6 between them."""
    first, last = 7674400, 7675300
    low, high = first - BESIDE, last + BESIDE
    pieces: list[Piece] = [(low, first, False), (first + 1, last, True), (last + 1, high, False)]
    pileup = molecules(tmp_path / "a.bam", pieces, low, high, 0.25)
    assert not called(pileup)
    assert any(a <= 7674859 and b >= 7675238 for a, b in doubts(pileup))
    assert any("inversion" in flag.text for flag in clip_remarks(pileup, Build.GRCH38, RESOURCES, 0.05))


def test_introns_that_are_gone_are_no_deletion(tmp_path: Path) -> None:
    """A processed copy of the gene in DNA."""
    exons = sorted(e for e in REF.main_transcript.exons if 7673600 < e[0] < 7675300)
    pieces: list[Piece] = [(a, b, False) for a, b in exons]
    low, high = exons[0][0], exons[-1][1]
    pileup = molecules(tmp_path / "a.bam", pieces, low, high, 0.25)
    assert not [c for c in called(pileup) if len(c.allele.ref) > 50]
    assert not doubts(pileup)


def test_clips_of_the_reference_itself_are_no_doubt(tmp_path: Path) -> None:
    """Primers that were clipped, not cut."""
    low, high = SITE - BESIDE, SITE + BESIDE
    whole = laid([(low, high, False)]) * 10
    trimmed: Laid = (SITE, REF.bases(SITE - 25, SITE + 74), [(4, 25), (0, 75)])
    pileup = ReadsSource(write_laid(tmp_path / "a.bam", whole + [trimmed] * 300), REF, RULES).pileup(
        7669600, 7676700
    )
    assert not called(pileup) and not doubts(pileup)


def test_the_reference_alone_has_neither_call_nor_doubt(tmp_path: Path) -> None:
    low, high = SITE - BESIDE, SITE + BESIDE
    pileup = molecules(tmp_path / "a.bam", [(low, high, False)], low, high, 0.5)
    assert (
        not called(pileup)
        and not pileup.piles
        and not list(unexplained_piles(pileup, REF, RULES.long_events, 0.01))
    )


@pytest.mark.parametrize("mirrored", [False, True])
def test_where_a_clip_goes_on(mirrored: bool) -> None:
    rules, first = RULES.long_events, 7674221
    text = REF.bases(first, first + 39)
    text, there = (text[::-1], first + 39) if mirrored else (text, first)
    found = continuation(f"GATC{text}", REF, rules, mirrored=mirrored)
    assert found is not None and abs(found.pos - there) + abs(found.skipped - 4) <= 2 * 4
    turned = reverse_complement(text)[::-1]
    back = reversed_continuation(turned, REF, rules, mirrored=not mirrored)
    assert back is not None and back.pos == there
    assert continuation(novel(40), REF, rules, mirrored=mirrored) is None


def test_an_intron_of_the_gene_is_known() -> None:
    (low, end), (start, _) = sorted(REF.main_transcript.exons)[3:5]
    intron = ReadChange(end, REF.bases(end, start - 1), REF.bases(end, end))
    assert is_intron(intron, REF, RULES.long_events.intron_slack)
    shorter = ReadChange(end, REF.bases(end, start - 9), REF.bases(end, end))
    assert low < end and not is_intron(shorter, REF, RULES.long_events.intron_slack)


def test_a_short_exon_between_two_introns_is_no_insertion() -> None:
    """RNA without skips: from exon 4 over the 22 bases of exon 3 to exon 2."""
    (_, end), (low, high), (start, _) = sorted(REF.main_transcript.exons)[-4:-1]
    ref = REF.bases(end, start - 1)
    spliced = ReadChange(end, ref, ref[0] + REF.bases(low, high))
    assert high - low == 21 and is_intron(spliced, REF, RULES.long_events.intron_slack)
    assert not is_intron(spliced._replace(pos=end - 8), REF, RULES.long_events.intron_slack)


@pytest.mark.parametrize("copied", [False, True])
def test_whole_exons_are_named(tmp_path: Path, copied: bool) -> None:
    """A deletion or a duplication from intron 6 to intron 4."""
    first, last = 7674700, 7675500
    low, high = first - BESIDE, last + BESIDE
    pieces: list[Piece] = (
        [(low, last, False), (first + 1, high, False)]
        if copied
        else [(low, first, False), (last + 1, high, False)]
    )
    molecules(tmp_path / "a.bam", pieces, low, high, 0.25)
    reads = evidence.read_reads(tmp_path / "a.bam", RESOURCES, fasta=None, assembly=None)
    caller = evidence.caller_of(reads, RESOURCES)
    candidates = evidence.candidates_of_reads(reads, "S", RESOURCES, caller)
    (flag,) = evidence.exon_remarks(candidates, RESOURCES)
    assert f"{'duplicated' if copied else 'deleted'} (5-6)" in flag.text and "VAF 0.2" in flag.text

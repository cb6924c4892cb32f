"""Reads that run into an adapter show the molecule alone."""

from __future__ import annotations

import pysam
import pytest
from bam_files import RESOURCES

from tp53annot.calling.cigar import Cigar
from tp53annot.reads.adapters import shown_by, without_adapter

RULES = RESOURCES.rules.calling.adapters
ADAPTER = "AGATCGGAAGAGCACACGTCTGAACTCC"
READ = "GGTTCAAGTC"


@pytest.mark.parametrize(("clip", "kept"), [
    (ADAPTER, ""), ("TTACGG" + ADAPTER, "TTACGG"), (ADAPTER[:5], ""), ("TTACGG" + ADAPTER[:7], "TTACGG"),
    (ADAPTER[1:], ""), (ADAPTER[2:12], ""), ("TTACGG" + ADAPTER[:2], "TTACGG" + ADAPTER[:2]), ("TTACGGCATT", "TTACGGCATT"), ("CTGTCTCTTATACACATCTGACG", ""),
], ids=["whole", "behind", "begun", "begun behind", "one aligned", "two aligned", "two bases", "none", "transposase"])  # fmt: skip
@pytest.mark.parametrize("reverse", [False, True])
def test_an_adapter_is_cut_off_the_end_that_was_read_last(clip: str, kept: str, reverse: bool) -> None:
    swap = str.maketrans("ACGT", "TGCA")
    size = len(clip)
    if reverse:
        clip, kept = clip.translate(swap)[::-1], kept.translate(swap)[::-1]
    bases = clip + READ if reverse else READ + clip
    whole: Cigar = ((4, size), (0, len(READ))) if reverse else ((0, len(READ)), (4, size))
    cigar, left, quality = without_adapter(whole, bases, "I" * len(bases), reverse, RULES)
    assert left == (kept + READ if reverse else READ + kept)
    assert quality == "I" * len(left)
    assert sum(n for _, n in cigar) == len(left)
    other = without_adapter(whole, bases, None, not reverse, RULES)
    assert other == (whole, bases, None)  # the other end begins the read: no adapter lies there


def test_a_single_base_shows_nothing() -> None:
    read = pysam.AlignedSegment()
    read.query_sequence, read.cigartuples = "A", [(0, 1)]
    assert shown_by(read, RULES) is None


@pytest.mark.parametrize(("flag", "start", "cigar", "mate", "size", "mate_cigar", "hidden"), [
    (83, 100, [(0, 10)], 101, -9, "10M", (0, 1)),  # reverse: its last base lies before the mate's first
    (83, 100, [(0, 10)], 101, -9, None, (0, 1)),
    (147, 100, [(0, 10)], 102, -9, "2S8M", (0, 0)),  # the mate begins clipped, at the same place
    (83, 101, [(4, 1), (0, 9)], 102, -8, "10M", (0, 2)),
    (99, 100, [(0, 10)], 100, 9, "1S9M", (1, 0)),  # forward: its last base lies behind the mate's first
    (163, 100, [(0, 10)], 99, 9, None, (1, 0)),
    (99, 100, [(0, 10)], 100, 10, "10M", (0, 0)),
    (99, 100, [(0, 10)], 105, 15, "10M", (0, 0)),
    (99, 100, [(0, 10)], 100, 8, "8M2S", (0, 0)),
    (83, 100, [(0, 10)], 106, -4, "10M", (0, 0)),  # further than any adapter is aligned: a duplication
    (81, 100, [(0, 10)], 500, 400, "10M", (0, 0)),
    (83, 100, [(4, 2), (0, 8)], 100, -8, "8M2S", (0, 2)),  # a clip behind the end that the mate begins at
    (99, 100, [(0, 8), (4, 2)], 100, 8, "2S8M", (2, 0)),
    (99, 100, [(0, 8), (4, 2)], 100, 8, "8M2S", (0, 0)),  # the mate's first bases are clipped there, too
    (99, 100, [(0, 8), (4, 2)], 100, 8, None, (0, 0)),
    (99, 100, [(0, 8), (4, 2)], 105, 13, "8M", (0, 0)),
    (65, 100, [(0, 10)], 99, 9, "10M", (0, 0)),  # both forward
    (73, 100, [(0, 10)], 100, 0, None, (0, 0)),  # mate unmapped
    (0, 100, [(0, 10)], -1, 0, None, (0, 0)),
    (83, 100, [(4, 10)], 101, -9, "*", (0, 0)),
])  # fmt: skip
def test_what_lies_past_the_mate_is_not_shown(
    flag: int, start: int, cigar: list[tuple[int, int]], mate: int, size: int, mate_cigar: str | None,
    hidden: tuple[int, int],
) -> None:  # fmt: skip
    read = pysam.AlignedSegment()
    read.flag, read.reference_id, read.next_reference_id = flag, 0, 0
    read.reference_start, read.next_reference_start, read.template_length = start, mate, size
    read.query_sequence, read.cigartuples = READ, cigar
    if mate_cigar:
        read.set_tag("MC", mate_cigar)
    right, left = hidden
    shown = shown_by(read, RULES)
    assert shown is not None
    assert shown.bases == READ[left : len(READ) - right]
    clip = cigar[0][1] if cigar[0][0] == 4 else 0
    assert shown.start == start + max(left - clip, 0)
    assert sum(n for _, n in shown.cigar) == len(shown.bases)


def test_more_bases_past_the_mate_are_an_adapters() -> None:
    read = pysam.AlignedSegment()
    read.flag, read.reference_id, read.next_reference_id = 99, 0, 0
    read.reference_start, read.next_reference_start, read.template_length = 100, 100, 10
    read.query_sequence, read.cigartuples = READ + ADAPTER[:4], [(0, 14)]
    assert shown_by(read, RULES) == (100, ((0, 10),), READ, None)

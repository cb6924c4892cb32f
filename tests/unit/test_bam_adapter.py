"""Reads that run into an adapter show the molecule alone."""

from __future__ import annotations

import pysam
import pytest
from bam_files import TOOLS

from tp53annot.bam_adapter import shown_by, without_adapter
from tp53annot.call_realign import Cigar

RULES = TOOLS.rules("calling")["adapters"]
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

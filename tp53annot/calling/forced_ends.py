"""Ends of reads that an aligner laid with mismatches because it does not clip."""

from __future__ import annotations

import numpy as np

from tp53annot.calling.arrays import Codes, Ints
from tp53annot.calling.cigar import MATCHES, SOFT_CLIP, Cigar, spanned
from tp53annot.knowledge.rules.reads.read_layout import EndRules

_BASES = 4  # codes below are bases


def clip_ends(start: int, cigar: Cigar, codes: Codes, reference: Codes, rules: EndRules) -> tuple[int, Cigar]:
    """Start and CIGAR with the ends clipped where the alignment scores better without them.

    Args:
        start: 0-based index of the first aligned base in ``reference``.
        cigar: the read's alignment.
        codes: the read's bases; any that is none of ACGT neither matches nor mismatches.
        reference: the reference's bases.
        rules: ``rules/calling.toml`` ``[ends]``.
    """
    if cigar[-1][0] in MATCHES:
        size = cigar[-1][1]
        end = start + spanned(cigar)
        kept = _kept(_scores(codes[len(codes) - size :], reference, end - size, rules), rules)
        if 0 < kept < size:
            cigar = (*cigar[:-1], (cigar[-1][0], kept), (SOFT_CLIP, size - kept))
    if cigar[0][0] in MATCHES:
        size = cigar[0][1]
        kept = _kept(_scores(codes[:size], reference, start, rules)[::-1], rules)
        if 0 < kept < size:
            cigar = ((SOFT_CLIP, size - kept), (cigar[0][0], kept), *cigar[1:])
            start += size - kept
    return start, cigar


def _scores(codes: Codes, reference: Codes, first: int, rules: EndRules) -> Ints:
    """What each base adds to the score; beyond the reference, nothing."""
    scores = np.zeros(len(codes), np.int64)
    a, b = max(-first, 0), min(len(reference) - first, len(codes))
    if a < b:
        expected, bases = reference[first + a : first + b], codes[a:b]
        mismatch = (bases < _BASES) & (expected < _BASES)
        scores[a:b] = np.where(expected == bases, 1, np.where(mismatch, -rules.mismatch, 0))
    return scores


def _kept(scores: Ints, rules: EndRules) -> int:
    """Bases up to the end of the best stretch; all of them unless the rest costs more than the penalty."""
    sums = np.cumsum(scores)
    lowest = np.minimum.accumulate(np.minimum(sums - scores, 0))  # the other end may be a bad one, too
    best = int((sums - lowest).argmax())
    return best + 1 if sums[best] - sums[-1] > rules.penalty else len(scores)

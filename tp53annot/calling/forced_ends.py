"""Ends of reads that an aligner laid with mismatches because it does not clip."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tp53annot.calling.realignment import Cigar, spanned
from tp53annot.knowledge.rules.read_layout import EndRules

Codes = npt.NDArray[np.uint8]
_SOFT, _MATCH = 4, (0, 7, 8)


def clip_ends(start: int, cigar: Cigar, codes: Codes, reference: Codes, rules: EndRules) -> tuple[int, Cigar]:
    """Start and CIGAR with the ends clipped where the alignment scores better without them.

    Args:
        start: 0-based index of the first aligned base in ``reference``.
        cigar: (operation, length) pairs.
        codes: the read's bases as 0..3 (4 for N, which neither matches nor mismatches).
        reference: the reference's bases as codes.
        rules: ``rules/calling.toml`` ``[ends]``: ``mismatch`` and ``penalty``, where a match scores 1.
    """
    if cigar[-1][0] in _MATCH:
        size = cigar[-1][1]
        end = start + spanned(cigar)
        kept = _kept(_scores(codes[len(codes) - size :], reference, end - size, rules), rules)
        if 0 < kept < size:
            cigar = (*cigar[:-1], (cigar[-1][0], kept), (_SOFT, size - kept))
    if cigar[0][0] in _MATCH:
        size = cigar[0][1]
        kept = _kept(_scores(codes[:size], reference, start, rules)[::-1], rules)
        if 0 < kept < size:
            cigar = ((_SOFT, size - kept), (cigar[0][0], kept), *cigar[1:])
            start += size - kept
    return start, cigar


def _scores(codes: Codes, reference: Codes, first: int, rules: EndRules) -> npt.NDArray[np.int64]:
    """What each base adds to the score; beyond the reference, nothing."""
    found = np.zeros(len(codes), np.int64)
    a, b = max(-first, 0), min(len(reference) - first, len(codes))
    if a < b:
        there, bases = reference[first + a : first + b], codes[a:b]
        found[a:b] = np.where(there == bases, 1, np.where((bases < 4) & (there < 4), -rules.mismatch, 0))
    return found


def _kept(scores: npt.NDArray[np.int64], rules: EndRules) -> int:
    """Bases up to the end of the best stretch; all of them unless the rest costs more than the penalty."""
    sums = np.cumsum(scores)
    lowest = np.minimum.accumulate(np.minimum(sums - scores, 0))  # the other end may be a bad one, too
    best = int((sums - lowest).argmax())
    return best + 1 if sums[best] - sums[-1] > rules.penalty else len(scores)

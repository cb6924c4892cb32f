"""Changes that an aligner wrote in pieces: an insertion and a deletion, mismatches beside one, mismatches in a row.

In each read the pieces become one replaced stretch, so that a delins is counted as itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tp53annot.calling.arrays import Bools, Codes
from tp53annot.calling.cigar import (
    DELETION,
    INSERTION,
    MATCH,
    MATCHES,
    ON_READ,
    ON_REFERENCE,
    SKIP,
    Cigar,
    spanned,
)
from tp53annot.knowledge.rules.reads.read_layout import ComplexRules


class _Piece(NamedTuple):
    """A mismatch or an indel of a read, or a stretch of such: where it lies on reference and read.

    Reference and read are counted from 0, half-open.
    """

    ref_start: int
    ref_end: int
    read_start: int
    read_end: int
    indel: bool


def merge_pieces(
    start: int,
    cigar: Cigar,
    codes: Codes,
    good: Bools,
    reference: Codes,
    rules: ComplexRules,
) -> Cigar:
    """The CIGAR with the pieces of one change as one deletion and one insertion.

    Args:
        start: 0-based index of the first aligned base in ``reference``.
        cigar: the read's alignment.
        codes: the read's bases.
        good: which of them have a quality that counts.
        reference: the reference's bases.
        rules: ``rules/calling.toml`` ``[complex]``.
    """
    stretches = _stretches(_pieces(start, cigar, codes, good, reference), rules)
    if not stretches:
        return cigar
    events: list[tuple[int, int, Cigar]] = [
        (
            s.ref_start,
            s.ref_end,
            ((DELETION, s.ref_end - s.ref_start), (INSERTION, s.read_end - s.read_start)),
        )
        for s in stretches
    ]
    return _rebuilt(start, cigar, sorted([*events, *_untouched(start, cigar, stretches)]))


def _pieces(start: int, cigar: Cigar, codes: Codes, good: Bools, reference: Codes) -> list[_Piece]:
    """Mismatches and indels of a read, from left to right."""
    r, q, pieces = start, 0, []
    for operation, size in cigar:
        if operation in MATCHES:
            a, b = max(r, 0), min(r + size, len(reference))
            if a < b:
                segment = slice(q + a - r, q + b - r)
                wrong = np.flatnonzero((codes[segment] != reference[a:b]) & good[segment])
                pieces += [
                    _Piece(at, at + 1, q + at - r, q + at - r + 1, False) for at in (a + wrong).tolist()
                ]
        elif operation == INSERTION:
            pieces.append(_Piece(r, r, q, q + size, True))
        elif operation == DELETION:
            pieces.append(_Piece(r, r + size, q, q, True))
        r += size * (operation in ON_REFERENCE)
        q += size * (operation in ON_READ)
    return pieces


def _stretches(pieces: Sequence[_Piece], rules: ComplexRules) -> list[_Piece]:
    """Stretches in which several pieces belong together."""
    groups = []
    for chain in _chained(pieces, rules.indel_gap):
        if any(piece.indel for piece in chain):
            groups += [chain] if len(chain) > 1 else []
        else:
            groups += [g for g in _chained(chain, rules.mismatch_gap) if len(g) >= rules.mismatches]
    return [_Piece(g[0].ref_start, g[-1].ref_end, g[0].read_start, g[-1].read_end, True) for g in groups]


def _chained(pieces: Sequence[_Piece], gap: int) -> list[list[_Piece]]:
    """Pieces with no more than ``gap`` bases between one and the next."""
    chains: list[list[_Piece]] = []
    for piece in pieces:
        if chains and piece.ref_start - chains[-1][-1].ref_end <= gap:
            chains[-1].append(piece)
        else:
            chains.append([piece])
    return chains


def _untouched(start: int, cigar: Cigar, stretches: Sequence[_Piece]) -> list[tuple[int, int, Cigar]]:
    """Insertions, deletions and skips outside every stretch: reference start, end, and themselves."""
    r = start
    found: list[tuple[int, int, Cigar]] = []
    for operation, size in cigar:
        end = r + size if operation in ON_REFERENCE else r
        inside = any(s.ref_start <= r and end <= s.ref_end for s in stretches)
        if operation in (INSERTION, DELETION, SKIP) and not inside:
            found.append((r, end, ((operation, size),)))
        r = end
    return found


def _rebuilt(start: int, cigar: Cigar, events: Sequence[tuple[int, int, Cigar]]) -> Cigar:
    """Matches between the events, clips as they were at both ends."""
    aligned = [i for i, (operation, _) in enumerate(cigar) if operation in (INSERTION, *ON_REFERENCE)]
    end = start + spanned(cigar)
    out, r = list(cigar[: aligned[0]]), start
    for first, last, operations in events:
        out += [(MATCH, first - r), *operations]
        r = last
    out += [(MATCH, end - r), *cigar[aligned[-1] + 1 :]]
    return tuple((operation, size) for operation, size in out if size)

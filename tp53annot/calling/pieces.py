"""Changes that an aligner wrote in pieces: an insertion and a deletion, or mismatches beside
one, or three mismatches in a row.

In each read the pieces become one replaced stretch, so that a delins is counted as itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tp53annot.knowledge.rules.read_layout import ComplexRules

Cigar = tuple[tuple[int, int], ...]
Codes = npt.NDArray[np.uint8]
_INS, _DEL, _SKIP, _SOFT, _MATCH = 1, 2, 3, 4, (0, 7, 8)
# A change in a read: reference start and end (0-based, half-open), read start and end, whether an indel.
Piece = tuple[int, int, int, int, bool]


def merge(
    start: int, cigar: Cigar, codes: Codes, qualities: Codes, reference: Codes, rules: ComplexRules,
    least: int,
) -> Cigar:  # fmt: skip
    """The CIGAR with pieces of one change as one deletion and insertion.

    Args:
        start: 0-based index of the first aligned base in ``reference``.
        cigar: (operation, length) pairs.
        codes: the read's bases as 0..3 (4 for N); ``qualities`` theirs.
        reference: the reference's bases as codes.
        rules: ``rules/calling.toml`` ``[complex]``: ``indel_gap``, ``mismatch_gap`` in bases,
            ``mismatches`` that make a change without an indel.
        least: lowest quality of a base that counts.
    """
    pieces = _pieces(start, cigar, codes, qualities >= least, reference)
    groups = _groups(pieces, rules)
    if not groups:
        return cigar
    events: list[tuple[int, int, Cigar]] = [
        (r0, r1, ((_DEL, r1 - r0), (_INS, q1 - q0))) for r0, r1, q0, q1 in groups
    ]
    events += [(r0, r1, ((op, n),)) for r0, r1, op, n in _kept(start, cigar, groups)]
    return _rebuild(start, cigar, sorted(events))


def _pieces(
    start: int, cigar: Cigar, codes: Codes, good: npt.NDArray[np.bool_], reference: Codes
) -> list[Piece]:
    r, q, found = start, 0, []
    for op, n in cigar:
        if op in _MATCH:
            a, b = max(r, 0), min(r + n, len(reference))
            if a < b:
                segment = slice(q + a - r, q + b - r)
                wrong = (codes[segment] != reference[a:b]) & good[segment]
                found += [(a + int(i), a + int(i) + 1, q + a - r + int(i), q + a - r + int(i) + 1, False)
                          for i in np.flatnonzero(wrong)]  # fmt: skip
            r, q = r + n, q + n
        elif op == _INS:
            found.append((r, r, q, q + n, True))
            q += n
        elif op == _DEL:
            found.append((r, r + n, q, q, True))
            r += n
        elif op == _SKIP:
            r += n
        elif op == _SOFT:
            q += n
    return found


def _groups(pieces: list[Piece], rules: ComplexRules) -> list[tuple[int, int, int, int]]:
    """Stretches (reference start, end, read start, end) in which the pieces belong together."""
    found = []
    for chain in _chained(pieces, rules.indel_gap):
        if any(p[4] for p in chain):
            found += [chain] if len(chain) > 1 else []
        else:
            groups = _chained(chain, rules.mismatch_gap)
            found += [g for g in groups if len(g) >= rules.mismatches]
    return [(g[0][0], g[-1][1], g[0][2], g[-1][3]) for g in found]


def _chained(pieces: list[Piece], gap: int) -> list[list[Piece]]:
    """Pieces with no more than ``gap`` bases between one and the next."""
    chains: list[list[Piece]] = []
    for piece in pieces:
        if chains and piece[0] - chains[-1][-1][1] <= gap:
            chains[-1].append(piece)
        else:
            chains.append([piece])
    return chains


def _kept(
    start: int, cigar: Cigar, groups: list[tuple[int, int, int, int]]
) -> list[tuple[int, int, int, int]]:
    """Insertions, deletions and skips outside every stretch: reference start, end, operation, length."""
    r, found = start, []
    for op, n in cigar:
        end = r + n if op in (_DEL, _SKIP, *_MATCH) else r
        if op in (_INS, _DEL, _SKIP) and not any(g[0] <= r and end <= g[1] for g in groups):
            found.append((r, end, op, n))
        r = end
    return found


def _rebuild(start: int, cigar: Cigar, events: list[tuple[int, int, Cigar]]) -> Cigar:
    """Matches between the events, clips as they were at both ends."""
    aligned = [i for i, (op, _) in enumerate(cigar) if op in (_INS, _DEL, _SKIP, *_MATCH)]
    end = start + sum(n for op, n in cigar if op in (_DEL, _SKIP, *_MATCH))
    out, r = list(cigar[: aligned[0]]), start
    for first, last, operations in events:
        out += [(_MATCH[0], first - r), *operations]
        r = last
    out += [(_MATCH[0], end - r), *cigar[aligned[-1] + 1 :]]
    return tuple((op, n) for op, n in out if n)

"""The consensus of a molecule's reads: each base by the qualities for and against it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tp53annot.calling.arrays import BASES

_LETTERS = np.frombuffer(BASES.encode(), np.uint8)
_UNKNOWN = ord("N")
_PHRED = 33


def consensus(
    bases: Sequence[str], qualities: Sequence[str], most_quality: int, *, from_right: bool
) -> tuple[str, str]:
    """Bases and qualities (a character a base, as of FASTQ) that reads of one molecule agree on.

    A base's quality is the sum of the qualities for it less that of those against it: where copies of a molecule
    disagree it is low, and the base does not count.

    Args:
        bases: of each read, laid out alike.
        qualities: of each.
        most_quality: highest quality of a base of the consensus.
        from_right: whether shorter reads lack bases on the left.
    """
    length = max(map(len, bases))
    pad = str.rjust if from_right else str.ljust
    rows = len(bases)
    text = np.frombuffer("".join(pad(b, length, "N") for b in bases).encode(), np.uint8)
    stated = np.frombuffer("".join(pad(q, length, "!") for q in qualities).encode(), np.uint8)
    codes, quality = text.reshape(rows, length), stated.reshape(rows, length).astype(np.int32) - _PHRED
    votes = np.stack([np.where(codes == letter, quality, 0).sum(axis=0) for letter in _LETTERS])
    best = votes.argmax(axis=0)
    most = votes[best, np.arange(length)]
    margin = np.clip(2 * most - votes.sum(axis=0), 0, most_quality)
    shown = np.where(most > 0, _LETTERS[best], _UNKNOWN).astype(np.uint8)
    return shown.tobytes().decode(), (margin + _PHRED).astype(np.uint8).tobytes().decode()

"""The bases on which texts that begin at one place agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest

from tp53annot.calling.arrays import BASES


def agreed(texts: Iterable[tuple[str, int]], fewest: int, share: float) -> str:
    """The common beginning.

    Args:
        texts: each with the number of reads that show it.
        fewest: reads that must reach a base.
        share: share (0..1) of them that must agree on it.
    """
    known = list(texts)
    found = []
    for column in zip_longest(*(text for text, _ in known)):
        votes: Counter[str] = Counter()
        for base, (_, reads) in zip(column, known, strict=True):
            if base is not None:
                votes[base] += reads
        base, most = max(votes.items(), key=lambda v: (v[1], v[0]))
        total = votes.total()
        if total < fewest or most < share * total or base not in BASES:
            break
        found.append(base)
    return "".join(found)

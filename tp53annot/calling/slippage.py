"""How often runs of one base and short repeats lose or gain units, by this sample's other runs."""

from __future__ import annotations

import re

import numpy as np
from msgspec import Struct

from tp53annot.calling.error_model import ErrorRate, drawn_rate
from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.knowledge.rules.reads.calling import ErrorModelRules


class _Run(Struct, frozen=True, kw_only=True):
    """One base repeated.

    Attributes:
        offset: of its first base in the pileup.
        length: bases.
        depth: fragments over it.
        lost: fragments that lost a base.
        gained: fragments that gained one.
    """

    offset: int
    length: int
    depth: int
    lost: int
    gained: int


class Slippage:
    """Rates of lost and gained units in runs long enough for polymerases to slip.

    Args:
        pileup: counts.
        sequence: the reference over it.
        model: ``rules/calling.toml`` ``[model]``.
    """

    def __init__(self, pileup: Pileup, sequence: str, model: ErrorModelRules) -> None:
        self._sequence, self._model, self._start = sequence, model, pileup.start
        depth = pileup.depth
        self._runs: dict[int, list[_Run]] = {}
        for match in re.finditer(rf"([ACGT])\1{{{model.homopolymer_length - 1},}}", sequence):
            first, end = match.span()
            over = int(depth[first:end].min())
            if over and first:
                pos, before, base = pileup.start + first - 1, sequence[first - 1], match[1]
                lost = pileup.indels.get(ReadChange(pos, before + base, before))
                gained = pileup.indels.get(ReadChange(pos, before, before + base))
                run = _Run(
                    offset=first,
                    length=end - first,
                    depth=over,
                    lost=lost.total if lost else 0,
                    gained=gained.total if gained else 0,
                )
                self._runs.setdefault(run.length, []).append(run)

    def rate(self, change: ReadChange) -> ErrorRate | None:
        """Errors per fragment that look like a change; ``None`` for what is no slippage."""
        pos, ref, alt = change
        if len(ref) == len(alt) or min(len(ref), len(alt)) > 1:
            return None
        text = (ref if len(ref) > len(alt) else alt)[1:]
        unit = next(text[:n] for n in range(1, len(text) + 1) if text[:n] * (len(text) // n) == text)
        first = end = pos + 1 - self._start
        while self._sequence.startswith(unit, end):
            end += len(unit)
        run, model = (end - first) // len(unit), self._model
        if run < (model.homopolymer_length if len(unit) == 1 else model.repeat_units):
            return None
        by_one = (
            self._of_length(run, first, gained=len(alt) > len(ref))
            if len(unit) == 1
            else ErrorRate(rate=model.repeat_slippage, spread=0.0)
        )
        further = model.slippage_step ** (len(text) // len(unit) - 1)
        return ErrorRate(rate=by_one.rate * further, spread=by_one.spread)

    def _of_length(self, length: int, offset: int, *, gained: bool) -> ErrorRate:
        """By the other runs of this length, without the highest: it may hold a variant."""
        model = self._model
        runs = [run for run in self._runs.get(length, ()) if run.offset != offset]
        counts = [(run.gained if gained else run.lost, run.depth) for run in runs]
        others = sorted(counts, key=lambda pair: pair[0] / pair[1])[:-1]
        stated = model.slippage * model.slippage_growth ** (length - model.homopolymer_length)
        seen, depth = np.array(others, float).reshape(-1, 2).T
        return drawn_rate(seen, depth, stated, model.slippage_fragments, model)

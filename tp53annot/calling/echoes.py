"""Changes that are a more frequent one with an error: a base beside it, or one of its own, misread."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.calling.arrays import BASES
from tp53annot.calling.error_model import ErrorRate, error_rates
from tp53annot.calling.pileup import Echo, Pileup, ReadChange
from tp53annot.core.allele import Allele
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.names.normalisation import normalise


def echoes(pileup: Pileup, reference: Reference, rules: CallingRules) -> dict[ReadChange, Echo]:
    """Changes of several bases that may be a more frequent one with an error, and how often that is expected.

    Args:
        pileup: counts as aligned.
        reference: the locus.
        rules: ``rules/calling.toml``.
    """
    misread, depth, found = _Misread(pileup, reference, rules), pileup.depth, {}
    least, share = rules.haplotype.fragments, rules.haplotype.share
    for change, count in misread.shown.items():
        if pileup.holds(change) and count >= max(least, share * int(depth[change.pos - pileup.start])):
            expected = list(misread.echoes(change, count))
            if expected:
                found[change] = max(expected, key=lambda echo: echo.expected)
    return found


class _Misread:
    """What the molecules of one change look like with a base misread. Arguments as of ``echoes``."""

    def __init__(self, pileup: Pileup, reference: Reference, rules: CallingRules) -> None:
        self.pileup, self.reference, self.rules = pileup, reference, rules
        self.shown, self._depth = pileup.shown, pileup.depth
        sequence = reference.bases(pileup.start, pileup.start + pileup.length - 1)
        self._rates = error_rates(pileup, sequence, rules.model)

    def echoes(self, change: ReadChange, count: int) -> Iterator[Echo]:
        """Of every more frequent change one base away; ``count``: fragments that show the change."""
        for other, error in _one_base_away(change, self.reference, self.rules.complex.indel_gap):
            often = self._single(other) if other.single_base else self.shown.get(other, 0)
            if often > count:
                rate = self._rates[error.ref, error.alt]
                if not change.net and self.pileup.holds(error):
                    rate = self._here(error, count, often, rate)
                yield Echo(expected=often * rate.rate, spread=rate.spread)

    def _here(self, error: ReadChange, count: int, often: int, rate: ErrorRate) -> ErrorRate:
        """The place itself may err more than its class; where it errs too often, it holds a change."""
        model = self.rules.model
        beside = max(self._single(error) - count, 0)
        without = max(int(self._depth[error.pos - self.pileup.start]) - often, 0)
        if beside >= model.background_vaf * without:
            return rate
        prior = model.background_depth
        here = (beside + prior * rate.rate) / (without + prior)
        return ErrorRate(rate=max(rate.rate, here), spread=rate.spread)

    def _single(self, change: ReadChange) -> int:
        """Fragments with a single base."""
        if not self.pileup.holds(change):
            return 0
        base, i = BASES.index(change.alt), change.pos - self.pileup.start
        return int(self.pileup.bases[:, base, i].sum())


def _one_base_away(
    change: ReadChange, reference: Reference, reach: int
) -> Iterator[tuple[ReadChange, ReadChange]]:
    """Changes whose sequence differs from a change's in one base, and the error that makes the one of the other.

    The error's position is a GRCh38 position where the change keeps the length.
    """
    pos, ref, alt = change
    first, last = pos - reach, pos + len(ref) + reach - 1
    if not reference.covers(first - 1, last + 1):
        return
    old = reference.bases(first, last)
    text = old[:reach] + alt + old[reach + len(ref) :]
    for at, shows in enumerate(text):
        for was in BASES:
            new = f"{text[:at]}{was}{text[at + 1 :]}"
            if was != shows and new != old:
                plain = normalise(Allele(pos=first, ref=old, alt=new), reference)
                yield ReadChange.of(plain), ReadChange(first + at, was, shows)

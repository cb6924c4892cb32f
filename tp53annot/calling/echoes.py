"""Changes that are a more frequent one with an error: a base beside it, or one of its own, misread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp53annot.calling.error_model import ErrorRate, error_rates
from tp53annot.calling.pileup import BASES, Change, Echo, Pileup
from tp53annot.core.allele import Allele
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.calling import CallingRules
from tp53annot.names.normalisation import normalise


def echoes(pileup: Pileup, reference: Reference, rules: CallingRules) -> dict[Change, Echo]:
    """What errors on the molecules of a more frequent change give of each longer change.

    Args:
        pileup: counts as aligned.
        reference: the locus.
        rules: ``rules/calling.toml``.
    """
    shown = pileup.shown
    sequence = reference.bases(pileup.start, pileup.start + pileup.length - 1)
    rates, depth, found = error_rates(pileup, sequence, rules.model), pileup.depth, {}
    few, share = rules.haplotype.fragments, rules.haplotype.share
    for change, count in shown.items():
        if not pileup.holds(change) or count < max(few, share * int(depth[change[0] - pileup.start])):
            continue
        expected = [
            Echo(expected=often * rate.rate, spread=rate.spread)
            for often, rate in _sources(change, count, shown, pileup, reference, rates, rules)
        ]
        if expected:
            found[change] = max(expected, key=lambda echo: echo.expected)
    return found


def _sources(
    change: Change, count: int, shown: Mapping[Change, int], pileup: Pileup, reference: Reference,
    rates: Mapping[tuple[str, str], ErrorRate], rules: CallingRules,
) -> Iterator[tuple[int, ErrorRate]]:  # fmt: skip
    """More frequent changes one base away: their fragments, and the rate of the error between."""
    model = rules.model
    for other, at, was, shows in _one_base_away(change, reference, rules.complex.indel_gap):
        often = _single(other, pileup) if len(other[1]) == len(other[2]) == 1 else shown.get(other, 0)
        if often <= count:
            continue
        rate = rates[was, shows]
        if len(change[1]) == len(change[2]) and pileup.holds((at, was, shows)):
            # The place itself may err more than its class; where it errs too often, it holds a change.
            beside = max(_single((at, was, shows), pileup) - count, 0)
            without = max(int(pileup.depth[at - pileup.start]) - often, 0)
            if beside < model.background_vaf * without:
                prior = model.background_depth
                here = (beside + prior * rate.rate) / (without + prior)
                rate = ErrorRate(rate=max(rate.rate, here), spread=rate.spread)
        yield often, rate


def _one_base_away(
    change: Change, reference: Reference, reach: int
) -> Iterator[tuple[Change, int, str, str]]:
    """Changes whose sequence differs in one base; the base's place, that base, and the one of ``change``.

    The place is a GRCh38 position where the change keeps the length.
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
                yield (plain.pos, plain.ref, plain.alt), first + at, was, shows


def _single(change: Change, pileup: Pileup) -> int:
    return (
        int(pileup.bases[:, BASES.index(change[2]), change[0] - pileup.start].sum())
        if pileup.holds(change)
        else 0
    )

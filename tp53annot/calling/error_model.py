"""The error model: how often this sample's bases are misread, by class of change."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from msgspec import Struct

from tp53annot.calling.arrays import BASES, Bools, Floats
from tp53annot.calling.pileup import Pileup
from tp53annot.knowledge.rules.reads.calling import ErrorModelRules

_DAMAGE = {("C", "T"), ("G", "A"), ("G", "T"), ("C", "A")}


class ErrorRate(Struct, frozen=True, kw_only=True):
    """Errors of one class of change.

    Attributes:
        rate: errors per base (or fragment).
        spread: variance of a count of them beyond Poisson, as a share of its mean squared.
    """

    rate: float
    spread: float


# Error rates by reference base and the base it is misread as.
ErrorRates = Mapping[tuple[str, str], ErrorRate]


def error_limit(pileup: Pileup, model: ErrorModelRules) -> float:
    """The highest probability, by errors alone, of a call: that of the target shared out over all its changes."""
    covered = int((pileup.depth > 0).sum())
    return model.family_error / max(3 * covered, 1)


def error_rates(pileup: Pileup, sequence: str, model: ErrorModelRules) -> ErrorRates:
    """This sample's own rate of every class of change, drawn towards the stated one where it has few bases.

    Args:
        pileup: counts.
        sequence: the reference over it.
        model: ``rules/calling.toml`` ``[model]``.
    """
    totals, depth = pileup.bases.sum(axis=0), pileup.depth
    letters = np.frombuffer(sequence.encode(), np.uint8)
    rates = {}
    for ref in BASES:
        places = np.flatnonzero((letters == ord(ref)) & (depth > 0))
        for b, alt in enumerate(BASES):
            if alt != ref:
                seen, over = totals[b, places].astype(float), depth[places].astype(float)
                telling = without_variants(seen, over, model)
                stated = model.damage_floor if (ref, alt) in _DAMAGE else model.error_floor
                rates[ref, alt] = drawn_rate(
                    seen[telling], over[telling], stated, model.background_bases, model
                )
    return rates


def without_variants(seen: Floats, depth: Floats, model: ErrorModelRules) -> Bools:
    """Places without those of the highest fractions, which may hold a variant."""
    share = seen / depth
    left_out = math.ceil(model.left_out * len(share)) + 1
    limit = np.sort(share)[-left_out] if len(share) >= left_out else 0.0
    return np.asarray(share < min(limit, model.background_vaf) if limit else seen == 0)


def drawn_rate(seen: Floats, depth: Floats, stated: float, prior: float, model: ErrorModelRules) -> ErrorRate:
    """The rate over places, drawn towards a stated one, and raised because places differ.

    It is raised by less the more expected errors tell by how much places do differ.

    Args:
        seen: errors at each place.
        depth: bases (or fragments) at each place.
        stated: the stated rate.
        prior: bases (or fragments) that the stated rate weighs as much as.
        model: ``rules/calling.toml`` ``[model]``.
    """
    rate = (float(seen.sum()) + prior * stated) / (float(depth.sum()) + prior)
    mean = depth * rate
    beyond, told = float(((seen - mean) ** 2 - seen).sum()), float((mean**2).sum())
    spread = max(beyond, 0.0) / (told + model.spread_prior)
    raised = 1 + (model.background_factor - 1) * model.spread_prior / (told + model.spread_prior)
    return ErrorRate(rate=max(model.error_floor, rate * raised), spread=spread)

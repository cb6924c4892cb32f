"""The error model: how many fragments errors alone would give, and how likely so many are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tp53annot.calling.pileup import BASES, Pileup
from tp53annot.knowledge.rules.calling import ErrorModelRules

_DAMAGE = {("C", "T"), ("G", "A"), ("G", "T"), ("C", "A")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRate:
    """Errors per base of one class of change; ``spread``: variance beyond Poisson as a share of mean²."""

    rate: float
    spread: float


def error_limit(pileup: Pileup, model: ErrorModelRules) -> float:
    """The probability of a call by errors alone, shared out over every change of the covered target."""
    covered = int((pileup.depth > 0).sum())
    return float(model.family_error / max(3 * covered, 1))


def error_rates(pileup: Pileup, sequence: str, model: ErrorModelRules) -> dict[tuple[str, str], ErrorRate]:
    """This sample's own rate of every class of change, drawn towards the stated one where it has few bases.

    Args:
        pileup: counts.
        sequence: the reference over it.
        model: ``rules/calling.toml`` ``[model]``.
    """
    totals, depth = pileup.bases.sum(axis=0), pileup.depth
    letters = np.frombuffer(sequence.encode(), np.uint8)
    found = {}
    for ref in BASES:
        places = np.flatnonzero((letters == ord(ref)) & (depth > 0))
        for b, alt in enumerate(BASES):
            if alt != ref:
                seen, over = totals[b, places].astype(float), depth[places].astype(float)
                plain = _plain(seen, over, model)
                stated = model.damage_floor if (ref, alt) in _DAMAGE else model.error_floor
                found[ref, alt] = drawn_rate(seen[plain], over[plain], stated, model.background_bases, model)
    return found


def _plain(seen: Any, depth: Any, model: ErrorModelRules) -> Any:
    """Places without those of the highest fractions: they may hold a variant."""
    share = seen / depth
    left_out = math.ceil(model.left_out * len(share)) + 1
    limit = np.sort(share)[-left_out] if len(share) >= left_out else 0.0
    return share < min(limit, model.background_vaf) if limit else seen == 0


def drawn_rate(seen: Any, depth: Any, stated: float, prior: float, model: ErrorModelRules) -> ErrorRate:
    """The rate seen over places, drawn towards ``stated`` as if ``prior`` more bases showed that.

    It is raised because places differ, by less the more expected errors tell by how much they do.
    """
    rate = (float(seen.sum()) + prior * stated) / (float(depth.sum()) + prior)
    mean = depth * rate
    beyond, told = float(((seen - mean) ** 2 - seen).sum()), float((mean**2).sum())
    spread = max(beyond, 0.0) / (told + model.spread_prior)
    raised = 1 + (model.background_factor - 1) * model.spread_prior / (told + model.spread_prior)
    return ErrorRate(rate=max(model.error_floor, rate * raised), spread=spread)

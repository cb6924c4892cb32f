"""Grantham's distance of two residues, from their composition, polarity and volume."""

from __future__ import annotations

import math

from tp53annot.knowledge.tables.registry import Knowledge


def grantham_distance(one: str, other: str, knowledge: Knowledge) -> float:
    """Grantham's distance (0..215) of two residues in one-letter code."""
    rule, a, b = knowledge.rules.residue_distance, knowledge.residues[one], knowledge.residues[other]
    return rule.scale * math.sqrt(sum(w * (x - y) ** 2 for w, x, y in zip(rule.weights, a, b, strict=True)))

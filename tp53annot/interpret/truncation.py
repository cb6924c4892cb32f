"""Null variants: what truncates or loses the protein, and from where on."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.core.variant import TranscriptVariant
from tp53annot.interpret.annotation import nearest_codon
from tp53annot.knowledge.rules.oncogenicity import NullVariantRules, NullVariantTier


class Truncation(Struct, frozen=True, kw_only=True):
    """A null variant.

    Attributes:
        terms: of its consequence, as Sequence Ontology has them.
        codon: first whose residue is lost or changed (1-based); ``None``: all is lost.
        tier: of the strengths by place.
    """

    terms: tuple[str, ...]
    codon: int | None
    tier: NullVariantTier


def truncation_of(variant: TranscriptVariant, rules: NullVariantRules) -> Truncation | None:
    """By consequence and first changed codon; ``None`` where the coding sequence stays whole or in frame."""
    terms = tuple(term for term in variant.consequences if term in rules.terms)
    codon = variant.aa_pos or variant.codon or nearest_codon(variant)
    if not terms or codon == 0:  # 0: an intron before the start codon
        return None
    for tier in rules.tier:
        if codon is None or codon < tier.below_codon:
            return Truncation(terms=terms, codon=codon, tier=tier)
    return None

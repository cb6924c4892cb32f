"""``rules/amp_tier.toml``: AMP/ASCO/CAP tiers of TP53 variants in ALL (Li 2017), reviewed by hand."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.core.variant import OncogenicityClass


class Tier(Struct, frozen=True, kw_only=True):
    """One tier: for these classes in samples of leukaemia of these lineages (none: in every sample).

    Attributes:
        classes: oncogenicity classes it is for.
        lineages: values of the context field ``lineage``, "unknown" where it is not declared; the first tier that fits
            applies.
        tier: "I" to "IV".
        level: "A" to "D", empty where the tier has none.
        text: why.
    """

    classes: tuple[OncogenicityClass, ...]
    lineages: tuple[str, ...]
    tier: str
    level: str
    text: str


class AmpTierRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        reviewed: date of the last review, ISO 8601.
        source: citation of the guideline.
        table: which table, behind the citation.
        tier: the tiers, the first that fits applies.
    """

    version: str
    reviewed: str
    source: str
    table: str
    tier: tuple[Tier, ...]

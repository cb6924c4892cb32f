"""AMP/ASCO/CAP tier of a class in a lineage."""

from __future__ import annotations

from collections.abc import Mapping

from tp53annot.core.variant import Classification
from tp53annot.knowledge.rules.amp_tier import AmpTierRules


def amp_tier(
    classification: Classification, lineage: str | None, rules: AmpTierRules
) -> Mapping[str, object]:
    """The first tier of ``rules/amp_tier.toml`` that fits.

    Args:
        classification: the class of the change.
        lineage: the declared lineage ("B-ALL", "T-ALL"...); ``None`` takes the table's general row.
        rules: the table.

    Raises:
        ValueError: no tier fits.
    """
    for entry in rules.tier:
        fits = not entry.lineages or lineage in entry.lineages
        if classification.oncogenicity in entry.classes and fits:
            return {
                "tier": entry.tier,
                "level": entry.level or None,
                "text": entry.text,
                "source": f"{rules.source}; {rules.table.format(reviewed=rules.reviewed)}",
            }
    raise ValueError(f"no tier for {classification.oncogenicity}")

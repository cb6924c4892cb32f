"""AMP/ASCO/CAP tier of a class in a lineage."""

from __future__ import annotations

from collections.abc import Mapping

from tp53annot.core.variant import Classification
from tp53annot.knowledge.rules.amp_tier import AmpTierRules

UNDECLARED = "unknown"  # lineage of a leukaemia, as the vocabulary has it


def amp_tier(
    classification: Classification, lineage: str | None, rules: AmpTierRules
) -> Mapping[str, object] | None:
    """The first tier of ``rules/amp_tier.toml`` that fits; ``None`` where the table has none for such a sample.

    Args:
        classification: the class of the change.
        lineage: of the leukaemia that the sample is of ("B-ALL", "T-ALL"...), "unknown" where it is not declared;
            ``None``: the sample is not one of ALL.
        rules: the table.

    Raises:
        ValueError: the table has no tier for the class.
    """
    of_class = [entry for entry in rules.tier if classification.oncogenicity in entry.classes]
    for entry in of_class:
        if not entry.lineages or lineage in entry.lineages:
            return {
                "tier": entry.tier,
                "level": entry.level or None,
                "text": entry.text,
                "source": f"{rules.source}; {rules.table.format(reviewed=rules.reviewed)}",
            }
    if not of_class:
        raise ValueError(f"no tier for {classification.oncogenicity}")
    return None

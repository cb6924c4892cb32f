"""The published germline class of a change that is in force: the expert panel's, else ClinVar's of two stars."""

from __future__ import annotations

from tp53annot.core.variant import PublishedClass
from tp53annot.knowledge.rules.germline import PublishedRules
from tp53annot.knowledge.tables.registry import Knowledge

BENIGN_SIDE, PATHOGENIC_SIDE = "benign", "pathogenic"


def published_class(hgvs_c: str, knowledge: Knowledge, rules: PublishedRules) -> PublishedClass | None:
    """``None`` where nothing, or only single submissions, are published."""
    row = knowledge.clinvar.get(hgvs_c)
    if row is None or row.review_status not in (*rules.panel_reviews, *rules.star_reviews):
        return None
    source = knowledge.sources[row.table]
    words, side = row.classification.lower(), None
    if words.startswith(rules.benign_words):
        side = BENIGN_SIDE
    elif words.startswith(rules.pathogenic_words):
        side = PATHOGENIC_SIDE
    return PublishedClass(
        name=row.classification,
        review=row.review_status,
        source=f"ClinVar {row.accession}, {source.version}; {source.citation}",
        side=side,
    )

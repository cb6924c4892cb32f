"""``published_benign``: published as (likely) benign in the germline, and not judged oncogenic here."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("published_benign", LooksAt.CHANGE)
def published_benign(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """The computed class stays; where it is (likely) oncogenic the change passes, and a warning says so."""
    if subject.published_benign is None or subject.oncogenicity.is_oncogenic:
        return None
    return {"published": subject.published_benign}

"""``genotype_reference``: the caller's genotype does not carry the allele, though reads do."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("genotype_reference", LooksAt.RECORD)
def genotype_reference(subject: FilterSubject, _limits: Thresholds) -> SentenceFacts:
    """Goes by the remark that the reader of the VCF left."""
    remark = next((r for r in subject.candidate.remarks if r.id == "genotype_reference"), None)
    return None if remark is None else {"remark": remark.text}

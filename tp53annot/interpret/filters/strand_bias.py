"""``strand_bias``: the supporting reads lie on one strand, while the reference reads lie on both."""

from __future__ import annotations

from tp53annot.interpret.filters.registry import LooksAt, SentenceFacts, filter_named
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds


@filter_named("strand_bias", LooksAt.RECORD)
def strand_bias(subject: FilterSubject, limits: Thresholds) -> SentenceFacts:
    """Only extreme bias at a low VAF fails; elsewhere it is shown, not hidden."""
    support = subject.candidate.support_in_force
    if support.vaf is None or support.vaf > limits.strand_bias_keep_vaf:
        return None
    forward, reverse = support.alt_forward, support.alt_reverse
    ref_forward, ref_reverse = support.ref_forward, support.ref_reverse
    if forward is None or reverse is None or ref_forward is None or ref_reverse is None:
        return None
    reads, reference = forward + reverse, ref_forward + ref_reverse
    if reads < limits.strand_bias_min_reads or not reference:
        return None
    balanced = min(ref_forward, ref_reverse) / reference >= limits.strand_bias_min_reference_share
    if balanced and min(forward, reverse) / reads <= limits.strand_bias_max_share:
        return {"reads": reads, "strand": "forward" if forward > reverse else "reverse"}
    return None

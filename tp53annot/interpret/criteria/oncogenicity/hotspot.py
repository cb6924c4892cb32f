"""OS3, OM3 and OP3: recurrence in tumours, by residue and by change."""

from __future__ import annotations

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates


@evaluates("OS3", "OM3", "OP3")
def hotspot(case: Case) -> None:
    """From the counts of tumour samples."""
    spot, rule = case.annotated.hotspot, case.rules.hotspot
    if spot is None:
        return
    residue, change = int(str(spot["residue_count"])), int(str(spot["same_change_count"]))
    if change >= rule.min_change_samples:
        name = "OS3" if residue >= rule.min_residue_samples else "OM3"
    elif change > 0 and not _of_stops(case):
        name = "OP3"
    else:
        return
    text = rule.splice_text if spot["kind"] == rule.splice_kind else rule.residue_text
    counts = text.format(change_samples=change, residue_samples=residue, residue=spot["residue"])
    case.give(name, str(spot["source"]), counts=counts)


def _of_stops(case: Case) -> bool:
    """Whether stop gains outnumber exchanges at the residue: a hotspot of truncations is none of exchanges."""
    spot = case.knowledge.hotspot(case.change or "")
    return spot is not None and case.missense and spot.stop_samples > spot.residue_samples

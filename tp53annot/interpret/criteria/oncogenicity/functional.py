"""OS2 and SBS2: functional assays; where they disagree the criterion is weakened, and that is shown."""

from __future__ import annotations

from collections.abc import Mapping

from tp53annot.core.candidate import Flag
from tp53annot.interpret.annotation import FUNCTIONAL, LOSS, NO_LOSS, NON_FUNCTIONAL, PARTIAL
from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates

_LOST, _KEPT = (LOSS, NON_FUNCTIONAL), (NO_LOSS, FUNCTIONAL)
_COUNTED = (*_LOST, *_KEPT, PARTIAL)


@evaluates("OS2", "OS2_Moderate", "SBS2", "SBS2_Supporting", after=("OVS1",))
def functional(case: Case) -> None:
    """From Kato, Giacomelli (etoposide) and Funk, one vote each; a null variant needs no assay."""
    if case.null:
        return
    votes: dict[str, str] = {}
    used = []
    for result in case.annotated.functional:
        label = result.assay_class
        if label not in _COUNTED or (case.splicing and result.table != "funk_nucleotide"):
            continue
        votes[result.table.split("_")[0]] = label
        used.append(result)
    if votes:
        verdict, conflict = _verdict(votes, case)
        shown = "; ".join(f"{r.assay} {r.value:g} ({r.assay_class})" for r in used)
        source = "; ".join(r.source for r in used)
        if conflict:
            text = case.rules.functional.assays_disagree_text
            if conflict == "assays_differ":
                text = case.rules.functional.assays_differ_text
            case.conflicts.append(Flag(id=conflict, text=text.format(assays=shown), source=source))
        if verdict:
            case.give(verdict, source, assays=shown)
            _published(case, verdict)


def _verdict(votes: Mapping[str, str], case: Case) -> tuple[str | None, str | None]:
    """The criterion that the assays' votes support, and the kind of conflict among them."""
    loss = {name for name, label in votes.items() if label in _LOST}
    kept = {name for name, label in votes.items() if label in _KEPT}
    partial = len(votes) - len(loss) - len(kept)
    sole = len(votes) == 1 and (case.splicing or case.change is None)
    if loss and kept:
        return _majority(len(loss), len(kept)), "assays_disagree"
    if loss:
        full = not partial and ({"kato", "giacomelli"} <= loss or sole)
        strong = full or len(loss) > 1 or partial
        return ("OS2" if full else "OS2_Moderate" if strong else None), "assays_differ" if partial else None
    if kept:
        full = not partial and {"kato", "giacomelli"} <= kept
        return "SBS2" if full else "SBS2_Supporting", "assays_differ" if partial else None
    return None, None


def _majority(loss: int, kept: int) -> str | None:
    """Two assays against one give the weakened criterion; a tie gives none."""
    if loss == kept:
        return None
    return "OS2_Moderate" if loss > kept else "SBS2_Supporting"


def _published(case: Case, verdict: str) -> None:
    """Show, without counting it, a published germline classification that contradicts the assays."""
    germline, rule = case.annotated.germline, case.rules.published_conflict
    published = str(germline["significance"] or "") if germline else ""
    words = rule.benign_words if verdict.startswith("OS2") else rule.pathogenic_words
    if germline and published.lower().startswith(words):
        review = germline["review_status"] or "no review status"
        text = rule.text.format(published=published, review=review)
        case.conflicts.append(Flag(id="published_disagrees", text=text, source=str(germline["source"])))

"""OS2 and SBS2: functional assays; where they disagree that is shown."""

from __future__ import annotations

from tp53annot.core.candidate import Flag
from tp53annot.interpret.assay_verdict import AssayVerdict, of_gene, of_protein
from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates

_LOST = {"strong": "OS2", "moderate": "OS2_Moderate", "supporting": "OS2_Supporting"}
_KEPT = {"strong": "SBS2", "supporting": "SBS2_Supporting"}
# The same codes in other words, where the protein alone does not tell.
_LOST_IN_GENE = {"strong": "OS2_Edited", "moderate": "OS2_Edited_Moderate", "supporting": "OS2_Deleted"}
_KEPT_IN_GENE = {"supporting": "SBS2_Edited"}


@evaluates(
    *_LOST.values(), *_KEPT.values(), *_LOST_IN_GENE.values(), *_KEPT_IN_GENE.values(), after=("OVS1",)
)
def functional(case: Case) -> None:
    """A null variant needs no assay; predicted splicing leaves the assays of the protein no benign point."""
    if case.null:
        return
    verdict = _verdict(case)
    if not verdict.used:
        return
    shown = verdict.shown(case.knowledge)
    source = "; ".join(dict.fromkeys(r.source for r in verdict.used))
    rule = case.rules.functional
    if verdict.disagree:
        text = rule.assays_disagree_text.format(assays=shown)
        case.conflicts.append(Flag(id="assays_disagree", text=text, source=source))
    elif verdict.differ:
        text = rule.assays_differ_text.format(assays=shown)
        case.conflicts.append(Flag(id="assays_differ", text=text, source=source))
    if verdict.strength is None or (verdict.loss is False and case.predicted_splicing):
        return
    lost, kept = (_LOST, _KEPT) if _of_residue(case) else (_LOST_IN_GENE, _KEPT_IN_GENE)
    name = (lost if verdict.loss else kept)[verdict.strength]
    case.give(name, source, assays=shown)


def _of_residue(case: Case) -> bool:
    """Whether an exchange of a residue is all that happens."""
    return case.change is not None and not case.splicing


def _verdict(case: Case) -> AssayVerdict:
    results = case.annotated.functional
    if _of_residue(case):
        return of_protein(results)
    return of_gene(results, with_deletions=not case.splicing)

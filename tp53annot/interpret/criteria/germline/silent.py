"""BP7: silent and intronic changes away from the splice motifs, with no effect on splicing predicted."""

from __future__ import annotations

import re

from tp53annot.interpret.criteria.germline.case import GermlineCase
from tp53annot.interpret.criteria.germline.registry import germline_criterion

_INTRONIC = re.compile(r"c\.[-*]?\d+([+-])(\d+)\D")
_REGION = "splice_region_variant"


@germline_criterion("BP7", after=("BP4",))
def germline_silent(case: GermlineCase) -> None:
    """Only where BP4 holds by splicing; the exon's bases of the splice region are left out."""
    found = case.splice_prediction
    if found is None or "BP4" not in case.met or not _outside(case):
        return
    terms = ", ".join(case.variant.consequences)
    case.give("BP7", f"{found.source}; {case.rules.standard}", terms=terms, scores=str(found))


def _outside(case: GermlineCase) -> bool:
    variant, limits = case.variant, case.rules.splicing
    if variant.exon is not None:
        silent = case.knowledge.rules.silent.coding_terms
        return any(t in silent for t in variant.consequences) and _REGION not in variant.consequences
    place = _INTRONIC.match(variant.hgvs_c)
    if place is None:
        return False
    least = limits.donor_from if place[1] == "+" else limits.acceptor_from
    return int(place[2]) >= least

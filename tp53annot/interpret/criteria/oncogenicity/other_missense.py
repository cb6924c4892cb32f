"""OM4: another missense change at the residue, not more drastic than this one, is established."""

from __future__ import annotations

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import evaluates
from tp53annot.interpret.grantham import grantham_distance
from tp53annot.knowledge.tables.registry import Knowledge


@evaluates("OM4")
def other_missense(case: Case) -> None:
    """Established: by hotspot (OS3 or OM3) and functional (OS2) evidence."""
    ref, position, alt = case.variant.aa_ref, case.variant.aa_pos, case.variant.aa_alt
    knowledge = case.knowledge
    if not case.missense or position not in knowledge.hotspot_residues or ref is None or alt is None:
        return
    least = grantham_distance(ref, alt, knowledge) / case.rules.residue_distance.min_ratio
    for other in knowledge.residues:
        name = f"{ref}{position}{other}"
        if name == case.change or not _established(name, knowledge):
            continue
        if grantham_distance(ref, other, knowledge) <= least:
            spot = knowledge.hotspot(name)
            case.give("OM4", knowledge.sources[spot.table if spot else ""].citation, other=name)
            return


def _established(change: str, knowledge: Knowledge) -> bool:
    limits = knowledge.rules.functional
    spot = knowledge.hotspot(change)
    kato = knowledge.kato.get(change)
    screens = knowledge.giacomelli.get(change)
    if spot is None or kato is None or screens is None or screens.null_etoposide is None:
        return False
    return (
        spot.change_samples >= knowledge.rules.hotspot.min_change_samples
        and kato <= limits.kato_non_functional_max_pct
        and screens.null_etoposide <= limits.giacomelli_lof_max_z
    )

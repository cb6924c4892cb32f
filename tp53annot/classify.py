"""Oncogenicity by the ClinGen/CGC/VICC standards, as points, from rules that are data.

Codes, points, cut-offs and reasons stand in ``rules/oncogenicity.toml``; this file only decides
which criterion is met. Germline classifications never enter the points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from tp53annot.annotate import FUNCTIONAL, LOSS, NO_LOSS, NON_FUNCTIONAL, PARTIAL, aa_change
from tp53annot.model import AnnotatedVariant, Classification, Criterion, Flag, OncogenicityClass
from tp53annot.tables import Knowledge

Rules = Mapping[str, Any]
_LENGTH = ("inframe_insertion", "inframe_deletion", "protein_altering_variant", "stop_lost")
_QUIET = ("intron_variant", "5_prime_UTR_variant", "3_prime_UTR_variant", "upstream_gene_variant",
          "downstream_gene_variant")  # fmt: skip


class _Case:
    """One change under judgement: criteria met so far, in the order of the rules."""

    def __init__(self, annotated: AnnotatedVariant, knowledge: Knowledge) -> None:
        self.annotated, self.knowledge = annotated, knowledge
        self.variant = annotated.variant
        self.rules: Rules = cast(Rules, knowledge.rules)
        self.change = aa_change(self.variant)
        self.met: dict[str, Criterion] = {}
        self.conflicts: list[Flag] = []
        self.splice_known = knowledge.splice_known.get(self.variant.hgvs_c)

    def give(self, code: str, source: str, **facts: object) -> None:
        """Record a criterion with its reason in words."""
        rule = self.rules["criteria"][code]
        reason = f"{rule['words']}: {rule['reason'].format(**facts)}"
        self.met[code] = Criterion(
            code=code.split("_Intron")[0], points=rule["points"], reason=reason, source=source
        )

    @property
    def standard(self) -> str:
        """Citation of the standards."""
        return str(self.rules["standard"])

    @property
    def terms(self) -> str:
        """The consequence in words."""
        return ", ".join(self.variant.consequences)


def classify(annotated: AnnotatedVariant, knowledge: Knowledge) -> Classification:
    """Points, criteria and class of an annotated change."""
    case = _Case(annotated, knowledge)
    for evaluate in _EVALUATORS:
        evaluate(case)
    for rule in case.rules["excludes"]:
        if rule["met"] in case.met:
            for code in rule["removes"]:
                case.met.pop(code, None)
    points = sum(criterion.points for criterion in case.met.values())
    return Classification(
        oncogenicity=_class_of(points, case.rules),
        points=points,
        criteria=tuple(case.met.values()),
        conflicts=tuple(case.conflicts),
        not_considered=tuple(case.rules["not_considered"]["items"]),
    )


def _class_of(points: int, rules: Rules) -> OncogenicityClass:
    for entry in rules["class"]:
        if points >= entry["min_points"]:
            return OncogenicityClass(entry["name"])
    raise ValueError(f"no class for {points} points")


def _null(case: _Case) -> None:
    rule = case.rules["null_variant"]
    terms = [t for t in case.variant.consequences if t in rule["terms"]]
    limit = rule["full_strength_below_codon"]
    if not terms:
        if case.splice_known:
            case.give(rule["splice_known_code"], case.splice_known[1], effect=case.splice_known[0])
        return
    stop = case.variant.stop_codon or case.variant.codon
    if stop is None or stop < limit or case.variant.splice_affecting:
        case.give("OVS1", case.standard, terms=", ".join(terms), limit=limit)
    else:
        case.give(rule["reduced_code"], case.standard, terms=", ".join(terms), codon=stop, limit=limit)


def _length(case: _Case) -> None:
    terms = [t for t in case.variant.consequences if t in _LENGTH]
    if terms and not any(code.startswith("OVS1") for code in case.met):
        case.give("OM2", case.standard, terms=", ".join(terms))


def _functional(case: _Case) -> None:
    """OS2/SBS2 from Kato, Giacomelli (etoposide) and Funk; disagreement gives a conflict instead."""
    splicing = case.variant.splice_affecting or case.splice_known is not None
    if splicing and not any(r.table == "funk_nucleotide" for r in case.annotated.functional):
        return
    if any(code in case.met for code in ("OVS1", "OVS1_Moderate")):
        return
    votes: dict[str, str] = {}
    shown = []
    sources = []
    for result in case.annotated.functional:
        if result.assay_class in (LOSS, NO_LOSS, NON_FUNCTIONAL, PARTIAL, FUNCTIONAL):
            if splicing and result.table != "funk_nucleotide":
                continue
            votes[result.table.split("_")[0]] = result.assay_class
            shown.append(f"{result.assay} {result.value:g} ({result.assay_class})")
            sources.append(result.source)
    if votes:
        _functional_verdict(case, votes, "; ".join(shown), "; ".join(sources), splicing)


def _functional_verdict(
    case: _Case, votes: Mapping[str, str], assays: str, source: str, splicing: bool
) -> None:
    loss = {name for name, label in votes.items() if label in (LOSS, NON_FUNCTIONAL)}
    kept = {name for name, label in votes.items() if label in (NO_LOSS, FUNCTIONAL)}
    partial = {name for name, label in votes.items() if label == PARTIAL}
    if loss and kept:
        text = case.rules["functional"]["conflict_text"].format(assays=assays)
        case.conflicts.append(Flag(id="assays_disagree", text=text, source=source))
    elif (
        loss
        and not partial
        and ({"kato", "giacomelli"} <= loss or splicing or (loss == {"funk"} and not case.change))
    ):
        case.give("OS2", source, assays=assays)
    elif len(loss) > 1 or (loss and partial):
        case.give("OS2_Moderate", source, assays=assays)
    elif kept and not partial and {"kato", "giacomelli"} <= kept:
        case.give("SBS2", source, assays=assays)
    elif kept:
        case.give("SBS2_Supporting", source, assays=assays)
    if partial and kept and not loss and len(partial | kept) > 1:
        text = case.rules["functional"]["conflict_text"].format(assays=assays)
        case.conflicts.append(Flag(id="assays_differ", text=text.split(";")[0], source=source))


def _hotspot(case: _Case) -> None:
    spot = case.annotated.hotspot
    if spot is None:
        return
    rule = case.rules["hotspot"]
    residue, change = int(str(spot["residue_count"])), int(str(spot["same_change_count"]))
    if change >= rule["min_change_samples"]:
        code = "OS3" if residue >= rule["min_residue_samples"] else "OM3"
    elif change > 0:
        code = "OP3"
    else:
        return
    case.give(code, rule["source"], change_samples=change, residue_samples=residue, residue=spot["residue"])


def _missense(case: _Case) -> bool:
    return "missense_variant" in case.variant.consequences and not case.variant.splice_affecting


def _critical(case: _Case) -> None:
    entry = case.knowledge.critical.get(case.variant.aa_pos or 0)
    if entry and _missense(case):
        case.give("OM1", entry[1], residue=case.variant.aa_pos, role=entry[0])


def _other_missense(case: _Case) -> None:
    """OM4: another change at the residue has both hotspot (OS3) and functional (OS2) evidence."""
    position = case.variant.aa_pos
    if not _missense(case) or position is None or position not in case.knowledge.hotspot_residues:
        return
    rule, limits = case.rules["hotspot"], case.rules["functional"]
    prefix = f"{case.variant.aa_ref}{position}"
    for other in "ACDEFGHIKLMNPQRSTVWY":
        name = prefix + other
        spot = case.knowledge.hotspots.get(name)
        if name == case.change or spot is None or spot.change_samples < rule["min_change_samples"]:
            continue
        screens = case.knowledge.giacomelli.get(name)
        kato = case.knowledge.kato.get(name)
        etoposide = screens.null_etoposide if screens else None
        if (
            spot.residue_samples >= rule["min_residue_samples"]
            and kato is not None
            and kato <= limits["kato_non_functional_max_pct"]
            and etoposide is not None
            and etoposide <= limits["giacomelli_lof_max_z"]
        ):
            case.give("OM4", rule["source"], other=name)
            return


def _population(case: _Case) -> None:
    rule = case.rules["population"]
    row = case.knowledge.population.get(case.variant.hgvs_c)
    fraction = row.fraction if row else 0.0
    enough = fraction * rule["alleles"] >= rule["min_alleles"] - 0.5
    if enough and fraction >= rule["sbvs1_min"]:
        case.give("SBVS1", rule["source"], fraction=fraction, limit=rule["sbvs1_min"])
    elif enough and fraction >= rule["sbs1_min"]:
        case.give("SBS1", rule["source"], fraction=fraction, limit=rule["sbs1_min"])
    elif fraction < rule["rare_below"]:
        case.give("OP4", rule["source"], limit=rule["rare_below"])


def _silent(case: _Case) -> None:
    variant = case.variant
    if variant.exon_edge or variant.splice_affecting or case.splice_known:
        return
    if "synonymous_variant" in variant.consequences or "stop_retained_variant" in variant.consequences:
        case.give("SBP2", case.standard, terms=case.terms)
    elif variant.consequences and all(term in _QUIET for term in variant.consequences):
        case.give("SBP2_Intron", case.standard, terms=case.terms)


_EVALUATORS: tuple[Callable[[_Case], None], ...] = (
    _null,
    _length,
    _functional,
    _hotspot,
    _critical,
    _other_missense,
    _population,
    _silent,
)


def amp_tier(oncogenicity: OncogenicityClass, lineage: str | None, rules: Rules) -> Mapping[str, object]:
    """AMP/ASCO/CAP tier by class and lineage, looked up in ``rules/amp_tier.toml``."""
    for entry in rules["tier"]:
        if oncogenicity in entry["classes"] and (not entry["lineages"] or lineage in entry["lineages"]):
            return {
                "tier": entry["tier"],
                "level": entry["level"] or None,
                "text": entry["text"],
                "source": f"{rules['source']}; table of {rules['reviewed']}",
            }
    raise ValueError(f"no tier for {oncogenicity}")

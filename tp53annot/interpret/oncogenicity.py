"""Oncogenicity by the ClinGen/CGC/VICC standards, as points, from rules that are data.

Codes, points, cut-offs and reasons stand in ``rules/oncogenicity.toml``; this file only decides
which criterion is met. Germline classifications never enter the points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from tp53annot.core.candidate import Flag
from tp53annot.core.variant import AnnotatedVariant, Classification, Criterion, OncogenicityClass
from tp53annot.interpret.annotation import (
    FUNCTIONAL,
    LOSS,
    NO_LOSS,
    NON_FUNCTIONAL,
    PARTIAL,
    aa_change,
    nearest_codon,
)
from tp53annot.knowledge.rules.amp_tier import AmpTierRules
from tp53annot.knowledge.tables.registry import Knowledge

Rules = Mapping[str, Any]
_LOSS, _KEPT = (LOSS, NON_FUNCTIONAL), (NO_LOSS, FUNCTIONAL)
_LENGTH = ("inframe_insertion", "inframe_deletion", "protein_altering_variant", "stop_lost")
_QUIET = ("intron_variant", "5_prime_UTR_variant", "3_prime_UTR_variant", "upstream_gene_variant",
          "downstream_gene_variant")  # fmt: skip


class _Case:
    """One change under judgement: criteria met so far, in the order of the rules."""

    __slots__ = (
        "annotated",
        "change",
        "conflicts",
        "knowledge",
        "met",
        "rules",
        "splice_known",
        "splicing",
        "variant",
    )

    def __init__(self, annotated: AnnotatedVariant, knowledge: Knowledge, rules: Rules) -> None:
        self.annotated, self.knowledge = annotated, knowledge
        self.variant = annotated.variant
        self.rules = rules
        self.change = aa_change(self.variant)
        self.met: dict[str, Criterion] = {}
        self.conflicts: list[Flag] = []
        self.splice_known = knowledge.splice_known.get(self.variant.hgvs_c)
        # An exon-edge change may alter splicing: assays of the protein say nothing about that.
        self.splicing = (
            self.variant.splice_affecting
            or self.variant.exon_edge
            or self.splice_known is not None
            or (bool(knowledge.scores) and self._splice_score())
        )

    def _splice_score(self) -> bool:
        name = self.rules["functional"]["splice_predictor"]
        score = self.knowledge.scores.get(self.variant.hgvs_c, {}).get(name)
        return score is not None and score >= self.rules["predictor"][name]["oncogenic_min"]

    def give(self, code: str, source: str, **facts: object) -> None:
        """Record a criterion with its reason in words."""
        rule = self.rules["criteria"][code]
        reason = f"{rule['words']}: {rule['reason'].format(**facts)}"
        self.met[code] = Criterion(
            code=rule.get("code", code), points=rule["points"], reason=reason, source=source
        )

    @property
    def standard(self) -> str:
        """Citation of the standards."""
        return str(self.rules["standard"])

    @property
    def terms(self) -> str:
        """The consequence in words."""
        return ", ".join(self.variant.consequences)


def classify(
    annotated: AnnotatedVariant,
    knowledge: Knowledge,
    rules: Rules | None = None,
    missing: tuple[str, ...] | None = None,
) -> Classification:
    """Points, criteria and class of an annotated change.

    Args:
        annotated: the change with its facts.
        knowledge: the tables (looked into for other changes at the same residue).
        rules: ``rules/oncogenicity.toml``; those the tables were loaded with when left out.
        missing: :func:`not_considered`, where it was worked out before.
    """
    case = _Case(annotated, knowledge, rules if rules is not None else cast(Rules, knowledge.rules))
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
        not_considered=missing if missing is not None else not_considered(knowledge, case.rules),
    )


def _class_of(points: int, rules: Rules) -> OncogenicityClass:
    for entry in rules["class"]:
        if points >= entry["min_points"]:
            return OncogenicityClass(entry["name"])
    raise ValueError(f"no class for {points} points")


def _null(case: _Case) -> None:
    """OVS1 in the strength the place of the truncation allows."""
    rule = case.rules["null_variant"]
    terms = [t for t in case.variant.consequences if t in rule["terms"]]
    if not terms:
        if case.splice_known:
            case.give("OVS1_Proven", case.splice_known[1], effect=case.splice_known[0])
        return
    codon = _null_codon(case)
    if codon == 0:  # an intron before the start codon: the coding sequence stays whole
        return
    for tier in rule["tier"]:
        if codon is None or codon < tier["below_codon"]:
            case.give(
                tier["code"], rule["source"], terms=", ".join(terms), codon=codon, limit=tier["below_codon"]
            )
            return


def _null_codon(case: _Case) -> int | None:
    """Codon from which the protein is lost; 0 in a splice site of the 5' UTR, None when all is lost."""
    return case.variant.aa_pos or case.variant.codon or nearest_codon(case.variant)


def _length(case: _Case) -> None:
    terms = [t for t in case.variant.consequences if t in _LENGTH]
    if terms and not any(code.startswith("OVS1") for code in case.met):
        case.give("OM2", case.standard, terms=", ".join(terms))


def _functional(case: _Case) -> None:
    """OS2/SBS2 from Kato, Giacomelli (etoposide) and Funk; disagreement weakens and is shown."""
    if any(code.startswith("OVS1") for code in case.met):
        return
    votes: dict[str, str] = {}
    used = []
    for result in case.annotated.functional:
        label = result.assay_class
        if label in _LOSS or label in _KEPT or label == PARTIAL:
            if case.splicing and result.table != "funk_nucleotide":
                continue
            votes[result.table.split("_")[0]] = label
            used.append(result)
    if votes:
        verdict, conflict = _verdict(votes, case)
        shown = "; ".join(f"{r.assay} {r.value:g} ({r.assay_class})" for r in used)
        source = "; ".join(r.source for r in used)
        if conflict:
            text = case.rules["functional"][f"{conflict}_text"].format(assays=shown)
            case.conflicts.append(Flag(id=conflict, text=text, source=source))
        if verdict:
            case.give(verdict, source, assays=shown)
            _published(case, verdict)


def _verdict(votes: Mapping[str, str], case: _Case) -> tuple[str | None, str | None]:
    """The criterion that the assays' votes support, and the kind of conflict among them."""
    loss = {name for name, label in votes.items() if label in _LOSS}
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


def _published(case: _Case, verdict: str) -> None:
    """Show, without counting it, a published germline classification that contradicts the assays."""
    germline = case.annotated.germline
    published = str(germline["significance"] or "") if germline else ""
    rule = case.rules["published_conflict"]
    words = rule["benign_words"] if verdict.startswith("OS2") else rule["pathogenic_words"]
    if germline and published.lower().startswith(tuple(words)):
        text = rule["text"].format(
            published=published, review=germline["review_status"] or "no review status"
        )
        case.conflicts.append(Flag(id="published_disagrees", text=text, source=str(germline["source"])))


def _majority(loss: int, kept: int) -> str | None:
    """Two assays against one give the weakened criterion; a tie gives none."""
    if loss == kept:
        return None
    return "OS2_Moderate" if loss > kept else "SBS2_Supporting"


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
    text = rule["splice_text" if spot["kind"] == rule["splice_kind"] else "residue_text"]
    counts = text.format(change_samples=change, residue_samples=residue, residue=spot["residue"])
    case.give(code, str(spot["source"]), counts=counts)


def _missense(case: _Case) -> bool:
    return "missense_variant" in case.variant.consequences and not case.variant.splice_affecting


def _distance(case: _Case, one: str, other: str) -> float:
    """Grantham's distance of two residues."""
    a, b = case.knowledge.residues[one], case.knowledge.residues[other]
    weights = case.rules["residue_distance"]["weights"]
    total = sum(w * (x - y) ** 2 for w, x, y in zip(weights, a, b, strict=True))
    return float(case.rules["residue_distance"]["scale"] * total**0.5)


def _critical(case: _Case) -> None:
    entry = case.knowledge.critical.get(case.variant.aa_pos or 0)
    if entry and _missense(case):
        beside = case.rules["om1"]["beside_hotspot_text"] if "OS3" in case.met else ""
        case.give("OM1", entry[1], residue=case.variant.aa_pos, role=entry[0], beside=beside)


def _other_missense(case: _Case) -> None:
    """OM4: another, not milder change at the residue has hotspot (OS3, OM3) and functional (OS2) evidence."""
    ref, position, alt = case.variant.aa_ref, case.variant.aa_pos, case.variant.aa_alt
    if not _missense(case) or position not in case.knowledge.hotspot_residues or ref is None or alt is None:
        return
    least = _distance(case, ref, alt) / case.rules["residue_distance"]["min_ratio"]
    for other in case.knowledge.residues:
        name = f"{ref}{position}{other}"
        if name != case.change and _proven(case, name) and _distance(case, ref, other) <= least:
            case.give("OM4", case.rules["hotspot"]["source"], other=name)
            return


def _proven(case: _Case, name: str) -> bool:
    rule, limits = case.rules["hotspot"], case.rules["functional"]
    spot, kato = case.knowledge.hotspots.get(name), case.knowledge.kato.get(name)
    screens = case.knowledge.giacomelli.get(name)
    if spot is None or kato is None or screens is None or screens.null_etoposide is None:
        return False
    return bool(
        spot.change_samples >= rule["min_change_samples"]
        and kato <= limits["kato_non_functional_max_pct"]
        and screens.null_etoposide <= limits["giacomelli_lof_max_z"]
    )


def _population(case: _Case) -> None:
    """SBVS1, SBS1 or OP4, from 1000 Genomes and, where imported, gnomAD (which then decides OP4)."""
    rule, knowledge, name = case.rules["population"], case.knowledge, case.variant.hgvs_c
    row, wide = knowledge.population.get(name), knowledge.gnomad.get(name)
    fraction = row.fraction if row else 0.0
    # The table gives fractions; half an allele absorbs their rounding.
    enough = fraction * knowledge.population_alleles >= rule["min_alleles"] - 0.5
    highest, source = (fraction if enough else 0.0), rule["source"]
    if wide and wide.count >= rule["min_alleles"] and wide.fraction > highest:
        highest, source = wide.fraction, knowledge.sources["gnomad"].citation
    if highest >= rule["sbvs1_min"]:
        case.give("SBVS1", source, fraction=highest, limit=rule["sbvs1_min"])
    elif highest >= rule["sbs1_min"]:
        case.give("SBS1", source, fraction=highest, limit=rule["sbs1_min"])
    elif knowledge.gnomad:
        if wide is None or wide.fraction < rule["rare_below"]:
            seen = wide.count if wide else 0
            case.give(
                "OP4_Imported", knowledge.sources["gnomad"].citation, limit=rule["rare_below"], seen=seen
            )
    elif fraction < rule["rare_below"]:
        people = knowledge.population_alleles // 2
        case.give("OP4", rule["source"], limit=rule["rare_below"], people=people)


def _predictors(case: _Case) -> None:
    """OP1 or SBP1 when every imported predictor that scores the change says the same."""
    scores = case.knowledge.scores.get(case.variant.hgvs_c)
    if not scores or any(code.startswith("OVS1") for code in case.met):
        return
    limits = case.rules["predictor"]
    sides = set()
    for name, value in scores.items():
        limit = limits[name]
        sides.add(
            "for" if value >= limit["oncogenic_min"] else "no" if value <= limit["benign_max"] else "open"
        )
    shown = "; ".join(f"{name} {value:g}" for name, value in sorted(scores.items()))
    source = "; ".join(limits[name]["source"] for name in sorted(scores))
    if sides == {"for"}:
        case.give("OP1", source, scores=shown)
    elif sides == {"no"}:
        case.give("SBP1", source, scores=shown)


def not_considered(knowledge: Knowledge, rules: Rules) -> tuple[str, ...]:
    """What the standards ask for and no installed table holds, in words."""
    have = set(knowledge.predictors) | ({"gnomAD"} if knowledge.gnomad else set())
    found = []
    for entry in rules["not_considered"]:
        missing = [name for name in entry["needs"] if name not in have]
        if missing:
            found.append(entry["text"].format(missing=", ".join(missing)))
    return tuple(found)


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
    _predictors,
    _silent,
)


def amp_tier(
    classification: Classification, lineage: str | None, rules: AmpTierRules
) -> Mapping[str, object]:
    """AMP/ASCO/CAP tier by class and lineage, looked up in ``rules/amp_tier.toml``.

    Args:
        classification: the class of the change.
        lineage: the declared lineage ("B-ALL", "T-ALL"...); ``None`` takes the table's general row.
        rules: the table.
    """
    for entry in rules.tier:
        fits = not entry.lineages or lineage in entry.lineages
        if classification.oncogenicity in entry.classes and fits:
            return {
                "tier": entry.tier,
                "level": entry.level or None,
                "text": entry.text,
                "source": f"{rules.source}; table of {rules.reviewed}",
            }
    raise ValueError(f"no tier for {classification.oncogenicity}")

"""``rules/oncogenicity.toml``: the ClinGen/CGC/VICC standards as points, with the particulars of TP53."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.variant import OncogenicityClass
from tp53annot.knowledge.rules.checks import check_fractions, check_range


class ClassRule(Struct, frozen=True, kw_only=True):
    """``[[class]]``: a class and the fewest points (inclusive) that make it."""

    name: OncogenicityClass
    min_points: int


class FunctionalRules(Struct, frozen=True, kw_only=True):
    """``[functional]``: cut-offs of the assays, all inclusive.

    Attributes:
        splice_predictor: predictor of splicing that a user may import.
        splice_stand_in: bundled predictor of splicing in its place.
        protein_stand_in: bundled predictor of the protein in place of those that a user may import.
        kato_non_functional_max_pct: transactivation (per cent of wild type) up to which a change is non-functional.
        kato_partial_max_pct: the same up to which it is partially functional.
        giacomelli_lof_max_z: Z score (p53-null, etoposide) up to which function is lost.
        giacomelli_dne_min_z: Z score (p53 wild type, nutlin-3) from which the effect is dominant-negative.
        funk_lof_min_rfs: relative fitness score from which function is lost.
        kotler_lof_min_rfs: relative fitness score (log2) from which function is lost.
        kawaguchi_lof: oligomers with which function is lost.
        assays_disagree_text: sentence for assays that say opposite things.
        assays_differ_text: sentence for assays that differ in degree.
    """

    splice_predictor: str
    splice_stand_in: str
    protein_stand_in: str
    kato_non_functional_max_pct: float
    kato_partial_max_pct: float
    giacomelli_lof_max_z: float
    giacomelli_dne_min_z: float
    funk_lof_min_rfs: float
    kotler_lof_min_rfs: float
    kawaguchi_lof: tuple[str, ...]
    assays_disagree_text: str
    assays_differ_text: str

    def __post_init__(self) -> None:
        check_range(self, 0, self.kato_partial_max_pct, "kato_non_functional_max_pct")


class NullVariantTier(Struct, frozen=True, kw_only=True):
    """``[[null_variant.tier]]``: the criterion for a first changed codon (1-based) below ``below_codon``."""

    below_codon: int
    code: str


class NullVariantRules(Struct, frozen=True, kw_only=True):
    """``[null_variant]``: what truncates or loses the protein.

    Attributes:
        terms: Sequence Ontology terms of null variants.
        source: citation.
        tier: strengths by place, the first that fits applies.
    """

    terms: tuple[str, ...]
    source: str
    tier: tuple[NullVariantTier, ...]


class ProteinLengthRules(Struct, frozen=True, kw_only=True):
    """``[protein_length]``. ``terms``: Sequence Ontology terms of changes of the protein's length."""

    terms: tuple[str, ...]


class SilentRules(Struct, frozen=True, kw_only=True):
    """``[silent]``: changes without predicted effect, as Sequence Ontology terms.

    Attributes:
        coding_terms: one of them makes a change of the coding sequence silent.
        non_coding_terms: a change with these alone lies away from coding sequence and splice sites.
    """

    coding_terms: tuple[str, ...]
    non_coding_terms: tuple[str, ...]


class ResidueDistanceRules(Struct, frozen=True, kw_only=True):
    """``[residue_distance]``: Grantham's distance.

    Attributes:
        weights: of composition, polarity and volume.
        scale: factor on the root of the weighted sum of squares.
        min_ratio: share (0..1) of the established change's distance from which another is about as drastic.
    """

    weights: tuple[float, float, float]
    scale: float
    min_ratio: float

    def __post_init__(self) -> None:
        check_fractions(self, "min_ratio")


class CriticalResidueRules(Struct, frozen=True, kw_only=True):
    """``[om1]``. ``beside_hotspot_text``: added to the reason of OM1 where OS3 is met, too."""

    beside_hotspot_text: str


class PopulationRules(Struct, frozen=True, kw_only=True):
    """``[population]``: allele fractions (0..1).

    Attributes:
        source: citation of the bundled table.
        rare_below: fraction below which a change is rare (OP4).
        sbvs1_min: fraction from which (inclusive) it is frequent.
        sbs1_min: fraction from which (inclusive) it is more frequent than expected.
        min_alleles: fewest alleles seen that say something about a frequency.
    """

    source: str
    rare_below: float
    sbvs1_min: float
    sbs1_min: float
    min_alleles: int

    def __post_init__(self) -> None:
        check_fractions(self, "rare_below", "sbvs1_min", "sbs1_min")


class HotspotRules(Struct, frozen=True, kw_only=True):
    """``[hotspot]``: counts of tumour samples, inclusive.

    Attributes:
        min_residue_samples: samples with any change at the residue from which it is a strong hotspot.
        min_change_samples: samples with the same change from which it is recurrent.
        residue_text: the counts in words.
        splice_kind: the catalogue's word for hotspots of splice changes.
        splice_text: the counts in words, for those.
    """

    min_residue_samples: int
    min_change_samples: int
    residue_text: str
    splice_kind: str
    splice_text: str


class CriterionRule(Struct, frozen=True, kw_only=True):
    """``[criteria.<name>]``.

    Attributes:
        points: what it adds.
        words: the words of the standard.
        reason: why it is met, facts in braces.
        code: how a report names it, where that is not the entry's name.
    """

    points: int
    words: str
    reason: str
    code: str | None = None


class FrequencyLabel(Struct, frozen=True, kw_only=True):
    """``[labels.<name>]``: name and unit of a frequency in a report."""

    name: str
    unit: str


class Exclusion(Struct, frozen=True, kw_only=True):
    """``[[excludes]]``: where ``met`` is met, ``removes`` are taken away."""

    met: str
    removes: tuple[str, ...]


class MissingEvidence(Struct, frozen=True, kw_only=True):
    """``[[not_considered]]``: ``text`` is said while tables of ``needs`` are missing."""

    needs: tuple[str, ...]
    text: str


class PredictorCutoffs(Struct, frozen=True, kw_only=True):
    """``[predictor.<name>]``: score from which (inclusive) it supports an effect, up to which (inclusive) none."""

    oncogenic_min: float
    benign_max: float
    source: str

    def __post_init__(self) -> None:
        if self.benign_max >= self.oncogenic_min:
            raise ValueError(f"benign_max {self.benign_max} is not below oncogenic_min {self.oncogenic_min}")


class ExpertPanelRules(Struct, frozen=True, kw_only=True):
    """``[expert_panel]``: the germline frequency criteria, shown and never counted.

    Attributes:
        source: citation of the specification.
        ba1_min: allele fraction (0..1) from which (inclusive) BA1 holds.
        bs1_min: the same for BS1.
        ba1_text: BA1 in words.
        bs1_text: BS1 in words.
    """

    source: str
    ba1_min: float
    bs1_min: float
    ba1_text: str
    bs1_text: str

    def __post_init__(self) -> None:
        check_fractions(self, "ba1_min", "bs1_min")


class OncogenicityRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        standard: citation of the standards.
        standard_url: where to read them.
        class_: the classes, from the most points to the fewest.
        criteria: by name, in the order in which they are worked out and listed.
        labels: of frequencies, in the order of a report.
        predictor: cut-offs by name of the predictor.
        excludes: which criteria take others away.
        not_considered: what a report says about tables that are not installed.
    """

    version: str
    standard: str
    standard_url: str
    class_: tuple[ClassRule, ...]
    functional: FunctionalRules
    null_variant: NullVariantRules
    protein_length: ProteinLengthRules
    silent: SilentRules
    residue_distance: ResidueDistanceRules
    om1: CriticalResidueRules
    population: PopulationRules
    hotspot: HotspotRules
    criteria: Mapping[str, CriterionRule]
    labels: Mapping[str, FrequencyLabel]
    excludes: tuple[Exclusion, ...]
    not_considered: tuple[MissingEvidence, ...]
    predictor: Mapping[str, PredictorCutoffs]
    expert_panel: ExpertPanelRules

    def __post_init__(self) -> None:
        points = [entry.min_points for entry in self.class_]
        if points != sorted(points, reverse=True) or {c.name for c in self.class_} != set(OncogenicityClass):
            raise ValueError("class must hold every class once, the most points first")
        named = {tier.code for tier in self.null_variant.tier} | {entry.met for entry in self.excludes}
        if unknown := sorted(named - self.criteria.keys()):
            raise ValueError(f"{unknown[0]} is no criterion; criteria are {', '.join(self.criteria)}")
        for key in ("splice_predictor", "splice_stand_in", "protein_stand_in"):
            if (name := getattr(self.functional, key)) not in self.predictor:
                raise ValueError(f"functional.{key} {name!r} is no predictor")

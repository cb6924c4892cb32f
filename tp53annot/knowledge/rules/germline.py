"""``rules/germline.toml``: the ClinGen TP53 expert panel's rules for the germline class."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.variant import GermlineName

STAND_ALONE = "stand_alone"


class GermlineClassRule(Struct, frozen=True, kw_only=True):
    """``[[class]]``: a class and the fewest points (inclusive) that make it."""

    name: GermlineName
    min_points: int


class PublishedRules(Struct, frozen=True, kw_only=True):
    """``[published]``: which published classes are in force, in ClinVar's words, lower case.

    Attributes:
        panel_reviews: review statuses of the panel.
        star_reviews: review statuses of two stars.
        pathogenic_words: beginnings of pathogenic classes.
        benign_words: beginnings of benign ones.
    """

    panel_reviews: tuple[str, ...]
    star_reviews: tuple[str, ...]
    pathogenic_words: tuple[str, ...]
    benign_words: tuple[str, ...]


class GermlineHotspotRules(Struct, frozen=True, kw_only=True):
    """``[hotspot]``: codons of PM1, and tumour samples of a change (inclusive) for its strengths."""

    codons: tuple[int, ...]
    moderate_min_samples: int
    supporting_min_samples: int


class GermlineSplicingRules(Struct, frozen=True, kw_only=True):
    """``[splicing]``: places of the splice criteria.

    Attributes:
        donor_from: intronic bases after an exon from which (inclusive) a change lies outside the splice motif.
        acceptor_from: the same before an exon.
    """

    donor_from: int
    acceptor_from: int


class GermlinePredictor(Struct, frozen=True, kw_only=True):
    """``[[protein]]``: a predictor of the protein.

    Attributes:
        predictor: its name.
        pp3_min: score from which (inclusive) PP3 holds.
        bp4_max: score up to which (inclusive) BP4 holds at supporting strength.
        bp4_below: the same, the score itself left out.
        bp4_moderate_max: score up to which (inclusive) BP4 is moderate.
        stand_in: added to the reason of a predictor that the panel does not name.
        source: of the cut-offs.
    """

    predictor: str
    pp3_min: float
    stand_in: str
    source: str
    bp4_max: float | None = None
    bp4_below: float | None = None
    bp4_moderate_max: float | None = None


class GermlineCriterionRule(Struct, frozen=True, kw_only=True):
    """``[criteria.<name>]``.

    Attributes:
        reason: why it is met, facts in braces.
        benign: whether it counts towards benignity.
        strength: where it has one only.
        code: how a report names it, where that is not the entry's name.
    """

    reason: str
    benign: bool = False
    strength: str | None = None
    code: str | None = None


class GermlineTexts(Struct, frozen=True, kw_only=True):
    """``[texts]``: pieces of the reasons."""

    no_alleles: str
    imported_alleles: str
    hotspot_codon: str
    hotspot_count: str
    below: str
    up_to: str
    upstream: str
    at_codon: str


class GermlineRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        standard: citation of the panel's rules.
        points_source: citation of the points.
        class_: the classes, from the most points to the fewest.
        strength_points: points by strength.
        protein: predictors in the order of preference.
        criteria: by name, in the order in which they are worked out and listed.
    """

    version: str
    standard: str
    points_source: str
    class_: tuple[GermlineClassRule, ...]
    strength_points: Mapping[str, int]
    published: PublishedRules
    hotspot: GermlineHotspotRules
    splicing: GermlineSplicingRules
    protein: tuple[GermlinePredictor, ...]
    criteria: Mapping[str, GermlineCriterionRule]
    texts: GermlineTexts

    def __post_init__(self) -> None:
        points = [entry.min_points for entry in self.class_]
        if points != sorted(points, reverse=True) or {c.name for c in self.class_} != set(GermlineName):
            raise ValueError("class must hold every class once, the most points first")
        known = {*self.strength_points, STAND_ALONE, None}
        for name, rule in self.criteria.items():
            if rule.strength not in known:
                raise ValueError(f"criteria.{name}.strength {rule.strength!r} is no strength")

"""``[proof]`` of ``rules/calling.toml``: when a sample's own errors prove a change that few molecules show."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.knowledge.rules.checks import check_fractions


class ProofRules(Struct, frozen=True, kw_only=True):
    """Limits of the proof; where it cannot be had, the fixed minimum of ``[model]`` stays.

    Attributes:
        min_alt: fewest molecules of a call that is proven.
        depth: fewest usable molecules at a place for a proof.
        bases: fewest bases of the sample that tell of a class of change.
        family_error: false calls expected in the whole target, at most.
        prior_errors: errors added to those that were counted, so that none seen is not a rate of none.
        least_rate: lowest rate of a class per base, whatever was seen.
        context_prior: expected errors that weigh as much as the class's own rate beside that of a context.
        place_prior: expected errors that weigh as much as the usual rate beside that of a place.
        spread_prior: expected errors (sum of squares) from which the places tell how much they differ.
        strand_share: share (0..1) of the reference molecules that the rarer strand must have for both to be asked for.
        run_bases: by how much short runs, of fewer bases than are judged as such, slip more often than single bases.
        source: citation.
    """

    min_alt: int
    depth: int
    bases: int
    family_error: float
    prior_errors: float
    least_rate: float
    context_prior: float
    place_prior: float
    spread_prior: float
    strand_share: float
    run_bases: float
    source: str

    def __post_init__(self) -> None:
        check_fractions(self, "least_rate", "strand_share")

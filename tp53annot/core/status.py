"""What a sample can be: status, allelic state, clonality."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The status of a sample, in the order in which the first that holds applies."""

    MUTATED = "mutated"
    DELETION_ONLY = "deletion_only"
    LOW_LEVEL = "low_level"
    UNCERTAIN = "uncertain"
    NOT_DETECTED = "not_detected"
    INCOMPLETE = "incomplete"


class AllelicState(StrEnum):
    """How many of the two alleles are hit; ``none``: a negative sample."""

    MULTI_HIT = "multi_hit"
    SINGLE_HIT = "single_hit"
    POSSIBLE_MULTI_HIT = "possible_multi_hit"
    UNKNOWN = "unknown"
    NONE = "none"


class SecondHit(StrEnum):
    """What hit the other allele; ``none``: looked for and not found, ``unknown``: not told by the evidence."""

    DELETION = "deletion"
    COPY_NEUTRAL_LOH = "copy_neutral_loh"
    MUTATION = "mutation"
    NONE = "none"
    UNKNOWN = "unknown"


class Clonality(StrEnum):
    """Whether the strongest oncogenic variant is in most tumour cells."""

    CLONAL = "clonal"
    SUBCLONAL = "subclonal"
    BELOW_REPORTING = "below_reporting"
    UNKNOWN = "unknown"

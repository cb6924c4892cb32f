"""What a karyotype or a FISH result says about 17p, before it is put into words."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from tp53annot.core.copy_number import CopySource, CopyState


class CytogeneticKind(StrEnum):
    """What was read; each has a sentence in ``[cytogenetics]``."""

    LOSS = "loss"
    BOTH_LOST = "both_lost"
    DOUBLED = "doubled"
    DOUBLED_PATTERN = "doubled_pattern"
    GAIN = "gain"
    NORMAL = "normal"
    TWO_OF_MORE = "two_of_more"
    NO_CLONE = "no_clone"
    BELOW_CUTOFF = "below_cutoff"
    BREAK_IN_BAND = "break_in_band"
    UNCERTAIN = "uncertain"
    OPEN_ORIGIN = "open_origin"
    INCOMPLETE = "incomplete"
    COUNT_MISFIT = "count_misfit"
    CONSTITUTIONAL = "constitutional"
    DONOR_ONLY = "donor_only"
    NOT_UNDERSTOOD = "not_understood"


_STATES = {
    CytogeneticKind.LOSS: CopyState.LOSS,
    CytogeneticKind.BOTH_LOST: CopyState.LOSS,
    CytogeneticKind.DOUBLED: CopyState.COPY_NEUTRAL_LOH,
    CytogeneticKind.GAIN: CopyState.GAIN,
    CytogeneticKind.NORMAL: CopyState.NORMAL,
}


class CytogeneticReading(Struct, frozen=True, kw_only=True):
    """One reading of a karyotype or FISH text.

    Attributes:
        source: karyotype or FISH.
        kind: what was read.
        quote: the part of the text that says so, as it stands.
        cells: cells or nuclei with it, as counted ("10/20"), empty where not stated.
        total: copies of 17p or of TP53 in these cells, where known.
        modal: chromosomes of the clone with the fewest, of a range the least, where stated.
        modal_most: of a range the most, else the same.
    """

    source: CopySource
    kind: CytogeneticKind
    quote: str
    cells: str = ""
    total: int | None = None
    modal: int | None = None
    modal_most: int | None = None

    @property
    def state(self) -> CopyState:
        """The state it gives; what leaves the copies open is unknown."""
        return _STATES.get(self.kind, CopyState.UNKNOWN)

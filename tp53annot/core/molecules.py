"""Molecules: how many the reads stem from, and how they were told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tp53annot.core.fields import Count, OneOf

# By unique molecular identifiers, by the ends of fragments, by the duplicate flags of the file, or not at all.
COUNTED_BY = ("umi", "ends", "flags", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Molecules:
    """Reads and the molecules they stem from, and how these were told apart.

    Attributes:
        counted_by: ``"umi"`` (tags, read names, consensus reads), ``"ends"`` of the fragments, ``"flags"`` of
            duplicates in the file, or ``"none"``: each fragment counts, duplicates among them cannot be told.
        reads: usable reads on the locus, copies of a molecule included.
        molecules: distinct molecules among them; ``None`` where they cannot be told.
    """

    counted_by: Annotated[str, OneOf(COUNTED_BY)]
    reads: Count | None
    molecules: Count | None

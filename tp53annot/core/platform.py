"""What sequenced a sample, and what of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tp53annot.core.fields import OneOf

PLATFORMS = ("illumina", "ion", "ont", "hifi", "other", "unknown")
MOLECULES = ("dna", "rna", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """The sequencing platform and what was sequenced; ``source``: what says so.

    ``other`` is a platform that was recognised and is none of the named ones; ``note`` says what that means for the
    result, or what speaks against what the file states.
    """

    name: Annotated[str, OneOf(PLATFORMS)]
    molecule: Annotated[str, OneOf(MOLECULES)]
    source: str | None
    note: str | None = None

"""What sequenced a sample, and what of it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from tp53annot.core.fields import OneOf

PLATFORMS = ("illumina", "ion", "ont", "hifi", "other", "unknown")
MOLECULES = ("dna", "rna", "unknown")


class Platform(Struct, frozen=True, kw_only=True):
    """The sequencing platform and what was sequenced; ``source``: what says so.

    ``other`` is a platform that was recognised and is none of the named ones; ``note`` says what that means for the
    result, or what speaks against what the file states.
    """

    name: Annotated[str, OneOf(PLATFORMS)]
    molecule: Annotated[str, OneOf(MOLECULES)]
    source: str | None
    note: str | None = None

"""Headers of BAM and CRAM: their lines by kind, and the sample they name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pysam

from tp53annot.errors import InputError


def sample_name(path: Path) -> str | None:
    """The sample of a file's read groups, from its header alone; ``None`` when they do not agree.

    Raises:
        InputError: unreadable.
    """
    pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(str(path), check_sq=False) as source:
            return group_sample(source)
    except (OSError, ValueError, NotImplementedError) as error:
        raise InputError(str(error).splitlines()[0], path=str(path), fix="check the file") from error


def header_of(source: pysam.AlignmentFile) -> dict[str, Any]:
    """The header's lines by kind.

    Raises:
        ValueError: a line is no header line.
    """
    try:
        found: dict[str, Any] = source.header.to_dict()
    except (AssertionError, KeyError, IndexError) as error:
        raise ValueError(f"damaged header ({error})") from error
    return found


def group_sample(source: pysam.AlignmentFile) -> str | None:
    """The sample of the read groups; ``None`` when they do not agree."""
    names = {g.get("SM") for g in header_of(source).get("RG", []) if g.get("SM")}
    return next(iter(names)) if len(names) == 1 else None

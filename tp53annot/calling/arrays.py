"""Types of the arrays that counts and reads are kept in, and bases as numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
# Bases as their place in BASES, 4 for any other; or Phred-scaled qualities.
Codes = npt.NDArray[np.uint8]

BASES = "ACGT"
# The code of a base by its byte, as of np.frombuffer.
CODE_OF_BYTE: Codes = np.full(256, len(BASES), np.uint8)
CODE_OF_BYTE[list(BASES.encode())] = range(len(BASES))


def codes_of(text: str) -> Codes:
    """Bases as codes.

    >>> codes_of("ACGTN").tolist()
    [0, 1, 2, 3, 4]
    """
    return CODE_OF_BYTE[np.frombuffer(text.encode(), np.uint8)]

"""The one file that knows the order: records or reads -> named -> classified -> assessed -> files.

One sample's failure never sinks the others: a failure is an outcome, listed and counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from tp53annot.model import (
    AnnotatedVariant,
    Classification,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Everything about an allele that does not depend on the sample."""

    annotated: AnnotatedVariant
    classification: Classification

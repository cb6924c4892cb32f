"""The one file that knows the order: records or reads -> named -> classified -> assessed -> files.

One sample's failure never sinks the others: a failure is an outcome, listed and counted.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tp53annot import assess, classify, hgvs, select
from tp53annot.annotate import annotate
from tp53annot.model import (
    Allele,
    AnnotatedVariant,
    Candidate,
    Classification,
    ClassifiedVariant,
)
from tp53annot.normalise import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Everything about an allele that does not depend on the sample."""

    annotated: AnnotatedVariant
    classification: Classification

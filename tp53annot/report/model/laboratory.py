"""The laboratory that a report is from, as its lab file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tp53annot.core.fields import OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture inside the report; ``data``: base64."""

    media_type: Annotated[str, OneOf(("image/png", "image/jpeg", "image/svg+xml"))]
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A line to sign on, empty above the name and role."""

    name: str
    role: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabThreshold:
    """A threshold of the laboratory's own, and why; ``name``: the setting's."""

    name: str
    value: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """What a lab file puts on a report; ``None`` or empty where it says nothing.

    ``address``: line by line. ``accreditation``: one line. ``date``: of the report, ISO 8601. ``thresholds``: those
    in force in this report.
    """

    name: str | None
    address: tuple[str, ...]
    logo: Logo | None
    accreditation: str | None
    date: str | None
    assay: str | None
    assay_limits: str | None
    signatures: tuple[Signature, ...]
    footer: str | None
    thresholds: tuple[LabThreshold, ...]

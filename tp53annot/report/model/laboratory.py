"""The laboratory that a report is from, as its lab file says."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from tp53annot.core.fields import OneOf


class Logo(Struct, frozen=True, kw_only=True):
    """A picture inside the report; ``data``: base64."""

    media_type: Annotated[str, OneOf(("image/png", "image/jpeg", "image/svg+xml"))]
    data: str


class Signature(Struct, frozen=True, kw_only=True):
    """A line to sign on, empty above the name and role."""

    name: str
    role: str | None


class LabThreshold(Struct, frozen=True, kw_only=True):
    """A threshold of the laboratory's own, and why; ``name``: the setting's."""

    name: str
    value: float
    reason: str


class Laboratory(Struct, frozen=True, kw_only=True):
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

"""``rules/evidence.toml``: what the evidence base must not hold, and the grid that shows whom its statements reach.

Two parts of ``rules/assessment.toml`` that decide over statements have their types here, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LeukaemiaSampleRules:
    """``[leukaemia_sample]`` of the assessment: which samples of a remission or after a transplantation are of the ALL.

    Attributes:
        remission_exceptions: of ``sample_role``, whatever the phase.
        transplant_phases: of ``disease_phase``, unless the role is one of ``transplant_exceptions``.
        transplant_exceptions: of ``sample_role``.
    """

    remission_exceptions: tuple[str, ...]
    transplant_phases: tuple[str, ...]
    transplant_exceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOrder:
    """``[note_order]`` of the assessment: which note of a topic stands first.

    Attributes:
        broad_fields: fields that most rules ask for; each other field that a rule asks for makes its group closer to
            the patient.
    """

    broad_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationRules:
    """``[citation]``: what a printed citation may be, as regular expressions of the whole key.

    Attributes:
        doi, pmid, pmcid: the number alone.
        page: journal with volume and page, somewhere in the short citation.
        hosts: publishers, meetings and source documents whose own addresses may be cited; no copy of a page.
        own: the short citation of what the tool itself says.
    """

    doi: str
    pmid: str
    pmcid: str
    page: str
    hosts: tuple[str, ...]
    own: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixValue:
    """One value of an axis. ``label``: its words; ``context``: context fields by name, as typed; ``flag``: the germline flag."""

    label: str
    context: Mapping[str, str]
    flag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixAxis:
    """One axis of the grid, with its values in order."""

    name: str
    values: tuple[MatrixValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixFinding:
    """What every sample of the grid shows: ``max_vaf`` 0..1, the others as statements ask for them."""

    status: str
    allelic_state: str
    max_vaf: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRules:
    """``[matrix]``: the grid of ``evidence matrix``."""

    finding: MatrixFinding
    axes: tuple[MatrixAxis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRules:
    """The file.

    Attributes:
        version: of the file.
        editors_notes: words, in any case, that show an editor's note to themself; no statement holds one.
    """

    version: str
    editors_notes: tuple[str, ...]
    citation: CitationRules
    matrix: MatrixRules

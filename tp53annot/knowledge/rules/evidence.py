"""``rules/evidence.toml``: what the evidence base must not hold, and the grid that shows whom its statements reach.

Two parts of ``rules/assessment.toml`` that decide over statements have their types here, too.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class LeukaemiaSampleRules(Struct, frozen=True, kw_only=True):
    """``[leukaemia_sample]`` of the assessment: which samples of a remission or after a transplantation are of the ALL.

    Attributes:
        remission_exceptions: of ``sample_role``, whatever the phase.
        transplant_phases: of ``disease_phase``, unless the role is one of ``transplant_exceptions``.
        transplant_exceptions: of ``sample_role``.
    """

    remission_exceptions: tuple[str, ...]
    transplant_phases: tuple[str, ...]
    transplant_exceptions: tuple[str, ...]


class NoteOrder(Struct, frozen=True, kw_only=True):
    """``[note_order]`` of the assessment: which note of a topic stands first.

    Attributes:
        broad_fields: fields that most rules ask for; each other field that a rule asks for makes its group closer to
            the patient.
    """

    broad_fields: tuple[str, ...]


class CitationRules(Struct, frozen=True, kw_only=True):
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


class MatrixValue(Struct, frozen=True, kw_only=True):
    """One value of an axis. ``label``: its words; ``context``: context fields by name, as typed; ``flag``: the germline flag."""

    label: str
    context: Mapping[str, str]
    flag: str = ""


class MatrixAxis(Struct, frozen=True, kw_only=True):
    """One axis of the grid, with its values in order."""

    name: str
    values: tuple[MatrixValue, ...]


class MatrixFinding(Struct, frozen=True, kw_only=True):
    """What every sample of the grid shows: ``max_vaf`` 0..1, the others as statements ask for them."""

    status: str
    allelic_state: str
    max_vaf: float


class MatrixRules(Struct, frozen=True, kw_only=True):
    """``[matrix]``: the grid of ``evidence matrix``."""

    finding: MatrixFinding
    axes: tuple[MatrixAxis, ...]


class EvidenceRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        editors_notes: words, in any case, that show an editor's note to themself; no statement holds one.
    """

    version: str
    editors_notes: tuple[str, ...]
    citation: CitationRules
    matrix: MatrixRules

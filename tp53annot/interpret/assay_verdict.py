"""What the functional assays say of a change together: the one rule for every class.

It follows the ClinGen TP53 expert panel's text of PS3 and BS3 (v2.4.0): Kato first, then the majority of the
others that measured the change. ``docs/classification.md`` has it in words.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tp53annot.core.variant import AssayResult
from tp53annot.interpret.annotation import FUNCTIONAL, LOSS, NO_LOSS, NON_FUNCTIONAL, PARTIAL
from tp53annot.knowledge.assays import (
    FUNK_NUCLEOTIDE,
    FUNK_RESIDUE,
    KATO_MEDIAN,
    KAWAGUCHI_OLIGOMER,
    KOTLER_DELETION,
    KOTLER_EXCHANGE,
    NULL_ETOPOSIDE,
)
from tp53annot.knowledge.tables.registry import Knowledge

STRONG, MODERATE, SUPPORTING = "strong", "moderate", "supporting"
_OTHERS = (NULL_ETOPOSIDE, FUNK_NUCLEOTIDE, FUNK_RESIDUE, KOTLER_EXCHANGE, KOTLER_DELETION)
_OTHER_NAMES = frozenset(assay.name for assay in _OTHERS)
_COUNTED = _OTHER_NAMES | {KATO_MEDIAN.name, KAWAGUCHI_OLIGOMER.name}


class AssayVerdict(Struct, frozen=True, kw_only=True):
    """The assays that count, and what they support.

    Attributes:
        loss: ``True`` for loss of function, ``False`` for function kept, ``None`` where they support neither.
        strength: "strong", "moderate" or "supporting"; ``None`` with ``loss``.
        used: the results that were looked at.
        disagree: whether some lost function and others kept it.
        differ: whether some are partial, while none says the opposite of another.
    """

    loss: bool | None
    strength: str | None
    used: tuple[AssayResult, ...]
    disagree: bool
    differ: bool

    def shown(self, knowledge: Knowledge) -> str:
        """The results in words."""
        said = knowledge.said
        return "; ".join(f"{said(r.assay)} {r.value:g} ({said(r.assay_class or '')})" for r in self.used)


def of_protein(results: Sequence[AssayResult]) -> AssayVerdict:
    """For the exchange of one residue whose splicing is left alone."""
    used = tuple(r for r in results if r.assay in _COUNTED and r.assay_class is not None)
    labels = {r.assay: r.assay_class for r in used}
    others = [label for name, label in labels.items() if name in _OTHER_NAMES]
    lost, kept = others.count(LOSS), others.count(NO_LOSS)
    oligomer = labels.get(KAWAGUCHI_OLIGOMER.name)
    kato = labels.get(KATO_MEDIAN.name)
    if kato == NON_FUNCTIONAL:
        found = (True, STRONG) if lost > kept else (True, SUPPORTING) if oligomer == LOSS else None
    elif kato == PARTIAL:
        all_kept = kept > 0 and not lost and oligomer != LOSS
        found = (True, MODERATE) if lost > kept else (False, SUPPORTING) if all_kept else None
    elif kato == FUNCTIONAL:
        found = (False, STRONG) if kept > lost else None
    else:  # more than one base differs: Kato did not measure it
        found = (True, MODERATE) if lost > max(kept, 1) else (True, SUPPORTING) if lost > kept else None
        found = (False, SUPPORTING) if kept > lost else found
    return _verdict(found, used)


def of_gene(results: Sequence[AssayResult], *, with_deletions: bool) -> AssayVerdict:
    """For a change of the protein's length or of splicing: Funk edited the gene itself, Kotler deleted codons.

    Args:
        results: of all assays.
        with_deletions: whether Kotler's deletions count, which were made in cDNA.
    """
    names = {FUNK_NUCLEOTIDE.name} | ({KOTLER_DELETION.name} if with_deletions else set())
    used = tuple(r for r in results if r.assay in names)
    labels = {r.assay: r.assay_class for r in used}
    edited, deleted = labels.get(FUNK_NUCLEOTIDE.name), labels.get(KOTLER_DELETION.name)
    found: tuple[bool, str] | None = None
    if edited is None:
        found = (deleted == LOSS, SUPPORTING) if deleted else None
    elif edited == LOSS:
        found = (True, MODERATE if deleted == NO_LOSS else STRONG)
    elif deleted != LOSS:
        found = (False, SUPPORTING)
    return _verdict(found, used)


def _verdict(found: tuple[bool, str] | None, used: tuple[AssayResult, ...]) -> AssayVerdict:
    labels = {r.assay_class for r in used}
    disagree = bool(labels & {LOSS, NON_FUNCTIONAL}) and bool(labels & {NO_LOSS, FUNCTIONAL})
    loss, strength = found or (None, None)
    differ = PARTIAL in labels and len(labels) > 1 and not disagree
    return AssayVerdict(loss=loss, strength=strength, used=used, disagree=disagree, differ=differ)

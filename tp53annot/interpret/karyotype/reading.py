"""What a karyotype says of 17p: clones counted as clones, and every doubt left a doubt."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.copy_number import CopySource
from tp53annot.core.karyotype import CytogeneticKind, CytogeneticReading
from tp53annot.interpret.karyotype.abnormality import Doubt
from tp53annot.interpret.karyotype.clones import Clone, UnreadKaryotypeError, read_clones
from tp53annot.interpret.karyotype.spelling import plain
from tp53annot.knowledge.rules.copy_number import CytogeneticRules

_OTHER_METHODS = (".nucish", ".ish", ".arr", ".seq", ".ogm", ".rsa")


class _Verdict(Struct, frozen=True, kw_only=True):
    kind: CytogeneticKind
    quote: str
    cells: str = ""
    total: int | None = None
    modal: tuple[int, int] | None = None


def read_karyotype(text: str, rules: CytogeneticRules) -> CytogeneticReading:
    """The reading of a karyotype in ISCN; what is not understood is a reading, too.

    Args:
        text: as it was reported; a FISH part behind it (``.nuc ish``) is left to :func:`.fish.read_fish`.
        rules: cells of a clone, and chromosomes of low hypodiploidy.

    >>> from tp53annot.knowledge.resources import resources_of
    >>> read_karyotype("45,XX,-17[10]/46,XX[10]", resources_of().rules.copy_number.cytogenetics).kind.value
    'loss'
    """
    own = karyotype_part(plain(text))
    recipient, _, donor = own.partition("//")
    if donor and not recipient:
        verdict = _Verdict(kind=CytogeneticKind.DONOR_ONLY, quote=own)
    else:
        try:
            clones = read_clones(recipient)
            verdict = replace(_of_clones(clones, rules), modal=_fewest_chromosomes(clones, rules))
        except (UnreadKaryotypeError, IndexError) as error:
            verdict = _Verdict(kind=CytogeneticKind.NOT_UNDERSTOOD, quote=str(error) or own)
        except ValueError:
            verdict = _Verdict(kind=CytogeneticKind.NOT_UNDERSTOOD, quote=own)
    return CytogeneticReading(
        source=CopySource.KARYOTYPE,
        kind=verdict.kind,
        quote=verdict.quote,
        cells=verdict.cells,
        total=verdict.total,
        modal=verdict.modal[0] if verdict.modal else None,
        modal_most=verdict.modal[1] if verdict.modal else None,
    )


def karyotype_part(text: str) -> str:
    """A plain ISCN text up to where another method begins."""
    ends = [at for method in _OTHER_METHODS if (at := text.lower().find(method)) > 0]
    return text[: min(ends, default=len(text))]


def fish_part(text: str) -> str:
    """What stands behind a karyotype as FISH (``.nuc ish``, ``.ish``), empty where nothing does."""
    whole = plain(text)
    behind = whole[len(karyotype_part(whole)) :]
    return behind.lstrip(".") if "ish" in behind.lower() else ""


def _of_clones(clones: Sequence[Clone], rules: CytogeneticRules) -> _Verdict:
    losing = [clone for clone in clones if _is_loss(clone)]
    if losing and _is_clonal(losing, rules):
        return _loss(losing, clones)
    doubled = [c for c in clones if _is_doubled_loss(c)]
    if doubled and _is_clonal(doubled, rules):
        return _of(doubled[0], CytogeneticKind.DOUBLED, clones, total=doubled[0].copies()[0])
    doubt = next((v for clone in clones if (v := _doubt(clone, clones))), None)
    if doubt is not None:
        return doubt
    if losing:
        return _of(losing[0], CytogeneticKind.NO_CLONE, clones)
    return _without_loss(clones, rules)


def _is_loss(clone: Clone) -> bool:
    """At most one copy for sure: a change of structure stands beside markers, a missing 17 may be one of them."""
    _, high = clone.copies(certain=clone.loss_is_structural)
    if clone.loss_is_structural:
        return high <= 1
    return high <= 1 and clone.fits and not clone.incomplete


def _is_doubled_loss(clone: Clone) -> bool:
    """Two copies or more of one allele: the doubling of a clone that had one."""
    parent = clone.parent
    return clone.times > 1 and parent is not None and parent.copies()[1] == 1 and clone.copies()[0] >= 2


def _is_clonal(losing: Sequence[Clone], rules: CytogeneticRules) -> bool:
    """Two cells with the same structure, three with the same loss, or a composite or uncounted clone."""
    counts = [_cells_with(clone) for clone in losing]
    if any(
        cells is None or (clone.composite and not _counted_apart(clone))
        for cells, clone in zip(counts, losing, strict=True)
    ):
        return True
    structural = sum(n or 0 for n, clone in zip(counts, losing, strict=True) if clone.loss_is_structural)
    together = sum(n or 0 for n in counts)
    return structural >= rules.clone_structure or together >= rules.clone_loss


def _cells_with(clone: Clone) -> int | None:
    """Cells of a clone with its loss: within a composite those counted for the change itself."""
    apart = _counted_apart(clone)
    return min(apart) if apart else clone.cells


def _counted_apart(clone: Clone) -> list[int]:
    return [c.cells for c in clone.changes if c.cells is not None and c.taken > c.carried_high]


def _loss(losing: Sequence[Clone], clones: Sequence[Clone]) -> _Verdict:
    fewest = min(losing, key=lambda c: c.copies(certain=c.loss_is_structural)[1])
    total = fewest.copies(certain=fewest.loss_is_structural)[1]
    kind = CytogeneticKind.BOTH_LOST if total == 0 else CytogeneticKind.LOSS
    return _of(losing[0] if total else fewest, kind, clones, total=total)


def _of(
    clone: Clone, kind: CytogeneticKind, clones: Sequence[Clone], *, total: int | None = None
) -> _Verdict:
    touching = [
        c.text for c in clone.all_changes if c.touches_17p and c.doubt is None and not c.constitutional
    ]
    return _Verdict(
        kind=kind,
        quote=", ".join(touching) or clone.text,
        cells=_in_words(clone, clones),
        total=total,
    )


def _in_words(clone: Clone, clones: Sequence[Clone]) -> str:
    """``10/20`` metaphases."""
    if clone.cells is None or any(c.cells is None for c in clones):
        return "" if clone.cells is None else str(clone.cells)
    return f"{clone.cells}/{sum(c.cells or 0 for c in clones)}"


_DOUBTS = {
    Doubt.BREAK: CytogeneticKind.BREAK_IN_BAND,
    Doubt.UNCERTAIN: CytogeneticKind.UNCERTAIN,
    Doubt.ORIGIN: CytogeneticKind.OPEN_ORIGIN,
    Doubt.UNREAD: CytogeneticKind.NOT_UNDERSTOOD,
}


def _doubt(clone: Clone, clones: Sequence[Clone]) -> _Verdict | None:
    """Why a clone leaves its copies of 17p open."""
    constitutional = [
        c for c in clone.all_changes if c.constitutional and c.touches_17p and c.doubt is not Doubt.UNREAD
    ]
    if constitutional:
        return _Verdict(kind=CytogeneticKind.CONSTITUTIONAL, quote=", ".join(c.text for c in constitutional))
    for change in clone.all_changes:
        if change.doubt is not None:
            return _Verdict(kind=_DOUBTS[change.doubt], quote=change.text, cells=_in_words(clone, clones))
    if clone.incomplete:
        return _Verdict(kind=CytogeneticKind.INCOMPLETE, quote=clone.text)
    if clone.lists_too_few or (not clone.fits and clone.copies()[1] < max(clone.level, 2)):
        return _Verdict(kind=CytogeneticKind.COUNT_MISFIT, quote=clone.text)
    return None


def _without_loss(clones: Sequence[Clone], rules: CytogeneticRules) -> _Verdict:
    """No doubt and no loss: a gain, two copies in more than two sets, or a normal 17p."""
    gaining = [c for c in clones if c.copies()[0] > 2]
    if gaining:
        return _of(gaining[0], CytogeneticKind.GAIN, clones, total=gaining[0].copies()[0])
    fewer = [c for c in clones if c.copies()[1] < c.level]
    if fewer:
        pattern = any(_is_doubled_pattern(c, rules) for c in fewer)
        kind = CytogeneticKind.DOUBLED_PATTERN if pattern else CytogeneticKind.TWO_OF_MORE
        return _of(fewer[0], kind, clones, total=fewer[0].copies()[1])
    cells = sum(c.cells or 0 for c in clones) if all(c.cells is not None for c in clones) else 0
    return _Verdict(
        kind=CytogeneticKind.NORMAL,
        quote="/".join(c.text for c in clones),
        cells=str(cells) if cells else "",
        total=2,
    )


def _fewest_chromosomes(clones: Sequence[Clone], rules: CytogeneticRules) -> tuple[int, int] | None:
    """The least number, or range, of the clones whose cells are enough for a loss, whatever is open about 17p."""
    enough = [c for c in clones if c.cells is None or c.cells >= rules.clone_loss]
    return min(((c.low, c.high) for c in enough), default=None)


def _is_doubled_pattern(clone: Clone, rules: CytogeneticRules) -> bool:
    """A near-triploid clone whose chromosomes are there twice or four times, hardly any three times."""
    low, high = (2 * n for n in rules.low_hypodiploid)
    if clone.level != 3 or not low <= clone.low <= clone.high <= high:
        return False
    changed = sum(abs(c.chromosomes) for c in clone.changes if not c.structural)
    return changed >= rules.doubled_least_changed

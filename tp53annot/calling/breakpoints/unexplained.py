"""Piles of clips that no change explains: something lies there that was not resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from tp53annot.calling.pileup import ClipPile, Pileup, ReadChange, Shares
from tp53annot.core.allele import Allele
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.long_events import LongEventRules
from tp53annot.names.normalisation import stretch


class UnexplainedPile(Struct, frozen=True, kw_only=True):
    """A pile with what it hides.

    Attributes:
        pile: the clips.
        depth: usable molecules there.
        first: first GRCh38 position that does not count as assessed.
        last: last one, inclusive.
    """

    pile: ClipPile
    depth: int
    first: int
    last: int


def unexplained_piles(
    pileup: Pileup, reference: Reference, rules: LongEventRules, threshold_vaf: float
) -> Iterator[UnexplainedPile]:
    """Piles that may be a change at the threshold or above, and that none of those counted explains.

    Args:
        pileup: counts.
        reference: the locus.
        rules: ``rules/calling.toml`` ``[long_events]``.
        threshold_vaf: VAF (0..1) from which a change matters.
    """
    depths = pileup.depth
    for pile in sorted(pileup.piles, key=_order):
        at = pile.pos - pileup.start
        if not 0 <= at < pileup.length:
            continue
        depth = max(int(depths[at]), pile.molecules)
        enough = pile.molecules >= rules.pile_share * threshold_vaf * depth
        if not enough or _at_amplicon_end(pileup, at, rules):
            continue
        known = ((c, s, pileup.far.get(c, ())) for c, s in pileup.shares.items())
        if any(_explains(c, s, more, pile, depth, reference, rules) for c, s, more in known):
            continue
        first, last = (pile.pos - 1, pile.pos) if pile.left else (pile.pos, pile.pos + 1)
        if pile.onward is not None:
            first, last = min(first, pile.onward), max(last, pile.onward)
        yield UnexplainedPile(pile=pile, depth=depth, first=first, last=last)


def _order(pile: ClipPile) -> tuple[int, ...]:
    """By place; piles that go on nowhere first."""
    return (
        pile.pos,
        pile.left,
        pile.molecules,
        -1 if pile.onward is None else pile.onward,
        pile.turned,
        pile.cut,
    )


def _at_amplicon_end(pileup: Pileup, at: int, rules: LongEventRules) -> bool:
    """Whether reads of amplicons begin there, so that others end there in what is no part of the genome."""
    if pileup.primers is None or not pileup.primers.most:
        return False
    part = slice(max(at - rules.amplicon_reach, 0), at + rules.amplicon_reach + 1)
    return bool(pileup.primers.begin[:, part].any())


def _explains(
    change: ReadChange,
    counted: Shares,
    more: Iterable[int],
    pile: ClipPile,
    depth: int,
    reference: Reference,
    rules: LongEventRules,
) -> bool:
    """Whether a change ends at the pile (or has ``more`` places where it is clipped) and is about as frequent."""
    if change.single_base or not counted.vaf or counted.vaf < rules.explained_share * pile.molecules / depth:
        return False
    ends = {change.pos, change.pos + len(change.ref), *more}
    if min(len(change.ref), len(change.alt)) == 1:
        ends |= set(stretch(Allele(pos=change.pos, ref=change.ref, alt=change.alt), reference))
    return min(abs(end - pile.pos) for end in ends) <= rules.pile_reach

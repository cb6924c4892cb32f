"""Places at which clips that no change explains throw doubt on the coverage, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tp53annot.calling.breakpoints.unexplained import UnexplainedPile, unexplained_piles
from tp53annot.calling.pileup import Pileup
from tp53annot.core.allele import Build
from tp53annot.core.candidate import Flag
from tp53annot.knowledge.resources import Resources


def doubtful_stretches(pileup: Pileup, resources: Resources, threshold_vaf: float) -> list[tuple[int, int]]:
    """Stretches (GRCh38, inclusive) that do not count as assessed at a VAF (0..1)."""
    return [(found.first, found.last) for found in _unexplained(pileup, resources, threshold_vaf)]


def clip_remarks(pileup: Pileup, build: Build, resources: Resources, threshold_vaf: float) -> list[Flag]:
    """Where clips throw doubt on exons that must be assessed, and of how many molecules.

    Args:
        pileup: of one sample.
        build: of its file's coordinates.
        resources: of the run.
        threshold_vaf: VAF (0..1) from which a change matters.
    """
    rules, required = resources.rules.calling.long_events, _required_stretches(resources)
    doubts = [
        found
        for found in _unexplained(pileup, resources, threshold_vaf)
        if any(found.first <= b and found.last >= a for a, b in required)
    ]
    texts = list(_texts(doubts, build, resources))
    if len(texts) > rules.named:
        texts[rules.named :] = [rules.more.format(count=len(texts) - rules.named)]
    return [Flag(id="reads.unexplained_clips", text=text, source=rules.source) for text in texts]


def _unexplained(pileup: Pileup, resources: Resources, threshold_vaf: float) -> Iterator[UnexplainedPile]:
    rules = resources.rules.calling.long_events
    return unexplained_piles(pileup, resources.reference, rules, threshold_vaf)


def _required_stretches(resources: Resources) -> list[tuple[int, int]]:
    """Exons that must be assessed, with their splice bases, GRCh38."""
    rules, exons = resources.rules.calling.coverage, resources.namer.main.model.exons
    beside = rules.splice_bases
    return [(exons[n - 1][0] - beside, exons[n - 1][1] + beside) for n in rules.required_exons]


def _texts(doubts: Iterable[UnexplainedPile], build: Build, resources: Resources) -> Iterator[str]:
    """A sentence for each pile, one for two that meet."""
    left = list(doubts)
    while left:
        found = left.pop(0)
        other = next((o for o in left if _meet(found, o, resources)), None)
        if other is not None:
            left.remove(other)
        yield _text(found, other, build, resources)


def _meet(one: UnexplainedPile, two: UnexplainedPile, resources: Resources) -> bool:
    """Whether piles of either side lie at one place and go on nowhere, as at an insertion that reads do not span."""
    apart = abs(one.pile.pos - two.pile.pos)
    unknown = one.pile.onward is None and two.pile.onward is None and one.pile.cut == two.pile.cut
    return unknown and one.pile.left != two.pile.left and apart <= resources.rules.calling.long_events.slack


def _text(found: UnexplainedPile, other: UnexplainedPile | None, build: Build, resources: Resources) -> str:
    rules, main, pile = resources.rules.calling.long_events, resources.namer.main, found.pile

    def place(position: int) -> int:
        return resources.reference.to_build(position, build)

    onward, molecules = "", pile.molecules
    if other is not None:
        onward, molecules = rules.insertion, molecules + other.pile.molecules
    elif pile.onward is not None:
        onward = (rules.inversion if pile.turned else rules.elsewhere).format(pos=place(pile.onward))
    return (rules.cut if pile.cut else rules.cause).format(
        c=f"c.{main.c_position(main.last_position - pile.pos)}",
        pos=place(pile.pos),
        reads=min(molecules, found.depth),
        depth=found.depth,
        onward=onward,
    )

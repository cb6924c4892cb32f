"""Insertions longer than clips reach: reads that were aligned nowhere put together from one side to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tp53annot.calling.breakpoints.consensus import agreed
from tp53annot.knowledge.rules.reads.long_events import BridgeRules
from tp53annot.names.transcript import reverse_complement

_APART = "\n"


class LooseReads:
    """Bases of reads that were aligned nowhere, in both directions, found by any stretch of them.

    Args:
        bases: of the reads, as sequenced.
        rules: ``rules/calling.toml`` ``[bridge]``.
    """

    def __init__(self, bases: Iterable[str], rules: BridgeRules) -> None:
        self._rules = rules
        texts = [text for read in bases for text in (read, reverse_complement(read))]
        self._texts = _APART.join([*texts, ""])

    def between(self, one: str, two: str) -> str | None:
        """The bases from the beginning of ``one`` to the end of ``two``, where reads lead from the one to the other.

        Args:
            one: bases that lead into the insertion.
            two: bases that lead out of it.
        """
        seed, found = self._rules.seed, one
        goal = two[:seed]
        if min(len(one), len(two)) < seed or len(set(goal)) < self._rules.letters:
            return None
        looked = 0
        while len(found) <= self._rules.longest:
            at = found.find(goal, max(looked - seed, 0))
            if at >= 0:
                return found[:at] + two
            looked = len(found)
            more = self._following(found[-seed:])
            if not more:
                return None
            found += more
        return None

    def _following(self, tail: str) -> str:
        """What reads agree on behind a stretch."""
        return agreed(((text, 1) for text in self._behind(tail)), self._rules.reads, self._rules.agree)

    def _behind(self, tail: str) -> Iterator[str]:
        at = self._texts.find(tail)
        while at >= 0:
            begin = at + len(tail)
            yield self._texts[begin : self._texts.find(_APART, begin)]
            at = self._texts.find(tail, at + 1)

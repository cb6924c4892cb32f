"""Two insertions or deletions on the same molecules: one replaced stretch, with what lies between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tp53annot.calling.pileup import IndelCount, ReadChange
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.read_layout import ComplexRules
from tp53annot.reads.counting.rows import Indel


class JointIndels:
    """Counts how often reads show two neighbouring indels of one coding exon together.

    Args:
        reference: the locus.
        rules: ``rules/calling.toml`` ``[complex]``.
    """

    def __init__(self, reference: Reference, rules: ComplexRules) -> None:
        self._reference, self._rules = reference, rules
        self._counts: Counter[tuple[ReadChange, ReadChange]] = Counter()

    def add(self, indels: Iterable[Indel], mates: Mapping[int, int]) -> None:
        """Take the indels of a block's reads.

        Args:
            indels: those of one read one after the other.
            mates: number of each read's mate.
        """
        before: Indel | None = None
        seen: set[tuple[int, tuple[ReadChange, ReadChange]]] = set()
        for indel in indels:
            if before is not None and before.read == indel.read:
                one, two = sorted((before.change, indel.change))
                gap = two.pos - one.pos - len(one.ref)
                if 0 <= gap <= self._rules.joint_gap and (mates.get(indel.read, -1), (one, two)) not in seen:
                    seen.add((indel.read, (one, two)))
                    self._counts[one, two] += 1
            before = indel

    def changes(self, shown: Mapping[ReadChange, IndelCount]) -> Iterator[tuple[ReadChange, int]]:
        """Joint changes, not normalised, of indels that stand together on most molecules that show them both.

        Args:
            shown: indels as aligned.
        """
        for (one, two), count in self._counts.items():
            counts = sorted((shown[one].total, shown[two].total))
            together = (
                count >= self._rules.joint_rarer * counts[0] and count >= self._rules.joint_other * counts[1]
            )
            if together and self._in_one_exon(one, two):
                between = (
                    self._reference.bases(one.pos + len(one.ref), two.pos - 1)
                    if two.pos > one.pos + len(one.ref)
                    else ""
                )
                yield ReadChange(one.pos, one.ref + between + two.ref, one.alt + between + two.alt), count

    def _in_one_exon(self, one: ReadChange, two: ReadChange) -> bool:
        """Runs in introns slip: what lies there is no part of a coding change."""
        last = two.pos + len(two.ref) - 1
        return any(low <= one.pos and last <= high for low, high in self._reference.main_transcript.cds)

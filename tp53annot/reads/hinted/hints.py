"""Changes that no single read shows whole: what clips put together, joint indels and pairs of breakpoints point to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tp53annot.calling.breakpoints.bridge import LooseReads
from tp53annot.calling.breakpoints.pairs import BreakpointPairs, LongEvent, is_part
from tp53annot.calling.breakpoints.soft_clips import SoftClips
from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.core.allele import Allele
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.names.normalisation import normalise
from tp53annot.reads.hinted.joint_indels import JointIndels

Loose = Callable[[int, int], Iterable[str]]


class NormalForms:
    """Normalised changes by what was seen.

    Args:
        reference: the locus.
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._known: dict[ReadChange, ReadChange | None] = {}

    def of(self, change: ReadChange) -> ReadChange | None:
        """Normalised; ``None`` for what changes nothing or leaves the locus."""
        if change not in self._known:
            try:
                allele = normalise(Allele(pos=change.pos, ref=change.ref, alt=change.alt), self._reference)
                self._known[change] = ReadChange.of(allele)
            except ValueError:
                self._known[change] = None
        return self._known[change]


class HintFinder:
    """Notes in a pileup which changes are to be counted by sequence.

    Args:
        pileup: all reads counted.
        reference: the locus.
        rules: ``rules/calling.toml``.
        normal: the normalised form of a change; ``None`` for what changes nothing or leaves the locus.
        loose: bases of reads aligned nowhere whose mates lie on a stretch (GRCh38, inclusive), or nowhere, too.
    """

    def __init__(
        self,
        pileup: Pileup,
        reference: Reference,
        rules: CallingRules,
        normal: Callable[[ReadChange], ReadChange | None],
        loose: Loose,
    ) -> None:
        self.pileup, self.reference, self.rules, self._normal = pileup, reference, rules, normal
        self._loose, self._known_loose = loose, dict[int, LooseReads]()

    def find(self, clips: SoftClips, joint: JointIndels, *, spliced: bool) -> None:
        """Note what these point to; spliced reads are clipped at introns and show no long event."""
        bridged = None if spliced else self._bridged
        for change, reads in clips.changes(self.reference, self.rules.realign, bridged).items():
            self._note(self._normal(change), reads)
        for change, reads in joint.changes(self.pileup.indels):
            self._note(self._normal(change), reads)
        if not spliced:
            self._look_far(clips)

    def _bridged(self, pos: int, molecules: int, one: str, two: str) -> str | None:
        """The bases of an insertion that reads aligned nowhere lead across."""
        if molecules < self.rules.long_events.pile_molecules:
            return None
        rules = self.rules.bridge
        reads = self._known_loose.get(pos)
        if reads is None:
            found = self._loose(pos - rules.reach, pos + rules.reach)
            reads = self._known_loose[pos] = LooseReads(found, rules)
        return reads.between(one, two)

    def _note(self, change: ReadChange | None, reads: int) -> None:
        if change:
            self.pileup.hints[change] = max(self.pileup.hints.get(change, 0), reads)

    def _look_far(self, clips: SoftClips) -> None:
        rules = self.rules.long_events
        self.pileup.piles = tuple(clips.piles(self.reference, rules))
        pairs = BreakpointPairs(self.pileup, self.reference, rules)
        for found in clips.far_changes(self.reference, self.rules.realign, rules):
            plain = self._normal(found.change)
            if plain:
                pairs.add(plain, found)
        for event in pairs.events(self.rules.haplotype.fragments):
            change = self._normal(event.change)
            if change:
                self._take_event(change, event)

    def _take_event(self, change: ReadChange, event: LongEvent) -> None:
        """Have a long event counted, and not what single reads seem to show where they hold a part of it."""
        beside = self.rules.realign.seed
        self.pileup.far[change] = event.clipped
        self._note(change, event.reads)
        for shown in (self.pileup.hints, self.pileup.indels):
            for part in [c for c in shown if is_part(c, change, self.reference, beside)]:
                del shown[part]

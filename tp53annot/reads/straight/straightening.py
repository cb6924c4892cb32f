"""Reads laid straight: lost and gained bases that errors explain are taken out of their alignments.

A lost base becomes one that is not known, a gained one is dropped, so that what is left of a read can be compared with
the reference base by base. Insertions and deletions that errors do not explain stay as they are.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pysam

from tp53annot.calling.arrays import Bools
from tp53annot.calling.cigar import DELETION, INSERTION, MATCH, MATCHES, ON_READ, ON_REFERENCE, Cigar
from tp53annot.calling.pileup import LongGroup, ReadChange
from tp53annot.core.allele import Allele
from tp53annot.core.locus import Reference
from tp53annot.knowledge.rules.reads.platform import SlipRules
from tp53annot.names.normalisation import stretch
from tp53annot.reads.straight.long_indels import similar
from tp53annot.reads.straight.survey import WrittenForms

_INDELS = (INSERTION, DELETION)


class Straightener:
    """Takes out what errors explain.

    Args:
        reference: the locus.
        offset: what makes the file's position of a GRCh38 one, added to it.
        kept: insertions and deletions that stay.
        groups: long ones; insertions of their reads become the one that most of these show.
        normal: normalises what aligners write.
        rules: ``rules/calling.toml`` ``[slips]``.
    """

    def __init__(
        self,
        reference: Reference,
        offset: int,
        kept: frozenset[ReadChange],
        groups: Sequence[LongGroup],
        normal: WrittenForms,
        rules: SlipRules,
    ) -> None:
        self._offset, self._normal, self._rules = offset, normal, rules
        self._start = reference.start
        size = reference.end - reference.start + 2
        self._there: Bools = np.zeros(size, np.bool_)  # where one that stays may be written
        self._beside: Bools = np.zeros(size, np.bool_)  # where one as long as one that stays may be it, too
        self._long: list[tuple[int, int, int]] = []  # where, and by how many bases it changes the length
        self._groups = [g for g in groups if g.change is not None and g.change.net > 0]
        grouped = {g.change for g in groups if g.change is not None}
        self._kept = kept | grouped
        for change in sorted(self._kept):
            first, last = stretch(Allele(pos=change.pos, ref=change.ref, alt=change.alt), reference)
            low, high = min(first, change.pos) - self._start, max(last, change.pos) - self._start + 2
            self._there[max(low - 1, 0) : high + 1] = True
            if abs(change.net) >= rules.similar:
                self._beside[max(low - rules.near, 0) : high + rules.near] = True
                self._long.append((low - rules.near, high + rules.near, change.net))

    def straight(self, reads: Iterable[pysam.AlignedSegment]) -> Iterator[pysam.AlignedSegment]:
        """These reads, in their order; they are changed in place."""
        for read in reads:
            cigar = read.cigartuples
            if cigar and read.query_sequence and any(op in _INDELS for op, _ in cigar):
                self._lay(read, tuple(cigar))
            yield read

    def _lay(self, read: pysam.AlignedSegment, cigar: Cigar) -> None:
        bases, stated = read.query_sequence or "", read.query_qualities
        at, q, laid = read.reference_start + 1 - self._offset, 0, []
        text: list[str] = []
        qualities: array[int] | None = array("B") if stated is not None else None
        for op, size in cigar:
            taken = size if op in ON_READ else 0
            new = bases[q : q + taken]
            stays = op not in _INDELS or self._stays(op, at, size, new)
            usual = self._usual(at, new) if op == INSERTION and size >= self._rules.similar_long else None
            if usual is not None:
                laid.append((INSERTION, len(usual)))
                text.append(usual)
                if qualities is not None and stated is not None:
                    known = stated[q : q + min(size, len(usual))]
                    qualities.extend(known)
                    qualities.extend([known[-1]] * (len(usual) - len(known)))
            elif op == INSERTION and stays:
                more = self._lacking(at, size)
                laid.append((INSERTION, size + more))
                text.append(new + "N" * more if more > 0 else new[: size + more])
                if qualities is not None and stated is not None:
                    qualities.extend(stated[q : q + min(size, size + more)])
                    qualities.extend([0] * more)
            elif not stays:
                if op == DELETION:
                    laid.append((MATCH, size))
                    text.append("N" * size)
                    if qualities is not None:
                        qualities.extend([0] * size)
            else:
                laid.append((MATCH if op in MATCHES else op, size))
                text.append(new)
                if qualities is not None and stated is not None:
                    qualities.extend(stated[q : q + taken])
            at += size if op in ON_REFERENCE else 0
            q += taken
        read.query_sequence = "".join(text)
        read.query_qualities = qualities
        read.cigartuples = _joined(laid)

    def _usual(self, at: int, new: str) -> str | None:
        """What an insertion before GRCh38 ``at`` most likely is, by the others there."""
        rules = self._rules
        for group in self._groups:
            if group.change is None or not group.first - rules.near < at <= group.last + rules.near + 1:
                continue
            inserted = group.change.alt[1:]
            fits = abs(len(new) - len(inserted)) <= max(rules.similar, len(inserted) // 10)
            if fits and similar(new, inserted, rules.words):
                turned = min(max(at - 1 - group.change.pos, 0), len(inserted))
                return inserted[turned:] + inserted[:turned]
        return None

    def _lacking(self, at: int, size: int) -> int:
        """Bases that an insertion before GRCh38 ``at`` lacks, by errors, of one that stays there; negative: has more."""
        i = at - self._start
        if size < self._rules.similar or not 0 < i < len(self._beside) or not self._beside[i]:
            return 0
        lengths = [net - size for low, high, net in self._long if net > 0 and low <= i <= high]
        closest = min(lengths, key=lambda more: (abs(more), more), default=0)
        return closest if abs(closest) <= max(1, size // self._rules.similar) else 0

    def _stays(self, op: int, at: int, size: int, new: str) -> bool:
        """Whether an insertion or deletion before or from GRCh38 ``at`` stays."""
        rules, i = self._rules, at - self._start
        if size >= rules.long:
            return True
        if not 0 < i < len(self._there):
            return False
        if size >= rules.similar and self._beside[i]:
            return True
        if not self._there[i]:
            return False
        return self._normal.of((at - 1, size, "") if op == DELETION else (at - 1, 0, new)) in self._kept


def _joined(cigar: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring operations of a kind as one."""
    found: list[tuple[int, int]] = []
    for op, size in cigar:
        if found and found[-1][0] == op:
            found[-1] = (op, found[-1][1] + size)
        else:
            found.append((op, size))
    return found

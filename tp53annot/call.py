"""Variants from counted reads, with a stated error model (docs/calling.md).

For each base that differs from the reference the expected number of errors is the sum of the error
probabilities its reads state, with a floor by class of change; the chance of seeing that many or
more is a Poisson tail, held against a limit shared out over the whole target. What is found but not
called keeps its reasons.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tp53annot.model import Allele, Flag, ReadSupport
from tp53annot.pileup import BASES, FORWARD, REVERSE, IndelCount, Pileup
from tp53annot.reference import Reference

Rules = Mapping[str, Any]
_DAMAGE = {("C", "T"), ("G", "A"), ("G", "T"), ("C", "A")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCall:
    """An allele (GRCh38) seen in the reads; called when ``reasons`` is empty.

    ``p``: probability that errors alone give this many fragments.
    """

    allele: Allele
    support: ReadSupport
    p: float
    reasons: tuple[Flag, ...]

    @property
    def quality(self) -> float:
        """Phred-scaled ``p``, at most 999."""
        return min(999.0, -10 * math.log10(max(self.p, 1e-300)))


def call(pileup: Pileup, reference: Reference, rules: Rules, *, min_vaf: float | None = None,
         min_alt: int | None = None) -> list[ReadCall]:  # fmt: skip
    """Everything seen in at least two fragments, in order of position.

    Args:
        pileup: counts.
        reference: the locus.
        rules: ``rules/calling.toml``.
        min_vaf: lowest VAF called (0..1); the rules' default when ``None``.
        min_alt: fewest supporting fragments; the rules' default when ``None``.
    """
    judge = _Judge(pileup, reference, rules, min_vaf, min_alt)
    found = [*judge.substitutions(), *judge.indels()]
    return sorted(found, key=lambda c: (c.allele.pos, c.allele.ref, c.allele.alt))


def poisson_tail(count: int, mean: float) -> float:
    """Probability of ``count`` or more events where ``mean`` are expected.

    >>> round(poisson_tail(1, 1.0), 4)
    0.6321
    """
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if count <= mean:
        return max(0.0, 1.0 - sum(math.exp(_log_term(k, mean)) for k in range(count)))
    total, k, term = 0.0, count, math.exp(_log_term(count, mean))
    while term > total * 1e-12 and term > 0:
        total += term
        k += 1
        term *= mean / k
    return min(total, 1.0)


def _log_term(k: int, mean: float) -> float:
    return k * math.log(mean) - mean - math.lgamma(k + 1)


class _Judge:
    def __init__(
        self, pileup: Pileup, reference: Reference, rules: Rules, min_vaf: float | None, min_alt: int | None
    ) -> None:
        self.pileup, self.reference, self.rules = pileup, reference, rules
        self.model = rules["model"]
        self.min_vaf = self.model["min_vaf"] if min_vaf is None else min_vaf
        self.min_alt = self.model["min_alt_fragments"] if min_alt is None else min_alt
        self.limit = self.model["family_error"] / (3 * pileup.length)
        self.sequence = reference.bases(pileup.start, pileup.start + pileup.length - 1)
        self._floors: dict[tuple[str, str], float] = {}

    # substitutions ----------------------------------------------------------------------

    def substitutions(self) -> Iterator[ReadCall]:
        """Single bases; neighbours that always stand on the same fragments become one change."""
        singles = {(c.allele.pos, c.allele.alt): c for c in self._singles()}
        joined: set[tuple[int, str]] = set()
        for (pos, alt, pos2, alt2), together in sorted(self.pileup.pairs.items()):
            one, two = singles.get((pos, alt)), singles.get((pos2, alt2))
            if (
                one is None
                or two is None
                or one.reasons
                or two.reasons
                or {(pos, alt), (pos2, alt2)} & joined
            ):
                continue
            if not self._same_codon_distance(pos, pos2) or not self._always_together(one, two, together):
                continue
            joined |= {(pos, alt), (pos2, alt2)}
            yield self._pair(one, two)
        yield from (c for key, c in singles.items() if key not in joined)

    def _same_codon_distance(self, pos: int, pos2: int) -> bool:
        return pos2 - pos <= 2

    def _always_together(self, one: ReadCall, two: ReadCall, together: int) -> bool:
        fewer = min(one.support.alt_reads or 0, two.support.alt_reads or 0)
        more = max(one.support.alt_reads or 0, two.support.alt_reads or 0)
        return together >= 0.6 * fewer and fewer >= 0.7 * more

    def _pair(self, one: ReadCall, two: ReadCall) -> ReadCall:
        first, last = one.allele.pos, two.allele.pos
        ref = self.reference.bases(first, last)
        alt = one.allele.alt + ref[1:-1] + two.allele.alt
        weaker = one if (one.support.alt_reads or 0) <= (two.support.alt_reads or 0) else two
        return ReadCall(
            allele=Allele(pos=first, ref=ref, alt=alt),
            support=weaker.support,
            p=max(one.p, two.p),
            reasons=(),
        )

    def _singles(self) -> Iterator[ReadCall]:
        pileup = self.pileup
        totals, depth = pileup.bases.sum(axis=0), pileup.depth
        for b, base in enumerate(BASES):
            for i in (totals[b] >= 2).nonzero()[0]:
                ref = self.sequence[i]
                if base != ref and ref in BASES:
                    yield self._single(int(i), b, ref, base, int(depth[i]))

    def _single(self, i: int, b: int, ref: str, alt: str, depth: int) -> ReadCall:
        pileup = self.pileup
        forward, reverse = (int(pileup.bases[s, b, i]) for s in (FORWARD, REVERSE))
        r = BASES.index(ref)
        support = self._support(
            forward, reverse, int(pileup.bases[FORWARD, r, i]), int(pileup.bases[REVERSE, r, i]), depth
        )
        expected = max(float(pileup.errors[i]) / 3, depth * self._floor(ref, alt))
        p = poisson_tail(forward + reverse, expected)
        ends = int(pileup.ends[b, i])
        allele = Allele(pos=pileup.start + i, ref=ref, alt=alt)
        return ReadCall(allele=allele, support=support, p=p, reasons=self._reasons(support, p, ends))

    def _floor(self, ref: str, alt: str) -> float:
        """Error rate of a class of change: this sample's own when it has bases enough, else stated."""
        if (ref, alt) not in self._floors:
            self._floors[ref, alt] = self._measured_floor(ref, alt)
        return self._floors[ref, alt]

    def _measured_floor(self, ref: str, alt: str) -> float:
        model, pileup = self.model, self.pileup
        stated: float = model["damage_floor"] if (ref, alt) in _DAMAGE else model["error_floor"]
        places = [i for i, base in enumerate(self.sequence) if base == ref]
        seen, depth = pileup.bases.sum(axis=0)[BASES.index(alt), places], pileup.depth[places]
        plain = seen <= model["background_vaf"] * depth  # what is more may be a variant
        bases = int(depth[plain].sum())
        if bases < model["background_bases"]:
            return stated
        rate = int(seen[plain].sum()) / bases
        return float(max(model["error_floor"], rate * model["background_factor"]))

    # insertions and deletions -----------------------------------------------------------

    def indels(self) -> Iterator[ReadCall]:
        """Insertions and deletions of the alignments, with the depth of fragments that can show them."""
        pileup = self.pileup
        for (pos, ref, alt), count in sorted(pileup.indels.items()):
            total = count.forward + count.reverse
            low, high = pos - pileup.start, pos + len(ref) - pileup.start
            if total < 2 or low < 1 or high >= pileup.length:
                continue
            depth, forward, reverse = self._showing(low, len(alt) - len(ref), count)
            support = self._support(count.forward, count.reverse, forward, reverse, depth)
            slip = self._homopolymer(low + 1) >= self.model["homopolymer_length"]
            floor = self.model["homopolymer_floor"] if slip else self.model["error_floor"]
            p = poisson_tail(total, max(depth * floor, 0.01))
            allele = Allele(pos=pos, ref=ref, alt=alt)
            yield ReadCall(
                allele=allele, support=support, p=p, reasons=self._reasons(support, p, count.near_end)
            )

    def _showing(self, low: int, net: int, count: IndelCount) -> tuple[int, int, int]:
        """Depth among reads that can show the change; forward and reverse reads without it.

        Both kinds of read must have ``indel_flank`` bases on either side of it (an insertion takes
        its own length, too), so that reads that end near it count for neither.
        """
        flank, total = self.model["indel_flank"], count.forward + count.reverse
        first, last = low - flank + 1, low + flank + max(net, 0)
        forward, reverse = self.pileup.spanning(max(first, 0), min(last, self.pileup.length - 1))
        carrying = sum(1 for *_, a, b in count.reads if a <= first and b >= last)
        without = max(forward + reverse - carrying, 0)
        clear = sum(1 for before, after, *_ in count.reads if before >= flank and after >= flank)
        if clear < 2:
            return total + without, forward, reverse
        depth = max(round(total * (clear + without) / clear), total)
        share = without / (forward + reverse) if forward + reverse else 0.0
        return depth, round(forward * share), round(reverse * share)

    def _homopolymer(self, i: int) -> int:
        base, j = self.sequence[min(i, len(self.sequence) - 1)], i
        while j + 1 < len(self.sequence) and self.sequence[j + 1] == base:
            j += 1
        return j - i + 1

    # judgement --------------------------------------------------------------------------

    def _support(
        self, forward: int, reverse: int, ref_forward: int, ref_reverse: int, depth: int
    ) -> ReadSupport:
        total = forward + reverse
        return ReadSupport(
            vaf=min(total / depth, 1.0) if depth else None,
            depth=depth,
            alt_reads=total,
            ref_reads=ref_forward + ref_reverse,
            alt_forward=forward,
            alt_reverse=reverse,
            ref_forward=ref_forward,
            ref_reverse=ref_reverse,
            vaf_source="reads",
            unit="fragments",
        )

    def _reasons(self, s: ReadSupport, p: float, ends: int) -> tuple[Flag, ...]:
        words, found = self.rules["reasons"], []
        reads, vaf = s.alt_reads or 0, s.vaf or 0.0
        if reads < self.min_alt:
            found.append(("few_reads", words["few_reads"].format(reads=reads, limit=self.min_alt)))
        if vaf < self.min_vaf:
            found.append(("low_vaf", words["low_vaf"].format(vaf=vaf, limit=self.min_vaf)))
        if p > self.limit:
            found.append(("error_model", words["error_model"].format(reads=reads, p=p, limit=self.limit)))
        if self._one_strand(s, vaf):
            text = words["one_strand"].format(forward=s.alt_forward, reverse=s.alt_reverse, vaf=vaf)
            found.append(("one_strand", text))
        if vaf <= self.model["strand_vaf"] and reads and ends / reads >= self.model["max_end_share"]:
            found.append(("read_ends", words["read_ends"].format(share=ends / reads)))
        source = self.model["source"]
        return tuple(Flag(id=f"call.{name}", text=text, source=source) for name, text in found)

    def _one_strand(self, s: ReadSupport, vaf: float) -> bool:
        """Seen on one strand although the reference reads, by their share, would show it on both."""
        forward, reverse = s.alt_forward or 0, s.alt_reverse or 0
        reads, reference = forward + reverse, (s.ref_forward or 0) + (s.ref_reverse or 0)
        if vaf > self.model["strand_vaf"] or not reads or not reference:
            return False
        share = min(forward, reverse) / reads
        other = (s.ref_reverse if forward >= reverse else s.ref_forward) or 0
        unlikely = (1 - other / reference) ** reads < self.model["one_strand_p"]
        return bool(share <= self.model["strand_min_share"] and unlikely)

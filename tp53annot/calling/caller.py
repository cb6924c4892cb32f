"""Variants from counted reads, with a stated error model (docs/calling.md).

For each base that differs from the reference the expected number of errors is the sum of the error
probabilities its reads state, with a floor by class of change as this sample shows it (call_model);
the chance of seeing that many or more is held against a limit shared out over the whole target. What
is found but not called keeps its reasons.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tp53annot.calling.error_model import error_limit, error_rates
from tp53annot.calling.pileup import BASES, FORWARD, REVERSE, Change, Pileup
from tp53annot.calling.reasons import reasons_against
from tp53annot.calling.reasons.evidence import CallEvidence
from tp53annot.calling.slippage import Slippage
from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Flag, ReadSupport
from tp53annot.core.locus import Reference
from tp53annot.core.statistics import overdispersed_at_least
from tp53annot.knowledge.rules.calling import CallingRules

# Error rate by GRCh38 position and base, from other samples (--background).
Background = Mapping[tuple[int, str], float]


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


def call(
    pileup: Pileup, reference: Reference, rules: CallingRules, *, min_vaf: float | None = None,
    min_alt: int | None = None, background: Background | None = None,
) -> list[ReadCall]:  # fmt: skip
    """Everything seen in enough fragments to be worth a word, in order of position.

    Args:
        pileup: counts.
        reference: the locus.
        rules: ``rules/calling.toml``.
        min_vaf: lowest VAF called (0..1); the rules' default when ``None``.
        min_alt: fewest supporting fragments; the rules' default when ``None``.
        background: error rates by place in other samples.
    """
    judge = _Judge(pileup, reference, rules, min_vaf, min_alt, background)
    found = [judge.judge(change) for change in judge.seen()]
    return sorted(found, key=lambda c: (c.allele.pos, c.allele.ref, c.allele.alt))


def judge(
    allele: Allele, pileup: Pileup, reference: Reference, rules: CallingRules, *, min_vaf: float | None = None,
    min_alt: int | None = None, background: Background | None = None,
) -> ReadCall:  # fmt: skip
    """The verdict on one allele (normalised, within the pileup), seen or not; arguments as in ``call``."""
    found = _Judge(pileup, reference, rules, min_vaf, min_alt, background)
    return found.judge((allele.pos, allele.ref, allele.alt))


class _Judge:
    def __init__(
        self, pileup: Pileup, reference: Reference, rules: CallingRules, min_vaf: float | None, min_alt: int | None,
        background: Background | None,
    ) -> None:  # fmt: skip
        self.pileup, self.reference, self.rules = pileup, reference, rules
        self.model = rules.model
        self.min_vaf = self.model.min_vaf if min_vaf is None else min_vaf
        self.min_alt = self.model.min_alt_fragments if min_alt is None else min_alt
        self.background = background or {}
        self.depth = pileup.depth
        self.limit = error_limit(pileup, self.model)
        self.sequence = reference.bases(pileup.start, pileup.start + pileup.length - 1)
        self.rates = error_rates(pileup, self.sequence, self.model)

    @cached_property
    def slippage(self) -> Slippage:
        """Asked for by insertions and deletions only."""
        return Slippage(self.pileup, self.sequence, self.model)

    # what was seen ----------------------------------------------------------------------

    def seen(self) -> list[Change]:
        """Changes in at least two fragments, single bases only where they are many or a fair share."""
        counted = {c: s for c, s in self.pileup.shares.items() if s.vaf is not None}
        found = {c for c, s in counted.items() if sum(s.alt) >= 2}
        found |= {c for c, n in self.pileup.indels.items() if n.total >= 2} - counted.keys()
        found = {c for c in found if self.pileup.holds(c)}
        report = self.rules.report
        totals = self.pileup.bases.sum(axis=0)
        many = (totals >= min(self.min_alt, report.list_fragments)) | (
            (totals >= 2) & (totals >= min(self.min_vaf, report.list_vaf) * self.depth)
        )
        for b, base in enumerate(BASES):
            for i in many[b].nonzero()[0]:
                ref, pos = self.sequence[i], self.pileup.start + int(i)
                if base != ref and ref in BASES and (pos, ref, base) not in counted:
                    found.add((pos, ref, base))
        return sorted(found)

    # judgement --------------------------------------------------------------------------

    def judge(self, change: Change) -> ReadCall:
        """Support, error probability and reasons against a call."""
        pos, ref, alt = change
        shares = self.pileup.shares.get(change)
        if shares is not None and shares.vaf is not None:
            support = _support(*shares.alt, *shares.ref, shares.depth, shares.vaf)
        elif len(ref) == len(alt) and change not in self.pileup.indels:
            support = self._aligned_bases(change)
        else:
            support = self._aligned_indel(change)
        reads, depth = support.alt_reads or 0, support.depth or 0
        mean, spread = self._expected(change, depth)
        p = overdispersed_at_least(reads, mean, spread)
        end_share, reference_end_share = self._ends(change)
        evidence = CallEvidence(
            index=pos - self.pileup.start,
            support=support,
            p=p,
            p_limit=self.limit,
            min_vaf=self.min_vaf,
            min_alt=self.min_alt,
            end_share=end_share,
            reference_end_share=reference_end_share,
            pileup=self.pileup,
            model=self.model,
        )
        reasons = reasons_against(evidence, self.rules.reasons)
        return ReadCall(allele=Allele(pos=pos, ref=ref, alt=alt), support=support, p=p, reasons=reasons)

    def _aligned_bases(self, change: Change) -> ReadSupport:
        """The rarest of the changed bases, as aligned."""
        i, counts = change[0] - self.pileup.start, self.pileup.bases
        places = [n for n, (a, b) in enumerate(zip(change[1], change[2], strict=True)) if a != b]
        n = min(places, key=lambda n: int(counts[:, BASES.index(change[2][n]), i + n].sum()))
        alt, ref = BASES.index(change[2][n]), BASES.index(change[1][n])
        forward, reverse = (int(counts[s, alt, i + n]) for s in (FORWARD, REVERSE))
        depth = int(self.depth[i + n])
        return _support(
            forward, reverse, int(counts[FORWARD, ref, i + n]), int(counts[REVERSE, ref, i + n]), depth
        )

    def _aligned_indel(self, change: Change) -> ReadSupport:
        """As aligned, among the fragments over the change."""
        count = self.pileup.indels.get(change)
        forward, reverse = (count.forward, count.reverse) if count else (0, 0)
        low = change[0] - self.pileup.start
        spans = self.pileup.spans[:, low : low + len(change[1])].min(axis=1)
        depth = max(int(spans.sum()), forward + reverse)
        return _support(
            forward, reverse, max(int(spans[FORWARD]) - forward, 0), max(int(spans[REVERSE]) - reverse, 0),
            depth,
        )  # fmt: skip

    def _expected(self, change: Change, depth: int) -> tuple[float, float]:
        """Fragments that errors give, and their spread."""
        pos, ref, alt = change
        i = pos - self.pileup.start
        if len(ref) == len(alt) == 1:
            seen = self.pileup.bases[:, :, i].sum(axis=0)
            # A base that is often another than the reference's is misread as that one.
            sources = [
                (int(n), self.rates[base, alt]) for base, n in zip(BASES, seen, strict=True) if base != alt
            ]
            errors = sum(n * r.rate for n, r in sources)
            spread = max(sources, key=lambda s: s[0] * s[1].rate)[1].spread
            elsewhere = self.background.get((pos, alt), 0.0) * self.model.background_factor
            least = max(float(self.pileup.errors[i]) / 3, int(seen[BASES.index(ref)]) * elsewhere)
            return max(least, errors), spread
        single = abs(len(ref) - len(alt)) == 1 == min(len(ref), len(alt))
        rate = self.model.error_floor if single else self.model.rare_floor
        expected = [(max(depth * rate, self.model.least_errors), 0.0)]
        slipped, echo = self.slippage.rate(change), self.pileup.echoes.get(change)
        if slipped is not None:
            expected.append((depth * slipped.rate, slipped.spread))
        if echo is not None:
            expected.append((echo.expected, echo.spread))
        return max(expected)

    def _ends(self, change: Change) -> tuple[float, float]:
        """Shares of supporting and of reference bases near a read's end."""
        pos, ref, alt = change
        i = pos - self.pileup.start
        if len(ref) == len(alt) == 1:
            counts, ends = self.pileup.bases.sum(axis=0)[:, i], self.pileup.ends[:, i]
            a, r = BASES.index(alt), BASES.index(ref)
            return ends[a] / max(counts[a], 1), ends[r] / max(counts[r], 1)
        count = self.pileup.indels.get(change)
        return (count.near_end / count.total if count and count.total else 0.0), 0.0


def _support(
    forward: int, reverse: int, ref_forward: int, ref_reverse: int, depth: int, vaf: float | None = None
) -> ReadSupport:
    total = forward + reverse
    if vaf is None and depth:
        vaf = min(total / depth, 1.0)
    return ReadSupport(
        vaf=vaf, depth=depth, alt_reads=total, ref_reads=ref_forward + ref_reverse, alt_forward=forward,
        alt_reverse=reverse, ref_forward=ref_forward, ref_reverse=ref_reverse, vaf_source="reads",
        unit="fragments",
    )  # fmt: skip

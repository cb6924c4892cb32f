"""Variants from counted reads, with a stated error model (docs/calling.md).

For each base that differs from the reference the expected number of errors is the sum of the error
probabilities its reads state, with a floor by class of change as this sample shows it; the chance of
seeing that many or more is held against a limit shared out over the whole target. What is found but
not called keeps its reasons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tp53annot.calling.arrays import BASES, Floats, Ints, codes_of
from tp53annot.calling.background import Background
from tp53annot.calling.error_model import error_rates
from tp53annot.calling.pileup import FORWARD, REVERSE, Pileup, ReadChange
from tp53annot.calling.proof.cpg_damage import CpgDamage
from tp53annot.calling.proof.fewest import COARSE, STEP, fewest_at
from tp53annot.calling.proof.own_errors import OwnErrors, one_base_indel
from tp53annot.calling.reasons import reasons_against
from tp53annot.calling.reasons.evidence import CallEvidence
from tp53annot.calling.slip_noise import SlipNoise
from tp53annot.calling.slippage import Slippage
from tp53annot.core.allele import Allele
from tp53annot.core.candidate import OF_RNA, Flag, ReadSupport
from tp53annot.core.locus import Reference
from tp53annot.core.statistics import overdispersed_at_least
from tp53annot.knowledge.rules.reads.calling import CallingRules

_FEWEST = 2  # fragments: what one alone shows is not looked at
_HIGHEST_QUALITY, _LOWEST_P = 999.0, 1e-300


class ReadCall(Struct, frozen=True, kw_only=True):
    """An allele seen in the reads, with the verdict on it.

    Attributes:
        allele: GRCh38, normalised.
        support: fragments for and against it.
        p: probability (0..1) that errors alone give this many fragments.
        fewest: fragments that a call of it needs, at least.
        reasons: what is held against a call; none: it is called.
    """

    allele: Allele
    support: ReadSupport
    p: float
    fewest: int
    reasons: tuple[Flag, ...]

    @property
    def quality(self) -> float:
        """Phred-scaled ``p``, at most 999."""
        return min(_HIGHEST_QUALITY, -10 * math.log10(max(self.p, _LOWEST_P)))


class _Errors(Struct, frozen=True, kw_only=True):
    """Fragments that errors give of a change.

    Attributes:
        mean: how many are expected.
        spread: variance beyond Poisson, as a share of the mean squared.
        proven: whether the sample's own errors tell.
    """

    mean: float
    spread: float
    proven: bool = False


class Caller:
    """Judges what one pileup shows.

    Args:
        pileup: counts.
        reference: the locus.
        rules: ``rules/calling.toml``.
        min_vaf: lowest VAF called (0..1); the rules' own when ``None``.
        min_alt: fewest supporting fragments of a call; the rules' own when ``None``.
        background: error rates by place in other samples.
        target: stretches (GRCh38, inclusive) that calls are reported of; all that is counted when ``None``.

    Attributes:
        limit: probability (0..1) by errors alone up to which something is a call.
    """

    def __init__(
        self,
        pileup: Pileup,
        reference: Reference,
        rules: CallingRules,
        *,
        min_vaf: float | None = None,
        min_alt: int | None = None,
        background: Background | None = None,
        target: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        self.pileup, self.reference, self.rules = pileup, reference, rules
        self.model = rules.model if pileup.noise is None else pileup.noise.model(rules.model)
        self.min_vaf = self.model.min_vaf if min_vaf is None else min_vaf
        self.min_alt = self.model.min_alt_fragments if min_alt is None else min_alt
        self._asked = min_alt is not None
        self.background = background or {}
        self._depth = pileup.depth
        tests = 3 * max(self._places(target), 1)  # each place may show three other bases
        self.limit = self.model.family_error / tests
        proof = rules.proof.family_error if pileup.noise is None else self.model.family_error
        self._proof_limit = proof / tests
        self._sequence = reference.bases(pileup.start, pileup.start + pileup.length - 1)
        self._rates = error_rates(pileup, self._sequence, self.model)
        self._cpg = CpgDamage(pileup, self._sequence, self.model)

    def _places(self, target: Sequence[tuple[int, int]] | None) -> int:
        """Places of the target that reads cover."""
        if target is None:
            return int((self._depth > 0).sum())
        wanted = np.zeros(self.pileup.length, np.bool_)
        for first, last in target:
            wanted[max(first - self.pileup.start, 0) : max(last - self.pileup.start + 1, 0)] = True
        return int((wanted & (self._depth > 0)).sum())

    @cached_property
    def _own(self) -> OwnErrors:
        proof = self.rules.proof
        if self.pileup.rna:  # no negative result rests on it
            own = self.rules.splicing
            proof = replace(proof, depth=own.proof_depth, bases=own.proof_bases)
        return OwnErrors(self.pileup, self._sequence, self.model, proof)

    @cached_property
    def _slippage(self) -> Slippage:
        """Asked for by insertions and deletions only."""
        return Slippage(self.pileup, self._sequence, self.model)

    def calls(self) -> list[ReadCall]:
        """Everything seen in enough fragments to be judged, called or not, in order of position."""
        return [self._verdict(change) for change in self._seen()]

    def judge(self, allele: Allele) -> ReadCall:
        """The verdict on one allele (normalised, within the pileup), seen or not."""
        return self._verdict(ReadChange.of(allele))

    def _seen(self) -> list[ReadChange]:
        """Changes in at least two fragments, single bases only where they are many or a fair share."""
        counted = {c: s for c, s in self.pileup.shares.items() if s.vaf is not None}
        found = {c for c, s in counted.items() if sum(s.alt) >= _FEWEST}
        found |= {c for c, n in self.pileup.indels.items() if n.total >= _FEWEST} - counted.keys()
        found = {c for c in found if self.pileup.holds(c)}
        listing = self.rules.report
        totals = self.pileup.bases.sum(axis=0)
        many = (totals >= min(self.min_alt, listing.list_fragments)) | (
            (totals >= _FEWEST) & (totals >= min(self.min_vaf, listing.list_vaf) * self._depth)
        )
        for b, base in enumerate(BASES):
            for i in many[b].nonzero()[0]:
                change = ReadChange(self.pileup.start + int(i), self._sequence[i], base)
                if base != change.ref and change.ref in BASES and change not in counted:
                    found.add(change)
        return sorted(found)

    def _verdict(self, change: ReadChange) -> ReadCall:
        support = self._support(change)
        errors = self._expected(change, support.depth or 0)
        p = overdispersed_at_least(support.alt_reads or 0, errors.mean, errors.spread)
        fewest = self._fewest(change, errors, support)
        end_share, reference_end_share = self._end_shares(change)
        evidence = CallEvidence(
            index=self.pileup.index_of(change),
            support=support,
            p=p,
            p_limit=self._proof_limit if errors.proven else self.limit,
            min_vaf=self.min_vaf,
            min_alt=fewest,
            end_share=end_share,
            reference_end_share=reference_end_share,
            pileup=self.pileup,
            model=self.model,
            expected=errors.mean,
            spread=errors.spread,
        )
        return ReadCall(
            allele=Allele(pos=change.pos, ref=change.ref, alt=change.alt),
            support=support,
            p=p,
            fewest=fewest,
            reasons=reasons_against(evidence, self.rules.reasons),
        )

    # the fewest molecules ----------------------------------------------------------------

    def _fewest(self, change: ReadChange, errors: _Errors, support: ReadSupport) -> int:
        """Fewest molecules of this call: fewer than the fixed number only where the sample's own errors prove it."""
        if self._asked or not errors.proven:
            return self.min_alt
        proof = self.rules.proof
        if self.pileup.rna and not (change.single_base and self.pileup.distinct(change) >= proof.min_alt - 1):
            return self.min_alt  # copies of a molecule are not told apart
        on_both = min(support.alt_forward or 0, support.alt_reverse or 0) > 0
        forward, reverse = support.ref_forward or 0, support.ref_reverse or 0
        both_sequenced = min(forward, reverse) >= proof.strand_share * max(forward + reverse, 1)
        return proof.min_alt if on_both or not both_sequenced else self.min_alt

    def fewest_by_place(self) -> Ints:
        """For each place the fewest molecules by which any other base there is called, whatever they are."""
        found = np.zeros(self.pileup.length, np.int64)
        letters, proof = codes_of(self._sequence), self.rules.proof
        step = STEP if self.pileup.noise is None else COARSE
        for ref, alt, own in self._own.classes():
            here = letters == BASES.index(ref)
            proven = here & self._own.deep & own.proven
            least = self.min_alt if self._asked else proof.min_alt
            rate = self._rates[ref, alt]
            stated: Floats = self._depth.astype(np.float64) * rate.rate
            if self.pileup.noise is None:
                stated = np.maximum(self.pileup.errors / 3, stated)
            for where, expected, spread, fewest, limit in (
                (proven, own.expected, own.spread, least, self._proof_limit),
                (here & ~proven, stated, rate.spread, self.min_alt, self.limit),
            ):
                found = np.maximum(found, fewest_at(expected, where, spread, fewest, limit, step))
        damage = self._cpg.rate
        if damage is not None:
            raised: Floats = self._depth.astype(np.float64) * damage.rate
            found = np.maximum(
                found, fewest_at(raised, self._cpg.places, damage.spread, self.min_alt, self.limit, step)
            )
        return found

    def rarer_strand(self) -> Floats:
        """For each place the share of the molecules on the strand that has fewer of them."""
        return np.asarray(self.pileup.spans.min(axis=0) / np.maximum(self._depth, 1))

    # fragments for and against ----------------------------------------------------------

    def _support(self, change: ReadChange) -> ReadSupport:
        shares = self.pileup.shares.get(change)
        if shares is not None and shares.vaf is not None:
            return self._read_support(shares.alt, shares.ref, shares.depth, shares.vaf)
        if not change.net and change not in self.pileup.indels:
            return self._aligned_bases(change)
        return self._aligned_indel(change)

    def _aligned_bases(self, change: ReadChange) -> ReadSupport:
        """The rarest of the changed bases, as aligned."""
        first, counts = change.pos - self.pileup.start, self.pileup.bases
        places = [n for n, (a, b) in enumerate(zip(change.ref, change.alt, strict=True)) if a != b]
        n = min(places, key=lambda n: int(counts[:, BASES.index(change.alt[n]), first + n].sum()))
        alt, ref, i = BASES.index(change.alt[n]), BASES.index(change.ref[n]), first + n
        return self._read_support(
            (int(counts[FORWARD, alt, i]), int(counts[REVERSE, alt, i])),
            (int(counts[FORWARD, ref, i]), int(counts[REVERSE, ref, i])),
            int(self._depth[i]),
        )

    def _aligned_indel(self, change: ReadChange) -> ReadSupport:
        """As aligned, among the fragments over the change."""
        count = self.pileup.indels.get(change)
        forward, reverse = (count.forward, count.reverse) if count else (0, 0)
        low = change.pos - self.pileup.start
        spans = self.pileup.spans[:, low : low + len(change.ref)].min(axis=1)
        return self._read_support(
            (forward, reverse),
            (max(int(spans[FORWARD]) - forward, 0), max(int(spans[REVERSE]) - reverse, 0)),
            max(int(spans.sum()), forward + reverse),
        )

    # what errors would give -------------------------------------------------------------

    def _expected(self, change: ReadChange, depth: int) -> _Errors:
        """What errors give: as of any change of its kind, or as of damaged CpG, where these give more."""
        of_kind = self._expected_bases(change) if change.single_base else self._expected_longer(change, depth)
        damage, of_cpg = self._cpg.rate, self._cpg.expected(change, change.pos - self.pileup.start, depth)
        if damage is None or of_cpg <= of_kind.mean:
            return of_kind
        return _Errors(mean=of_cpg, spread=damage.spread)

    def _expected_bases(self, change: ReadChange) -> _Errors:
        """Of one base for another, by the qualities of the reads and the rates of this and other samples."""
        pos, ref, alt = change
        i = pos - self.pileup.start
        seen = self.pileup.bases[:, :, i].sum(axis=0)
        # A base that is often another than the reference's is misread as that one.
        sources = [
            (int(n), self._rates[base, alt]) for base, n in zip(BASES, seen, strict=True) if base != alt
        ]
        errors = sum(n * r.rate for n, r in sources)
        spread = max(sources, key=lambda s: s[0] * s[1].rate)[1].spread
        few = self.pileup.rna and int(seen[BASES.index(alt)]) < self.rules.proof.min_alt
        own = None if few else self._own.of_base(ref, alt, i)  # of a shallow sample they prove calls alone
        elsewhere = self.background.get((pos, alt), 0.0) * self.model.background_factor
        others = int(seen[BASES.index(ref)]) * elsewhere
        if own is not None:
            beside = (
                sum(n * r.rate for n, r in sources) - int(seen[BASES.index(ref)]) * self._rates[ref, alt].rate
            )
            return _Errors(mean=max(own[0] + beside, others), spread=own[1], proven=True)
        # The stated qualities of reads that slip tell less than what the sample shows.
        stated = float(self.pileup.errors[i]) / 3 if self.pileup.noise is None else 0.0
        return _Errors(mean=max(stated, others, errors), spread=spread)

    def _expected_longer(self, change: ReadChange, depth: int) -> _Errors:
        """Of an indel or several bases: the floor, slippage, or a more frequent change with an error."""
        if self.pileup.noise is not None:
            return self._slipped(change, depth, self.pileup.noise)
        rate = self.model.error_floor if one_base_indel(change) else self.model.rare_floor
        slipped, echo = self._slippage.rate(change), self.pileup.echoes.get(change)
        own = None if slipped else self._own.of_longer(change, self.pileup.index_of(change))
        least = max(depth * (rate if own is None else own), self.model.least_errors)
        expected = [(least, 0.0)]
        if slipped is not None:
            expected.append((depth * slipped.rate, slipped.spread))
        if echo is not None:
            expected.append((echo.expected, echo.spread))
        mean, spread = max(expected)
        return _Errors(mean=mean, spread=spread, proven=own is not None)

    def _slipped(self, change: ReadChange, depth: int, noise: SlipNoise) -> _Errors:
        """Of reads that slip: the rate of this insertion or deletion, or of two errors side by side."""
        known, echo = noise.rate(change), self.pileup.echoes.get(change)
        misread = sum(rate.rate for rate in self._rates.values()) / len(BASES)
        rate = (misread + noise.overall) ** 2 if known is None else known.rate
        spread = noise.spread if known is None else known.spread
        expected = [(max(depth * rate, self.model.least_errors), spread)]
        if echo is not None:
            expected.append((echo.expected, echo.spread))
        mean, spread = max(expected)
        return _Errors(mean=mean, spread=spread)

    def _end_shares(self, change: ReadChange) -> tuple[float, float]:
        """Shares of supporting and of reference bases near a read's end."""
        if change.single_base:
            i = change.pos - self.pileup.start
            counts, ends = self.pileup.bases.sum(axis=0)[:, i], self.pileup.ends[:, i]
            alt, ref = BASES.index(change.alt), BASES.index(change.ref)
            return ends[alt] / max(counts[alt], 1), ends[ref] / max(counts[ref], 1)
        count = self.pileup.indels.get(change)
        return (count.near_end / count.total if count and count.total else 0.0), 0.0

    def _read_support(
        self, alt: tuple[int, int], ref: tuple[int, int], depth: int, vaf: float | None = None
    ) -> ReadSupport:
        """Support by strand (forward, reverse); the VAF is that of the counts when ``None``."""
        if vaf is None and depth:
            vaf = min(sum(alt) / depth, 1.0)
        return ReadSupport(
            vaf=vaf,
            depth=depth,
            alt_reads=sum(alt),
            ref_reads=sum(ref),
            alt_forward=alt[0],
            alt_reverse=alt[1],
            ref_forward=ref[0],
            ref_reverse=ref[1],
            vaf_source="reads",
            unit=OF_RNA if self.pileup.rna else "fragments",
        )

"""Depth of exons against the run's other samples: one lost copy of an exon, or of the gene, shows as fewer reads.

Each sample's depths are taken on a logarithmic scale and centred on its own median exon, so that how deep it was
sequenced plays no part. What remains is compared with the median of the comparable samples, the sample itself left
out. Samples differ in how much rare bases (GC) and short targets lose; a straight line in both, fitted to the other
exons of the sample and drawn towards no slope, is taken off. What scatters then in the comparable samples, each
treated likewise, is the noise that a value is measured in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tp53annot.calling.arrays import Bools, Floats
from tp53annot.core.copy_number import ExonDepth
from tp53annot.core.exon_depth import DepthGap, DepthJudgement, DepthProfile
from tp53annot.core.locus import Reference, TranscriptModel
from tp53annot.knowledge.rules.copy_number import DepthRules

_NORMAL = 1.4826  # of a median absolute deviation, where values scatter normally
_ONE = 0.5  # reads added before a logarithm, so that none at all has one


def exon_traits(model: TranscriptModel, reference: Reference, margin: int) -> Floats:
    """GC and length (logarithm) of each coding exon with its margin, each with mean 0 and standard deviation 1."""
    rows = []
    for start, end in model.cds:
        bases = reference.bases(start - margin, end + margin)
        gc = (bases.count("G") + bases.count("C")) / len(bases)
        rows.append((gc, np.log(end - start + 1)))
    table = np.array(rows, float)
    return np.asarray((table - table.mean(axis=0)) / table.std(axis=0), float)


def judged_depths(
    profiles: Sequence[DepthProfile | None], names: Sequence[str], traits: Floats, rules: DepthRules
) -> list[DepthJudgement | None]:
    """Each sample's exons against the others.

    Args:
        profiles: one for each sample, ``None`` for one without reads.
        names: of the exons, in the order of the profiles.
        traits: GC and length of the exons.
        rules: ``[depth]`` of ``rules/copy_number.toml``.
    """
    found: list[DepthJudgement | None] = [None] * len(profiles)
    fit = []
    for i, profile in enumerate(profiles):
        if profile is None:
            continue
        gap = _unfit(profile, rules)
        found[i] = DepthJudgement(gap=gap or DepthGap.TOO_FEW)
        if gap is None:
            fit.append(i)
    if fit:
        run = _Run([p for i in fit if (p := profiles[i]) is not None], traits, rules)
        for place, i in enumerate(fit):
            found[i] = run.judgement(place, names)
    return found


def _unfit(profile: DepthProfile, rules: DepthRules) -> DepthGap | None:
    if profile.spliced > rules.spliced_share:
        return DepthGap.SPLICED
    enough = sum(n >= rules.least_fragments for n in profile.fragments)
    return None if enough >= rules.least_exons else DepthGap.SHALLOW


class _Run:
    """The samples of a run that can be judged, and what each one's exons deviate by."""

    def __init__(self, profiles: Sequence[DepthProfile], traits: Floats, rules: DepthRules) -> None:
        self.profiles, self.traits, self.rules = profiles, traits, rules
        self.fragments = np.array([p.fragments for p in profiles], float)
        depth = np.array([p.depth for p in profiles], float)
        # half a fragment more, in units of depth
        unit = np.divide(depth, self.fragments, out=np.ones_like(depth), where=self.fragments > 0)
        self.logs = np.log(depth + _ONE * unit)
        enough = np.where(self.fragments >= rules.least_fragments, self.logs, np.nan)
        self.centred = self.logs - np.nanmedian(enough, axis=1, keepdims=True)
        self.alike = self._alike()
        none = np.zeros(self.logs.shape[1], np.bool_)
        self.used = np.array([self._used(s) if self._peers(s).any() else none for s in range(len(profiles))])
        self.residuals = np.array([self._residuals(s) for s in range(len(profiles))])

    def _alike(self) -> Bools:
        """Which samples can be compared: pairs or not alike, and most exons as deep in one as in the other."""
        paired = np.array([p.paired for p in self.profiles])
        counting = np.mean(1 / np.maximum(self.fragments, 1.0), axis=1)
        rows = []
        for s in range(len(self.profiles)):
            apart = np.quantile(np.abs(self.centred - self.centred[s]), self.rules.alike_share, axis=1)
            most = np.sqrt(self.rules.most_apart**2 + counting + counting[s])  # chance adds to it
            row = (apart <= most) & (paired == paired[s])
            row[s] = False
            rows.append(row)
        return np.array(rows, np.bool_)

    def _peers(self, s: int) -> Bools:
        return np.asarray(self.alike[s], np.bool_)

    def _used(self, s: int) -> Bools:
        """Exons that the comparable samples have reads of."""
        return np.asarray(
            np.median(self.fragments[self._peers(s)], axis=0) >= self.rules.least_fragments, np.bool_
        )

    def _residuals(self, s: int) -> Floats:
        """What each exon of a sample deviates by (natural logarithm), ``nan`` where it is not judged."""
        found = np.full(self.logs.shape[1], np.nan)
        used = np.flatnonzero(self.used[s])
        if len(used) < self.rules.least_exons:
            return found
        usual = np.median(self.centred[self._peers(s)], axis=0)
        apart = self.centred[s] - usual
        apart -= np.median(apart[used])
        scatter = _NORMAL * np.median(np.abs(apart[used]))
        plain = np.abs(apart) <= max(self.rules.outlier_scatters * scatter, self.rules.outlier_least)
        for e in used:
            others = np.array([o for o in used if o != e and plain[o]], np.int64)
            found[e] = apart[e] - self._expected(apart[others], self.traits[others], self.traits[e])
        return found

    def _expected(self, apart: Floats, traits: Floats, own: Floats) -> float:
        """What the sample's other exons lead to expect at an exon of these traits."""
        middle, mean = float(np.median(apart)), traits.mean(axis=0)
        table = traits - mean
        slopes = np.linalg.solve(
            table.T @ table + self.rules.slope_weight * np.eye(table.shape[1]),
            table.T @ (apart - apart.mean()),
        )
        return middle + float((own - mean) @ slopes)

    def judgement(self, s: int, names: Sequence[str]) -> DepthJudgement:
        peers = self._peers(s)
        comparable = int(peers.sum()) + 1
        if comparable < self.rules.least_samples:
            return DepthJudgement(comparable=comparable, gap=DepthGap.TOO_FEW)
        used = np.flatnonzero(self.used[s])
        if len(used) < self.rules.least_exons:
            return DepthJudgement(comparable=comparable, gap=DepthGap.SHALLOW)
        noise = self._noise(s, peers)
        exons = tuple(
            ExonDepth(
                exon=names[int(e)],
                ratio=float(np.exp(self.residuals[s, e])),
                z=float(self.residuals[s, e] / noise[e]),
            )
            for e in used
        )
        return DepthJudgement(comparable=comparable, exons=exons, gene=self._gene(s, peers))

    def _noise(self, s: int, peers: Bools) -> Floats:
        """Standard deviation of each exon: its scatter in the comparable samples, drawn towards that of all exons."""
        rules, others = self.rules, self.residuals[peers]
        own = self.residuals[s]
        count = np.maximum((~np.isnan(others)).sum(axis=0), 1)
        every = _spread(others[~np.isnan(others)])
        by_exon = np.array([_spread(column[~np.isnan(column)]) for column in others.T])
        by_exon *= np.sqrt(count / np.maximum(count - 1, 1))  # few samples show too little scatter
        here = _spread(own[~np.isnan(own)])
        shared = (
            here if here > rules.restless * every else every
        )  # a sample that scatters more than the others
        variance = (count * by_exon**2 + rules.shared_weight * shared**2) / (count + rules.shared_weight)
        usual = np.median(self.fragments[peers], axis=0)
        expected = np.maximum(self.fragments[s] / np.exp(np.nan_to_num(own)), 1.0)
        counting = 1 / expected
        more = np.maximum(counting - 1 / np.maximum(usual, 1.0), 0.0)
        least = counting + rules.least_noise**2
        return np.asarray(np.sqrt(np.maximum(variance + more, least)), float)

    def _gene(self, s: int, peers: Bools) -> ExonDepth | None:
        """The whole gene against the reads elsewhere, in relation to the comparable samples."""
        rules, own = self.rules, dict(self.profiles[s].controls)
        others = [p for p, alike in zip(self.profiles, peers, strict=True) if alike]
        shared = [
            name
            for name, reads in own.items()
            if reads >= rules.least_control
            and all(dict(p.controls).get(name, 0) >= rules.least_control for p in others)
        ]
        if not shared or len(others) + 1 < rules.least_samples:
            return None
        table = np.array([_against(p, shared) for p in others])
        usual = np.median(table, axis=0)
        own_value = float(np.median(_against(self.profiles[s], shared) - usual))
        # each other sample against the rest of them, as the sample itself is
        rest = np.array(
            [np.median(row - np.median(np.delete(table, i, axis=0), axis=0)) for i, row in enumerate(table)]
        )
        counting = 1 / max(self.profiles[s].gene, 1) + 1 / max(own[name] for name in shared)
        few = np.sqrt(len(others) / (len(others) - 1))
        noise = np.sqrt(max((few * _spread(rest)) ** 2, counting + rules.least_gene_noise**2))
        return ExonDepth(exon="", ratio=float(np.exp(own_value)), z=float(own_value / noise))


def _against(profile: DepthProfile, controls: Sequence[str]) -> Floats:
    """Reads of the gene in relation to those of each control, natural logarithm."""
    there = dict(profile.controls)
    return np.asarray(np.log(profile.gene + _ONE) - np.log([float(there[name]) for name in controls]), float)


def _spread(values: Floats) -> float:
    """Standard deviation by the median absolute value: what a few altered exons do not touch."""
    return float(_NORMAL * np.median(np.abs(values))) if len(values) else 0.0

"""Depth of exons against other samples: what stands out, what cannot be compared, and how often chance is taken for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from msgspec.structs import replace

from tp53annot.calling.exon_depth import exon_traits, judged_depths
from tp53annot.core.exon_depth import DepthGap, DepthJudgement, DepthProfile
from tp53annot.interpret.copies.depth import exon_is_low, gene_is_low
from tp53annot.knowledge.resources import resources_of
from tp53annot.run.exon_depths import coding_exons

RESOURCES = resources_of()
RULES = RESOURCES.rules.copy_number.depth
MODEL = RESOURCES.namer.main.model
TRAITS = exon_traits(MODEL, RESOURCES.reference, RULES.gc_margin)
NAMES = tuple(str(n) for n in coding_exons(RESOURCES))
LENGTHS = np.array([end - start + 1 for start, end in MODEL.cds])
READ = 100


def profiles(
    count: int,
    lost: Mapping[int, tuple[str, float]],
    *,
    depth: float = 1000,
    scatter: float = 0.03,
    seed: int = 1,
) -> list[DepthProfile]:
    """Samples of one kit; ``lost``: exon (``""``: the gene) and share of its reads that is left, by sample."""
    rng = np.random.default_rng(seed)
    kit, found = rng.normal(0, 0.3, len(NAMES)), []
    for s in range(count):
        level = depth * np.exp(rng.normal(0, 0.3))
        deep = level * np.exp(kit + TRAITS @ rng.normal(0, 0.02, 2) + rng.normal(0, scatter, len(NAMES)))
        exon, left = lost.get(s, ("none", 1.0))
        deep[[exon in ("", name) for name in NAMES]] *= left
        counted = rng.poisson(deep * (LENGTHS + READ) / READ)
        elsewhere = int(rng.poisson(level * 80 * np.exp(rng.normal(0, scatter / 2))))
        found.append(
            DepthProfile(
                depth=tuple((counted * READ / (LENGTHS + READ)).tolist()),
                fragments=tuple(counted.astype(float).tolist()),
                paired=False,
                spliced=0.0,
                gene=int(counted.sum()),
                controls=(("chr17", elsewhere),),
            )
        )
    return found


def judged(samples: Sequence[DepthProfile]) -> list[DepthJudgement]:
    found = judged_depths(samples, NAMES, TRAITS, RULES)
    assert all(j is not None for j in found)
    return [j for j in found if j is not None]


def low(judgement: DepthJudgement) -> list[str]:
    return [e.exon for e in judgement.exons if exon_is_low(e, RULES)]


def test_the_traits_are_of_the_coding_exons() -> None:
    assert NAMES == ("2", "3", "4", "5", "6", "7", "8", "9", "10", "11")
    assert TRAITS.shape == (10, 2)
    assert TRAITS[:, 1].argmin() == NAMES.index("3") and TRAITS[:, 1].argmax() == NAMES.index("4")


@pytest.mark.parametrize("exon", NAMES)
def test_half_of_an_exon_is_seen_in_the_sample_that_lost_it_alone(exon: str) -> None:
    found = judged(profiles(10, {3: (exon, 0.5)}))
    assert [low(j) for j in found] == [[exon] if s == 3 else [] for s in range(10)]
    measured = next(e for e in found[3].exons if e.exon == exon)
    assert measured.ratio is not None and 0.4 < measured.ratio < 0.6


def test_an_exon_without_reads_is_measured_too() -> None:
    found = judged(profiles(8, {2: ("8", 0.0)}))
    measured = next(e for e in found[2].exons if e.exon == "8")
    assert measured.ratio is not None and measured.ratio < RULES.gone_ratio and low(found[2]) == ["8"]


def test_fewer_samples_than_the_noise_needs_judge_nothing() -> None:
    for count in range(1, 9):
        for judgement in judged(profiles(count, {0: ("8", 0.5)})):
            enough = count >= RULES.least_samples
            assert (judgement.gap is None, bool(judgement.exons)) == (enough, enough)
            assert judgement.gap in (None, DepthGap.TOO_FEW) and judgement.comparable == count


def test_samples_of_another_kit_or_layout_are_not_comparable() -> None:
    ours, theirs = profiles(6, {0: ("8", 0.5)}), profiles(6, {}, seed=99)
    mixed = judged([*ours, *theirs])
    assert all(j.comparable == 6 for j in mixed)
    for one, other in zip(mixed[:6], judged(ours), strict=True):
        assert [e.z for e in one.exons] == pytest.approx([e.z for e in other.exons])
    pairs = [replace(p, paired=True) for p in profiles(4, {}, seed=1)]
    assert all(j.gap is DepthGap.TOO_FEW for j in judged([*ours[:4], *pairs]))


def test_how_deep_a_sample_is_and_where_it_stands_change_nothing() -> None:
    samples = profiles(9, {4: ("10", 0.5)})
    plain = judged(samples)
    assert judged(samples[::-1])[::-1] == plain
    deeper = [replace(p, depth=tuple(3 * d for d in p.depth)) if s == 4 else p for s, p in enumerate(samples)]
    ratios = [[e.ratio for e in j.exons] for j in judged(deeper)]
    for one, other in zip(ratios, [[e.ratio for e in j.exons] for j in plain], strict=True):
        assert one == pytest.approx(other)


def test_rna_and_shallow_reads_are_not_judged() -> None:
    samples = profiles(9, {})
    samples[0] = replace(samples[0], spliced=0.4)
    samples[1] = replace(samples[1], fragments=tuple(f / 100 for f in samples[1].fragments))
    found = judged(samples)
    assert [j.gap for j in found[:3]] == [DepthGap.SPLICED, DepthGap.SHALLOW, None]
    assert found[2].comparable == 7


def test_a_lost_gene_shows_against_reads_elsewhere_only() -> None:
    samples = profiles(10, {1: ("", 0.7)})
    found = judged(samples)
    assert [s for s, j in enumerate(found) if j.gene is not None and gene_is_low(j.gene, RULES)] == [1]
    assert all(low(j) == [] for j in found)
    assert all(j.gene is None for j in judged([replace(p, controls=()) for p in samples]))


def test_chance_is_seldom_taken_for_a_loss_and_losses_in_most_cells_are_found() -> None:
    right = wrong = samples = 0
    for seed in range(12):
        lost = {k: (NAMES[(seed + k) % 10], left) for k, left in ((2, 0.7), (9, 0.6))}
        for s, judgement in enumerate(judged(profiles(16, lost, seed=seed))):
            own = lost[s][0] if s in lost else None
            right += own in low(judgement)
            wrong += len([e for e in low(judgement) if e != own])
            samples += 1
    assert right >= 0.9 * 24 and wrong <= 0.02 * samples

"""VAF against the share of blasts: the lines of the readings, and the sample's variants with their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from tp53annot.core.hypotheses import VAF_OF, Hypothesis
from tp53annot.core.statistics import wilson
from tp53annot.core.text import escape
from tp53annot.report.figures.svg import WIDTH, svg
from tp53annot.report.format import Words
from tp53annot.report.model.assessment import Assessment
from tp53annot.report.model.report import Report
from tp53annot.report.model.variant import Variant
from tp53annot.report.wording import percent

_WIDE, _HEIGHT = 430, 300  # pixels: the widest plot, and its height
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 10, 38  # around the plot
_STEPS = 40  # of a curve
_MARKED = 0.6  # share of blasts at which the lines lie furthest apart: there stand their letters
_MOST_POINTS = 4
_TICKS = (0, 25, 50, 75, 100)


def reading_letters(assessment: Assessment) -> dict[str, str]:
    """A letter for each reading that has a line."""
    drawn = [h.id for h in assessment.allelic_hypotheses or () if h.id in set(VAF_OF)]
    return {name: "ABCDEFGH"[i] for i, name in enumerate(drawn)}


class _Plot(Struct, frozen=True, kw_only=True):
    """Pixels of shares (0..1)."""

    width: int

    def x(self, blasts: float) -> float:
        return _LEFT + blasts * (min(self.width, _WIDE) - _LEFT - _RIGHT)

    def y(self, vaf: float) -> float:
        return _TOP + (1 - vaf) * (_HEIGHT - _TOP - _BOTTOM)


def allele_plot(report: Report, words: Words, width: int = WIDTH) -> str:
    """The figure; empty where no variant has a VAF to be read."""
    assessment, plot = report.assessment, _Plot(width=width)
    variants = [v for v in report.variants if v.reportable and v.vaf is not None][:_MOST_POINTS]
    letters = reading_letters(assessment)
    if not variants or not letters:
        return ""
    fits = {h.id: h.fits for h in assessment.allelic_hypotheses or ()}
    blasts = _blasts(assessment, report)
    told = "; ".join(f"{v.hgvs_p_short}: {words['vaf']} {percent(v.vaf or 0.0, words)}" for v in variants)
    shown = (
        words["alleles_no_blasts"] if blasts is None else f"{words['alleles_blasts']} {100 * blasts[1]:g} %"
    )
    parts = [
        *_axes(plot, words),
        *(_line(plot, name, letter, fits[name]) for name, letter in letters.items()),
        *_points(plot, variants, blasts),
    ]
    title = words["figure_alleles"]
    return svg(
        "figure alleles-plot",
        min(width, _WIDE),
        _HEIGHT,
        title,
        parts,
        label=f"{title}. {told}; {shown}",
        description=f"{told}; {shown}",
        most=min(width, _WIDE),
    )


def _blasts(assessment: Assessment, report: Report) -> tuple[float, float, float] | None:
    """Lowest, stated and highest share of blasts; the tolerance stands in the range of one allele, which is half of it."""
    stated = report.context["blast_pct"].value if "blast_pct" in report.context else None
    one = next((h for h in assessment.allelic_hypotheses or () if h.id == Hypothesis.ONE_ALLELE), None)
    if not isinstance(stated, int | float) or one is None:
        return None
    if one.predicted_vaf_low is None or one.predicted_vaf_high is None:
        return None
    return 2 * one.predicted_vaf_low, stated / 100, 2 * one.predicted_vaf_high


def _axes(plot: _Plot, words: Words) -> Iterator[str]:
    left, right, top, bottom = plot.x(0), plot.x(1), plot.y(1), plot.y(0)
    for tick in _TICKS:
        x, y = plot.x(tick / 100), plot.y(tick / 100)
        yield f'<path class="grid" d="M{left:.1f} {y:.1f} H{right:.1f} M{x:.1f} {top:.1f} V{bottom:.1f}"/>'
        yield f'<text class="axis-label high" x="{left - 6:.1f}" y="{y + 4:.1f}">{tick} %</text>'
        end = " high" if tick == _TICKS[-1] else ""
        yield f'<text class="axis-label{end}" x="{x:.1f}" y="{bottom + 15:.1f}">{tick} %</text>'
    middle = (left + right) / 2
    yield f'<text class="axis-label" x="{middle:.1f}" y="{_HEIGHT - 4}">{escape(words["alleles_blasts"])}</text>'
    yield (
        f'<text class="axis-label" transform="rotate(-90 11 {(top + bottom) / 2:.1f})" x="11" '
        f'y="{(top + bottom) / 2:.1f}">{escape(words["vaf"])}</text>'
    )


def _line(plot: _Plot, name: str, letter: str, fits: bool | None) -> str:
    vaf = VAF_OF[Hypothesis(name)]
    path = " ".join(
        f"{'L' if i else 'M'}{plot.x(i / _STEPS):.1f} {plot.y(vaf(i / _STEPS)):.1f}"
        for i in range(_STEPS + 1)
    )
    state = {True: "fits", False: "out", None: "open"}[fits]
    x, y = plot.x(_MARKED), plot.y(vaf(_MARKED))
    return (
        f'<path class="reading {state}" d="{path}"/>'
        f'<circle class="reading-mark {state}" cx="{x:.1f}" cy="{y:.1f}" r="8.5"/>'
        f'<text class="reading-letter" x="{x:.1f}" y="{y + 4:.1f}">{letter}</text>'
    )


def _points(
    plot: _Plot, variants: Sequence[Variant], blasts: tuple[float, float, float] | None
) -> Iterator[str]:
    taken: list[float] = []
    for v in variants:
        vaf = v.vaf or 0.0
        low, high = wilson(v.alt_reads, v.depth) if v.alt_reads is not None and v.depth else (vaf, vaf)
        y, y1, y2 = plot.y(vaf), plot.y(low), plot.y(high)
        label = _free(y, taken)
        taken.append(label)
        name = escape(v.hgvs_p_short)
        if blasts is None:
            yield (
                f'<rect class="vaf-band" x="{plot.x(0):.1f}" y="{y2:.1f}" width="{plot.x(1) - plot.x(0):.1f}" '
                f'height="{max(y1 - y2, 1):.1f}"/>'
                f'<path class="ci" d="M{plot.x(0):.1f} {y:.1f} H{plot.x(1):.1f}"/>'
                f'<text class="label" x="{plot.x(0.2):.1f}" y="{label:.1f}">{name}</text>'
            )
            continue
        left, x, right = (plot.x(p) for p in blasts)
        side, place = ("end", x - 10) if blasts[1] > 0.5 else ("start", x + 10)
        yield (
            f'<path class="ci" d="M{left:.1f} {y:.1f} H{right:.1f} M{x:.1f} {y1:.1f} V{y2:.1f} '
            f'M{left:.1f} {y - 4:.1f} v8 M{right:.1f} {y - 4:.1f} v8"/>'
            f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
            f'<text class="label {side}" x="{place:.1f}" y="{label:.1f}">{name}</text>'
        )


def _free(y: float, taken: Sequence[float]) -> float:
    """A height for a label that no other label has, above its point or below it, within the plot."""
    places = (y - 8, y + 18, y - 22, y + 32, y - 36, y + 46)
    free = (p for p in places if p > _TOP + 10 and all(abs(p - other) >= 14 for other in taken))
    return next(free, y + 18)

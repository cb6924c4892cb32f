"""Coverage of a cohort: for each exon, how many samples could have shown which VAF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tp53annot.cohort.figures import AREA, LABELS, NAMED, WIDEST, figure, name, name_room
from tp53annot.cohort.row import ReportRow
from tp53annot.cohort.tables import Entry
from tp53annot.core.text import escape
from tp53annot.report.format import Words

ROW = 18  # pixels of an exon's row
ROOM_FOR_NUMBER = 22.0  # pixels of a column that can hold a number


def covered(found: Sequence[Entry]) -> list[Entry]:
    """Samples whose report states coverage."""
    return [entry for entry in found if entry.row.exons]


def limit_class(lod: float | None, steps: Sequence[float]) -> int:
    """Class of a lowest detectable VAF: 0 is best, ``len(steps)`` is beyond or not assessed.

    >>> [limit_class(lod, (0.01, 0.05)) for lod in (0.01, 0.02, 0.3, None)]
    [0, 1, 2, 2]
    """
    if lod is None:
        return len(steps)
    return next((i for i, end in enumerate(steps) if lod <= end + 1e-12), len(steps))


def step_names(steps: Sequence[float]) -> list[str]:
    """``≤ 1 %`` and so on, the last for what lies beyond."""
    return [*(f"≤ {end * 100:g} %" for end in steps), f"> {steps[-1] * 100:g} %"]


def matrix(found: Sequence[Entry], steps: Sequence[float], words: Words) -> str:
    """Exons by class of the lowest detectable VAF, each cell with its number of samples."""
    counts: dict[str, Counter[int]] = {}
    for entry in found:
        for exon, lod in entry.row.exons or ():
            counts.setdefault(exon, Counter())[limit_class(lod, steps)] += 1
    names = step_names(steps)
    width = AREA / len(names)
    parts = [
        f'<text class="axis-label" x="{LABELS + (i + 0.5) * width:.1f}" y="13">{escape(name)}</text>'
        for i, name in enumerate(names)
    ]
    for y, (exon, row) in enumerate(counts.items()):
        total = row.total()
        parts.append(_exon_label(exon, 20 + y * ROW, words))
        for i in range(len(names)):
            share = row[i] / total
            level = 0 if row[i] == 0 else min(1 + int(share * 4), 4)
            x, top = LABELS + i * width, 20 + y * ROW
            tone = "bad" if i == len(steps) else "lod"
            parts.append(
                f'<rect class="{tone} d{level}" x="{x + 0.5:.1f}" y="{top}" width="{width - 1:.1f}" height="{ROW - 1}"/>'
                f'<text class="cell d{level}" x="{x + width / 2:.1f}" y="{top + 13}">{row[i] or "·"}</text>'
            )
    return figure(24 + len(counts) * ROW, words["cohort"]["coverage"], parts)


def heat_map(found: Sequence[Entry], steps: Sequence[float], words: Words) -> str:
    """Exons by sample; the darker, the lower the VAF that could have been seen."""
    width = min(AREA / len(found), WIDEST)
    exons = list(dict.fromkeys(exon for entry in found for exon, _ in entry.row.exons or ()))
    parts = [_exon_label(exon, i * ROW, words) for i, exon in enumerate(exons)]
    for x, entry in enumerate(found):
        parts += _sample(entry.row, LABELS + x * width, width, exons, steps)
        title = f"{entry.label}: {_limits(entry.row, words)}"
        parts.append(
            f'<rect class="hit" x="{LABELS + x * width:.1f}" y="0" width="{width:.1f}" height="{len(exons) * ROW}">'
            f"<title>{escape(title)}</title></rect>"
        )
        if width >= NAMED:
            parts.append(name(entry, LABELS + (x + 0.5) * width, len(exons) * ROW))
    height = len(exons) * ROW + (name_room(found) if width >= NAMED else 4)
    return figure(height, words["cohort"]["coverage"], parts)


def _exon_label(exon: str, y: float, words: Words) -> str:
    return (
        f'<text class="row-label" x="{LABELS - 8}" y="{y + 13}">{escape(words["exon"])} {escape(exon)}</text>'
    )


def _sample(
    row: ReportRow, x: float, width: float, exons: Sequence[str], steps: Sequence[float]
) -> list[str]:
    limits = dict(row.exons or ())
    parts = []
    gap = min(1.0, width * 0.15)
    for i, exon in enumerate(exons):
        if exon not in limits:
            continue
        rank = limit_class(limits[exon], steps)
        tone = "bad d3" if rank == len(steps) else f"lod d{max(4 - rank, 1)}"
        parts.append(
            f'<rect class="{tone}" x="{x + gap / 2:.1f}" y="{i * ROW}" width="{width - gap:.1f}" height="{ROW - 1}"/>'
        )
        if width >= ROOM_FOR_NUMBER:
            level = 3 if rank == len(steps) else max(4 - rank, 1)
            parts.append(
                f'<text class="cell d{level}" x="{x + width / 2:.1f}" y="{i * ROW + 13}">{limit_text(limits[exon])}</text>'
            )
    return parts


def limit_text(lod: float | None) -> str:
    """Per cent with no more digits than a cell holds; ``–`` when not even all reads would do."""
    return "–" if lod is None else f"{lod * 100:.1f}" if lod < 0.1 else f"{lod * 100:.0f}"


def _limits(row: ReportRow, words: Words) -> str:
    return "; ".join(f"{words['exon']} {exon} {limit_text(lod)} %" for exon, lod in row.exons or ())

"""SVG figures of a cohort: overview of altered samples, protein, VAF distribution, coverage.

Colours come from the style sheet. No figure rests on colour alone: rows, heights, numbers and
titles say the same.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil
from urllib.parse import quote

from tp53annot.cohort.row import Mark, ReportRow
from tp53annot.cohort.tables import Entry
from tp53annot.core.text import escape
from tp53annot.knowledge.rules.cohort import CohortRules
from tp53annot.report.figures.protein import Scale, axis, domain, tick
from tp53annot.report.figures.svg import MARGIN, WIDTH, svg
from tp53annot.report.format import Words
from tp53annot.report.model.report import Protein

LABELS = 130  # pixels left of the columns
AREA = WIDTH - LABELS - 10
WIDEST, NAMED, BAR = 44.0, 11.0, 34  # pixels: a column, a column that has room for a name, the VAF bars
MOST_LABELS = 14  # names over the protein
LONGEST = 18  # characters of a name under a column
Content = Callable[[ReportRow], Sequence[tuple[str, float]]]  # style and share of the height


def figure(height: float, title: str, parts: Iterable[str]) -> str:
    """A figure of the page's width."""
    return svg("figure", WIDTH, height, title, parts)


def altered(found: Iterable[Entry], rules: CohortRules) -> list[Entry]:
    """Samples of the overview: by status, allelic state, kind of the first variant, VAF."""
    status = {name: rank for rank, name in enumerate(rules.altered)}
    kinds = {name: rank for rank, name in enumerate(rules.kind_order)}

    def key(entry: Entry) -> tuple[int, float, int, float]:
        r = entry.row
        kind = kinds[r.marks[0].kind] if r.marks else len(kinds)
        return status[r.status], -rules.allelic_share.get(r.allelic_state, 0), kind, -(r.max_vaf or 0)

    return sorted((e for e in found if e.row.status in status), key=key)


def overview(shown: Sequence[Entry], rules: CohortRules, words: Words) -> list[str]:
    """The altered samples as columns, in strips of equal width."""
    if not shown:
        return []
    strips = ceil(len(shown) / rules.limits.figure_columns)
    each = ceil(len(shown) / strips)
    width = min(AREA / each, WIDEST)
    return [_strip(shown[i : i + each], width, rules, words) for i in range(0, len(shown), each)]


def _strip(shown: Sequence[Entry], width: float, rules: CohortRules, words: Words) -> str:
    w = words["cohort"]
    parts, y = [_statuses(shown, width, words)], 24
    parts += [_label(words["vaf"], y + 10), _frame(shown, width, y, BAR), _vaf_bars(shown, width, y)]
    y += BAR + 4
    for kind in rules.kind_order:
        parts += _row(w["kind"][kind], shown, width, y, functools.partial(_classes, kind=kind))
        y += 16
    share = rules.allelic_share
    parts += _row(
        words["allelic_state"], shown, width, y, lambda r: [("allele", share.get(r.allelic_state, 0.0))]
    )
    parts += _row(words["germline"], shown, width, y + 16, lambda r: [("germ", _germline(r))])
    parts += _row(w["ch"], shown, width, y + 32, lambda r: [("ch", float(r.clonal_haematopoiesis_flag))])
    y += 50
    names = width >= NAMED
    for i, entry in enumerate(shown):
        parts.append(_column(entry, LABELS + i * width, width, y, words, names))
    return figure(y + (name_room(shown) if names else 4), w["overview"], parts)


def _statuses(shown: Sequence[Entry], width: float, words: Words) -> str:
    """The status as a labelled block over its samples."""
    parts = [_label("TP53", 16)]
    start = 0
    for i, entry in enumerate(shown):
        if i + 1 < len(shown) and shown[i + 1].row.status == entry.row.status:
            continue
        x, wide, status = LABELS + start * width, (i + 1 - start) * width, entry.row.status
        text = words["cohort"]["short_status"][status]
        shown_text = text if wide > 7 * len(text) else words["status_mark"][status] if wide > 9 else ""
        parts.append(
            f'<rect class="st {status}" x="{x + 0.5:.1f}" y="2" width="{wide - 1:.1f}" height="19" rx="2">'
            f"<title>{escape(text)}</title></rect>"
            f'<text class="st-label {status}" x="{x + wide / 2:.1f}" y="16">{escape(shown_text)}</text>'
        )
        start = i + 1
    return "".join(parts)


def _label(text: str, y: float) -> str:
    return f'<text class="row-label" x="{LABELS - 8}" y="{y:.1f}">{escape(text)}</text>'


def _frame(shown: Sequence[Entry], width: float, y: float, height: float) -> str:
    return f'<rect class="lane" x="{LABELS}" y="{y:.1f}" width="{len(shown) * width:.1f}" height="{height}"/>'


def _row(label: str, shown: Sequence[Entry], width: float, y: float, content: Content) -> list[str]:
    """A lane of 13 pixels; ``content`` gives (style, share of the height) for each sample."""
    cells: dict[str, list[str]] = defaultdict(list)
    for i, entry in enumerate(shown):
        for style, share in content(entry.row):
            if share > 0:
                cells[style].append(_cell(LABELS + i * width, width, y, 13, share))
    return [
        _label(label, y + 11),
        _frame(shown, width, y, 13),
        *(f'<path class="{style}" d="{"".join(d)}"/>' for style, d in cells.items()),
    ]


def _cell(x: float, width: float, y: float, height: float, share: float) -> str:
    gap = min(1.0, width * 0.15)
    return f"M{x + gap / 2:.1f} {y + height:.1f}h{width - gap:.1f}v{-height * share:.1f}h{gap - width:.1f}z"


def _classes(row: ReportRow, kind: str) -> list[tuple[str, float]]:
    """Full cell: oncogenic or likely oncogenic; half cell: uncertain."""
    found = {m.oncogenicity for m in row.marks if m.kind == kind}
    if found & {"oncogenic", "likely_oncogenic"}:
        return [("onc", 1.0)]
    return [("unc", 0.5)] if found else []


def _germline(row: ReportRow) -> float:
    return {"confirmed": 1.0, "suspected": 0.5}.get(row.germline_flag, 0.0)


def _vaf_bars(shown: Sequence[Entry], width: float, y: float) -> str:
    bars = "".join(
        _cell(LABELS + i * width, width, y, BAR, e.row.max_vaf) for i, e in enumerate(shown) if e.row.max_vaf
    )
    return (
        f'<path class="vaf" d="{bars}"/><path class="half" d="M{LABELS} {y + BAR / 2:.1f}h{len(shown) * width:.1f}"/>'
        f'<text class="scale end" x="{LABELS - 8}" y="{y + BAR / 2 + 6:.1f}">50 %</text>'
    )


def _column(entry: Entry, x: float, width: float, height: float, words: Words, names: bool) -> str:
    row = entry.row
    title = f"{entry.label}: {words['status'][row.status]}; {'; '.join(map(mark_text, row.marks)) or '–'}"
    area = (
        f'<rect class="hit" x="{x:.1f}" y="0" width="{width:.1f}" height="{height}">'
        f"<title>{escape(title)}</title></rect>"
    )
    if names:
        area += name(entry, x + width / 2, height)
    return f'<a href="{escape(quote(entry.link))}">{area}</a>' if entry.link else area


def name(entry: Entry, x: float, y: float) -> str:
    """The sample's name under its column, upright; of a long one the end, where names differ most."""
    label = entry.label if len(entry.label) <= LONGEST else "…" + entry.label[1 - LONGEST :]
    return f'<text class="name" transform="translate({x + 4:.1f} {y + 3:.1f}) rotate(-90)">{escape(label)}</text>'


def name_room(shown: Sequence[Entry]) -> float:
    """Pixels that the names need."""
    return 12 + 6.4 * min(max(len(entry.label) for entry in shown), LONGEST)


def mark_text(m: Mark) -> str:
    """``R175H 42.0 %``."""
    return m.name if m.vaf is None else f"{m.name} {m.vaf * 100:.1f} %"


def protein_figure(found: Iterable[Entry], shape: Protein, words: Words) -> str:
    """Variants of all patients along p53, each change once a patient; heads as high as they are frequent."""
    seen = {(e.row.unit, m.hgvs_c): m for e in found for m in e.row.marks if m.residue}
    by_residue: dict[int, list[Mark]] = defaultdict(list)
    for m in seen.values():
        by_residue[min(max(m.residue or 1, 1), shape.length)].append(m)
    top = max(map(len, by_residue.values()), default=1)
    bar, room = 190.0, 130.0
    scale = Scale(length=shape.length, width=WIDTH)
    parts = [tick(scale.x(h.residue), bar) for h in shape.hotspots]
    parts += [domain(d, bar, scale, words) for d in shape.domains]
    heights = {r: bar - 12 - room * len(marks) / top for r, marks in by_residue.items()}
    for residue, marks in sorted(by_residue.items()):
        parts.append(_pin(scale.x(residue), heights[residue], bar, marks))
    parts += _pin_labels(by_residue, heights, scale)
    parts += [
        f'<path class="ruler" d="M{MARGIN - 6} {bar - 12:.0f}V{bar - 12 - room:.0f}h4"/>',
        f'<text class="scale" x="{MARGIN}" y="{bar - 16 - room:.0f}">{top}</text>',
    ]
    parts += axis(bar + 26, scale)
    return figure(bar + 50, words["cohort"]["protein"], parts)


def _pin(x: float, y: float, bar: float, marks: Sequence[Mark]) -> str:
    names = Counter(f"{m.name} ({m.hgvs_c})" for m in marks).most_common()
    title = "; ".join(f"{name} ×{n}" for name, n in names)
    oncogenic = any(m.oncogenicity in ("oncogenic", "likely_oncogenic") for m in marks)
    shape = (
        f'<circle class="head oncogenic" cx="{x:.1f}" cy="{y:.1f}" r="4.5"'
        if oncogenic
        else f'<path class="head uncertain" d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z"'
    )
    return (
        f'<path class="stem" d="M{x:.1f} {bar:.0f}V{y:.1f}"/>{shape}><title>{escape(title)}</title>'
        f"</{'circle' if oncogenic else 'path'}>"
    )


def _pin_labels(
    by_residue: Mapping[int, Sequence[Mark]], heights: Mapping[int, float], scale: Scale
) -> list[str]:
    """Names over the most frequent residues, left out where they would run into another or over a head."""
    taken: list[tuple[float, float, float]] = []
    parts = []
    for residue, marks in sorted(by_residue.items(), key=lambda i: (-len(i[1]), i[0]))[:MOST_LABELS]:
        names = {m.name for m in marks}
        first = Counter(m.name for m in marks).most_common(1)[0][0]
        name = first if len(names) == 1 else f"{first} …"
        text = name if len(marks) == 1 else f"{name} ×{len(marks)}"
        half = 3.6 * len(text) + 3
        x = min(max(scale.x(residue), MARGIN + half), WIDTH - MARGIN - half)
        others = [(scale.x(r), h) for r, h in heights.items() if r != residue]
        for y in (heights[residue] - 9, heights[residue] - 22):
            heads = any(abs(ox - x) < half + 5 and y - 14 < oy < y + 7 for ox, oy in others)
            if not heads and all(abs(x - ox) >= half + o or abs(y - oy) >= 13 for ox, oy, o in taken):
                taken.append((x, y, half))
                parts.append(f'<text class="label small" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>')
                break
    return parts


def vaf_histogram(found: Iterable[Entry], rules: CohortRules, words: Words) -> str:
    """How many reported variants have which VAF, by class."""
    step = rules.vaf_bin
    bins = round(1 / step)
    counts = {"onc": [0] * bins, "unc": [0] * bins}
    for entry in found:
        for m in entry.row.marks:
            if m.vaf is not None:
                style = "onc" if m.oncogenicity in ("oncogenic", "likely_oncogenic") else "unc"
                counts[style][min(int(m.vaf / step + 1e-9), bins - 1)] += 1
    totals = [a + b for a, b in zip(counts["onc"], counts["unc"], strict=True)]
    top, floor, width = max(max(totals), 1), 130.0, (WIDTH - 2 * MARGIN) / bins
    parts = []
    for i, total in enumerate(totals):
        if not total:
            continue
        x, high = MARGIN + i * width + 1, 100 * counts["onc"][i] / top
        low = 100 * counts["unc"][i] / top
        parts.append(
            f'<rect class="onc" x="{x:.1f}" y="{floor - high:.1f}" width="{width - 2:.1f}" height="{high:.1f}"/>'
            f'<rect class="unc" x="{x:.1f}" y="{floor - high - low:.1f}" width="{width - 2:.1f}" height="{low:.1f}"/>'
            f'<text class="axis-label" x="{x + width / 2 - 1:.1f}" y="{floor - high - low - 4:.1f}">{total}</text>'
        )
    parts.append(f'<path class="axis" d="M{MARGIN} {floor}H{WIDTH - MARGIN}"/>')
    parts += [
        f'<text class="axis-label" x="{MARGIN + i * width:.1f}" y="{floor + 16}">{i * step * 100:.0f} %</text>'
        for i in range(0, bins + 1, 2)
    ]
    return figure(floor + 22, words["cohort"]["vafs"], parts)

"""Control-FREEC: _CNVs (altered segments only) and _ratio.txt (windows)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tp53annot.core.segment import Segment
from tp53annot.segments.format import Row, SegmentFormat, figures, signed_number, value

_CNVS = ("chr", "start", "end", "copy number", "status", "genotype", "uncertainty", "origin", "germline")
_STATUS = ("gain", "loss", "neutral", "normal")


class ControlFreec(SegmentFormat):
    """Copies with the genotype of the segment (``A``, ``AB``, ``AAB`` ...) where allele frequencies were used."""

    name = "control_freec"
    tool = "Control-FREEC (_CNVs, _ratio.txt)"
    source = "http://boevalab.inf.ethz.ch/FREEC/tutorial.html#OUTPUT"
    headers = (
        frozenset({"chr", "start", "end", "copy number", "status"}),
        frozenset({"chr", "start", "end", "copy.number", "status"}),
        frozenset({"chromosome", "start", "ratio", "medianratio", "copynumber"}),
    )

    def columns(self, cells: Sequence[str]) -> tuple[str, ...] | None:
        """``_CNVs`` without header: place, copies, gain or loss, and more with allele frequencies."""
        if not 5 <= len(cells) <= len(_CNVS) or cells[4].lower() not in _STATUS:
            return None
        row = dict(zip(_CNVS, cells, strict=False))
        numbers = [signed_number(row[name]) for name in ("start", "end", "copy number")]
        return _CNVS[: len(cells)] if None not in numbers else None

    def lists_unaltered(self, file: str) -> bool:
        """Only the windows do."""
        return "ratio" in file.lower()

    def segment(self, row: Row) -> Segment | None:
        """A row of ``_CNVs``; of germline changes, too."""
        start, end = self.place(row)
        total = value(row, "copy number", "copy.number")
        return Segment(
            start=start,
            end=end,
            total=total,
            minor=_minor(row.get("genotype", "")),
            figures=figures(row, "status", "genotype", "origin"),
        )

    def segments(self, rows: Sequence[Row]) -> list[Segment]:
        """Windows beside one another with the same copies and genotype become one segment."""
        if not rows or "medianratio" not in rows[0]:
            return super().segments(rows)
        windows = [found for i, row in enumerate(rows) if (found := _window(row, rows[i + 1 : i + 2]))]
        joined: list[Segment] = []
        for window in windows:
            last = joined[-1] if joined else None
            if (
                last
                and last.end + 1 == window.start
                and (last.total, last.minor) == (window.total, window.minor)
            ):
                joined[-1] = replace(last, end=window.end)
            else:
                joined.append(window)
        return joined


def _window(row: Row, following: Sequence[Row]) -> Segment | None:
    """A window up to the next one; the last one is taken to be one base; -1: not told."""
    start, total = value(row, "start"), value(row, "copynumber")
    if start is None or start < 0:
        raise ValueError(f"start {row.get('start')!r} is no place")
    after = value(following[0], "start") if following else None
    if total is None or total < 0 or (value(row, "medianratio") or 0) < 0:
        return None
    end = int(after) - 1 if after is not None and after > start else int(start)
    shown = figures(row, "medianratio", "genotype")
    return Segment(
        start=int(start), end=end, total=total, minor=_minor(row.get("genotype", "")), figures=shown
    )


def _minor(genotype: str) -> float | None:
    """Copies of the rarer allele in ``AAB``; ``None`` where no genotype is stated."""
    letters = genotype.strip().upper()
    if not letters or set(letters) - {"A", "B"}:
        return None
    return float(min(letters.count("A"), letters.count("B")))

"""What a copy-number table says of the gene."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.core.copy_number import CopyKind, CopySource, CopyStatement, kind_of_copies
from tp53annot.core.locus import Reference
from tp53annot.core.segment import Segment, SegmentTable
from tp53annot.knowledge.rules.copy_number import TableRules
from tp53annot.names.exon_deletion import coding_exons_hit, covers_coding
from tp53annot.names.transcript import Transcript

_FIGURES = 4  # of a segment, at most, in a sentence


class _Placed(Struct, frozen=True, kw_only=True):
    """A segment over coding bases: its place on GRCh38 and what it says."""

    segment: Segment
    start: int
    end: int
    kind: CopyKind
    total: int | None
    minor: int | None


def table_statements(
    table: SegmentTable,
    sample: str | None,
    build: Build,
    blasts: float | None,
    transcript: Transcript,
    rules: TableRules,
) -> tuple[CopyStatement, ...]:
    """The statements of a table on one sample.

    Args:
        table: the table.
        sample: the name whose rows count, ``None``: all.
        build: that of the sample, which the table's positions are on.
        blasts: declared blasts (0..1), ``None`` where they are not.
        transcript: the one whose coding bases are looked for.
        rules: limits of log2 ratios.
    """
    reference = transcript.reference
    rows = [s for s in table.segments if sample is None or s.sample in (None, sample)]
    placed = [
        p for s in rows if not s.failed for p in _placed(s, reference, build, transcript, blasts, rules)
    ]
    if not placed:
        kind = CopyKind.NO_SEGMENT if table.complete else CopyKind.ALTERED_ONLY
        return (CopyStatement(source=CopySource.TABLE, kind=kind, origin=f"{table.file} ({table.format})"),)
    by_kind: dict[tuple[CopyKind, int | None, int | None], list[_Placed]] = {}
    for found in placed:
        by_kind.setdefault((found.kind, found.total, found.minor), []).append(found)
    if all(kind in _UNALTERED for kind, *_ in by_kind):
        alike = _weakest(placed)
        return tuple(_statements(table, alike, placed, transcript))
    return tuple(s for group in by_kind.values() for s in _statements(table, group[0], group, transcript))


_UNALTERED = (CopyKind.NORMAL, CopyKind.NORMAL_LOH_OPEN)


def _weakest(placed: Sequence[_Placed]) -> _Placed:
    """Of unaltered segments one that says least: loss of heterozygosity not assessed."""
    return next((p for p in placed if p.kind is CopyKind.NORMAL_LOH_OPEN), placed[0])


def _placed(
    segment: Segment,
    reference: Reference,
    build: Build,
    transcript: Transcript,
    blasts: float | None,
    rules: TableRules,
) -> Iterator[_Placed]:
    """The segment, if it holds a coding base and says something."""
    start, end = (reference.from_build(p, build) for p in (segment.start, segment.end))
    total, minor = (_copies(n) for n in (segment.total, segment.minor))
    kind = kind_of_copies(total, minor) or _kind_of_ratio(segment, blasts, rules)
    if kind is not None and coding_exons_hit(start, end, transcript):
        yield _Placed(segment=segment, start=start, end=end, kind=kind, total=total, minor=minor)


def _copies(value: float | None) -> int | None:
    """To the nearest whole number, halves upwards; a small negative estimate is none."""
    return None if value is None else max(math.floor(value + 0.5), 0)


def _kind_of_ratio(segment: Segment, blasts: float | None, rules: TableRules) -> CopyKind | None:
    """What depth alone says, with the share of the rarer allele where it is stated."""
    ratio, fraction = segment.log2, segment.minor_fraction
    if ratio is None:
        return None
    if ratio <= rules.loss_log2 or _is_loss_for(ratio, blasts, rules):
        return CopyKind.LOSS
    if abs(ratio) > rules.balanced_log2:
        return CopyKind.GAIN if ratio >= rules.gain_log2 else CopyKind.SHALLOW
    if fraction is not None and fraction <= rules.loh_fraction:
        return CopyKind.CN_LOH
    if blasts is not None and _half_of_predicted(blasts, rules) >= -rules.balanced_log2:
        return CopyKind.BELOW_SIGHT
    excluded = fraction is not None and fraction >= rules.heterozygous_fraction
    return CopyKind.NORMAL if excluded else CopyKind.NORMAL_LOH_OPEN


def _is_loss_for(ratio: float, blasts: float | None, rules: TableRules) -> bool:
    """Whether a ratio is below its share of what one lost copy in every blast predicts, and not within the scatter."""
    if blasts is None or ratio >= -rules.balanced_log2:
        return False
    return ratio < _half_of_predicted(blasts, rules)


def _half_of_predicted(blasts: float, rules: TableRules) -> float:
    return rules.loss_share * math.log2(1 - blasts / 2)


def _statements(
    table: SegmentTable, alike: _Placed, group: Sequence[_Placed], transcript: Transcript
) -> Iterator[CopyStatement]:
    """One statement for segments that say the same: of the whole gene if together they hold it, else of what they span."""
    whole = _hold_all(group, transcript)
    segment = alike.segment
    spans = ", ".join(f"17:{p.segment.start}-{p.segment.end}" for p in group)
    yield CopyStatement(
        source=CopySource.TABLE,
        kind=alike.kind,
        origin=f"{table.file} ({table.format}), {spans}",
        start=None if whole else min(p.start for p in group),
        end=None if whole else max(p.end for p in group),
        total=alike.total,
        minor=alike.minor,
        figures=_few(segment.figures),
    )


def _few(figures: Mapping[str, str]) -> dict[str, str]:
    return dict(list(figures.items())[:_FIGURES])


def _hold_all(group: Sequence[_Placed], transcript: Transcript) -> bool:
    """Whether every coding base lies in one of the segments."""
    if any(covers_coding(p.start, p.end, transcript) for p in group):
        return True
    return all(
        any(p.start <= base <= p.end for p in group)
        for low, high in transcript.model.cds
        for base in range(low, high + 1)
    )

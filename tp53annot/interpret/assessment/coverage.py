"""What was not assessed, in words."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tp53annot.core.coverage import Coverage, CoverageGap, ExonCoverage, GapCause
from tp53annot.knowledge.rules.assessment import AssessmentWords

_MOST_GAPS = 6
_BY_DEPTH = (
    None,
    GapCause.SHALLOW,
    GapCause.NOT_CALLABLE,
)  # what "could not be assessed at a VAF" says already
_OF_RNA = (GapCause.LOW_EXPRESSION, GapCause.SPLICED_OUT)
_NO_DOUBT = (
    GapCause.SHALLOW,
    GapCause.NOT_CALLABLE,
    GapCause.NO_RECORD,
    GapCause.ERRORS,
    GapCause.RUN_ERRORS,
    GapCause.UNREADABLE,
    GapCause.MAPPING_QUALITY,
    *_OF_RNA,
)


def gaps_in_words(coverage: Coverage, words: AssessmentWords) -> str:
    """Exons without reads, whole exons, then stretches, each with its cause where that is not their depth.

    Bases of introns that RNA lacks as a rule are left out; empty where there is nothing else.
    """
    coverage = replace(coverage, gaps=tuple(g for g in coverage.gaps if g.cause is not GapCause.SPLICED_OUT))
    bare = [e for e in coverage.exons if _without_reads(e) and _cause_of(e, coverage) in _BY_DEPTH]
    by_reason: dict[str, list[ExonCoverage]] = {}
    for exon in coverage.exons:
        reason = _reason_of_whole(exon, coverage, words)
        if reason is not None and exon not in bare:
            by_reason.setdefault(reason, []).append(exon)
    parts = [f"{exons_in_words(bare, words)} ({words.no_reads})"] if bare else []
    for reason, exons in by_reason.items():
        parts.append(f"{exons_in_words(exons, words)}{f' ({reason})' if reason else ''}")
    named = {e.exon for e in (*bare, *(e for exons in by_reason.values() for e in exons))}
    gaps = [g for g in coverage.gaps if g.required and g.exon not in named]
    parts += [_stretch(g, words) for g in gaps[:_MOST_GAPS]]
    if len(gaps) > _MOST_GAPS:
        parts.append(words.more_gaps.format(count=len(gaps) - _MOST_GAPS))
    return ", ".join(parts)


def doubts_in_words(coverage: Coverage, words: AssessmentWords) -> str:
    """Required stretches that a record covers, but does not show to be reference; empty where there is none."""
    gaps = [g for g in coverage.gaps if g.required and g.cause is not None and g.cause not in _NO_DOUBT]
    more = [words.more_gaps.format(count=len(gaps) - _MOST_GAPS)] if len(gaps) > _MOST_GAPS else []
    return ", ".join([*(_stretch(g, words) for g in gaps[:_MOST_GAPS]), *more])


def _without_reads(exon: ExonCoverage) -> bool:
    return exon.fraction_assessed <= 0 and exon.min_depth == 0 and (exon.mean_depth or 0) < 1


def _cause_of(exon: ExonCoverage, coverage: Coverage) -> GapCause | None:
    """The cause of all gaps of an exon; ``None`` where there are several, or reports of older forms state none."""
    causes = {gap.cause for gap in coverage.gaps if gap.exon == exon.exon}
    return causes.pop() if len(causes) == 1 else None


def _reason_of_whole(exon: ExonCoverage, coverage: Coverage, words: AssessmentWords) -> str | None:
    """Why no base of a required exon was assessed, empty where that needs no word; ``None``: to be told by stretches."""
    if not exon.required or exon.fraction_assessed > 0:
        return None
    gaps = [gap for gap in coverage.gaps if gap.exon == exon.exon]
    if len({gap.cause for gap in gaps}) > 1:
        return None
    if _cause_of(exon, coverage) in _BY_DEPTH:
        return words.not_deep if coverage.min_depth_needed else ""
    return _why(gaps[0], words)


def _stretch(gap: CoverageGap, words: AssessmentWords) -> str:
    why = "" if gap.cause in _BY_DEPTH else f": {_why(gap, words)}"
    return f"{words.exon} {gap.exon} ({gap.c_start} {words.to} {gap.c_end}{why})"


def _why(gap: CoverageGap, words: AssessmentWords) -> str:
    if gap.cause is None:
        return ""
    return words.gap[gap.cause] + (f", {gap.detail}" if gap.detail else "")


def exons_in_words(exons: Sequence[ExonCoverage], words: AssessmentWords) -> str:
    """``exon 7`` or ``exons 4-6, 9``."""
    numbers = sorted(int(e.exon) for e in exons)
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    shown = ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs)
    return f"{words.exon if len(numbers) == 1 else words.exons} {shown}"

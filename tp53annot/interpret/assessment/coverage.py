"""What was not assessed, in words."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.core.coverage import Coverage, ExonCoverage
from tp53annot.knowledge.rules.assessment import AssessmentWords

_MOST_GAPS = 6


def gaps_in_words(coverage: Coverage, words: AssessmentWords) -> str:
    """Exons without reads, whole exons, then stretches."""
    bare = [
        e for e in coverage.exons if e.fraction_assessed <= 0 and e.min_depth == 0 and (e.mean_depth or 0) < 1
    ]
    whole = [e for e in coverage.exons if e.required and e.fraction_assessed <= 0 and e not in bare]
    named = {e.exon for e in (*bare, *whole)}
    parts = []
    if bare:
        parts.append(f"{exons_in_words(bare, words)} ({words.no_reads})")
    if whole:
        shallow = f" ({words.not_deep})" if coverage.min_depth_needed else ""
        parts.append(f"{exons_in_words(whole, words)}{shallow}")
    gaps = [g for g in coverage.gaps if g.required and g.exon not in named]
    parts += [f"{words.exon} {g.exon} ({g.c_start} {words.to} {g.c_end})" for g in gaps[:_MOST_GAPS]]
    if len(gaps) > _MOST_GAPS:
        parts.append(words.more_gaps.format(count=len(gaps) - _MOST_GAPS))
    return ", ".join(parts)


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

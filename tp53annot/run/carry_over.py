"""Carry-over between samples of a run: a rare change at a low VAF beside a high VAF of the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tp53annot.knowledge.rules.reads.calling import CarryOverRules
from tp53annot.report.model.report import Report
from tp53annot.run.outcomes import Outcome, Seen


def seen_changes(report: Report, rules: CarryOverRules) -> tuple[Seen, ...]:
    """The rare changes of a report, reported or rejected, with their VAF."""
    return tuple(
        Seen(hgvs_c=v.hgvs_c, name=v.hgvs_p_short, vaf=v.vaf)
        for v in (*report.variants, *report.rejected)
        if v.vaf is not None and all(f.value < rules.population for f in v.frequencies.population)
    )


def carried_over(outcomes: Sequence[Outcome], rules: CarryOverRules) -> list[str]:
    """One line for every change at a low VAF that another patient's sample has at a high one.

    Args:
        outcomes: finished samples, in order of input.
        rules: ``rules/calling.toml`` ``[carry_over]``.
    """
    found: dict[str, list[tuple[Outcome, Seen]]] = defaultdict(list)
    for outcome in outcomes:
        for seen in outcome.changes:
            found[seen.hgvs_c].append((outcome, seen))
    return [line for pairs in found.values() for line in _lines(pairs, rules)]


def _lines(pairs: Sequence[tuple[Outcome, Seen]], rules: CarryOverRules) -> Iterator[str]:
    for low, seen in pairs:
        if seen.vaf > rules.low_vaf:
            continue
        sources: dict[str, float] = {}
        for o, s in pairs:
            another = o is not low and (o.patient is None or o.patient != low.patient)
            if another and s.vaf >= rules.high_vaf:
                sources[o.sample] = max(s.vaf, sources.get(o.sample, 0.0))
        if sources:
            highest = sorted(sources.items(), key=lambda pair: -pair[1])
            shown = ", ".join(f"{name} ({vaf:.2f})" for name, vaf in highest[: rules.named])
            if len(highest) > rules.named:
                shown += rules.more.format(count=len(highest) - rules.named)
            yield rules.text.format(
                sample=low.sample, change=f"{seen.name} ({seen.hgvs_c})", vaf=seen.vaf, sources=shown
            )

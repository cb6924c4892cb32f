"""Counting a validation: agreement by group of change and VAF band, by sample and by exon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tp53annot.core.statistics import Proportion, differences, proportion
from tp53annot.knowledge.rules.validation import IntervalRules, ValidationRules
from tp53annot.validation.agreement import Detection, Match, ReportedChange, SampleComparison, band_of
from tp53annot.validation.figures import (
    ChangeFigures,
    ChangeTables,
    ClassFigures,
    Discordance,
    ExonFigures,
    SampleFigures,
    StatusFigures,
    VafFigures,
)

Comparisons = Sequence[SampleComparison]


def _share(hits: int, trials: int, interval: IntervalRules) -> Proportion:
    return proportion(hits, trials, interval.method, interval.level)


def change_tables(comparisons: Comparisons, rules: ValidationRules, interval: IntervalRules) -> ChangeTables:
    """PPA and PPV of changes: all, by group, by VAF band, and by both (groups with a change only)."""
    matches = [m for c in comparisons for m in c.matches]
    reported = [pair for c in comparisons for pair in c.reported]
    kinds = {group.id: group.label for group in rules.kind}
    bands = [*(band.label for band in rules.vaf_band), rules.words.unstated_vaf]

    def row(group: str, kind: str | None, band: str | None) -> ChangeFigures:
        chosen = [m for m in matches if kind in (None, m.expected.kind) and band in (None, _band(m, rules))]
        shown = [
            (change, true)
            for change, true in reported
            if kind in (None, change.kind) and band in (None, band_of(change.vaf, rules))
        ]
        return _change_figures(group, chosen, shown, interval)

    return ChangeTables(
        all=(row(rules.words.all, None, None),),
        by_kind=_filled(row(label, kind, None) for kind, label in kinds.items()),
        by_vaf=_filled(row(band, None, band) for band in bands),
        by_kind_and_vaf=_filled(
            row(f"{label}, {band}", kind, band) for kind, label in kinds.items() for band in bands
        ),
    )


def _band(match: Match, rules: ValidationRules) -> str:
    vaf = match.expected.vaf
    return band_of(match.seen.vaf if vaf is None and match.seen else vaf, rules)


def _filled(rows: Iterable[ChangeFigures]) -> tuple[ChangeFigures, ...]:
    return tuple(row for row in rows if row.truth or row.reported)


def _change_figures(
    group: str,
    matches: Sequence[Match],
    reported: Sequence[tuple[ReportedChange, bool]],
    interval: IntervalRules,
) -> ChangeFigures:
    seen = sum(m.outcome is not Detection.MISSED for m in matches)
    true = sum(is_true for _, is_true in reported)
    return ChangeFigures(
        group=group,
        truth=len(matches),
        detected=seen,
        missed=len(matches) - seen,
        not_assessed=sum(m.not_assessed for m in matches),
        ppa=_share(seen, len(matches), interval),
        reported=len(reported),
        false=len(reported) - true,
        ppv=_share(true, len(reported), interval),
    )


def sample_figures(
    comparisons: Comparisons, rules: ValidationRules, interval: IntervalRules
) -> SampleFigures:
    """Sample-level PPA and NPA; samples whose report gives no answer are counted apart."""
    no_answer = rules.detection.no_answer_status
    negative = rules.detection.negative_status
    counts: Counter[tuple[bool | None, str]] = Counter()
    for c in comparisons:
        answer = c.observed.status
        counts[(_positive(c, rules), answer if answer in (negative, no_answer) else "positive")] += 1
    hit, lost = counts[(True, "positive")], counts[(True, negative)]
    clean, false = counts[(False, negative)], counts[(False, "positive")]
    return SampleFigures(
        positives=hit + lost + counts[(True, no_answer)],
        positives_seen=hit,
        positives_missed=lost,
        positives_no_answer=counts[(True, no_answer)],
        ppa=_share(hit, hit + lost, interval),
        negatives=clean + false + counts[(False, no_answer)],
        negatives_agree=clean,
        negatives_false=false,
        negatives_no_answer=counts[(False, no_answer)],
        npa=_share(clean, clean + false, interval),
    )


def _positive(comparison: SampleComparison, rules: ValidationRules) -> bool | None:
    """Whether the sample should count as positive; ``None`` when the truth leaves it open."""
    status = comparison.truth.status
    if status is not None:
        open_ = status == rules.detection.no_answer_status
        return None if open_ else status != rules.detection.negative_status
    if not comparison.truth.changes:
        return False
    return None if all(m.outcome is Detection.WITHHELD for m in comparison.matches) else True


def exon_figures(comparisons: Comparisons, interval: IntervalRules) -> tuple[ExonFigures, ...]:
    """NPA of exons without a true change, assessed in full or with a reported change; "all" is last."""
    clean: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for c in comparisons:
        for exon in c.observed.exons or ():
            low, high = exon.start, exon.end
            if any(a.pos <= high and low <= a.end for e in c.truth.changes for a in e.alleles):
                continue
            if any(s.allele.pos <= high and low <= s.allele.end for s, true in c.reported if not true):
                false[exon.exon] += 1
            elif exon.assessed:
                clean[exon.exon] += 1
    names = sorted(
        {*clean, *false}, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0)
    )
    rows = [_one_exon(name, clean[name], false[name], interval) for name in names]
    return (*rows, _one_exon("all", clean.total(), false.total(), interval)) if rows else ()


def _one_exon(name: str, clean: int, false: int, interval: IntervalRules) -> ExonFigures:
    total = clean + false
    return ExonFigures(exon=name, negatives=total, false=false, npa=_share(clean, total, interval))


def vaf_figures(comparisons: Comparisons, rules: ValidationRules, level: float) -> tuple[VafFigures, ...]:
    """Observed less true VAF, over all and by true VAF; limits of agreement at ``level`` (0..1)."""
    pairs = [
        (m.expected.vaf, m.seen.vaf)
        for c in comparisons
        for m in c.matches
        if m.outcome is not Detection.MISSED
        and m.seen
        and m.seen.vaf is not None
        and m.expected.vaf is not None
    ]
    if not pairs:
        return ()
    groups = {rules.words.all: [b - a for a, b in pairs]}
    for band in rules.vaf_band:
        groups[band.label] = [b - a for a, b in pairs if band_of(a, rules) == band.label]
    return tuple(VafFigures.of(name, differences(found, level)) for name, found in groups.items() if found)


def _expected_status(comparison: SampleComparison, rules: ValidationRules) -> str | None:
    """The status a sample should have, as far as the truth tells."""
    if comparison.truth.status is not None:
        return comparison.truth.status
    return rules.detection.negative_status if comparison.truth.negative else None


def status_figures(comparisons: Comparisons, rules: ValidationRules) -> tuple[StatusFigures, ...]:
    """How often each expected status met each observed one."""
    counts = Counter(
        (expected, c.observed.status)
        for c in comparisons
        if (expected := _expected_status(c, rules)) is not None
    )
    return tuple(
        StatusFigures(expected=expected, observed=observed, n=n, agree=expected == observed)
        for (expected, observed), n in sorted(counts.items())
    )


def class_figures(comparisons: Comparisons) -> ClassFigures:
    """How many of the changes seen have the class the truth states."""
    same = [
        m.expected.oncogenicity == m.seen.oncogenicity
        for c in comparisons
        for m in c.matches
        if m.seen is not None and m.expected.oncogenicity is not None
    ]
    return ClassFigures(stated=len(same), agree=sum(same))


def discordances(comparisons: Comparisons, rules: ValidationRules) -> tuple[Discordance, ...]:
    """Everything in which report and truth differ, each with the reason the report gives."""
    return tuple(found for c in comparisons for found in _differences(c, rules))


def _differences(c: SampleComparison, rules: ValidationRules) -> Iterator[Discordance]:
    sample = c.truth.sample
    for m in c.matches:
        if m.reason:
            yield _of_match(m, "withheld" if m.outcome is Detection.WITHHELD else "missed", m.reason)
    for m in c.matches:
        if m.seen is not None and m.expected.oncogenicity not in (None, m.seen.oncogenicity):
            observed, expected = m.seen.oncogenicity, m.expected.oncogenicity
            yield _of_match(m, "class", rules.reason.class_.format(observed=observed, expected=expected))
    reason = rules.reason.extra_negative if c.truth.negative else rules.reason.extra
    for s, true in c.reported:
        if not true:
            yield Discordance(
                sample=sample, type="false_positive", change=s.name, kind=s.kind, vaf=s.vaf, reason=reason
            )
    yield from _status_difference(c, rules)


def _of_match(m: Match, sort: str, reason: str) -> Discordance:
    e = m.expected
    return Discordance(sample=m.sample, type=sort, change=e.text, kind=e.kind, vaf=e.vaf, reason=reason)


def _status_difference(c: SampleComparison, rules: ValidationRules) -> Iterator[Discordance]:
    expected, observed = _expected_status(c, rules), c.observed.status
    if expected is None or expected == observed:
        return
    words = rules.reason
    if observed != rules.detection.no_answer_status:
        sort, reason = "status", words.status.format(observed=observed, expected=expected)
    else:
        detail = words.coverage_missing
        if c.observed.exons is not None:
            missing = [f"exon {e.exon}" for e in c.observed.exons if e.required and not e.assessed]
            detail = words.coverage_gaps.format(exons=", ".join(missing))
        sort = "no_answer"
        reason = words.no_answer.format(observed=observed, expected=expected, detail=detail)
    yield Discordance(sample=c.truth.sample, type=sort, change=None, kind=None, vaf=None, reason=reason)

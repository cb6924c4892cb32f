"""Figures of a validation: agreement by group of change and VAF band, by sample and by exon.

Everything is counted from :class:`tp53annot.validation.agreement.Comparison`; the result is plain values, the
content of ``validation.json``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tp53annot.core.statistics import differences, proportion
from tp53annot.validation.agreement import Comparison, Match, Outcome, Rules, Seen, band_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Which interval is given, at which level (0..1)."""

    method: str
    level: float

    def of(self, hits: int, trials: int) -> Row:
        """A proportion as plain values."""
        return asdict(proportion(hits, trials, self.method, self.level))


def changes(comparisons: Sequence[Comparison], rules: Rules, interval: Interval) -> Mapping[str, list[Row]]:
    """PPA and PPV of changes: all, by group, by VAF band, and by both (groups with a change only)."""
    matches = [m for c in comparisons for m in c.matches]
    reported = [pair for c in comparisons for pair in c.reported]
    kinds = {str(k["id"]): str(k["label"]) for k in rules["kind"]}
    bands = [*(str(b["label"]) for b in rules["vaf_band"]), str(rules["words"]["unstated_vaf"])]

    def row(group: str, kind: str | None, band: str | None) -> Row:
        chosen = [m for m in matches if kind in (None, m.expected.kind) and band in (None, _band(m, rules))]
        shown = [(s, true) for s, true in reported
                 if kind in (None, s.kind) and band in (None, band_of(s.vaf, rules))]  # fmt: skip
        return _change_row(group, chosen, shown, interval)

    return {
        "all": [row(str(rules["words"]["all"]), None, None)],
        "by_kind": _filled(row(label, kind, None) for kind, label in kinds.items()),
        "by_vaf": _filled(row(band, None, band) for band in bands),
        "by_kind_and_vaf": _filled(
            row(f"{label}, {band}", kind, band) for kind, label in kinds.items() for band in bands
        ),
    }


def _band(match: Match, rules: Rules) -> str:
    vaf = match.expected.vaf
    return band_of(match.seen.vaf if vaf is None and match.seen else vaf, rules)


def _filled(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["truth"] or row["reported"]]


def _change_row(
    group: str, matches: Sequence[Match], reported: Sequence[tuple[Seen, bool]], interval: Interval
) -> Row:
    seen = sum(1 for m in matches if m.outcome is not Outcome.MISSED)
    true = sum(1 for _, is_true in reported if is_true)
    return {
        "group": group,
        "truth": len(matches),
        "detected": seen,
        "missed": len(matches) - seen,
        "not_assessed": sum(1 for m in matches if m.not_assessed),
        "ppa": interval.of(seen, len(matches)),
        "reported": len(reported),
        "false": len(reported) - true,
        "ppv": interval.of(true, len(reported)),
    }


def samples(comparisons: Sequence[Comparison], rules: Rules, interval: Interval) -> Row:
    """Sample-level PPA and NPA; samples whose report gives no answer are counted apart."""
    no_answer = rules["detection"]["no_answer_status"]
    negative = rules["detection"]["negative_status"]
    counts: Counter[tuple[bool | None, str]] = Counter()
    for c in comparisons:
        answer = c.observed.status
        counts[(_positive(c, rules), answer if answer in (negative, no_answer) else "positive")] += 1
    hit, lost = counts[(True, "positive")], counts[(True, negative)]
    clean, false = counts[(False, negative)], counts[(False, "positive")]
    return {
        "positives": hit + lost + counts[(True, no_answer)],
        "positives_seen": hit,
        "positives_missed": lost,
        "positives_no_answer": counts[(True, no_answer)],
        "ppa": interval.of(hit, hit + lost),
        "negatives": clean + false + counts[(False, no_answer)],
        "negatives_agree": clean,
        "negatives_false": false,
        "negatives_no_answer": counts[(False, no_answer)],
        "npa": interval.of(clean, clean + false),
    }


def _positive(comparison: Comparison, rules: Rules) -> bool | None:
    """Whether the sample should count as positive; ``None`` when the truth leaves it open."""
    truth, detection = comparison.truth, rules["detection"]
    if truth.status is not None:
        return (
            None
            if truth.status == detection["no_answer_status"]
            else truth.status != detection["negative_status"]
        )
    if not truth.changes:
        return False
    return None if all(m.outcome is Outcome.WITHHELD for m in comparison.matches) else True


def exons(comparisons: Sequence[Comparison], interval: Interval) -> list[Row]:
    """NPA of exons without a true change, assessed in full or with a reported change."""
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
    rows = [_exon_row(name, clean[name], false[name], interval) for name in names]
    return [*rows, _exon_row("all", clean.total(), false.total(), interval)] if rows else []


def _exon_row(name: str, clean: int, false: int, interval: Interval) -> Row:
    return {
        "exon": name,
        "negatives": clean + false,
        "false": false,
        "npa": interval.of(clean, clean + false),
    }


def vaf_agreement(comparisons: Sequence[Comparison], rules: Rules, level: float) -> list[Row]:
    """Observed less true VAF, over all and by true VAF."""
    pairs = [
        (m.expected.vaf, m.seen.vaf)
        for c in comparisons
        for m in c.matches
        if m.outcome is not Outcome.MISSED
        and m.seen
        and m.seen.vaf is not None
        and m.expected.vaf is not None
    ]
    if not pairs:
        return []
    rows = [{"group": str(rules["words"]["all"]), **asdict(differences([b - a for a, b in pairs], level))}]
    for band in rules["vaf_band"]:
        chosen = [b - a for a, b in pairs if band_of(a, rules) == band["label"]]
        if chosen:
            rows.append({"group": str(band["label"]), **asdict(differences(chosen, level))})
    return rows


def expected_status(comparison: Comparison, rules: Rules) -> str | None:
    """The status a sample should have, as far as the truth tells."""
    if comparison.truth.status is not None:
        return comparison.truth.status
    return str(rules["detection"]["negative_status"]) if comparison.truth.negative else None


def status_agreement(comparisons: Sequence[Comparison], rules: Rules) -> list[Row]:
    """How often each expected status met each observed one."""
    counts = Counter(
        (expected, c.observed.status)
        for c in comparisons
        if (expected := expected_status(c, rules)) is not None
    )
    return [{"expected": e, "observed": o, "n": n, "agree": e == o} for (e, o), n in sorted(counts.items())]


def class_agreement(comparisons: Sequence[Comparison]) -> Row:
    """How many of the changes seen have the class the truth states."""
    pairs = [
        (m.expected.oncogenicity, m.seen.oncogenicity)
        for c in comparisons
        for m in c.matches
        if m.seen is not None and m.expected.oncogenicity is not None
    ]
    return {"stated": len(pairs), "agree": sum(1 for a, b in pairs if a == b)}


def discordances(comparisons: Sequence[Comparison], rules: Rules) -> list[Row]:
    """Everything in which report and truth differ, each with the reason the report gives."""
    found: list[Row] = []
    for c in comparisons:
        found += [_change(c, m) for m in c.matches if m.reason]
        found += [_class(c, m, rules) for m in c.matches if _class_differs(m)]
        reason = rules["reason"]["extra_negative" if c.truth.negative else "extra"]
        found += [
            _row(c, "false_positive", s.name, s.kind, s.vaf, reason) for s, true in c.reported if not true
        ]
        found += _status(c, rules)
    return found


def _row(
    c: Comparison, sort: str, change: str | None, kind: str | None, vaf: float | None, reason: str
) -> Row:
    return {
        "sample": c.truth.sample,
        "type": sort,
        "change": change,
        "kind": kind,
        "vaf": vaf,
        "reason": reason,
    }


def _change(c: Comparison, m: Match) -> Row:
    sort = "withheld" if m.outcome is Outcome.WITHHELD else "missed"
    return _row(c, sort, m.expected.text, m.expected.kind, m.expected.vaf, m.reason)


def _class_differs(m: Match) -> bool:
    return m.seen is not None and m.expected.oncogenicity not in (None, m.seen.oncogenicity)


def _class(c: Comparison, m: Match, rules: Rules) -> Row:
    assert m.seen is not None
    reason = rules["reason"]["class"].format(observed=m.seen.oncogenicity, expected=m.expected.oncogenicity)
    return _row(c, "class", m.expected.text, m.expected.kind, m.expected.vaf, reason)


def _status(c: Comparison, rules: Rules) -> list[Row]:
    expected, observed = expected_status(c, rules), c.observed.status
    if expected is None or expected == observed:
        return []
    words = rules["reason"]
    if observed != rules["detection"]["no_answer_status"]:
        return [
            _row(c, "status", None, None, None, words["status"].format(observed=observed, expected=expected))
        ]
    if c.observed.exons is None:
        detail = words["coverage_missing"]
    else:
        missing = [f"exon {e.exon}" for e in c.observed.exons if e.required and not e.assessed]
        detail = words["coverage_gaps"].format(exons=", ".join(missing))
    reason = words["no_answer"].format(observed=observed, expected=expected, detail=detail)
    return [_row(c, "no_answer", None, None, None, reason)]

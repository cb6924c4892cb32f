"""What reports say of changes that are known: each true change seen, withheld or missed, and why.

Positions are GRCh38, 1-based closed, forward strand. Groups, bands, filters and sentences stand in
``rules/validation.toml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Flag
from tp53annot.knowledge.rules.validation import ChangeGroup, ReasonWords, ValidationRules


class Detection(StrEnum):
    """What became of a true change. ``WITHHELD``: seen, and left out of the report on purpose."""

    DETECTED = "detected"
    WITHHELD = "withheld"
    MISSED = "missed"


class Expected(Struct, frozen=True, kw_only=True):
    """A change known to be in a sample. ``alleles``: every DNA change its spelling can mean."""

    text: str
    alleles: tuple[Allele, ...]
    kind: str
    vaf: float | None = None
    oncogenicity: str | None = None


class Truth(Struct, frozen=True, kw_only=True):
    """What is known of a sample; no changes = known to have none (``status`` may say more)."""

    sample: str
    changes: tuple[Expected, ...]
    status: str | None = None

    @property
    def negative(self) -> bool:
        """Known to have neither a change nor another finding."""
        return not self.changes and self.status is None


class ReportedChange(Struct, frozen=True, kw_only=True):
    """A change in a report; ``filters`` is empty for a reported one."""

    allele: Allele
    name: str
    kind: str
    oncogenicity: str
    vaf: float | None = None
    filters: tuple[Flag, ...] = ()
    combined: bool = False

    @property
    def reported(self) -> bool:
        """Whether it passed every filter."""
        return not self.filters


class Stretch(Struct, frozen=True, kw_only=True):
    """A gap of coverage, or a record that could not be read; both ends inclusive."""

    start: int
    end: int
    text: str
    depth: int | None = None


class Exon(Struct, frozen=True, kw_only=True):
    """An exon as the report covers it, splice bases included. ``assessed``: every base of it."""

    exon: str
    start: int
    end: int
    assessed: bool
    required: bool


class Observed(Struct, frozen=True, kw_only=True):
    """A report, as far as it is compared. ``exons`` is ``None`` when coverage is unknown."""

    sample: str
    status: str
    seen: tuple[ReportedChange, ...]
    threshold: float
    exons: tuple[Exon, ...] | None = None
    gaps: tuple[Stretch, ...] = ()
    unread: tuple[Stretch, ...] = ()


class Match(Struct, frozen=True, kw_only=True):
    """A true change and what became of it; ``reason`` is empty for a detected one."""

    sample: str
    expected: Expected
    outcome: Detection
    seen: ReportedChange | None = None
    reason: str = ""
    not_assessed: bool = False


class SampleComparison(Struct, frozen=True, kw_only=True):
    """One sample: its true changes, and every reported change with whether it is true."""

    truth: Truth
    observed: Observed
    matches: tuple[Match, ...]
    reported: tuple[tuple[ReportedChange, bool], ...]


def group_of(allele: Allele, consequences: Sequence[str], groups: Sequence[ChangeGroup]) -> str:
    """The id of a change's group: the first that fits.

    >>> short = ChangeGroup(id="i", label="insertion", shape="insertion", bases=(1, 5))
    >>> group_of(Allele(pos=9, ref="C", alt="CAA"), (), [short])
    'i'
    """
    shape, bases = _shape(allele)
    for group in groups:
        if group.terms and not set(group.terms) & set(consequences):
            continue
        if group.shape not in (None, shape):
            continue
        low, high = group.bases or (bases, bases)
        if low <= bases <= high:
            return group.id
    raise ValueError(f"no group of changes fits {allele}")


def _shape(allele: Allele) -> tuple[str, int]:
    ref, alt = allele.ref, allele.alt
    if len(ref) == len(alt):
        return ("snv" if len(ref) == 1 else "mnv"), len(ref)
    if alt.startswith(ref):
        return "insertion", len(alt) - len(ref)
    if ref.startswith(alt):
        return "deletion", len(ref) - len(alt)
    return "delins", max(len(ref), len(alt))


def band_of(vaf: float | None, rules: ValidationRules) -> str:
    """The label of the VAF band (lower end included)."""
    if vaf is None:
        return rules.words.unstated_vaf
    return next(b.label for b in rules.vaf_band if b.range[0] <= vaf < b.range[1])


def compare_sample(truth: Truth, observed: Observed, rules: ValidationRules) -> SampleComparison:
    """Hold one sample's report against what is known of it."""
    matches = tuple(_match(expected, truth, observed, rules) for expected in truth.changes)
    true = {id(m.seen) for m in matches if m.seen is not None}
    reported = tuple((s, _is_true(s, observed, true)) for s in observed.seen if s.reported)
    return SampleComparison(truth=truth, observed=observed, matches=matches, reported=reported)


def _match(expected: Expected, truth: Truth, observed: Observed, rules: ValidationRules) -> Match:
    found = [s for s in observed.seen if s.allele in expected.alleles]
    best = next((s for s in found if s.reported), found[0] if found else None)
    if best is not None and best.reported:
        return Match(sample=truth.sample, expected=expected, outcome=Detection.DETECTED, seen=best)
    if best is not None:
        withheld = all(f.id in rules.detection.withheld for f in best.filters)
        outcome = Detection.WITHHELD if withheld else Detection.MISSED
        sentence = rules.reason.withheld if withheld else rules.reason.rejected
        reason = sentence.format(filters="; ".join(f"{f.id} ({f.text})" for f in best.filters))
        return Match(sample=truth.sample, expected=expected, outcome=outcome, seen=best, reason=reason)
    reason, assessed = _absence(expected, observed, rules.reason)
    return Match(
        sample=truth.sample,
        expected=expected,
        outcome=Detection.MISSED,
        reason=reason,
        not_assessed=not assessed,
    )


def _absence(expected: Expected, observed: Observed, words: ReasonWords) -> tuple[str, bool]:
    """Why a change is nowhere in the report, and whether its place was assessed."""
    unread = next((u for u in observed.unread if _touches(expected, u.start, u.end)), None)
    gap = next((g for g in observed.gaps if _touches(expected, g.start, g.end)), None)
    others = [s for s in observed.seen if s.reported and _touches(expected, s.allele.pos, s.allele.end)]
    covered = observed.exons is not None and gap is None
    if unread is not None:
        return words.uninterpreted.format(reason=unread.text), covered
    if others:
        return words.other_name.format(names=", ".join(s.name for s in others)), covered
    if observed.exons is None:
        return words.coverage_unknown, False
    if gap is not None:
        depth = "not known" if gap.depth is None else gap.depth
        return words.not_covered.format(exon=gap.text, depth=depth), False
    if not any(_touches(expected, e.start, e.end) for e in observed.exons):
        return words.outside, False
    return words.not_called.format(threshold=observed.threshold), True


def _touches(expected: Expected, start: int, end: int) -> bool:
    return any(a.pos <= end and start <= a.end for a in expected.alleles)


def _is_true(seen: ReportedChange, observed: Observed, true: set[int]) -> bool:
    """True itself, or a combination of changes that are all true."""
    if id(seen) in true:
        return True
    first, last = seen.allele.pos, seen.allele.end
    inside = [s for s in observed.seen if s.allele.pos <= last and first <= s.allele.end]
    parts = [s for s in inside if any(f.id == "combined" for f in s.filters)]
    return seen.combined and bool(parts) and all(id(p) in true for p in parts)

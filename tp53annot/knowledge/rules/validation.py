"""``rules/validation.toml``: groups of changes, VAF bands, interval and words of ``validate``."""

from __future__ import annotations

from msgspec import Struct


class IntervalRules(Struct, frozen=True, kw_only=True):
    """Which interval is given: ``clopper-pearson`` or ``wilson``, its level (0..1) and its source."""

    method: str
    level: float
    source: str


class TruthRules(Struct, frozen=True, kw_only=True):
    """The truth table: its columns (the first two are required), and what says "none" in ``variant``."""

    columns: tuple[str, ...]
    negative_words: tuple[str, ...]


class DetectionRules(Struct, frozen=True, kw_only=True):
    """What counts as seen.

    Attributes:
        withheld: filters that leave a change out on purpose; one held back by these alone was seen.
        negative_status: status of a sample without a finding.
        no_answer_status: status that is neither a finding nor a negative result.
    """

    withheld: tuple[str, ...]
    negative_status: str
    no_answer_status: str


class ChangeGroup(Struct, frozen=True, kw_only=True):
    """A group of changes; what is not stated fits every change.

    Attributes:
        id: name in the files.
        label: name for a reader.
        terms: Sequence Ontology terms of which the change has one.
        shape: ``snv``, ``mnv``, ``insertion``, ``deletion`` or ``delins``.
        bases: fewest and most bases inserted, deleted or (delins) of the longer of both, inclusive.
    """

    id: str
    label: str
    terms: tuple[str, ...] = ()
    shape: str | None = None
    bases: tuple[int, int] | None = None


class VafBand(Struct, frozen=True, kw_only=True):
    """A band of VAF: ``range`` as fractions (0..1), the lower end included, the upper not."""

    label: str
    range: tuple[float, float]


class ReasonWords(Struct, frozen=True, kw_only=True):
    """Why a report and the truth differ; words in braces are filled in."""

    rejected: str
    withheld: str
    not_covered: str
    coverage_unknown: str
    uninterpreted: str
    other_name: str
    not_called: str
    outside: str
    no_report: str
    extra: str
    extra_negative: str
    status: str
    no_answer: str
    class_: str
    coverage_gaps: str
    coverage_missing: str


class ColumnWords(Struct, frozen=True, kw_only=True):
    """Heads of the tables' columns, and names of their rows."""

    group: str
    truth: str
    detected: str
    missed: str
    not_assessed: str
    ppa: str
    reported: str
    false: str
    ppv: str
    npa: str
    negatives: str
    agree: str
    no_answer: str
    n: str
    mean: str
    sd: str
    limits: str
    largest: str
    expected: str
    observed: str
    sample: str
    change: str
    vaf: str
    type: str
    reason: str
    positives: str


class ValidationWords(Struct, frozen=True, kw_only=True):
    """Headings and sentences of a validation; words in braces are filled in."""

    title: str
    all: str
    unstated_vaf: str
    interval_text: str
    truth_text: str
    settings_text: str
    not_judged: str
    no_reports: str
    variants: str
    variants_text: str
    samples: str
    samples_text: str
    exons: str
    exons_text: str
    vaf: str
    vaf_text: str
    status: str
    status_text: str
    discordances: str
    none: str
    disclaimer: str
    columns: ColumnWords


class ValidationRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        interval: of every proportion.
        truth: the truth table.
        detection: what counts as seen.
        kind: groups of changes; the first that fits is taken.
        vaf_band: bands of VAF in order.
        reason: why a report and the truth differ.
        words: headings and sentences.
    """

    version: str
    interval: IntervalRules
    truth: TruthRules
    detection: DetectionRules
    kind: tuple[ChangeGroup, ...]
    vaf_band: tuple[VafBand, ...]
    reason: ReasonWords
    words: ValidationWords

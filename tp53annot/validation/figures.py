"""The figures of a validation, as ``validation.json`` has them.

Counts are of changes, samples or exons; estimates and the ends of their intervals are fractions (0..1).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.statistics import Differences, Proportion
from tp53annot.knowledge.rules.validation import IntervalRules


class ChangeFigures(Struct, frozen=True, kw_only=True):
    """Changes of one group: true ones and how many were seen, reported ones and how many are false.

    Attributes:
        group: kind of change, VAF band, or both.
        truth: true changes.
        detected: of these, seen (reported, or withheld on purpose).
        missed: of these, not seen.
        not_assessed: of the missed, where the report says that it did not assess the place.
        ppa: positive percent agreement, detected of truth.
        reported: changes that the reports show.
        false: of these, not in the truth table.
        ppv: positive predictive value, true of reported.
    """

    group: str
    truth: int
    detected: int
    missed: int
    not_assessed: int
    ppa: Proportion
    reported: int
    false: int
    ppv: Proportion


class ChangeTables(Struct, frozen=True, kw_only=True):
    """All changes, and the groups that hold any."""

    all: tuple[ChangeFigures, ...]
    by_kind: tuple[ChangeFigures, ...]
    by_vaf: tuple[ChangeFigures, ...]
    by_kind_and_vaf: tuple[ChangeFigures, ...]

    @property
    def parts(self) -> Mapping[str, tuple[ChangeFigures, ...]]:
        """The tables by their names in the files."""
        return {
            "all": self.all,
            "by_kind": self.by_kind,
            "by_vaf": self.by_vaf,
            "by_kind_and_vaf": self.by_kind_and_vaf,
        }


class SampleFigures(Struct, frozen=True, kw_only=True):
    """Samples that should be positive or negative; those whose report gives no answer are counted apart."""

    positives: int
    positives_seen: int
    positives_missed: int
    positives_no_answer: int
    ppa: Proportion
    negatives: int
    negatives_agree: int
    negatives_false: int
    negatives_no_answer: int
    npa: Proportion


class ExonFigures(Struct, frozen=True, kw_only=True):
    """Samples in which an exon (or "all" of them) holds no true change, and in how many one is reported."""

    exon: str
    negatives: int
    false: int
    npa: Proportion


class VafFigures(Struct, frozen=True, kw_only=True):
    """Observed less true VAF (fractions) of one band."""

    group: str
    n: int
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    largest: float | None

    @classmethod
    def of(cls, group: str, found: Differences) -> VafFigures:
        """A band's differences under its name."""
        return cls(
            group=group,
            n=found.n,
            mean=found.mean,
            sd=found.sd,
            low=found.low,
            high=found.high,
            largest=found.largest,
        )


class StatusFigures(Struct, frozen=True, kw_only=True):
    """How many samples of an expected status have an observed one."""

    expected: str
    observed: str
    n: int
    agree: bool


class ClassFigures(Struct, frozen=True, kw_only=True):
    """Changes seen whose class the truth states, and how many of them have it."""

    stated: int
    agree: int


class Discordance(Struct, frozen=True, kw_only=True):
    """A difference between report and truth with its reason; no change where a status differs."""

    sample: str
    type: str
    change: str | None
    kind: str | None
    vaf: float | None
    reason: str


class TruthTable(Struct, frozen=True, kw_only=True):
    """The truth table: its file, and how many samples, changes and negative samples it holds."""

    file: str
    sha256: str
    samples: int
    changes: int
    negatives: int


class Validation(Struct, frozen=True, kw_only=True):
    """The whole document.

    Attributes:
        schema_version: of ``validation.json``.
        truth: what the truth table holds.
        reports: how many reports were read.
        tool_versions: versions of the tool that wrote them.
        settings: ``min_vaf`` and ``report_vaf``, every value that occurs.
        interval: of every proportion.
        changes: agreement by change.
        samples: agreement by sample.
        exons: agreement by exon.
        vaf: agreement of VAFs, all first.
        status: expected and observed statuses.
        classes: agreement of classes.
        discordances: every difference.
        no_report: samples of the truth table without a report.
        not_judged: reports of samples that are not in it.
    """

    schema_version: str
    truth: TruthTable
    reports: int
    tool_versions: tuple[str, ...]
    settings: Mapping[str, tuple[str, ...]]
    interval: IntervalRules
    changes: ChangeTables
    samples: SampleFigures
    exons: tuple[ExonFigures, ...]
    vaf: tuple[VafFigures, ...]
    status: tuple[StatusFigures, ...]
    classes: ClassFigures
    discordances: tuple[Discordance, ...]
    no_report: tuple[str, ...]
    not_judged: tuple[str, ...]

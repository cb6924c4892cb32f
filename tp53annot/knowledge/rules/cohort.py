"""``rules/cohort.toml``: rows and steps of the cohort's figures, limits of its page, published frequencies."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class VariantKind(Struct, frozen=True, kw_only=True):
    """A row of the overview. ``terms``: the Sequence Ontology terms drawn in it."""

    kind: str
    terms: tuple[str, ...]


class PageLimits(Struct, frozen=True, kw_only=True):
    """How much the page shows before it only counts.

    Attributes:
        figure_samples: samples in the overview.
        figure_columns: samples side by side in one strip of it.
        heatmap_samples: samples with a column of coverage each.
        list_rows: samples in the list.
        patients: patients with several samples.
    """

    figure_samples: int
    figure_columns: int
    heatmap_samples: int
    list_rows: int
    patients: int


class GroupCondition(Struct, frozen=True, kw_only=True):
    """``field op value`` of a clinical context, as in the statements of ``evidence/``."""

    field: str
    op: str
    value: object


class PublishedFrequency(Struct, frozen=True, kw_only=True):
    """A published share of patients with a TP53 change, as printed.

    Attributes:
        group: who was studied, by language.
        statement: id of the statement that cites it.
        percent: the share in per cent (0..100).
        counts: statuses of a sample that the published figure counts.
        when: whom of a cohort it is set beside; all conditions hold.
        mutated: patients with a change, where stated.
        total: patients studied, where stated.
    """

    group: Mapping[str, str]
    statement: str
    percent: float
    counts: tuple[str, ...]
    when: tuple[GroupCondition, ...]
    mutated: int | None = None
    total: int | None = None


class CohortRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        kind_order: rows of the overview from top to bottom.
        kinds: which variant stands in which row; the first that holds one of its terms decides.
        altered: statuses of the samples in the overview, in its order.
        not_negative: statuses that are neither a finding nor a negative result.
        allelic_share: how full the bar of an allelic state is (0..1); others have none.
        lod_steps: upper ends of the classes of the lowest detectable VAF (0..1, inclusive).
        vaf_bin: width of a column of the VAF figure (0..1).
        limits: how much the page shows.
        published: published frequencies in the order of the page.
    """

    version: str
    kind_order: tuple[str, ...]
    kinds: tuple[VariantKind, ...]
    altered: tuple[str, ...]
    not_negative: tuple[str, ...]
    allelic_share: Mapping[str, float]
    lod_steps: tuple[float, ...]
    vaf_bin: float
    limits: PageLimits
    published: tuple[PublishedFrequency, ...]

"""``rules/effects.toml``: which published figures are drawn, on which axis, and which side of it is worse."""

from __future__ import annotations

import re

from msgspec import Struct


class EffectAxis(Struct, frozen=True, kw_only=True):
    """One kind of measure.

    Attributes:
        name: its label is ``effect_axis.<name>`` of the texts.
        unit: ``percent`` (0 to 100) or ``ratio`` (logarithmic, around 1).
        measure: a regular expression that the measure holds.
        endpoint: one that the measure or the endpoint holds; empty: any.
        timed: whether a figure counts only with its time.
        worse: the side on which patients fare worse.
    """

    name: str
    unit: str
    measure: str
    endpoint: str
    timed: bool
    worse: str


class EffectRules(Struct, frozen=True, kw_only=True):
    """All of the file.

    Attributes:
        version: of the file.
        time: a regular expression for a time from which a percentage is counted.
        percent, ratio: of a figure, with the groups ``about`` and ``number``.
        ratios: of each of several named ratios, with the groups ``name`` and ``number``.
        spans: half-widths of a ratio's axis.
        axis: the axes in the order of the picture.
    """

    version: str
    time: str
    percent: str
    ratio: str
    ratios: str
    spans: tuple[float, ...]
    axis: tuple[EffectAxis, ...]

    def axis_of(self, measure: str, endpoint: str) -> EffectAxis | None:
        """The first axis that fits; ``None`` where the figure is of no drawn kind or lacks its time."""
        both = f"{measure}; {endpoint}"
        for axis in self.axis:
            if re.search(axis.measure, measure) and re.search(axis.endpoint, both):
                timed = not axis.timed or re.search(self.time, both)
                return axis if timed else None
        return None

"""Contrast of words in figures, which accessibility checkers cannot judge: WCAG AA, 4.5 to 1, in each scheme."""

from __future__ import annotations

import re

import pytest

from tp53annot.report.templating import style

CSS = style()
SCHEMES = {
    "light": CSS[: CSS.index("@media")],
    "dark": CSS[CSS.index("prefers-color-scheme:dark") :],
    "print": CSS[CSS.index("@media print") :],
}
WORDS = ("ink", "soft", "onc", "unc", "ok", "accent")
LEAST = 4.5


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    """Ratio of two colours.

    >>> contrast("#000", "#fff")
    21.0
    """
    a, b = sorted((luminance(one), luminance(two)), reverse=True)
    return (a + 0.05) / (b + 0.05)


@pytest.mark.parametrize("ground", ["paper", "wash"])
@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_on_the_page(scheme: str, name: str, ground: str) -> None:
    colours = dict(re.findall(r"--(\w+):(#\w+)", SCHEMES[scheme].split("}")[0]))
    assert contrast(colours[name], colours[ground]) >= LEAST


def test_white_names_on_the_domains() -> None:
    fills = re.findall(r"\.domain[.\w,\- ]*(?:svg \.domain\.\w+)?\{fill:(#\w+)\}", CSS)
    assert len(fills) >= 4
    assert all(contrast("#fff", fill) >= LEAST for fill in fills)

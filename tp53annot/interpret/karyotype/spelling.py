"""ISCN text made plain: one spelling of signs, no blanks, split at its separators."""

from __future__ import annotations

import re

_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "‐": "-", "×": "x", "∼": "~", "’": "'", "→": ">", "；": ";", "，": ","}
)
_WORDS = re.compile(r"^(karyotype|fish|iscn)\s*[:=]\s*", re.IGNORECASE)
_NO_COMMA = re.compile(r"((?:^|/)\d{2}(?:[~-]\d{2})?)(?=[XY])")
_OR = re.compile(r"\s+or\s+")


def plain(text: str) -> str:
    """Signs in one spelling, blanks removed save those around ``or``.

    >>> plain("45, XX, \\u221217 [10] / 46,XX [10].")
    '45,XX,-17[10]/46,XX[10]'
    """
    cleaned = _WORDS.sub("", text.strip().translate(_SIGNS)).rstrip(". ")
    joined = re.sub(r"\s+", "", _OR.sub("|", cleaned)).replace("|", " or ")
    return _NO_COMMA.sub(r"\1,", joined)


def split_outside(text: str, sign: str) -> list[str]:
    """Parts of a text at a sign that stands outside of brackets.

    >>> split_outside("46,XX,t(9;22)(q34;q11)[5]/46,XX[3/20]", "/")
    ['46,XX,t(9;22)(q34;q11)[5]', '46,XX[3/20]']
    """
    parts, depth, start = [], 0, 0
    for i, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if letter == sign and depth <= 0:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]

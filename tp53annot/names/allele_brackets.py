"""HGVS brackets: several changes in one name, and which of them share a molecule."""

from __future__ import annotations

import re

from msgspec import Struct

_HEAD = re.compile(r"(?P<head>(?:[\w.]+(?:\([\w-]+\))?:)?[cgnp]\.)(?P<rest>.+)$", re.I)
_OPEN = "(;)"
_STATES = {"=": "unchanged", "?": "not known", "0": "absent"}


class BracketedChange(Struct, frozen=True, kw_only=True):
    """One change of a bracketed name.

    Attributes:
        text: as a name of its own.
        molecule: number of the allele it stands on, from 0; ``None``: not known.
    """

    text: str
    molecule: int | None


class AlleleBrackets(Struct, frozen=True, kw_only=True):
    """The changes of a bracketed name, in its order.

    Attributes:
        changes: all but ``=``, ``?`` and ``0``.
        other_allele: what such a sign says of an allele: "unchanged", "not known" or "absent".
    """

    changes: tuple[BracketedChange, ...]
    other_allele: str | None

    @property
    def relation(self) -> str:
        """How the changes lie to each other, in words."""
        molecules = [c.molecule for c in self.changes]
        if None in molecules:
            return "which of them share a molecule is not known"
        if len(set(molecules)) == 1:
            return "on one molecule (in cis)"
        if len(set(molecules)) == len(molecules):
            return "on different molecules (in trans)"
        return "some on one molecule (in cis), some on the other"


def brackets_of(plain: str) -> AlleleBrackets | None:
    """The changes of a bracketed name (without blanks); ``None`` where it names one change.

    ``c.[a;b]`` is in cis, ``c.[a];[b]`` in trans, ``c.[a(;)b]`` and ``c.a(;)b`` are open
    (https://hgvs-nomenclature.org/stable/recommendations/DNA/alleles/).

    >>> [(c.text, c.molecule) for c in brackets_of("c.[524G>A];[743G>A]").changes]
    [('c.524G>A', 0), ('c.743G>A', 1)]
    >>> brackets_of("c.[524G>A];[=]").other_allele
    'unchanged'
    """
    inner = re.fullmatch(r"\[(?P<all>[^\[\]]+)\]", plain)
    if inner and ";" in plain:  # every change with its own prefix
        parts, unknown = _split(inner["all"])
        return _gathered([(text, None if unknown else 0) for text in parts])
    match = _HEAD.match(plain)
    if match is None or ";" not in match["rest"]:
        return None
    head, rest = match["head"], match["rest"]
    alleles = re.findall(r"\[([^\[\]]+)\]", rest) or [rest]
    apart = _OPEN in re.sub(r"\[[^\[\]]+\]", "", rest)  # [a](;)[b]
    found: list[tuple[str, int | None]] = []
    for number, allele in enumerate(alleles):
        parts, unknown = _split(allele)
        own = re.compile(re.escape(head[-2:]), re.I)
        found += [
            (
                part if part in _STATES else head + own.sub("", part, count=1),
                None if unknown or apart else number,
            )
            for part in parts
        ]
    return _gathered(found)


def _split(allele: str) -> tuple[list[str], bool]:
    """The changes of one pair of brackets, and whether their phase is open."""
    return [part for part in allele.replace(_OPEN, ";").split(";") if part], _OPEN in allele


def _gathered(found: list[tuple[str, int | None]]) -> AlleleBrackets | None:
    bare = {"c.=": "=", "p.=": "=", "p.(=)": "=", "g.=": "="}
    states = [_STATES[sign] for text, _ in found if (sign := bare.get(text, text)) in _STATES]
    changes = [
        BracketedChange(text=text, molecule=molecule)
        for text, molecule in found
        if bare.get(text, text) not in _STATES
    ]
    if not changes:
        return None
    return AlleleBrackets(changes=tuple(changes), other_allele=states[0] if states else None)

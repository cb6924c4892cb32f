"""One spelling for the many ways people type a change, before it is read."""

from __future__ import annotations

import re

from tp53annot.core.allele import Build
from tp53annot.names.hgvs_protein import ONE

_SIGNS = str.maketrans(
    {**dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("＞→", ">"), **dict.fromkeys("’′“”", "")}
)
_BUILD = re.compile(r"(?:(?P<new>GRCh38|hg38)|(?P<old>GRCh37|hg19|b37))(?:\.p\d+)?[\s:_-]+", re.I)
_GENE = re.compile(r"TP53(?:\((?P<accession>[\w.]+)\)[\s:]*|[\s:_-]+)", re.I)
_SITE = re.compile(
    r"(?:chr)?17[\s:]+(?P<pos>[\d,]+)[\s:]+(?P<ref>[ACGTN]+|-)[\s:>/]+(?P<alt>[ACGTN]+|-)$", re.I
)
_ALONE = re.compile(r"(?P<head>.*[cngp]\.)\[(?P<change>[^\[\];]+)\]$")
_KINDS = re.compile(r"(?i)delins|del|dup|ins|inv|con")
_LONG = re.compile("|".join(ONE), re.I)


def clean(text: str) -> tuple[str, Build | None]:
    """The change without blanks, gene symbol and lone brackets, and the build it states.

    >>> clean("hg38 chr17 7,675,088 C T")
    ('17:7675088:C:T', <Build.GRCH38: 'GRCh38'>)
    >>> clean("TP53 c.[524G>A]")
    ('c.524G>A', None)
    """
    plain = text.translate(_SIGNS).strip().strip("\"',;").replace("->", ">")
    build = None
    stated = _BUILD.match(plain)
    if stated:
        build = Build.GRCH38 if stated["new"] else Build.GRCH37
        plain = plain[stated.end() :]
    gene = _GENE.match(plain)
    if gene:
        plain = (f"{gene['accession']}:" if gene["accession"] else "") + plain[gene.end() :]
    site = _SITE.match(plain)
    if site:
        return f"17:{site['pos'].replace(',', '')}:{site['ref']}:{site['alt']}", build
    plain = re.sub(r"\s+", "", plain)
    alone = _ALONE.match(plain)
    return (alone["head"] + alone["change"] if alone else plain), build


def dna_case(change: str) -> str:
    """Bases in capitals, the kind of change in small letters.

    >>> dna_case("626_627DELga")
    '626_627delGA'
    """
    return _KINDS.sub(lambda match: match.group().lower(), change.upper())


def one_letter(change: str) -> str:
    """A protein change in one-letter residues, a stop as ``*``.

    >>> one_letter("Arg306Ter"), one_letter("R306X"), one_letter("r175h"), one_letter("Met1?")
    ('R306*', 'R306*', 'R175H', 'M1?')
    """
    if re.search(r"[A-Za-z]{3}\d", change):
        change = _LONG.sub(lambda match: ONE[match.group().capitalize()], change)
    parts = re.split(r"(?i)(delins|del|dup|ins|ext|fs|splice)", change)
    residues = (part.lower() if index % 2 else part.upper() for index, part in enumerate(parts))
    return "".join(residues).replace("X", "*")

"""Fractions and counts of a table's cells, as far as they are clear."""

from __future__ import annotations

import re

from tp53annot.core.candidate import ReadSupport
from tp53annot.knowledge.rules.variant_list import VariantListRules
from tp53annot.lists.table import ListLine

_NUMBER = re.compile(r"[+]?(\d+(?:[.,]\d*)?|[.,]\d+)(?:e([+-]?\d{1,3}))?\s*(%?)$", re.I)
_MOST = 1e15  # as many digits as a position or count is read with


def stated_number(text: str) -> tuple[float, bool] | None:
    """A number, and whether it is marked as per cent; ``None`` where it is none, or more than any count.

    >>> stated_number("0,45"), stated_number("12.5 %"), stated_number("4e-1"), stated_number("1e400")
    ((0.45, False), (12.5, True), (0.4, False), None)
    """
    match = _NUMBER.match(text.strip())
    if match is None:
        return None
    value = float(f"{match[1].replace(',', '.')}e{match[2] or 0}")
    return (value, bool(match[3])) if value <= _MOST else None


def fraction(text: str, *, percent: bool = False) -> float | None:
    """A fraction (0..1), ``None`` where it is not clear: above 1 only what is marked as per cent is one.

    >>> fraction("45%"), fraction("45", percent=True), fraction("45"), fraction("0.45")
    (0.45, 0.45, None, 0.45)
    """
    read = stated_number(text)
    if read is None:
        return None
    value, marked = read
    value = value / 100 if marked or percent else value
    return round(value, 12) if 0 <= value <= 1 else None


def read_support(row: ListLine, rules: VariantListRules) -> ReadSupport:
    """VAF and counts of a row: the VAF stated, else that of the counts; where neither is clear, the cells that were not."""
    unclear: list[str] = []

    def count(field: str) -> int | None:
        text = row.fields.get(field)
        read = stated_number(text) if text is not None else None
        if text is not None and (read is None or read[1] or read[0] != int(read[0])):
            unclear.append(_named(row, field, text, rules))
            return None
        return None if read is None else int(read[0])

    depth, alt, ref = (count(field) for field in ("depth", "alt_reads", "ref_reads"))
    if depth is None and alt is not None and ref is not None:
        depth = alt + ref
    if depth is not None and alt is not None and alt > depth:
        unclear.append(_named(row, "alt_reads", str(alt), rules))
        alt = None
    vaf = source = None
    for field in ("vaf", "vaf_percent"):
        text = row.fields.get(field)
        if text is None or vaf is not None:
            continue
        vaf = fraction(text, percent=field == "vaf_percent")
        source = _column(row, field, rules)
        if vaf is None:
            unclear.append(_named(row, field, text, rules))
    if vaf is None and alt is not None and depth:
        vaf, source = alt / depth, "counts of the row"
    if vaf is not None:
        return ReadSupport(vaf=vaf, depth=depth, alt_reads=alt, ref_reads=ref, vaf_source=source)
    counts = (("depth", depth), ("alt_reads", alt), ("ref_reads", ref))
    bare = (_named(row, f, row.fields[f], rules) for f, n in counts if n is not None and f in row.fields)
    unread = tuple(dict.fromkeys((*unclear, *bare)))
    return ReadSupport(depth=depth, alt_reads=alt, ref_reads=ref, unread=unread)


def normal_support(row: ListLine) -> ReadSupport | None:
    """The counts of the matched normal sample, where the row has them."""
    read = [stated_number(row.fields.get(field, "")) for field in ("normal_depth", "normal_alt_reads")]
    depth, alt = (None if r is None else int(r[0]) for r in read)
    if not depth or alt is None or alt > depth:
        return None
    return ReadSupport(vaf=alt / depth, depth=depth, alt_reads=alt, vaf_source="n_alt_count/n_depth")


def _column(row: ListLine, field: str, rules: VariantListRules) -> str:
    return next(name for name in rules.columns[field] if name in row.cells)


def _named(row: ListLine, field: str, text: str, rules: VariantListRules) -> str:
    facts = {"column": _column(row, field, rules), "value": text}
    return rules.reasons.vaf_unclear.text.format(**facts)

"""Single fragments around a variant: one line each, those with the variant on top, what differs from the reference in colour.

An arrow points the way the first read runs. Pale: mapped with little certainty. A thin line joins mates. Beside a
line, where the sample has a second variant: whether the fragment shows that one, too. A narrow mark between two
bases: the fragment has further ones there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tp53annot.core.text import escape
from tp53annot.report.figures.svg import svg
from tp53annot.report.format import Words
from tp53annot.report.model.variant import Fragment, ReadPile, Variant

_COLUMN, _SIDE, _ROW, _TOP, _MARK, _GAP = 12, 8, 4, 32, 18, 6  # pixels
_TIP = 4
_INSERTED = 4  # width of the mark of inserted bases
_NAMED, _LONGEST = 3, 20  # insertions that are told in words, and their bases that are written out
_SURE = 20  # mapping quality from which a fragment is drawn in full
_KINDS = {"A": "pile-A", "C": "pile-C", "G": "pile-G", "T": "pile-T", "-": "pile-deleted"}


def fragment_figure(variant: Variant, pile: ReadPile, words: Words) -> str:
    """The picture as SVG; empty where the report holds no fragments."""
    fragments = pile.fragments or ()
    if not fragments:
        return ""
    width = 2 * _SIDE + _COLUMN * len(pile.reference) + (_MARK if pile.second else 0)
    with_it = [f for f in fragments if f.alt]
    others = [f for f in fragments if not f.alt]
    height = _TOP + _ROW * len(fragments) + (_GAP if with_it and others else 0) + 16
    label = fragments_told(variant, pile, words)
    parts = [*_head(variant, pile)]
    y = _TOP
    for group in (with_it, others):
        for fragment in group:
            parts += _line(fragment, pile, y)
            y += _ROW
        if group is with_it and with_it and others:
            parts.append(f'<path class="axis" d="M{_SIDE} {y + 2} H{width - _SIDE}"/>')
            y += _GAP
    for i, anchor in ((0, "start"), (len(pile.reference), "end")):
        place = pile.start + max(i - 1, 0)
        parts.append(
            f'<text class="pile-place" x="{_SIDE + i * _COLUMN}" y="{height - 3}" text-anchor="{anchor}">{place}</text>'
        )
    return svg("pile", width, height, label, parts, label=label, most=width)


def fragments_told(variant: Variant, pile: ReadPile, words: Words) -> str:
    """The picture in one sentence: ``60 of 504 fragments; 231 of 504 show c.524G>A``."""
    told = words["fragments_told"].format(
        shown=pile.shown, of=pile.of, alt=pile.alt_fragments, change=variant.hgvs_c
    )
    told += _inserted_told(pile, words)
    if not pile.second:
        return str(told)
    both = sum(bool(f.alt and f.second) for f in pile.fragments or ())
    one = sum(bool(f.alt and f.second is False) for f in pile.fragments or ())
    return str(told + words["fragments_phase"].format(second=pile.second, both=both, one=one))


def _inserted_told(pile: ReadPile, words: Words) -> str:
    """The insertions of the fragments drawn, the most frequent first; empty without any."""
    counted = Counter(
        (x.after, x.bases) for f in pile.fragments or () for x in f.inserted or () if _drawn(x.after, pile)
    )
    if not counted:
        return ""
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    told = [
        words["fragments_inserted_one"].format(bases=_shortened(bases), place=place, count=count)
        for (place, bases), count in ranked[:_NAMED]
    ]
    more = ", …" if len(ranked) > _NAMED else ""
    return str(words["fragments_inserted"].format(inserted=", ".join(told) + more))


def _shortened(bases: str) -> str:
    return bases if len(bases) <= _LONGEST else f"{bases[:_LONGEST]}… ({len(bases)})"


def _drawn(after: int, pile: ReadPile) -> bool:
    return 0 <= after - pile.start < len(pile.reference)


def _head(variant: Variant, pile: ReadPile) -> Iterator[str]:
    """The reference, the variant's bases in bold, and a frame around them."""
    first = variant.pos - pile.start
    changed = range(first, first + len(variant.ref))
    for i, base in enumerate(pile.reference):
        kind = "pile-letter here" if i in changed else "pile-letter"
        x = _SIDE + _COLUMN * (i + 0.5)
        yield f'<text class="{kind}" x="{x:g}" y="{_TOP - 6}">{escape(base)}</text>'
    left = _SIDE + _COLUMN * max(first, 0)
    right = _SIDE + _COLUMN * min(changed.stop, len(pile.reference))
    yield f'<path class="pile-frame" d="M{left} {_TOP - 20} H{right} M{left} {_TOP - 20} v4 M{right} {_TOP - 20} v4"/>'
    if pile.second:
        x = _SIDE + _COLUMN * len(pile.reference) + _MARK / 2 + 2
        yield f'<text class="pile-letter" x="{x:g}" y="{_TOP - 6}">2</text>'


def _line(fragment: Fragment, pile: ReadPile, y: int) -> Iterator[str]:
    middle, thick = y + _ROW / 2, _ROW - 1
    quality = fragment.mapping_quality
    kind = "pile-read" if quality is None or quality >= _SURE else "pile-read unsure"
    offset = fragment.start - pile.start
    stretches = list(_stretches(fragment.bases))
    if len(stretches) > 1:
        left, right = stretches[0][0] + offset, stretches[-1][1] + offset
        yield f'<path class="{kind} thin" d="M{_x(left)} {middle:g} H{_x(right)}"/>'
    for number, (begin, end) in enumerate(stretches):
        left, right = _x(begin + offset), _x(end + offset)
        forward = fragment.strand == "+" and number == len(stretches) - 1
        reverse = fragment.strand == "-" and number == 0
        tip = f"l{_TIP} {thick / 2:g} l-{_TIP} {thick / 2:g}" if forward else f"v{thick}"
        back = f"l-{_TIP} -{thick / 2:g} l{_TIP} -{thick / 2:g}" if reverse else "Z"
        yield f'<path class="{kind}" d="M{left} {y} H{right} {tip} H{left} {back}"/>'
    for i, base in enumerate(fragment.bases):
        place = i + offset
        if base in _KINDS and 0 <= place < len(pile.reference) and base != pile.reference[place]:
            yield f'<rect class="{_KINDS[base]}" x="{_x(place)}" y="{y}" width="{_COLUMN}" height="{thick}"/>'
    for inserted in fragment.inserted or ():
        if _drawn(inserted.after, pile):
            x = _x(inserted.after - pile.start + 1) - _INSERTED / 2
            yield (
                f'<rect class="pile-inserted" x="{x:g}" y="{y}" width="{_INSERTED}" height="{_ROW}">'
                f"<title>+{escape(inserted.bases)}</title></rect>"
            )
    if pile.second and fragment.second is not None:
        mark = "pile-second" if fragment.second else "pile-second without"
        x = _SIDE + _COLUMN * len(pile.reference) + _MARK / 2 + 2
        yield f'<circle class="{mark}" cx="{x:g}" cy="{middle:g}" r="1.5"/>'


def _stretches(bases: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each covered stretch, the second behind its last base."""
    begin = None
    for i, base in enumerate(bases + "."):
        if base != "." and begin is None:
            begin = i
        elif base == "." and begin is not None:
            yield begin, i
            begin = None


def _x(place: int) -> int:
    return _SIDE + _COLUMN * place

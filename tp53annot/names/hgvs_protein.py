"""Predicted protein names (HGVS p.), long and in the one-letter form clinicians use."""

from __future__ import annotations

import re

from tp53annot.names.coding_change import CodingChange, common_prefix

_NAMES = "Ala Arg Asn Asp Cys Gln Glu Gly His Ile Leu Lys Met Phe Pro Ser Thr Trp Tyr Val Ter Xaa"
THREE = dict(zip("ARNDCQEGHILKMFPSTWYV*X", _NAMES.split(), strict=True))
ONE = {three: one for one, three in THREE.items()}
_LONG = re.compile("|".join(ONE))


def three(residues: str) -> str:
    """One-letter residues as three-letter text.

    >>> three("R*")
    'ArgTer'
    """
    return "".join(THREE[residue] for residue in residues)


def short_form(name: str) -> str:
    """The one-letter form of a p. name, without ``p.`` and brackets.

    >>> short_form("p.(Arg213GlyfsTer34)")
    'R213Gfs*34'
    """
    bare = name.removeprefix("p.").removeprefix("(").removesuffix(")")
    return _LONG.sub(lambda match: ONE[match.group()], bare)


def protein_name(change: CodingChange) -> str:
    """The predicted p. name of a coding change, in parentheses as HGVS asks."""
    if change.start_lost:
        return "p.(Met1?)"
    return f"p.({_describe(change)})"


def _describe(change: CodingChange) -> str:
    ref, alt = change.reference, change.alternate
    if ref == alt:
        return _silent(change)
    before, after = ref.rstrip("*"), alt.rstrip("*")
    shared = common_prefix(before, after)
    if shared == len(after) and alt.endswith("*") and shared < len(before):
        return f"{THREE[ref[shared]]}{shared + 1}Ter"
    if shared == len(before):
        tail = len(after) - shared if alt.endswith("*") else "?"
        return f"Ter{shared + 1}{THREE[after[shared]]}extTer{tail}"
    if change.net % 3 or _takes_stop(change):
        tail = len(after) - shared + 1 if alt.endswith("*") else "?"
        return f"{THREE[ref[shared]]}{shared + 1}{THREE[alt[shared]]}fsTer{tail}"
    return _in_frame(change, before, after, shared)


def _takes_stop(change: CodingChange) -> bool:
    """Whether a change from before the stop codon on takes it, so that what follows is read as well."""
    longer = len(change.alternate) > len(change.reference)
    return change.last_codon >= len(change.reference) and ("*" not in change.local or longer)


def _silent(change: CodingChange) -> str:
    first, last = change.first_codon, min(change.last_codon, len(change.reference))
    name = f"{THREE[change.reference[first - 1]]}{first}"
    if last > first:
        name += f"_{THREE[change.reference[last - 1]]}{last}"
    return name + "="


def _in_frame(change: CodingChange, before: str, after: str, shared: int) -> str:
    if len(after) < len(before) + change.net // 3:
        return _stop_inside(change, before, shared)
    tail = common_prefix(before[shared:][::-1], after[shared:][::-1])
    end, new = len(before) - tail, after[shared : len(after) - tail]
    if end == shared:
        return _insertion(before, shared, new)
    span = _span(before, shared, end)
    if not new:
        return span + "del"
    if len(new) == 1 and end == shared + 1:
        return span + THREE[new]
    return f"{span}delins{three(new)}"


def _stop_inside(change: CodingChange, before: str, shared: int) -> str:
    """An in-frame change whose inserted residues end in a stop: named up to that stop."""
    first = change.first_codon - 1
    old = change.reference[first : first + len(change.local) - change.net // 3]
    skip = shared - first
    tail = common_prefix(old[skip:][::-1], change.local[skip:][::-1])
    end = min(max(first + len(old) - tail, shared), len(before))
    new = change.alternate[shared:]
    if end == shared:
        return f"{_span(before, shared - 1, shared + 1)}ins{three(new)}"
    return f"{_span(before, shared, end)}delins{three(new)}"


def _insertion(before: str, shared: int, new: str) -> str:
    size = len(new)
    if size <= shared and before[shared - size : shared] == new:
        return _span(before, shared - size, shared) + "dup"
    return f"{_span(before, shared - 1, shared + 1)}ins{three(new)}"


def _span(protein: str, start: int, end: int) -> str:
    """``Arg175`` or ``Arg175_His178`` for the 0-based half-open range start..end."""
    first = f"{THREE[protein[start]]}{start + 1}"
    return first if end - start == 1 else f"{first}_{THREE[protein[end - 1]]}{end}"

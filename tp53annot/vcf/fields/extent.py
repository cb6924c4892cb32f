"""How far a record reaches: END, SVLEN and mates of breakends; positions are the file's own, 1-based."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from tp53annot.core.text import whole

_BREAKEND = re.compile(
    r"(?P<before>[^\[\]]*)(?P<bracket>[\[\]])(?P<contig>.+):(?P<pos>\d{1,10})[\[\]](?P<after>.*)\Z"
)
_NO_LENGTH = ("<INS", "<BND", "<TRA")  # symbols whose SVLEN is no stretch of the reference


class Mate(Struct, frozen=True, kw_only=True):
    """The far side of a breakend.

    Attributes:
        contig, pos: where the mate lies.
        bases: what stands for REF, with what is inserted.
        left: whether the bases stand before the join (``t[p[``, ``t]p]``), not behind it.
        forward: whether the sequence that is joined keeps its direction (``t[p[`` and ``]p]t``).
    """

    contig: str
    pos: int
    bases: str
    left: bool
    forward: bool


def mate_of(alt: str) -> Mate | None:
    """The mate that a breakend's ALT names; ``None``: it is none, or a single one without a mate.

    >>> mate_of("A[chr17:7690000[")
    Mate(contig='chr17', pos=7690000, bases='A', left=True, forward=True)
    >>> mate_of("G.") is None
    True
    """
    found = _BREAKEND.match(alt)
    if found is None:
        return None
    left = bool(found["before"])
    return Mate(
        contig=found["contig"].strip("<>"),
        pos=int(found["pos"]),
        bases=(found["before"] or found["after"]).upper(),
        left=left,
        forward=(found["bracket"] == "[") is left,
    )


def last_base(chrom: str, pos: int, ref: str, alts: Sequence[str], info: Mapping[str, str]) -> int:
    """Last reference position of a record: by END or SVLEN, by a mate on the same contig, else by REF.

    A length of no use is passed over: END that another contig's position fills (CHR2), END on POS beside a longer SVLEN.
    """
    by_ref = pos + len(ref) - 1
    mates = [m.pos for alt in alts if "[" in alt or "]" in alt if (m := mate_of(alt)) and m.contig == chrom]
    symbols = [alt for alt in alts if alt.startswith("<") or alt == "."]
    if not symbols:
        return max([by_ref, *mates])
    if info.get("CHR2", chrom) not in (chrom, "", "."):
        return by_ref
    end = whole(info.get("END", ""))
    if end is not None and end > pos:
        return max([end, *mates])
    length = max((_length(symbol, i, alts, info) for i, symbol in enumerate(alts)), default=0)
    return max([pos + length if length else by_ref, *mates])


def first_base(chrom: str, pos: int, alts: Sequence[str]) -> int:
    """First reference position of a record: POS, or a mate on the same contig before it."""
    mates = [m.pos for alt in alts if "[" in alt or "]" in alt if (m := mate_of(alt)) and m.contig == chrom]
    return min([pos, *mates])


def _length(symbol: str, index: int, alts: Sequence[str], info: Mapping[str, str]) -> int:
    """Bases that SVLEN (one value an ALT, or one for all), else REFLEN, gives a symbol."""
    if not symbol.startswith("<") or symbol.startswith(_NO_LENGTH):
        return 0
    stated = info.get("SVLEN", "").split(",")
    text = stated[index] if len(stated) == len(alts) else stated[0]
    length = whole(text.lstrip("-+"))
    if length is None:
        length = whole(info.get("REFLEN", ""))
    return length or 0

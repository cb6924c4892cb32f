"""Deletions and duplications of exons whose ends are not known: what they take, and how HGVS writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tp53annot.errors import InputError
from tp53annot.names.exon_deletion import deletion_name, exons_hit
from tp53annot.names.transcript import CPosition, Transcript

_POS = r"(?:\*|-)?\d+(?:[+-]\d+)?"
_KIND = r"(?P<kind>del(?:etion)?|dup(?:lication)?)"
_RANGES = re.compile(
    rf"(?:[\w.]+(?:\([\w-]+\))?:)?c\.\((?:\?|{_POS})_(?P<first>\?|{_POS})\)_\((?P<last>\?|{_POS})_(?:\?|{_POS})\){_KIND}$",
    re.I,
)
_MARKS = re.compile(rf"(?:[\w.]+(?:\([\w-]+\))?:)?c\.(?P<first>{_POS})-\?_(?P<last>{_POS})\+\?{_KIND}$", re.I)
_EXON = r"(?:exons?|ex)[ _.-]?"  # a lone E is a residue: E2del takes Glu2
_BY_NUMBER = re.compile(
    rf"(?:{_KIND}(?:of)?[ _.-]?)?{_EXON}(?P<first>\d+)(?:[-_–]|to)?(?:{_EXON})?(?P<last>\d+)?[ _.-]?"
    rf"(?P<kind_last>del(?:etion)?|dup(?:lication)?)?$",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExonEvent:
    """A deletion or duplication of whole exons of the reference transcript with ends in unknown places.

    Attributes:
        kind: "deletion" or "duplication".
        first, last: numbers of the exons.
        exons: exons of the transcript.
        hgvs_c: c. name.
        start, end: GRCh38 positions (1-based, closed) of what is surely taken.
        coding_bases: coding bases in these exons.
    """

    kind: str
    first: int
    last: int
    exons: int
    hgvs_c: str
    start: int
    end: int
    coding_bases: int

    @property
    def what(self) -> str:
        """``deletion of exons 5-6 of 11``."""
        which = f"exon {self.first}" if self.first == self.last else f"exons {self.first}-{self.last}"
        return f"{self.kind} of {which} of {self.exons}"

    @property
    def frame(self) -> str:
        """What it does to the reading frame where the exons beside it are joined."""
        if not self.coding_bases:
            return "no coding base"
        if self.first == 1 or self.last == self.exons:
            return f"{self.coding_bases} coding bases, with an end of the transcript"
        kept = "kept" if self.coding_bases % 3 == 0 else "shifted"
        return f"{self.coding_bases} coding bases; the reading frame is {kept} where the exons beside it are joined"


def exon_event(plain: str, transcript: Transcript, refuse: Callable[[str], InputError]) -> ExonEvent | None:
    """The event a spelling without blanks names; ``None`` when it names none of this kind.

    Understood are ``c.(375+1_376-1)_(559+1_560-1)del``, ``c.376-?_559+?del``, ``ex5del``, ``del exon 5-6``.

    Raises:
        InputError: a position or an exon that the transcript does not have.
    """
    numbered = _BY_NUMBER.match(plain)
    if numbered and (numbered["kind"] or numbered["kind_last"]):
        first = int(numbered["first"])
        last = int(numbered["last"] or first)
        count = len(transcript.exons)
        if not 1 <= first <= last <= count:
            raise refuse(f"{transcript.accession} has exons 1 to {count}")
        return _event(first, last, (numbered["kind"] or numbered["kind_last"]), transcript)
    match = _RANGES.match(plain) or _MARKS.match(plain)
    if match is None:
        return None
    low = transcript.exons[0][0] if match["first"] == "?" else _offset(match["first"], transcript, refuse)
    high = transcript.exons[-1][1] - 1 if match["last"] == "?" else _offset(match["last"], transcript, refuse)
    hit = exons_hit(transcript.position(high), transcript.position(low), transcript)
    if high < low or not hit:
        raise refuse("it takes no exon")
    return _event(hit[0], hit[-1], match["kind"], transcript)


def _offset(text: str, transcript: Transcript, refuse: Callable[[str], InputError]) -> int:
    found = re.fullmatch(r"(\*)?(-?\d+)([+-]\d+)?", text)
    if found is None:
        raise refuse(f"{text!r} is not a position")
    try:
        return transcript.offset_of(CPosition(int(found[2]), int(found[3] or 0), bool(found[1])))
    except ValueError as error:
        raise refuse(str(error)) from error


def _event(first: int, last: int, kind: str, transcript: Transcript) -> ExonEvent:
    begin, end = transcript.exons[first - 1][0], transcript.exons[last - 1][1]
    start_38, end_38 = transcript.position(end - 1), transcript.position(begin)
    named = deletion_name(start_38, end_38, transcript, precise=False) or ""
    deleted = kind.lower().startswith("del")
    coding = sum(
        max(0, min(high, transcript.cds_end) - max(low, transcript.cds_start))
        for low, high in _mrna_spans(transcript)[first - 1 : last]
    )
    return ExonEvent(
        kind="deletion" if deleted else "duplication",
        first=first,
        last=last,
        exons=len(transcript.exons),
        hgvs_c=named if deleted else f"{named.removesuffix('del')}dup",
        start=start_38,
        end=end_38,
        coding_bases=coding,
    )


def _mrna_spans(transcript: Transcript) -> list[tuple[int, int]]:
    """Half-open spans of the exons in the mRNA."""
    spans, at = [], 0
    for low, high in transcript.exons:
        spans.append((at, at + high - low))
        at += high - low
    return spans

"""Deletions and duplications of exons whose ends are not known: what they take, and how HGVS writes them."""

from __future__ import annotations

import re

from msgspec import Struct

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


class ExonEvent(Struct, frozen=True, kw_only=True):
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
    def numbers(self) -> range:
        """Numbers of the exons it takes."""
        return range(self.first, self.last + 1)

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


def exon_event(plain: str, transcript: Transcript) -> ExonEvent | None:
    """The event a spelling without blanks names; ``None`` when it names none of this kind.

    Understood are ``c.(375+1_376-1)_(559+1_560-1)del``, ``c.376-?_559+?del``, ``ex5del``, ``del exon 5-6``.

    Raises:
        ValueError: a position or an exon that the transcript does not have.
    """
    numbered = _BY_NUMBER.match(plain)
    if numbered and (numbered["kind"] or numbered["kind_last"]):
        first = int(numbered["first"])
        last = int(numbered["last"] or first)
        count = len(transcript.exons)
        if not 1 <= first <= last <= count:
            raise ValueError(f"{transcript.accession} has exons 1 to {count}")
        return _event(first, last, (numbered["kind"] or numbered["kind_last"]), transcript)
    match = _RANGES.match(plain) or _MARKS.match(plain)
    if match is None:
        return None
    low = transcript.exons[0][0] if match["first"] == "?" else _offset(match["first"], transcript)
    high = transcript.exons[-1][1] - 1 if match["last"] == "?" else _offset(match["last"], transcript)
    hit = exons_hit(transcript.position(high), transcript.position(low), transcript)
    if high < low or not hit:
        raise ValueError("it takes no exon")
    return _event(hit[0], hit[-1], match["kind"], transcript)


def _offset(text: str, transcript: Transcript) -> int:
    return transcript.offset_of(CPosition.read(text))


def _event(first: int, last: int, kind: str, transcript: Transcript) -> ExonEvent:
    begin, end = transcript.exons[first - 1][0], transcript.exons[last - 1][1] - 1
    named = (
        deletion_name(transcript.position(end), transcript.position(begin), transcript, precise=False) or ""
    )
    deleted = kind.lower().startswith("del")
    begin_mrna, end_mrna = transcript.mrna_index(begin), transcript.mrna_index(end)
    assert begin_mrna is not None and end_mrna is not None  # both are bases of exons
    coding = min(end_mrna + 1, transcript.cds_end) - max(begin_mrna, transcript.cds_start)
    return ExonEvent(
        kind="deletion" if deleted else "duplication",
        first=first,
        last=last,
        exons=len(transcript.exons),
        hgvs_c=named if deleted else f"{named.removesuffix('del')}dup",
        start=transcript.position(end),
        end=transcript.position(begin),
        coding_bases=max(0, coding),
    )

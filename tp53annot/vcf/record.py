"""One record (line) of a VCF, as it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.core.candidate import InputRecord
from tp53annot.core.locus import Reference
from tp53annot.core.text import whole
from tp53annot.knowledge.rules.vcf import CallRemarkTexts, ObstacleTexts
from tp53annot.vcf.dialects.registry import FileDialects
from tp53annot.vcf.fields.extent import first_base, last_base

ANY_OTHER = frozenset({"<NON_REF>", "<*>", "<M>", "."})  # ALTs that name no change
_SEQUENCE = re.compile(r"[ACGT]+\Z")
_STATED = re.compile(r"[ACGTN]+\Z")
_AMBIGUOUS = str.maketrans("RYSWKMBDHV", "NNNNNNNNNN")
_END = re.compile(r"(?:\A|;)END=")
_ANY = ("<*>",)
_MOST_INFO = 400  # characters of INFO kept for the report


def is_sequence(alt: str) -> bool:
    """Whether an ALT (upper case) is written in A, C, G, T alone."""
    return _SEQUENCE.match(alt) is not None


def stated_bases(ref: str) -> str | None:
    """A REF (upper case) with ambiguity codes as N; ``None`` when it is not written in bases.

    >>> stated_bases("YC"), stated_bases("<X>")
    ('NC', None)
    """
    bases = ref.translate(_AMBIGUOUS)
    return bases if _STATED.match(bases) else None


class Record(Struct, frozen=True, kw_only=True):
    """One line near TP53, split; positions are the file's own build, 1-based.

    Attributes:
        ordinal: number of the record in the file, from 1; ``None`` when an index led to it.
        ref, alts: in upper case, symbols and breakends as they stood.
        samples: the sample columns as text.
        stated: REF and ALT columns as they stood (case, ambiguity codes).
    """

    ordinal: int | None
    chrom: str
    pos: int
    id: str
    ref: str
    alts: tuple[str, ...]
    qual: str
    filter: str
    info: str
    format: str
    samples: tuple[str, ...]
    stated: tuple[str, str]

    @classmethod
    def of(cls, ordinal: int | None, pos: int, columns: list[str]) -> Record:
        """The record of a line's columns, eight at least; its position is read already."""
        alts = tuple(alt if set("<[]") & set(alt) else alt.upper() for alt in columns[4].split(","))
        if alts == ("*",) and _END.search(columns[7]):
            alts = _ANY  # a block of Octopus; of a deletion stated elsewhere nobody says where it ends
        return cls(
            ordinal=ordinal,
            chrom=columns[0],
            pos=pos,
            id=columns[2],
            ref=columns[3].upper(),
            alts=alts,
            qual=columns[5],
            filter=columns[6],
            info=columns[7],
            format=columns[8] if len(columns) > 8 else "",
            samples=tuple(columns[9:]),
            stated=(columns[3], columns[4]),
        )

    def line(self, column: int | None) -> bytes:
        """The record as a VCF line with at most one sample column."""
        fields = [self.chrom, str(self.pos), self.id, *self.stated, self.qual, self.filter, self.info]
        if column is not None:
            fields += [self.format, self.samples[column]]
        return ("\t".join(fields) + "\n").encode("utf-8", "surrogateescape")

    def info_fields(self) -> dict[str, str]:
        """INFO as a mapping; flags map to an empty string."""
        pairs = (part.partition("=") for part in self.info.split(";") if part and part != ".")
        return {key: value for key, _, value in pairs}

    def sample_text(self, column: int | None) -> str:
        """The text of a sample column; empty where there is none."""
        return self.samples[column] if column is not None and column < len(self.samples) else ""

    def sample_fields(self, column: int | None) -> dict[str, str]:
        """A sample's values by FORMAT key."""
        text = self.sample_text(column)
        return dict(zip(self.format.split(":"), text.split(":"), strict=False)) if text else {}

    def first(self) -> int:
        """First reference position: POS, or a mate of its breakends before it."""
        return first_base(self.chrom, self.pos, self._alts_as_stated)

    def end(self) -> int:
        """Last reference position: by END, LEN, SVLEN or mates for symbols, breakends and blocks, else by REF."""
        last = last_base(self.chrom, self.pos, self.ref, self._alts_as_stated, self.info_fields())
        return max(last, self._end_of_lengths() or 0)

    def _end_of_lengths(self) -> int | None:
        """Last position of the longest reference block of a sample (``LEN``, VCF 4.5)."""
        keys = self.format.split(":")
        if "LEN" not in keys or ANY_OTHER.isdisjoint(self.alts):
            return None
        place = keys.index("LEN")
        values = (text.split(":") for text in self.samples)
        lengths = [whole(parts[place]) for parts in values if len(parts) > place]
        return self.pos + max((length or 1 for length in lengths), default=1) - 1

    @property
    def _alts_as_stated(self) -> tuple[str, ...]:
        """Names of contigs in breakends keep their case."""
        return _ANY if self.alts == _ANY else tuple(self.stated[1].split(","))

    def filters(self) -> tuple[str, ...] | None:
        """Names in the FILTER column, PASS among them; ``None`` when it states none ('.')."""
        return None if self.filter == "." else tuple(self.filter.split(";"))


class Origin(Struct, frozen=True, kw_only=True):
    """The file a record comes from.

    Attributes:
        name: of the file.
        reference: the locus.
        build: the build the file is on.
        dialects: those that may speak in it.
        normals: columns of the sample's matched normals.
        normal_vaf: VAF from which one of them without a genotype has an ALT.
        single: whether one sample alone is reported, so that a record without genotype can only be about it.
        words: why an allele cannot be named.
        remarks: what is remarked of a call.
        allele_filters: by position, what a record there says of the filters of more alleles than it has, as a tool that
            makes several records of one leaves it with the first alone.
    """

    name: str
    reference: Reference
    build: Build
    dialects: FileDialects
    normals: tuple[int, ...]
    normal_vaf: float
    single: bool
    words: ObstacleTexts
    remarks: CallRemarkTexts
    allele_filters: Mapping[int, str] = {}

    def start(self, record: Record) -> int:
        """Its first position on GRCh38."""
        return self.reference.from_build(record.pos, self.build)

    def end(self, record: Record) -> int:
        """Its last position on GRCh38."""
        return self.reference.from_build(record.end(), self.build)

    def bases(self, record: Record) -> str:
        """What the reference has where the record states its REF; it must lie on the locus."""
        start = self.start(record)
        return self.reference.bases(start, start + len(record.ref) - 1)

    def as_input(self, record: Record, index: int, column: int | None) -> InputRecord:
        """The record as a report shows it for one ALT; what is longer than the locus is cut."""
        ref, alts = record.stated
        return InputRecord(
            file=Path(self.name).name,
            ordinal=record.ordinal,
            chrom=record.chrom,
            pos=record.pos,
            ref=self._shown(ref),
            alt=self._shown(alts.split(",")[index]),
            id=None if record.id == "." else record.id,
            qual=_quality(record.qual),
            filters=record.filters(),
            info=record.info[:_MOST_INFO],
            format=record.format or None,
            sample=record.sample_text(column) or None,
        )

    def _shown(self, bases: str) -> str:
        return bases if len(bases) <= len(self.reference.sequence) else f"{bases[:40]}..."


def _quality(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None

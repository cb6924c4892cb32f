"""The header of a VCF, as its bytes stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

# Names of the first columns; FORMAT comes before samples.
FIXED_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")


class Header(Struct, frozen=True, kw_only=True, dict=True):
    """The header of a VCF; all that is asked of it is read from its bytes.

    Attributes:
        raw: every line up to and with the #CHROM line, with line ends, without a byte order mark.
    """

    raw: bytes

    @cached_property
    def _text(self) -> tuple[str, ...]:
        text = self.raw.decode("utf-8", "surrogateescape").removesuffix("\n")
        return tuple(line.rstrip("\r") for line in text.split("\n"))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines before the #CHROM line as text, without line ends."""
        return self._text[:-1]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names in the #CHROM line."""
        return tuple(self._text[-1].split("\t"))

    @classmethod
    def of(cls, lines: Sequence[str], columns: Sequence[str]) -> Header:
        """The header made of these lines and column names."""
        text = "".join(f"{line}\n" for line in (*lines, "\t".join(columns)))
        return cls(raw=text.encode("utf-8", "surrogateescape"))

    @property
    def samples(self) -> tuple[str, ...]:
        """Names of the sample columns."""
        return self.columns[9:]


class FieldDefinition(Struct, frozen=True, kw_only=True):
    """An INFO or FORMAT field as a header declares it.

    Attributes:
        kind: "INFO" or "FORMAT".
        number: values a record has: "A" one an ALT, "R" one an allele, else a count.
        type: "String", "Integer", "Float" or "Flag".
    """

    kind: str
    id: str
    number: str
    type: str
    description: str

    @property
    def start(self) -> str:
        """How its header line starts, whatever else it says."""
        return f"##{self.kind}=<ID={self.id}"

    @property
    def line(self) -> str:
        """Its header line."""
        return f'{self.start},Number={self.number},Type={self.type},Description="{self.description}">'


def format_field(name: str, number: str, type: str, description: str) -> FieldDefinition:
    """A FORMAT field."""
    return FieldDefinition(kind="FORMAT", id=name, number=number, type=type, description=description)


def header_of_calls(
    sample: str,
    contig: str,
    length: int,
    build: str,
    fields: Sequence[FieldDefinition],
    filters: Mapping[str, str],
    *more: str,
) -> Header:
    """Header of a file of one sample's calls on one contig.

    ``filters``: description by name, beside PASS; ``more``: further lines before the contig's.
    """
    lines = (
        "##fileformat=VCFv4.2",
        '##FILTER=<ID=PASS,Description="All filters passed">',
        *(field.line for field in fields),
        *(f'##FILTER=<ID={name},Description="{text}">' for name, text in filters.items()),
        *more,
        f"##contig=<ID={contig},length={length},assembly={build}>",
    )
    column = re.sub(r"[\x00-\x1f\x7f]", "_", sample)  # a tab would make two columns
    return Header.of(lines, ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", column))

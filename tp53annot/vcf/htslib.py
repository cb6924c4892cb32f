"""BCF and bgzip through htslib; its messages stay off the terminal, its faults become one line of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tp53annot.errors import InputError
from tp53annot.system.descriptors import quiet_stderr
from tp53annot.system.files import scratch

_BATCH = 1000  # records printed at a time


class Sink(Protocol):
    """Takes the output's bytes."""

    def write(self, data: bytes, /) -> object:
        """Append data."""


def bcf_lines(path: Path, name: str) -> Iterator[bytes]:
    """Header and then records of a BCF, as htslib prints them, in pieces of whole lines.

    Raises:
        InputError: htslib cannot read it. ``name`` is the file's name in the message.
    """
    import cyvcf2

    try:
        with quiet_stderr():
            source = cyvcf2.VCF(str(path))
        yield source.raw_header.encode("utf-8", "surrogateescape")
        records = iter(source)
        while batch := _printed(records):
            yield batch
        source.close()
    except Exception as error:  # htslib's faults come as bare Exception
        raise InputError(
            "htslib cannot read it as BCF", path=name, fix="copy or produce the file again"
        ) from error


def _printed(records: Iterator[object]) -> bytes:
    lines: list[str] = []
    with quiet_stderr():
        for record in records:
            lines.append(str(record))
            if len(lines) == _BATCH:
                break
    return "".join(lines).encode("utf-8", "surrogateescape")


@contextmanager
def bgzip(path: Path) -> Iterator[Sink]:
    """A new bgzipped file to write into."""
    import pysam

    stream = pysam.BGZFile(str(path), "wb", None)
    try:
        yield stream
    finally:
        with quiet_stderr():
            stream.close()


def convert_to_bcf(text: Path, output: Path, name: str, *, compressed: bool = True) -> None:
    """Write a VCF as BCF (``-``: to standard output); ``name``: the file in a message.

    What its header does not declare is declared as htslib takes it to be: BCF can say nothing without a declaration,
    and writes records of an undeclared contig that no program reads.

    Raises:
        InputError: htslib cannot read a record (a value other than its header declares).
    """
    import cyvcf2

    try:
        with quiet_stderr(), _declared(text) as whole:
            source = cyvcf2.VCF(str(whole))
            writer = cyvcf2.Writer(str(output), source, mode="wb" if compressed else "wbu")
            for record in source:
                writer.write_record(record)
            writer.close()
            source.close()
    except InputError:
        raise
    except Exception as error:  # htslib's faults come as bare Exception
        cause = "htslib cannot write it as BCF: a record's values are not what the header declares"
        raise InputError(cause, path=name, fix="write VCF instead (-O z)") from error


@contextmanager
def _declared(text: Path) -> Iterator[Path]:
    """The VCF itself, or a copy whose header declares what htslib met undeclared while it read the records."""
    import cyvcf2

    source = cyvcf2.VCF(str(text))
    stated = source.raw_header
    for _ in source:
        pass
    met = source.raw_header
    source.close()
    if met == stated:
        yield text
        return
    with scratch(text.parent, ".vcf") as copy:
        with copy.open("wb") as target, text.open("rb") as records:
            target.write(met.encode("utf-8", "surrogateescape"))
            target.writelines(line for line in records if not line.startswith(b"#"))
        yield copy

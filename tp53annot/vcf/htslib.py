"""BCF and bgzip through htslib; its messages stay off the terminal, its faults become one line of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tp53annot.errors import InputError
from tp53annot.system.descriptors import quiet_stderr

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


def convert_to_bcf(text: Path, output: Path) -> None:
    """Write a VCF as BCF.

    Raises:
        InputError: htslib cannot read a record (a field its header does not declare rightly).
    """
    import cyvcf2

    try:
        with quiet_stderr():
            source = cyvcf2.VCF(str(text))
            writer = cyvcf2.Writer(str(output), source, mode="wb")
            for record in source:
                writer.write_record(record)
            writer.close()
            source.close()
    except Exception as error:  # htslib's faults come as bare Exception
        cause = "htslib cannot write it as BCF"
        raise InputError(cause, path=output.name, fix="write .vcf.gz instead") from error

"""Opening a VCF or BCF and reading its lines, whatever the container, without losing one.

Plain text, gzip and bgzip are read as lines of bytes; BCF and indexed files go through htslib
(cyvcf2), which hands over the same lines.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tp53annot.errors import InputError, OutputError

_GZIP, _BCF, _BOM = b"\x1f\x8b", b"BCF", b"\xef\xbb\xbf"
_KNOWN = {
    b"%PDF": "a PDF file", b"PK\x03\x04": "a ZIP or office file", b"BAM\x01": "a BAM file",
    b"CRAM": "a CRAM file", b"\x89PNG": "an image", b"{": "a JSON file", b">": "a FASTA file",
    b"@": "a SAM or FASTQ file", b"\xff\xfe": "UTF-16 text", b"\xfe\xff": "UTF-16 text",
}  # fmt: skip
MAX_LINE = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Header lines (text, without line ends) and the sample columns."""

    lines: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def samples(self) -> tuple[str, ...]:
        """Names of the sample columns."""
        return self.columns[9:]


def bad(path: str, cause: str, fix: str, place: str | None = None) -> InputError:
    """The error for a file that cannot be read as VCF."""
    return InputError(cause, path=path, place=place, fix=fix)


class Reader:
    """Lines of one VCF: the header first, then ``records()``; stdin is read once.

    Raises:
        InputError: not a VCF, truncated, unreadable.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = "standard input" if str(path) == "-" else str(path)
        self._spool: Path | None = None
        self._stream, self.kind = self._open()
        self._pending: bytes | None = None
        self.line_number = 0
        try:
            self.header = self._read_header()
        except InputError:
            self.close()
            raise

    def _open(self) -> tuple[IO[bytes], str]:
        if str(self.path) == "-":
            raw: IO[bytes] = sys.stdin.buffer
        else:
            if self.path.is_dir():
                raise bad(self.name, "is a folder, not a VCF", "give the file, or the folder to run")
            try:
                raw = self.path.open("rb")
            except OSError as error:
                raise bad(self.name, error.strerror or str(error), "check path and permissions") from error
        buffered = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)  # type: ignore[arg-type]
        magic = buffered.peek(4)[:4]
        if not magic:
            raise bad(self.name, "the file is empty", "an empty file is no result; produce it again")
        if magic.startswith(_GZIP):
            inner = self._inner_magic(buffered)
            if inner.startswith(_BCF):
                return self._bcf_lines(buffered), "bcf"
            self._check_magic(inner)
            return io.BufferedReader(gzip.GzipFile(fileobj=buffered), 1 << 18), "gzip"  # type: ignore[arg-type]
        if magic.startswith(_BCF):
            return self._bcf_lines(buffered), "bcf"
        self._check_magic(magic)
        return buffered, "text"

    def _inner_magic(self, buffered: io.BufferedReader) -> bytes:
        head = buffered.peek(65536)[:65536]
        try:
            return zlib.decompressobj(31).decompress(head, 16)
        except zlib.error as error:
            raise bad(self.name, f"damaged gzip data ({error})", "copy or produce the file again") from error

    def _check_magic(self, magic: bytes) -> None:
        for start, what in _KNOWN.items():
            if magic.startswith(start):
                raise bad(self.name, f"is {what}, not a VCF", "give a VCF, VCF.gz or BCF")

    def _bcf_lines(self, buffered: IO[bytes]) -> IO[bytes]:
        path = self.path
        if str(self.path) == "-":
            with tempfile.NamedTemporaryFile(delete=False, suffix=".bcf") as spool:
                shutil.copyfileobj(buffered, spool)
            path = self._spool = Path(spool.name)
        return io.BufferedReader(_Lines(_htslib_lines(path, self.name, None)))

    def close(self) -> None:
        """Close the file and remove a spooled copy of stdin."""
        if str(self.path) != "-":
            self._stream.close()
        if self._spool is not None:
            self._spool.unlink(missing_ok=True)

    def lines(self) -> Iterator[bytes]:
        """Raw lines with their line ends; a truncated or damaged container is an error."""
        try:
            while True:
                line = self._stream.readline(MAX_LINE)
                if not line:
                    return
                self.line_number += 1
                if len(line) >= MAX_LINE:
                    raise bad(self.name, "a line is longer than 64 MiB", "split the file", self._place())
                yield line
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            cause = (
                "the compressed file is truncated" if isinstance(error, EOFError) else f"damaged ({error})"
            )
            raise bad(self.name, cause, "copy or produce the file again", self._place()) from error
        except OSError as error:
            raise bad(self.name, error.strerror or str(error), "check the file", self._place()) from error

    def _place(self) -> str:
        return f"after line {self.line_number}"

    def _read_header(self) -> Header:
        lines: list[str] = []
        for raw in self.lines():
            if not lines and self.line_number == 1:
                raw = raw.removeprefix(_BOM)
                if not raw.startswith(b"#"):
                    raise bad(
                        self.name,
                        "has no VCF header",
                        "the first line must be ##fileformat=VCFv4.x",
                        "line 1",
                    )
            if b"\0" in raw:
                raise bad(self.name, "is a binary file, not a VCF", "give a VCF, VCF.gz or BCF", "line 1")
            text = raw.decode("utf-8", "surrogateescape").rstrip("\r\n")
            if text.startswith("#CHROM"):
                return Header(lines=tuple(lines), columns=self._columns(text))
            if not text.startswith("#"):
                if not text:
                    continue
                break
            lines.append(text)
        raise bad(self.name, "has no #CHROM line", "the VCF header is incomplete; produce the file again",
                  f"line {self.line_number}")  # fmt: skip

    def _columns(self, text: str) -> tuple[str, ...]:
        columns = tuple(text.split("\t"))
        place = f"line {self.line_number}"
        if len(columns) < 8:
            raise bad(self.name, "the #CHROM line has fewer than 8 tab-separated columns",
                      "columns must be separated by tabs", place)  # fmt: skip
        samples = columns[9:]
        twice = sorted({name for name in samples if samples.count(name) > 1}) if len(samples) < 5000 else []
        if twice:
            raise bad(self.name, f"sample name {twice[0]!r} stands twice", "rename one sample column", place)
        return columns


class _Lines(io.RawIOBase):
    """An iterator of byte lines as a readable stream."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._iterator, self._rest = lines, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._iterator, None)
            if chunk is None:
                return 0
            self._rest = chunk
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _htslib_lines(path: Path, name: str, regions: tuple[str, ...] | None) -> Iterator[bytes]:
    """Header and records of a file as htslib prints them."""
    import cyvcf2

    with quiet_stderr():
        try:
            source = cyvcf2.VCF(str(path))
        except Exception as error:
            raise bad(name, "htslib cannot open it", "produce the file again") from error
        if regions is None:
            yield source.raw_header.encode("utf-8", "surrogateescape")
            records: Iterator[object] = iter(source)
            for record in records:
                yield str(record).encode("utf-8", "surrogateescape")
        else:
            for region in regions:
                for record in source(region):
                    yield str(record).encode("utf-8", "surrogateescape")
        source.close()


def indexed_lines(
    path: Path, contigs: tuple[str, ...], windows: tuple[tuple[int, int], ...]
) -> list[bytes] | None:
    """Records of the windows by the file's index; ``None`` when there is none or it is unfit."""
    index = next((p for p in (Path(f"{path}.tbi"), Path(f"{path}.csi")) if p.is_file()), None)
    if index is None or str(path) == "-" or index.stat().st_mtime < path.stat().st_mtime:
        return None
    regions = tuple(f"{name}:{low}-{high}" for name in contigs for low, high in windows)
    try:
        return list(_htslib_lines(path, str(path), regions))
    except Exception:  # any fault of the index means a scan, which loses nothing
        return None


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Keep htslib's own messages off the terminal: its faults are reported as ours, in one line."""
    sys.stderr.flush()
    try:
        saved, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError as error:
        raise OutputError("no file descriptors left", fix="raise the limit (ulimit -n)") from error
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)

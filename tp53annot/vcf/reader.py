"""Opening a VCF or BCF and reading its lines, whatever the container, without losing one.

Plain text, gzip and bgzip are read as blocks of whole lines; BCF goes through htslib (cyvcf2),
which prints the same lines.
"""

from __future__ import annotations

import functools
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from tp53annot.errors import InputError
from tp53annot.system.files import spooled
from tp53annot.vcf.bgzf import EOF_BLOCK, bgzf_chunks, block_size, gzip_chunks
from tp53annot.vcf.header import FIXED_COLUMNS, Header
from tp53annot.vcf.htslib import bcf_lines

_GZIP, _BCF, _BOM = b"\x1f\x8b", b"BCF", b"\xef\xbb\xbf"
_OTHER_KINDS = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP or office file"),
    (b"BAM\x01", "a BAM file"),
    (b"CRAM", "a CRAM file"),
    (b"\x89PNG", "an image"),
    (b"{", "a JSON file"),
    (b">", "a FASTA file"),
    (b"@", "a SAM or FASTQ file"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
)
_MOST_LINE_BYTES = 64 << 20
_MOST_HEADER_BYTES, _MOST_HEADER_LINES = 64 << 20, 500_000
_READ = 1 << 20
_LINE_END = ord("\n")
_AGAIN = "copy or produce the file again"


class Reader:
    """One VCF: its header, then its records as ``blocks()`` of whole lines; stdin is read once.

    ``most_bytes``: refuse a file that unpacks to more (a bomb). ``line_number``: the line the last block ended with.

    Raises:
        InputError: not a VCF, truncated, unreadable.
    """

    def __init__(self, path: Path, name: str | None = None, *, most_bytes: int = sys.maxsize) -> None:
        self.path, self._left, self._most = path, most_bytes, most_bytes
        self.name = name or ("standard input" if str(path) == "-" else str(path))
        self._open_files = ExitStack()
        self.kind = "text"
        self._plain_bcf = False
        self.line_number = 0
        self._raw = self._open_raw()
        self._rest: bytes | None = b""
        try:
            self._data = self._chunks()
            self.header = self._read_header()
        except InputError:
            self.close()
            raise

    def _fault(self, cause: str, fix: str, place: str | None = None) -> InputError:
        return InputError(cause, path=self.name, place=place, fix=fix)

    def _open_raw(self) -> IO[bytes]:
        if str(self.path) == "-":
            return sys.stdin.buffer
        if self.path.is_dir():
            raise self._fault("is a folder, not a VCF", "give the file, or the folder to run")
        try:
            if not self.path.is_file() and not self.path.is_fifo() and self.path.exists():
                raise self._fault("is not a regular file", "give a VCF, VCF.gz or BCF")
            return self.path.open("rb")
        except OSError as error:
            raise self._fault(error.strerror or str(error), "check path and permissions") from error

    def _chunks(self) -> Iterator[bytes]:
        """The decompressed data; sets ``kind``."""
        try:
            first = self._raw.read(_READ)
        except OSError as error:
            raise self._fault(error.strerror or str(error), "check the file") from error
        if not first:
            raise self._fault("the file is empty", "an empty file is no result; produce it again")
        stream: IO[bytes] = _Rejoined(first, self._raw)  # type: ignore[assignment]
        inner = first
        if first.startswith(_GZIP):
            try:
                inner = zlib.decompressobj(31).decompress(first, 16)
            except zlib.error as error:
                raise self._fault(f"damaged gzip data ({error})", _AGAIN) from error
            self.kind = "gzip" if block_size(first) is None else "bgzf"
        if inner.startswith(_BCF):
            self.kind = "bcf"
            self._plain_bcf = inner is first
            return self._bcf_lines(stream)
        self._check_magic(inner)
        self._check_end()
        if self.kind == "text":
            return iter(lambda: stream.read(_READ), b"")
        return gzip_chunks(stream) if self.kind == "gzip" else bgzf_chunks(stream)

    def _check_magic(self, magic: bytes) -> None:
        for start, what in _OTHER_KINDS:
            if magic.startswith(start):
                raise self._fault(f"is {what}, not a VCF", "give a VCF, VCF.gz or BCF")

    def _check_end(self) -> None:
        """A bgzipped file on disk must end with its end-of-file block: else records are lost."""
        if self.kind not in ("bgzf", "bcf") or not self.seekable:
            return
        with self.path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - len(EOF_BLOCK)))
            if stream.read() != EOF_BLOCK:
                raise self._fault(
                    "the compressed file is truncated (its end-of-file block is missing)",
                    _AGAIN,
                    f"byte {size}",
                )

    def _bcf_lines(self, stream: IO[bytes]) -> Iterator[bytes]:
        path = self.path
        if str(self.path) == "-":
            path = self._open_files.enter_context(spooled(iter(lambda: stream.read(_READ), b""), ".bcf"))
        if self.path == path and not self._plain_bcf:
            self._check_end()
        return bcf_lines(path, self.name)

    @property
    def seekable(self) -> bool:
        """A file on disk, so that an index can be used."""
        return str(self.path) != "-" and self.path.is_file()

    def close(self) -> None:
        """Close the file and remove a spooled copy of stdin."""
        if str(self.path) != "-":
            self._raw.close()
        self._open_files.close()

    def blocks(self) -> Iterator[bytes]:
        """Record lines in blocks; every block ends with a line end, save perhaps the last.

        Raises:
            InputError: truncated, damaged, or a line too long to be real.
        """
        try:
            while self._rest is not None:
                block = self._next_block()
                if block:
                    self.line_number += block.count(b"\n") + (0 if block.endswith(b"\n") else 1)
                    yield block
        except (EOFError, zlib.error) as error:
            cut = isinstance(error, EOFError)
            cause = "the compressed file is truncated" if cut else f"damaged compressed data ({error})"
            raise self._fault(cause, _AGAIN, self._place()) from error
        except OSError as error:
            raise self._fault(error.strerror or str(error), "check the file", self._place()) from error

    def lines(self) -> Iterator[bytes]:
        """Record lines one by one, with their line ends."""
        for block in self.blocks():
            at = 0
            while at < len(block):
                end = block.find(b"\n", at) + 1 or len(block)
                yield block[at:end]
                at = end

    def _next_block(self) -> bytes:
        assert self._rest is not None
        pieces, size = [self._rest], len(self._rest)
        while (chunk := next(self._data, None)) is not None:
            self._left -= len(chunk)
            if self._left < 0:
                raise self._fault(
                    f"holds more than {self._most / (1 << 30):g} GiB uncompressed",
                    "if that is real, raise --max-uncompressed",
                    self._place(),
                )
            cut = chunk.rfind(b"\n") + 1
            if cut:
                pieces.append(chunk[:cut])
                self._rest = chunk[cut:]
                return b"".join(pieces)
            pieces.append(chunk)
            size += len(chunk)
            if size > _MOST_LINE_BYTES:
                raise self._fault("a line is longer than 64 MiB", "split the file", self._place())
        self._rest = None
        return b"".join(pieces)

    def _place(self) -> str:
        return f"after line {self.line_number}"

    def _read_header(self) -> Header:
        raw = bytearray()
        lines = 0
        for block in self.blocks():
            at = 0
            while at < len(block):
                end = block.find(b"\n", at) + 1 or len(block)
                line, at = block[at:end], end
                if not raw:
                    line = self._first_line(line)
                if len(raw) > _MOST_HEADER_BYTES or lines > _MOST_HEADER_LINES:
                    raise self._fault("the header is too long to be real", "check the file", f"line {lines}")
                raw += line
                lines += 1
                if line.startswith(b"#CHROM"):
                    self.line_number = lines
                    self._rest = block[at:] + (self._rest or b"") if at < len(block) else self._rest
                    header = Header(raw=bytes(raw))
                    self._check_columns(header)
                    return header
                if line.strip(b"\r\n") and not line.startswith(b"#"):
                    raise self._no_columns(lines)
        raise self._no_columns(lines)

    def _first_line(self, line: bytes) -> bytes:
        line = line.removeprefix(_BOM)
        if b"\0" in line:
            raise self._fault("is a binary file, not a VCF", "give a VCF, VCF.gz or BCF", "line 1")
        if not line.startswith(b"#"):
            raise self._fault("has no VCF header", "the first line must be ##fileformat=VCFv4.x", "line 1")
        return line

    def _no_columns(self, line: int) -> InputError:
        return self._fault(
            "has no #CHROM line", "the VCF header is incomplete; produce the file again", f"line {line}"
        )

    def _check_columns(self, header: Header) -> None:
        place, samples = f"line {self.line_number}", header.samples
        if len(header.columns) < 8:
            raise self._fault(
                "the #CHROM line has fewer than 8 tab-separated columns",
                "columns must be separated by tabs",
                place,
            )
        for number, (name, due) in enumerate(zip(header.columns, FIXED_COLUMNS, strict=False), 1):
            if name != due:
                cause = f"column {number} of the #CHROM line is {name[:40]!r}, not {due}"
                raise self._fault(cause, "the first columns of a VCF have fixed names and places", place)
        if "" in samples:
            cause = f"column {samples.index('') + 10} of the #CHROM line, a sample's, has no name"
            raise self._fault(cause, "name the sample, or take the tab away", place)
        if len(set(samples)) < len(samples):
            twice = next(name for i, name in enumerate(samples) if name in samples[:i])
            raise self._fault(f"sample name {twice!r} stands twice", "rename one sample column", place)

    def check_first(self, block: bytes) -> None:
        """Refuse records whose columns are separated by spaces: not one of them could be read."""
        first = block[: block.find(b"\n") + 1 or None]
        if b"\t" not in first and len(first.split()) >= len(FIXED_COLUMNS):
            cause = "the columns of the records are separated by spaces"
            raise self._fault(cause, "columns must be separated by tabs", "first record")

    def check_last(self, block: bytes) -> None:
        """Refuse a last line that breaks off before its columns are complete."""
        if block.endswith(b"\n") or self._rest:
            return
        last = block[block.rfind(b"\n") + 1 :]
        if last.strip() and last.count(b"\t") + 1 < len(self.header.columns):
            raise self._fault(
                "the file is truncated: its last line breaks off", _AGAIN, f"line {self.line_number}"
            )


class _Rejoined:
    """A stream whose beginning was already read."""

    def __init__(self, first: bytes, rest: IO[bytes]) -> None:
        self._first, self._stream = first, rest

    def read(self, size: int = -1) -> bytes:
        if self._first:
            cut = len(self._first) if size < 0 else size
            piece, self._first = self._first[:cut], self._first[cut:]
            return piece
        return self._stream.read(size)


def locus_lines(block: bytes, prefixes: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Start and end of every line of the block that begins with a prefix, in file order."""
    wanted = tuple(prefixes)
    starts = [0] if block.startswith(wanted) else []
    for needle, offsets in _needles(wanted):
        at = block.find(needle)
        while at >= 0:
            for offset in offsets:
                start = at - offset
                if start > 0 and block[start - 1] == _LINE_END and block.startswith(wanted, start):
                    starts.append(start)
                    break
            at = block.find(needle, at + 1)
    for start in sorted(starts):
        yield start, block.find(b"\n", start) + 1 or len(block)


@functools.cache
def _needles(prefixes: tuple[bytes, ...]) -> tuple[tuple[bytes, tuple[int, ...]], ...]:
    """What to look for in a block, and how many bytes of a line may stand before it: fewer searches than prefixes.

    "17" ends all its spellings ("chr17", "CHR17"); versions of an accession share what is before the point.
    """
    tails = {p for p in prefixes if sum(other.endswith(p) for other in prefixes) > 1}
    spelled = {p: tuple({len(o) - len(p): p for o in prefixes if o.endswith(p)}) for p in sorted(tails)}
    others = [p for p in prefixes if not p.endswith(tuple(tails) or b"\n")]
    heads = sorted({b"\n" + p[: p.find(b".") + 1 or None] for p in others})
    return (*spelled.items(), *((head, (-1,)) for head in heads))

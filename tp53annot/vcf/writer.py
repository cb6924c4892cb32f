"""Annotated VCF: every record and header line stays as it is, INFO fields are added.

Works on lines: text in, text out, bgzip or BCF by the output's name. Only lines on the TP53 locus
are touched.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from pathlib import Path

from tp53annot.core.allele import Allele, Build
from tp53annot.core.locus import Reference
from tp53annot.system.files import spooled
from tp53annot.vcf.annotator import ADDED_FIELDS, LineAnnotator, Values, position
from tp53annot.vcf.assembly import decide_build, header_build
from tp53annot.vcf.header import Header
from tp53annot.vcf.htslib import Sink, bgzip, convert_to_bcf
from tp53annot.vcf.reader import Reader, locus_lines
from tp53annot.vcf.record import stated_bases

_MOST_SITES = 10_000
_FORMAT = b"##fileformat="
_TOOL = "##tp53annot="


def annotate_stream(
    path: Path,
    output: Path,
    reference: Reference,
    values: Callable[[Allele], Values | None],
    tool: str,
    assembly: Build | None,
    most_bytes: int = sys.maxsize,
) -> None:
    """Annotate any VCF or BCF into ``output`` (``-`` is stdout).

    One pass where the header (or ``assembly``) states the build, and then every REF on the locus is
    checked on the way; otherwise the REF bases are read first.

    Raises:
        InputError: unreadable input, undecided or contradicted build.
    """
    with _opened(path, reference, assembly, most_bytes) as (reader, build, watch):
        work = LineAnnotator(reference, build, values)
        with _sink(output) as sink:
            sink.write(_header_text(reader.header, tool))
            for block in reader.blocks():
                reader.check_last(block)
                sink.write(_annotated(block, work, watch))
            watch.verdict()


def _annotated(block: bytes, work: LineAnnotator, watch: _Watch) -> bytes:
    parts: list[bytes] = []
    at = 0
    for start, end in locus_lines(block, watch.prefixes):
        line = block[start:end]
        watch.see(line)
        new = work.line(line)
        if new is not line:
            parts += (block[at:start], new)
            at = end
    return b"".join((*parts, block[at:])) if parts else block


class _Watch:
    """Collects position and REF of the records near TP53 on either build, to judge the build."""

    def __init__(self, reader: Reader, reference: Reference, assembly: Build | None) -> None:
        self.reference, self.assembly = reference, assembly
        self.name, self.header = reader.name, reader.header.lines
        names = {n for info in reference.builds.values() for n in info.contig_names}
        self.prefixes = tuple(f"{n}\t".encode() for n in sorted(names))
        self.windows = [reference.window(build) for build in reference.builds]
        self.sites: dict[tuple[int, str], None] = {}
        self.chromosomes: set[str] = set()

    def see(self, line: bytes) -> None:
        """Remember the line's REF when it lies on the locus of a build."""
        columns = line.split(b"\t", 5)
        pos = position(columns[1])
        if pos is None or len(columns) < 6 or columns[4].startswith(b"<DEL"):
            return
        if not any(a <= pos <= b for a, b in self.windows) or len(self.sites) >= _MOST_SITES:
            return
        ref = stated_bases(columns[3].decode("ascii", "replace").upper())
        if ref is not None:
            self.sites[(pos, ref)] = None
            self.chromosomes.add(columns[0].decode("ascii", "replace"))

    def verdict(self) -> Build | None:
        """The build by everything seen; ``None`` when there is nothing on TP53 to annotate.

        Raises:
            InputError: header and REF bases disagree, or the build stays open.
        """
        if not self.sites:
            return None
        call = decide_build(
            self.name, self.header, self.chromosomes, list(self.sites), self.reference, self.assembly
        )
        return call.build


@contextmanager
def _opened(
    path: Path, reference: Reference, assembly: Build | None, most_bytes: int
) -> Iterator[tuple[Reader, Build, _Watch]]:
    with ExitStack() as stack:
        reader = stack.enter_context(closing(Reader(path, most_bytes=most_bytes)))
        watch = _Watch(reader, reference, assembly)
        build = assembly or header_build(reader.header.lines, reference)[0]
        if build is None:
            if not reader.seekable:
                whole = chain((reader.header.raw,), reader.blocks())
                copy = stack.enter_context(spooled(whole, ".vcf"))
                reader = Reader(copy, reader.name, most_bytes=most_bytes)
            build = _scanned(reader, watch)
            reader = stack.enter_context(closing(Reader(reader.path, reader.name, most_bytes=most_bytes)))
        yield reader, build, watch


def _scanned(reader: Reader, watch: _Watch) -> Build:
    """The build by the REF bases of the whole file; any build when no record lies on TP53."""
    for block in reader.blocks():
        for start, end in locus_lines(block, watch.prefixes):
            watch.see(block[start:end])
    reader.close()
    return watch.verdict() or next(iter(watch.reference.builds))


def _header_text(header: Header, tool: str, columns: Sequence[str] | None = None) -> bytes:
    """The header as it stands, with our lines (once) before the #CHROM line and a format line where it has none."""
    end = b"\r\n" if header.raw.endswith(b"\r\n") else b"\n"
    known = (*(f"{field.start},".encode() for field in ADDED_FIELDS), _TOOL.encode())
    *lines, last = header.raw.rstrip(b"\r\n").split(b"\n")
    kept = [line + b"\n" for line in lines if not line.startswith(known)]
    if columns is not None:
        last = "\t".join(columns).encode("utf-8", "surrogateescape")
    if not header.raw.startswith(_FORMAT):
        kept.insert(0, _FORMAT + b"VCFv4.2" + end)  # without it no reader takes the file for a VCF
    added = [line.encode() + end for line in (f"{_TOOL}{tool}", *(field.line for field in ADDED_FIELDS))]
    return b"".join((*kept, *added, last, end))


@contextmanager
def _sink(output: Path) -> Iterator[Sink]:
    """A binary stream to stdout, text, bgzip or BCF by the file's name."""
    name = output.name.lower()
    if str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif name.endswith((".gz", ".bgz")):
        with bgzip(output) as stream:
            yield stream
    elif name.endswith(".bcf"):
        text = output.with_name(output.name + ".vcf")
        try:
            with text.open("wb") as plain:
                yield plain
            convert_to_bcf(text, output)
        finally:
            text.unlink(missing_ok=True)
    else:
        with output.open("wb") as plain:
            yield plain


def write_lines(output: Path, lines: Iterable[bytes]) -> None:
    """Finished VCF lines to stdout, text, bgzip or BCF by the file's name."""
    with _sink(output) as sink:
        for line in lines:
            sink.write(line)


def write_sample_vcf(
    path: Path, header: Header, rows: Iterable[bytes], work: LineAnnotator, tool: str, column: int | None
) -> None:
    """The TP53 records of one sample, annotated and bgzipped.

    Args:
        path: the new file.
        header: the input's.
        rows: records with at most the sample's column.
        work: adds the fields.
        tool: version of this tool, for the header.
        column: the sample's column in the input, from 0; ``None`` without samples.
    """
    columns = header.columns[:8] if column is None else (*header.columns[:9], header.columns[9 + column])
    with bgzip(path) as stream:
        stream.write(_header_text(header, tool, columns))
        for row in rows:
            stream.write(work.line(row))

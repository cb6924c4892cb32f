"""Annotated VCF: every record and header line stays as it is, INFO fields are added.

Works on lines: text in, text out, bgzip or BCF by the output's name. Only lines on the TP53 locus
are touched.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from pathlib import Path

from msgspec import Struct

from tp53annot.core.allele import Allele, Build
from tp53annot.core.locus import Reference
from tp53annot.errors import InputError
from tp53annot.knowledge.rules.vcf import BuildLimits
from tp53annot.system.files import spooled
from tp53annot.vcf.annotation.annotator import ADDED_FIELDS, LineAnnotator, Values, position
from tp53annot.vcf.annotation.consequence_field import CSQ
from tp53annot.vcf.column_choice import ColumnChoice
from tp53annot.vcf.header import Header
from tp53annot.vcf.htslib import bgzip
from tp53annot.vcf.identity.assembly import Assembly, header_build
from tp53annot.vcf.output_form import OutputForm, form_of, sink
from tp53annot.vcf.readable import are_readable, readable_header, readable_rows
from tp53annot.vcf.reader import Reader, locus_lines
from tp53annot.vcf.record import stated_bases

_MOST_SITES = 10_000
_FORMAT = b"##fileformat="
_VERSION = re.compile(rb"##fileformat=VCFv\d")
_TOOL, _COMMAND = "##tp53annot=", "##tp53annotCommand="


class AnnotationOutput(Struct, frozen=True, kw_only=True):
    """What an annotated VCF looks like.

    Attributes:
        version: of this tool, for the header; ``None``: no line of version and command.
        command: the command line, for the header.
        form: text, bgzip or BCF; ``None``: as the output's name says.
        csq: whether INFO/CSQ is added too; then the last value of an allele is its entry.
        samples: names of sample columns; ``None``: all.
        without_samples: whether the named columns are left out instead of kept.
    """

    version: str | None
    command: str | None = None
    form: OutputForm | None = None
    csq: bool = False
    samples: tuple[str, ...] | None = None
    without_samples: bool = False


def annotate_stream(
    path: Path,
    output: Path,
    reference: Reference,
    limits: BuildLimits,
    values: Callable[[Allele], Values | None],
    shape: AnnotationOutput,
    assembly: Build | None,
    most_bytes: int = sys.maxsize,
) -> None:
    """Annotate any VCF or BCF into ``output`` (``-`` is stdout).

    One pass where the header (or ``assembly``) states the build, and then every REF on the locus is
    checked on the way; otherwise the REF bases are read first.

    Raises:
        InputError: unreadable input, undecided or contradicted build, an unknown sample, INFO/CSQ of another tool.
    """
    with _opened(path, reference, limits, assembly, most_bytes) as (reader, build, watch):
        work = LineAnnotator(reference, build, values, csq=shape.csq)
        chosen = _chosen(reader, shape)
        head = _header_text(reader.header, shape, chosen.names(reader.header.columns) if chosen else None)
        with sink(output, form_of(output, shape.form), reader.name) as stream:
            stream.write(head)
            for block in reader.blocks():
                reader.check_last(block)
                annotated = _annotated(block, work, watch)
                stream.write(chosen.block(annotated) if chosen else annotated)
            watch.verdict()


def _chosen(reader: Reader, shape: AnnotationOutput) -> ColumnChoice | None:
    """The sample columns asked for, checked with what else the header must allow."""
    foreign = (line for line in reader.header.lines if line.startswith(f"{CSQ.start},"))
    if shape.csq and any(line != CSQ.line for line in foreign):
        cause = "the file has an INFO/CSQ of another tool, which --csq would mix with ours"
        raise InputError(cause, path=reader.name, fix="remove it first (bcftools annotate -x INFO/CSQ)")
    if shape.samples is None:
        return None
    return ColumnChoice.of(reader.header, shape.samples, without=shape.without_samples, file=reader.name)


def _annotated(block: bytes, work: LineAnnotator, watch: _Watch) -> bytes:
    parts: list[bytes] = []
    at = 0
    for start, end in locus_lines(block, watch.prefixes):
        line = block[start:end]
        columns = line.split(b"\t", 8)
        watch.see(columns)
        new = work.line(line, columns)
        if new is not line:
            parts += (block[at:start], new)
            at = end
    return b"".join((*parts, block[at:])) if parts else block


class _Watch:
    """Collects position and REF of the records near TP53 on either build, to judge the build."""

    def __init__(
        self, reader: Reader, reference: Reference, limits: BuildLimits, assembly: Build | None
    ) -> None:
        self.reference, self.limits, self.assembly = reference, limits, assembly
        self.name, self.header = reader.name, reader.header.lines
        names = {n for info in reference.builds.values() for n in info.contig_names}
        self.prefixes = tuple(f"{n}\t".encode() for n in sorted(names))
        self.windows = [reference.window(build) for build in reference.builds]
        self.sites: dict[tuple[int, str], None] = {}
        self.chromosomes: set[str] = set()
        self._seen: set[tuple[bytes, ...]] = set()

    def see(self, columns: Sequence[bytes]) -> None:
        """Remember a line's REF when it lies on the locus of a build; ``columns``: six or more where the line has them."""
        key = tuple(columns[:5])
        if key in self._seen or len(self.sites) >= _MOST_SITES:
            return
        if len(self._seen) < _MOST_SITES:
            self._seen.add(key)
        pos = position(columns[1])
        if pos is None or len(columns) < 6 or columns[4].startswith(b"<DEL"):
            return
        if not any(a <= pos <= b for a, b in self.windows):
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
        evidence = Assembly(
            self.name, self.header, self.chromosomes, list(self.sites), self.reference, self.limits
        )
        return evidence.decide(self.assembly).build


@contextmanager
def _opened(
    path: Path, reference: Reference, limits: BuildLimits, assembly: Build | None, most_bytes: int
) -> Iterator[tuple[Reader, Build, _Watch]]:
    with ExitStack() as stack:
        reader = stack.enter_context(closing(Reader(path, most_bytes=most_bytes)))
        watch = _Watch(reader, reference, limits, assembly)
        build = assembly or header_build(reader.name, reader.header.lines, reference)
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
            watch.see(block[start:end].split(b"\t", 8))
    reader.close()
    return watch.verdict() or next(iter(watch.reference.builds))


def _header_text(header: Header, shape: AnnotationOutput, columns: Sequence[str] | None = None) -> bytes:
    """The header as it stands, with our lines (once) before the #CHROM line and a format line where it has none."""
    end = b"\r\n" if header.raw.endswith(b"\r\n") else b"\n"
    fields = (*ADDED_FIELDS, CSQ) if shape.csq else ADDED_FIELDS
    known = (*(f"{field.start},".encode() for field in fields), _TOOL.encode(), _COMMAND.encode())
    *lines, last = header.raw.rstrip(b"\r\n").split(b"\n")
    kept = [line + b"\n" for line in lines if line.strip() and not line.startswith(known)]
    if columns is not None:
        last = "\t".join(columns).encode("utf-8", "surrogateescape")
    if not _VERSION.match(header.raw):
        kept = [line for line in kept if not line.startswith(_FORMAT)]
        kept.insert(0, _FORMAT + b"VCFv4.2" + end)  # without it no reader takes the file for a VCF
    made = [f"{_TOOL}{shape.version}"] if shape.version is not None else []
    made += [f"{_COMMAND}{shape.command}"] if made and shape.command is not None else []
    added = [
        line.encode("utf-8", "surrogateescape") + end for line in (*made, *(field.line for field in fields))
    ]
    return b"".join((*kept, *added, last, end))


def write_sample_vcf(
    path: Path, header: Header, rows: Iterable[bytes], work: LineAnnotator, tool: str, column: int | None
) -> None:
    """The TP53 records of one sample, annotated and bgzipped; every one is read by htslib.

    Args:
        path: the new file.
        header: the input's.
        rows: records with at most the sample's column.
        work: adds the fields.
        tool: version of this tool, for the header.
        column: the sample's column in the input, from 0; ``None`` without samples.
    """
    columns = header.columns[:8] if column is None else (*header.columns[:9], header.columns[9 + column])
    head = _header_text(header, AnnotationOutput(version=tool), columns)
    lines = [work.line(row, row.split(b"\t", 8)) for row in rows]
    _write(path, head, lines)
    if not are_readable(path, lines):
        head = readable_header(head, path.parent)
        _write(path, head, readable_rows(head, lines, path.parent))


def _write(path: Path, head: bytes, lines: Iterable[bytes]) -> None:
    with bgzip(path) as stream:
        stream.write(head)
        for line in lines:
            stream.write(line)

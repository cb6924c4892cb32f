"""Annotated VCF: every record and header line stays as it is, INFO fields are added.

Works on lines: text in, text out, bgzip or BCF by the output's name. Only lines on the TP53 locus
are touched.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Protocol

from tp53annot.core.allele import Allele, Build
from tp53annot.core.locus import Reference
from tp53annot.system.files import spooled
from tp53annot.vcf.assembly import decide_build, header_build
from tp53annot.vcf.reader import Header, Reader, bad, locus_lines, quiet_stderr
from tp53annot.vcf.record import BASES, IUPAC, PLAIN

FIELDS = (
    ("TP53_HGVSC", "HGVS c. name on the reference transcript"),
    ("TP53_HGVSP", "Predicted HGVS p. name"),
    ("TP53_CSQ", "Sequence Ontology consequences, most severe first, joined by &"),
    ("TP53_CLASS", "Oncogenicity class (ClinGen/CGC/VICC 2022)"),
    ("TP53_POINTS", "Oncogenicity points"),
    ("TP53_CRITERIA", "Oncogenicity criteria met with their points, joined by &"),
    ("TP53_FUNC", "Functional assays with value and class, joined by &"),
    ("TP53_HOTSPOT", "Samples with this change of samples at the residue (cancerhotspots.org)"),
    ("TP53_CLINVAR", "ClinVar germline classification as published"),
    ("TP53_REPORTABLE", "1 when oncogenic, likely oncogenic or uncertain, else 0"),
)
_TYPES = {"TP53_POINTS": "Integer", "TP53_REPORTABLE": "Integer"}
_MOST_SITES = 10_000
_FORMAT = b"##fileformat="
_ENCODE = {ord(c): f"%{ord(c):02X}" for c in " %;=,\t\n\r"}
Values = Sequence[str]


class Annotator(Protocol):
    """Gives the values of :data:`FIELDS` for an allele; ``None`` when it cannot be named."""

    def __call__(self, allele: Allele) -> Values | None:
        """The values in the order of the fields."""


class Sink(Protocol):
    """Takes the output's bytes."""

    def write(self, data: bytes, /) -> object:
        """Append data."""


def encode(value: str) -> str:
    """Percent-encode what VCF forbids inside an INFO value.

    >>> encode("p.(Thr125=)")
    'p.(Thr125%3D)'
    """
    return value.translate(_ENCODE)


def header_lines(tool: str) -> list[str]:
    """The added header lines."""
    return [
        f"##tp53annot={tool}",
        *(
            f'##INFO=<ID={name},Number=A,Type={_TYPES.get(name, "String")},Description="{text}">'
            for name, text in FIELDS
        ),
    ]


class LineAnnotator:
    """Adds the fields to lines of one build; remembers what an allele gave."""

    def __init__(self, reference: Reference, build: Build, annotator: Annotator) -> None:
        self.reference, self.annotator, self.build = reference, annotator, build
        self.low, self.high = (
            reference.to_build(reference.start, build),
            reference.to_build(reference.end, build),
        )
        self.prefixes = tuple(f"{n}\t".encode() for n in reference.builds[build].contig_names)
        self._known: dict[tuple[bytes, bytes, bytes], bytes] = {}
        self._missing = (".",) * len(FIELDS)

    def line(self, line: bytes) -> bytes:
        """The line, annotated when it lies on the locus; otherwise the same object."""
        if not line.startswith(self.prefixes):
            return line
        fields = line.split(b"\t", 8)
        if len(fields) < 8 or not _is_position(fields[1]) or not self.low <= int(fields[1]) <= self.high:
            return line
        key = (fields[1], fields[3], fields[4])
        added = self._known.get(key)
        if added is None:
            added = self._values(
                int(fields[1]), fields[3].decode("ascii", "replace"), fields[4].decode("ascii", "replace")
            )
            if len(self._known) < 300_000:
                self._known[key] = added
        if not added:
            return line
        info, end = fields[7], b""
        if len(fields) == 8:
            body = info.rstrip(b"\r\n")
            info, end = body, info[len(body) :]
        if b"TP53_" in info:
            info = _strip(info)
        fields[7] = added + end if info in (b".", b"") else info + b";" + added + end
        return b"\t".join(fields)

    def _values(self, position: int, ref: str, alts: str) -> bytes:
        columns = [self._of(position, ref.upper(), alt.upper()) for alt in alts.split(",")]
        if all(column is self._missing for column in columns):
            return b""
        parts = (
            f"{name}={','.join(encode(column[i]) or '.' for column in columns)}"
            for i, (name, _) in enumerate(FIELDS)
        )
        return ";".join(parts).encode()

    def _of(self, position: int, ref: str, alt: str) -> Values:
        if not BASES.match(alt) or not PLAIN.match(ref.translate(IUPAC)):
            return self._missing
        start = self.reference.from_build(position, self.build)
        if not self.reference.covers(start - 1, start + len(ref)):
            return self._missing
        stated, ref = ref.translate(IUPAC), self.reference.bases(start, start + len(ref) - 1)
        if alt == ref or any(a not in (b, "N") for a, b in zip(stated, ref, strict=True)):
            return self._missing
        allele = Allele(pos=start, ref=ref, alt=alt)
        return self.annotator(allele) or self._missing


def _is_position(text: bytes) -> bool:
    return text.isdigit() and len(text) <= 15


def _strip(info: bytes) -> bytes:
    """INFO without the fields an earlier run added."""
    names = tuple(f"{name}=".encode() for name, _ in FIELDS)
    return b";".join(part for part in info.split(b";") if not part.startswith(names)) or b"."


def annotate_stream(
    path: Path, output: Path, reference: Reference, annotator: Annotator, tool: str, assembly: Build | None,
    most_bytes: int = sys.maxsize,
) -> None:  # fmt: skip
    """Annotate any VCF or BCF into ``output`` (``-`` is stdout).

    One pass where the header (or ``assembly``) states the build, and then every REF on the locus is
    checked on the way; otherwise the REF bases are read first.

    Raises:
        InputError: unreadable input, undecided or contradicted build.
    """
    with _opened(path, reference, assembly, most_bytes) as (reader, build, watch):
        work = LineAnnotator(reference, build, annotator)
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
        self.windows = [
            (reference.to_build(reference.start, b), reference.to_build(reference.end, b))
            for b in reference.builds
        ]
        self.sites: dict[tuple[int, str], None] = {}
        self.chromosomes: set[str] = set()

    def see(self, line: bytes) -> None:
        """Remember the line's REF when it lies on the locus of a build."""
        fields = line.split(b"\t", 5)
        if len(fields) < 6 or not _is_position(fields[1]) or fields[4].startswith(b"<DEL"):
            return
        pos = int(fields[1])
        if not any(a <= pos <= b for a, b in self.windows) or len(self.sites) >= _MOST_SITES:
            return
        ref = fields[3].decode("ascii", "replace").upper().translate(IUPAC)
        if PLAIN.match(ref):
            self.sites[(pos, ref)] = None
            self.chromosomes.add(fields[0].decode("ascii", "replace"))

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
                reader = Reader(
                    stack.enter_context(spooled(whole, ".vcf")), reader.name, most_bytes=most_bytes
                )
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
    known = (*(f"##INFO=<ID={name},".encode() for name, _ in FIELDS), b"##tp53annot=")
    *lines, last = header.raw.rstrip(b"\r\n").split(b"\n")
    kept = [line + b"\n" for line in lines if not line.startswith(known)]
    if columns is not None:
        last = "\t".join(columns).encode("utf-8", "surrogateescape")
    if not header.raw.startswith(_FORMAT):
        kept.insert(0, _FORMAT + b"VCFv4.2" + end)  # without it no reader takes the file for a VCF
    added = [line.encode() + end for line in header_lines(tool)]
    return b"".join((*kept, *added, last, end))


@contextmanager
def _sink(output: Path) -> Iterator[Sink]:
    """A binary stream to stdout, text, bgzip or BCF by the file's name."""
    name = output.name.lower()
    if str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif name.endswith((".gz", ".bgz")):
        with _bgzip(output) as stream:
            yield stream
    elif name.endswith(".bcf"):
        text = output.with_name(output.name + ".vcf")
        try:
            with text.open("wb") as plain:
                yield plain
            to_bcf(text, output)
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


@contextmanager
def _bgzip(path: Path) -> Iterator[Sink]:
    import pysam

    stream = pysam.BGZFile(str(path), "wb", None)
    try:
        yield stream
    finally:
        with quiet_stderr():
            stream.close()


def to_bcf(text: Path, output: Path) -> None:
    """Convert a VCF to BCF with htslib.

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
    except Exception as error:  # htslib's faults come as bare Exception: one line of ours
        raise bad(output.name, "htslib cannot write it as BCF", "write .vcf.gz instead") from error


def index(path: Path) -> None:
    """Write the .tbi of a VCF bgzipped by its name; unsorted input leaves none."""
    if not path.name.lower().endswith((".gz", ".bgz")):
        return
    import pysam

    with quiet_stderr():
        try:
            pysam.tabix_index(str(path), preset="vcf", force=True)
        except OSError:
            Path(f"{path}.tbi").unlink(missing_ok=True)


def write_sample(
    path: Path, header: Header, rows: Iterable[bytes], work: LineAnnotator, tool: str, column: int | None
) -> None:
    """The TP53 records of one sample, annotated, bgzipped and indexed."""
    columns = header.columns[:8] if column is None else (*header.columns[:9], header.columns[9 + column])
    with _bgzip(path) as stream:
        stream.write(_header_text(header, tool, columns))
        for row in rows:
            stream.write(work.line(row))


__all__ = ["FIELDS", "Annotator", "LineAnnotator", "annotate_stream", "index", "write_lines", "write_sample"]

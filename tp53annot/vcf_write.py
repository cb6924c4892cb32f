"""Annotated VCF: every record and header line stays as it is, INFO fields are added.

Works on lines: text in, text out, bgzip or BCF by the output's name. Only lines on the TP53 locus
are touched.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from tp53annot.errors import InputError
from tp53annot.model import Allele, Build
from tp53annot.reference import Reference
from tp53annot.vcf_build import decide_build
from tp53annot.vcf_record import PLAIN
from tp53annot.vcf_text import Header, Reader, quiet_stderr

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
_DETECT_LINES = 200_000
_ENCODE = {ord(c): f"%{ord(c):02X}" for c in " %;=,\t\n\r"}
Values = Sequence[str]


class Annotator(Protocol):
    """Gives the values of :data:`FIELDS` for an allele; ``None`` when it cannot be named."""

    def __call__(self, allele: Allele) -> Values | None: ...


def encode(value: str) -> str:
    """Percent-encode what VCF forbids inside an INFO value.

    >>> encode("p.(Thr125=)")
    'p.(Thr125%3D)'
    """
    return value.translate(_ENCODE)


def header_lines(tool: str) -> list[str]:
    """The added header lines."""
    lines = [f"##tp53annot={tool}"]
    for name, text in FIELDS:
        lines.append(f'##INFO=<ID={name},Number=A,Type={_TYPES.get(name, "String")},Description="{text}">')
    return lines


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
        if len(fields) < 8 or not fields[1].isdigit() or not self.low <= int(fields[1]) <= self.high:
            return line
        key = (fields[1], fields[3], fields[4])
        added = self._known.get(key)
        if added is None:
            added = self._values(
                int(fields[1]), fields[3].decode("ascii", "replace"), fields[4].decode("ascii", "replace")
            )
            if len(self._known) < 300_000:
                self._known[key] = added
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
        parts = (
            f"{name}={','.join(encode(column[i]) or '.' for column in columns)}"
            for i, (name, _) in enumerate(FIELDS)
        )
        return ";".join(parts).encode()

    def _of(self, position: int, ref: str, alt: str) -> Values:
        if not PLAIN.match(alt) or not PLAIN.match(ref) or ref == alt:
            return self._missing
        start = self.reference.from_build(position, self.build)
        allele = Allele(pos=start, ref=ref, alt=alt)
        if not self.reference.covers(start - 1, allele.end + 1) or not self.reference.matches(allele):
            return self._missing
        return self.annotator(allele) or self._missing


def _strip(info: bytes) -> bytes:
    """INFO without the fields an earlier run added."""
    names = tuple(f"{name}=".encode() for name, _ in FIELDS)
    return b";".join(part for part in info.split(b";") if not part.startswith(names)) or b"."


def annotate_stream(
    path: Path, output: Path, reference: Reference, annotator: Annotator, tool: str, assembly: Build | None
) -> None:
    """Annotate any VCF or BCF into ``output`` (``-`` is stdout).

    Raises:
        InputError: unreadable input, undecided or contradicted build.
    """
    reader = Reader(path)
    try:
        head, build = _detect(reader, reference, assembly)
        work = LineAnnotator(reference, build, annotator)
        lines = _all_lines(reader, head)
        text = _header_text(reader.header, tool)
        with _sink(output) as sink:
            sink.write(text)
            write, annotate_line, prefixes = sink.write, work.line, work.prefixes
            for line in lines:
                write(annotate_line(line) if line.startswith(prefixes) else line)
    finally:
        reader.close()


def _all_lines(reader: Reader, head: list[bytes]) -> Iterator[bytes]:
    yield from head
    yield from reader.lines()


def _detect(reader: Reader, reference: Reference, assembly: Build | None) -> tuple[list[bytes], Build]:
    """Read ahead until the build is certain; the lines read are kept."""
    names = tuple(f"{n}\t".encode() for info in reference.builds.values() for n in info.contig_names)
    head: list[bytes] = []
    sites: list[tuple[int, str]] = []
    chromosomes: set[str] = set()
    windows = [
        (reference.to_build(reference.start, b), reference.to_build(reference.end, b))
        for b in reference.builds
    ]
    for line in reader.lines():
        head.append(line)
        if line.startswith(names):
            fields = line.split(b"\t", 5)
            if len(fields) > 4 and fields[1].isdigit() and any(a <= int(fields[1]) <= b for a, b in windows):
                ref = fields[3].decode("ascii", "replace").upper()
                if re.fullmatch("[ACGTN]+", ref):
                    sites.append((int(fields[1]), ref))
                    chromosomes.add(fields[0].decode())
        if len(sites) >= 50 or len(head) >= _DETECT_LINES:
            break
    try:
        call = decide_build(reader.name, reader.header.lines, chromosomes, sites, reference, assembly)
    except InputError:
        if sites:
            raise
        return head, Build.GRCH38  # nothing on TP53 to annotate: every line passes as it is
    return head, call.build


def _header_text(header: Header, tool: str) -> bytes:
    known = tuple(f"##INFO=<ID={name}," for name, _ in FIELDS) + ("##tp53annot=",)
    lines = [line for line in header.lines if not line.startswith(known)]
    text = "\n".join([*lines, *header_lines(tool), "\t".join(header.columns)]) + "\n"
    return text.encode("utf-8", "surrogateescape")


@contextmanager
def _sink(output: Path) -> Iterator[BinaryIO]:
    """A binary stream to stdout, text, bgzip (with .tbi) or BCF by the file's name."""
    name = output.name.lower()
    if str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if name.endswith((".gz", ".bgz")):
        import pysam

        with pysam.BGZFile(str(output), "wb") as stream:
            yield stream
        return
    if name.endswith(".bcf"):
        with output.with_name(output.name + ".vcf").open("wb") as text:
            yield text
        to_bcf(output.with_name(output.name + ".vcf"), output)
        return
    with output.open("wb") as plain:
        yield plain


def to_bcf(text: Path, output: Path) -> None:
    """Convert a VCF to BCF with htslib and remove the text."""
    import cyvcf2

    with quiet_stderr():
        source = cyvcf2.VCF(str(text))
        writer = cyvcf2.Writer(str(output), source, mode="wb")
        for record in source:
            writer.write_record(record)
        writer.close()
        source.close()
    text.unlink()


def index(path: Path) -> None:
    """Write the .tbi of a bgzipped VCF; unsorted input leaves none."""
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
    import pysam

    columns = header.columns[:8] if column is None else (*header.columns[:9], header.columns[9 + column])
    one = Header(lines=header.lines, columns=columns)
    with pysam.BGZFile(str(path), "wb") as stream:
        stream.write(_header_text(one, tool))
        for row in rows:
            stream.write(work.line(row))


__all__ = ["FIELDS", "Annotator", "LineAnnotator", "annotate_stream", "index", "write_sample"]

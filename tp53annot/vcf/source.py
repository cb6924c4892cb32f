"""The VCF door: any caller's records on TP53 as candidates, one per ALT and sample."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tp53annot.core.allele import Build
from tp53annot.core.candidate import Candidate, Flag, InputRecord, Uninterpreted
from tp53annot.core.coverage import Block
from tp53annot.core.locus import Reference
from tp53annot.core.text import whole
from tp53annot.errors import InputError
from tp53annot.vcf.assembly import BuildCall, decide_build
from tp53annot.vcf.reader import Reader, htslib_fetch, locus_lines
from tp53annot.vcf.record import IUPAC, PLAIN, Origin, Record, RecordView
from tp53annot.vcf.tabix import fetch

_MOST_RECORDS = 200_000  # ten for every base: more is no file of one run, and held in memory
_MOST_CALLS = 3_000
_TUMOUR = re.compile(r"(^|[_.\-])(tumou?r|t)$|^tumou?r([_.\-]|$)", re.IGNORECASE)
_META = re.compile(r'([A-Za-z_]+)=("[^"]*"|[^,>]*)')
_ROLE = re.compile(r"(?<![a-z])(tumou?r|normal)(?![a-z])", re.IGNORECASE)
_ENDING = re.compile(r"(\.g)?\.(vcf(\.b?gz)?|bcf)$", re.IGNORECASE)
_NORMAL = re.compile(r"(^|[_.\-])(normal|n)$|^normal([_.\-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCalls:
    """What a VCF says about one sample on TP53."""

    sample: str
    candidates: tuple[Candidate, ...]
    uninterpreted: tuple[Uninterpreted, ...]
    blocks: tuple[Block, ...]


def stated_pair(lines: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Columns of the "tumor" and the "normal" as header lines state them.

    Read are ``##tumor_sample``/``##normal_sample`` (Mutect2), ``##PEDIGREE=<Derived=,Original=>``
    and ``##SAMPLE`` lines that say tumor or normal.
    """
    stated: dict[str, int] = {}
    found: dict[str, str]
    for line in lines:
        key, _, value = line.partition("=")
        if key in ("##tumor_sample", "##normal_sample"):
            found = {key[2:].partition("_")[0]: value}
        elif key == "##PEDIGREE":
            pairs = dict(_META.findall(value))
            found = {"tumor": pairs.get("Derived", ""), "normal": pairs.get("Original", "")}
        elif key == "##SAMPLE":
            pairs = dict(_META.findall(value))
            name = next((pairs[k] for k in ("SampleName", "ID") if pairs.get(k) in names), "")
            roles = {role.lower().replace("tumour", "tumor") for role in _ROLE.findall(value)}
            found = dict.fromkeys(roles, name) if len(roles) == 1 else {}
        else:
            continue
        for role, name in found.items():
            if name in names:
                stated.setdefault(role, list(names).index(name))
    return stated


def name_of_file(path: Path) -> str:
    """The sample name a file without sample columns gets.

    >>> name_of_file(Path("run7/S1.vcf.gz")), name_of_file(Path("-"))
    ('S1', 'sample')
    """
    return "sample" if str(path) == "-" else _ENDING.sub("", path.name) or "sample"


class VcfSource:
    """A VCF read once: its TP53 records, build and samples.

    ``scanned``: read from end to end (no index, or one that does not fit); then ``records_read`` is
    the number of all records of the file.

    Raises:
        InputError: unreadable, not a VCF, wrong build, unknown sample names.
    """

    def __init__(
        self, path: Path, reference: Reference, *, assembly: Build | None = None,
        sample: str | None = None, normal: str | None = None, label: str | None = None,
        most_bytes: int = sys.maxsize,
    ) -> None:  # fmt: skip
        self.path, self.reference = path, reference
        self.scanned = False
        self.records_read: int | None = None
        self.malformed: list[tuple[int | None, str]] = []
        reader = Reader(path, most_bytes=most_bytes)
        try:
            self.header, self.name = reader.header, reader.name
            self._windows = tuple(
                (reference.to_build(reference.start, b), reference.to_build(reference.end, b))
                for b in reference.builds
            )
            self.records = tuple(self._load(reader))
        finally:
            reader.close()
        self.build_call: BuildCall = decide_build(
            self.name, self.header.lines, {r.chrom for r in self.records}, self._sites(), reference, assembly
        )
        self.records = tuple(r for r in self.records if self._on_locus(r))
        self._label = label
        self.tumours, self.normal = self._samples(sample, normal)

    @property
    def build(self) -> Build:
        """The build the file is on."""
        return self.build_call.build

    # reading -------------------------------------------------------------------------------

    def _load(self, reader: Reader) -> Iterator[Record]:
        names = tuple(sorted({n for info in self.reference.builds.values() for n in info.contig_names}))
        low, high = min(w[0] for w in self._windows), max(w[1] for w in self._windows)
        indexed = self._indexed(reader, names, low, high)
        lines: Iterator[tuple[int | None, bytes]]
        if indexed is not None:
            lines = ((None, line) for line in indexed)
        else:
            self.scanned = True
            lines = self._scan(reader, tuple(f"{name}\t".encode() for name in names))
        found = 0
        for ordinal, line in lines:
            record = self._parse(ordinal, line)
            if record is None:
                continue
            found += 1
            if found > _MOST_RECORDS:
                raise InputError(f"more than {_MOST_RECORDS} records lie on TP53", path=self.name,
                                 fix="check the file; annotate takes any number")  # fmt: skip
            yield record

    def _indexed(self, reader: Reader, names: tuple[str, ...], low: int, high: int) -> Sequence[bytes] | None:
        """The records near TP53 by the file's index; ``None`` when the file must be scanned."""
        if not reader.seekable or reader.kind not in ("bgzf", "bcf"):
            return None
        if reader.kind == "bgzf":
            return fetch(self.path, names, low, high)
        return htslib_fetch(self.path, self.name, names, low, high)

    def _scan(self, reader: Reader, prefixes: tuple[bytes, ...]) -> Iterator[tuple[int, bytes]]:
        done = 0
        for block in reader.blocks():
            reader.check_last(block)
            counted = 0
            for start, end in locus_lines(block, prefixes):
                done += block.count(b"\n", counted, start)
                counted = start
                yield done + 1, block[start:end]
            done += block.count(b"\n", counted)
            if not block.endswith(b"\n"):
                done += 1
        self.records_read = done

    def _parse(self, ordinal: int | None, line: bytes) -> Record | None:
        text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        fields = text.split("\t")
        pos = whole(fields[1]) if len(fields) > 1 else None
        if pos is None:
            self.malformed.append((ordinal, text))
            return None
        low, high = min(w[0] for w in self._windows), max(w[1] for w in self._windows)
        if pos > high or (pos < low and "<" not in text and "END=" not in text and len(text) < low - pos):
            return None
        if len(fields) < 8 or (len(self.header.columns) > 8 and len(fields) != len(self.header.columns)):
            self.malformed.append((ordinal, text))
            return None
        record = Record(
            ordinal=ordinal, chrom=fields[0], pos=pos, id=fields[2], ref=fields[3].upper(),
            alts=tuple(alt if alt.startswith("<") else alt.upper() for alt in fields[4].split(",")),
            qual=fields[5], filter=fields[6], info=fields[7],
            format=fields[8] if len(fields) > 8 else "", samples=tuple(fields[9:]), stated=(fields[3], fields[4]),
        )  # fmt: skip
        end = record.end()
        return record if any(end >= a and pos <= b for a, b in self._windows) else None

    def _on_locus(self, record: Record) -> bool:
        start, end = (self.reference.from_build(p, self.build) for p in (record.pos, record.end()))
        return end >= self.reference.start and start <= self.reference.end

    def _sites(self) -> list[tuple[int, str]]:
        return [
            (r.pos, r.ref.translate(IUPAC))
            for r in self.records
            if PLAIN.match(r.ref.translate(IUPAC)) and not all(alt.startswith("<DEL") for alt in r.alts)
        ]

    def remarks(self) -> tuple[Flag, ...]:
        """What the user should know about how the file was read."""
        has_index = any(Path(f"{self.path}{ending}").is_file() for ending in (".tbi", ".csi"))
        if not (self.scanned and has_index):
            return ()
        text = "the index beside the file was not used (older than the file, damaged or without TP53 records)"
        return (Flag(id="index_not_used", text=text + ": the whole file was read"),)

    # samples -------------------------------------------------------------------------------

    def _samples(self, sample: str | None, normal: str | None) -> tuple[tuple[int | None, ...], int | None]:
        names = self.header.samples
        for option, wanted in (("--sample", sample), ("--normal", normal)):
            if wanted is not None and wanted not in names:
                shown = ", ".join(names[:10]) or "none"
                raise InputError(f"{option} {wanted!r} is not in the file", path=self.name,
                                 place="#CHROM line", fix=f"its samples are: {shown}")  # fmt: skip
        if not names:
            return (None,), None
        tumour, control = self._pair(names)
        if sample is None and self._label in names:
            sample = self._label
        tumour = names.index(sample) if sample else tumour
        control = names.index(normal) if normal else control
        if control is not None and control == tumour:
            control = None
        if tumour is not None:
            return (tumour,), control
        return tuple(i for i in range(len(names)) if i != control), control

    def _pair(self, names: tuple[str, ...]) -> tuple[int | None, int | None]:
        stated = stated_pair(self.header.lines, names)
        if "tumor" in stated:
            return stated["tumor"], stated.get("normal")
        if len(names) == 2:
            tumours = [i for i, name in enumerate(names) if _TUMOUR.search(name)]
            normals = [i for i, name in enumerate(names) if _NORMAL.search(name)]
            if len(tumours) == 1 and len(normals) == 1 and tumours != normals:
                return tumours[0], normals[0]
            if any(":AU:CU:GU:TU" in r.format or ":TAR:TIR" in r.format for r in self.records):
                return 1, 0  # Strelka2 writes the normal first
        return None, None

    def sample_names(self) -> tuple[str, ...]:
        """Names of the samples to report; from the file's name when it has no sample column."""
        if self._label is not None and len(self.tumours) == 1:
            return (self._label,)
        nameless = self._label or name_of_file(self.path)
        return tuple(self.header.samples[i] if i is not None else nameless for i in self.tumours)

    def calls(self) -> Iterator[SampleCalls]:
        """The calls of each sample to report, in the file's order."""
        for column, name in zip(self.tumours, self.sample_names(), strict=True):
            yield self._calls_of(column, name)

    def _calls_of(self, column: int | None, name: str) -> SampleCalls:
        candidates: list[Candidate] = []
        others: list[Uninterpreted] = []
        blocks: list[Block] = []
        origin = Origin(name=self.name, reference=self.reference, build=self.build, normal=self.normal)
        for record in self.records:
            view = RecordView(origin, record, column, name)
            block = view.block()
            if block is not None:
                blocks.append(block)
            found, unread = view.read()
            candidates += found
            others += unread
            if len(candidates) + len(others) > _MOST_CALLS:
                raise InputError(f"more than {_MOST_CALLS} calls on TP53 for one sample", path=self.name,
                                 fix="check the file; annotate takes any number")  # fmt: skip
        for ordinal, text in self.malformed:
            others.append(
                Uninterpreted(
                    record=InputRecord(file=Path(self.name).name, ordinal=ordinal, chrom=text.split("\t")[0],
                                       pos=0, ref="", alt="", info=text[:200]),
                    reason="the line has not the columns of a VCF record", code="malformed",
                )
            )  # fmt: skip
        return SampleCalls(
            sample=name, candidates=tuple(candidates), uninterpreted=tuple(others), blocks=tuple(blocks)
        )

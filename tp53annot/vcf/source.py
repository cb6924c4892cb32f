"""The VCF door: any caller's records on TP53 as candidates, one per ALT and sample."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.core.candidate import Candidate, InputRecord, Uninterpreted
from tp53annot.core.coverage import Block
from tp53annot.core.locus import Reference
from tp53annot.core.structural import StructuralCall
from tp53annot.core.text import whole
from tp53annot.errors import InputError
from tp53annot.knowledge.rules.vcf import VcfRules
from tp53annot.vcf.dialects.dialect import Dialect
from tp53annot.vcf.dialects.registry import DIALECTS, FileDialects
from tp53annot.vcf.fields.allele_filters import KEY as ALLELE_FILTERS
from tp53annot.vcf.fields.allele_filters import parts_by_allele
from tp53annot.vcf.identity.assembly import Assembly, BuildCall, lists_other_chromosomes_only
from tp53annot.vcf.identity.catalogues import refuse_catalogue
from tp53annot.vcf.identity.samples import SampleColumn, sample_columns
from tp53annot.vcf.index import fetch_lines
from tp53annot.vcf.reader import Reader, locus_lines
from tp53annot.vcf.record import Origin, Record, stated_bases
from tp53annot.vcf.reference_blocks import names_no_change
from tp53annot.vcf.sample_view import SampleView

_MOST_RECORDS = 200_000  # ten for every base: more is no file of one run, and held in memory
_MOST_CALLS = 3_000
_ENDING = re.compile(r"(\.g)?\.(vcf(\.b?gz)?|bcf)$", re.IGNORECASE)


class SampleCalls(Struct, frozen=True, kw_only=True):
    """What a VCF says about one sample on TP53."""

    sample: str
    candidates: tuple[Candidate, ...]
    uninterpreted: tuple[Uninterpreted, ...]
    blocks: tuple[Block, ...]
    structural: tuple[StructuralCall, ...] = ()


class Malformed(Struct, frozen=True, kw_only=True):
    """A line that is no record; ``ordinal`` counts records from 1, ``None`` when an index led to it."""

    ordinal: int | None
    text: str

    def listed(self, file: str, reason: str) -> Uninterpreted:
        """The line as a report lists it."""
        chrom = self.text.split("\t")[0]
        record = InputRecord(
            file=Path(file).name,
            ordinal=self.ordinal,
            chrom=chrom,
            pos=0,
            ref="",
            alt="",
            info=self.text[:200],
        )
        return Uninterpreted(record=record, reason=reason, code="malformed", open=True)


def name_of_file(path: Path) -> str:
    """The sample name a file without sample columns gets.

    >>> name_of_file(Path("run7/S1.vcf.gz")), name_of_file(Path("-"))
    ('S1', 'sample')
    """
    return "sample" if str(path) == "-" else _ENDING.sub("", path.name) or "sample"


class VcfSource:
    """A VCF read once: its TP53 records, build and samples.

    Attributes:
        records: those on the locus, in the file's order.
        scanned: read from end to end (no index, or one that does not fit).
        columns: the columns to report, each with its matched normals.

    Raises:
        InputError: unreadable, not a VCF, wrong build, unknown sample names.
    """

    def __init__(
        self,
        path: Path,
        reference: Reference,
        rules: VcfRules,
        *,
        assembly: Build | None = None,
        sample: str | None = None,
        normal: str | None = None,
        label: str | None = None,
        most_bytes: int = sys.maxsize,
    ) -> None:
        self.path, self.reference, self._rules = path, reference, rules
        self.scanned = False
        self.malformed: list[Malformed] = []
        windows = [reference.window(build) for build in reference.builds]
        self._windows = windows
        self._low, self._high = min(low for low, _ in windows), max(high for _, high in windows)
        reader = Reader(path, most_bytes=most_bytes)
        try:
            self.header, self.name = reader.header, reader.name
            self.dialects = FileDialects(self.header)
            refuse_catalogue(self.header, self.dialects, rules.catalogue, self.name)
            near = tuple(self._load(reader))
        finally:
            reader.close()
        evidence = Assembly(
            self.name, self.header.lines, {r.chrom for r in near}, _sites(near), reference, rules.build
        )
        self.build_call: BuildCall = evidence.decide(assembly)
        self.records = tuple(r for r in near if self._on_locus(r))
        self._label = label
        asked = label if sample is None and label in self.header.samples else sample
        self.columns = sample_columns(self.header, self._spoken(), rules.roles, self.name, asked, normal)

    @property
    def leaves_chromosome_out(self) -> bool:
        """Whether nothing shows that the file is about chromosome 17: its header lists others only, no record lies on the locus."""
        return not self.records and lists_other_chromosomes_only(self.header.lines, self.reference)

    @property
    def build(self) -> Build:
        """The build the file is on."""
        return self.build_call.build

    # reading -------------------------------------------------------------------------------

    def _load(self, reader: Reader) -> Iterator[Record]:
        names = tuple(sorted({n for info in self.reference.builds.values() for n in info.contig_names}))
        lines: Iterator[tuple[int | None, bytes]]
        indexed = fetch_lines(reader, names, self._low, self._high)
        if indexed is not None:
            lines = ((None, line) for line in indexed)
        else:
            self.scanned = True
            lines = self._scan(reader, tuple(f"{name}\t".encode() for name in names))
        count = 0
        for ordinal, line in lines:
            record = self._parse(ordinal, line)
            if record is None:
                continue
            count += 1
            if count > _MOST_RECORDS:
                raise self._too_many(f"more than {_MOST_RECORDS} records lie on TP53")
            yield record

    def _too_many(self, cause: str) -> InputError:
        return InputError(cause, path=self.name, fix="check the file; annotate takes any number")

    def _scan(self, reader: Reader, prefixes: tuple[bytes, ...]) -> Iterator[tuple[int, bytes]]:
        done = 0
        for block in reader.blocks():
            if done == 0:
                reader.check_first(block)
            reader.check_last(block)
            counted = 0
            for start, end in locus_lines(block, prefixes):
                done += block.count(b"\n", counted, start)
                counted = start
                yield done + 1, block[start:end]
            done += block.count(b"\n", counted)

    def _parse(self, ordinal: int | None, line: bytes) -> Record | None:
        """The line's record; ``None`` for one that lies elsewhere or is malformed (and noted)."""
        text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        columns = text.split("\t")
        pos = whole(columns[1]) if len(columns) > 1 else None
        if pos is None:
            self.malformed.append(Malformed(ordinal=ordinal, text=text))
            return None
        if not self._low <= pos <= self._high and not _may_reach(text, self._low - pos):
            return None
        stated = len(self.header.columns)
        if len(columns) < 8 or (stated > 8 and len(columns) != stated):
            self.malformed.append(Malformed(ordinal=ordinal, text=text))
            return None
        record = Record.of(ordinal, pos, columns)
        start, end = record.first(), record.end()
        return record if any(end >= low and start <= high for low, high in self._windows) else None

    def _on_locus(self, record: Record) -> bool:
        start, end = (self.reference.from_build(p, self.build) for p in (record.first(), record.end()))
        return end >= self.reference.start and start <= self.reference.end

    # samples -------------------------------------------------------------------------------

    def _spoken(self) -> list[Dialect]:
        """The dialects of the header and of every record's FORMAT."""
        used = {d for text in {r.format for r in self.records} for d in self.dialects.of(text.split(":"))}
        return [dialect for dialect in DIALECTS if dialect in used or dialect in self.dialects.named]

    @property
    def _single(self) -> bool:
        """Whether the file is about one sample, a matched normal aside, whichever was asked for."""
        normals = {normal for column in self.columns for normal in column.normals}
        return len(self.header.samples) - len(normals) <= 1

    def sample_names(self) -> tuple[str, ...]:
        """Names of the samples to report; from the file's name when it has no sample column."""
        if self._label is not None and len(self.columns) == 1:
            return (self._label,)
        nameless = self._label or name_of_file(self.path)
        columns = (c.column for c in self.columns)
        return tuple(self.header.samples[i] if i is not None else nameless for i in columns)

    def calls(self) -> Iterator[SampleCalls]:
        """The calls of each sample to report, in the file's order."""
        filters = _left_whole(self.records)
        for column, name in zip(self.columns, self.sample_names(), strict=True):
            yield self._calls_of(column, name, filters)

    def _calls_of(self, column: SampleColumn, name: str, filters: Mapping[int, str]) -> SampleCalls:
        candidates: list[Candidate] = []
        others: list[Uninterpreted] = []
        blocks: list[Block] = []
        structural: list[StructuralCall] = []
        origin = Origin(
            name=self.name,
            reference=self.reference,
            build=self.build,
            dialects=self.dialects,
            normals=column.normals,
            normal_vaf=self._rules.roles.normal_vaf,
            single=self._single,
            words=self._rules.obstacles,
            remarks=self._rules.remarks,
            allele_filters=filters,
        )
        for record in self.records:
            view = SampleView(origin, record, column.column, name)
            block = view.block()
            if block is not None:
                blocks.append(block)
            plain, unnamed = view.read()
            candidates += plain
            others += unnamed
            call = view.structural()
            if call is not None:
                structural.append(call)
            if len(candidates) + len(others) + len(structural) > _MOST_CALLS:
                raise self._too_many(f"more than {_MOST_CALLS} calls on TP53 for one sample")
        others += [line.listed(self.name, self._rules.obstacles.no_record) for line in self.malformed]
        return SampleCalls(
            sample=name,
            candidates=tuple(candidates),
            uninterpreted=tuple(others),
            blocks=tuple(blocks),
            structural=tuple(structural),
        )


def _left_whole(records: Sequence[Record]) -> dict[int, str]:
    """By position, filters of more alleles than their record has: those it had before its alleles were split."""
    stated = ((r, r.info_fields().get(ALLELE_FILTERS, "")) for r in records if ALLELE_FILTERS in r.info)
    return {r.pos: text for r, text in stated if len(parts_by_allele(text, len(r.alts))) > len(r.alts)}


def _may_reach(line: str, bases: int) -> bool:
    """Whether a record may reach so many bases on, or (fewer than none) back: by REF, a symbol, a block or a mate."""
    mate = "[" in line or "]" in line
    return mate or (bases > 0 and ("<" in line or "END=" in line or len(line) >= bases))


def _sites(records: Sequence[Record]) -> list[tuple[int, str]]:
    """Position and REF of every record whose REF is written in bases and meant."""
    stated = ((r.pos, stated_bases(r.ref), r.alts) for r in records)
    return [
        (pos, bases)
        for pos, bases, alts in stated
        if bases is not None and not all(alt.startswith("<") and not names_no_change(alt) for alt in alts)
    ]

"""The door to reads (BAM, CRAM): usable bases of fragments on the TP53 locus, counted with numpy.

Duplicates, secondary, supplementary and QC-failed reads are left out, as samtools does; overlapping
mates count once. Nothing is written beside the user's file.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pysam

from tp53annot.calling.clusters import clusters
from tp53annot.calling.echoes import echoes
from tp53annot.calling.fragments import shares
from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.core.allele import Build
from tp53annot.core.locus import Reference
from tp53annot.errors import InputError
from tp53annot.knowledge.rules.calling import CallingRules
from tp53annot.reads.assembly import build_by_bases
from tp53annot.reads.counter import ReadCounter
from tp53annot.reads.header import group_sample, header_contigs
from tp53annot.reads.read_table import table_of_reads

_SORT_MEMORY = "64M"
_SAME_TIME = 1.0  # seconds by which a copied index may be older


class ReadsSource:
    """Reads of one file on TP53.

    Args:
        path: BAM or CRAM.
        reference: the locus.
        rules: ``rules/calling.toml``.
        fasta: the genome that a CRAM was written with.
        assembly: the build that the user says it has.

    Attributes:
        contig: the file's name of chromosome 17.
        build: of its coordinates.
        basis: how the build is known, in words.
        remarks: what a reader must know of the file, by the remark's name.

    Raises:
        InputError: unreadable, truncated, wrong build, no chromosome 17, CRAM without reference.
    """

    def __init__(
        self,
        path: Path,
        reference: Reference,
        rules: CallingRules,
        *,
        fasta: Path | None = None,
        assembly: Build | None = None,
    ) -> None:
        self.path, self.reference, self.rules = path, reference, rules
        self.name = str(path)
        self.remarks: dict[str, str] = {}
        self._file = self._open(fasta)
        self.contig, self.build, self.basis = self._contig(assembly)

    # opening ------------------------------------------------------------------------------

    def _bad(self, cause: str, fix: str) -> InputError:
        return InputError(cause, path=self.name, fix=fix)

    def _open(self, fasta: Path | None) -> pysam.AlignmentFile:
        try:
            with self.path.open("rb") as handle:
                magic = handle.read(4)
        except OSError as error:
            raise self._bad(error.strerror or str(error), "check path and permissions") from error
        if not magic:
            raise self._bad("the file is empty", "produce it again")
        cram = magic == b"CRAM"
        if not cram and magic[:2] != b"\x1f\x8b":
            raise self._bad("is neither BAM nor CRAM", "give a BAM or CRAM file")
        if cram and fasta is None:
            raise self._bad("CRAM needs the genome it was written with", "give it with --reference FASTA")
        if cram and not Path(f"{fasta}.fai").is_file():  # htslib would write one beside the user's file
            raise InputError("the genome has no index", path=f"{fasta}.fai", fix=f"samtools faidx {fasta}")
        index = self._index()
        self._indexed = index is not None
        pysam.set_verbosity(0)
        os.environ["REF_PATH"] = os.devnull  # else htslib may ask a server for CRAM's reference
        try:
            return pysam.AlignmentFile(
                self.name,
                "rc" if cram else "rb",
                check_sq=False,
                reference_filename=str(fasta) if fasta else None,
                index_filename=str(index) if index else None,
            )
        except (OSError, ValueError, NotImplementedError) as error:
            cause = "the file is truncated" if "truncat" in str(error) or "EOF" in str(error) else str(error)
            raise self._bad(cause.splitlines()[0], "copy or produce the file again") from error

    def _index(self) -> Path | None:
        """An index that is not older than the reads; one that is may miss reads, and is not used."""
        names = [f"{self.path}{end}" for end in (".bai", ".csi", ".crai")]
        there = [i for i in map(Path, (*names, str(self.path.with_suffix(".bai")))) if i.is_file()]
        written = self.path.stat().st_mtime - _SAME_TIME
        usable = [i for i in there if i.stat().st_mtime >= written]
        if not usable:
            texts = self.rules.remarks
            if there:
                self.remarks["stale_index"] = texts.stale_index.format(index=there[0].name)
            else:
                self.remarks["no_index"] = texts.no_index
        return usable[0] if usable else None

    def _contig(self, assembly: Build | None) -> tuple[str, Build, str]:
        try:
            contigs = header_contigs(self._file)
        except ValueError as error:
            raise self._bad(str(error), "produce the file again") from error
        for contig in contigs:
            name, length = contig.name, contig.length
            foreign = self.reference.foreign_contig(name, length)
            if foreign is not None:
                cause = f"contig {name} of length {length} is of {foreign.name}, not of GRCh37 or GRCh38"
                raise self._bad(cause, "align the reads to one of them")
            if not self.reference.is_chromosome(name):
                continue
            by_sum = [b for b, info in self.reference.builds.items() if info.md5 == contig.md5]
            build = by_sum[0] if by_sum else self.reference.build_of_contig(name, length)
            teller, how = "header", f"contig {name} by {'checksum' if by_sum else f'length {length}'}"
            if build is None:
                teller = "reads"
                build, how = self._by_bases(name, length)
            if assembly is not None and assembly != build:
                raise self._bad(f"by the {teller} {build}, by --assembly {assembly}", "drop --assembly")
            return name, build, f"{teller}: {how}"
        raise self._bad("the header has no chromosome 17 of human", "give reads aligned to GRCh37 or GRCh38")

    def _by_bases(self, name: str, length: int | None) -> tuple[Build, str]:
        """The build of a contig of another length, such as a part of a chromosome, and how it was found."""
        found = None
        if self._indexed:
            with suppress(OSError, ValueError):  # too short a contig, damaged reads
                found = build_by_bases(lambda a, b: self._file.fetch(name, a, b), self.reference, self.rules)
        if found is None:
            raise self._bad(
                f"contig {name} of length {length} is neither GRCh37 nor GRCh38, and no (indexed) reads on TP53 tell",
                "align to one of them",
            )
        build, share, bases = found
        return build, f"{share:.1%} of {bases} bases on {name}, of length {length}, match {build}"

    def sample_name(self) -> str | None:
        """The sample of the read groups, when they agree."""
        return group_sample(self._file)

    # reading ------------------------------------------------------------------------------

    def pileup(self, start: int, end: int, extra: Iterable[ReadChange] = ()) -> Pileup:
        """Counts over GRCh38 positions start..end (inclusive); ``extra`` changes are counted by sequence.

        Raises:
            InputError: truncated or damaged.
        """
        offset = self.reference.builds[self.build].offset
        counter = ReadCounter(self.reference, offset, Pileup.empty(start, end), self.rules)
        try:
            self._make_index(start, end)
            for read in self._fetch(start, end):
                counter.add(read)
            found = counter.finish()
            found.echoes = echoes(found, self.reference, self.rules)
            rules = self.rules.haplotype
            for cluster in clusters(found, self.reference, self.rules, extra):
                reads = self._fetch(cluster.first, cluster.last)
                table = table_of_reads(reads, cluster, offset, self.rules, found.least_quality)
                found.shares |= shares(cluster, table, self.reference, rules)
        except (OSError, ValueError, NotImplementedError) as error:
            text = str(error).splitlines()[0]
            cause = "the file is truncated or damaged" if "truncat" in text or "read" in text else text
            raise self._bad(f"{cause} ({text})", "copy or produce the file again") from error
        found.remarks |= self.remarks
        return found

    def _fetch(self, start: int, end: int) -> Iterator[pysam.AlignedSegment]:
        first = self.reference.to_build(start, self.build) - 1
        last = self.reference.to_build(end, self.build)
        return iter(self._file.fetch(self.contig, max(first, 0), last))

    def _make_index(self, start: int, end: int) -> None:
        """Without a usable index: one pass, the reads of the stretch into a temporary, indexed file."""
        if self._indexed:
            return
        first = self.reference.to_build(start, self.build) - 1
        last = self.reference.to_build(end, self.build)
        self._folder = tempfile.TemporaryDirectory(prefix="tp53annot-")
        plain, copy = Path(self._folder.name) / "reads.bam", Path(self._folder.name) / "sorted.bam"
        tid = self._file.get_tid(self.contig)
        with pysam.AlignmentFile(str(plain), "wb", header=self._file.header) as out:
            for read in self._file.fetch(until_eof=True):
                if (
                    read.reference_id == tid
                    and read.reference_start < last
                    and (read.reference_end or 0) > first
                ):
                    out.write(read)
        pysam.sort("-m", _SORT_MEMORY, "-o", str(copy), str(plain))
        pysam.index(str(copy))
        self._file = pysam.AlignmentFile(str(copy))
        self._indexed = True

"""The door to reads (BAM, CRAM, SAM): usable bases of molecules on the TP53 locus, counted with numpy.

Secondary, supplementary and QC-failed reads are left out, as samtools does; copies of a molecule and
overlapping mates count once. Nothing is written beside the user's file.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pysam

from tp53annot.calling.pileup import Pileup, ReadChange
from tp53annot.core.allele import Build
from tp53annot.core.locus import Reference
from tp53annot.core.molecules import Molecules
from tp53annot.errors import InputError
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.assembly import build_by_bases
from tp53annot.reads.header import header_contigs, sample_groups
from tp53annot.reads.index_fit import index_fits
from tp53annot.reads.left_out import Scan
from tp53annot.reads.locus_pileup import LocusCounter
from tp53annot.reads.locus_reads import LocusReads, UngroupedReadError, writes_equal_bases
from tp53annot.reads.opening import OpenedReads, open_reads, told_by_htslib, wrong_genome

_DAMAGE = (OSError, ValueError, NotImplementedError)
_AGAIN = "copy or produce the file again"


class ReadsSource:
    """Reads of one file on TP53.

    Args:
        path: BAM, CRAM or SAM; ``-`` is standard input.
        reference: the locus.
        rules: ``rules/calling.toml``.
        fasta: the genome that a CRAM was written with.
        assembly: the build that the user says it has.

    Attributes:
        contig: the file's name of chromosome 17.
        build: of its coordinates.
        basis: how the build is known, in words.
        groups: read groups of each sample, in the header's order.
        remarks: what a reader must know of the file, by the remark's name.
        counted: the reads that :meth:`pileup` counted, by sample, one for each copy of a molecule.

    Raises:
        InputError: unreadable, truncated, wrong build, CRAM without the genome it needs.
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
        self.path, self.reference, self.rules, self._fasta = path, reference, rules, fasta
        self.name = "standard input" if str(path) == "-" else str(path)
        self.remarks: dict[str, str] = {}
        self._opened = open_reads(path, fasta)
        self._note_index(self._opened)
        self._reads: LocusReads | None = None
        self.counted: dict[str | None, LocusReads] = {}
        self._passed: Counter[int] = Counter()  # reads elsewhere, by contig, of a file without an index
        try:
            self.groups: Mapping[str, frozenset[str]] = sample_groups(self._opened.file)
            contigs = header_contigs(self._opened.file)
        except ValueError as error:
            raise self._bad(str(error), "produce the file again") from error
        self._lengths = {c.name: c.length for c in contigs}
        self.absent = not any(reference.is_chromosome(c.name) for c in contigs)
        self.contig, self.build, self.basis = self._contig(assembly)

    def _bad(self, cause: str, fix: str) -> InputError:
        return InputError(cause, path=self.name, fix=fix)

    def _note_index(self, opened: OpenedReads) -> None:
        texts = self.rules.remarks
        if opened.stale is not None:
            self.remarks["stale_index"] = texts.stale_index.format(index=opened.stale.name)
        elif opened.index is None and not opened.stream:
            self.remarks["no_index"] = texts.no_index

    # the build -----------------------------------------------------------------------------

    def _contig(self, assembly: Build | None) -> tuple[str, Build, str]:
        if self.absent:
            return self._by_other_contigs(assembly)
        for contig in header_contigs(self._opened.file):
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
            self._agreed(assembly, build, teller)
            return name, build, f"{teller}: {how}"
        raise self._bad("the header has no chromosome 17 of human", "give reads aligned to GRCh37 or GRCh38")

    def _agreed(self, assembly: Build | None, build: Build, teller: str) -> None:
        """Refuse a build other than the one stated."""
        if assembly is not None and assembly != build:
            raise self._bad(f"by the {teller} {build}, by --assembly {assembly}", "drop --assembly")

    def _by_other_contigs(self, assembly: Build | None) -> tuple[str, Build, str]:
        """The build of a file without chromosome 17, by the other chromosomes' lengths."""
        rules = self.rules.build
        for name, length in self._lengths.items():
            for build in self.reference.builds:
                if rules.contigs[build].get(name.removeprefix("chr")) == length:
                    self._agreed(assembly, build, "header")
                    contig = ("chr" if name.startswith("chr") else "") + rules.chromosome
                    return contig, build, f"header: contig {name} by length {length}"
        raise self._bad("the header has no chromosome 17 of human", "give reads aligned to GRCh37 or GRCh38")

    def _by_bases(self, name: str, length: int | None) -> tuple[Build, str]:
        """The build of a contig of another length, such as a part of a chromosome, and how it was found."""
        found = None
        if self._opened.index is not None:
            file = self._opened.file
            with suppress(*_DAMAGE):  # too short a contig, damaged reads
                found = build_by_bases(lambda a, b: file.fetch(name, a, b), self.reference, self.rules)
        if found is None:
            raise self._bad(
                f"contig {name} of length {length} is neither GRCh37 nor GRCh38, and no (indexed) reads on TP53 tell",
                "align to one of them",
            )
        build, share, bases = found
        return build, f"{share:.1%} of {bases} bases on {name}, of length {length}, match {build}"

    # the samples ---------------------------------------------------------------------------

    def sample_named(self, asked: Sequence[str]) -> str | None:
        """The one sample to count: the only one of the header, or the first of ``asked`` that it has.

        Raises:
            InputError: several, and none of them is asked for.
        """
        names = list(self.groups)
        if len(names) < 2:
            return names[0] if names else None
        known = [name for name in asked if name in names]
        if known:
            return known[0]
        stranger = f", and {asked[0]} is none of them" if asked else ""
        raise self._bad(
            f"holds several samples ({', '.join(names)}){stranger}",
            "name one of them with --sample, or as the sample of its row of a sheet",
        )

    # reading -------------------------------------------------------------------------------

    def pileup(
        self, start: int, end: int, extra: Iterable[ReadChange] = (), sample: str | None = None
    ) -> Pileup:
        """Counts over GRCh38 positions start..end (inclusive).

        Args:
            start: first position.
            end: last position.
            extra: changes that are counted by sequence in any case.
            sample: whose reads count, where there are several samples.

        Raises:
            InputError: truncated or damaged, or reads of no sample where there are several.
            OSError: of the system, not of the file: no space for a temporary copy.
        """
        if self.absent:
            return self._empty(start, end, self.rules.no_reads.other_contigs)
        try:
            if not self._index_fits() and self._scan(start, end).there:
                return self._empty(start, end, self._index_text())
            counter = LocusCounter(self._locus(start, end, sample), start, end, self.rules)
            found = counter.pileup(extra)
            self.counted[sample] = counter.reads
            if not found.reads:
                return self._without_reads(found, counter, start, end, sample)
        except UngroupedReadError as error:
            raise self._bad(
                f"holds several samples ({', '.join(self.groups)}), and read {error} is of none of their read groups",
                "give every read its read group (RG), or one file for each sample",
            ) from error
        except _DAMAGE as error:
            if not told_by_htslib(error):
                raise
            if self._foreign_index(start, end):
                return self._empty(start, end, self._index_text())
            raise self._damage(error) from error
        found.remarks |= self.remarks
        if len(self.groups) > 1 and sample is not None:
            found.remarks["several"] = self.rules.remarks.several.format(
                sample=sample, samples=", ".join(self.groups)
            )
        return found

    def reads(self, start: int, end: int, sample: str | None) -> LocusReads:
        """The reads of one sample over GRCh38 positions start..end (inclusive), to be fetched by place.

        Raises:
            InputError: truncated or damaged.
        """
        try:
            return self._locus(start, end, sample)
        except _DAMAGE as error:
            if not told_by_htslib(error):
                raise
            raise self._damage(error) from error

    def _damage(self, error: Exception) -> InputError:
        with suppress(*_DAMAGE):  # what htslib has to say again on closing
            self._opened.file.close()
        told = (
            error.__context__ if "Closing failed" in str(error) else error
        )  # the first fault, not what follows it
        text = (str(told or "") or "damaged").splitlines()[0]
        if isinstance(told, UnicodeError):
            text = "damaged: a name in it has bytes that are no text"
        if self._opened.cram and self._fasta is None:
            cause = "CRAM needs the genome it was written with, or is damaged"
            return self._bad(cause, "give the genome with --reference FASTA")
        if self._opened.cram and self._fasta is not None:
            why = wrong_genome(self._fasta, self._lengths, self.contig)
            return InputError(
                f"is not the genome that {self.path.name} was written with, or the CRAM is damaged: {why} ({text})",
                path=str(self._fasta),
                fix="give the genome that the reads were aligned to",
            )
        known = "truncat" in text or "read" in text
        return self._bad(f"the file is truncated or damaged ({text})" if known else text, _AGAIN)

    def _locus(self, start: int, end: int, sample: str | None) -> LocusReads:
        """The reads of a sample; without a usable index from a temporary copy, made in one pass."""
        first, last = self._window(start, end)
        reads = self._reads
        if reads is None:
            file = self._opened.file
            reads = LocusReads(file=file, contig=self.contig, reference=self.reference, build=self.build)
            if self._opened.index is None:
                reads = reads.copied(self._passing(first, last), whole=True)
            some = itertools.islice(reads.fetch(start, end), self.rules.umi.looked_at)
            reads = self._reads = reads.with_equal_bases(writes_equal_bases(some))
        if len(self.groups) < 2 or sample is None:
            return reads
        return reads.of_groups(self.groups[sample], frozenset().union(*self.groups.values()))

    def _passing(self, first: int, last: int) -> Iterator[pysam.AlignedSegment]:
        """The reads on the locus, of all that pass by, and those aligned nowhere that an insertion may be made of."""
        tid = self._opened.file.get_tid(self.contig)
        nowhere = itertools.count(
            -self.rules.bridge.most
        )  # one more than are searched tells that there are too many
        for read in self._opened.file.fetch(until_eof=True):
            here = read.reference_id == tid
            if here and read.reference_start < last and (read.reference_end or 0) > first:
                yield read
            else:
                self._passed[read.reference_id] += 1
                mate_here = here and first <= read.reference_start < last
                if read.is_unmapped and (mate_here or (read.reference_id < 0 and next(nowhere) <= 0)):
                    yield read

    def _window(self, start: int, end: int) -> tuple[int, int]:
        """A stretch in the file's coordinates, 0-based, half-open."""
        return self.reference.to_build(start, self.build) - 1, self.reference.to_build(end, self.build)

    # no reads ------------------------------------------------------------------------------

    def _empty(self, start: int, end: int, cause: str) -> Pileup:
        """Counts of no read, with the cause."""
        found = Pileup.empty(start, end)
        found.molecules = Molecules(counted_by="none", reads=0, molecules=0)
        found.remarks |= self.remarks | {"no_reads": self.rules.no_reads.text.format(cause=cause)}
        return found

    def _without_reads(
        self, found: Pileup, counter: LocusCounter, start: int, end: int, sample: str | None
    ) -> Pileup:
        texts = self.rules.no_reads
        if counter.left_out.counts:
            cause = counter.left_out.in_words(texts, self.rules.usable)
        elif len(self.groups) > 1 and sample is not None:
            cause = texts.sample.format(sample=sample)
        else:
            cause = self._scan(start, end).in_words(texts, self._index_name())
        found.remarks |= self.remarks | {"no_reads": texts.text.format(cause=cause)}
        return found

    def _index_name(self) -> str | None:
        return self._opened.index.name if self._opened.index is not None else None

    def _index_text(self) -> str:
        return self.rules.no_reads.foreign_index.format(index=self._index_name())

    def _index_fits(self) -> bool:
        index, file = self._opened.index, self._opened.file
        return index is None or self._opened.cram or index_fits(index, self.path, file.get_tid(self.contig))

    def _foreign_index(self, start: int, end: int) -> bool:
        """Whether an index leads astray in a file that can be read without it."""
        if self._opened.index is None:
            return False
        with suppress(*_DAMAGE, InputError):
            return self._scan(start, end).there
        return False

    def _scan(self, start: int, end: int) -> Scan:
        """What the file holds, read from its beginning without an index."""
        if self._opened.index is None:  # all reads have passed
            names = {self._opened.file.get_tid(name): name for name in self._lengths}
            aligned = Counter({names[i]: count for i, count in self._passed.items() if i in names})
            return Scan(contigs=aligned, reads=self._passed.total(), there=False)
        first, last = self._window(start, end)
        with open_reads(self.path, self._fasta).file as file:
            return Scan.of(file.fetch(until_eof=True), self.contig, first, last, self.rules.no_reads.most)

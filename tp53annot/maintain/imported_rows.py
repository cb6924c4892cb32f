"""From rows of another database to our names: TP53 only, on the build the file is of, REF checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from msgspec import Struct, field

from tp53annot.core.allele import Allele, Build
from tp53annot.core.variant import TranscriptVariant
from tp53annot.errors import InputError
from tp53annot.knowledge.rules.reading import read_rules
from tp53annot.knowledge.rules.sources import DataSource, GeneIdentity
from tp53annot.knowledge.tables.table import TableFile
from tp53annot.maintain.release_file import ReleaseFile
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import normalise
from tp53annot.names.parser import parse_change

_CONTIG = re.compile(r"##contig=<.*?ID=([^,>]+).*?length=(\d+)")
_BUILD_WORDS = {
    Build.GRCH37: re.compile(r"grch37|hg19|b37|hs37", re.I),
    Build.GRCH38: re.compile(r"grch38|hg38", re.I),
}
_AGREEING_PER_OTHER = 9  # REF bases that agree, for each that does not: a release has single faulty rows
WHOLE_GENE = "give the file of the whole genome or of TP53"
Payload = TypeVar("Payload")
Settings = TypeVar("Settings")


class ImportedTable(Struct, frozen=True, kw_only=True):
    """New rows of one of our tables, sorted, with the cells of its columns."""

    file: TableFile
    rows: tuple[tuple[str, ...], ...]


class Imported(Struct, frozen=True, kw_only=True):
    """What an import took and left.

    Attributes:
        tables: their new rows.
        taken: changes taken.
        left: rows not taken, by reason.
        version: as the file states it.
        build: of the file.
        published: classes the file publishes, by protein change and name of the class.
    """

    tables: tuple[ImportedTable, ...]
    taken: int
    left: Mapping[str, int]
    version: str | None
    build: Build | None = None
    published: Mapping[tuple[str, str], str] = field(default_factory=dict)


class Import(Struct, frozen=True, kw_only=True):
    """A file to read, and what a reader needs beside it.

    Attributes:
        release: the file.
        namer: our names.
        gene: how other databases name the gene.
        source: the database the file is of.
        assembly: its build, where the user states it.
    """

    release: ReleaseFile
    namer: Namer
    gene: GeneIdentity
    source: DataSource
    assembly: Build | None

    def settings(self, kind: type[Settings]) -> Settings:
        """The settings of the file's format, as the reader's own type.

        Raises:
            RuleError: the format lacks one, or has one that the reader does not know.
        """
        form = self.release.format
        return read_rules(kind, form.settings, f"settings of {form.name}")


FileReader = Callable[[Import], Imported]


class SourceRows(Struct, Generic[Payload]):
    """Changes of a file, collected before its build is known (both builds' TP53 rows are kept).

    Attributes:
        job: the file and what it is read with.
        stated: its build, where it is known before its rows.
        left: rows not taken, by reason.
    """

    job: Import
    stated: Build | None = None
    left: Counter[str] = field(default_factory=Counter)
    _found: list[tuple[int, str, str, Payload]] = field(default_factory=list)

    def add(self, chrom: str, pos: str, ref: str, alt: str, payload: Payload) -> None:
        """A change as the file gives it; anything outside the locus of both builds is left."""
        reference = self.job.namer.reference
        if not reference.is_chromosome(chrom):
            self.left["another chromosome"] += 1
        elif not pos.isdigit() or not any(self._on_locus(int(pos), build) for build in reference.builds):
            self.left["outside the TP53 locus"] += 1
        else:
            self._found.append((int(pos), ref.upper(), alt.upper(), payload))

    def _on_locus(self, pos: int, build: Build) -> bool:
        reference = self.job.namer.reference
        there = reference.from_build(pos, build)
        return reference.covers(there, there)

    def build(self) -> Build:
        """The file's build: as stated, else the one whose bases its REF column has.

        Raises:
            InputError: no row is on TP53, or REF contradicts the build, or fits none.
        """
        path = str(self.job.release.path)
        if not self._found:
            raise InputError("holds no TP53 row", path=path, fix=WHOLE_GENE)
        scores = {build: self._agreement(build) for build in self.job.namer.reference.builds}
        stated = self.stated
        fits = [build for build, (same, other) in scores.items() if same > _AGREEING_PER_OTHER * other]
        if stated is not None and stated not in fits:
            same, other = scores[stated]
            raise InputError(
                f"stated to be {stated}, but {other} of {same + other} REF bases on TP53 contradict it",
                path=path,
                fix="the file is of another build, or altered",
            )
        if stated is None and len(fits) != 1:
            raise InputError(
                "its build is not stated and its REF bases fit " + ("both builds" if fits else "no build"),
                path=path,
                fix="give it with --assembly",
            )
        return stated or fits[0]

    def _agreement(self, build: Build) -> tuple[int, int]:
        """Rows in the locus of a build whose REF the reference has, and has not."""
        reference, counts = self.job.namer.reference, Counter[bool]()
        for pos, ref, _, _ in self._found:
            start = reference.from_build(pos, build)
            if ref and reference.covers(start, start + len(ref) - 1):
                counts[reference.bases(start, start + len(ref) - 1) == ref] += 1
        return counts[True], counts[False]

    def named(
        self, build: Build, *, gene_only: bool = True
    ) -> Iterator[tuple[TranscriptVariant, int, Payload]]:
        """Each change named, with its GRCh38 position; ``gene_only`` leaves what no exon span holds."""
        reference = self.job.namer.reference
        exons = reference.main_transcript.exons
        low, high = min(e[0] for e in exons), max(e[1] for e in exons)
        for pos, ref, alt, payload in self._found:
            start = reference.from_build(pos, build)
            try:
                allele = Allele(pos=start, ref=ref, alt=alt)
                if not reference.covers(start - 1, allele.end + 1) or (
                    gene_only and not (low <= start and allele.end <= high)
                ):
                    self.left["outside the gene"] += 1
                elif not reference.matches(allele):
                    self.left["REF contradicts the reference"] += 1
                else:
                    allele = normalise(allele, reference)
                    yield self.job.namer.describe(allele, isoforms=False), allele.pos, payload
            except ValueError:
                self.left["no plain sequence change"] += 1


def stated_build(job: Import) -> Build | None:
    """The build of a VCF: as the user states it, else by its contig lengths or its ``##reference`` line."""
    if job.assembly is not None:
        return job.assembly
    reference = job.namer.reference
    for line in job.release.meta:
        if contig := _CONTIG.match(line):
            build = reference.build_of_contig(contig[1], int(contig[2]))
            if build is not None and reference.is_chromosome(contig[1]):
                return build
    for line in job.release.meta:
        if line.startswith(("##reference", "##assembly")):
            for build, words in _BUILD_WORDS.items():
                if words.search(line):
                    return build
    return None


def build_named(text: str) -> Build | None:
    """A build from a word such as hg38."""
    return next((build for build, words in _BUILD_WORDS.items() if words.fullmatch(text.strip())), None)


def vcf_rows(job: Import) -> Iterator[tuple[str, str, str, str, list[str], str, str]]:
    """CHROM, POS, ID, REF, ALTs, FILTER and INFO of the records on chromosome 17.

    Raises:
        InputError: a record has fewer than eight columns.
    """
    chromosomes = tuple(
        f"{name}\t".encode() for info in job.namer.reference.builds.values() for name in info.contig_names
    )
    for line in job.release.lines():
        if line.startswith(chromosomes):
            cells = line.decode("utf-8", "replace").rstrip("\r").split("\t")
            if len(cells) < 8:
                raise InputError(
                    f"a record has {len(cells)} columns, VCF has at least 8",
                    path=str(job.release.path),
                    place=f"record {cells[0]}:{cells[1]}" if len(cells) > 1 else None,
                    fix="the file was cut off; download it again",
                )
            yield cells[0], cells[1], cells[2], cells[3], cells[4].split(","), cells[6], cells[7]


def name_of(text: str, namer: Namer) -> tuple[str, int] | None:
    """A name of another database as our hgvs_c and GRCh38 position; ``None`` when it is no single change."""
    try:
        alleles = parse_change(text, namer, {})
    except (InputError, ValueError, IndexError):
        return None
    if len(alleles) != 1:
        return None
    return namer.describe(alleles[0], isoforms=False).hgvs_c, alleles[0].pos


def file_date(release: ReleaseFile) -> str | None:
    """The date a VCF states."""
    for line in release.meta:
        if line.lower().startswith("##filedate="):
            return line.partition("=")[2].strip() or None
    return None


def in_gene_order(found: Mapping[str, tuple[int, Payload]]) -> list[tuple[str, Payload]]:
    """Names with what was found, in the order of the gene (minus strand), then by name.

    Args:
        found: GRCh38 position and what was found, by c. name.
    """
    ordered = sorted(found, key=lambda name: (-found[name][0], name))
    return [(name, found[name][1]) for name in ordered]


def catalogue(
    job: Import,
    file: TableFile,
    rows: tuple[tuple[str, ...], ...],
    left: Mapping[str, int],
    version: str | None = None,
) -> Imported:
    """An import of one table.

    Raises:
        InputError: it has no row.
    """
    if not rows:
        raise InputError(
            "holds no TP53 change that could be read", path=str(job.release.path), fix=WHOLE_GENE
        )
    table = ImportedTable(file=file, rows=rows)
    return Imported(tables=(table,), taken=len(rows), left=dict(left), version=version)

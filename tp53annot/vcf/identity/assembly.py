"""Which genome build a VCF is on: header facts first, then the REF bases decide or contradict."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.core.locus import ForeignGenome, Reference
from tp53annot.errors import InputError
from tp53annot.knowledge.rules.vcf import BuildLimits

_HINTS = (
    (Build.GRCH37, re.compile(r"(grch37|hg19|b37\b|hs37d5|human_g1k_v37|g1k_v37)", re.IGNORECASE)),
    (Build.GRCH38, re.compile(r"(grch38|hg38|hs38|gca_000001405\.15)", re.IGNORECASE)),
)
_HINT_LINES = ("##reference", "##assembly", "##contig", "##genome", "##GATKCommandLine", "##commandline")
_CONTIG_ID, _CONTIG_LENGTH = re.compile(r"[<,]ID=([^,>]+)"), re.compile(r"[<,]length=(\d+)")
_LONGEST_NUMBER = 15
_SAY_IT = "say it with --assembly GRCh37 or --assembly GRCh38"


class Mismatch(Struct, frozen=True, kw_only=True):
    """A REF that is not what the reference has: position on the file's build, and both sequences."""

    position: int
    stated: str
    expected: str

    def __str__(self) -> str:
        return f"position {self.position}: REF is {_short(self.stated)}"


class BasesFit(Struct, frozen=True, kw_only=True):
    """How the REF bases of the records that fall on the locus of one build agree with it.

    Attributes:
        agreeing: records whose REF is what the reference has.
        bases: positions of the reference that their REF bases state (N states none), each counted once.
        coding: of these, coding bases of the gene.
        in_gene: records within the gene that contradict the reference.
        outside: those beside it.
        limits: when they are faults of their own, and how many bases contradict a header.
    """

    agreeing: int = 0
    bases: int = 0
    coding: int = 0
    in_gene: tuple[Mismatch, ...] = ()
    outside: tuple[Mismatch, ...] = ()
    limits: BuildLimits

    @property
    def fits(self) -> bool:
        """Some records, none in the gene against the reference, and few beside it."""
        few = len(self.outside) <= self.limits.bad_records_per_agreeing * self.agreeing
        return self.agreeing > 0 and not self.in_gene and few

    @property
    def contradiction(self) -> Mismatch | None:
        """The first mismatch that is more than the fault of a record outside the gene; a single one is just that."""
        if self.in_gene:
            return self.in_gene[0]
        return self.outside[0] if len(self.outside) > 1 and not self.fits else None

    @property
    def overrules(self) -> bool:
        """Whether it is enough to contradict a header on whose build no record lies on the gene."""
        return self.fits and (self.bases >= self.limits.overruling_bases or self.coding > 0)

    @property
    def chance(self) -> float:
        """Chance (0..1) that so many bases agree by accident."""
        return float(0.25**self.bases)


class BuildCall(Struct, frozen=True, kw_only=True):
    """The build and the sentence that says how it was established."""

    build: Build
    basis: str


class HeaderFacts(Struct, frozen=True, kw_only=True):
    """What a header says of the genome.

    Attributes:
        build: by length or accession of the chromosome, else by names; ``None`` when it says nothing or contradicts
            itself.
        words: the fact in words.
        foreign: another genome it states.
        unknown_length: length of a chromosome 17 that no known genome has.
    """

    build: Build | None = None
    words: str = ""
    foreign: ForeignGenome | None = None
    unknown_length: int | None = None


def header_facts(lines: Sequence[str], reference: Reference) -> HeaderFacts:
    """The genome a header states: lengths and accessions go before names, chromosome 17 before the others."""
    of_contig = next((facts for line in lines if (facts := _contig_facts(line, reference))), None)
    return of_contig or _other_chromosomes(lines, reference) or _named_facts(lines, reference)


def _other_chromosomes(lines: Sequence[str], reference: Reference) -> HeaderFacts | None:
    """What the lengths of other chromosomes say, as in a panel's header without chromosome 17; ``None``: nothing."""
    found: dict[Build, str] = {}
    for line in lines:
        name = _CONTIG_ID.search(line) if line.startswith("##contig") else None
        length = _CONTIG_LENGTH.search(line) if name else None
        if name is None or length is None or len(length.group(1)) > _LONGEST_NUMBER:
            continue
        build = reference.build_of_length(int(length.group(1)))
        if build is not None:
            found.setdefault(build, f"header: contig {name.group(1)} by length {length.group(1)}")
    if len(found) != 1:
        return None
    build, words = next(iter(found.items()))
    return HeaderFacts(build=build, words=words)


def lists_other_chromosomes_only(lines: Sequence[str], reference: Reference) -> bool:
    """Whether a header has contig lines, and none of chromosome 17."""
    names = [m.group(1) for line in lines if line.startswith("##contig") and (m := _CONTIG_ID.search(line))]
    return bool(names) and not any(map(reference.is_chromosome, names))


def _contig_facts(line: str, reference: Reference) -> HeaderFacts | None:
    """What a contig line of chromosome 17 says; ``None`` for one that leaves it open."""
    found = _CONTIG_ID.search(line) if line.startswith("##contig") else None
    if found is None:
        return None
    name, stated = found.group(1), _CONTIG_LENGTH.search(line)
    length = int(stated.group(1)) if stated and len(stated.group(1)) <= _LONGEST_NUMBER else None
    foreign = reference.foreign_contig(name, length)
    if foreign is not None:
        how = f"by length {length}" if foreign.length == length else "by its accession"
        return HeaderFacts(foreign=foreign, words=f"header: contig {name} {how}")
    if not reference.is_chromosome(name):
        return None
    build = reference.build_of_contig(name, length)
    if build is None:
        return None if length is None else HeaderFacts(unknown_length=length)
    how = f"length {length}" if length == reference.builds[build].length else "its accession"
    return HeaderFacts(build=build, words=f"header: contig {name} by {how}")


def _named_facts(lines: Sequence[str], reference: Reference) -> HeaderFacts:
    """What names in the header say: one of the two builds, else another genome."""
    found: dict[Build, str] = {}
    for line in lines:
        if line.startswith(_HINT_LINES):
            for build, pattern in _HINTS:
                match = pattern.search(line)
                if match:
                    found.setdefault(build, f"header: {match.group(0)} in the {line[2:].split('=')[0]} line")
    if len(found) == 1:
        build, words = next(iter(found.items()))
        return HeaderFacts(build=build, words=words)
    if found:
        return HeaderFacts(words="header: names both builds")
    for line in lines:
        foreign = _foreign_name(line, reference) if line.startswith(_HINT_LINES) else None
        if foreign is not None:
            genome, name = foreign
            return HeaderFacts(foreign=genome, words=f"header: {name} in the {line[2:].split('=')[0]} line")
    return HeaderFacts(words="header: names no build")


def _foreign_name(line: str, reference: Reference) -> tuple[ForeignGenome, str] | None:
    """Another genome that a line names, and how; the table has the more exact names first."""
    text = line.lower().replace(" ", "_")
    for genome in reference.foreign:
        for name in genome.names:
            word = name.lower()
            if word in text and re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![0-9])", text):
                return genome, name
    return None


def header_build(name: str, lines: Sequence[str], reference: Reference) -> Build | None:
    """The build a header states; ``None`` when it leaves it to the REF bases. ``name``: the file, for messages.

    Raises:
        InputError: it states another genome.
    """
    facts = header_facts(lines, reference)
    if facts.foreign is not None:
        raise _foreign_genome(name, facts.foreign, facts.words)
    return facts.build


def _foreign_genome(name: str, genome: ForeignGenome, words: str) -> InputError:
    cause = f"the file is on {genome.name}, not on GRCh37 or GRCh38 ({words})"
    fix = "positions of another genome name no TP53 change: lift the calls over to GRCh38 or GRCh37, or call on one"
    return InputError(cause, path=name, place="header", fix=fix)


def ref_evidence(
    sites: Iterable[tuple[int, str]], reference: Reference, build: Build, limits: BuildLimits
) -> BasesFit:
    """Compare REF bases (position on ``build``, bases) with the reference."""
    agreeing = 0
    proven: set[int] = set()
    in_gene: list[Mismatch] = []
    outside: list[Mismatch] = []
    low, high = reference.gene
    for position, ref in sites:
        start = reference.from_build(position, build)
        end = start + len(ref) - 1
        if not ref or not reference.covers(start, end):
            continue
        expected = reference.bases(start, end)
        if all(a in (b, "N") for a, b in zip(ref, expected, strict=True)):
            agreeing += 1
            proven.update(start + i for i, base in enumerate(ref) if base != "N")
        else:
            wrong = Mismatch(position=position, stated=ref, expected=expected)
            (in_gene if start <= high and end >= low else outside).append(wrong)
    return BasesFit(
        agreeing=agreeing,
        bases=len(proven),
        coding=sum(low <= base <= high for base in proven for low, high in reference.main_transcript.cds),
        in_gene=tuple(in_gene),
        outside=tuple(outside),
        limits=limits,
    )


def _short(bases: str) -> str:
    return bases if len(bases) < 12 else bases[:9] + "..."


class Assembly:
    """The evidence of one VCF for its build.

    Args:
        name: file name for messages.
        lines: header lines.
        chromosomes: names of chromosome 17 seen in the records.
        sites: position and REF of every record near TP53 on either build.
    """

    def __init__(
        self,
        name: str,
        lines: Sequence[str],
        chromosomes: Collection[str],
        sites: Sequence[tuple[int, str]],
        reference: Reference,
        limits: BuildLimits,
    ) -> None:
        self.name, self.limits = name, limits
        self.evidence = {build: ref_evidence(sites, reference, build, limits) for build in reference.builds}
        self.facts = header_facts(lines, reference)
        if self.facts == HeaderFacts(words=self.facts.words):
            by_name = {b for c in chromosomes if (b := reference.build_of_contig(c, None))}
            if len(by_name) == 1:
                self.facts = HeaderFacts(build=by_name.pop(), words="contig accession")

    def decide(self, asked: Build | None) -> BuildCall:
        """The build; ``asked`` is ``--assembly``, if given.

        Raises:
            InputError: another genome, header and REF bases disagree, or nothing decides.
        """
        if self.facts.foreign is not None and (asked is None or not self._proven(asked)):
            raise _foreign_genome(self.name, self.facts.foreign, self.facts.words)
        if asked is not None:
            self._check(asked, "--assembly")
            self._against_all(asked)
            return BuildCall(build=asked, basis=f"--assembly; {_agreement(self.evidence[asked])}")
        stated, words = self.facts.build, self.facts.words
        if stated is not None:
            self._check(stated, words)
            return BuildCall(build=stated, basis=f"{words}; {_agreement(self.evidence[stated])}")
        return self._by_bases()

    def _proven(self, build: Build) -> bool:
        """Whether the REF bases alone say so: they fit this build and no other, and not by accident."""
        fit = self.evidence[build]
        others = any(other.fits for b, other in self.evidence.items() if b != build)
        return fit.fits and not others and fit.chance < self.limits.most_chance

    def _by_bases(self) -> BuildCall:
        fitting = [build for build, fit in self.evidence.items() if fit.fits]
        if len(fitting) == 1:
            build = fitting[0]
            if self.facts.unknown_length is not None and not self._proven(build):
                raise self._unknown_length(self.evidence[build])
            basis = f"REF bases: {_agreement(self.evidence[build])}, the other build does not fit"
            return BuildCall(build=build, basis=basis)
        if fitting:
            raise InputError("the build is open: the REF bases fit both builds", path=self.name, fix=_SAY_IT)
        for build, fit in self.evidence.items():
            wrong = (*fit.in_gene, *fit.outside)
            if wrong:
                cause = f"REF contradicts both builds ({wrong[0]}, {build} has {_short(wrong[0].expected)})"
                raise InputError(cause, path=self.name, fix="check which genome the file was called on")
        if self.facts.unknown_length is not None:
            raise self._unknown_length(next(iter(self.evidence.values())))
        raise InputError(
            "the build is open: the header names none and no record lies on TP53",
            path=self.name,
            fix=_SAY_IT,
        )

    def _unknown_length(self, fit: BasesFit) -> InputError:
        cause = (
            f"chromosome 17 has {self.facts.unknown_length} bases in the header, which is no known genome, and "
            f"{fit.bases} REF base{'s' if fit.bases != 1 else ''} on TP53 can agree by chance (1 in {4**fit.bases})"
        )
        return InputError(cause, path=self.name, place="header", fix=f"correct the length, or {_SAY_IT}")

    def _against_all(self, asked: Build) -> None:
        """Refuse an ``--assembly`` that the header and the REF bases both contradict."""
        stated = self.facts.build
        if stated in (None, asked) or self.evidence[asked].agreeing or not self.evidence[stated].fits:
            return
        records = self.evidence[stated].agreeing
        raise InputError(
            f"--assembly says {asked}, but the REF bases of {records} record{'s' if records != 1 else ''} are TP53 of "
            f"{stated}, and so says the header ({self.facts.words})",
            path=self.name,
            place="TP53 records",
            fix=f"leave --assembly out, or say {stated}",
        )

    def _check(self, build: Build, words: str) -> None:
        own, wrong = self.evidence[build], self.evidence[build].contradiction
        others = [b for b, fit in self.evidence.items() if b != build and fit.overrules]
        if wrong is None and own.outside and not own.fits and others:
            wrong = own.outside[0]
        if wrong is not None:
            hint = f"; the REF bases fit {others[0]}" if others else ""
            cause = f"{wrong}, {build} has {_short(wrong.expected)} ({words} says {build}){hint}"
            fix = "another build? check the header, or give --assembly"
            raise InputError(cause, path=self.name, place="TP53 records", fix=fix)
        if not own.agreeing and others and words != "--assembly":
            other = others[0]
            records = self.evidence[other].agreeing
            raise InputError(
                f"{words} says {build}, but the REF bases of {records} record{'s' if records != 1 else ''} are TP53 of {other}",
                path=self.name,
                place="TP53 records",
                fix="correct the header, or insist with --assembly",
            )


def _agreement(fit: BasesFit) -> str:
    if not fit.agreeing:
        return "no TP53 record to check REF against"
    agrees = f"REF agrees in {fit.agreeing} TP53 record{'s' if fit.agreeing != 1 else ''}"
    wrong = len(fit.outside)
    return f"{agrees} and not in {wrong} beside the gene" if wrong else agrees

"""Which genome build a VCF is on: header facts first, then the REF bases decide or contradict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tp53annot.core.allele import Build
from tp53annot.core.locus import Reference
from tp53annot.errors import InputError

_HINTS = (
    (Build.GRCH37, re.compile(r"(grch37|hg19|b37\b|hs37d5|human_g1k_v37|g1k_v37)", re.IGNORECASE)),
    (Build.GRCH38, re.compile(r"(grch38|hg38|hs38|gca_000001405\.15)", re.IGNORECASE)),
)
_HINT_LINES = ("##reference", "##assembly", "##contig", "##genome", "##GATKCommandLine", "##commandline")
# Fewer reference bases than this agree too often by chance (1 in 4 each) to overrule a header.
_ENOUGH_BASES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BasesFit:
    """How the REF bases of the records that fall on the locus of one build agree with it.

    Attributes:
        records: records on the locus.
        bases: their REF bases that are stated (not N).
        first_mismatch: the first that contradicts the reference, in words.
    """

    records: int = 0
    bases: int = 0
    first_mismatch: str | None = None

    @property
    def fits(self) -> bool:
        """Some records, none of them against the reference."""
        return self.records > 0 and self.first_mismatch is None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildCall:
    """The build and the sentence that says how it was established."""

    build: Build
    basis: str


def header_build(lines: Sequence[str], reference: Reference) -> tuple[Build | None, str]:
    """What the header says, and in which words; ``None`` when it says nothing or contradicts itself."""
    for line in lines:
        if line.startswith("##contig"):
            name = re.search(r"[<,]ID=([^,>]+)", line)
            length = re.search(r"[<,]length=(\d+)", line)
            if name and reference.is_chromosome(name.group(1)):
                build = reference.build_of_contig(name.group(1), int(length.group(1)) if length else None)
                if build:
                    how = f"length {length.group(1)}" if length else "its accession"
                    return build, f"header: contig {name.group(1)} by {how}"
    found: dict[Build, str] = {}
    for line in lines:
        if line.startswith(_HINT_LINES):
            for build, pattern in _HINTS:
                match = pattern.search(line)
                if match:
                    found.setdefault(build, f"header: {match.group(0)} in the {line[2:].split('=')[0]} line")
    if len(found) == 1:
        return next(iter(found.items()))
    return None, "header: " + ("names both builds" if found else "names no build")


def ref_evidence(sites: Iterable[tuple[int, str]], reference: Reference, build: Build) -> BasesFit:
    """Compare REF bases (position on ``build``, bases) with the reference."""
    records = bases = 0
    mismatch: str | None = None
    for position, ref in sites:
        start = reference.from_build(position, build)
        end = start + len(ref) - 1
        if not ref or not reference.covers(start, end):
            continue
        records += 1
        expected = reference.bases(start, end)
        bases += sum(1 for base in ref if base != "N")
        wrong = any(a not in (b, "N") for a, b in zip(ref, expected, strict=True))
        if wrong and mismatch is None:
            mismatch = f"position {position}: REF is {_short(ref)}, {build} has {_short(expected)}"
    return BasesFit(records=records, bases=bases, first_mismatch=mismatch)


def _short(bases: str) -> str:
    return bases if len(bases) < 12 else bases[:9] + "..."


def decide_build(
    name: str,
    lines: Sequence[str],
    chromosomes: Iterable[str],
    sites: Sequence[tuple[int, str]],
    reference: Reference,
    asked: Build | None,
) -> BuildCall:
    """The build of a VCF.

    Args:
        name: file name for messages.
        lines: header lines.
        chromosomes: names of chromosome 17 seen in the records.
        sites: position and REF of every record near TP53 on either build.
        asked: ``--assembly``, if given.

    Raises:
        InputError: header and REF bases disagree, or nothing decides.
    """
    evidence = {build: ref_evidence(sites, reference, build) for build in reference.builds}
    stated, words = header_build(lines, reference)
    if stated is None:
        by_name = {b for c in chromosomes if (b := reference.build_of_contig(c, None))}
        if len(by_name) == 1:
            stated, words = by_name.pop(), "contig accession"
    if asked is not None:
        _contradiction(name, asked, "--assembly", evidence)
        return BuildCall(build=asked, basis=f"--assembly; {_agreement(evidence[asked])}")
    if stated is not None:
        _contradiction(name, stated, words, evidence)
        return BuildCall(build=stated, basis=f"{words}; {_agreement(evidence[stated])}")
    return _by_bases(name, evidence)


def _by_bases(name: str, evidence: dict[Build, BasesFit]) -> BuildCall:
    fitting = [build for build, fit in evidence.items() if fit.fits]
    if len(fitting) == 1:
        build = fitting[0]
        return BuildCall(
            build=build, basis=f"REF bases: {_agreement(evidence[build])}, the other build does not fit"
        )
    fix = "say it with --assembly GRCh37 or --assembly GRCh38"
    if fitting:
        raise InputError("the build is open: the REF bases fit both builds", path=name, fix=fix)
    for fit in evidence.values():
        if fit.first_mismatch:
            cause = f"REF contradicts both builds ({fit.first_mismatch})"
            raise InputError(cause, path=name, fix="check which genome the file was called on")
    raise InputError(
        "the build is open: the header names none and no record lies on TP53", path=name, fix=fix
    )


def _contradiction(name: str, build: Build, words: str, evidence: dict[Build, BasesFit]) -> None:
    own = evidence[build]
    others = [b for b, fit in evidence.items() if b != build and fit.fits and fit.bases >= _ENOUGH_BASES]
    if own.first_mismatch:
        hint = f"; the REF bases fit {others[0]}" if others else ""
        cause = f"{own.first_mismatch} ({words} says {build}){hint}"
        fix = "another build? check the header, or give --assembly"
        raise InputError(cause, path=name, place="TP53 records", fix=fix)
    if not own.records and others and words != "--assembly":
        other = others[0]
        bases = f"the REF bases of {evidence[other].records} records are TP53 of {other}"
        raise InputError(
            f"{words} says {build}, but {bases}",
            path=name,
            place="TP53 records",
            fix="correct the header, or insist with --assembly",
        )


def _agreement(fit: BasesFit) -> str:
    if not fit.records:
        return "no TP53 record to check REF against"
    return f"REF agrees in {fit.records} TP53 record{'s' if fit.records != 1 else ''}"

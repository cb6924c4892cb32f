"""Any usual spelling of a TP53 change back to the sequence changes it can mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tp53annot.core.allele import Allele, Build
from tp53annot.errors import InputError, printable
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import Edit, forward_allele, gene_to_allele, shift_left, trim
from tp53annot.names.protein_parser import ProteinReader
from tp53annot.names.spelling import clean, dna_case
from tp53annot.names.transcript import CPosition, Transcript, reverse_complement

_CHROM = r"(?P<chrom>chr17|17|NC_000017\.1[01]|CM000679\.[12])"
_SITE = re.compile(
    rf"{_CHROM}[:\-_]?(?:g\.)?[:\-_]?(?P<pos>\d+)[:\-_]?(?P<ref>[ACGTN]+|-)[>:\-_/](?P<alt>[ACGTN]+|-)$", re.I
)
_SPDI = re.compile(r"(?P<chrom>NC_000017\.1[01]):(?P<pos>\d+):(?P<ref>[ACGT]*|\d+):(?P<alt>[ACGT]*)$", re.I)
_G = re.compile(rf"(?:{_CHROM}:)?g\.(?P<change>.+)$", re.I)
_C = re.compile(
    r"(?:(?P<acc>(?:[NX][MR]_|ENST|LRG_)[\w.]+)(?:\([\w-]+\))?:)?[cn]\.(?P<change>[^()]+)(?:\(.*\))?$", re.I
)
_P = re.compile(r"(?:(?:NP_|ENSP|LRG_)[\w.]+(?:\([\w-]+\))?:)?(?:p\.)?\(?(?P<change>[^()]+)\)?$", re.I)
_IVS = re.compile(
    r"(?:c\.)?IVS(?P<intron>\d+)(?P<sign>[+-])(?P<offset>\d+)(?P<ref>[ACGT])>(?P<alt>[ACGT])$", re.I
)
_CPOS = r"(?:\*|-)?\d+(?:[+-]\d+)?"
_DNA = re.compile(
    rf"(?P<a>{_CPOS})(?:_(?P<b>{_CPOS}))?(?P<kind>delins|del|dup|ins|inv|[ACGT]+>|=)?(?P<old>[ACGT]*)(?P<tail>ins)?(?P<new>[ACGT]*)$"
)
_HELP = "write it as R175H, c.524G>A, g.7675088C>T with NC_000017.11, chr17:7675088:C:T or rs28934578"
_QUOTES = "the new base is missing: put the change in quotes, a shell takes > for a redirection"
Rsids = Mapping[str, Sequence[str]]


_LONGEST = 4_000


def parse_change(text: str, namer: Namer, rsids: Rsids, build: Build | None = None) -> tuple[Allele, ...]:
    """The sequence changes (GRCh38, normalised) that a spelling can mean.

    Args:
        text: the change as typed.
        namer: names on the reference.
        rsids: c. names of the bundled rsIDs.
        build: build of a genomic position without accession; decided by REF when ``None``.

    Raises:
        InputError: not understood, or it contradicts the reference; the message says how.
    """
    if len(text) > _LONGEST:
        raise _Reader(text, namer, rsids, build).refuse(f"longer than {_LONGEST} characters")
    plain, stated = clean(text)
    if stated and build and stated != build:
        raise _Reader(text, namer, rsids, build).refuse(
            f"it says {stated}, --assembly says {build}", "drop one of the two"
        )
    reader = _Reader(text, namer, rsids, stated or build)
    if re.search(r"\[.*[;\]].*", plain):
        raise reader.refuse("several changes in one name", "give them one by one")
    if re.search(r"\.\(.*[?\d]\)_\(", plain):
        raise reader.refuse("the ends of this event are not exact", "give a change with exact ends")
    for pattern, read in (
        (re.compile(r"rs\d+$", re.I), reader.rsid),
        (_SPDI, reader.spdi),
        (_SITE, reader.site),
        (_IVS, reader.ivs),
        (_G, reader.genomic),
        (_C, reader.coding),
        (_P, lambda found: ProteinReader(namer, reader.refuse).read(found["change"])),
    ):
        match = pattern.match(plain)
        if match:
            alleles = read(match)
            if any(not set(a.alt) <= set("ACGT") for a in alleles):
                raise reader.refuse("a base is none of A, C, G and T")
            return alleles
    raise reader.refuse("not understood")


class _Reader:
    def __init__(self, text: str, namer: Namer, rsids: Rsids, build: Build | None) -> None:
        self.text, self.namer, self.rsids, self.build = text, namer, rsids, build
        self.reference = namer.reference

    def refuse(self, cause: str, fix: str = _HELP) -> InputError:
        """The error that names the change; one cut at its ``>`` by a shell is told so."""
        if fix == _HELP and re.search(r"\d[ACGT]$", self.text.strip()):
            fix = _QUOTES
        return InputError(cause, path=f"change {printable(self.text, 80)!r}", fix=fix)

    def rsid(self, match: re.Match[str]) -> tuple[Allele, ...]:
        names = self.rsids.get(match.group().lower())
        if not names:
            raise self.refuse("this rsID is not in the bundled tables", "give the c. or genomic name instead")
        found = [a for name in names for a in parse_change(name, self.namer, {}, self.build)]
        return tuple(dict.fromkeys(found))

    # genomic ---------------------------------------------------------------------------

    def _builds(self, chrom: str | None) -> list[Build]:
        by_name = self.reference.build_of_contig(chrom, None) if chrom else None
        if by_name is not None:
            if self.build is not None and self.build != by_name:
                raise self.refuse(
                    f"{chrom} is {by_name}, --assembly says {self.build}", "drop one of the two"
                )
            return [by_name]
        return [self.build] if self.build else list(self.reference.builds)

    def _placed(self, chrom: str | None, position: int, ref: str) -> int:
        """GRCh38 position of a genomic one, by the build whose reference has ``ref`` there."""
        fits = []
        seen = []
        for build in self._builds(chrom):
            start = self.reference.from_build(position, build)
            if not self.reference.covers(start, start + max(len(ref), 1) - 1):
                seen.append(f"outside TP53 in {build}")
                continue
            there = self.reference.bases(start, start + max(len(ref), 1) - 1)
            if not ref or there == ref:
                fits.append(start)
            else:
                seen.append(f"{build} has {there[:20]} there")
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise self.refuse("the position fits both builds", "say which with --assembly")
        raise self.refuse(
            f"position {position} with REF {ref[:20] or '-'} does not fit: {'; '.join(seen)}",
            "check position, build and strand (alleles are on the forward strand)",
        )

    def site(self, match: re.Match[str]) -> tuple[Allele, ...]:
        ref, alt = (match[allele].upper().replace("-", "") for allele in ("ref", "alt"))
        start = self._placed(_chrom(match["chrom"]), int(match["pos"]), ref) - self.reference.start
        start += not ref  # a MAF's "-" stands after the position's base
        return (self._forward(Edit(start, start + len(ref), alt)),)

    def spdi(self, match: re.Match[str]) -> tuple[Allele, ...]:
        ref, alt, position = match["ref"].upper(), match["alt"].upper(), int(match["pos"]) + 1
        length = int(ref) if ref.isdigit() else len(ref)
        bases = "" if ref.isdigit() else ref
        start = self._placed(_chrom(match["chrom"]), position, bases) - self.reference.start
        return (self._forward(Edit(start, start + length, alt)),)

    def genomic(self, match: re.Match[str]) -> tuple[Allele, ...]:
        sequence = self.reference.sequence
        parts = self._dna(match["change"])
        first = parts["a"] or ""
        if not first.isdigit():
            raise self.refuse(f"{first} is not a genomic position")
        old = (parts["kind"] or "")[:-1] if (parts["kind"] or "").endswith(">") else ""
        start = self._placed(_chrom(match["chrom"]), int(first), old)
        last = start + int(parts["b"]) - int(first) if parts["b"] else start
        edit = self._edit(parts, start - self.reference.start, last - self.reference.start + 1, sequence)
        return (self._forward(edit),)

    def _forward(self, edit: Edit) -> Allele:
        sequence = self.reference.sequence
        edit = trim(edit, sequence)
        if edit.start == edit.end and not edit.inserted:
            raise self.refuse("reference and changed bases are the same")
        return forward_allele(shift_left(edit, sequence), self.reference)

    # coding ----------------------------------------------------------------------------

    def _transcript(self, accession: str | None) -> Transcript:
        if accession is None:
            return self.namer.main
        accession, known = accession.upper(), self.namer.by_accession
        found = known.get(accession) or known.get(accession.split(".")[0])
        if found is None:
            raise self.refuse(
                f"transcript {accession} is not a TP53 transcript of the bundled tables",
                f"name the change on {self.namer.main.accession}",
            )
        return found

    def coding(self, match: re.Match[str]) -> tuple[Allele, ...]:
        transcript = self._transcript(match["acc"])
        parts = self._dna(match["change"])
        start = self._offset(transcript, parts["a"] or "")
        end = self._offset(transcript, parts["b"]) + 1 if parts["b"] else start + 1
        if end <= start:
            raise self.refuse("the second position lies before the first")
        return (self._gene(self._edit(parts, start, end, self.namer.gene)),)

    def ivs(self, match: re.Match[str]) -> tuple[Allele, ...]:
        number, donor = int(match["intron"]), match["sign"] == "+"
        introns = self.namer.main.introns
        if not 1 <= number <= len(introns):
            raise self.refuse(f"there is no intron {number}", f"introns run from 1 to {len(introns)}")
        start, end = introns[number - 1]
        offset = int(match["offset"])
        t = start + offset - 1 if donor else end - offset
        parts = {"kind": match["ref"].upper() + ">", "old": match["alt"].upper(), "new": "", "tail": None}
        return (self._gene(self._edit(parts, t, t + 1, self.namer.gene)),)

    def _offset(self, transcript: Transcript, text: str) -> int:
        try:
            t = transcript.offset_of(CPosition.read(text))
        except ValueError as error:
            raise self.refuse(str(error)) from error
        if not 0 < t < len(self.namer.gene) - 1:
            raise self.refuse(f"{text} lies outside the stored TP53 locus")
        return t

    def _dna(self, change: str) -> dict[str, str | None]:
        match = _DNA.match(dna_case(change))
        if match is None or (match["kind"] is None and not match["new"]):
            raise self.refuse(f"{change!r} is not a DNA change", _HELP)
        return match.groupdict()

    def _edit(self, parts: Mapping[str, str | None], start: int, end: int, sequence: str) -> Edit:
        kind, old, new = parts["kind"] or "", parts["old"] or "", parts["new"] or ""
        there = sequence[start:end]
        if kind.endswith(">"):
            stated = kind[:-1]
            if sequence[start : start + len(stated)] != stated:
                raise self.refuse(
                    f"the reference has {sequence[start : start + len(stated)]} there, not {stated}",
                    "check the position",
                )
            return Edit(start, start + len(stated), old)
        if kind == "ins":
            if end - start != 2:
                raise self._misplaced(parts, start, end, old)
            return Edit(start + 1, start + 1, old)
        if kind == "dup":
            self._check(old, there)
            return Edit(end, end, there)
        if kind == "inv":
            return Edit(start, end, reverse_complement(there))
        if kind == "delins":
            return Edit(start, end, old)
        if kind == "del":
            self._check(old, there)
            return Edit(start, end, new if parts["tail"] else "")
        raise self.refuse("it names no change (=)")

    def _misplaced(self, parts: Mapping[str, str | None], start: int, end: int, bases: str) -> InputError:
        """Why there is no one place for an insertion: its positions are apart, or an intron lies between them."""
        main = self.namer.main
        for number, (low, high) in enumerate(main.introns, 1):
            if parts["b"] and low == start + 1 and high == end - 1 and "+" not in (parts["a"] or ""):
                a, b = parts["a"], parts["b"]
                return self.refuse(
                    f"an insertion across the edge of exons {number} and {number + 1}: the {high - low} bases of intron "
                    f"{number} lie between {a} and {b}, so that the name leaves open where it stands",
                    f"name it at one edge, c.{a}_{a}+1ins{bases} or c.{b}-1_{b}ins{bases}, or by its genomic position",
                )
        return self.refuse("an insertion stands between two neighbouring positions, e.g. c.732_733insT")

    def _check(self, stated: str, there: str) -> None:
        if stated and stated != there:
            raise self.refuse(
                f"the reference has {there[:20]} there, not {stated[:20]}", "check the positions"
            )

    def _gene(self, edit: Edit) -> Allele:
        edit = trim(edit, self.namer.gene)
        if edit.start == edit.end and not edit.inserted:
            raise self.refuse("reference and changed bases are the same")
        return gene_to_allele(edit, self.reference)


def _chrom(text: str | None) -> str | None:
    if text is None:
        return None
    return text if text.lower() in ("17", "chr17") else text.upper()

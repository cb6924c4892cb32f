"""Any usual spelling of a TP53 change back to the sequence changes it can mean."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

from tp53annot.errors import InputError, printable
from tp53annot.hgvs import Namer
from tp53annot.hgvs_protein import ONE
from tp53annot.model import Allele, Build
from tp53annot.normalise import Edit, forward_allele, gene_to_allele, shift_left, trim
from tp53annot.transcript import CODONS, CPosition, Transcript, reverse_complement

_DASHES = str.maketrans("‐‑‒–—−＞", "------>")
_CHROM = r"(?P<chrom>chr17|17|NC_000017\.1[01]|CM000679\.[12])"
_SITE = re.compile(
    rf"{_CHROM}[:\-_]?(?:g\.)?[:\-_]?(?P<pos>\d+)[:\-_]?(?P<ref>[ACGTN]+)[>:\-_/](?P<alt>[ACGTN]+)$", re.I
)
_SPDI = re.compile(r"(?P<chrom>NC_000017\.1[01]):(?P<pos>\d+):(?P<ref>[ACGT]*|\d+):(?P<alt>[ACGT]*)$", re.I)
_G = re.compile(rf"(?:{_CHROM}:)?g\.(?P<change>.+)$", re.I)
_C = re.compile(
    r"(?:(?P<acc>(?:[NX][MR]_|ENST|LRG_)[\w.]+)(?:\([\w-]+\))?:|TP53:)?(?P<kind>[cn])\.(?P<change>[^()]+)(?:\(.*\))?$"
)
_P = re.compile(r"(?:(?:NP_|ENSP)[\w.]+(?:\([\w-]+\))?:|TP53:)?(?:p\.)?\(?(?P<change>[^()]+)\)?$")
_IVS = re.compile(
    r"(?:c\.)?IVS(?P<intron>\d+)(?P<sign>[+-])(?P<offset>\d+)(?P<ref>[ACGT])>(?P<alt>[ACGT])$", re.I
)
_CPOS = r"(?:\*|-)?\d+(?:[+-]\d+)?"
_DNA = re.compile(
    rf"(?P<a>{_CPOS})(?:_(?P<b>{_CPOS}))?(?P<kind>delins|del|dup|ins|inv|[ACGT]+>|=)?(?P<old>[ACGT]*)(?P<tail>ins)?(?P<new>[ACGT]*)$"
)
_SUBSTITUTION = re.compile(r"(?P<ref>[A-Z*])(?P<pos>\d+)(?P<alt>[A-Z*=])$")
_RESIDUES = re.compile(r"(?P<ref>[A-Z*])(?P<pos>\d+)(?:_(?P<ref2>[A-Z*])(?P<pos2>\d+))?(?P<kind>del|dup)$")
_HELP = "write it as R175H, c.524G>A, g.7675088C>T with NC_000017.11, chr17:7675088:C:T or rs28934578"
Rsids = Mapping[str, Sequence[str]]


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
    clean = re.sub(r"\s+", "", text.translate(_DASHES)).strip("\"',;")
    reader = _Reader(text, namer, rsids, build)
    for pattern, read in (
        (re.compile(r"rs\d+$", re.I), reader.rsid),
        (_SPDI, reader.spdi),
        (_SITE, reader.site),
        (_IVS, reader.ivs),
        (_G, reader.genomic),
        (_C, reader.coding),
        (_P, reader.protein),
    ):
        match = pattern.match(clean)
        if match:
            return read(match)
    raise reader.refuse("not understood")


class _Reader:
    def __init__(self, text: str, namer: Namer, rsids: Rsids, build: Build | None) -> None:
        self.text, self.namer, self.rsids, self.build = text, namer, rsids, build
        self.reference = namer.reference

    def refuse(self, cause: str, fix: str = _HELP) -> InputError:
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
        raise self.refuse(f"position {position} with REF {ref[:20] or '-'} does not fit: {'; '.join(seen)}",
                          "check position, build and strand (alleles are on the forward strand)")  # fmt: skip

    def site(self, match: re.Match[str]) -> tuple[Allele, ...]:
        ref, alt = match["ref"].upper(), match["alt"].upper()
        start = self._placed(_chrom(match["chrom"]), int(match["pos"]), ref)
        return (
            self._forward(Edit(start - self.reference.start, start - self.reference.start + len(ref), alt)),
        )

    def spdi(self, match: re.Match[str]) -> tuple[Allele, ...]:
        ref, alt, position = match["ref"].upper(), match["alt"].upper(), int(match["pos"]) + 1
        length = int(ref) if ref.isdigit() else len(ref)
        bases = "" if ref.isdigit() else ref
        start = self._placed(_chrom(match["chrom"]), position, bases) - self.reference.start
        return (self._forward(Edit(start, start + length, alt)),)

    def genomic(self, match: re.Match[str]) -> tuple[Allele, ...]:
        sequence = self.reference.sequence
        parts = self._dna(match["change"].upper().replace("DELINS", "delins").replace("DEL", "del")
                          .replace("DUP", "dup").replace("INS", "ins").replace("INV", "inv")
                          .replace("delins", "delins"))  # fmt: skip
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
        known = self.namer.by_accession
        found = known.get(accession) or known.get(accession.split(".")[0])
        if found is None:
            raise self.refuse(f"transcript {accession} is not a TP53 transcript of the bundled tables",
                              f"name the change on {self.namer.main.accession}")  # fmt: skip
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
        match = re.match(r"(\*)?(-?\d+)([+-]\d+)?$", text)
        if match is None:
            raise self.refuse(f"{text!r} is not a position")
        position = CPosition(int(match[2]), int(match[3] or 0), bool(match[1]))
        try:
            t = transcript.offset_of(position)
        except ValueError as error:
            raise self.refuse(str(error)) from error
        if not 0 < t < len(self.namer.gene) - 1:
            raise self.refuse(f"{text} lies outside the stored TP53 locus")
        return t

    def _dna(self, change: str) -> dict[str, str | None]:
        match = _DNA.match(change)
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
                raise self.refuse(
                    "an insertion stands between two neighbouring positions, e.g. c.732_733insT"
                )
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

    # protein ---------------------------------------------------------------------------

    def protein(self, match: re.Match[str]) -> tuple[Allele, ...]:
        short = _one_letter(match["change"])
        substitution = _SUBSTITUTION.match(short)
        if substitution:
            return self._substitution(substitution)
        residues = _RESIDUES.match(short)
        if residues:
            return self._residues(residues)
        if "fs" in short:
            raise self.refuse("a frameshift name fits many DNA changes", "give the c. or genomic name")
        raise self.refuse("not understood")

    def _residue(self, letter: str, position: int) -> None:
        protein = self.namer.main.protein
        if not 1 <= position <= len(protein):
            raise self.refuse(f"p53 has {len(protein) - 1} residues")
        if protein[position - 1] != letter:
            raise self.refuse(f"residue {position} of p53 is {protein[position - 1]}, not {letter}",
                              "check residue and numbering (NP_000537.3)")  # fmt: skip

    def _substitution(self, match: re.Match[str]) -> tuple[Allele, ...]:
        position = int(match["pos"])
        self._residue(match["ref"], position)
        wanted = match["ref"] if match["alt"] == "=" else match["alt"]
        main = self.namer.main
        index = main.cds_start + 3 * (position - 1)
        codon = main.mrna[index : index + 3]
        options = ["".join(c) for c in itertools.product("ACGT", repeat=3)]
        options = [c for c in options if c != codon and CODONS[c] == wanted]
        fewest = min((_distance(codon, c) for c in options), default=0)
        found = [self._codon(index, codon, c) for c in options if _distance(codon, c) == fewest]
        if not found:
            raise self.refuse("no DNA change gives this protein change")
        return tuple(sorted(found, key=lambda a: (-a.pos, a.alt)))

    def _codon(self, index: int, codon: str, new: str) -> Allele:
        """The change of one codon; split by an intron it is written over the intron."""
        main = self.namer.main
        changed = [i for i in range(3) if codon[i] != new[i]]
        first, last = main.gene_offset(index + changed[0]), main.gene_offset(index + changed[-1])
        bases = list(self.namer.gene[first : last + 1])
        for i in changed:
            bases[main.gene_offset(index + i) - first] = new[i]
        return self._gene(Edit(first, last + 1, "".join(bases)))

    def _residues(self, match: re.Match[str]) -> tuple[Allele, ...]:
        first, last = int(match["pos"]), int(match["pos2"] or match["pos"])
        self._residue(match["ref"], first)
        if match["ref2"]:
            self._residue(match["ref2"], last)
        main = self.namer.main
        a, b = main.cds_start + 3 * (first - 1), main.cds_start + 3 * last
        start, end = main.gene_offset(a), main.gene_offset(b - 1) + 1
        if end - start != b - a:
            raise self.refuse("the residues lie on two exons", "give the c. or genomic name")
        edit = Edit(start, end, "") if match["kind"] == "del" else Edit(end, end, self.namer.gene[start:end])
        return (self._gene(edit),)


def _distance(a: str, b: str) -> int:
    return sum(1 for x, y in zip(a, b, strict=True) if x != y)


def _chrom(text: str | None) -> str | None:
    if text is None:
        return None
    return text if text.lower() in ("17", "chr17") else text.upper()


def _one_letter(change: str) -> str:
    """``Arg306Ter``, ``R306X`` and ``R306*`` as ``R306*``."""
    long = re.compile("|".join(ONE), re.IGNORECASE)
    short = (
        long.sub(lambda m: ONE[m.group().capitalize()], change) if re.search(r"[a-z]{2}", change) else change
    )
    short = re.sub(r"(?i)(del|dup|ins|fs)", lambda m: m.group().lower(), short)
    return re.sub(
        r"^([A-Za-z*])(\d+)([A-Za-z*=])$", lambda m: f"{m[1].upper()}{m[2]}{m[3].upper()}", short
    ).replace("X", "*")

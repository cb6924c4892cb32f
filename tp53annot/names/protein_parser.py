"""The DNA changes that a protein name can mean.

A protein name says less than a DNA name: the reader gives every DNA change that fits when they can
be counted, and refuses the rest (a frameshift name fits many).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

from tp53annot.core.allele import Allele
from tp53annot.errors import InputError
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import Edit, gene_to_allele, trim
from tp53annot.names.spelling import one_letter
from tp53annot.names.transcript import CODONS

_SUBSTITUTION = re.compile(r"(?P<ref>[A-Z*])(?P<pos>\d+)(?P<alt>[A-Z*=])$")
_EXTENSION = re.compile(r"(?P<ref>\*)(?P<pos>\d+)(?P<alt>[A-Z])ext(?:\*(?:\d+|\?)?)?$")
_START = re.compile(r"(?:(?P<ref>M)(?P<pos>1)\??|0)$")
_SPLICE = re.compile(r"[A-Z*](?P<pos>\d+)_?splice$")
_SPAN = re.compile(
    r"(?P<ref>[A-Z*])(?P<pos>\d+)(?:_(?P<ref2>[A-Z*])(?P<pos2>\d+))?(?P<kind>delins|del|dup|ins)(?P<new>[A-Z]*)$"
)
_CODONS_OF = {
    residue: tuple(codon for codon, made in CODONS.items() if made == residue)
    for residue in set(CODONS.values())
}
# More spellings of one protein change than this are no answer.
_MOST = 64
_DNA = "give the c. or genomic name"


class ProteinReader:
    """Reads p. names on the reference transcript; ``refuse`` makes the error of one text."""

    def __init__(self, namer: Namer, refuse: Callable[..., InputError]) -> None:
        self.namer, self.refuse, self.main = namer, refuse, namer.main

    def read(self, change: str) -> tuple[Allele, ...]:
        """Every DNA change of a protein name (without ``p.`` and brackets).

        Raises:
            InputError: not understood, not this protein, or too many changes fit.
        """
        short = one_letter(change)
        for pattern, read in (
            (_SUBSTITUTION, self._substitution),
            (_EXTENSION, self._substitution),
            (_START, self._start_loss),
            (_SPLICE, self._splice),
            (_SPAN, self._span),
        ):
            match = pattern.match(short)
            if match:
                return tuple(sorted(set(read(match)), key=lambda a: (-a.pos, a.ref, a.alt)))
        if re.match(r"[A-Z*]\d+[A-Z*]*fs", short):
            raise self.refuse("a frameshift name fits many DNA changes", _DNA)
        raise self.refuse("not understood")

    def _residue(self, letter: str, position: int) -> None:
        protein = self.main.protein
        if not 1 <= position <= len(protein):
            raise self.refuse(f"p53 has {len(protein) - 1} residues")
        if protein[position - 1] != letter:
            raise self.refuse(
                f"residue {position} of p53 is {protein[position - 1]}, not {letter}",
                "check residue and numbering (NP_000537.3)",
            )

    def _substitution(self, match: re.Match[str]) -> list[Allele]:
        position = int(match["pos"])
        self._residue(match["ref"], position)
        wanted = match["ref"] if match["alt"] == "=" else match["alt"]
        index = self.main.cds_start + 3 * (position - 1)
        codon = self.main.mrna[index : index + 3]
        options = [c for c in _CODONS_OF.get(wanted, ()) if c != codon]
        fewest = min((_distance(codon, c) for c in options), default=0)
        found = [self._codon(index, codon, c) for c in options if _distance(codon, c) == fewest]
        if not found:
            raise self.refuse("no DNA change gives this protein change")
        return found

    def _codon(self, index: int, codon: str, new: str) -> Allele:
        """The change of one codon; split by an intron it is written over the intron."""
        changed = [i for i in range(3) if codon[i] != new[i]]
        first, last = (self.main.gene_offset(index + changed[i]) for i in (0, -1))
        bases = list(self.namer.gene[first : last + 1])
        for i in changed:
            bases[self.main.gene_offset(index + i) - first] = new[i]
        return self._allele(Edit(first, last + 1, "".join(bases)))

    def _start_loss(self, _match: re.Match[str]) -> list[Allele]:
        """Every substitution of the start codon."""
        found = []
        for index in range(self.main.cds_start, self.main.cds_start + 3):
            t = self.main.gene_offset(index)
            found += list(self._substitutions(t))
        return found

    def _splice(self, match: re.Match[str]) -> list[Allele]:
        """Substitutions of an intron's first and last two bases that catalogues give this label."""
        wanted = f"{match['pos']}_splice"
        found = []
        for start, end in self.main.introns:
            for t in (start, start + 1, end - 2, end - 1):
                for allele in self._substitutions(t):
                    if self.namer.describe(allele, isoforms=False).hgvs_p_short[1:] == wanted:
                        found.append(allele)
        if not found:
            raise self.refuse(f"no splice site lies at residue {match['pos']}", _DNA)
        return found

    def _substitutions(self, t: int) -> Iterator[Allele]:
        for base in "ACGT":
            if base != self.namer.gene[t]:
                yield self._allele(Edit(t, t + 1, base))

    def _span(self, match: re.Match[str]) -> list[Allele]:
        first, last = int(match["pos"]), int(match["pos2"] or match["pos"])
        self._residue(match["ref"], first)
        if match["ref2"]:
            self._residue(match["ref2"], last)
        if last < first:
            raise self.refuse("the second residue lies before the first")
        kind, new = match["kind"], match["new"]
        if kind in ("del", "dup"):
            start, end = self._bases(first, last)
            if kind == "del":
                return [self._allele(Edit(start, end, ""))]
            return [self._allele(Edit(end, end, self.namer.gene[start:end]))]
        if not new:
            raise self.refuse("the inserted residues are missing")
        if kind == "ins" and last != first + 1:
            raise self.refuse("an insertion stands between two neighbouring residues, e.g. A159_M160insG")
        start, end = self._bases(first, last)
        if kind == "ins":
            start = end = start + 3
        return [self._allele(Edit(start, end, bases)) for bases in self._coded(new)]

    def _bases(self, first: int, last: int) -> tuple[int, int]:
        """Gene-strand offsets, half-open, of residues first..last of one exon."""
        a, b = self.main.cds_start + 3 * (first - 1), self.main.cds_start + 3 * last
        start, end = self.main.gene_offset(a), self.main.gene_offset(b - 1) + 1
        if end - start != b - a:
            raise self.refuse("the residues lie on two exons", _DNA)
        return start, end

    def _coded(self, residues: str) -> list[str]:
        """Every DNA sequence that codes for the residues."""
        choices = [_CODONS_OF.get(residue, ()) for residue in residues]
        count = 1
        for choice in choices:
            count *= len(choice)
        if not count:
            raise self.refuse(f"{residues} are not amino acids")
        if count > _MOST:
            raise self.refuse(f"{count} DNA changes fit this protein change", _DNA)
        return ["".join(codons) for codons in itertools.product(*choices)]

    def _allele(self, edit: Edit) -> Allele:
        edit = trim(edit, self.namer.gene)
        if edit.start == edit.end and not edit.inserted:
            raise self.refuse("it names no change (=)")
        return gene_to_allele(edit, self.namer.reference)


def _distance(a: str, b: str) -> int:
    return sum(1 for x, y in zip(a, b, strict=True) if x != y)

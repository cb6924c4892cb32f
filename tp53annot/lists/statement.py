"""What a row states: an allele at a place, a name, an event of exons, another gene, or nothing that can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from tp53annot.core.allele import Allele, Build
from tp53annot.core.text import whole
from tp53annot.core.variant import OncogenicityClass
from tp53annot.errors import InputError, printable
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.knowledge.rules.sentence import Sentence
from tp53annot.knowledge.rules.variant_list import VariantListRules
from tp53annot.lists.table import ListLine
from tp53annot.names.allele_brackets import brackets_of
from tp53annot.names.exon_event import ExonEvent, exon_event
from tp53annot.names.neighbours import one_codon
from tp53annot.names.parser import parse_change
from tp53annot.names.spelling import clean

_ACCESSION = re.compile(r"(?P<acc>(?:[NX][MRP]_|ENS[TP]|LRG_|N[CG]_)[\w.]+?)(?:\([\w-]+\))?:", re.I)
_OTHER_PLACE = re.compile(r"(?:chr)?(?P<chrom>\d{1,2}|[XYM]|MT)[:_-]", re.I)
_SYMBOL = re.compile(r"(?P<gene>[A-Z][A-Za-z0-9-]+)[\s:]+(?:[cpg]\.|[A-Z]\d)")
_FRAMESHIFT = re.compile(r"\dfs|fs(?:Ter|\*|X)|[A-Za-z]fs", re.I)
_EXCHANGE = re.compile(r"(?:.*:)?p?\.?\(?[A-Z][a-z]*(?P<number>\d+)(?:[A-Z][a-z]*|[*=])\)?")
_CODON = 3  # bases
_OF_DNA = re.compile(r"(?:.*:)?\s*[cgn]\.", re.I)
# Bases: on the other build TP53 lies some 97,000 away, and normalising moves a change far less.
_NEAR = 10_000
_CERTAINTY = {
    OncogenicityClass.UNCERTAIN: 0,
    OncogenicityClass.LIKELY_ONCOGENIC: 1,
    OncogenicityClass.LIKELY_BENIGN: 1,
    OncogenicityClass.ONCOGENIC: 2,
    OncogenicityClass.BENIGN: 2,
}


class StatedAllele(Struct, frozen=True, kw_only=True):
    """One DNA change of a row.

    Attributes:
        allele: on GRCh38, as the report names it.
        text: how the row states it.
        build: the build of a stated place; ``None`` for a name.
        molecule: number of the allele in a bracketed name; ``None``: not stated.
        others: c. names of all DNA changes that the stated protein name fits, where there are several.
    """

    allele: Allele
    text: str
    build: Build | None = None
    molecule: int | None = None
    others: tuple[str, ...] = ()


class OtherGeneError(Exception):
    """The row is about another gene or place."""


class UnreadableError(Exception):
    """The row cannot be read; the message is the reason."""


class Statements:
    """Reads what rows state.

    Args:
        interpreter: names and classes.
        rules: of variant lists.
        assembly: build of places in rows that state none; ``None``: decided by REF.
    """

    def __init__(self, interpreter: Interpreter, rules: VariantListRules, assembly: Build | None) -> None:
        self.interpreter, self.rules, self.assembly = interpreter, rules, assembly
        self.namer, self.reference = interpreter.resources.namer, interpreter.resources.reference

    def of(self, row: ListLine) -> tuple[StatedAllele, ...] | ExonEvent:
        """The DNA changes of a row, or the event of exons it names.

        Raises:
            OtherGeneError: it is about another gene.
            UnreadableError: it is about TP53, or may be, and no change can be read from it.
        """
        gene = row.fields.get("gene")
        ours = gene is not None and self._is_ours(gene)
        if row.surplus and (gene is None or any(map(self._is_ours, row.cells.values()))):
            columns = len(row.cells)
            raise _unreadable(self.rules.reasons.more_cells, cells=columns + row.surplus, columns=columns)
        if gene is not None and not ours:
            if self._in_coding_part(row):
                place = f"{row.fields['chrom']}:{row.fields['pos']}"
                raise _unreadable(self.rules.reasons.other_gene, gene=printable(gene, 40), place=place)
            raise OtherGeneError
        if all(field in row.fields for field in ("chrom", "pos", "ref", "alt")):
            return self._by_place(row, ours=ours)
        dna = row.first(self.rules.names.dna, self.rules.absent)
        if dna is not None:
            named = self._by_name(self._on_transcript(dna, row), ours=ours)
            if not isinstance(named, ExonEvent):
                self._check_protein(row, [stated.allele for stated in named], dna)
            return named
        protein = row.first(self.rules.names.protein, self.rules.absent)
        if protein is not None:
            return self._by_name(protein, ours=ours)
        raise _unreadable(self.rules.reasons.no_change)

    def _is_ours(self, gene: str) -> bool:
        known = {name.lower() for name in self.rules.genes}
        return any(part.strip().lower() in known for part in re.split(r"[;,/|]", gene))

    def _in_coding_part(self, row: ListLine) -> bool:
        """Whether the place of a row with a known build lies from the first to the last coding exon: no other gene does."""
        pos = whole(row.fields.get("pos", "").replace(",", "").removesuffix(".0"))
        if pos is None or not self.reference.is_chromosome(_chromosome(row.fields.get("chrom", ""))):
            return False
        try:
            build = self.build_of(row)
        except UnreadableError:
            return False
        bases = [base for part in self.namer.main.model.cds for base in part]
        return build is not None and min(bases) <= self.reference.from_build(pos, build) <= max(bases)

    # by place ------------------------------------------------------------------------------

    def build_of(self, row: ListLine) -> Build | None:
        """The build a row states.

        Raises:
            UnreadableError: it is neither of the two.
        """
        text = row.fields.get("build")
        if text is None:
            return self.assembly
        for build, words in self.rules.builds.items():
            if text.lower().removesuffix(".0") in words:
                return build
        raise _unreadable(self.rules.reasons.foreign_build, build=text)

    def _by_place(self, row: ListLine, *, ours: bool) -> tuple[StatedAllele, ...]:
        chrom, pos, ref, alt = (row.fields[field] for field in ("chrom", "pos", "ref", "alt"))
        if not self.reference.is_chromosome(_chromosome(chrom)):
            if ours:
                gene = row.fields["gene"]
                raise _unreadable(self.rules.reasons.other_chromosome, gene=gene, chrom=chrom)
            raise OtherGeneError
        if alt.upper() == ref.upper() and "alt_first" in row.fields:
            alt = row.fields["alt_first"]  # a MAF may hold the tumour's change in its first allele
        build = self.build_of(row)
        place = pos.replace(",", "").removesuffix(".0")
        if not ours and self._elsewhere_on_chromosome(place):
            raise OtherGeneError
        text = f"{_chromosome(chrom)}:{place}:{ref}:{alt}"
        alleles = self._parsed(text, build)
        self._check_name(row, alleles, text)
        self._check_protein(row, alleles, text)
        return tuple(StatedAllele(allele=a, text=text, build=build or self._fits(place, a)) for a in alleles)

    def _elsewhere_on_chromosome(self, place: str) -> bool:
        """Whether a place lies off TP53 on both builds: on the wrong one it is no other gene, but not understood."""
        pos, last = whole(place), max(info.length for info in self.reference.builds.values())
        if pos is None or not 1 <= pos <= last:
            return False
        return not any(low <= pos <= high for low, high in map(self.reference.window, self.reference.builds))

    def _fits(self, place: str, allele: Allele) -> Build | None:
        """The build on which an allele lies near the stated place."""
        near = (
            b
            for b in self.reference.builds
            if abs(self.reference.to_build(allele.pos, b) - int(place)) < _NEAR
        )
        return next(near, None)

    def _check_name(self, row: ListLine, alleles: Sequence[Allele], text: str) -> None:
        """A row whose name is another change than its place cannot be trusted with either."""
        name = row.first(self.rules.names.dna, self.rules.absent)
        if name is None:
            return
        try:
            named = self._by_name(self._on_transcript(name, row), ours=True)
        except (OtherGeneError, UnreadableError):
            return  # a name on a transcript that is not ours says nothing against the place
        if isinstance(named, ExonEvent) or {s.allele for s in named} != set(alleles):
            raise _unreadable(self.rules.reasons.contradiction, place=text, name=name)

    def _check_protein(self, row: ListLine, alleles: Sequence[Allele], text: str) -> None:
        """Nor one whose protein name is an exchange elsewhere, on this transcript and on every other."""
        name = row.first(self.rules.names.protein, self.rules.absent)
        residue = _EXCHANGE.fullmatch(clean(name)[0]) if name is not None else None
        if name is None or residue is None or not all(len(a.ref) == len(a.alt) for a in alleles):
            return
        try:
            named = self._parsed(name, None)
        except UnreadableError:
            return  # the residue of another transcript, or a spelling of its own
        if any(abs(a.pos - b.pos) <= _CODON for a in alleles for b in named):
            return
        proteins = (effect.hgvs_p for a in alleles for effect in self.namer.describe(a).isoforms)
        if any(protein and residue["number"] in re.findall(r"\d+", protein) for protein in proteins):
            return
        raise _unreadable(self.rules.reasons.contradiction, place=text, name=name)

    # by name -------------------------------------------------------------------------------

    def _on_transcript(self, name: str, row: ListLine) -> str:
        """A c. name without accession, on the transcript that the row states."""
        transcript = row.fields.get("transcript")
        bare = re.match(r"c\.", name, re.I) and transcript
        return f"{transcript}:{name}" if bare else name

    def _by_name(self, text: str, *, ours: bool) -> tuple[StatedAllele, ...] | ExonEvent:
        if not ours and self._elsewhere(text):
            raise OtherGeneError
        plain, _ = clean(text)
        try:
            event = exon_event(plain, self.namer.main)
        except ValueError as error:
            raise UnreadableError(str(error)) from error
        if event is not None:
            return event
        brackets = brackets_of(plain)
        if brackets is None:
            return self._alone(text, None)
        found = [s for change in brackets.changes for s in self._alone(change.text, change.molecule)]
        return tuple(self._together(found))

    def _alone(self, text: str, molecule: int | None) -> tuple[StatedAllele, ...]:
        if _FRAMESHIFT.search(text) and not _OF_DNA.match(text):
            raise _unreadable(self.rules.reasons.frameshift, change=printable(text, 80))
        alleles = self._parsed(text, None)
        if len(alleles) == 1:
            return (StatedAllele(allele=alleles[0], text=text, molecule=molecule),)
        names = tuple(self.namer.describe(a, isoforms=False).hgvs_c for a in alleles)
        least = min(alleles, key=lambda a: (self._certainty(a), a))
        return (StatedAllele(allele=least, text=text, molecule=molecule, others=names),)

    def _certainty(self, allele: Allele) -> int:
        return _CERTAINTY[self.interpreter.find(allele, isoforms=False).classification.oncogenicity]

    def _together(self, found: Sequence[StatedAllele]) -> list[StatedAllele]:
        """Changes of one codon on one molecule as the one change that they make."""
        try:
            joined = one_codon([(stated.molecule, stated.allele) for stated in found], self.namer)
        except ValueError as error:
            raise UnreadableError(str(error)) from error
        parts = {i for indexes, _ in joined for i in indexes}
        wholes = [
            StatedAllele(
                allele=whole,
                text=";".join(found[i].text for i in indexes),
                molecule=found[indexes[0]].molecule,
            )
            for indexes, whole in joined
        ]
        return [*(stated for i, stated in enumerate(found) if i not in parts), *wholes]

    def _elsewhere(self, text: str) -> bool:
        """Whether a name says that it is on another gene or chromosome."""
        accession = _ACCESSION.match(text)
        if accession:
            name = accession["acc"].upper()
            if name.startswith("NC_"):
                return not self.reference.is_chromosome(name)
            known = {
                *self.namer.by_accession,
                *(t.model.protein or "" for t in self.namer.by_accession.values()),
            }
            stems = {one.split(".")[0] for one in known}
            return not name.startswith("LRG_321") and name.split(".")[0] not in stems
        place = _OTHER_PLACE.match(text)
        if place:
            return not self.reference.is_chromosome(place["chrom"])
        symbol = _SYMBOL.match(text)
        return symbol is not None and not self._is_ours(symbol["gene"])

    def _parsed(self, text: str, build: Build | None) -> tuple[Allele, ...]:
        try:
            return parse_change(text, self.namer, self.interpreter.resources.rsids(), build)
        except InputError as error:
            raise _unreadable(
                self.rules.reasons.not_found, cause=f"{printable(text, 80)}: {error.cause}"
            ) from error


def _chromosome(text: str) -> str:
    """``17`` of ``CHR17``, ``17.0`` and the like; other names as they stand."""
    plain = text.removesuffix(".0")
    return plain[3:] if plain.lower().startswith("chr") else plain


def _unreadable(reason: Sentence, **facts: object) -> UnreadableError:
    return UnreadableError(reason.text.format(**facts))

"""HGVS names of sequence changes on the TP53 locus, with their consequence on every transcript.

Rules: varnomen.hgvs.org, and docs/name-disagreements.md where programs differ. DNA names follow the 3' rule on the strand
they are written on: g. forward, c. on the gene strand (across an exon edge, too).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from tp53annot.core.allele import Allele, Build
from tp53annot.core.locus import Reference
from tp53annot.core.variant import IsoformEffect, TranscriptVariant
from tp53annot.names.coding_change import common_prefix
from tp53annot.names.consequence import TranscriptEffect, effect
from tp53annot.names.hgvs_protein import protein_name, short_form
from tp53annot.names.normalisation import Edit, forward_edit, gene_edit, shift_left, shift_right
from tp53annot.names.transcript import Transcript, reverse_complement

_Namer = Callable[[int], str]
_SIMPLE = ("missense_variant", "synonymous_variant", "stop_gained", "stop_retained_variant", "stop_lost")


class Namer:
    """Names changes on one reference; holds the transcripts laid out once."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.gene = reverse_complement(reference.sequence)
        self.main = Transcript(reference, reference.main_transcript, self.gene)

    @cached_property
    def isoforms(self) -> tuple[Transcript, ...]:
        """The other RefSeq transcripts, newest version of each."""
        newest = {}
        for model in self.reference.transcripts:
            if model.source == "RefSeq" and model.accession != self.main.accession:
                newest[model.accession.split(".")[0]] = model
        main = self.main.accession.split(".")[0]
        return tuple(
            Transcript(self.reference, model, self.gene)
            for stem, model in sorted(newest.items())
            if stem != main
        )

    @cached_property
    def by_accession(self) -> dict[str, Transcript]:
        """Every shipped transcript by accession in capitals, with and without version (newest wins)."""
        found = {}
        for model in self.reference.transcripts:
            transcript = Transcript(self.reference, model, self.gene)
            found[model.accession.upper()] = transcript
            found[model.accession.upper().split(".")[0]] = transcript
        found[self.main.accession.split(".")[0]] = self.main
        return found

    def describe(self, allele: Allele, *, isoforms: bool = True) -> TranscriptVariant:
        """Names and consequence of a change on NM_000546.6.

        Args:
            allele: the change, any spelling, GRCh38.
            isoforms: also give its effect on the other RefSeq transcripts.

        Raises:
            ValueError: the change leaves the stored locus or its REF is not the reference.
        """
        if not self.reference.matches(allele):
            raise ValueError(f"REF {allele.ref} at {allele.pos} is not the reference")
        edit = gene_edit(allele, self.reference, self.gene)
        outcome = effect(edit, self.main, shift_left(edit, self.gene).start)
        hgvs_p = self.hgvs_p(outcome, edit, self.main)
        exon, intron = self.main.region(edit.start - 1 if edit.start == edit.end else edit.start)
        codon = outcome.coding.first_codon if outcome.coding else None
        residues = _residues(outcome, self.main, hgvs_p)
        return TranscriptVariant(
            allele=allele,
            hgvs_c=self.hgvs_c(edit, self.main),
            hgvs_p=hgvs_p,
            hgvs_p_short=self._short(edit, outcome, hgvs_p),
            transcript=self.main.accession,
            protein=self.main.model.protein or "",
            consequences=outcome.terms,
            exon=exon,
            intron=intron,
            codon=residues[1] or codon,
            aa_ref=residues[0],
            aa_pos=residues[1],
            aa_alt=residues[2],
            splice_affecting=outcome.canonical_splice,
            exon_edge=outcome.exon_edge,
            nmd=outcome.nmd,
            isoforms=self.isoform_effects(edit) if isoforms else (),
        )

    def isoform_effects(self, edit: Edit) -> tuple[IsoformEffect, ...]:
        """The change on every other RefSeq transcript."""
        effects, leftmost = [], shift_left(edit, self.gene).start
        for transcript in self.isoforms:
            outcome = effect(edit, transcript, leftmost)
            effects.append(
                IsoformEffect(
                    transcript=transcript.accession,
                    protein=transcript.model.protein,
                    name=transcript.model.name,
                    hgvs_c=self.hgvs_c(edit, transcript),
                    hgvs_p=self.hgvs_p(outcome, edit, transcript) if transcript.coding else None,
                    consequences=outcome.terms,
                )
            )
        return tuple(effects)

    def hgvs_c(self, edit: Edit, transcript: Transcript) -> str:
        """c. (or n.) name of a 3'-shifted gene-strand edit."""
        return transcript.prefix + dna_name(edit, self.gene, lambda t: str(transcript.c_position(t)))

    def hgvs_p(self, outcome: TranscriptEffect, edit: Edit, transcript: Transcript) -> str:
        """p. name: ``p.?`` where splicing decides, ``p.(=)`` where no residue is touched."""
        if outcome.coding is not None:
            return protein_name(outcome.coding)
        if outcome.canonical_splice or outcome.near_splice or "transcript_ablation" in outcome.terms:
            return "p.?"
        return "p.(=)"

    def hgvs_g(self, allele: Allele, build: Build) -> str:
        """g. name on the build's chromosome 17, 3' rule on the forward strand."""
        sequence = self.reference.sequence
        edit = shift_right(forward_edit(allele, self.reference), sequence)
        info = self.reference.builds[build]
        first = self.reference.start + info.offset
        return f"{info.accession}:g." + dna_name(edit, sequence, lambda index: str(first + index))

    def _short(self, edit: Edit, outcome: TranscriptEffect, hgvs_p: str) -> str:
        if outcome.canonical_splice:
            return self._splice_label(edit)
        short = short_form(hgvs_p)
        return f"{short[:-1]}=" if short.endswith("=") else short

    def _splice_label(self, edit: Edit) -> str:
        """``E224_splice``: the residue at the nearest exon edge, as cancer catalogues write it."""
        position = self.main.c_position(edit.start if edit.start < edit.end else edit.start - 1)
        if position.after_stop or position.base < 1:
            return "UTR_splice"
        codon = (position.base - 1) // 3 + 1
        return f"{self.main.protein[codon - 1]}{codon}_splice"


def dna_name(edit: Edit, sequence: str, name: _Namer) -> str:
    """The change part of a DNA name; ``name`` turns a 0-based index into a position's text."""
    start, end, new = edit.start, edit.end, edit.inserted
    old = sequence[start:end]
    if len(old) == 1 and len(new) == 1:
        return f"{name(start)}{old}>{new}"
    if not old:
        size = len(new)
        if sequence[start - size : start] == new:
            return _range(start - size, start, name) + "dup"
        return f"{name(start - 1)}_{name(start)}ins{new}"
    span = _range(start, end, name)
    if not new:
        return span + "del"
    if len(old) == len(new) and new == reverse_complement(old):
        return span + "inv"
    return f"{span}delins{new}"


def _range(start: int, end: int, name: _Namer) -> str:
    return name(start) if end - start == 1 else f"{name(start)}_{name(end - 1)}"


def _residues(
    outcome: TranscriptEffect, transcript: Transcript, hgvs_p: str
) -> tuple[str | None, int | None, str | None]:
    """Reference residue, position, new residue when the protein change is one substitution."""
    change = outcome.coding
    if change is None or change.start_lost or not any(term in _SIMPLE for term in outcome.terms):
        return None, None, None
    if "frameshift_variant" in outcome.terms or any(part in hgvs_p for part in ("fs", "ins", "_")):
        return None, None, None
    ref, alt = change.reference, change.alternate
    if ref == alt:
        codon = change.first_codon
        return ref[codon - 1], codon, ref[codon - 1]
    index = common_prefix(ref, alt)
    return ref[index], index + 1, alt[index] if index < len(alt) else None

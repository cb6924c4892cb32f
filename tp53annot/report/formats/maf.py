"""MAF lines with the columns of vcf2maf that can be filled or that readers ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tp53annot.core.candidate import InputRecord, ReadSupport
from tp53annot.core.text import cell, encode
from tp53annot.core.variant import GermlineClass
from tp53annot.report.format import ReportFormat, Words
from tp53annot.report.model.variant import GermlineClassification, Variant, class_in_force

if TYPE_CHECKING:
    from tp53annot.report.model.report import Report


_SYMBOL, _ENTREZ, _HGNC = "TP53", "7157", "HGNC:11998"
MAF_COLUMNS = (
    *("Hugo_Symbol", "Entrez_Gene_Id", "Center", "NCBI_Build", "Chromosome"),
    *("Start_Position", "End_Position", "Strand"),
    *("Variant_Classification", "Variant_Type"),
    *("Reference_Allele", "Tumor_Seq_Allele1", "Tumor_Seq_Allele2"),
    *("dbSNP_RS", "dbSNP_Val_Status", "Tumor_Sample_Barcode", "Matched_Norm_Sample_Barcode"),
    *("Match_Norm_Seq_Allele1", "Match_Norm_Seq_Allele2"),
    *("Tumor_Validation_Allele1", "Tumor_Validation_Allele2"),
    *("Match_Norm_Validation_Allele1", "Match_Norm_Validation_Allele2"),
    *("Verification_Status", "Validation_Status", "Mutation_Status", "Sequencing_Phase"),
    *("Sequence_Source", "Validation_Method", "Score", "BAM_File", "Sequencer"),
    *("Tumor_Sample_UUID", "Matched_Norm_Sample_UUID"),
    *("HGVSc", "HGVSp", "HGVSp_Short", "Transcript_ID", "Exon_Number"),
    *("t_depth", "t_ref_count", "t_alt_count", "n_depth", "n_ref_count", "n_alt_count"),
    *("Consequence", "Protein_position", "HGNC_ID", "EXON", "INTRON", "DOMAINS"),
    *("CLIN_SIG", "FILTER", "vcf_id", "vcf_qual", "vcf_pos"),
)


class MafVariant(Struct, frozen=True, kw_only=True):
    """What a line of a MAF needs of a variant; each field is the one of a report's variant of that name."""

    chrom: str
    pos: int
    ref: str
    alt: str
    record: InputRecord = field(name="input")
    hgvs_c: str
    hgvs_p: str
    hgvs_p_short: str
    transcript: str
    protein: str
    exon: str | None
    intron: str | None
    codon: int | None
    domain: str | None
    consequence: tuple[str, ...]
    depth: int | None
    alt_reads: int | None
    ref_reads: int | None
    normal: ReadSupport | None
    caller_filters: tuple[str, ...] | None
    rsid: str | None
    germline_class: GermlineClass | None = None
    germline_classification: GermlineClassification | None

    @classmethod
    def of(cls, variant: Variant) -> MafVariant:
        """That part of a report's variant."""
        return cls(**{name: getattr(variant, name) for name in cls.__struct_fields__})


# Sequence Ontology terms (the most severe first in a report) as MAF names them.
_CLASS = {
    "missense_variant": "Missense_Mutation",
    "stop_gained": "Nonsense_Mutation",
    "stop_lost": "Nonstop_Mutation",
    "start_lost": "Translation_Start_Site",
    "transcript_amplification": "Targeted_Region",
    "feature_elongation": "Targeted_Region",
    "splice_donor_variant": "Splice_Site",
    "splice_acceptor_variant": "Splice_Site",
    "splice_region_variant": "Splice_Region",
    "splice_donor_5th_base_variant": "Splice_Region",
    "splice_donor_region_variant": "Splice_Region",
    "inframe_deletion": "In_Frame_Del",
    "inframe_insertion": "In_Frame_Ins",
    "synonymous_variant": "Silent",
    "stop_retained_variant": "Silent",
    "start_retained_variant": "Silent",
    "coding_sequence_variant": "Targeted_Region",
    "intron_variant": "Intron",
    "5_prime_UTR_variant": "5'UTR",
    "3_prime_UTR_variant": "3'UTR",
    "upstream_gene_variant": "5'Flank",
    "downstream_gene_variant": "3'Flank",
}


def _render(report: Report, _: Words) -> bytes:
    """The reported variants of one sample; positions 1-based inclusive, alleles without anchor base."""
    body = []
    for v in report.variants:
        body.append("\t".join(maf_cells(MafVariant.of(v), report.assembly, report.sample)))
    return encode(maf_text(body))


def maf_text(lines: Iterable[str]) -> str:
    """A MAF file of these lines."""
    return "\n".join(["#version 2.4", "\t".join(MAF_COLUMNS), *lines]) + "\n"


def place(pos: int, ref: str, alt: str) -> tuple[int, int, str, str]:
    """VCF style to MAF style: start, end, reference and alternate allele.

    >>> place(100, "TTC", "T")
    (101, 102, 'TC', '-')
    >>> place(100, "T", "TA")
    (100, 101, '-', 'A')
    """
    while ref and alt and ref[0] == alt[0]:
        ref, alt, pos = ref[1:], alt[1:], pos + 1
    if not ref:
        return pos - 1, pos, "-", alt
    return pos, pos + len(ref) - 1, ref, alt or "-"


def variant_type(ref: str, alt: str) -> str:
    """SNP, DNP, TNP, ONP, INS or DEL of MAF alleles."""
    if ref == "-" or (alt != "-" and len(alt) > len(ref)):
        return "INS"
    if alt == "-" or len(ref) > len(alt):
        return "DEL"
    return {1: "SNP", 2: "DNP", 3: "TNP"}.get(len(ref), "ONP")


def classification(terms: Sequence[str], kind: str) -> str:
    """MAF's name of the consequence."""
    for term in terms:
        if term == "frameshift_variant":
            return "Frame_Shift_Ins" if kind == "INS" else "Frame_Shift_Del"
        if term in ("protein_altering_variant", "delins"):
            return "In_Frame_Ins" if kind == "INS" else "In_Frame_Del"
        if term in _CLASS:
            return _CLASS[term]
    return "Targeted_Region"


def maf_cells(v: MafVariant, assembly: str, sample: str) -> list[str]:
    """The line of a variant of a sample, as cells in the order of :data:`MAF_COLUMNS`."""
    cells = _cells(v) | {"NCBI_Build": assembly, "Tumor_Sample_Barcode": sample}
    return [cell(cells.get(name)) for name in MAF_COLUMNS]


def _cells(v: MafVariant) -> dict[str, object]:
    start, end, ref, alt = place(v.pos, v.ref, v.alt)
    kind = variant_type(ref, alt)
    normal = v.normal
    return {
        "Hugo_Symbol": _SYMBOL,
        "Entrez_Gene_Id": _ENTREZ,
        "Chromosome": v.chrom,
        "Start_Position": start,
        "End_Position": end,
        "Strand": "+",
        "Variant_Classification": classification(v.consequence, kind),
        "Variant_Type": kind,
        "Reference_Allele": ref,
        "Tumor_Seq_Allele1": ref,
        "Tumor_Seq_Allele2": alt,
        "dbSNP_RS": v.rsid,
        "HGVSc": f"{v.transcript}:{v.hgvs_c}",
        "HGVSp": f"{v.protein}:{v.hgvs_p}",
        "HGVSp_Short": f"p.{v.hgvs_p_short}" if v.codon else None,
        "Transcript_ID": v.transcript,
        "Exon_Number": v.exon,
        "t_depth": v.depth,
        "t_ref_count": v.ref_reads,
        "t_alt_count": v.alt_reads,
        "n_depth": normal.depth if normal else None,
        "n_ref_count": normal.ref_reads if normal else None,
        "n_alt_count": normal.alt_reads if normal else None,
        "Consequence": ",".join(v.consequence),
        "Protein_position": v.codon,
        "HGNC_ID": _HGNC,
        "EXON": v.exon,
        "INTRON": v.intron,
        "DOMAINS": v.domain,
        "CLIN_SIG": class_in_force(v.germline_class, v.germline_classification),
        "FILTER": "." if v.caller_filters is None else ";".join(v.caller_filters) or "PASS",
        "vcf_id": v.record.id or ".",
        "vcf_qual": "." if v.record.qual is None else v.record.qual,
        "vcf_pos": v.record.pos,
    }


FORMAT = ReportFormat(
    name="maf",
    ending="maf",
    description="one row per variant as maftools reads it",
    rank=5,
    text=True,
    render=_render,
)

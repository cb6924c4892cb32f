"""Copies of the gene in words (``rules/assessment.toml``): records, read depth, allele balance, karyotype and FISH."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.copy_number import CopyKind
from tp53annot.core.exon_depth import DepthGap
from tp53annot.core.karyotype import CytogeneticKind
from tp53annot.knowledge.rules.sentence import Sentence


class MeasuredCopySentences(Struct, frozen=True, kw_only=True):
    """Evidence on the copies of the gene that the reads give.

    Attributes:
        exon_low: an exon below what the comparable samples lead to expect.
        exon_gone: the same with hardly any reads.
        exons_high: exons so high that the other ones may be what is lost.
        gene_low: the whole gene below it.
        gene_kept: the whole gene as expected.
        exons_kept: no exon stands out.
        imbalance: a common polymorphism that is neither absent, heterozygous nor homozygous.
        not_judged: why exons were not judged.
    """

    exon_low: Sentence
    exon_gone: Sentence
    exons_high: Sentence
    gene_low: Sentence
    gene_kept: Sentence
    exons_kept: Sentence
    imbalance: Sentence
    not_judged: Mapping[DepthGap, Sentence]


class CytogeneticSentences(Struct, frozen=True, kw_only=True):
    """``[cytogenetics]``: karyotype and FISH in words.

    Attributes:
        kind: a reading, by what was read.
        source: what each kind of text is called.
        metaphases: behind the quotation, metaphases with it.
        nuclei: behind the quotation, nuclei with it.
        low_hypodiploid: behind a loss, where the clone has so few chromosomes.
    """

    kind: Mapping[CytogeneticKind, Sentence]
    source: Mapping[str, str]
    metaphases: str
    nuclei: str
    low_hypodiploid: str


class CopySentences(Struct, frozen=True, kw_only=True):
    """``[copies]``: evidence on the copies of the gene, in words.

    Attributes:
        kind: a record or a table, by what it says.
        source: what a record or table is called.
        whole_gene: the part concerned, where that is all of the gene.
        one_exon: the part, where it is one exon.
        exons: the part, where it is several.
        total: copies of both alleles.
        minor: copies of the rarer allele.
        no_figures: in place of copies that are not stated.
        declared_loss: ``del17p_status=present``.
        declared_no_loss: ``del17p_status=absent``.
        declared_cn_loh: ``loh17p_status=cn_loh``.
        declared_no_loh: ``loh17p_status=absent``.
    """

    kind: Mapping[CopyKind, Sentence]
    source: Mapping[str, str]
    whole_gene: str
    one_exon: str
    exons: str
    total: str
    minor: str
    no_figures: str
    declared_loss: Sentence
    declared_no_loss: Sentence
    declared_cn_loh: Sentence
    declared_no_loh: Sentence

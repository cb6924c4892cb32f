"""``rules/copy_number.toml``: how copies of the gene are read; fractions are 0..1."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.knowledge.rules.checks import check_fractions
from tp53annot.knowledge.rules.sentence import ExonWords


class RecordReasons(Struct, frozen=True, kw_only=True):
    """``[records.reasons]``: what a report says of a structural record, facts in braces.

    Attributes:
        filter_failed: the record failed filters of the caller.
        mate_failed: the other record of its join did.
        reference: its genotype is without it.
        not_shown: without a genotype, the sample's own fields show nothing of it.
        no_exon: what it takes is no exon.
        deletion: what counts as a deletion.
    """

    filter_failed: str
    mate_failed: str
    reference: str
    not_shown: str
    no_exon: str
    deletion: ExonWords


class StructuralRules(Struct, frozen=True, kw_only=True):
    """``[records]``: structural records of a VCF.

    Attributes:
        longest_named: bases up to which (inclusive) a precise change inside the gene is named as a sequence change.
        longest_join: bases up to which (inclusive) a join of two breakends counts as a deletion.
        loss: words for a lost copy.
        one_lost: of them, those that say that one copy is left, whatever the genotype.
        both_lost: of them, those that say that none is.
        gain: words for a gained one.
        loh: words for loss of heterozygosity, whatever the copies.
        cn_loh: words for loss of heterozygosity without loss of copies.
        reasons: why a record does not count, and what it is.
    """

    longest_named: int
    longest_join: int
    loss: tuple[str, ...]
    one_lost: tuple[str, ...]
    both_lost: tuple[str, ...]
    gain: tuple[str, ...]
    loh: tuple[str, ...]
    cn_loh: tuple[str, ...]
    reasons: RecordReasons


class TableRules(Struct, frozen=True, kw_only=True):
    """``[tables]``: log2 ratios of copy-number tables that state no copies.

    Attributes:
        loss_log2: highest ratio (inclusive, below 0) that is a loss, whatever the blasts.
        loss_share: share (0..1) of what one lost copy in every blast predicts, below which a ratio is a loss.
        gain_log2: lowest ratio (inclusive) that is a gain.
        balanced_log2: distance from 0 up to which (inclusive) a ratio is balanced, and no loss is read out of it.
        loh_fraction: highest share (inclusive) of the rarer allele at a balanced ratio that is loss of heterozygosity.
        heterozygous_fraction: lowest share (inclusive) of the rarer allele that excludes it.
    """

    loss_log2: float
    loss_share: float
    gain_log2: float
    balanced_log2: float
    loh_fraction: float
    heterozygous_fraction: float

    def __post_init__(self) -> None:
        check_fractions(self, "loss_share", "loh_fraction", "heterozygous_fraction")


class CytogeneticRules(Struct, frozen=True, kw_only=True):
    """``[cytogenetics]``: karyotypes and FISH.

    Attributes:
        clone_structure: fewest metaphases (inclusive) with the same gain or structure that are a clone.
        clone_loss: fewest metaphases (inclusive) with the same loss that are a clone.
        fish_cutoff: share of nuclei from which (inclusive) a pattern counts where the laboratory states no cut-off.
        low_hypodiploid: fewest and most chromosomes of low hypodiploidy, both inclusive.
        doubled_least_changed: fewest chromosomes of a near-triploid clone that must be there twice or four times.
        gene_probes: probes of TP53, in upper case.
        control_probes: probes elsewhere on chromosome 17, in upper case.
    """

    clone_structure: int
    clone_loss: int
    fish_cutoff: float
    low_hypodiploid: tuple[int, int]
    doubled_least_changed: int
    gene_probes: tuple[str, ...]
    control_probes: tuple[str, ...]

    def __post_init__(self) -> None:
        check_fractions(self, "fish_cutoff")


class DepthRules(Struct, frozen=True, kw_only=True):
    """``[depth]``: depth of exons against the run's other samples. Ratios: 1 is as expected.

    Attributes:
        least_samples: fewest comparable samples (inclusive), the sample itself among them, from which exons are judged.
        least_exons: fewest exons (inclusive) with reads enough.
        least_fragments: fewest fragments (inclusive) over an exon, of the sample's usual ones and of the others'.
        alike_share: share (0..1) of the exons at which two comparable samples are alike; the others may be lost in one.
        most_apart: farthest (inclusive) that they lie apart there beside counting, natural logarithm.
        spliced_share: share (0..1) of reads that leave out bases, above which a file is of RNA.
        unindexed_bytes: largest file (inclusive) that is read from its beginning where it has no index.
        gc_margin: bases either side of an exon that its GC is counted over.
        slope_weight: how much the lines in GC and length are drawn towards no slope, in exons.
        outlier_scatters: scatters from which (exclusive) an exon has no part in what the others are expected at.
        outlier_least: distance (natural logarithm) up to which (inclusive) it has in any case.
        shared_weight: samples that the scatter of all exons weighs beside that of one.
        restless: times the others' scatter above which (exclusive) a sample's own scatter over its exons takes its place.
        least_noise: lowest standard deviation of an exon beside counting, natural logarithm.
        least_gene_noise: the same of the whole gene.
        loss_ratio: highest ratio (inclusive) at which an exon stands for a lost copy.
        loss_z: highest z (inclusive) at which it does.
        gain_ratio: lowest ratio (inclusive) at which exons stand so high that the rest may be what is lost.
        gone_ratio: highest ratio (inclusive) at which an exon has hardly any reads.
        gene_ratio: highest ratio (inclusive) at which the whole gene stands for a lost copy.
        gene_z: highest z (inclusive) at which it does.
        least_control: fewest reads (inclusive) of a chromosome that the gene is measured against.
    """

    least_samples: int
    least_exons: int
    least_fragments: int
    alike_share: float
    most_apart: float
    spliced_share: float
    unindexed_bytes: int
    gc_margin: int
    slope_weight: float
    outlier_scatters: float
    outlier_least: float
    shared_weight: float
    restless: float
    least_noise: float
    least_gene_noise: float
    loss_ratio: float
    loss_z: float
    gain_ratio: float
    gone_ratio: float
    gene_ratio: float
    gene_z: float
    least_control: int

    def __post_init__(self) -> None:
        check_fractions(self, "alike_share", "spliced_share", "loss_ratio", "gone_ratio", "gene_ratio")


class BalanceRules(Struct, frozen=True, kw_only=True):
    """``[balance]``: fractions of common polymorphisms, which are absent, heterozygous or homozygous in a person.

    Attributes:
        population: lowest allele fraction (inclusive) in a population at which a polymorphism is common.
        least_depth: fewest reads (inclusive) at it.
        level: of the interval of its fraction.
        low: lowest fraction (exclusive) of the whole interval that is not absent.
        high: highest (exclusive) that is not homozygous.
        balanced: lowest and highest fraction (inclusive) of a heterozygous single base.
        balanced_indel: the same of an insertion or deletion, whose reads are aligned less evenly.
    """

    population: float
    least_depth: int
    level: float
    low: float
    high: float
    balanced: tuple[float, float]
    balanced_indel: tuple[float, float]

    def __post_init__(self) -> None:
        check_fractions(self, "population", "level", "low", "high")


class CopyNumberRules(Struct, frozen=True, kw_only=True):
    """The file."""

    version: str
    records: StructuralRules
    tables: TableRules
    cytogenetics: CytogeneticRules
    depth: DepthRules
    balance: BalanceRules

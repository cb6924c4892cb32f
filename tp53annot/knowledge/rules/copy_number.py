"""``rules/copy_number.toml``: how copies of the gene are read; fractions are 0..1."""

from __future__ import annotations

from dataclasses import dataclass

from tp53annot.knowledge.rules.checks import check_fractions


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralRules:
    """``[records]``: structural records of a VCF.

    Attributes:
        longest_named: bases up to which (inclusive) a precise change inside the gene is named as a sequence change.
        longest_join: bases up to which (inclusive) a join of two breakends counts as a deletion.
        loss: words for a lost copy.
        gain: words for a gained one.
        loh: words for loss of heterozygosity, whatever the copies.
        cn_loh: words for loss of heterozygosity without loss of copies.
    """

    longest_named: int
    longest_join: int
    loss: tuple[str, ...]
    gain: tuple[str, ...]
    loh: tuple[str, ...]
    cn_loh: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRules:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CytogeneticRules:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNumberRules:
    """The file."""

    version: str
    records: StructuralRules
    tables: TableRules
    cytogenetics: CytogeneticRules

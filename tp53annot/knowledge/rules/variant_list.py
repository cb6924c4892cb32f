"""``rules/variant_list.toml``: columns of tables of variants, and what a report says of their rows."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.allele import Build
from tp53annot.knowledge.rules.sentence import ExonWords, Sentence


class ListNames(Struct, frozen=True, kw_only=True):
    """``[names]``: columns with a name of the change, in small letters, the most exact first."""

    dna: tuple[str, ...]
    protein: tuple[str, ...]


class ListRemarks(Struct, frozen=True, kw_only=True):
    """``[remarks]``: warnings of a sample."""

    other_genes: Sentence
    protein_only: Sentence
    several_builds: Sentence


class ListReasons(Struct, frozen=True, kw_only=True):
    """``[reasons]``: why a row is no change that can be reported; ``exons`` by what is stated of them."""

    no_change: Sentence
    more_cells: Sentence
    foreign_build: Sentence
    frameshift: Sentence
    other_gene: Sentence
    other_chromosome: Sentence
    not_found: Sentence
    exons: Mapping[str, ExonWords]
    contradiction: Sentence
    vaf_unclear: Sentence


class VariantListRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        source: where the formats are described.
        genes: names of the gene, as tables write it.
        passed: words of a filter column that say that none failed, in small letters.
        absent: words that state nothing, in small letters.
        builds: words for each genome build, in small letters.
        columns: columns a field is read from, in small letters, the first that is there.
        names: columns with a name of the change.
        remarks: warnings.
        reasons: why a row is not reported.
    """

    version: str
    source: str
    genes: tuple[str, ...]
    passed: tuple[str, ...]
    absent: tuple[str, ...]
    builds: Mapping[Build, tuple[str, ...]]
    columns: Mapping[str, tuple[str, ...]]
    names: ListNames
    remarks: ListRemarks
    reasons: ListReasons

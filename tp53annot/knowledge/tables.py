"""The knowledge tables as frozen rows, keyed by the change they speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tp53annot.knowledge.rules.oncogenicity import OncogenicityRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Pedigree of a table: file name, version, citation."""

    table: str
    version: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Giacomelli:
    """Z scores of the three screens; ``None`` where not measured."""

    wt_nutlin: float | None
    null_nutlin: float | None
    null_etoposide: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinVar:
    """A published germline classification (and oncogenicity, where one was submitted)."""

    classification: str
    review_status: str | None
    accession: str
    rsid: str | None = None
    oncogenicity: str | None = None
    oncogenicity_review: str | None = None
    table: str = "clinvar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspot:
    """Tumour samples with any change at the residue and with this change."""

    residue: str
    kind: str
    residue_samples: int
    change_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Allele fractions over 2,504 people, and the highest among 26 populations."""

    fraction: float
    highest: float
    highest_population: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """An imported allele frequency: fraction (0 to 1), alternate alleles seen, alleles tested."""

    fraction: float
    count: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain of p53; residues 1-based inclusive."""

    name: str
    label: str
    start: int
    end: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """A measured change of the folding energy (kcal/mol); ``relative_to``: wild type or another mutant."""

    ddg: float
    relative_to: str
    label: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLine:
    """A cell line that carries a change."""

    name: str
    disease: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A known polymorphism or founder allele."""

    label: str
    rsid: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Every table; protein changes are keyed like R175H (stop is ``*``), DNA changes by hgvs_c.

    ``kato``: medians; ``kato_promoters``: promoter and activity; ``docm``: diseases and PMIDs;
    ``stability``: measurements in the wild-type background first.
    ``population_alleles``: chromosomes behind ``population``; ``residues``: composition, polarity,
    volume of each amino acid (one letter).
    ``gnomad``, ``scores``, ``predictors``, ``nci_tumour`` (samples with the change, lymphoblastic
    leukaemias among them), ``nci_families`` and ``civic`` (variant, number) are empty unless a user
    imported those tables.
    """

    sources: Mapping[str, Source]
    kato: Mapping[str, float]
    kato_promoters: Mapping[str, tuple[tuple[str, float], ...]]
    giacomelli: Mapping[str, Giacomelli]
    funk_nucleotide: Mapping[str, float]
    funk_residue: Mapping[str, float]
    stability: Mapping[str, tuple[Stability, ...]]
    clinvar: Mapping[str, ClinVar]
    hotspots: Mapping[str, Hotspot]
    hotspot_residues: Mapping[int, int]
    splice_hotspots: Mapping[int, Hotspot]
    spatial_hotspots: frozenset[str]
    tcga: Mapping[str, int]
    docm: Mapping[str, tuple[str, str]]
    population: Mapping[str, Population]
    population_alleles: int
    residues: Mapping[str, tuple[float, float, float]]
    cell_lines: Mapping[str, tuple[CellLine, ...]]
    domains: tuple[Domain, ...]
    critical: Mapping[int, tuple[str, str]]
    known: Mapping[str, Known]
    splice_known: Mapping[str, tuple[str, str]]
    features: tuple[tuple[str, int, int, str], ...]
    features_by_residue: Mapping[int, tuple[tuple[str, int, int, str], ...]]
    rules: OncogenicityRules
    gnomad: Mapping[str, Frequency] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    predictors: frozenset[str] = frozenset()
    nci_tumour: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    nci_families: Mapping[str, int] = field(default_factory=dict)
    civic: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def features_at(self, position: int) -> tuple[tuple[str, int, int, str], ...]:
        """UniProt features that hold a residue: type, first and last residue, description."""
        return self.features_by_residue.get(position, ())

"""Part of the knowledge door: the TSV tables as :class:`tp53annot.knowledge.tables.Knowledge`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from tp53annot.errors import ResourceError
from tp53annot.knowledge.rules.ruleset import ruleset
from tp53annot.knowledge.store import Store, store
from tp53annot.knowledge.tables import (
    CellLine,
    ClinVar,
    Domain,
    Frequency,
    Giacomelli,
    Hotspot,
    Knowledge,
    Known,
    Population,
    Source,
    Stability,
)

_Feature = tuple[str, int, int, str]


def _split(source: Store, name: str) -> list[list[str]]:
    """Rows of a table without its header; the tables hold no quoted cells."""
    lines = source.read(f"tables/{name}.tsv").decode("utf-8").split("\n")
    return [line.split("\t") for line in lines[1:] if line]


def _number(text: str) -> float | None:
    return float(text) if text else None


@functools.cache
def load_knowledge(root: Path | None = None) -> Knowledge:
    """All tables, checked against the manifest.

    Raises:
        ResourceError: a table is missing, altered or holds what it should not.
    """
    with store(root).sound("tables"):
        return _knowledge(store(root), root)


def _knowledge(source: Store, root: Path | None) -> Knowledge:
    hotspots, splice, spatial, totals = _hotspots(source)
    rules = ruleset(root).oncogenicity
    scores = _scores(source, rules.predictor)
    features = tuple((r[0], int(r[1]), int(r[2]), r[3]) for r in _split(source, "uniprot_features"))
    return Knowledge(
        sources={
            Path(name).stem: Source(
                table=Path(name).stem, version=entry["version"], citation=entry["citation"]
            )
            for name, entry in source.manifest.items()
            if name.startswith("tables/")
        },
        kato={row[0]: float(row[9]) for row in _split(source, "kato") if row[9]},
        kato_promoters=_promoters(source),
        giacomelli={
            row[0]: Giacomelli(
                wt_nutlin=_number(row[1]), null_nutlin=_number(row[2]), null_etoposide=_number(row[3])
            )
            for row in _split(source, "giacomelli")
        },
        funk_nucleotide={row[0]: float(row[1]) for row in _split(source, "funk_nucleotide")},
        funk_residue={row[0]: float(row[1]) for row in _split(source, "funk_residue")},
        stability=_stability(source),
        clinvar=_clinvar(source),
        hotspots=hotspots,
        hotspot_residues=totals,
        splice_hotspots=splice,
        spatial_hotspots=spatial,
        tcga={row[0]: int(row[1]) for row in _split(source, "tcga")},
        docm={row[0]: (row[1], row[2]) for row in _split(source, "docm")},
        population={
            row[0]: Population(
                fraction=float(row[1]), highest=float(row[2]), highest_population=row[3] or None
            )
            for row in _split(source, "population_1000g")
        },
        population_alleles=2 * sum(int(row[1]) for row in _split(source, "population_sizes_1000g")),
        residues={
            row[0]: (float(row[1]), float(row[2]), float(row[3])) for row in _split(source, "amino_acids")
        },
        cell_lines=_cell_lines(source),
        domains=tuple(
            Domain(name=row[0], label=row[1], start=int(row[2]), end=int(row[3]), source=row[4])
            for row in _split(source, "domains")
        ),
        critical={int(row[0]): (row[1], row[2]) for row in _split(source, "critical_residues")},
        known={
            row[0]: Known(label=row[1], rsid=row[2], kind=row[3], description=row[4])
            for row in _split(source, "known_variants")
        },
        splice_known={row[0]: (row[1], row[2]) for row in _split(source, "splice_known")},
        features=features,
        features_by_residue=_by_residue(features),
        rules=rules,
        gnomad={
            row[0]: Frequency(fraction=float(row[1]), count=int(row[2]), number=int(row[3]))
            for row in _imported(source, "gnomad")
        },
        scores=scores,
        predictors=frozenset(name for row in scores.values() for name in row),
        nci_tumour={row[0]: (int(row[1]), int(row[2])) for row in _imported(source, "nci_tumour")},
        nci_families={row[0]: int(row[1]) for row in _imported(source, "nci_germline")},
        civic={row[0]: (row[1], row[2]) for row in _imported(source, "civic")},
    )


def _imported(source: Store, name: str) -> list[list[str]]:
    """Rows of a table that only an updated folder has."""
    return _split(source, name) if f"tables/{name}.tsv" in source.manifest else []


def _scores(source: Store, known: Mapping[str, object]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for name, predictor, value in _imported(source, "predictor_scores"):
        if predictor not in known:
            raise ResourceError(
                f"{source.root / 'tables/predictor_scores.tsv'}: no cut-off for predictor {predictor!r}; "
                f"known are {', '.join(sorted(known))}"
            )
        found.setdefault(name, {})[predictor] = float(value)
    return found


def _by_residue(features: tuple[_Feature, ...]) -> dict[int, tuple[_Feature, ...]]:
    found: dict[int, tuple[_Feature, ...]] = {}
    for feature in features:
        for position in range(feature[1], feature[2] + 1):
            found[position] = (*found.get(position, ()), feature)
    return found


def _clinvar(source: Store) -> dict[str, ClinVar]:
    found = {
        row[0]: ClinVar(
            classification=row[1],
            review_status=None,
            accession=f"VariationID {row[2]}",
            table="clinvar_vus",
        )
        for row in _split(source, "clinvar_vus")
    }
    for row in _split(source, "clinvar"):
        found[row[0]] = ClinVar(
            classification=row[2],
            review_status=row[3] or None,
            accession=row[4],
            rsid=row[5] or None,
            oncogenicity=row[6] or None,
            oncogenicity_review=row[7] or None,
        )
    return found


def _hotspots(
    source: Store,
) -> tuple[dict[str, Hotspot], dict[int, Hotspot], frozenset[str], dict[int, int]]:
    by_change: dict[str, Hotspot] = {}
    splice: dict[int, Hotspot] = {}
    spatial = set()
    totals: dict[int, int] = {}
    for residue, change, kind, samples, count in _split(source, "hotspots"):
        if kind == "3d":
            spatial.add(residue)
            continue
        spot = Hotspot(residue=residue, kind=kind, residue_samples=int(samples), change_samples=int(count))
        if kind == "splice site":
            splice[int(residue[1:])] = spot
        elif kind == "single residue":
            by_change[change] = spot
            totals[int(residue[1:])] = int(samples)
        else:
            by_change[change.partition(":")[2]] = spot
    return by_change, splice, frozenset(spatial), totals


def _promoters(source: Store) -> dict[str, tuple[tuple[str, float], ...]]:
    """Kato's eight promoters by their short names, those that were measured."""
    header = source.read("tables/kato.tsv").decode("utf-8").split("\n", 1)[0].split("\t")[1:9]
    names = [column.removesuffix("_pct_of_wild_type").upper() for column in header]
    return {
        row[0]: tuple((name, float(cell)) for name, cell in zip(names, row[1:9], strict=True) if cell)
        for row in _split(source, "kato")
    }


def _stability(source: Store) -> dict[str, tuple[Stability, ...]]:
    found: dict[str, list[Stability]] = {}
    for change, ddg, background, label, reference in _split(source, "stability"):
        found.setdefault(change, []).append(
            Stability(ddg=float(ddg), relative_to=background, label=label, reference=reference)
        )
    return {name: tuple(sorted(rows, key=lambda r: r.relative_to != "WT")) for name, rows in found.items()}


def _cell_lines(source: Store) -> dict[str, tuple[CellLine, ...]]:
    found: dict[str, tuple[CellLine, ...]] = {}
    for name, line, disease, identifier in _split(source, "cell_lines"):
        found[name] = (*found.get(name, ()), CellLine(name=line, disease=disease, identifier=identifier))
    return found


@functools.cache
def rsids(root: Path | None = None) -> dict[str, tuple[str, ...]]:
    """hgvs_c names by the rsIDs that are bundled."""
    knowledge = load_knowledge(root)
    found: dict[str, tuple[str, ...]] = {}
    pairs = [(k.rsid, name) for name, k in knowledge.known.items()]
    pairs += [(c.rsid, name) for name, c in knowledge.clinvar.items() if c.rsid]
    for rsid, name in pairs:
        if rsid and name not in found.get(rsid, ()):
            found[rsid] = (*found.get(rsid, ()), name)
    return found

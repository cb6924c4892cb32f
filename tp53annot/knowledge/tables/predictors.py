"""Scores of computational predictors of the protein: AlphaMissense, and those that were imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp53annot.knowledge.tables.residue_scores import ResidueScores, read_scores, residue_file
from tp53annot.knowledge.tables.table import ChangeKeys, Fact, RowsOf, Table, TableFile, by_name

PREDICTORS_FILE = TableFile(
    name="predictor_scores", columns=("hgvs_c", "predictor", "score"), imported=True, part="predictor"
)

_ALPHAMISSENSE = residue_file("alphamissense")


def _bundled(rows: RowsOf) -> ResidueScores:
    return read_scores(_ALPHAMISSENSE, rows)


def _bundled_facts(scores: ResidueScores, keys: ChangeKeys) -> Iterator[Fact]:
    score = scores.get(keys.change or "")
    if score is not None:
        yield Fact("AlphaMissense", score, _ALPHAMISSENSE.name)


def _scores(rows: RowsOf) -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for name, predictor, score in rows(PREDICTORS_FILE):
        found.setdefault(name, {})[predictor] = float(score)
    return found


def _predictors(rows: RowsOf) -> frozenset[str]:
    return frozenset(predictor for _, predictor, _ in rows(PREDICTORS_FILE))


def _facts(scores: Mapping[str, float]) -> Iterator[Fact]:
    for predictor, score in sorted(scores.items()):
        yield Fact(f"{predictor} score", score, PREDICTORS_FILE.name)


# Score by predictor, by c. name; imported.
SCORES = Table(files=(PREDICTORS_FILE,), read=_scores, facts=by_name(_facts))
# The predictors that were imported.
PREDICTORS = Table(files=(PREDICTORS_FILE,), read=_predictors)
# By protein change; 0 to 1, high: pathogenic.
ALPHAMISSENSE = Table(files=(_ALPHAMISSENSE,), read=_bundled, facts=_bundled_facts)

"""Nothing in the tables or the rules is idle: what is deleted or altered, with a manifest that agrees, shows."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from mutated import SUBJECT, called, facts, other, table, unseen
from rule_files import written_rules
from whole_gene import genes

from tp53annot.interpret.amp_tier import amp_tier
from tp53annot.interpret.annotation import annotate
from tp53annot.interpret.germline_class import GermlineClassifier
from tp53annot.knowledge.rules.amp_tier import AmpTierRules
from tp53annot.knowledge.rules.germline import GermlineRules
from tp53annot.knowledge.rules.oncogenicity import OncogenicityRules
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.store import BUNDLED
from tp53annot.knowledge.tables.population import Frequency
from tp53annot.knowledge.tables.registry import load_knowledge

TABLES = sorted(path.stem for path in (BUNDLED / "tables").glob("*.tsv"))
# Not keyed by a change: the whole-gene table is compared with what the rules give, Grantham's values with his table.
ELSEWHERE = {"all_changes", "amino_acids"}
# Columns that repeat what others say: the key, and names that must follow from it.
REPEATED = {
    "clinvar": {"aa_change"},
    "hotspots": {"residue", "change", "type"},
    "hotspots_v3": {"residue", "change"},
    "alphamissense": {"residue", "*"},  # no line has a score of a stop
    "kotler": {"residue"},
    "ci_spliceai": {"place"},
    "population_sizes_1000g": {"population"},
}
KEYS = {"hgvs_c", "aa_change"}


def test_every_table_has_its_mutations() -> None:
    assert set(SUBJECT) | ELSEWHERE == set(TABLES)


def columns() -> Iterator[tuple[str, int]]:
    for name in SUBJECT:
        header = table(name)[0]
        for i, column in enumerate(header):
            if column not in REPEATED.get(name, set()) | (KEYS if i == 0 else set()):
                yield name, i


def alter(name: str, column: int) -> Callable[[list[str]], list[str]]:
    """Another value in a column; an empty cell stays, and a count that repeats the residue's."""

    def change(row: list[str]) -> list[str]:
        repeated = name == "hotspots" and column == 4 and row[2] == "splice site"
        cell = other(row[column]) if row[column] and not repeated else row[column]
        return [*row[:column], cell, *row[column + 1 :]]

    return change


def stride(name: str) -> int:
    """Every row of a small table, some 120 of a large one."""
    return max(1, len(table(name)) // 120)


@pytest.mark.parametrize("name", SUBJECT)
def test_no_row_can_be_deleted_unseen(name: str, tmp_path: Path) -> None:
    assert list(unseen(tmp_path, name, lambda row: None, stride(name))) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "column"), list(columns()), ids=lambda value: str(value))
def test_no_value_can_be_altered_unseen(name: str, column: int, tmp_path: Path) -> None:
    assert list(unseen(tmp_path, name, alter(name, column), stride(name))) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", SUBJECT)
def test_no_row_at_all_can_be_deleted_unseen(name: str, tmp_path: Path) -> None:
    assert list(unseen(tmp_path, name, lambda row: None, 1)) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "column"), list(columns()), ids=lambda value: str(value))
def test_no_value_at_all_can_be_altered_unseen(name: str, column: int, tmp_path: Path) -> None:
    assert list(unseen(tmp_path, name, alter(name, column), 1)) == []


def test_splice_hotspots_are_counted_by_residue_only() -> None:
    """The catalogue lumps them, so the count of the change repeats that of the residue."""
    for _, _, kind, samples, count in table("hotspots")[1:]:
        assert kind != "splice site" or samples == count


def test_protein_names_beside_a_clinvar_row_follow_from_its_key() -> None:
    for row in table("clinvar")[1:]:
        variant = called(row[0])
        assert variant is not None and variant.hgvs_p_short == row[1]


# rules ---------------------------------------------------------------------------------------

RULES = written_rules("oncogenicity")
# For the reader only; limits no sum or codon reaches; a factor that cancels out (its value is tested
# against Grantham's distances).
UNUSED = {
    ("version",),
    ("standard_url",),
    ("class", 4, "min_points"),
    ("null_variant", "tier", 2, "below_codon"),
    ("residue_distance", "scale"),
}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for i, inner in enumerate(value):
            yield from leaves(inner, (*path, i))
    else:
        yield path


@cache
def imported_knowledge() -> Any:
    """The tables, with made-up gnomAD and predictor rows so that every criterion is reached."""
    knowledge = load_knowledge()
    names = sorted(genes())
    source = replace(knowledge.sources["tcga"], citation="import of a test")
    tables = ("gnomad", "predictor_scores", "nci_tumour", "nci_germline", "civic")
    # Values on each cut-off and just beside it, some with too few alleles.
    limits, population = RULES["predictor"], RULES["population"]
    edges = [(p, limits[p][side] + shift) for p in sorted(limits) for side in ("oncogenic_min", "benign_max")
             for shift in (-1e-9, 0.0, 1e-9)]  # fmt: skip
    scores = {name: dict([edges[i % len(edges)]]) for i, name in enumerate(names)}
    scores |= {name: {"SpliceAI": 0.0} for name in INTRONS}
    steps = [
        population[cut] * share for cut in ("rare_below", "sbs1_min", "sbvs1_min") for share in (0.999, 1.0)
    ]
    counts = [population["min_alleles"] + shift for shift in (-1, 0, 1)]
    gnomad = {
        name: Frequency(fraction=steps[i % 6], count=counts[i // 6 % 3], number=1_600_000)
        for i, name in enumerate(names)
    }
    return replace(
        knowledge,
        sources={**knowledge.sources, **dict.fromkeys(tables, source)},
        gnomad=gnomad,
        scores=scores,
        predictors=frozenset(limits),
        nci_tumour=dict.fromkeys(names, (3, 1)),
    )


def judged_by(rules: Any, names: Any) -> Iterator[Any]:
    """Facts of changes under other rules, without and with imported tables."""
    typed = read_rules(OncogenicityRules, rules)
    plain = replace(load_knowledge(), rules=typed)
    rich = replace(imported_knowledge(), rules=typed)
    partial = replace(rich, predictors=frozenset({"REVEL"}))
    for name in names:
        variant = called(name)
        assert variant is not None
        for knowledge in (plain, rich, partial):
            yield facts(variant, knowledge)


def _deletions_that_differ() -> list[str]:
    """Deletions that cost function in the gene itself, not in cDNA."""
    knowledge = load_knowledge()
    funk, limits = knowledge.funk.nucleotide, knowledge.rules.functional
    return [
        name
        for name, score in knowledge.kotler_deletions.items()
        if score < limits.kotler_lof_min_rfs and funk.get(name, -9.0) >= limits.funk_lof_min_rfs
    ]


@cache
def witnesses() -> tuple[str, ...]:
    """A sample that meets every criterion, conflict and label, and values on the cut-offs."""
    chosen: dict[Any, str] = {}
    for name, (annotated, judged) in genes().items():
        marks: list[Any] = [c.reason.split(":")[0] for c in judged.criteria] + [
            f.id for f in judged.conflicts
        ]
        marks += [judged.points, *annotated.variant.consequences]
        marks += [(r.assay, r.assay_class) for r in annotated.functional]
        for mark in marks:
            chosen.setdefault(mark, name)
    extra = [
        "c.598_600del",
        "c.1058del",
        "c.672+30G>A",
        "c.1010G>A",
        "c.572_574del",
        "c.1A>G",
        "c.1168del",
        "c.1050del",
        "c.1051del",
        "c.1065del",
        "c.1068del",
        "c.319_321del",
        *_deletions_that_differ(),
    ]
    return tuple(dict.fromkeys([*chosen.values(), *extra]))


def value_at(rules: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        rules = rules[key]
    return rules


def altered_rules(path: tuple[Any, ...], original: Any = RULES) -> Iterator[Any]:
    """Rules with one value altered: a number either way, a text lengthened, a list emptied."""
    holder = value_at(original, path)
    if isinstance(holder, list):
        values: list[Any] = [[]]
    elif isinstance(holder, str):
        values = [holder + "x"]
    else:
        step = 1 if isinstance(holder, int) else max(0.05 * abs(holder), 0.01)
        values = [holder + step, holder - step]
    for value in values:
        rules = copy.deepcopy(original)
        value_at(rules, path[:-1])[path[-1]] = value
        yield rules


@cache
def base(everything: bool) -> tuple[Any, ...]:
    return tuple(judged_by(RULES, genes() if everything else witnesses()))


def shows(rules: Any, everything: bool) -> bool:
    names = genes() if everything else witnesses()
    try:
        return any(a != b for a, b in zip(base(everything), judged_by(rules, names), strict=True))
    except (RuleError, KeyError, ValueError, IndexError, TypeError):
        return True


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "path", [p for p in leaves(RULES) if p not in UNUSED], ids=lambda p: ".".join(map(str, p))
)
def test_no_rule_can_be_altered_unseen(path: tuple[Any, ...]) -> None:
    for rules in altered_rules(path):
        assert shows(rules, False) or shows(rules, True)


# germline -------------------------------------------------------------------------------------

GERMLINE = written_rules("germline")
# For the reader only, and a limit that no sum reaches.
UNUSED_GERMLINE = {
    ("version",),
    ("points_source",),
    ("class", 4, "min_points"),
    ("strength_points", "very_strong"),  # one point more or less moves no class: its own test below
}
INTRONS = ("c.672+6G>A", "c.672+7T>C", "c.673-20G>A", "c.673-21T>C")


def test_points_of_strengths_are_the_published_ones() -> None:
    """Tavtigian 2020, table 1."""
    assert GERMLINE["strength_points"] == {"very_strong": 8, "strong": 4, "moderate": 2, "supporting": 1}


def germline_by(rules: Any, names: Any) -> Iterator[Any]:
    """Germline classes under other rules, without and with imported tables."""
    typed = read_rules(GermlineRules, rules)
    classifiers = [GermlineClassifier(k, typed) for k in (load_knowledge(), imported_knowledge())]
    for name in names:
        variant = called(name)
        assert variant is not None
        for classifier, knowledge in zip(classifiers, (load_knowledge(), imported_knowledge()), strict=True):
            yield classifier.classify(annotate(variant, knowledge, claims=False))


@cache
def germline_names() -> tuple[str, ...]:
    """Every change of one base, deletions, and introns away from the splice sites."""
    assert all(called(name) for name in INTRONS)
    return (*witnesses(), *INTRONS, *genes())


@cache
def germline_base() -> tuple[Any, ...]:
    return tuple(germline_by(GERMLINE, germline_names()))


def germline_shows(rules: Any) -> bool:
    try:
        return any(a != b for a, b in zip(germline_base(), germline_by(rules, germline_names()), strict=True))
    except (RuleError, KeyError, ValueError, IndexError, TypeError):
        return True


@pytest.mark.parametrize(
    "path", [p for p in leaves(GERMLINE) if p not in UNUSED_GERMLINE], ids=lambda p: ".".join(map(str, p))
)
def test_no_germline_rule_can_be_altered_unseen(path: tuple[Any, ...]) -> None:
    for rules in altered_rules(path, GERMLINE):
        assert germline_shows(rules)


TIERS = written_rules("amp_tier")


def tiers(rules: Any) -> Iterator[object]:
    """The tier of every class in every lineage the table names, and in none."""
    lineages = {None, "B-ALL", *(name for tier in TIERS["tier"] for name in tier["lineages"])}
    judged = {c.oncogenicity: c for _, c in genes().values()}
    for classification in judged.values():
        for lineage in sorted(lineages, key=str):
            try:
                yield amp_tier(classification, lineage, read_rules(AmpTierRules, rules))
            except (ValueError, RuleError) as error:
                yield type(error)


@pytest.mark.parametrize(
    "path",
    [p for p in leaves(TIERS) if p != ("version",) and value_at(TIERS, p) != []],
    ids=lambda p: ".".join(map(str, p)),
)
def test_no_tier_can_be_altered_unseen(path: tuple[Any, ...]) -> None:
    for rules in altered_rules(path, TIERS):
        assert list(tiers(rules)) != list(tiers(TIERS))

"""Named filters: what fails, why, and that the unknown fails nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from mutated import PEDIGREE
from rule_files import written_rules

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, Flag, InputRecord, ReadSupport
from tp53annot.core.variant import OncogenicityClass
from tp53annot.errors import ResourceError
from tp53annot.interpret.allele_frequency import population_frequency
from tp53annot.interpret.filters import FILTERS, FilterChain, FilterSubject, Thresholds
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.knowledge.rules.filters import FilterRules
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.store import BUNDLED
from tp53annot.knowledge.tables.population import Frequency
from tp53annot.knowledge.tables.registry import load_knowledge
from tp53annot.maintain.manifest import manifest_text

RULES = resources_of().rules.filters
CHAIN = FilterChain(RULES)
DEFAULTS = Thresholds.from_rules(RULES)
GOOD = ReadSupport(
    vaf=0.4, depth=100, alt_reads=40, alt_forward=20, alt_reverse=20, ref_forward=30, ref_reverse=30
)


def subject(support: ReadSupport = GOOD, *, filters: tuple[str, ...] | None = (), remarks: tuple[Flag, ...] = (),
            reads: ReadSupport | None = None, **facts: Any) -> FilterSubject:  # fmt: skip
    candidate = Candidate(
        sample="S", allele=Allele(pos=7675088, ref="C", alt="T"), support=support, reads=reads,
        caller_filters=filters, remarks=remarks,
        record=InputRecord(file="f", ordinal=1, chrom="chr17", pos=7675088, ref="C", alt="T"),
    )  # fmt: skip
    return FilterSubject(candidate=candidate, **facts)


def failed(of: FilterSubject, thresholds: Thresholds = DEFAULTS) -> list[str]:
    return [flag.id for flag in CHAIN.failures(of, thresholds)]


def test_a_good_variant_fails_nothing() -> None:
    assert failed(subject()) == []


def test_what_is_not_known_fails_nothing() -> None:
    assert failed(subject(ReadSupport(), filters=None)) == []


REMARK = Flag(id="genotype_reference", text="the caller's genotype is 0/0")
CASES = [
    ("caller_filter", subject(filters=("weak", "strand")), "weak, strand"),
    ("genotype_reference", subject(remarks=(REMARK,)), "0/0"),
    ("read_model", subject(remarks=(Flag(id="call.few_reads", text="3 fragments"),)), "3 fragments"),
    ("duplicate_record", subject(duplicate=True), "another record"),
    ("combined", subject(combined_into="c.742_743delinsTT"), "c.742_743delinsTT"),
    ("min_vaf", subject(ReadSupport(vaf=0.0199, depth=1000, alt_reads=20)), "0.0199"),
    ("min_depth", subject(ReadSupport(vaf=0.5, depth=19, alt_reads=9)), "19"),
    ("min_alt_reads", subject(ReadSupport(vaf=0.07, depth=100, alt_reads=7)), "7"),
    ("strand_bias", subject(ReadSupport(vaf=0.05, depth=1000, alt_reads=50, alt_forward=50, alt_reverse=0,
                                        ref_forward=475, ref_reverse=475)), "forward"),
    ("known_polymorphism", subject(polymorphism="codon 72"), "codon 72"),
    ("population_frequency", subject(population_fraction=0.3), "0.3000"),
    ("published_benign", subject(published_benign="Benign (reviewed by expert panel)"), "Benign (reviewed by expert"),
    ("benign", subject(oncogenicity=OncogenicityClass.LIKELY_BENIGN, points=-4), "likely benign (-4 points)"),
    ("target", subject(in_target=False), "--target"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "case", "words"), CASES, ids=[case[0] for case in CASES])
def test_each_filter_alone_with_its_words(name: str, case: FilterSubject, words: str) -> None:
    (flag,) = CHAIN.failures(case, DEFAULTS)
    assert flag.id == name
    assert words in flag.text
    assert flag.source


def test_every_filter_has_a_case_a_rule_and_a_check() -> None:
    assert {case[0] for case in CASES} == set(FILTERS) == set(RULES.filter)


def test_a_published_benign_class_sets_nothing_oncogenic_aside() -> None:
    words = "Benign (reviewed by expert panel)"
    for kind in OncogenicityClass:
        found = failed(subject(published_benign=words, oncogenicity=kind))
        assert ("published_benign" in found) == (not kind.is_oncogenic)


EDGES = [
    ReadSupport(vaf=DEFAULTS.min_vaf, depth=1000, alt_reads=20),
    ReadSupport(vaf=0.4, depth=DEFAULTS.min_depth, alt_reads=DEFAULTS.min_alt_reads),
    ReadSupport(
        vaf=0.05, depth=1000, alt_reads=50, alt_forward=45, alt_reverse=5, ref_forward=475, ref_reverse=475
    ),
    ReadSupport(
        vaf=0.05, depth=1000, alt_reads=50, alt_forward=50, alt_reverse=0, ref_forward=950, ref_reverse=0
    ),
    ReadSupport(
        vaf=0.9, depth=100, alt_reads=90, alt_forward=90, alt_reverse=0, ref_forward=5, ref_reverse=5
    ),
]


@pytest.mark.parametrize("support", EDGES)
def test_at_the_limit_passes(support: ReadSupport) -> None:
    assert failed(subject(support)) == []


def test_every_reason_is_kept_in_the_order_of_the_rules() -> None:
    case = subject(
        ReadSupport(vaf=0.01, depth=10, alt_reads=1),
        filters=("q",),
        polymorphism="x",
        oncogenicity=OncogenicityClass.BENIGN,
    )
    assert failed(case) == [
        "caller_filter",
        "min_vaf",
        "min_depth",
        "min_alt_reads",
        "known_polymorphism",
        "benign",
    ]


def test_reads_counted_by_us_overrule_the_callers() -> None:
    assert failed(subject(ReadSupport(vaf=0.01), reads=GOOD)) == []
    assert failed(subject(GOOD, reads=ReadSupport(vaf=0.01))) == ["min_vaf"]


def test_options_override_the_defaults() -> None:
    weak = subject(ReadSupport(vaf=0.001, depth=5, alt_reads=1), filters=("q",))
    loose = Thresholds.from_rules(RULES, min_vaf=0.0, min_depth=0, min_alt_reads=0, include_filtered=True)
    assert failed(weak, loose) == []
    assert loose.report_vaf == DEFAULTS.report_vaf == RULES.thresholds.report_vaf


def test_defaults_are_those_of_the_contract() -> None:
    assert (DEFAULTS.min_vaf, DEFAULTS.report_vaf, DEFAULTS.min_alt_reads) == (0.02, 0.05, 8)


def test_a_fraction_seen_in_too_few_people_is_no_population_frequency() -> None:
    knowledge = load_knowledge()
    name, row = next(iter(knowledge.population.items()))
    least = knowledge.rules.population.min_alleles

    def fraction(alleles: int) -> float:
        seen = replace(row, fraction=round(alleles / knowledge.population_alleles, 6))
        return population_frequency(name, replace(knowledge, population={name: seen})).fraction

    assert fraction(least - 1) == 0.0 and fraction(least) == pytest.approx(least / 5008, abs=1e-6)
    assert failed(subject(population_fraction=fraction(least - 1))) == []


def wide(bundled: float, imported: float, count: int) -> tuple[float, str]:
    """Frequency in force with a row of each table."""
    knowledge = load_knowledge()
    row = replace(next(iter(knowledge.population.values())), fraction=bundled)
    gnomad = {"c.1A>G": Frequency(fraction=imported, count=count, number=1_600_000)}
    both = replace(knowledge, population={"c.1A>G": row}, gnomad=gnomad)
    found = population_frequency("c.1A>G", both)
    return found.fraction, found.table


def test_the_highest_frequency_that_rests_on_enough_alleles_is_in_force() -> None:
    assert wide(0.002, 0.004, 6400) == (0.004, "gnomad")
    assert wide(0.002, 0.001, 1600) == (0.002, "population_1000g")
    assert wide(0.002, 0.004, 4) == (0.002, "population_1000g")
    assert wide(0.0002, 0.0004, 4) == (0.0, "population_1000g")


def test_rules_and_filters_are_the_same_set() -> None:
    raw = written_rules("filters")
    entries = dict(raw["filter"])
    unknown = read_rules(FilterRules, {**raw, "filter": entries | {"moon": entries["target"]}})
    with pytest.raises(RuleError, match=r"filter.moon is no filter; filters are .*min_vaf"):
        FilterChain(unknown)
    entries.pop("min_vaf")
    with pytest.raises(RuleError, match=r"filter.min_vaf is missing"):
        FilterChain(read_rules(FilterRules, {**raw, "filter": entries}))


@pytest.mark.parametrize("name", ["min_vaf", "strand_bias_max_share", "cis_vaf_sum"])
def test_a_limit_that_is_no_fraction_is_refused(name: str) -> None:
    raw = written_rules("filters")
    with pytest.raises(RuleError, match=f"thresholds: {name} is 2.5"):
        read_rules(FilterRules, {**raw, "thresholds": {**raw["thresholds"], name: 2.5}})


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("filters", "[filter.target]", "[filter.aim]", r"filter.aim is no filter"),
        ("filters", "min_depth = 20", "min_depth = 20.5", r"thresholds.min_depth must be a whole number"),
        ("oncogenicity", "[criteria.OP1]", "[criteria.OX1]", r"criteria.OP1 is missing"),
        ("oncogenicity", "min_alleles = 5", "", r"population.min_alleles is missing"),
    ],
)
def test_a_users_rules_that_do_not_fit_are_one_clear_error(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    root = Path(shutil.copytree(BUNDLED, tmp_path / "tables"))
    rules = root / "rules" / f"{file}.toml"
    rules.write_text(rules.read_text().replace(old, new, 1))
    (root / "MANIFEST.toml").write_text(manifest_text(root, PEDIGREE))
    with pytest.raises(ResourceError, match=f"rules/{file}.toml: {message}"):
        Interpreter(Resources(root)).load()


@pytest.mark.parametrize(("asked", "in_force"), [(0.2, 0.2), (0.05, 0.05), (0.01, 0.05)])
def test_what_is_left_out_is_below_the_reporting_threshold(asked: float, in_force: float) -> None:
    limits = Thresholds.from_rules(RULES, min_vaf=asked)
    assert (limits.min_vaf, limits.report_vaf) == (asked, in_force)

"""rules/calling.toml as typed values: a wrong key or value is refused by its full name."""

from __future__ import annotations

import pytest
from rule_files import written_rules

from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.rules.reads.calling import CallingRules


@pytest.mark.parametrize(
    ("table", "key", "value", "words"),
    [
        ("model", "min_vaf", 1.5, "model: min_vaf is 1.5, not within 0 to 1"),
        ("model", "min_alt_fragments", 7.5, "model.min_alt_fragments must be a whole number, not 7.5"),
        ("model", "no_such", 1, "model.no_such is not known"),
        ("usable", "low_share", -0.1, "usable: low_share is -0.1, not within 0 to 1"),
        ("build", "stretch", [7673500], "build.stretch must have 2 values, not 1"),
        ("haplotype", "noise", "much", "haplotype.noise must be a number, not 'much'"),
        ("reasons", "few_reads", 8, "reasons.few_reads must be text, not 8"),
        ("why", "called", None, "why.called is missing"),
    ],
)
def test_a_wrong_key_or_value_is_named(table: str, key: str, value: object, words: str) -> None:
    rules = written_rules("calling")
    if value is None:
        del rules[table][key]
    else:
        rules[table][key] = value
    with pytest.raises(RuleError) as caught:
        read_rules(CallingRules, rules)
    assert str(caught.value).startswith(words)

"""``[calls]`` of ``rules/assessment.toml``: records that disagree, neighbours that are, or may be, one change."""

from __future__ import annotations

from dataclasses import dataclass

from tp53annot.knowledge.rules.sentence import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSentences:
    """``[calls]``: records that disagree, and neighbours that are, or may be, one change.

    Attributes:
        apart_fractions, apart_untested, apart_threshold, apart_filter: reasons of ``cis_apart``.
        test, test_none: the test of two fractions, with counts and without.
        fraction_counts, fraction_alone, fraction_none: a fraction as these sentences name it.
    """

    fractions_differ: Sentence
    combined: Sentence
    combined_class: Sentence
    cis_apart: Sentence
    apart_fractions: str
    apart_untested: str
    apart_threshold: str
    apart_filter: str
    test: str
    test_none: str
    fraction_counts: str
    fraction_alone: str
    fraction_none: str

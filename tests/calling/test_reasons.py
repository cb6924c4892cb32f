"""Each reason against a call at its limits, and the registry: every name has its sentence and its FILTER line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tp53annot.calling.pileup import FORWARD, REVERSE, Pileup, Primers
from tp53annot.calling.reasons import REASONS, reason_names, reasons_against
from tp53annot.calling.reasons.evidence import CallEvidence
from tp53annot.calling.slip_noise import SlipNoise
from tp53annot.core.candidate import Flag, ReadSupport
from tp53annot.errors import ResourceError
from tp53annot.knowledge.resources import resources_of
from tp53annot.vcf import calls

RULES = resources_of().rules.calling
INDEX = 50
PLAIN = ReadSupport(
    vaf=0.05, depth=1000, alt_reads=50, ref_reads=950, alt_forward=25, alt_reverse=25, ref_forward=475, ref_reverse=475
)  # fmt: skip
ONE_SIDED = {"alt_forward": 50, "alt_reverse": 0}


def primer_at(place: int, strand: int) -> Pileup:
    """A pileup in which an amplicon's reads of a strand begin at a place."""
    pileup = Pileup.empty(7675000, 7675099)
    begin = np.zeros((2, pileup.length), np.bool_)
    begin[strand, place] = True
    pileup.primers = Primers(begin=begin, over=np.zeros_like(pileup.spans), most=True)
    return pileup


def names(support: dict[str, Any] | None = None, **changes: Any) -> list[str]:
    """Reasons against a call with 50 of 1,000 fragments on both strands, but for these changes."""
    evidence = CallEvidence(
        index=INDEX, support=replace(PLAIN, **(support or {})), p=1e-9, p_limit=1e-6, min_vaf=0.05, min_alt=50,
        end_share=0.1, reference_end_share=0.1, pileup=Pileup.empty(7675000, 7675099), model=RULES.model,
    )  # fmt: skip
    flags = reasons_against(replace(evidence, **changes), RULES.reasons)
    assert all(f.text and "{" not in f.text and f.source == RULES.model.source for f in flags)
    return list(reason_names(flags))


def test_what_stands_at_every_limit_is_called() -> None:
    assert names(p=1e-6) == []


@pytest.mark.parametrize(
    ("expected", "support", "changes"),
    [
        (["few_reads"], {}, {"min_alt": 51}),
        (["low_vaf"], {}, {"min_vaf": 0.0501}),
        (["error_model"], {}, {"p": 1.1e-6}),
        (["few_reads", "low_vaf"], {"alt_reads": 0, "vaf": None, "alt_forward": 0, "alt_reverse": 0}, {}),
        (["one_strand"], ONE_SIDED, {}),
        (["one_strand"], {"alt_forward": 1, "alt_reverse": 49}, {}),
        ([], {"alt_forward": 2, "alt_reverse": 48}, {}),
        ([], ONE_SIDED | {"ref_reverse": 0}, {}),
        ([], ONE_SIDED | {"vaf": 0.11}, {}),
        (["read_ends"], {}, {"end_share": 0.9}),
        ([], {}, {"end_share": 0.89}),
        ([], {}, {"end_share": 0.95, "reference_end_share": 0.82}),
        ([], {"vaf": 0.11}, {"end_share": 1.0}),
        ([], ONE_SIDED | {"vaf": 0.11}, {"end_share": 1.0, "pileup": primer_at(INDEX - 1, FORWARD)}),
        (["read_ends"], ONE_SIDED | {"vaf": 0.11}, {"end_share": 1.0, "pileup": primer_at(INDEX - 1, REVERSE)}),
        ([], ONE_SIDED | {"vaf": 0.11}, {"end_share": 1.0, "pileup": primer_at(INDEX + 1, REVERSE)}),
    ],
)  # fmt: skip
def test_each_reason_at_its_limit(
    expected: list[str], support: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert names(support, **changes) == expected


@pytest.mark.parametrize("texts", [{**RULES.reasons, "no_such": "x"}, {"few_reads": "x"}])
def test_sentences_of_other_reasons_are_refused(texts: dict[str, str]) -> None:
    evidence = CallEvidence(
        index=INDEX, support=PLAIN, p=0, p_limit=1, min_vaf=0, min_alt=0, end_share=0, reference_end_share=0,
        pileup=Pileup.empty(7675000, 7675099), model=RULES.model,
    )  # fmt: skip
    with pytest.raises(ResourceError, match="unknown or missing"):
        reasons_against(evidence, texts)


def test_a_remark_that_is_no_known_reason_is_no_filter() -> None:
    assert reason_names((Flag(id="only_in_reads", text="x"), Flag(id="call.low_vaf", text="x"))) == (
        "low_vaf",
    )
    with pytest.raises(KeyError):
        reason_names((Flag(id="call.no_such", text="x"),))


def test_the_header_of_calls_declares_every_reason() -> None:
    header = calls.header("S", "chr17", resources_of().reference, "GRCh38", "0")
    declared = [line.split("ID=")[1].split(",")[0] for line in header.lines if line.startswith("##FILTER")]
    assert declared == ["PASS", *REASONS]


def slipping(**counts: int) -> dict[str, Any]:
    """A pileup of reads that slip, with a change of 40 of 400 fragments, of which errors give 4 on the whole."""
    pileup = Pileup.empty(7675000, 7675099)
    pileup.noise = SlipNoise(pileup.start, pileup.depth, {}, "ACGT" * 25, RULES.slips)
    support = {"alt_reads": 40, "depth": 400, "ref_forward": 180, "ref_reverse": 180, "vaf": 0.1, **counts}
    return {
        "pileup": pileup,
        "expected": 4.0,
        "spread": 0.2,
        "min_alt": 8,
        "support": support,
    }


def test_what_one_strand_alone_shows_of_reads_that_slip_is_theirs() -> None:
    assert names(**slipping(alt_forward=20, alt_reverse=20)) == []
    assert names(**slipping(alt_forward=37, alt_reverse=3)) == ["weaker_strand"]
    # Sequenced from one side, the other strand cannot tell.
    assert names(**slipping(alt_forward=40, alt_reverse=0, ref_forward=360, ref_reverse=0)) == []

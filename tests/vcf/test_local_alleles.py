"""Local alleles: VCF 4.5 (GT of the record beside LAA, LAD), Hail (LGT, LA or LAA) and older files, against plain ones."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vcf_files import GRCH38, source, write_vcf

from tp53annot.core.candidate import Candidate
from tp53annot.vcf.local_alleles import with_global_alleles

SITE = "chr17\t7675088\t.\tC\t{alts}\t100\tPASS\t."
# keys, values, (GT, AD) as one with the record's alleles writes them; of ALT A,T
SAME = [
    ("LGT:LAA:LAD:DP", "0/1:2:60,40:100", "0/2", "60,.,40"),
    ("LGT:LA:LAD", "0/1:0,2:60,40", "0/2", "60,.,40"),
    ("LGT:LAA:LAD", "1|2:2,1:10,40,50", "2|1", "10,50,40"),
    ("GT:LAA:LAD:LPL", "0/2:2:60,40:90,0,90", "0/2", "60,.,40"),
    ("LAA:GT:LAD", "2:0/2:60,40", "0/2", "60,.,40"),
    ("LGT:LAA:LAD:DP", "0/0:.:100:100", "0/0", "100,.,."),
    ("GT:LAA:LAD", "0/0:.:100", "0/0", "100,.,."),
    ("LGT:LAA:LAD", "./.:.:.", "./.", "."),
    ("GT:LAA:LAD", "1/2:1,2:10,50,40", "1/2", "10,50,40"),
]  # fmt: skip


def calls(folder: Path, keys: str, values: str, alts: str = "A,T", columns: int = 1) -> list[Candidate]:
    line = f"{SITE.format(alts=alts)}\t{keys}\t" + "\t".join([values] * columns)
    path = write_vcf(folder, line, samples=[f"S{i}" for i in range(columns)], header=GRCH38)
    return list(next(source(path).calls()).candidates)


def facts(candidates: list[Candidate]) -> list[tuple[object, ...]]:
    return [
        (c.allele.alt, c.support, c.phase and (c.phase.haplotypes, c.phase.phased), c.remarks)
        for c in candidates
    ]


@pytest.mark.parametrize(("keys", "values", "genotype", "depths"), SAME)
def test_local_fields_say_what_plain_ones_say(
    tmp_path: Path, keys: str, values: str, genotype: str, depths: str
) -> None:
    found = facts(calls(tmp_path, keys, values))
    assert found == facts(calls(tmp_path, "GT:AD", f"{genotype}:{depths}"))
    assert bool(found) == any(ch in "12" for ch in genotype)


def test_reads_of_local_alleles_are_counted(tmp_path: Path) -> None:
    (found,) = calls(tmp_path, "LGT:LAA:LAD:DP", "0/1:2:60,40:100")
    assert (found.allele.alt, found.support.alt_reads, found.support.depth, found.support.vaf) == (
        "T",
        40,
        100,
        0.4,
    )


@given(st.data())
def test_any_choice_and_order_of_local_alleles(data: st.DataObject) -> None:
    """Spreading local counts over the record's alleles keeps each at its allele."""
    alts = data.draw(st.integers(1, 6))
    local = data.draw(st.lists(st.integers(1, alts), unique=True))
    counts = data.draw(st.lists(st.integers(0, 999), min_size=len(local) + 1, max_size=len(local) + 1))
    fields = {
        "LAA": ",".join(map(str, local)) or ".",
        "LAD": ",".join(map(str, counts)),
        "LGT": f"0/{len(local)}",
    }
    found = with_global_alleles(fields, alts)
    spread = found["AD"].split(",")
    assert len(spread) == alts + 1 and spread[0] == str(counts[0])
    assert [spread[i] for i in local] == [str(c) for c in counts[1:]]
    assert all(spread[i] == "." for i in range(1, alts + 1) if i not in local)
    assert found["GT"] == (f"0/{local[-1]}" if local else "0/0")
    assert {key: found[key] for key in fields} == fields


BROKEN = ["3", "x", "1,1", "-1", "2,9"]


@pytest.mark.parametrize("numbers", BROKEN)
def test_a_list_that_cannot_be_true_is_not_read(tmp_path: Path, numbers: str) -> None:
    """The sample is listed as untold: neither allele is taken for the other."""
    line = f"{SITE.format(alts='A,T')}\tLGT:LAA:LAD\t0/1:{numbers}:60,40"
    (found,) = source(write_vcf(tmp_path, line, header=GRCH38)).calls()
    assert found.candidates == ()
    assert [(u.code, u.record.alt) for u in found.uninterpreted] == [
        ("sample_untold", "A"),
        ("sample_untold", "T"),
    ]


def test_without_a_list_one_alt_is_local_and_several_are_untold(tmp_path: Path) -> None:
    (found,) = calls(tmp_path, "LGT:LAD", "0/1:60,40", alts="T")
    assert found.support.alt_reads == 40
    assert calls(tmp_path, "LGT:LAD", "0/1:60,40") == []


@pytest.mark.parametrize("columns", [1, 2])
def test_plain_fields_are_left_alone(tmp_path: Path, columns: int) -> None:
    for keys, values in itertools.product(["GT:AD"], ["0/2:60,0,40", "0/1:60,40,0", "./.:."]):
        fields = dict(zip(keys.split(":"), values.split(":"), strict=True))
        assert with_global_alleles(fields, 2) == fields
        assert len(calls(tmp_path, keys, values, columns=columns)) == (values != "./.:.")

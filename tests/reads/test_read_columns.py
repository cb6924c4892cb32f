"""Reads taken as columns show what each shows by itself, however many are taken and counted at a time."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pysam
import pytest
from bam_files import MAIN, REF, RESOURCES, Change, write_bam
from hypothesis import given, settings
from hypothesis import strategies as st
from molecule_files import molecules, write_molecules
from msgspec.structs import fields

from tp53annot.calling.arrays import codes_of
from tp53annot.calling.pileup import Pileup
from tp53annot.calling.splicing.junctions import KnownJunctions
from tp53annot.reads import counter
from tp53annot.reads.adapters import past_mate, shown_by
from tp53annot.reads.counting.block import BamFields, block_of, cigars_of
from tp53annot.reads.counting.flat_reads import FlatReads
from tp53annot.reads.counting.laying import Layer
from tp53annot.reads.counting.rows import ReadRows, ranges, under
from tp53annot.reads.hinted.hints import NormalForms
from tp53annot.reads.source import ReadsSource
from tp53annot.reads.usable import usable, which_usable

RULES = RESOURCES.rules.calling
START, END = MAIN.model.cds[4][0] - 100, MAIN.model.cds[4][1] + 100
ADAPTER = "AGATCGGAAGAGCACACGTCTGAACTCC"
FLAGS = (0, 16, 65, 73, 83, 97, 99, 113, 147, 163, 1024, 1107, 4, 256, 512, 2048)


def made_read(rng: random.Random) -> pysam.AlignedSegment:
    """A read of any kind over or beside the stretch: plain, clipped, gapped, spliced, with an adapter, or without bases."""
    read, size = pysam.AlignedSegment(), rng.choice((2, 30, 30, 30, 41))
    start = rng.randrange(START - 50, END + 20)
    bases = list(REF.bases(start, start + size - 1))
    for n in range(size):
        if rng.random() < 0.05:
            bases[n] = rng.choice("ACGTN")
    text, kind = "".join(bases), rng.random()
    read.cigartuples = [(rng.choice((0, 0, 0, 7)), size)]
    if kind < 0.3 and size > 20:
        read.cigartuples = rng.choice((
            [(4, 7), (0, size - 7)], [(0, size - 7), (4, 7)], [(0, 10), (2, 3), (0, size - 10)],
            [(0, 10), (1, 3), (0, size - 13)], [(0, 10), (3, 60), (0, size - 10)], [(5, 4), (0, size)],
            [(1, size)], [(4, size)],
        ))  # fmt: skip
        text = text[: size - 7] + ADAPTER[:7] if rng.random() < 0.3 else text
    elif kind < 0.33:
        text, size = "", 0
    read.query_name = rng.choice(("*", *"abcdef"))
    read.query_sequence = text
    if text and rng.random() < 0.9:
        read.query_qualities = pysam.qualitystring_to_array("".join(rng.choices("#5I", (1, 2, 9), k=size)))
    read.reference_id, read.reference_start = 0, start - 1
    read.flag, read.mapping_quality = rng.choice(FLAGS), rng.choice((0, 19, 20, 60, 255))
    read.next_reference_id = rng.choice((0, 0, 0, 1))
    read.next_reference_start = read.reference_start + rng.choice((0, 0, 1, 2, -1, -2, 25, -25, 300, -300))
    read.template_length = rng.choice((0, size, size - 1, -size, 1 - size, 330, -330))
    if rng.random() < 0.5:
        read.set_tag("MC", rng.choice((f"{size or 9}M", "3S27M", "27M3S")))
    return read


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_reads_as_columns_show_what_each_shows_by_itself(seed: int) -> None:
    rng = random.Random(seed)
    reads = [made_read(rng) for _ in range(40)]
    told = which_usable(
        np.array([r.flag for r in reads]), np.array([r.mapping_quality for r in reads]), RULES.usable
    )
    assert told.tolist() == [usable(r, RULES.usable) for r in reads]
    columns = BamFields.of(reads)
    for read, may in zip(reads, columns.may_pass_mate.tolist(), strict=True):
        assert may or past_mate(read) is None
    kept, block = block_of(reads, cigars_of(reads), columns, 0, RULES.adapters)
    shown = [s for s in (shown_by(r, RULES.adapters) for r in reads) if s is not None]
    assert [h[:3] for h in block.held] == [s[1:] for s in shown]
    assert block.start.tolist() == [s.start + 1 for s in shown]
    assert len(kept.flag) == len(block)
    for held, plain, size in zip(block.held, block.plain.tolist(), block.sizes.tolist(), strict=True):
        assert plain == (held[0] in {((op, len(held[1])),) for op in (0, 7, 8)})
        assert size == len(held[1])


def as_shown(rows: ReadRows) -> list[object]:
    """What every read shows, in the order of reads; blank stretches left out."""
    found: list[object] = []
    for n, read in enumerate(rows.read.tolist()):
        part = slice(rows.at[n], rows.at[n] + rows.size[n])
        if (rows.shown[part] != 255).any():
            found.append(
                (read, rows.low[n], *(a[part].tobytes() for a in (rows.shown, rows.quality, rows.near)))
            )
    return sorted(found, key=repr)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_plain_reads_are_laid_as_any_others_are(seed: int) -> None:
    rng = random.Random(seed)
    reads = [r for r in (made_read(rng) for _ in range(60)) if not r.flag & 4 and r.query_length > 20]
    _, block = block_of(reads, cigars_of(reads), BamFields.of(reads), 0, RULES.adapters)
    low = block.start - START
    plain = block.plain & (low >= 0) & (low + block.sizes <= END - START + 1)
    block = block.chosen(np.concatenate([np.flatnonzero(plain), np.flatnonzero(~plain)]))
    codes, found = codes_of(REF.bases(START, END)), []
    for count in (int(plain.sum()), 0):
        pileup = Pileup.empty(START, END)
        layer = Layer(pileup, codes, REF, RULES, NormalForms(REF).of)
        flat = FlatReads(block, 25, 6)
        rows = layer.rows(block, count, flat, 20)
        found.append((as_shown(rows), sorted(rows.indels), pileup.hints))
        expected = (rows.shown < 4) & (rows.shown != codes[ranges(rows.low, rows.size)])
        assert rows.mismatches(codes).tolist() == np.flatnonzero(expected).tolist()
    assert found[0] == found[1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 4), st.integers(1, 30)), max_size=6))
def test_ranges_are_those_of_each_stretch(runs: list[tuple[int, int, int]]) -> None:
    pairs = [(start + n, size) for start, size, count in runs for n in range(count)]
    starts, sizes = np.array(pairs, np.int64).reshape(-1, 2).T
    expected = [place for start, size in pairs for place in range(start, start + size)]
    assert ranges(starts, sizes).tolist() == expected
    assert ranges(starts * 6, sizes, 6).tolist() == [6 * place for place in expected]
    assert under(np.arange(100, dtype=np.uint8), starts, sizes).tolist() == expected


@pytest.mark.parametrize("kind", ["pairs", "clips"])
def test_counts_do_not_depend_on_how_many_reads_are_taken_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    low = MAIN.model.cds[4][0]
    if kind == "pairs":
        change = Change(pos=low + 50, ref=REF.bases(low + 50, low + 50), alt="T", vaf=0.3)
        made = molecules(40, change=change, exons=[5, 6, 7])
        bam = write_molecules(tmp_path / "a.bam", made, error=0.01)
    else:
        ref = REF.bases(low + 50, low + 56)
        bam = write_bam(
            tmp_path / "a.bam", depth=40, changes=[Change(pos=low + 50, ref=ref, alt=ref[0], vaf=0.3)],
            paired=True, error=0.01,
        )  # fmt: skip
    found = []
    for taken, block in ((1024, 8192), (7, 11), (1, 1)):
        monkeypatch.setattr(counter, "_FIRST", taken)
        monkeypatch.setattr(counter, "_TAKEN", taken)
        monkeypatch.setattr(counter, "_BLOCK", block)
        found.append(ReadsSource(bam, REF, RULES).pileup(low - 400, low + 900))
    for other in found[1:]:
        for field in fields(Pileup):
            one, two = getattr(found[0], field.name), getattr(other, field.name)
            if field.name == "primers":
                one, two = one.over, two.over
            assert np.allclose(one, two, rtol=1e-12) if isinstance(one, np.ndarray) else one == two, field


def test_the_introns_asked_about_for_splicing_lie_where_reads_are_counted() -> None:
    # Whether reads are spliced there is asked only where reads counted on the coding exons have skips.
    cds = MAIN.model.cds
    first, last = min(low for low, _ in cds), max(high for _, high in cds)
    assert all(first < j.last < last for j in KnownJunctions(REF).main[1:])

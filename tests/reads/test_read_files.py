"""Reads in every container, with several samples or none, with foreign indexes and genomes: the same answer or a clear one."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysam
import pytest
from bam_files import REF, Change, write_bam

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.reads import locus_pileup
from tp53annot.reads.opening import open_reads
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

R175H = Change(pos=7675088, ref="C", alt="T", vaf=0.3)
Read = pysam.AlignedSegment


def documents(bam: Path, label: str | None = None, **settings: Any) -> dict[str, dict[str, Any]]:
    found = analyse(Job(bam=bam, label=label), RunSettings(**settings), interpreter_of())
    return {a.document["sample"]: a.document for a in found}


def answer(found: dict[str, Any]) -> tuple[Any, ...]:
    """What must not depend on the container."""
    variants = [{k: x for k, x in v.items() if k not in ("input", "vaf_source")} for v in found["variants"]]
    exons = found["coverage"]["exons"]
    return found["assessment"]["status"], variants, exons, found["molecules"], found["assembly"]


@pytest.fixture(scope="module")
def bam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bam(tmp_path_factory.mktemp("reads") / "S1.bam", depth=300, changes=[R175H])


def test_a_fault_of_this_program_is_not_told_as_damage(bam: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> None:
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr(locus_pileup, "echoes", wrong)
    with pytest.raises(ValueError, match="broadcast") as raised:
        documents(bam)
    assert raised.traceback[-1].name == "wrong"


def test_a_full_disk_is_not_told_as_damage(
    tmp_path: Path, bam: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    lone = Path(shutil.copy(bam, tmp_path / "a.bam"))  # without its index, so that a temporary copy is made
    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    with pytest.raises(OSError, match="No space left"):
        documents(lone)


@pytest.fixture(scope="module")
def genome(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fasta(tmp_path_factory.mktemp("genome") / "g.fa", "chr17", REF.sequence)


def fasta(path: Path, contig: str, sequence: str) -> Path:
    path.write_text(f">{contig}\n{'N' * (REF.start - 1)}{sequence}\n")
    pysam.faidx(str(path))
    return path


def rewritten(source: Path, target: Path, change: Callable[[Read], object], **header: Any) -> Path:
    """A copy whose reads were changed; those for which the change gives ``False`` are left out."""
    with pysam.AlignmentFile(str(source)) as reads:
        head = reads.header.to_dict() | header
        with pysam.AlignmentFile(str(target), "wb", header=head) as out:
            for read in reads:
                if change(read) is not False:
                    out.write(read)
    pysam.index(str(target))
    return target


# containers ----------------------------------------------------------------------------------


def test_sam_and_equal_signs_and_no_index_give_the_same_answer(
    tmp_path: Path, bam: Path, genome: Path
) -> None:
    wanted = answer(documents(bam)["S1"])
    sam = tmp_path / "S1.sam"
    pysam.view("-h", "-o", str(sam), str(bam), catch_stdout=False)
    assert answer(documents(sam)["S1"]) == wanted
    equal = tmp_path / "equal.bam"
    equal.write_bytes(pysam.calmd("-e", "-b", str(bam), str(genome)))
    pysam.index(str(equal))
    with pysam.AlignmentFile(str(equal)) as reads:
        assert "=" in str(next(iter(reads)).query_sequence)
    assert answer(documents(equal)["S1"]) == wanted


@pytest.mark.parametrize("option", ["embed_ref=1", "no_ref=1"])
def test_a_cram_that_holds_its_bases_needs_no_genome(
    tmp_path: Path, bam: Path, genome: Path, option: str
) -> None:
    cram = tmp_path / "S1.cram"
    pysam.view(
        "-C", "-T", str(genome), "--output-fmt-option", option, "-o", str(cram), str(bam), catch_stdout=False
    )
    pysam.index(str(cram))
    moved = genome.rename(genome.with_name("elsewhere.fa"))  # the header says where it was
    try:
        assert answer(documents(cram)["S1"]) == answer(documents(bam)["S1"])
    finally:
        moved.rename(genome)


def test_a_wrong_genome_is_named_as_that(tmp_path: Path, bam: Path) -> None:
    cram = tmp_path / "S1.cram"
    mine = fasta(tmp_path / "g.fa", "chr17", REF.sequence)
    pysam.view("-C", "-T", str(mine), "-o", str(cram), str(bam), catch_stdout=False)
    pysam.index(str(cram))
    mine.unlink()  # the header says where it was
    backwards = fasta(tmp_path / "backwards.fa", "chr17", REF.sequence[::-1])
    other = fasta(tmp_path / "other.fa", "17", REF.sequence)
    for wrong, why in ((backwards, r"its chr17 has \d+ bases"), (other, "no contig chr17")):
        with pytest.raises(InputError, match=why) as error:
            documents(cram, reference=wrong)
        assert wrong.name in str(error.value) and "is not the genome" in str(error.value)


def in_a_process(*arguments: str, given: Path) -> subprocess.CompletedProcess[str]:
    with given.open("rb") as stream:
        return subprocess.run(
            [sys.executable, "-m", "tp53annot", *arguments], stdin=stream, capture_output=True, text=True
        )


@pytest.mark.slow
def test_reads_from_a_pipe(tmp_path: Path, bam: Path) -> None:
    sam = tmp_path / "S1.sam"
    pysam.view("-h", "-o", str(sam), str(bam), catch_stdout=False)
    called, covered = set(), set()
    for given in (bam, sam):
        done = in_a_process("call", "-", given=given)
        called.add("\n".join(line for line in done.stdout.splitlines() if line[:1] != "#"))
        covered.add(in_a_process("coverage", "-", given=given).stdout)
        out = tmp_path / f"of{given.suffix}"
        done = in_a_process("run", "-", "-o", str(out), "--format", "json", given=given)
        assert done.returncode == 0, done.stderr
        assert (out / "S1" / "S1.tp53.json").is_file()
    assert len(called) == 1 and "7675088" in called.pop()
    assert len(covered) == 1 and "NOT" not in covered.pop()


# samples -------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """P1 with R175H and P2 without, in one file."""
    parts = [write_bam(tmp_path / "p1.bam", depth=300, changes=[R175H], sample="P1"),
             write_bam(tmp_path / "p2.bam", depth=300, sample="P2", seed=2)]  # fmt: skip
    marked = [rewritten(p, tmp_path / f"r{n}.bam", lambda r, n=n: r.set_tag("RG", f"g{n}"),
                        RG=[{"ID": f"g{n}", "SM": f"P{n + 1}"}]) for n, p in enumerate(parts)]  # fmt: skip
    pysam.merge("-f", str(tmp_path / "both.bam"), *map(str, marked))
    pysam.index(str(tmp_path / "both.bam"))
    return tmp_path / "both.bam"


def test_each_sample_of_a_file_has_its_report(two: Path) -> None:
    found = documents(two)
    assert {name: d["assessment"]["status"] for name, d in found.items()} == {
        "P1": "mutated",
        "P2": "not_detected",
    }
    assert found["P1"]["variants"][0]["vaf"] == pytest.approx(0.3, abs=0.06)
    assert list(documents(two, sample="P2")) == ["P2"] and list(documents(two, label="P1")) == ["P1"]
    for wrong in ({"sample": "P3"}, {"label": "P3"}):
        with pytest.raises(InputError, match=r"P1, P2.*P3 is none of them"):
            documents(two, **wrong)


def test_reads_without_a_group_are_refused_where_there_are_several_samples(tmp_path: Path, two: Path) -> None:
    def without_group(read: Read, every: list[int] = [0]) -> None:  # noqa: B006 - counts the reads
        every[0] += 1
        if every[0] % 50 == 0:
            read.set_tag("RG", None)

    lacking = rewritten(two, tmp_path / "lacking.bam", without_group)
    with pytest.raises(InputError, match="of none of their read groups"):
        documents(lacking)


# no usable reads -----------------------------------------------------------------------------


def low_quality(read: Read) -> None:
    read.mapping_quality = 3


def duplicate(read: Read) -> None:
    read.flag |= 0x400


@pytest.mark.parametrize(
    ("change", "header", "why"),
    [
        (low_quality, {}, "mapping quality below 20"),
        (duplicate, {}, "flagged as duplicates"),
        (lambda read: False, {}, "holds no reads"),
        (
            lambda read: None,
            {"SQ": [{"SN": "chr13", "LN": 114364328}, {"SN": "chr17", "LN": 83257441}]},
            "chr13",
        ),
        (lambda read: None, {"SQ": [{"SN": "13", "LN": 115169878}]}, "no chromosome 17"),
    ],
)
def test_a_file_without_usable_reads_is_incomplete_and_says_why(
    tmp_path: Path, bam: Path, change: Callable[[Read], object], header: dict[str, Any], why: str
) -> None:
    (found,) = documents(rewritten(bam, tmp_path / "a.bam", change, **header)).values()
    assert found["assessment"]["status"] == "incomplete"
    (said,) = [w["text"] for w in found["assessment"]["warnings"] if w["id"] == "reads.no_reads"]
    assert why in said
    assert found["assembly"] == (Build.GRCH37 if why.startswith("no chr") else Build.GRCH38)


def test_the_index_of_another_file_is_named(tmp_path: Path, bam: Path) -> None:
    empty = rewritten(bam, tmp_path / "empty.bam", lambda read: False)
    other = rewritten(bam, tmp_path / "other.bam", lambda read: read.set_tag("XX", read.reference_start))
    for index in (empty, other):
        mine = tmp_path / "mine.bam"
        shutil.copy(bam, mine)
        shutil.copy(f"{index}.bai", f"{mine}.bai")
        os.utime(f"{mine}.bai")
        (found,) = documents(mine).values()
        assert found["assessment"]["status"] == "incomplete"
        assert any("index of another file" in w["text"] for w in found["assessment"]["warnings"])
    data = bytearray(bam.read_bytes())
    for place in range(len(data) // 2, len(data) // 2 + 60):
        data[place] ^= 0x55
    damaged = tmp_path / "damaged.bam"
    damaged.write_bytes(data)
    for index in (bam, empty):  # its own, and one of another file: the reads are damaged all the same
        shutil.copy(f"{index}.bai", f"{damaged}.bai")
        os.utime(f"{damaged}.bai")
        with pytest.raises(InputError, match="damaged"):
            documents(damaged)


@pytest.mark.parametrize("ending", [".bai", ".csi"])
def test_an_index_of_reads_that_is_not_whole_is_none(tmp_path: Path, bam: Path, ending: str) -> None:
    """htslib would die or hang of some; the reads are read as without an index."""
    mine = tmp_path / "mine.bam"
    shutil.copy(bam, mine)
    pysam.index(*(["-c"] if ending == ".csi" else []), str(mine), f"{mine}{ending}")
    index, wanted = Path(f"{mine}{ending}"), answer(next(iter(documents(mine).values())))
    packed = index.read_bytes()
    whole = gzip.decompress(packed) if ending == ".csi" else packed
    places = range(0, len(whole) - 8, max(1, len(whole) // 200))
    for cut in places:
        index.write_bytes(whole[:cut])
        assert open_reads(mine, None).index is None
    for at in places:
        index.write_bytes(whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :])
        open_reads(mine, None)
    index.write_bytes(whole[: len(whole) // 2])
    assert answer(next(iter(documents(mine).values()))) == wanted
    index.write_bytes(whole)
    assert open_reads(mine, None).index == index


def test_a_damaged_cram_is_said_to_be_there_and_a_damaged_index_is_none(
    tmp_path: Path, bam: Path, genome: Path
) -> None:
    cram = tmp_path / "S1.cram"
    pysam.view(
        "-C",
        "-T",
        str(genome),
        "--output-fmt-option",
        "no_ref=1",
        "-o",
        str(cram),
        str(bam),
        catch_stdout=False,
    )
    wanted = answer(documents(cram)["S1"])
    Path(f"{cram}.crai").write_bytes(b"\x1f\x8bno index")
    assert answer(documents(cram)["S1"]) == wanted
    data = bytearray(cram.read_bytes())
    data[40] ^= 0xFF
    cram.write_bytes(data)
    with pytest.raises(InputError, match="damaged: htslib cannot read its header"):
        documents(cram)

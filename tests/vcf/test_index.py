"""Look-up by index: the borders of the locus, and every fault of an index or file behind it."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest
from vcf_files import GRCH38, reference, source, vcf_text

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.system.index_file import whole_index
from tp53annot.vcf.source import VcfSource

REF = reference()
LOW, HIGH = REF.window(Build.GRCH38)
FIELDS = "\n".join(
    [
        GRCH38,
        '##INFO=<ID=END,Number=1,Type=Integer,Description="e">',
        '##INFO=<ID=SVLEN,Number=A,Type=Integer,Description="l">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="g">',
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="a">',
    ]
)


def record(pos: int, ref: str, alt: str, info: str = ".") -> str:
    return f"chr17\t{pos}\t.\t{ref}\t{alt}\t50\tPASS\t{info}\tGT:AD\t0/1:60,40"


def base(pos: int) -> str:
    return REF.bases(pos, pos)


def other(pos: int) -> str:
    return "A" if base(pos) != "A" else "C"


def tbi(path: Path) -> Path:
    pysam.tabix_index(str(path), preset="vcf", force=True)
    return path


def csi(path: Path) -> Path:
    pysam.tabix_index(str(path), preset="vcf", force=True, csi=True)
    return path


def bcf(path: Path) -> Path:
    target = path.with_suffix(".bcf")
    with (
        pysam.VariantFile(str(path)) as text,
        pysam.VariantFile(str(target), "wb", header=text.header) as out,
    ):
        for one in text:
            out.write(one)
    pysam.tabix_index(str(target), preset="bcf", force=True)
    return target


WAYS: dict[str, Callable[[Path], Path]] = {"tbi": tbi, "csi": csi, "bcf": bcf}


def compressed(folder: Path, *lines: str) -> Path:
    path = folder / "x.vcf.gz"
    with pysam.BGZFile(str(path), "wb", None) as stream:
        stream.write(vcf_text(*lines, header=FIELDS).encode())
    return path


AT_THE_BORDERS = [
    record(LOW - 1, "N", "A"),
    record(LOW, base(LOW), other(LOW)),
    record(HIGH, base(HIGH), other(HIGH)),
    record(HIGH + 1, "N", "A"),
]


@pytest.mark.parametrize("way", WAYS)
def test_the_first_and_the_last_base_of_the_locus_are_in(tmp_path: Path, way: str) -> None:
    opened = source(WAYS[way](compressed(tmp_path, *AT_THE_BORDERS)))
    assert not opened.scanned
    assert [r.pos for r in opened.records] == [LOW, HIGH]


LONG = {
    "last deleted base is the first of the locus": (record(LOW - 9, "N" * 9 + base(LOW), "N"), True),
    "last deleted base is the one before": (record(LOW - 9, "N" * 9, "N"), False),
    "END on the first base": (record(LOW - 40_000, "N", "<DEL>", f"END={LOW}"), True),
    "END before it": (record(LOW - 40_000, "N", "<DEL>", f"END={LOW - 1}"), False),
    "SVLEN onto the first base": (record(LOW - 40_000, "N", "<DEL>", "SVLEN=40000"), True),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", LONG)
def test_what_begins_before_the_locus_is_in_if_it_reaches_it(tmp_path: Path, way: str, name: str) -> None:
    line, reaches = LONG[name]
    opened = source(WAYS[way](compressed(tmp_path, line, record(HIGH, base(HIGH), other(HIGH)))))
    assert not opened.scanned
    assert [r.pos for r in opened.records] == [*([int(line.split("\t")[1])] if reaches else []), HIGH]


@pytest.mark.parametrize("ending", [".tbi", ".csi"])
@pytest.mark.parametrize(
    "line",
    [
        f"chr17\t{LOW - 600_000}\t.\tN\t<DEL>\t50\tPASS\tSVLEN=700000\tGT\t0/1",
        f"chr17\t{LOW - 600_000}\t.\tN\t<DEL>\t50\tPASS\tSVLEN=-700000\tGT\t0/1",
    ],
)
def test_an_index_that_knows_no_length_but_end_loses_no_deletion(
    tmp_path: Path, line: str, ending: str
) -> None:
    """As htslib up to 1.16 makes it: the index of the same bytes in which the length is called otherwise."""
    paths = tmp_path / "old.vcf.gz", tmp_path / "x.vcf.gz"
    text = vcf_text(line, record(HIGH, base(HIGH), other(HIGH)), header=FIELDS)
    for path, shown in zip(paths, (text.replace("SVLEN=", "OTHER="), text), strict=True):
        with pysam.BGZFile(str(path), "w0", None) as stream:  # not compressed: all offsets are the same
            stream.write(shown.encode())
    pysam.tabix_index(str(paths[0]), preset="vcf", force=True, csi=ending == ".csi")
    Path(f"{paths[0]}{ending}").rename(f"{paths[1]}{ending}")
    os.utime(f"{paths[1]}{ending}")
    with pysam.TabixFile(str(paths[1]), index=f"{paths[1]}{ending}") as index:
        assert len(list(index.fetch("chr17", LOW - 1, HIGH))) == 1, "the index itself loses it"
    opened = source(paths[1])
    assert not opened.scanned
    assert [r.pos for r in opened.records] == [LOW - 600_000, HIGH]


@pytest.mark.parametrize("way", WAYS)
def test_index_and_scan_give_the_same_records(tmp_path: Path, way: str) -> None:
    rng = random.Random(3)
    places = sorted(rng.sample(range(LOW - 3000, HIGH + 3000), 4000))
    lines = [record(p, base(p) if LOW <= p <= HIGH else "N", "<DEL>", f"END={p + p % 50}") for p in places]
    path = WAYS[way](compressed(tmp_path, *lines))
    by_index = source(path)
    for ending in (".tbi", ".csi"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    scanned = source(path)
    assert (by_index.scanned, scanned.scanned) == (False, True)
    assert [r.line(0) for r in by_index.records] == [r.line(0) for r in scanned.records]
    assert len(by_index.records) > 3000


def blocks(data: bytes) -> list[tuple[int, int]]:
    """Start and length of each BGZF block."""
    found, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at + 16 : at + 18], "little") + 1
        found.append((at, size))
        at += size
    return found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("part", ["checksum", "data", "start"])
def test_a_damaged_block_never_loses_records_in_silence(
    tmp_path: Path, way: str, part: str, capfd: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(4)
    reads = (f"{rng.randrange(9**6)},{rng.randrange(9**6)}" for _ in range(LOW, HIGH))
    lines = [record(p, base(p), other(p)).replace("60,40", next(reads)) for p in range(LOW, HIGH, 4)]
    path = WAYS[way](compressed(tmp_path, *lines))
    data = bytearray(path.read_bytes())
    start, size = blocks(bytes(data))[-3]
    data[{"checksum": start + size - 6, "data": start + size // 2, "start": start}[part]] ^= 0xFF
    times = path.stat()
    path.write_bytes(bytes(data))
    os.utime(path, (times.st_atime, times.st_mtime))
    capfd.readouterr()  # what this test's own pysam says
    with pytest.raises(InputError, match=r"damaged|truncated|htslib cannot read"):
        source(path)
    assert capfd.readouterr().err == ""


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "text": lambda data: b"nonsense",
    "cut": lambda data: data[:40],
    "cut in the middle": lambda data: data[: len(data) // 2],
    "zeros": lambda data: bytes(len(data)),
    "one bit": lambda data: data[:30] + bytes([data[30] ^ 4]) + data[31:],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_index_means_a_scan(
    tmp_path: Path, way: str, fault: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = WAYS[way](compressed(tmp_path, *AT_THE_BORDERS))
    index = next(p for end in (".tbi", ".csi") if (p := Path(f"{path}{end}")).exists())
    index.write_bytes(FAULTS[fault](index.read_bytes()))
    capfd.readouterr()  # what this test's own pysam says
    opened = source(path)
    assert opened.scanned
    assert [r.pos for r in opened.records] == [LOW, HIGH]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("way", WAYS)
def test_an_index_that_htslib_would_die_or_hang_of_is_not_given_to_it(tmp_path: Path, way: str) -> None:
    """Cut anywhere inside its compression, and with a negative count anywhere: htslib frees what it never set."""
    path = WAYS[way](compressed(tmp_path, *AT_THE_BORDERS))
    index = next(p for end in (".tbi", ".csi") if (p := Path(f"{path}{end}")).exists())
    whole = gzip.decompress(index.read_bytes())
    assert whole_index(index) is not None

    def written(data: bytes) -> VcfSource:
        with pysam.BGZFile(str(index), "wb", None) as stream:
            stream.write(data)
        return source(path)

    def is_scanned(data: bytes) -> bool:
        opened = written(data)
        assert [r.pos for r in opened.records] == [LOW, HIGH]
        return opened.scanned

    ends = (len(whole), len(whole) - 8)  # the number of records without a place may be missing
    assert [cut for cut in range(len(whole) + 1) if not is_scanned(whole[:cut])] == sorted(ends)
    for at in range(4, len(whole), 4):
        written(whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :])


@pytest.mark.parametrize("way", WAYS)
def test_the_index_of_another_file_hides_no_record(tmp_path: Path, way: str) -> None:
    """One of the same first records, as a copy that keeps no times leaves it beside a file."""
    (tmp_path / "other").mkdir()
    lines = [record(p, base(p), other(p)) for p in range(LOW, HIGH, 2000)]
    path = WAYS[way](compressed(tmp_path, *lines))
    few = WAYS[way](compressed(tmp_path / "other", *lines[:3]))
    ending = next(end for end in (".tbi", ".csi") if Path(f"{few}{end}").exists())
    Path(f"{few}{ending}").replace(f"{path}{ending}")
    os.utime(f"{path}{ending}")
    opened = source(path)
    assert opened.scanned
    assert len(opened.records) == len(lines)


def test_bytes_that_are_no_utf8_come_through_an_index(tmp_path: Path) -> None:
    path = tmp_path / "x.vcf.gz"
    line = record(HIGH, base(HIGH), other(HIGH), "NOTE=caf\xe9")
    with pysam.BGZFile(str(path), "wb", None) as stream:
        stream.write(vcf_text(line, header=GRCH38).encode("latin-1"))
    opened = source(tbi(path))
    assert not opened.scanned
    assert opened.records[0].line(0) == line.encode("latin-1") + b"\n"

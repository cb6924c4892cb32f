"""Copy-number tables in the layouts their tools document: what TP53's segment says, in both builds.

Each layout is written as its tool writes it; the sources stand in the formats themselves and in docs/copies.md.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from segment_files import CALLED, CNVKIT, FACETS, FORMATS, Write, table

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.run.analysis import analyse
from tp53annot.run.copy_tables import with_tables
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings
from tp53annot.segments.registry import SEGMENT_FORMATS
from tp53annot.segments.source import read_segments

RESOURCES = resources_of()
ROOT = Path(__file__).resolve().parents[2]
SHIFT = {Build.GRCH37: -96_682, Build.GRCH38: 0}
LENGTH = {Build.GRCH37: 81195210, Build.GRCH38: 83257441}


def vcf(
    folder: Path, build: Build = Build.GRCH38, samples: tuple[str, ...] = ("S1",), name: str = "S1.vcf"
) -> Path:
    path = folder / name
    columns = "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples])
    path.write_text(f"##fileformat=VCFv4.2\n##contig=<ID=chr17,length={LENGTH[build]}>\n{columns}\n")
    return path


def reports(folder: Path, *tables: Path, jobs: tuple[Job, ...] = (), **context: str) -> list[dict[str, Any]]:
    """The reports of a run with tables."""
    todo = with_tables(jobs or (Job(vcf=vcf(folder), context=context),), tables, RESOURCES)
    return [a.document for job in todo for a in analyse(job, RunSettings(), interpreter_of())]


def copies(folder: Path, table: Path, build: Build = Build.GRCH38, **context: str) -> dict[str, Any]:
    (report,) = reports(folder, table, jobs=(Job(vcf=vcf(folder, build), context=context),))
    found: dict[str, Any] = report["copy_number"]
    return found


IDS = [f"{row[0]} {i}" for i, row in enumerate(FORMATS)]


@pytest.mark.parametrize("build", list(Build))
@pytest.mark.parametrize(("name", "file", "text", "state"), FORMATS, ids=IDS)
def test_each_layout_in_both_builds(
    tmp_path: Path, name: str, file: str, text: Write, state: str, build: Build
) -> None:
    path = tmp_path / file
    path.write_text(text(1_000_000 + SHIFT[build], 21_000_000 + SHIFT[build]))
    assert read_segments(path, RESOURCES.reference).format == next(
        f.title for f in SEGMENT_FORMATS if f.name == name
    )
    found = copies(tmp_path, path, build)
    assert found["state"] == state
    (basis,) = found["basis"]
    assert basis["source"] == "table" and file in basis["text"]


def test_every_format_has_its_rows_and_stands_in_the_docs() -> None:
    assert {row[0] for row in FORMATS} == {f.name for f in SEGMENT_FORMATS}
    page = (ROOT / "docs" / "copies.md").read_text()
    for known in SEGMENT_FORMATS:
        assert known.tool in page and known.source.split(",")[0] in page


def test_a_row_with_more_cells_than_columns_is_refused(tmp_path: Path) -> None:
    """R writes row names without a name of their column: every cell would stand under the one before."""
    header, path = "sample chr startpos endpos nMajor nMinor", tmp_path / "S1.segments.txt"
    path.write_text(table(header, "S1 17 1000000 21000000 1 0").rstrip("\n") + "\t\t\n")
    assert copies(tmp_path, path)["state"] == "loss"
    path.write_text(table(header, "S1 1 1 900 1 1", "1 S1 17 1000000 21000000 1 0"))
    with pytest.raises(InputError, match="line 3: 7 cells under 6 columns"):
        copies(tmp_path, path)


SHIFTED = {
    "a column without its cell": ("S1.call.cns", table(f"a {CALLED}", "chr17 999999 21000000 TP53 0.0 0.5 2 1 1 90 9 9"), "12 cells under 13 columns"),
    "a cell too many, without header": ("x.seg", table("", "S1 1 1 900 9 0.0", "S1 17 1000000 21000000 0 900 -0.9"), "7 cells under 6 columns"),
    "a line that breaks off": ("S1.cncf.tsv", table(FACETS, "17 30 900 90 0.0 2.2 5 0.0 2.2 1000000 21000000 0.8"), "12 cells under 14 columns"),
    "copies": ("S1.segments.txt", table("sample chr startpos endpos nMajor nMinor", f"S1 17 1000000 21000000 {10**30} 0"), "1e+30 is no number of copies"),
    "the rarer is commoner": ("S1.cncf.tsv", table(FACETS, "17 30 900 90 0.0 2.2 5 0.0 2.2 1000000 21000000 0.8 1 9"), "9 copies of the rarer allele of 1"),
    "log2": ("S1.cns", table(CNVKIT, "chr17 999999 21000000 TP53 -999 90 9 9"), "-999 is no log2 ratio"),
    "no number": ("S1.segments.txt", table("sample chr startpos endpos nMajor nMinor", "S1 17 1000000 21000000 2 ./.0"), "nminor './.0' is no number"),
    "no count of SEG": ("x.seg", table("Sample Chromosome Start End Num_Tagets Segment_Mean", "S1 chr17 1000000 21000000 20 0.61"), "no copy-number table that is known"),
}  # fmt: skip


@pytest.mark.parametrize("major", ["1", "2", "3"])
def test_copies_of_one_allele_alone_are_no_total(tmp_path: Path, major: str) -> None:
    path = tmp_path / "S1.segments.txt"
    path.write_text(table("sample chr startpos endpos nMajor nMinor", f"S1 17 1000000 21000000 {major} NA"))
    assert copies(tmp_path, path)["state"] == "unknown"


@pytest.mark.parametrize("name", SHIFTED)
def test_cells_that_may_be_of_other_columns_are_refused(tmp_path: Path, name: str) -> None:
    """Each of these gave a state that the table does not state."""
    file, text, words = SHIFTED[name]
    path = tmp_path / file
    path.write_text(text)
    with pytest.raises(InputError, match=re.escape(words)):
        copies(tmp_path, path)


@pytest.mark.parametrize("kind", ["gzip", "crlf", "bom"])
def test_the_container_changes_nothing(tmp_path: Path, kind: str) -> None:
    text = FORMATS[0][2](1_000_000, 21_000_000)
    data = {
        "gzip": gzip.compress(text.encode()),
        "crlf": text.replace("\n", "\r\n").encode(),
        "bom": b"\xef\xbb\xbf" + text.encode(),
    }
    path = tmp_path / "x.seg.gz"
    path.write_bytes(data[kind])
    assert copies(tmp_path, path)["state"] == "loss"


SEG = "ID chrom loc.start loc.end num.mark seg.mean"
RATIOS = [
    (-0.25, None, "loss"),
    (-0.249, None, "unknown"),
    (-0.1, None, "normal"),
    (0.1, None, "normal"),
    (-0.2, "40", "loss"),
    (-0.15, "40", "unknown"),
    (-0.3, "95", "loss"),
    (-0.09, "10", "unknown"),
    (0.02, "10", "unknown"),
    (0.02, "90", "normal"),
]


@pytest.mark.parametrize(("ratio", "blasts", "state"), RATIOS)
def test_log2_alone(tmp_path: Path, ratio: float, blasts: str | None, state: str) -> None:
    path = tmp_path / "x.seg"
    path.write_text(table(SEG, f"S1 17 1000000 21000000 900 {ratio}"))
    assert copies(tmp_path, path, **({"blast_pct": blasts} if blasts else {}))["state"] == state


PARTS = [
    ("exons 2-4 lost", [(7675994, 7700000, 1), (1000000, 7675993, 2)], "loss", "exons 2-4"),
    ("both parts lost", [(7675000, 7700000, 1), (1000000, 7674999, 1)], "loss", "the whole gene"),
    ("normal in two segments", [(7675000, 7700000, 2), (1000000, 7674999, 2)], "normal", "the whole gene"),
    ("normal over a part only", [(7675000, 7700000, 2)], "unknown", "exons 2-5"),
    ("beside the gene", [(1000000, 7600000, 1)], "unknown", "no segment"),
    ("the 3' UTR alone", [(7668000, 7669600, 1)], "unknown", "no segment"),
    ("homozygous loss", [(7000000, 8000000, 0)], "loss", "both copies"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parts", "state", "words"), PARTS, ids=[p[0] for p in PARTS])
def test_parts_of_the_gene(
    tmp_path: Path, name: str, parts: list[tuple[int, int, int]], state: str, words: str
) -> None:
    rows = [f"chr17 {a - 1} {b} - 0.0 {cn} 9 9" for a, b, cn in parts]
    path = tmp_path / "S1.call.cns"
    path.write_text(table("chromosome start end gene log2 cn probes weight", *rows))
    found = copies(tmp_path, path)
    assert found["state"] == state and words in found["basis"][0]["text"]


def test_a_table_of_altered_segments_alone_says_nothing_by_silence(tmp_path: Path) -> None:
    path = tmp_path / "S1.bam_CNVs"
    path.write_text(table("", "1 1 900 3 gain", "17 50000000 60000000 1 loss"))
    found = copies(tmp_path, path)
    assert found["state"] == "unknown" and "altered segments only" in found["basis"][0]["text"]


def cns(folder: Path, name: str, cn: int) -> Path:
    path = folder / name
    path.write_text(
        table("chromosome start end gene log2 cn probes weight", f"chr17 999999 21000000 - 0.0 {cn} 9 9")
    )
    return path


def seg(folder: Path, *rows: tuple[str, float]) -> Path:
    path = folder / "all.seg"
    path.write_text(table(SEG, *(f"{name} 17 1000000 21000000 900 {ratio}" for name, ratio in rows)))
    return path


def two_jobs(folder: Path) -> tuple[Job, ...]:
    return tuple(Job(vcf=vcf(folder, samples=(n,), name=f"{n}.vcf")) for n in ("A1", "A1_relapse"))


def states(found: list[dict[str, Any]]) -> dict[str, str]:
    return {report["sample"]: report["copy_number"]["state"] for report in found}


def test_a_table_is_matched_by_the_names_it_holds(tmp_path: Path) -> None:
    path = seg(tmp_path, ("A1", -0.8), ("A1_relapse", 0.0), ("other", 0.9))
    assert states(reports(tmp_path, path, jobs=two_jobs(tmp_path))) == {"A1": "loss", "A1_relapse": "normal"}


def test_a_table_without_names_is_matched_by_its_own_name(tmp_path: Path) -> None:
    tables = cns(tmp_path, "A1.call.cns", 1), cns(tmp_path, "A1_relapse.call.cns", 2)
    assert states(reports(tmp_path, *tables, jobs=two_jobs(tmp_path))) == {
        "A1": "loss",
        "A1_relapse": "normal",
    }


def test_with_one_sample_a_table_without_names_is_its_own(tmp_path: Path) -> None:
    assert states(reports(tmp_path, cns(tmp_path, "whatever.cns", 1))) == {"S1": "loss"}


def test_the_samples_of_one_file_each_get_their_rows(tmp_path: Path) -> None:
    jobs = (Job(vcf=vcf(tmp_path, samples=("A", "B"), name="run.vcf")),)
    assert states(reports(tmp_path, seg(tmp_path, ("B", -0.8), ("A", 0.0)), jobs=jobs)) == {
        "A": "normal",
        "B": "loss",
    }


def test_a_row_of_a_sheet_has_its_own_tables(tmp_path: Path) -> None:
    jobs = (
        Job(vcf=vcf(tmp_path), label="Pat 7", cnv=(cns(tmp_path, "x.cns", 1), seg(tmp_path, ("S1", -0.8)))),
    )
    (report,) = reports(tmp_path, jobs=jobs)
    assert report["copy_number"]["state"] == "loss" and len(report["copy_number"]["basis"]) == 2
    assert {"x.cns", "all.seg"} <= {i["name"] for i in report["provenance"]["inputs"]}


def test_a_vcf_of_copy_number_calls_is_a_table_too(tmp_path: Path) -> None:
    path = tmp_path / "S1.cnv.vcf"
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
    record = "chr17\t7000000\t.\tN\t<DEL>\t9\tPASS\tEND=8000000;SVTYPE=CNV\tGT:CN\t0/1:1\n"
    path.write_text(f"##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n{columns}{record}")
    (report,) = reports(tmp_path, path)
    assert report["copy_number"]["state"] == "loss" and report["assessment"]["status"] == "deletion_only"
    with pytest.raises(InputError, match="on GRCh38, the sample on GRCh37"):
        reports(tmp_path, path, jobs=(Job(vcf=vcf(tmp_path, Build.GRCH37)),))


def test_a_loss_and_its_kind_reach_the_status(tmp_path: Path) -> None:
    (report,) = reports(tmp_path, cns(tmp_path, "S1.cns", 1))
    assert report["assessment"]["status"] == "deletion_only"
    loh = tmp_path / "S1.segments.txt"
    loh.write_text(table("sample chr startpos endpos nMajor nMinor", "S1 17 1000000 21000000 2 0"))
    (report,) = reports(tmp_path, loh)
    assert report["assessment"]["status"] == "incomplete"


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


REFUSED: list[tuple[str, Callable[[Path], Path], str]] = [
    ("zero bytes", lambda f: write(f, "a.seg", b""), "the file is empty"),
    ("zero bytes, VCF", lambda f: write(f, "a.vcf", b""), "the file is empty"),
    ("not there", lambda f: f / "none.seg", "No such file"),
    ("comments only", lambda f: write(f, "a.seg", "##x\n"), "no table in it"),
    ("another table", lambda f: write(f, "a.tsv", "gene\tvaf\nTP53\t0.4\n"), "no copy-number table that is known"),
    ("not text", lambda f: write(f, "a.seg", b"\xff\xfe\x00S"), "not UTF-8"),
    ("cut gzip", lambda f: write(f, "a.seg.gz", gzip.compress(b"x" * 9000)[:30]), "damaged gzip"),
    ("bins", lambda f: write(f, "S1.cnr", table("chromosome start end gene depth log2 weight", "chr17 1 9 - 9 0 1")), "bins, not segments"),
    ("allele fractions", lambda f: write(f, "S1.af.igv.seg", table("Sample Chromosome Start End Num_Probes Segment_Mean", "S1 17 1 9 9 0.4")), "allele fractions"),
    ("a place that is none", lambda f: write(f, "a.seg", table(SEG, "S1 1 1 9 9 0", "S1 17 x 9 9 0.4")), "line 3"),
    ("other samples", lambda f: seg(f, ("T9", -0.8)), "is of T9, no sample of the run"),
    ("another build", lambda f: write(f, "a.cr.seg", table("CONTIG START END NUM_POINTS_COPY_RATIO MEAN_LOG2_COPY_RATIO", "chr17 1 90 9 0", head="@SQ\tSN:chr17\tLN:81195210\n@RG\tID:x\tSM:S1\n")), "on GRCh37, the sample on GRCh38"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "message"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, name: str, make: Callable[[Path], Path], message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        reports(tmp_path, make(tmp_path))
    assert "\n" not in str(caught.value) and str(tmp_path) in str(caught.value)


def test_a_table_without_names_among_several_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="names no sample"):
        reports(tmp_path, cns(tmp_path, "batch.cns", 1), jobs=two_jobs(tmp_path))
    several = (Job(vcf=vcf(tmp_path, samples=("A", "B"), name="run.vcf")),)
    with pytest.raises(InputError, match="names no sample"):
        reports(tmp_path, cns(tmp_path, "batch.cns", 1), jobs=several)


def test_a_table_of_a_row_that_names_others_is_refused(tmp_path: Path) -> None:
    jobs = (Job(vcf=vcf(tmp_path), label="Pat 7", cnv=(seg(tmp_path, ("T9", -0.8)),)),)
    with pytest.raises(InputError, match="is of T9"):
        reports(tmp_path, jobs=jobs)

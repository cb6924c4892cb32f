"""Sample sheets: what they hold in every format, and what is refused with line and column."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tp53annot.errors import InputError
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.sheet_words import load_sheet_words
from tp53annot.run.inputs.sample_sheet import read_sheet
from tp53annot.run.jobs import Job, Plan
from tp53annot.run.settings import InputSettings

VOCABULARY, WORDS, ASKED = resources_of().vocabulary, load_sheet_words(), InputSettings()
DATE = datetime.datetime(2024, 1, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.vcf", "b.vcf"):
        (tmp_path / name).write_text("")
    return tmp_path


def read(folder: Path, content: str | bytes, name: str = "s.tsv", inputs: tuple[Path, ...] = ()) -> Plan:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_sheet(path, inputs, VOCABULARY, WORDS, ASKED)


def workbook(folder: Path, *rows: tuple[Any, ...]) -> Plan:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "s.xlsx")
    return read_sheet(folder / "s.xlsx", (), VOCABULARY, WORDS, ASKED)


def shown(plan: Plan) -> list[tuple[object, ...]]:
    return [(j.label, j.path.name, j.patient, dict(j.context)) for j in plan.jobs]


EXPECTED = [
    ("S1", "a.vcf", "P1", {"age_years": "34", "sample_date": "2024-01-05"}),
    ("S 2", "b.vcf", "P1", {"lineage": "T-ALL"}),
]
TSV = "sample\tvcf\tpatient\tage_years\tsample_date\tlineage\nS1\ta.vcf\tP1\t34\t2024-01-05\t\nS 2\tb.vcf\tP1\t\t\tT-ALL\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.tsv", TSV),
        ("s.tsv", "\ufeff" + TSV),
        ("s.tsv", TSV.replace("\n", "\r\n")),
        ("s.tsv", TSV.replace("\n", "\n\n").replace("S 2", "# a comment\nS 2")),
        ("s.tsv", TSV.replace("lineage", "Lineage\t\t").replace("\t\nS 2", "\t\t\t\nS 2")),
        ("s.csv", TSV.replace("\t", ",")),
        ("s.csv", TSV.replace("\t", ";")),
        ("s.csv", TSV.replace("\t", ",").replace("S 2", '"S 2"')),
    ],
    ids=["tsv", "bom", "crlf", "empty lines", "empty columns", "csv", "semicolon", "quoted"],
)
def test_the_same_sheet_in_any_text_format(folder: Path, name: str, content: str) -> None:
    assert shown(read(folder, content, name)) == EXPECTED


def test_a_workbook_with_numbers_and_dates(folder: Path) -> None:
    plan = workbook(
        folder,
        ("sample", "vcf", "patient", "age_years", "sample_date", "lineage", None),
        ("S1", "a.vcf", "P1", 34.0, DATE, None, None),
        (None, None, None, None, None, None, None),
        ("S 2", "b.vcf", "P1", None, None, "T-ALL", None),
    )
    assert shown(plan) == EXPECTED


def test_a_sample_number_stays_a_number(folder: Path) -> None:
    plan = workbook(folder, ("sample", "vcf"), (1234.0, "a.vcf"), (77, "b.vcf"))
    assert [job.label for job in plan.jobs] == ["1234", "77"]


HEAD = "sample\tvcf\tage_years\n"
BAD = [
    ("a date as name", [("sample", "vcf"), (DATE, "a.vcf")], "line 2, column sample"),
    ("a time as age", [("sample", "vcf", "age_years"), ("S1", "a.vcf", datetime.time(3, 4))], "line 2, column age_years"),
    ("a failed formula", [("sample", "vcf"), ("S1", "a.vcf"), ("#N/A", "b.vcf")], "line 3, column sample"),
    ("unknown column", "sample\tvfc\nS1\ta.vcf\n", "line 1"),
    ("no sample column", "vcf\na.vcf\n", "line 1"),
    ("column twice", "sample\tvcf\tVCF\nS1\ta.vcf\ta.vcf\n", "line 1"),
    ("name twice", HEAD + "S1\ta.vcf\t\nS1\tb.vcf\t\n", "line 3, column sample"),
    ("no name", HEAD + "\ta.vcf\t3\n", "line 2, column sample"),
    ("no file", HEAD + "S1\tnone.vcf\t3\n", "line 2, column vcf"),
    ("no vcf", HEAD + "S1\t\t3\n", "line 2, column vcf"),
    ("not a number", HEAD + "S1\ta.vcf\tforty\n", "line 2, column age_years"),
    ("out of range", HEAD + "S1\ta.vcf\t\nS2\tb.vcf\t340\n", "line 3, column age_years"),
    ("more cells", HEAD + "S1\ta.vcf\t3\tmore\n", "line 2"),
    ("quoted lines before", 'sample,vcf,age_years\n"S1",a.vcf,"3\n"\nS2,b.vcf,x\n', "line 4, column age_years"),
    ("open quote", 'sample,vcf\n"S1,a.vcf\nS2,b.vcf\n', "line 2"),
    ("header only", HEAD, "no sample"),
    ("empty", "", "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "place"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_cannot_be_used_is_refused_with_its_place(folder: Path, content: Any, place: str) -> None:
    with pytest.raises(InputError) as error:
        workbook(folder, *content) if isinstance(content, list) else read(folder, content)
    message = str(error.value)
    assert place in message and message.startswith(str(folder / "s.")) and "\n" not in message


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04broken"])
def test_a_damaged_workbook(folder: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="cannot be read as XLSX"):
        read(folder, content, "s.xlsx")


def test_paths_count_from_the_sheet_then_from_the_inputs(folder: Path) -> None:
    sub = folder / "sub"
    sub.mkdir()
    (sub / "c.vcf").write_text("")
    plan = read(folder, "sample\tvcf\nS1\tsub/c.vcf\nS2\tc.vcf\n", inputs=(sub,))
    assert [job.vcf for job in plan.jobs] == [sub / "c.vcf", sub / "c.vcf"]


def test_files_are_found_by_the_name_of_the_sample_and_what_is_left_is_said(folder: Path) -> None:
    for name in ("a.bam", "b.pdf", "c.vcf"):
        (folder / name).write_text("")
    plan = read(folder, "sample\na\nb\n", inputs=(folder,))
    assert plan.jobs == (
        Job(vcf=folder / "a.vcf", bam=folder / "a.bam", label="a"),
        Job(vcf=folder / "b.vcf", label="b"),
    )
    assert [path for path, _ in plan.left] == [str(folder / "b.pdf"), str(folder / "c.vcf")]
    (folder / "a.vcf").rename(folder / "a.x.vcf")
    (folder / "a.y.vcf").write_text("")
    with pytest.raises(InputError, match=r"line 2, column vcf: a\.x\.vcf and a\.y\.vcf"):
        read(folder, "sample\na\n", inputs=(folder,))

"""The same sheet in every clothing gives the same jobs; every fault of a sheet is told at once."""

from __future__ import annotations

import datetime
import io
import pickle
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sheet_variants import HEAD, ROWS, Variant, open_document, open_row, variants

from tp53annot.commands.run import run_command
from tp53annot.errors import FaultsError, InputError
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.sheet_words import load_sheet_words, plain_word
from tp53annot.run.inputs.sample_sheet import read_sheet
from tp53annot.run.inputs.words import WordError, canonical
from tp53annot.run.jobs import Job, Plan
from tp53annot.run.settings import InputSettings
from tp53annot.system.grid import SheetCell

VOCABULARY, WORDS = resources_of().vocabulary, load_sheet_words()
VARIANTS = variants()


def read(folder: Path, data: str | bytes, name: str = "s.csv", **options: Any) -> Plan:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_sheet(path, [folder], VOCABULARY, WORDS, InputSettings(sheet=path, **options))


def faults(folder: Path, data: str | bytes, name: str = "s.csv", **options: Any) -> tuple[str, ...]:
    with pytest.raises(InputError) as error:
        read(folder, data, name, **options)
    assert all("\n" not in line and line.startswith(str(folder / name)) for line in error.value.lines)
    return tuple(line.removeprefix(f"{folder / name}: ") for line in error.value.lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.vcf", "b.vcf", "c.vcf"):
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def expected(folder: Path) -> tuple[Job, ...]:
    return tuple(
        Job(
            vcf=folder / row[1],
            label=row[0],
            patient=row[2],
            context={name: text for name, text in zip(HEAD[3:], row[3:], strict=True) if text},
        )
        for row in ROWS
    )


def test_there_are_thirty_of_them() -> None:
    assert len({(v.file, v.data) for v in VARIANTS}) >= 30


@pytest.mark.parametrize("variant", VARIANTS, ids=[v.name for v in VARIANTS])
def test_the_same_sheet_in_every_clothing_is_the_same_jobs(variant: Variant, folder: Path) -> None:
    found = read(folder, variant.data, variant.file, **variant.options)
    assert found.jobs == expected(folder) and not found.missing


BAD = """Probenliste
Probe;VCF;BAM;Alter;Blasten (%);Immunphänotyp;Ph;Entnahmedatum;lineag;Name
S1;a.vcf;;34;0,88;c-ALL;neg;05/01/2024;;Müller
S2;nichts.vcf;;340;;T;-;45296;;
;b.vcf;;34%;;hypodiploid;+;5. Jan 24;;
S1;A.VCF;;alt;120;B;neg;31.02.2024;;;mehr
"""


def test_all_faults_at_once_row_by_row_each_with_place_cause_and_mending(folder: Path) -> None:
    found = faults(folder, BAD)
    places = [line.split(": ")[0] for line in found]
    assert places == [
        "line 2", "line 2",
        "line 3, column Blasten (%)", "line 3, column Entnahmedatum",
        "line 4, column Alter", "line 4, column Ph", "line 4, column Entnahmedatum", "line 4, column VCF",
        "line 5, column Alter", "line 5, column Immunphänotyp", "line 5, column Entnahmedatum", "line 5, column Probe",
        "line 6", "line 6, column Alter", "line 6, column Blasten (%)", "line 6, column Entnahmedatum",
        "line 6, column Probe", "line 6, column VCF",
        "18 faults; nothing was run",
    ]  # fmt: skip
    assert all("; " in line for line in found), "each says how to mend it"
    for text in (
        "column 'lineag' is not known; did you mean 'lineage'? Rename it, or leave out such columns with --ignore-columns",
        "column 'Name' is not known; the page 'Sample sheets' of the documentation lists the columns. Drop it, or leave",
        "'0,88' may be 0.88 % or 88 %; write 0.88% or 88%",
        "'05/01/2024' leaves open which number is the day",
        "'-' may mean no, or not known; write one of positive, negative, or empty the cell",
        "'45296' is a number, perhaps a spreadsheet's count of days",
        "sample 'S2': no such file: nichts.vcf; paths count from the folder of the sheet",
        "'34%' has a per-cent sign, but the field is no share",
        "sample 'S1' stands in line 3, too; give every sample one row",
        "no such file: A.VCF; there is a.vcf: correct the cell",
    ):
        assert any(text in line for line in found), text


def test_a_column_that_would_set_an_option_is_refused_with_the_option(folder: Path) -> None:
    sheet = "sample,vcf,Min. VAF,assembly,panel\nS1,a.vcf,0.01,GRCh37,A\n".replace("Min. VAF", "min_vaf")
    found = faults(folder, sheet)
    assert [line.split(";")[0] for line in found[:2]] == [
        "line 1: column 'min_vaf' is no column of samples: --min-vaf sets it for the whole run",
        "line 1: column 'assembly' is no column of samples: --assembly sets it for the whole run",
    ]
    assert "column 'panel' is not known" in found[2]
    left = read(folder, sheet, ignore_columns=True)
    assert left.jobs[0].context == {} and [r.split(": ", 1)[1] for r in left.remarks[:2]] == [
        "column 'min_vaf' is left out and sets nothing; --min-vaf does, for the whole run",
        "column 'assembly' is left out and sets nothing; --assembly does, for the whole run",
    ]


def test_options_that_a_sheet_does_not_set_are_those_of_run() -> None:
    known = {name for option in run_command.params for name in option.opts}
    assert set(load_sheet_words().options.values()) <= known


def test_the_faults_survive_the_way_between_processes(folder: Path) -> None:
    with pytest.raises(FaultsError) as error:
        read(folder, BAD)
    assert pickle.loads(pickle.dumps(error.value)).lines == error.value.lines
    assert "\n" not in str(error.value)


def test_a_missing_file_costs_its_sample_unless_the_run_is_strict(folder: Path) -> None:
    sheet = "sample,vcf,cnv\nS1,a.vcf,\nS2,no.vcf,\nS3,c.vcf,no.seg\n"
    found = read(folder, sheet)
    assert [job.label for job in found.jobs] == ["S1"]
    assert [line.split(": ", 1)[1] for line in found.missing] == [
        "line 3, column vcf: sample 'S2': no such file: no.vcf; "
        "paths count from the folder of the sheet, then from the INPUT folders",
        "line 4, column cnv: sample 'S3': no such file: no.seg; "
        "paths count from the folder of the sheet, then from the INPUT folders",
    ]
    assert len(faults(folder, sheet, strict=True)) == 3
    assert len(faults(folder, "sample,vcf\nS1,no.vcf\nS2,none.vcf\n")) == 3, "nothing is left to run"


def test_columns_that_are_not_known_are_listed_where_they_are_left_out(folder: Path) -> None:
    sheet = "sample,vcf,lineag,,Station\nS1,a.vcf,T-ALL,x,K1\n"
    assert len(faults(folder, sheet)) == 4
    found = read(folder, sheet, ignore_columns=True)
    assert found.jobs[0].context == {}
    assert found.remarks == (
        "s.csv: column 'lineag' is left out, though its name is like 'lineage'",
        "s.csv: the 4th column, which has no name, is left out",
        "s.csv: column 'Station' is left out",
    )


def book(folder: Path, **tabs: Sequence[Sequence[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in tabs.items():
        tab = made.create_sheet(title)
        for row in rows:
            tab.append(row)
    made.save(folder / "made.xlsx")
    return (folder / "made.xlsx").read_bytes()


def test_the_tab_that_fits_is_taken_and_several_are_asked_about(folder: Path) -> None:
    sheet = [("sample", "vcf"), ("S1", "a.vcf")]
    found = read(folder, book(folder, Info=[("x",)], Proben=sheet), "s.xlsx")
    assert found.remarks == ("s.xlsx: the samples are in tab 'Proben'",)
    both = book(folder, alt=sheet, neu=[*sheet, ("S2", "b.vcf")])
    assert faults(folder, both, "s.xlsx") == (
        "the tabs 'alt' and 'neu' are sample sheets; say which with --sheet-tab",
    )
    assert len(read(folder, both, "s.xlsx", sheet_tab="NEU").jobs) == 2
    assert faults(folder, both, "s.xlsx", sheet_tab="new") == (
        "there is no tab 'new'; its tabs are 'alt', 'neu'",
    )
    assert faults(folder, "sample\nS1\n", sheet_tab="x") == (
        "a text file has no tabs; leave out --sheet-tab",
    )
    wrong = book(folder, Info=[("x",)], Proben=[*sheet, ("S1", "b.vcf")])
    assert "tab 'Proben', line 3, column sample" in faults(folder, wrong, "s.xlsx")[0]


def test_a_workbooks_cells_are_what_they_show(folder: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(("sample", "vcf", "blast_pct", "age_years"))
    for sample, form, share, shown in (
        (7, "00000", 0.07, '0" %"'),
        (8, "General", 0.29, "0%"),
        (9, "0", 0.5, "0.00 %"),
    ):
        made.active.append((sample, "a.vcf", share, 3))
        made.active.cell(made.active.max_row, 1).number_format = form
        made.active.cell(made.active.max_row, 3).number_format = shown
    made.save(folder / "made.xlsx")
    data = (folder / "made.xlsx").read_bytes()
    assert "line 2, column blast_pct: '0.07' may be" in faults(folder, data, "s.xlsx")[0], (
        "a quoted sign is decoration"
    )
    made.active.cell(2, 3).number_format = "0%"
    made.save(folder / "made.xlsx")
    jobs = read(folder, (folder / "made.xlsx").read_bytes(), "s.xlsx").jobs
    assert [(job.label, job.context["blast_pct"]) for job in jobs] == [
        ("00007", "7"),
        ("8", "29"),
        ("9", "50"),
    ]


def test_a_formula_that_was_never_worked_out_is_no_empty_cell(folder: Path) -> None:
    made = openpyxl.Workbook()
    for row in (("sample", "vcf", "age_years"), ("S1", "a.vcf", "=30+4"), ('="S"&2', "b.vcf", 5)):
        made.active.append(row)
    made.save(folder / "made.xlsx")
    found = faults(folder, (folder / "made.xlsx").read_bytes(), "s.xlsx")
    assert [line.split(":")[0] for line in found[:2]] == ["line 2, column age_years", "line 3, column sample"]
    assert all("a formula without a value; open the workbook in its program" in line for line in found[:2])


def test_a_range_that_is_stated_too_small_hides_nothing(folder: Path) -> None:
    data = book(folder, Proben=[("sample", "vcf", "age_years"), ("S1", "a.vcf", 34), ("S2", "b.vcf", 5)])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:C3"', b'<dimension ref="A1:B2"'))
    jobs = read(folder, out.getvalue(), "s.xlsx").jobs
    assert [(job.label, job.context["age_years"]) for job in jobs] == [("S1", "34"), ("S2", "5")]


def test_a_file_in_the_wrong_column(folder: Path) -> None:
    (folder / "a.bam").write_bytes(b"")
    found = faults(folder, "sample,vcf,bam\nS1,a.bam,a.vcf\nS2,b.vcf,b.vcf\n")
    assert found[:2] == (
        "line 2, column vcf: a.bam is no file for this column by its name; write it into the column bam",
        "line 3, column bam: b.vcf is no file for this column by its name; write it into the column vcf",
    )


def test_another_table_is_told_by_its_columns_alone(folder: Path) -> None:
    assert len(faults(folder, "Gen,lineage\nTP53,x\nTP53,y\n")) == 3
    assert len(faults(folder, "smaple,lineage\nS1,x\nS2,y\n")) == 5, "a misspelt column of samples is one"
    (line,) = faults(folder, "x", "s.vcf")
    assert line == "calls or reads, not a sample sheet; give it as INPUT"


def test_cells_of_an_open_document(folder: Path) -> None:
    date = datetime.date(2024, 1, 5)
    rows = open_row(["sample", "vcf", "blast_pct", "sample_date"]) + open_row(
        ["S1", "a.vcf", (0.875, "88 %"), date]
    )
    found = read(folder, open_document({"T": rows}), "s.ods")
    assert found.jobs[0].context == {"blast_pct": "87.5", "sample_date": "2024-01-05"}
    wrong = open_document({"T": open_row(["sample", "vcf"]) + open_row([date, "a.vcf"])})
    assert "line 2, column sample: the spreadsheet holds a date" in faults(folder, wrong, "s.ods")[0]


@pytest.mark.parametrize(
    ("data", "name", "cause"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "s.xls", "an old Excel workbook (.xls), or one with a password"),
        (b"PK\x03\x04broken", "s.ods", "cannot be read as XLSX"),
        ("sample,vcf\nSch\u00fctz,a.vcf\n".encode("mac-roman"), "s.csv", "line 2: its letters are of an unknown code page"),
        ("sample,vcf\nM\u00e4rz,a.vcf\n".encode("cp850"), "s.csv", "line 2: its letters are of an unknown code page"),
        (bytes(range(256)), "s.csv", "not a text table"),
        (b"", "~$s.xlsx", "a leftover of Excel or Word, while the file is open, not a sample sheet"),
    ],
    ids=["xls", "damaged", "Macintosh", "DOS", "bytes", "lock file"],
)  # fmt: skip
def test_what_is_no_sheet_is_said_in_one_line(folder: Path, data: bytes, name: str, cause: str) -> None:
    (line,) = faults(folder, data, name)
    assert line.startswith(cause) and "; " in line


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        *[("lineage", text, "B-ALL") for text in ("c-ALL", "C-ALL", "common ALL", "prä-B-ALL", "prae B ALL", "BCP-ALL")],
        *[("lineage", text, None) for text in ("c-Al", "ALL", "lymphoid", "B/T", "B-ALL?")],
        ("lineage", "reife B-ALL", "mature_B_Burkitt"), ("lineage", "early T-ALL", None),
        ("ploidy", "hypodiploid", None), ("ploidy", "hyperdiploid", None), ("ploidy", "Low Hypodiploid", "low_hypodiploid"),
        ("ph_status", "Ph-", "negative"), ("ph_status", "Ph +", "positive"), ("ph_status", "-", None), ("ph_status", "0", None),
        ("sex", "w", "female"), ("sex", "1", None), ("sex", "Männlich", "male"), ("sex", "-", ""),
        ("del17p_status", "nicht untersucht", "not_tested"), ("ph_status", "nicht untersucht", ""),
        ("therapy", "Blina; Imatinib", "blinatumomab;tki"), ("therapy", "Chemotherapie", None), ("therapy", "Blina; x", None),
        ("sample_date", "5.1.2024", "2024-01-05"), ("sample_date", "2024-01-05 00:00:00", "2024-01-05"),
        ("sample_date", "20240105", "2024-01-05"), ("sample_date", "2024-01-05T09:30", "2024-01-05"),
        *[("sample_date", text, None) for text in ("05/01/2024", "31/12/2023", "1-5-2024", "05.01.24", "Jan 5, 2024", "45296")],
        ("blast_pct", "88%", "88"), ("blast_pct", "88,5 %", "88.5"), ("blast_pct", "1", "1"), ("blast_pct", "0", "0"),
        *[("blast_pct", text, None) for text in (">90", "ca. 90", "80-90", "0.9", "1_0", "\u0668\u0668", "nan1")],
        ("mrd_level", "0.01%", "0.0001"), ("mrd_level", "1e-4", "0.0001"), ("mrd_level", "0,5", "0.5"), ("age_years", "34 Jahre", None),
        ("karyotype", "keine Angabe", ""), ("karyotype", "46,XX", "46,XX"), ("age_years", "-", ""),
    ],
)  # fmt: skip
def test_words_have_one_meaning_or_are_refused(field: str, text: str, value: str | None) -> None:
    if value is not None:
        assert canonical(field, SheetCell(text=text), VOCABULARY[field], WORDS) == value
        return
    with pytest.raises(WordError) as error:
        canonical(field, SheetCell(text=text), VOCABULARY[field], WORDS)
    assert error.value.cause and error.value.fix


def test_every_value_is_understood_as_itself_and_no_word_of_a_field_is_another_fields_name() -> None:
    for name, field in VOCABULARY.items():
        assert WORDS.headings[plain_word(name)] == name
        for value in field.values:
            assert canonical(name, SheetCell(text=value), field, WORDS) == (
                "" if value == "unknown" else value
            )


def test_paths_as_other_systems_write_them(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "u\u0308.vcf").write_bytes(b"")
    sheet = 'sample;vcf\nS1;sub\\\u00fc.vcf\nS2;"""a.vcf"""\nS3;C:\\lab\\c.vcf\nS4;\0/../c.vcf\n'
    found = read(folder, sheet)
    assert [job.vcf and job.vcf.name for job in found.jobs] == ["u\u0308.vcf", "a.vcf"]
    assert "this is /mnt/c/lab/c.vcf" in found.missing[0]


def test_a_row_beyond_what_a_sheet_has(folder: Path) -> None:
    """Empty rows up to it would be filled in for hours."""
    book, changed = next(v.data for v in variants() if v.name == "xlsx text"), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<row r="4"', b'<row r="2147483647"'))
    assert "cannot be read as XLSX" in faults(folder, changed.getvalue(), "s.xlsx")[0]


def test_spaces_written_as_a_number(folder: Path) -> None:
    """Two thousand million of them would fill the memory."""
    row = open_row(["S1", "a.vcf"]).replace("S1", '<text:s text:c="2147483647"/>S1')
    book = open_document({"T": open_row(["sample", "vcf"]) + row})
    assert [job.label for job in read(folder, book, "s.ods").jobs] == ["S1"]


def test_a_folder_where_a_file_belongs(folder: Path) -> None:
    (folder / "sub").mkdir()
    found = read(folder, "sample\tvcf\nS1\tsub\nS2\t.\nS3\ta.vcf\n")
    assert [job.label for job in found.jobs] == ["S3"]
    assert "line 2, column vcf: sample 'S1': sub is a folder; name the file in it" in found.missing[0]
    assert "line 3" in found.missing[1]

"""Cohorts: the same files from run and from cohort, damaged reports named, samples kept apart."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest

from tp53annot.cohort.coverage import step_names
from tp53annot.cohort.excerpt import Excerpt
from tp53annot.cohort.page import render_cohort
from tp53annot.cohort.published import compare_published
from tp53annot.cohort.row import Mark, ReportRow, row_of
from tp53annot.cohort.summary import find_reports, read_rows, write_cohort
from tp53annot.cohort.tables import SAMPLE_COLUMNS, Entry, entries, sample_cells
from tp53annot.errors import InputError
from tp53annot.knowledge.resources import resources_of
from tp53annot.report.facts import context_value
from tp53annot.report.model.json_form import from_json
from tp53annot.report.model.report import Protein
from tp53annot.report.workbook import Sheet, write_workbook

TOOL = [sys.executable, "-m", "tp53annot"]
EXAMPLE = Path(__file__).parents[2] / "resources" / "example"
RESOURCES = resources_of()
RULES = RESOURCES.rules.cohort
FILES = (
    "cohort.tsv",
    "cohort.xlsx",
    "cohort.html",
    "cohort.maf",
    "multiqc/tp53annot_mqc.json",
    "versions.yml",
)


def tool(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TOOL, *map(str, arguments)], capture_output=True, text=True)


@pytest.fixture(scope="module")
def run_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "out"
    done = tool("run", EXAMPLE, "--samples", EXAMPLE / "samples.tsv", "-o", folder, "-j", 2)
    assert done.returncode == 0, done.stderr
    return folder


def document(run_output: Path, name: str = "DEMO-01") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run_output / name / f"{name}.tp53.json").read_text())
    return found


def save(folder: Path, content: object, name: str = "X") -> Path:
    path = folder / name / f"{name}.tp53.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def row(sample: str = "S", status: str = "incomplete", **fields: Any) -> ReportRow:
    plain: dict[str, Any] = {
        "patient": None, "report": f"{sample}/{sample}.tp53.html", "assembly": "GRCh38", "tp53_mutated_all": None,
        "allelic_state": "none", "germline_flag": "not_suspected", "clonal_haematopoiesis_flag": False, "marks": (),
        "rejected": 0, "uninterpreted": 0, "warnings": 0, "region_assessed": None, "exons": None,
        "context": {"diagnosis": "ALL"},
    }  # fmt: skip
    return ReportRow(sample=sample, status=status, **(plain | fields))


def mark(name: str = "R175H", vaf: float | None = 0.4, **fields: Any) -> Mark:
    plain = {
        "hgvs_c": "c.524G>A",
        "hgvs_p": "p.(Arg175His)",
        "kind": "missense",
        "oncogenicity": "oncogenic",
        "residue": 175,
    }
    return Mark(name=name, vaf=vaf, **(plain | fields))


def page(rows: list[ReportRow], language: str = "en") -> str:
    found = entries(rows, [r.report for r in rows])
    shape = Protein(length=393, domains=(), hotspots=(), assays={})
    return render_cohort(found, RESOURCES.texts(language), RULES, RESOURCES.statements, shape, "0")


@pytest.mark.parametrize("jobs", [1, 2])
def test_cohort_writes_what_run_wrote(run_output: Path, jobs: int) -> None:
    before = {name: (run_output / name).read_bytes() for name in FILES}
    record = (run_output / "run.json").read_bytes()
    done = tool("cohort", run_output, "-o", run_output, "-j", jobs)
    counted = "6 reports: 4 mutated, 2 low_level"
    assert (done.returncode, done.stderr) == (0, f"{counted}\npage: {run_output / 'cohort.html'}\n")
    assert {name: (run_output / name).read_bytes() for name in FILES} == before
    assert (run_output / "run.json").read_bytes() == record


def test_links_lead_to_the_reports_from_any_folder(run_output: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "summary"
    assert tool("cohort", run_output, "-o", out).returncode == 0
    links = re.findall(r'<td><a href="([^"]+)">', (out / "cohort.html").read_text())
    assert len(links) == 6 and all((out / unquote(link)).resolve().is_file() for link in links)


def test_samples_of_one_patient_link_to_their_pages(tmp_path: Path) -> None:
    head = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
    for name in ("A", "B"):
        (tmp_path / f"{name}.vcf").write_text(f"{head}\tFORMAT\t{name}\n")
    (tmp_path / "s.tsv").write_text("sample\tvcf\tpatient\nA\tA.vcf\tP\nB\tB.vcf\tP\n")
    out = tmp_path / "out"
    assert tool("run", tmp_path, "--samples", tmp_path / "s.tsv", "-o", out).returncode == 0
    table = list(csv.DictReader((out / "cohort.tsv").open(), delimiter="\t"))
    assert [line["report"] for line in table] == ["A/A.tp53.html", "B/B.tp53.html"]
    before = {name: (out / name).read_bytes() for name in FILES}
    assert tool("cohort", out, "-o", out).returncode == 0
    assert {name: (out / name).read_bytes() for name in FILES} == before


def test_workbook_and_table_say_the_same(run_output: Path) -> None:
    book = openpyxl.load_workbook(run_output / "cohort.xlsx")
    assert book.sheetnames == ["Samples", "Variants"]
    header, *body = [
        [("" if c is None else c) for c in line] for line in book["Samples"].iter_rows(values_only=True)
    ]
    table = list(csv.DictReader((run_output / "cohort.tsv").open(), delimiter="\t"))
    assert header == list(table[0]) and len(body) == len(table) == 6
    for line, expected in zip(body, table, strict=True):
        for name, value in zip(header, line, strict=True):
            same = str(value) == expected[name]
            assert same or float(value) == pytest.approx(float(expected[name]), rel=1e-5), name
    variants = [line[0] for line in book["Variants"].iter_rows(min_row=2, values_only=True)]
    assert len(variants) == sum(int(line["variant_count"]) for line in table)


DAMAGED: dict[str, Any] = {
    "not JSON": b"{", "empty": b"", "a list": [], "another schema": {"schema_version": "3.0"},
    "no version": {"sample": "x"}, "deeply nested": b"[" * 100_000, "lacks the rest": {"schema_version": "1.0"},
}  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_report_is_named_and_the_others_are_done(
    run_output: Path, tmp_path: Path, content: Any
) -> None:
    bad = save(tmp_path / "in", content)
    save(tmp_path / "in", document(run_output), "DEMO-01")
    done = tool("cohort", tmp_path / "in", "-o", tmp_path / "out")
    told, counted, page = done.stderr.splitlines()
    assert done.returncode == 5 and str(bad) in told
    assert counted.startswith("1 report: 1 ") and counted.endswith("; 1 failed") and page.startswith("page: ")
    record = json.loads((tmp_path / "out" / "cohort.json").read_text())
    assert record["reports"] == 1 and len(record["failures"]) == 1 and str(bad) in record["failures"][0]
    bad_alone = tool("cohort", bad.parent, "-o", tmp_path / "none")
    assert bad_alone.returncode == 3 and not list((tmp_path / "none").iterdir())


CHANGES = [
    ("assessment.status", "wild_type"), ("assessment.status", None), ("assessment", []), ("variants", {"a": 1}),
    ("variants.0.vaf", "high"), ("variants.0.vaf", 40), ("variants.0.codon", "x"), ("variants.0.consequence", None),
    ("variants.0.classification.class", "bad"), ("coverage", "good"), ("context", [1]), ("context.age_years.value", {}),
    ("sample", 7), ("patient", 7), ("assembly", None), ("variants.0.hgvs_c", None),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value"), CHANGES)
def test_a_report_with_a_wrong_value_is_refused(run_output: Path, place: str, value: object) -> None:
    changed: Any = document(run_output)
    *way, last = [int(p) if p.isdigit() else p for p in place.split(".")]
    target = changed
    for part in way:
        target = target[part]
    target[last] = value
    with pytest.raises(ValueError, match=r"."):
        row_of(from_json(Excerpt, changed), "x", RULES.kinds)


def test_samples_of_one_name_are_kept_apart(run_output: Path, tmp_path: Path) -> None:
    for lab in ("lab1", "lab2"):
        save(tmp_path / lab, document(run_output), "DEMO-01")
    out = tmp_path / "out"
    assert (
        tool(
            "cohort", tmp_path / "lab1", tmp_path / "lab2", tmp_path / "lab1" / "DEMO-01", "-o", out
        ).returncode
        == 0
    )
    table = list(csv.DictReader((out / "cohort.tsv").open(), delimiter="\t"))
    assert [line["report"] for line in table] == [
        "../lab1/DEMO-01/DEMO-01.tp53.json", "../lab2/DEMO-01/DEMO-01.tp53.json",
    ]  # fmt: skip
    names = list(json.loads((out / "multiqc" / "tp53annot_mqc.json").read_text())["data"])
    assert names == ["DEMO-01 (../lab1/DEMO-01)", "DEMO-01 (../lab2/DEMO-01)"]


def test_reports_are_found_once_through_links_and_never_half_written_ones(
    run_output: Path, tmp_path: Path
) -> None:
    save(tmp_path / "a", document(run_output), "DEMO-01")
    (tmp_path / "a" / ".tp53annot-1-xDEMO-01.tp53.json").write_text("{")
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a")
    (tmp_path / "staged").mkdir()
    (tmp_path / "staged" / "S").symlink_to(tmp_path / "a" / "DEMO-01")
    assert len(find_reports([tmp_path / "a"])[0]) == 1
    assert len(find_reports([tmp_path / "staged"])[0]) == 1
    assert len(find_reports([tmp_path])[0]) == 1
    for folders in ([tmp_path / "none"], [tmp_path / "empty"]):
        (tmp_path / "empty").mkdir(exist_ok=True)
        with pytest.raises(InputError):
            find_reports(folders)


def test_the_order_of_reports_and_workers_changes_nothing(tmp_path: Path, run_output: Path) -> None:
    base = document(run_output)
    for number in range(150):
        save(tmp_path / "in", base | {"sample": f"S{number % 140:03}"}, f"S{number:03}")
    paths, _ = find_reports([tmp_path / "in"])
    one = read_rows(paths, RULES.kinds)
    two = read_rows(paths[::-1], RULES.kinds, jobs=2)
    for name, reading in (("one", one), ("two", two)):
        write_cohort(tmp_path / name, reading.rows, RESOURCES, "en")
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


class Page(HTMLParser):
    """Counts list rows and collects what a browser would load or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_needs_nothing_and_runs_only_its_own_script() -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    text = page([row(evil, "mutated", patient=evil, marks=(mark(evil),), report=f"{evil}/a.html")])
    tags = Page(text).tags
    assert [tag for tag, _ in tags].count("script") == 1 and not [
        t for t, _ in tags if t in ("img", "link", "iframe")
    ]
    assert not any(name.startswith("on") or name == "src" for _, attributes in tags for name in attributes)
    script = text[text.index("<script>") + 8 : text.index("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text


@pytest.mark.parametrize("language", ["en", "de"])
def test_figures_grow_with_the_cohort_only_up_to_a_size(language: str) -> None:
    limits = RULES.limits
    exons = tuple((str(n), 0.01 * n) for n in range(2, 12))
    sizes = {}
    for number in (1, 40, limits.heatmap_samples + 1, 3 * limits.figure_samples):
        rows = [row(f"S{i:05}", "mutated", marks=(mark(vaf=i / number),), exons=exons) for i in range(number)]
        text = page(rows, language)
        figures = re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL)
        sizes[number] = sum(map(len, figures))
        columns = text.count('class="hit"')
        assert columns <= limits.figure_samples + limits.heatmap_samples
        assert text.count("<tr><td><a href") == number
    assert sizes[3 * limits.figure_samples] < 1.5 * limits.figure_samples / 40 * sizes[40]


def test_a_cohort_without_findings_or_coverage_has_a_page() -> None:
    text = page([row("A"), row("B", "not_detected")])
    assert RESOURCES.texts("en")["cohort"]["none_altered"] in text
    assert RESOURCES.texts("en")["cohort"]["coverage_none"] in text


def test_the_list_of_a_large_cohort_starts_with_the_altered() -> None:
    most = RULES.limits.list_rows
    rows = [row(f"S{i:06}") for i in range(most + 20)] + [row("Z", "mutated", marks=(mark(),))]
    text = page(rows)
    assert text.count("<tr><td><a href") == most
    assert text.index(">Z</a>") < text.index(">S000000</a>")
    assert f"{most} of {most + 21} samples are listed" in text


def test_a_patient_with_several_samples_is_shown_by_date() -> None:
    rows = [
        row("late", "mutated", patient="P1", marks=(mark(vaf=0.1),), context={"sample_date": "2024-05-01"}),
        row("early", "mutated", patient="P1", marks=(mark(vaf=0.5),), context={"sample_date": "2023-01-01"}),
        row("other", patient="P2"),
    ]
    text = page(rows)
    several = text[text.index("Patients with several samples") :]
    assert several.index(">early</a>") < several.index(">late</a>")
    assert "<td>50.0 %</td><td>10.0 %</td>" in several and "P2" not in several


@pytest.mark.parametrize(("language", "day"), [("en", "2023-01-01"), ("de", "01.01.2023")])
def test_a_sample_is_dated_by_either_field(language: str, day: str) -> None:
    rows = [
        row("a_late", patient="P1", context={"sample_date": "2024-05-01"}),
        row(
            "z_early", patient="P1", context={"collection_date": "2023-01-01", "disease_phase": "remission_1"}
        ),
    ]
    text = page(rows, language)
    several = text[text.rindex("P1</th>") :]
    assert several.index(">z_early</a>") < several.index(">a_late</a>")
    phase = context_value("remission_1", RESOURCES.texts(language))
    assert f">z_early</a><br><small>{day}</small><br><small>{phase}</small>" in several
    cells = [dict(zip(SAMPLE_COLUMNS, sample_cells(e), strict=True)) for e in entries(rows, [None, None])]
    dates = [(c["sample"], c["sample_date"], c["collection_date"]) for c in cells]
    assert dates == [("a_late", "2024-05-01", None), ("z_early", None, "2023-01-01")]


def test_published_figures_stand_in_their_statements() -> None:
    by_id = {s.id: s for s in RESOURCES.statements}
    for entry in RULES.published:
        statement = by_id[entry.statement]
        printed = f"{statement.claim} {statement.effect.value}"
        assert f"{entry.percent:g} %" in printed, entry
        if entry.mutated is not None and entry.total is not None:
            assert f"{entry.mutated}/{entry.total}" in printed, entry
            assert round(100 * entry.mutated / entry.total, 1) == pytest.approx(entry.percent, abs=0.5)
        assert statement.publish not in ("held", "note_if_verified") and statement.reference.short
        assert set(entry.group) == {"en", "de"}
        assert all(c.field in RESOURCES.vocabulary for c in entry.when)


def test_a_cohort_is_compared_by_patients_of_the_group() -> None:
    b_all = {"diagnosis": "ALL", "lineage": "B-ALL"}
    rows = [
        row("A1", "mutated", patient="A", marks=(mark(),), context=b_all),
        row("A2", "not_detected", patient="A", context=b_all),
        row("B1", "incomplete", patient="B", context=b_all),
        row("C1", "not_detected", context={"diagnosis": "ALL", "lineage": "T-ALL"}),
        row("D1", "not_detected"),
        row("E1", "deletion_only", context=b_all | {"age_years": "old"}),
    ]
    found = {
        (c.entry.group["en"], c.statement.id): c for c in compare_published(rows, RULES, RESOURCES.statements)
    }
    b = found["B-lineage ALL", "L01"]
    assert (b.mutated, b.total, b.incomplete, b.open) == (1, 3, 1, 1)
    everyone = found["ALL", "L01"]
    assert (everyone.mutated, everyone.total) == (1, 5)
    text = page(rows)
    assert "41/267 (15.4&nbsp;%)" in text and "1/3 (33.3 %" in text and "Stengel" in text


def test_steps_of_the_lowest_detectable_vaf() -> None:
    assert step_names((0.01, 0.05)) == ["≤ 1 %", "≤ 5 %", "> 5 %"]


def test_a_workbook_keeps_text_as_text(tmp_path: Path) -> None:
    cells = ("=1+1", "007", " a\tb\x00 ", "<&>\"'", "\ud800\ufffe", 1.5, 3, True, None, "x" * 40_000)
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(
            tmp_path / name, {"T & <1>": Sheet(rows=iter([tuple("abcdefghij"), cells]), widths=[12] * 10)}
        )
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["T & <1>"]
    assert [c.value for c in sheet[2]] == [
        "=1+1",
        "007",
        " a b  ",
        "<&>\"'",
        "??",
        1.5,
        3,
        True,
        None,
        "x" * 32_767,
    ]
    assert sheet["A2"].data_type == "s" and sheet.freeze_panes == "A2"
    assert [c.data_type for c in sheet[2]][5:8] == ["n", "n", "b"]


def test_a_large_workbook_takes_little_memory_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    code = (
        "import itertools, resource, sys; from pathlib import Path; from tp53annot.report.workbook import *\n"
        "rows = itertools.chain([('name', 'x')], (('S%07d' % i + 'x' * 200, i) for i in range(40_000)))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "write_workbook(Path(sys.argv[1]), {'A': Sheet(rows=rows, widths=[9, 9])})\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    book = tmp_path / "big.xlsx"
    done = subprocess.run([sys.executable, "-c", code, book], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 25  # MiB; the cells alone are 8
    assert [p.name for p in tmp_path.iterdir()] == ["big.xlsx"]
    sheet = openpyxl.load_workbook(book, read_only=True)["A"]
    assert sheet.max_row == 40_001


def test_a_workbook_that_the_disk_refuses_is_the_disks_error(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(IsADirectoryError):
        write_workbook(tmp_path / "folder.xlsx", {"A": Sheet(rows=[("a",)], widths=[9])})
    assert [p.name for p in tmp_path.iterdir()] == ["folder.xlsx"]


def test_the_table_is_plain_for_other_programs(run_output: Path) -> None:
    import pandas

    frame = pandas.read_csv(io.StringIO((run_output / "cohort.tsv").read_text()), sep="\t")
    assert len(frame) == 6 and frame["max_vaf"].dtype == float
    assert frame.groupby("status").size().sum() == 6


def test_entries_of_one_name_without_a_report_differ() -> None:
    found: list[Entry] = entries([row("A"), row("A")], [None, None])
    assert [entry.label for entry in found] == ["A", "A [2]"]

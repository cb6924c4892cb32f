"""Formats of a report: inert against hostile fields, stable, complete, valid for their readers."""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rendered import render_fhir, render_maf, render_page, render_summary, render_tsv, render_xlsx, typed

import tp53annot
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.resources import resources_of
from tp53annot.report.document import dump
from tp53annot.report.figures.protein import lollipop
from tp53annot.report.formats.maf import MAF_COLUMNS
from tp53annot.report.formats.pdf import _styled_figures
from tp53annot.run.analysis import analyse
from tp53annot.run.inputs.plan import plan
from tp53annot.run.settings import RunSettings

PACKAGE = Path(tp53annot.__file__).parent
EXAMPLE = PACKAGE / "resources" / "example"
LANGUAGES = sorted(p.stem for p in (PACKAGE / "resources" / "texts").glob("*.toml"))
HOSTILE = [
    "../../x<script>alert(1)</script>",
    '=HYPERLINK("http://a")',
    "@SUM(A1)",
    "+1",
    "-1",
    "a\tb\nc\x07",
    '"><b>',
]
Document = dict[str, Any]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    context = {"age_years": "64", "lineage": "B-ALL", "ph_status": "negative", "therapy": "blinatumomab"}
    jobs = plan([EXAMPLE / "demo.grch38.vcf"], bam=None, context=context).jobs
    return [a.document for job in jobs for a in analyse(job, RunSettings(), interpreter_of())]


@pytest.fixture(scope="module")
def words() -> dict[str, Any]:
    return dict(resources_of().texts("en"))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def tags(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    return parser


def poison(value: Any, text: str) -> Any:
    """Every free text of a part of a document replaced; vocabulary that steers the page is kept."""
    steer = {"status", "class", "applies", "publish", "direction", "allelic_state", "germline_flag", "topic", "hgvs_c",
             "origin", "assay", "measure"}  # fmt: skip
    if isinstance(value, dict):
        return {k: v if k in steer else poison(v, text) for k, v in value.items()}
    if isinstance(value, list):
        return [poison(v, text) for v in value]
    return text if isinstance(value, str) else value


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_inert_in_every_format(documents: list[Document], words: Any, text: str) -> None:
    for document in documents:
        bad = poison(document, text) | {"assembly": document["assembly"], "schema_version": "1.0"}
        for v in (*bad["variants"], *bad["rejected"]):
            v["ref"], v["alt"] = "C", "T"
        clean, parsed = tags(render_page(document, words)), tags(render_page(bad, words))
        assert set(parsed.tags) <= set(clean.tags)
        assert not {"script", "b<", "iframe"} & set(parsed.tags)
        assert not [name for name, _ in parsed.attributes if name.startswith("on")]
        assert all(line.count("\t") == render_tsv(bad).count("\t", 0, render_tsv(bad).index("\n"))
                   for line in render_tsv(bad).splitlines())  # fmt: skip
        assert len(render_tsv(bad).splitlines()) == 1 + len(bad["variants"]) + len(bad["rejected"])
        assert len(render_maf(bad).splitlines()) == 2 + len(bad["variants"])
        _no_formulas(render_xlsx(bad, words))
        json.loads(render_fhir(bad, words))


def _no_formulas(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/")]
        assert len(sheets) == 6
        assert not [n for n in sheets if b"<f>" in book.read(n) or b"<f " in book.read(n)]


def test_page_needs_nothing_from_outside(documents: list[Document], words: Any) -> None:
    for document in documents:
        page = render_page(document, words)
        assert len(page.encode()) < 1_000_000
        assert "default-src 'none'" in page
        assert not {"script", "link", "img", "iframe"} & set(tags(page).tags)
        assert not re.search(r"url\(|@import", page)


def test_saved_report_renders_to_the_same_bytes(documents: list[Document], words: Any) -> None:
    for document in documents:
        again = json.loads(dump(document))
        assert render_page(again, words) == render_page(document, words)
        assert render_tsv(again) == render_tsv(document)
        assert render_maf(again) == render_maf(document)
        assert render_fhir(again, words) == render_fhir(document, words)
        assert render_xlsx(again, words) == render_xlsx(document, words)


def test_workbook_opens_and_keeps_leading_signs(documents: list[Document], words: Any) -> None:
    import openpyxl

    document = copy.deepcopy(documents[0]) | {"sample": "=1+1"}
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document, words)))
    assert book.worksheets[0]["B1"].value == "=1+1"
    assert book.worksheets[0]["B1"].data_type == "s"
    assert book.worksheets[1].max_row == 1 + len(document["variants"]) + len(document["rejected"])


def test_every_functional_result_has_its_plot(documents: list[Document], words: Any) -> None:
    results = [r for d in documents for v in d["variants"] for r in v["functional"]]
    assert {r["assay"] for r in results} <= set(documents[0]["protein"]["assays"])
    page = render_page(documents[0], words)
    assert page.count('class="strip"') == sum(len(v["functional"]) for v in documents[0]["variants"])


@pytest.mark.parametrize(
    ("name", "residue"), [("c.672+1G>A", 224), ("c.375+5G>T", 125), ("c.-29+1G>T", 1), ("c.*9A>G", 393)]
)
def test_changes_outside_codons_stand_on_the_figure(
    documents: list[Document], words: Any, name: str, residue: int
) -> None:
    document = copy.deepcopy(documents[0])
    document["variants"] = document["variants"][:1]
    document["variants"][0] |= {"hgvs_c": name, "codon": None, "hgvs_p_short": "p.?"}
    drawn = re.search(r'<circle class="head oncogenic" cx="([\d.]+)"', lollipop(typed(document), words))
    assert drawn
    assert float(drawn[1]) == pytest.approx(20 + (residue - 0.5) / 393 * 860, abs=0.1)


def test_labels_of_crowded_variants_do_not_overlap(documents: list[Document], words: Any) -> None:
    document = copy.deepcopy(documents[0])
    document["variants"] = [
        document["variants"][0] | {"codon": 240 + i, "hgvs_c": f"c.{720 + i}A>G"} for i in range(9)
    ]
    boxes: dict[str, list[tuple[float, int]]] = {}
    for x, y, label in re.findall(
        r'<text class="label \w+" x="([\d.]+)" y="([\d.]+)">([^<]+)<', lollipop(typed(document), words)
    ):
        boxes.setdefault(y, []).append((float(x), len(label)))
    assert sum(map(len, boxes.values())) == 9 + len(
        [v for v in document["rejected"] if "benign" not in v["classification"]["class"]]
    )
    for row in boxes.values():
        row.sort()
        assert all(x1 + 3.7 * n1 < x2 - 3.7 * n2 for (x1, n1), (x2, n2) in pairwise(row))


def test_maf_alleles_and_classes(documents: list[Document]) -> None:
    lines = [line.split("\t") for line in render_maf(documents[0]).splitlines()[1:]]
    rows = {
        cells["HGVSp_Short"]: cells
        for cells in (dict(zip(MAF_COLUMNS, line, strict=True)) for line in lines[1:])
    }
    hotspot, frame = rows["p.R175H"], rows["p.R209Kfs*6"]
    assert (hotspot["Start_Position"], hotspot["Variant_Classification"]) == ("7675088", "Missense_Mutation")
    assert (frame["Start_Position"], frame["End_Position"]) == ("7674904", "7674905")
    assert (frame["Reference_Allele"], frame["Tumor_Seq_Allele2"]) == ("TC", "-")
    assert (frame["Variant_Type"], frame["Variant_Classification"]) == ("DEL", "Frame_Shift_Del")


def test_fhir_bundle_is_valid_r4b(documents: list[Document], words: Any) -> None:
    from fhir.resources.R4B import bundle

    for document in documents:
        read = bundle.Bundle.model_validate_json(render_fhir(document, words))
        kinds = [e.resource.get_resource_type() for e in read.entry]
        assert kinds[:3] == ["DiagnosticReport", "Patient", "Specimen"]
        known = {e.fullUrl for e in read.entry}
        assert {r.reference for r in read.entry[0].resource.result} <= known
    region = next(e["resource"] for e in json.loads(render_fhir(documents[0], words))["entry"]
                  if "region-studied" in str(e["resource"].get("meta")))  # fmt: skip
    assert region["note"][0]["text"] == words["coverage_unknown"]


def test_summary_holds_conclusion_and_names(documents: list[Document], words: Any) -> None:
    told = render_summary(documents[0], words)
    assert words["status"]["mutated"] in told
    assert "NM_000546.6:c.524G>A" in told
    assert "held" not in {n["publish"] for n in documents[0]["assessment"]["notes"]}
    assert told.endswith(words["disclaimer"] + "\n")


def test_figures_of_a_pdf_carry_their_rules(documents: list[Document], words: Any) -> None:
    """WeasyPrint leaves the page's rules out of figures; what it does not know of colours would be black."""
    page = render_page(documents[0], words)
    figures = re.findall(r"<svg [^>]*><style>(.*?)</style>", _styled_figures(page))
    assert len(figures) == page.count("<svg ") > 3
    for rules in figures:
        assert ".domain.dbd{fill:#" in rules and "text-anchor:middle" in rules
        assert "var(" not in rules and "paint-order" not in rules

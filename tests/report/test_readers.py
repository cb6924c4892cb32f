"""Every format opens in a reader of its own kind, and nothing hostile comes to life in one."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rendered import render
from report_cases import CASES, Document, course, report
from tp53annot_cli import in_a_process

from tp53annot.knowledge.resources import resources_of
from tp53annot.report.registry import RENDERED

RESOURCES = resources_of()
HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"
)
HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "+1",
    "-1",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "a\tb\nc",
]


@pytest.fixture(scope="module")
def reports() -> dict[str, Document]:
    return {name: report(name) for name in CASES} | {"course": course()[-1]}


def entries(document: Document, language: str = "en") -> list[dict[str, Any]]:
    return [e["resource"] for e in json.loads(render(document, "fhir", RESOURCES, language))["entry"]]


# workbook -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*CASES, "course"])
def test_workbook_in_openpyxl_and_pandas(name: str, reports: dict[str, Document]) -> None:
    import openpyxl
    import pandas

    document = reports[name]
    data = render(document, "xlsx", RESOURCES, "en")
    book = openpyxl.load_workbook(io.BytesIO(data))
    frames = pandas.read_excel(io.BytesIO(data), sheet_name=None)
    assert list(frames) == book.sheetnames
    assert len(book.sheetnames) == (7 if name == "course" else 6)
    assert len(frames["Variants"]) == len(document["variants"]) + len(document["rejected"])
    notes = document["assessment"]["notes"]
    assert list(frames["Notes"]["id"]) == [n["id"] for n in notes]
    assert list(frames["Notes"]["text"]) == [n["text"] for n in notes]
    if name == "course":
        rows = frames["Course"].head(9)
        assert list(rows["change"].dropna()) == ["lost", "returned", "not_assessed", "lost", "gained"]


# MAF ----------------------------------------------------------------------------------------

# Columns that the GDC's MAF format and readers of it (maftools) demand.
REQUIRED = ("Hugo_Symbol", "Entrez_Gene_Id", "Center", "NCBI_Build", "Chromosome", "Start_Position", "End_Position",
            "Strand", "Variant_Classification", "Variant_Type", "Reference_Allele", "Tumor_Seq_Allele1",
            "Tumor_Seq_Allele2", "dbSNP_RS", "Tumor_Sample_Barcode", "HGVSc", "HGVSp", "HGVSp_Short", "t_depth",
            "t_ref_count", "t_alt_count")  # fmt: skip
CLASSES = {"Frame_Shift_Del", "Frame_Shift_Ins", "In_Frame_Del", "In_Frame_Ins", "Missense_Mutation",
           "Nonsense_Mutation", "Silent", "Splice_Site", "Translation_Start_Site", "Nonstop_Mutation", "3'UTR",
           "3'Flank", "5'UTR", "5'Flank", "Intron", "RNA", "Targeted_Region", "Splice_Region", "IGR"}  # fmt: skip


@pytest.mark.parametrize("name", [*CASES, "course"])
def test_maf_as_a_table(name: str, reports: dict[str, Document]) -> None:
    import pandas

    text = render(reports[name], "maf", RESOURCES, "en").decode()
    assert text.startswith("#version 2.4\n")
    frame = pandas.read_csv(io.StringIO(text), sep="\t", comment="#")
    assert set(REQUIRED) <= set(frame.columns) and len(frame) == len(reports[name]["variants"])
    for row in frame.itertuples():
        assert row.Variant_Classification in CLASSES
        assert row.Variant_Type in {"SNP", "DNP", "TNP", "ONP", "INS", "DEL"}
        assert row.End_Position - row.Start_Position + 1 == len(row.Reference_Allele)
        assert row.t_ref_count + row.t_alt_count <= row.t_depth


# FHIR ---------------------------------------------------------------------------------------

PROFILE = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/"
# What the guide's profiles fix, as far as it can be checked without its terminology server:
# code of the observation, value (a list of kinds; none means that a value is forbidden), components with
# the kind of their value and how many there may be at most.
RULES: dict[str, tuple[str, list[str], dict[str, tuple[str, int]]]] = {
    "variant": (
        "69548-6",
        ["valueCodeableConcept"],
        {
            "48018-6": ("valueCodeableConcept", 99), "62374-4": ("valueCodeableConcept", 99),
            "48013-7": ("valueCodeableConcept", 1), "51958-7": ("valueCodeableConcept", 1),
            "81290-9": ("valueCodeableConcept", 1), "48004-6": ("valueCodeableConcept", 1),
            "48005-3": ("valueCodeableConcept", 1), "69547-8": ("valueString", 1), "69551-0": ("valueString", 1),
            "81254-5": ("valueRange", 1), "81258-6": ("valueQuantity", 1), "82121-5": ("valueQuantity", 1),
            "92822-6": ("valueCodeableConcept", 1),
        },
    ),
    "overall-interpretation": ("51968-6", ["valueCodeableConcept"], {}),
    "region-studied": (
        "53041-0",
        [],
        {
            "48018-6": ("valueCodeableConcept", 1), "51959-5": ("valueRange", 99), "92822-6": ("valueCodeableConcept", 1),
            "uncallable-regions": ("valueRange", 99), "62374-4": ("valueCodeableConcept", 1),
        },
    ),
    "diagnostic-implication": (
        "diagnostic-implication",
        [],
        {"conclusion-string": ("valueString", 1), "93044-6": ("valueCodeableConcept", 99)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [*CASES, "course"])
def test_fhir_models_accept_the_bundle(name: str, reports: dict[str, Document]) -> None:
    from fhir.resources.R4B import bundle

    read = bundle.Bundle.model_validate_json(render(reports[name], "fhir", RESOURCES, "en"))
    kinds = [e.resource.get_resource_type() for e in read.entry]
    assert kinds[:3] == ["DiagnosticReport", "Patient", "Specimen"] and set(kinds[3:]) == {"Observation"}


@pytest.mark.parametrize("name", [*CASES, "course"])
def test_fhir_keeps_the_rules_of_its_profiles(name: str, reports: dict[str, Document]) -> None:
    bundle = json.loads(render(reports[name], "fhir", RESOURCES, "en"))
    known = {e["fullUrl"]: e["resource"] for e in bundle["entry"]}
    assert len(known) == len(bundle["entry"])
    for address in re.findall(r'"reference": "([^"]+)"', json.dumps(bundle)):
        assert address in known
    observations = [r for r in known.values() if r["resourceType"] == "Observation"]
    for o in observations:
        profile = o["meta"]["profile"][0].removeprefix(PROFILE)
        code, values, components = RULES[profile]
        assert o["code"]["coding"][0]["code"] == code
        assert [key for key in o if key.startswith("value")] == values
        codes = [c["code"]["coding"][0]["code"] for c in o.get("component", [])]
        for part, found in zip(o.get("component", []), codes, strict=True):
            kind, most = components[found]
            assert [key for key in part if key.startswith("value")] == [kind] and codes.count(found) <= most
        assert [c["coding"][0]["code"] for c in o["category"]] == ["laboratory", "GE"]
        assert known[o["subject"]["reference"]]["resourceType"] == "Patient"
    specimen = next(r for r in known.values() if r["resourceType"] == "Specimen")
    assert (
        known[specimen["subject"]["reference"]]["resourceType"] == "Patient"
    )  # the profile demands a subject
    implications = [o for o in observations if "diagnostic-implication" in o["meta"]["profile"][0]]
    for o in implications:
        assert [known[d["reference"]]["code"]["coding"][0]["code"] for d in o["derivedFrom"]]
    if name == "two_hit":
        assert len(implications) > 5
        artifacts = [e["valueRelatedArtifact"] for o in implications for e in o["extension"]]
        assert all(a["type"] == "citation" and a["citation"] for a in artifacts)
        assert any(a.get("url", "").startswith("https://doi.org/") for a in artifacts)


def test_fhir_says_what_was_not_assessed(reports: dict[str, Document]) -> None:
    region = next(r for r in entries(reports["incomplete"]) if "region-studied" in str(r.get("meta")))
    gaps = reports["incomplete"]["coverage"]["gaps"]
    told = [
        c["valueRange"] for c in region["component"] if c["code"]["coding"][0]["code"] == "uncallable-regions"
    ]
    assert [(g["start"], g["end"]) for g in gaps] == [(r["low"]["value"], r["high"]["value"]) for r in told]
    assert gaps and gaps[0]["c_start"] in region["note"][0]["text"]


# injection ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", sorted(set(RENDERED) - {"pdf"}))
def test_hostile_names_stay_inert_in_every_format(kind: str, text: str, reports: dict[str, Document]) -> None:
    document = copy.deepcopy(reports["course"])
    document["sample"] = document["patient"] = text
    for s in document["serial"]["samples"]:
        s["sample"] = text
    for v in document["serial"]["variants"]:
        v["hgvs_c"] = v["hgvs_p_short"] = text
        for p in v["points"]:
            p["sample"] = text
    document["serial"]["unavailable"] = [text]
    for v in (*document["variants"], *document["rejected"]):
        v["hgvs_c"] = v["hgvs_p_short"] = v["domain"] = v["input"]["id"] = text
    for n in document["assessment"]["notes"]:
        n["text"] = n["population"] = n["condition_text"] = text
        n["citation"] = {"short": text, "doi": text, "url": f"javascript:{text}", "pmid": text}
    data = render(document, kind, RESOURCES, "en")
    if kind == "xlsx":
        import openpyxl

        cells = [c for s in openpyxl.load_workbook(io.BytesIO(data)) for row in s.iter_rows() for c in row]
        assert not [c for c in cells if c.data_type == "f"]
        assert not [c for c in cells if isinstance(c.value, str) and c.data_type != "s"]
        assert text.startswith("a") or any(c.value == text for c in cells)
    elif kind == "html":
        page = data.decode()
        assert not re.search(r"<(script|img)\b", page) and "javascript:" not in re.sub(r">[^<]*<", "><", page)
        links = [h for h in re.findall(r'href="([^"]*)"', page) if h != "../cohort.html"]
        assert all(h.startswith(("#", "https://", "http://")) for h in links)
    elif kind in ("json", "fhir"):
        json.loads(data)
    elif kind in ("tsv", "maf"):
        lines = [line for line in data.decode().splitlines() if not line.startswith("#version")]
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        assert len({len(row) for row in rows}) == 1
        shown = len(document["variants"]) + (len(document["rejected"]) if kind == "tsv" else 0)
        assert len(rows) == 1 + shown
    else:
        assert kind == "txt" and "\x07" not in data.decode() and "a\tb" not in data.decode()


def test_a_sheet_of_hostile_names_runs(tmp_path: Path) -> None:
    path = tmp_path / "x.vcf"
    path.write_text(f"{HEAD}\tX\nchr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:600,400\n")
    rows = [f'"{name}"\t"{name}"\t{path.name}' for name in ("=1+1", "@x", "+1", "-1", "<b>x</b>")]
    (tmp_path / "samples.tsv").write_text("\n".join(["sample\tpatient\tvcf", *rows]) + "\n")
    done = in_a_process(
        "run",
        path,
        "--samples",
        tmp_path / "samples.tsv",
        "-o",
        tmp_path / "o",
        "--format",
        "json,html,xlsx,maf,fhir,tsv,txt",
    )
    assert done.returncode == 0, done.stderr
    pages = list((tmp_path / "o").rglob("*.html"))
    assert len(pages) == 6
    assert not any(b"<b>x</b>" in page.read_bytes() for page in pages)


def test_the_judge_of_maf_is_named_in_the_documentation() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "output.md").read_text()
    assert "pymaftools" in docs and "Genomics Reporting" in docs

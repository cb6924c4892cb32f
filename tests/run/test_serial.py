"""Serial samples: persisted, gained, lost, and where nothing can be told; runs that end the same however done."""

from __future__ import annotations

import copy
import json
import os
import random
import signal
import subprocess
import sys
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from rendered import render_page, render_summary
from report_cases import COURSE, Document, course, report
from test_pipeline import HEAD, run, tree

from tp53annot.core.allele import Build
from tp53annot.interpret.serial import PRESENT, compare_samples, verdict
from tp53annot.knowledge.resources import resources_of

RESOURCES = resources_of()
RULES = RESOURCES.rules.assessment()
STATES = ("reported", "filtered", "trace", "absent", "not_assessed")


def to_core(pos: int, assembly: str) -> int:
    return RESOURCES.reference.from_build(pos, Build(assembly))


def compared(documents: list[Document], unavailable: tuple[str, ...] = ()) -> dict[str, Any]:
    return compare_samples(documents, unavailable, RULES, to_core)


@pytest.fixture(scope="module")
def samples() -> list[Document]:
    return course()


def states(found: dict[str, Any]) -> dict[str, list[tuple[str, str | None]]]:
    return {v["hgvs_p_short"]: [(p["state"], p["change"]) for p in v["points"]] for v in found["variants"]}


def test_diagnosis_remission_relapse(samples: list[Document]) -> None:
    found = samples[0]["serial"]
    assert all(d["serial"] == found for d in samples)
    assert found["order"] == "date" and [s["sample"] for s in found["samples"]] == list(COURSE)
    assert states(found) == {
        "R175H": [("reported", None), ("absent", "lost"), ("reported", "returned")],
        "R248L": [("reported", None), ("not_assessed", "not_assessed"), ("absent", "lost")],
        "R273H": [("absent", None), ("absent", None), ("reported", "gained")],
    }
    vafs = [[p["vaf"] for p in v["points"]] for v in found["variants"]]
    assert [v is None for v in vafs[0]] == [False, True, False] and 0.4 < vafs[0][0] < 0.5
    assert {f["id"] for f in found["summary"]} == {
        "serial.lost", "serial.returned", "serial.not_assessed_after", "serial.gained"}  # fmt: skip


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("now", STATES)
def test_every_pair_of_states(before: str, now: str) -> None:
    found = verdict([before, now], 1)
    assert verdict([before, now], 0) is None
    assert (found == "lost") == (before in PRESENT and now == "absent")
    assert (found == "gained") == (before == "absent" and now in PRESENT)
    assert (found == "persisted") == (before in PRESENT and now in PRESENT)
    if "not_assessed" in (before, now) and {before, now} & set(PRESENT):
        assert found == "not_assessed"


def test_nothing_is_lost_or_new_against_a_sample_that_tells_nothing() -> None:
    for chain in product(STATES, repeat=4):
        told = [s for s in chain[:3] if s in (*PRESENT, "absent")]
        found = verdict(list(chain), 3)
        if found in ("lost", "gained", "persisted", "returned"):
            assert told
        if found == "lost":
            assert told[-1] in PRESENT and chain[3] == "absent"
        if found == "gained":
            assert not [s for s in chain[:3] if s in PRESENT] and told[-1] == "absent"


def test_unknown_coverage_never_means_lost(samples: list[Document]) -> None:
    bare = [copy.deepcopy(d) for d in samples]
    bare[1]["coverage"] = None
    found = compared(bare)
    assert states(found)["R175H"][1] == ("not_assessed", "not_assessed")
    assert states(found)["R175H"][2] == ("reported", "persisted")
    assert not found["samples"][1]["coverage_known"]
    bare[0]["coverage"] = None
    assert states(compared(bare))["R273H"][2] == ("reported", "not_assessed")


@pytest.mark.parametrize(("shift", "state"), [(-1, "not_assessed"), (0, "not_assessed"), (1, "absent")])
def test_the_boundary_of_a_gap(samples: list[Document], shift: int, state: str) -> None:
    """A gap that starts at the changed base, one before it, or one after it."""
    changed = copy.deepcopy(samples)
    place = 7675088 + shift
    changed[1]["coverage"]["gaps"] = [
        {
            "start": place,
            "end": place + 10,
            "c_start": "c.1",
            "c_end": "c.2",
            "exon": "5",
            "min_depth": 0,
            "required": True,
        }
    ]
    assert states(compared(changed))["R175H"][1][0] == state


def test_a_position_outside_the_listed_exons_is_not_assessed(samples: list[Document]) -> None:
    changed = copy.deepcopy(samples)
    changed[0]["variants"][0] |= {"pos": 7675300, "hgvs_c": "c.376-60A>G"}
    found = states(compared(changed))
    assert next(v for k, v in zip(found, found.values(), strict=True) if v[0][0] == "reported")
    row = next(v for v in compared(changed)["variants"] if v["hgvs_c"] == "c.376-60A>G")
    assert [p["state"] for p in row["points"]][1:] == ["not_assessed", "not_assessed"]


def rejected(
    v: Document, *, remark: str | None, vaf: float | None, depth: int | None, alt: int | None
) -> Document:
    flags = [{"id": remark, "text": "", "source": None}] if remark else []
    return copy.deepcopy(v) | {
        "remarks": flags,
        "vaf": vaf,
        "depth": depth,
        "alt_reads": alt,
        "reportable": False,
    }


@pytest.mark.parametrize(
    ("remark", "vaf", "depth", "alt", "state"),
    [
        (None, 0.03, 500, 15, "filtered"),
        ("call.few_reads", 0.004, 900, 4, "trace"),
        ("genotype_reference", None, None, None, "not_assessed"),
        ("genotype_reference", 0.01, 600, 6, "trace"),
    ],
)
def test_what_a_rejected_record_says(
    samples: list[Document],
    remark: str | None,
    vaf: float | None,
    depth: int | None,
    alt: int | None,
    state: str,
) -> None:
    """Without coverage a record without reads of the change tells nothing."""
    changed = copy.deepcopy(samples)
    changed[1]["coverage"] = None
    changed[1]["rejected"] = [
        rejected(changed[0]["variants"][0], remark=remark, vaf=vaf, depth=depth, alt=alt)
    ]
    assert states(compared(changed))["R175H"][1][0] == state


def test_builds_are_compared_on_one_scale(samples: list[Document]) -> None:
    shifted = copy.deepcopy(samples)
    move = RESOURCES.reference.to_build(7675088, Build.GRCH37) - 7675088
    shifted[1]["assembly"] = "GRCh37"
    for part in (*shifted[1]["coverage"]["exons"], *shifted[1]["coverage"]["gaps"]):
        part["start"] += move
        part["end"] += move
    assert compared(shifted)["variants"] == compared(samples)["variants"]


def test_order_by_date_then_phase_then_sheet(samples: list[Document]) -> None:
    backwards = copy.deepcopy(samples[::-1])
    assert compared(backwards)["variants"] == compared(samples)["variants"]
    backwards[0]["context"]["sample_date"]["value"] = None
    assert compared(backwards)["order"] == "phase"
    assert [s["sample"] for s in compared(backwards)["samples"]] == list(COURSE)
    backwards[0]["context"]["disease_phase"]["value"] = "post_hsct"
    assert compared(backwards)["order"] == "sheet"
    assert [s["sample"] for s in compared(backwards)["samples"]] == list(COURSE)[::-1]


def test_a_germline_control_is_no_time_point(samples: list[Document]) -> None:
    control = copy.deepcopy(samples)
    control[0]["context"]["sample_role"]["value"] = "germline_control"
    found = compared(control)
    assert [s["sample"] for s in found["samples"]] == ["P-CR", "P-REL", "P-DX"]
    assert states(found)["R175H"][2] == ("reported", "control")
    assert states(found)["R175H"][1] == ("reported", "gained")
    assert {f["id"] for f in found["summary"]} >= {"serial.control_present", "serial.control_absent"}


def test_a_benign_variant_is_not_followed(samples: list[Document]) -> None:
    changed = copy.deepcopy(samples)
    for v in changed[0]["variants"]:
        v["reportable"] = False
    assert list(states(compared(changed))) == ["R175H", "R273H"]  # both from the relapse


def test_sentences_and_samples_that_failed_are_shown_everywhere(samples: list[Document]) -> None:
    document = copy.deepcopy(samples[1])
    document["serial"] = compared(samples, ("P-LOST",))
    page, letter = (
        render_page(document, RESOURCES.texts("en")),
        render_summary(document, RESOURCES.texts("en")),
    )
    for flag in document["serial"]["summary"]:
        assert flag["text"].replace(">", "&gt;") in page and flag["text"] in letter
    assert "P-LOST" in page and "P-LOST" in letter


# runs ---------------------------------------------------------------------------------------


def sheet(folder: Path, *, patients: int = 1, drop: tuple[str, ...] = (), relapse: int = 250) -> Path:
    """Patients with three VCFs each, and callable.bed, which says that every exon was assessed."""
    exons = RESOURCES.namer.main.model.exons
    bed = "".join(f"chr17\t{low - 31}\t{high + 30}\n" for low, high in exons)
    (folder / "callable.bed").write_text(bed)
    rows = ["sample\tpatient\tvcf\tdisease_phase"]
    for patient in range(patients):
        for phase, reads in (("diagnosis", 400), ("remission_1", 0), ("relapse", relapse + patient)):
            name = f"P{patient}-{phase}"
            genotype = "0/1" if reads else "0/0"
            (folder / f"{name}.vcf").write_text(
                HEAD + f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{name}\n"
                f"chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t{genotype}:{1000 - reads},{reads}\n"
            )
            if name not in drop:
                rows.append(f"{name}\tP{patient}\t{name}.vcf\t{phase}")
    path = folder / "samples.tsv"
    path.write_text("\n".join([*rows, "alone\tQ\tP0-relapse.vcf\trelapse"]) + "\n")
    return path


def go(folder: Path, out: Path, *more: object, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    sheet_path = path or folder / "samples.tsv"
    return run(
        "run", folder, "--samples", sheet_path, "--callable", folder / "callable.bed", "-o", out, *more
    )


def test_a_run_compares_and_any_number_of_jobs_gives_the_same(tmp_path: Path) -> None:
    sheet(tmp_path, patients=2)
    trees = []
    for jobs in (1, 3):
        assert (
            go(
                tmp_path, tmp_path / f"o{jobs}", "-j", jobs, "--format", "json,tsv,html,vcf,xlsx,txt"
            ).returncode
            == 0
        )
        trees.append(tree(tmp_path / f"o{jobs}"))
    assert trees[0] == trees[1]
    document = json.loads(trees[0]["P1-remission_1/P1-remission_1.tp53.json"])
    assert states(document["serial"]) == {
        "R175H": [("reported", None), ("absent", "lost"), ("reported", "returned")]}  # fmt: skip
    assert document["patient"] == "P1"
    assert b"R175H (c.524G&gt;A) was lost" in trees[0]["P1-relapse/P1-relapse.tp53.html"]
    alone = json.loads(trees[0]["alone/alone.tp53.json"])
    assert alone["patient"] == "Q" and alone["serial"] is None


def test_saved_reports_render_to_the_same_bytes(tmp_path: Path) -> None:
    sheet(tmp_path)
    go(tmp_path, tmp_path / "o", "--format", "json,html,xlsx,txt,fhir,maf,tsv")
    before = tree(tmp_path / "o")
    saved = tmp_path / "o" / "P0-relapse" / "P0-relapse.tp53.json"
    done = run("render", saved, "-o", tmp_path / "again", "--format", "html,xlsx,txt,fhir,maf,tsv")
    assert done.returncode == 0
    for name, data in tree(tmp_path / "again").items():
        assert before[f"P0-relapse/{name}"] == data


def test_standard_output_and_a_single_format_know_the_course(tmp_path: Path) -> None:
    sheet(tmp_path)
    text = go(tmp_path, Path("-"), "--format", "txt").stdout
    assert text.count("was lost: VAF 40.0 %") == 3
    assert go(tmp_path, tmp_path / "o", "--format", "html").returncode == 0
    pages = sorted(p.name for p in (tmp_path / "o").rglob("P0*.html"))
    assert len(pages) == 3 and "was lost" in (tmp_path / "o" / "P0-diagnosis" / pages[0]).read_text()


def test_a_sample_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    sheet(tmp_path)
    (tmp_path / "P0-remission_1.vcf").write_text("not a VCF")
    assert go(tmp_path, tmp_path / "o").returncode == 5
    document = json.loads((tmp_path / "o" / "P0-relapse" / "P0-relapse.tp53.json").read_text())
    assert document["serial"]["unavailable"] == ["P0-remission_1"]
    assert states(document["serial"])["R175H"] == [("reported", None), ("reported", "persisted")]


def test_resume_brings_in_a_later_sample_and_drops_one(tmp_path: Path) -> None:
    path = sheet(tmp_path, drop=("P0-relapse",))
    assert go(tmp_path, tmp_path / "o").returncode == 0
    path = sheet(tmp_path)
    assert go(tmp_path, tmp_path / "o", "--resume").returncode == 0
    assert go(tmp_path, tmp_path / "calm").returncode == 0
    assert tree(tmp_path / "o") == tree(tmp_path / "calm")
    record = json.loads((tmp_path / "o" / "run.json").read_text())
    assert [s["outcome"] for s in record["samples"]] == ["resumed", "resumed", "done", "resumed"]
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], lines[-1]]) + "\n")
    assert go(tmp_path, tmp_path / "o", "--resume").returncode == 0
    assert (
        json.loads((tmp_path / "o" / "P0-diagnosis" / "P0-diagnosis.tp53.json").read_text())["serial"] is None
    )


def test_a_resumed_report_and_the_cohort_say_what_another_sample_says_now(tmp_path: Path) -> None:
    """The later sample is declared as one of fibroblasts in the second run only; the first is kept from before."""
    path = sheet(tmp_path, drop=("P0-remission_1",), relapse=450)
    assert go(tmp_path, tmp_path / "o").returncode == 0
    head, *rows = path.read_text().splitlines()
    told = [f"{row}\tskin_fibroblast" if row.startswith("P0-relapse") else f"{row}\t" for row in rows]
    path.write_text("\n".join([f"{head}\tspecimen_type", *told]) + "\n")
    assert go(tmp_path, tmp_path / "o", "--resume").returncode == 0
    assert go(tmp_path, tmp_path / "calm").returncode == 0
    assert tree(tmp_path / "o") == tree(tmp_path / "calm")
    found = json.loads((tmp_path / "o" / "P0-diagnosis" / "P0-diagnosis.tp53.json").read_text())["assessment"]
    assert "germline.other_cells" in {f["id"] for f in found["germline_reasons"]}
    head, *cohort = ((tmp_path / "o" / "cohort.tsv").read_text()).splitlines()
    flags = {row.split("\t")[0]: row.split("\t")[head.split("\t").index("germline_flag")] for row in cohort}
    assert flags["P0-diagnosis"] == found["germline_flag"] == "suspected"


def test_killed_and_resumed_is_as_if_undisturbed(tmp_path: Path) -> None:
    sheet(tmp_path, patients=6)
    start = time.perf_counter()
    assert go(tmp_path, tmp_path / "calm", "-j", 2).returncode == 0
    whole = time.perf_counter() - start
    rng, out = random.Random(7), tmp_path / "out"
    for share in (0.7, 0.85, 0.95):  # most of all while reports are written again
        command = [sys.executable, "-m", "tp53annot", "run", str(tmp_path), "--samples", str(tmp_path / "samples.tsv"),
                   "--callable", str(tmp_path / "callable.bed"), "-o", str(out), "-j", "2", "--resume"]  # fmt: skip
        process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
        time.sleep(whole * share * rng.uniform(0.9, 1.1))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert go(tmp_path, out, "-j", 2, "--resume").returncode == 0
    assert tree(out) == tree(tmp_path / "calm")


def test_killed_between_the_names_of_the_files_of_one_report(tmp_path: Path) -> None:
    sheet(tmp_path)
    assert go(tmp_path, tmp_path / "calm").returncode == 0
    assert go(tmp_path, tmp_path / "o").returncode == 0
    folder = tmp_path / "o" / "P0-relapse"
    report = json.loads((folder / "P0-relapse.tp53.json").read_text())
    nobody = int(Path("/proc/sys/kernel/pid_max").read_text()) + 1
    (folder / "P0-relapse.tp53.json").rename(folder / f".tp53annot-{nobody}-0.json")
    (folder / "P0-relapse.tp53.json").write_text(json.dumps(report | {"serial": None}))
    assert go(tmp_path, tmp_path / "o", "--resume").returncode == 0
    assert tree(tmp_path / "o") == tree(tmp_path / "calm")


def test_report_of_one_sample_has_no_course() -> None:
    document = report("P-CR")
    assert document["patient"] is None and document["serial"] is None
    assert 'id="course"' not in render_page(document, RESOURCES.texts("en"))

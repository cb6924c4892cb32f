"""A laboratory's history: what later reports say of it, and that it stays whole, private and of one form."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tp53annot_cli import tp53annot

from tp53annot.errors import InputError
from tp53annot.history.database import APPLICATION, FORMS, open_history
from tp53annot.history.entry import RecordedChange, RecordedSample

OLDER = Path(__file__).parents[1] / "golden" / "reports_1_1"
HEAD = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
R175H, R248Q = (7675088, "C", "T"), (7674220, "C", "T")


def vcf(path: Path, sample: str, *, vaf: float = 0.4, change: tuple[int, str, str] = R175H) -> Path:
    reads = round(1000 * vaf)
    pos, ref, alt = change
    path.write_text(
        HEAD + f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{sample}\n"
        f"chr17\t{pos}\t.\t{ref}\t{alt}\t50\tPASS\t.\tGT:AD\t0/1:{1000 - reads},{reads}\n"
    )
    return path


def sheet(folder: Path, name: str, *rows: str, columns: str = "sample patient vcf disease_phase") -> Path:
    path = folder / f"{name}.tsv"
    lines = [columns.replace(" ", "\t"), *(row.replace(" ", "\t") for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def run(folder: Path, sheet_path: Path, out: str, *more: object) -> dict[str, Any]:
    done = tp53annot("run", folder, "--samples", sheet_path, "-o", folder / out, "--history", folder / "lab.sqlite",
                     "--format", "json,html,txt", *more)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return reports(folder / out)


def reports(out: Path) -> dict[str, Any]:
    found = (json.loads(path.read_text()) for path in sorted(out.glob("*/*.tp53.json")))
    return {document["sample"]: document for document in found}


def tree(folder: Path) -> dict[str, bytes]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "run.json")
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A history of three patients' diagnoses, and the relapse of the first to come."""
    for i in range(3):
        vcf(tmp_path / f"dx{i}.vcf", f"DX{i}", vaf=0.3 + i / 10)
    vcf(tmp_path / "rel.vcf", "REL", vaf=0.22)
    rows = [f"DX{i} P{i} dx{i}.vcf diagnosis" for i in range(3)]
    first = run(tmp_path, sheet(tmp_path, "dx", *rows), "dx")
    assert first["DX0"]["history"] == {"samples": 0, "patient_samples": []} and first["DX0"]["serial"] is None
    return tmp_path


# what reports say -------------------------------------------------------------------------------


def test_a_later_report_gets_its_course_and_the_counts(lab: Path) -> None:
    found = run(lab, sheet(lab, "rel", "REL P0 rel.vcf relapse"), "rel")["REL"]
    earlier = {
        "sample": "DX0",
        "date": None,
        "status": "mutated",
        "variants": [{"hgvs_c": "c.524G>A", "vaf": 0.3}],
    }
    assert found["history"] == {"samples": 2, "patient_samples": [earlier]}  # without the patient's own
    assert found["variants"][0]["history"] == {"seen_in": 2, "of": 2}
    (row,) = found["serial"]["variants"]
    assert found["serial"]["order"] == "phase"
    assert [(p["sample"], p["state"], p["vaf"], p["change"]) for p in row["points"]] == [
        ("DX0", "reported", 0.3, None), ("REL", "reported", 0.22, "persisted")]  # fmt: skip
    page = (lab / "rel" / "REL" / "REL.tp53.html").read_text()
    assert "2 of 2 earlier samples" in page and "persisted" in page and "DX0" in page
    assert "2 of 2 earlier samples" in (lab / "rel" / "REL" / "REL.tp53.txt").read_text()


def test_the_course_of_the_history_is_that_of_one_run(lab: Path) -> None:
    """Diagnosis and relapse in one run, or a year apart: the same comparison."""
    rows = ("DX0 P0 dx0.vcf diagnosis", "REL P0 rel.vcf relapse")
    together = lab / "together"
    done = tp53annot("run", lab, "--samples", sheet(lab, "both", *rows), "-o", together, "--format", "json")
    assert done.returncode == 0
    apart = run(lab, sheet(lab, "rel", rows[1]), "rel")["REL"]
    assert apart["serial"] == reports(together)["REL"]["serial"]


def test_the_same_run_on_the_same_history_gives_the_same_bytes(lab: Path) -> None:
    """Jobs, a second run (the first is recorded by then), and a resumed one."""
    rows = ["REL P0 rel.vcf relapse", "N1 P7 dx1.vcf diagnosis", "N2 P8 dx2.vcf diagnosis"]
    path = sheet(lab, "more", *rows)
    whole = run(lab, path, "o1")
    assert whole["N1"]["history"]["samples"] == 3
    assert whole["REL"]["history"]["samples"] == 2
    run(lab, path, "o2", "-j", "3")
    first = tree(lab / "o1")
    assert first == tree(lab / "o2")
    run(lab, path, "o1", "--resume", "-j", "2")
    assert tree(lab / "o1") == first
    run(lab, path, "o1", "--force")
    assert tree(lab / "o1") == first


def test_resuming_brings_the_counts_up_to_date(lab: Path) -> None:
    path = sheet(lab, "rel", "REL P0 rel.vcf relapse")
    run(lab, path, "rel")
    run(lab, sheet(lab, "other", "N1 P7 dx1.vcf diagnosis"), "other")
    assert run(lab, path, "rel", "--resume")["REL"]["variants"][0]["history"] == {"seen_in": 3, "of": 3}
    assert tree(lab / "rel") == (run(lab, path, "again") and tree(lab / "again"))


def test_standard_output_says_the_same(lab: Path) -> None:
    path = sheet(lab, "rel", "REL P0 rel.vcf relapse")
    on_disk = run(lab, path, "rel")["REL"]
    done = tp53annot("run", lab, "--samples", path, "-o", "-", "--history", lab / "lab.sqlite")
    assert json.loads(done.stdout) == on_disk


def test_a_change_that_no_earlier_sample_shows(lab: Path) -> None:
    vcf(lab / "new.vcf", "NEW", change=R248Q)
    found = run(lab, sheet(lab, "new", "NEW P9 new.vcf diagnosis"), "new")["NEW"]
    assert found["variants"][0]["history"] == {"seen_in": 0, "of": 3}
    assert found["serial"] is None and found["history"]["patient_samples"] == []


def test_without_a_patient_the_own_earlier_sample_does_not_count(lab: Path) -> None:
    for out in ("a", "b"):
        done = tp53annot("run", lab / "rel.vcf", "-o", lab / out, "--history", lab / "lab.sqlite")
        assert done.returncode == 0, done.stderr
    assert reports(lab / "b")["REL"]["variants"][0]["history"] == {"seen_in": 3, "of": 3}
    vcf(lab / "rel.vcf", "REL", vaf=0.23)  # called again
    tp53annot("run", lab / "rel.vcf", "-o", lab / "c", "--history", lab / "lab.sqlite")
    assert reports(lab / "c")["REL"]["variants"][0]["history"] == {"seen_in": 3, "of": 3}


def test_a_patient_declared_later_adopts_the_sample(lab: Path) -> None:
    """And one left out later does not take it away."""
    tp53annot("run", lab / "rel.vcf", "-o", lab / "a", "--history", lab / "lab.sqlite")
    found = run(lab, sheet(lab, "rel", "REL P0 rel.vcf relapse"), "rel")["REL"]
    assert found["history"]["samples"] == 2 and [s["sample"] for s in found["serial"]["samples"]] == [
        "DX0",
        "REL",
    ]
    tp53annot("run", lab / "rel.vcf", "-o", lab / "b", "--history", lab / "lab.sqlite")
    with open_history(lab / "lab.sqlite") as history:
        assert [(s.patient, s.sample) for s in history.samples()][-1] == ("P0", "REL")
        assert len(history.samples()) == 4


def test_a_stream_does_not_count_itself(lab: Path) -> None:
    command = [sys.executable, "-m", "tp53annot", "run", "-", "--history", str(lab / "lab.sqlite"), "-o", "-"]
    told = []
    for _ in range(2):
        with (lab / "rel.vcf").open() as stream:
            done = subprocess.run(command, stdin=stream, capture_output=True, text=True, check=True)
        told.append(json.loads(done.stdout)["variants"][0]["history"])
    assert told == [{"seen_in": 3, "of": 3}] * 2


def test_a_germline_control_stands_beside_the_course(lab: Path) -> None:
    columns = "sample patient vcf sample_role"
    run(lab, sheet(lab, "germ", "GERM P0 dx0.vcf germline_control", columns=columns), "germ")
    found = run(lab, sheet(lab, "rel", "REL P0 rel.vcf relapse"), "rel")["REL"]["serial"]
    assert [s["sample"] for s in found["samples"]] == ["DX0", "REL", "GERM"]
    assert found["variants"][0]["points"][2]["change"] == "control"


@pytest.mark.parametrize("day", ["sample_date", "collection_date"])
def test_samples_of_one_name_are_told_apart_by_their_days_only(tmp_path: Path, day: str) -> None:
    """A tumour column is called TUMOR in every file of some callers."""
    columns = f"sample patient vcf {day}"
    for name, vaf in (("a", 0.4), ("b", 0.3), ("c", 0.2)):
        vcf(tmp_path / f"{name}.vcf", "TUMOR", vaf=vaf)
    run(tmp_path, sheet(tmp_path, "1", "TUMOR P1 a.vcf 2024-01-05", columns=columns), "o1")
    second = run(tmp_path, sheet(tmp_path, "2", "TUMOR P1 b.vcf 2025-03-01", columns=columns), "o2")["TUMOR"]
    assert [s["sample"] for s in second["serial"]["samples"]] == ["TUMOR (2024-01-05)", "TUMOR"]
    undated = sheet(tmp_path, "3", "TUMOR P1 c.vcf", columns="sample patient vcf")
    done = tp53annot(
        "run", tmp_path, "--samples", undated, "-o", tmp_path / "o3", "--history", tmp_path / "lab.sqlite"
    )
    assert reports(tmp_path / "o3")["TUMOR"]["serial"] is None
    assert done.stderr.count("not compared") == 2
    listed = tp53annot("history", "list", "--history", tmp_path / "lab.sqlite").stdout.splitlines()
    assert len(listed) == 4  # none is lost


def test_two_patients_with_samples_of_one_name_are_both_kept(tmp_path: Path) -> None:
    for name in "ab":
        vcf(tmp_path / f"{name}.vcf", "TUMOR", vaf=0.4 if name == "a" else 0.3)
    run(tmp_path, sheet(tmp_path, "1", "TUMOR P1 a.vcf diagnosis"), "o1")
    found = run(tmp_path, sheet(tmp_path, "2", "TUMOR P2 b.vcf diagnosis"), "o2")["TUMOR"]
    assert found["variants"][0]["history"] == {"seen_in": 1, "of": 1} and found["serial"] is None


# the commands -------------------------------------------------------------------------------------


def test_list_show_and_export(lab: Path) -> None:
    file = ("--history", lab / "lab.sqlite")
    lines = tp53annot("history", "list", *file).stdout.splitlines()
    assert lines[0].split("\t")[:3] == ["number", "patient", "sample"]
    assert [line.split("\t")[1:3] for line in lines[1:]] == [["P0", "DX0"], ["P1", "DX1"], ["P2", "DX2"]]
    assert "R175H (c.524G>A) 0.300" in lines[1]
    shown = json.loads(tp53annot("history", "show", "P1", *file).stdout)
    assert [s["sample"] for s in shown] == ["DX1"] and shown[0]["context"] == {"disease_phase": "diagnosis"}
    everything = json.loads(tp53annot("history", "export", *file).stdout)
    assert everything["form"] == len(FORMS) and shown[0] in everything["samples"]
    absent = tp53annot("history", "show", "nobody", *file)
    assert absent.returncode == 3 and "history list" in absent.stderr
    assert tp53annot("history", "verify", *file).stdout == "3 samples, nothing damaged\n"


def test_saved_reports_are_recorded_as_their_run_would_have(lab: Path) -> None:
    """And again, without a second record; what is no report is named."""
    other = lab / "other.sqlite"
    (lab / "dx" / "DX9").mkdir()
    (lab / "dx" / "DX9" / "DX9.tp53.json").write_text("{}")
    for _ in range(2):
        done = tp53annot("history", "add", lab / "dx", "--history", other)
        assert done.returncode == 5 and "DX9.tp53.json" in done.stderr
    with open_history(lab / "lab.sqlite") as ours, open_history(other) as theirs:
        pairs = zip(ours.samples(), theirs.samples(), strict=True)
        assert all(replace(a, recorded=None) == replace(b, recorded=None) for a, b in pairs)


def test_reports_of_the_first_form_are_recorded(tmp_path: Path) -> None:
    """A later sample of the patient has its course."""
    older = json.loads(gzip.decompress(next(OLDER.glob("*.json.gz")).read_bytes()))
    assert older["schema_version"].startswith("1.")
    (tmp_path / "V1.tp53.json").write_text(json.dumps(older | {"patient": "P1", "sample": "V1"}))
    assert tp53annot("history", "add", tmp_path, "--history", tmp_path / "lab.sqlite").returncode == 0
    vcf(tmp_path / "a.vcf", "A")
    found = run(tmp_path, sheet(tmp_path, "a", "A P1 a.vcf relapse"), "o")["A"]
    assert found["serial"] is not None
    assert [s["sample"] for s in found["history"]["patient_samples"]] == ["V1"]


def test_what_is_forgotten_is_in_no_byte(lab: Path) -> None:
    """Also while another connection has kept the log open since before."""
    columns = "sample patient vcf disease_phase"
    path = sheet(lab, "x", "ZZSAMPLEZZ ZZPATIENTZZ rel.vcf relapse", columns=columns)
    other = sqlite3.connect(lab / "lab.sqlite")
    other.execute("SELECT count(*) FROM sample").fetchone()
    run(lab, path, "x")

    def bytes_of() -> bytes:
        return b"".join(p.read_bytes() for p in lab.glob("lab.sqlite*"))

    assert b"ZZPATIENTZZ" in bytes_of() and b"ZZSAMPLEZZ" in bytes_of()
    done = tp53annot("history", "forget", "--patient", "ZZPATIENTZZ", "--history", lab / "lab.sqlite")
    assert done.returncode == 0 and "ZZSAMPLEZZ" in done.stdout
    assert b"ZZPATIENTZZ" not in bytes_of() and b"ZZSAMPLEZZ" not in bytes_of() and b"DX1" in bytes_of()
    other.close()
    assert len(list(lab.glob("lab.sqlite*"))) >= 1 and b"ZZ" not in bytes_of()
    with open_history(lab / "lab.sqlite") as history:
        assert [s.sample for s in history.samples()] == ["DX0", "DX1", "DX2"]
    assert tp53annot("history", "forget", "--patient", "P7", "--history", lab / "lab.sqlite").returncode == 3
    assert tp53annot("history", "forget", "--history", lab / "lab.sqlite").returncode == 2


def test_a_forgotten_diagnosis_is_in_no_course(lab: Path) -> None:
    tp53annot("history", "forget", "--sample", "DX0", "--patient", "P0", "--history", lab / "lab.sqlite")
    found = run(lab, sheet(lab, "rel", "REL P0 rel.vcf relapse"), "rel")["REL"]
    assert found["serial"] is None and found["history"] == {"samples": 2, "patient_samples": []}


# the file -----------------------------------------------------------------------------------------


def sample(name: str, *, changes: int = 3) -> RecordedSample:
    made = (
        RecordedChange(listed="variants", hgvs_c=f"c.{i}A>G", hgvs_p_short="X", pos=i, ref="A", alt="G",
                       oncogenicity="uncertain", reportable=True, vaf=0.1, depth=10, alt_reads=1, remarks=(), present=True)
        for i in range(1, changes + 1)
    )  # fmt: skip
    return RecordedSample(patient=name, sample=name, file="", status="uncertain", context={}, coverage=None,
                          changes=tuple(made), tool_version="0")  # fmt: skip


WRITER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_history import sample
from tp53annot.history.database import open_history
with open_history(Path(sys.argv[1]), create=True) as history:
    for number in range(int(sys.argv[3]), 10**6):
        history.record([sample(f"{number}-{i}") for i in range(20)])
        if number == int(sys.argv[3]):
            print("wrote", flush=True)
        time.sleep(0.002)  # the other's turn
"""


def writer(path: Path, start: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(Path(__file__).parent), str(start)]
    root = str(Path(__file__).resolve().parents[2])
    fixtures = str(Path(__file__).parents[1] / "fixtures")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((root, fixtures))}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def test_killed_writers_leave_whole_transactions(tmp_path: Path) -> None:
    """Two processes write at once and are killed in the middle, again and again; each record is whole or not there."""
    path, rng = tmp_path / "lab.sqlite", random.Random(11)
    before = 0
    for attempt in range(2):
        both = [writer(path, 10**4 * (2 * attempt + i)) for i in range(2)]
        assert [process.stdout.readline() for process in both if process.stdout] == ["wrote\n"] * 2
        time.sleep(rng.uniform(0, 0.1))
        for process in both:
            process.send_signal(signal.SIGKILL)
            process.wait()
        with open_history(path) as history:
            assert history.faults() == []
            found = history.samples()
        batches: dict[str, int] = {}
        for s in found:
            batches[s.sample.split("-")[0]] = batches.get(s.sample.split("-")[0], 0) + 1
            assert len(s.changes) == 3
        assert set(batches.values()) == {20} and len(found) > before
        assert {int(name) // 10**4 for name in batches} >= {
            2 * attempt,
            2 * attempt + 1,
        }  # both came to write
        before = len(found)


def test_two_runs_at_once_are_both_recorded(tmp_path: Path) -> None:
    """Neither finds a file; each makes it, each records all of its samples, and a killed third changes nothing."""
    for name in "abc":
        for i in range(4):
            vcf(tmp_path / f"{name}{i}.vcf", f"{name}{i}")

    def start(name: str) -> subprocess.Popen[bytes]:
        inputs = [str(tmp_path / f"{name}{i}.vcf") for i in range(4)]
        return subprocess.Popen([sys.executable, "-m", "tp53annot", "run", *inputs, "-o", str(tmp_path / name), "-q",
                                 "--format", "json", "--history", str(tmp_path / "lab.sqlite")], start_new_session=True)  # fmt: skip

    assert [process.wait() for process in [start("a"), start("b")]] == [0, 0]
    third = start("c")
    while not list((tmp_path / "c").glob("c*/*.json")) and third.poll() is None:
        time.sleep(0.01)
    os.killpg(third.pid, signal.SIGKILL)
    third.wait()
    with open_history(tmp_path / "lab.sqlite") as history:
        assert history.faults() == []
        names = sorted(s.sample for s in history.samples())
    assert [n for n in names if n[0] != "c"] == [f"{name}{i}" for name in "ab" for i in range(4)]
    assert len(names) in (8, 12)  # of the killed run all or none


def test_a_file_of_an_older_form_is_brought_to_todays(lab: Path) -> None:
    path = lab / "lab.sqlite"
    with open_history(path) as history:
        before = history.samples()
    old = sqlite3.connect(path)
    old.execute("DROP INDEX sample_patient")
    old.execute("ALTER TABLE sample DROP COLUMN seal")
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    with open_history(path) as history:
        assert history.samples() == before
        assert history.connection.execute("PRAGMA user_version").fetchone() == (len(FORMS),)
        index = history.connection.execute("SELECT name FROM sqlite_master WHERE name = 'sample_patient'")
        assert index.fetchone() is not None and history.faults() == []


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ([f"PRAGMA application_id = {APPLICATION}", f"PRAGMA user_version = {len(FORMS) + 1}"], "newer tp53annot"),
        (["CREATE TABLE patients (name TEXT)"], "another program"),
        ([f"PRAGMA user_version = {len(FORMS) + 1}"], "another program"),
    ],
)  # fmt: skip
def test_files_that_are_not_ours_are_refused(tmp_path: Path, statements: list[str], words: str) -> None:
    path = tmp_path / "lab.sqlite"
    made = sqlite3.connect(path)
    for statement in statements:
        made.execute(statement)
    made.commit()
    made.close()
    before = path.read_bytes()
    done = tp53annot("run", vcf(tmp_path / "a.vcf", "A"), "-o", tmp_path / "o", "--history", path)
    assert done.returncode == 3 and words in done.stderr and len(done.stderr.splitlines()) == 1
    assert path.read_bytes() == before and not list((tmp_path / "o").glob("A"))


def test_no_file_no_folder_no_database(tmp_path: Path) -> None:
    path = tmp_path / "lab.sqlite"
    assert "no such history" in tp53annot("history", "list", "--history", path).stderr
    assert not path.exists()
    with open_history(path, create=True):
        pass
    data = path.read_bytes()
    path.write_bytes(data.replace(b"CREATE TABLE sample", b"CRE\xffTE TABLE sample"))
    broken = tp53annot("history", "verify", "--history", path)
    assert (
        broken.returncode == 3 and "not a whole history" in broken.stderr and broken.stderr.count("\n") == 1
    )
    path.unlink()
    path.write_text("this is no database, but a text of some length\n" * 40)
    done = tp53annot("history", "verify", "--history", path)
    assert done.returncode == 3 and "not a whole history" in done.stderr
    with pytest.raises(InputError, match="no such folder"), open_history(tmp_path / "x" / "y", create=True):
        pass


def test_damage_is_found(lab: Path) -> None:
    path = lab / "lab.sqlite"
    altered = sqlite3.connect(path)
    altered.execute("UPDATE change SET vaf = 0.9 WHERE sample = 2")
    altered.execute("UPDATE sample SET context = '{' WHERE number = 3")
    altered.commit()
    altered.close()
    done = tp53annot("history", "verify", "--history", path)
    assert done.returncode == 3 and "sample 2 is not what was recorded" in done.stderr
    assert "sample 3 cannot be read" in done.stderr


def test_sqlite_is_loaded_only_for_a_history(tmp_path: Path) -> None:
    code = "import sys; from tp53annot.cli import cli; from tp53annot.run import pipeline; sys.exit('sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


ALTERED: tuple[tuple[str, str, object], ...] = (
    ("sample", "status", "not_detected"), ("sample", "patient", "P2"), ("sample", "patient", None),
    ("sample", "recorded", "-1"), ("sample", "context", "{}"), ("sample", "sample", b"\xff\x00"),
    ("change", "oncogenicity", "benign"), ("change", "hgvs_c", "c.743G>A"), ("change", "place", "*"),
    ("change", "remarks", "7"), ("change", "reportable", 0), ("change", "vaf", "x"),
)  # fmt: skip


def test_a_record_that_was_altered_is_found_and_not_used(lab: Path) -> None:
    """Whatever cell it is; forgetting it keeps the sound ones."""
    path, rows = lab / "lab.sqlite", sheet(lab, "r", "REL P0 rel.vcf relapse")
    with sqlite3.connect(path) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole.close()
    sound = path.read_bytes()
    for table, column, value in ALTERED:
        path.write_bytes(sound)
        with sqlite3.connect(path) as altered:
            number = "number" if table == "sample" else "sample"
            altered.execute(f"UPDATE {table} SET {column} = ? WHERE {number} = 1", (value,))
        altered.close()
        for command in ("verify", "list"):
            done = tp53annot("history", command, "--history", path)
            assert done.returncode == 3 and "sample 1 " in done.stderr and done.stderr.count("\n") == 1, (
                column
            )
        if column in ("patient", "sample"):
            continue
        done = tp53annot("run", lab, "--samples", rows, "-o", lab / "o", "--history", path)
        assert done.returncode == 3 and "sample 1 " in done.stderr and not list(lab.glob("o/*/*.json")), (
            column
        )
        assert tp53annot("history", "forget", "--sample", "DX0", "--history", path).returncode == 0
        assert tp53annot("history", "verify", "--history", path).stdout == "2 samples, nothing damaged\n"


def test_a_cut_history_ends_the_run_before_it_begins(lab: Path) -> None:
    path = lab / "lab.sqlite"
    with sqlite3.connect(path) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole.close()
    data = path.read_bytes()
    for size in range(1024, len(data), 4096):
        path.write_bytes(data[:size])
        done = tp53annot("run", lab / "rel.vcf", "-o", lab / "o", "--history", path, "--force")
        assert done.returncode == 3 and done.stderr.count("\n") == 1 and "lab.sqlite" in done.stderr
        assert not list(lab.glob("o/*/*"))

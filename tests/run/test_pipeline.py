"""The run as a whole: exit codes, folders with bad files, resume, same bytes, safe names."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from bam_files import Change, write_bam

from tp53annot.system.files import safe_name

TOOL = [sys.executable, "-m", "tp53annot"]
EXAMPLE = Path(__file__).parents[2] / "resources" / "example"
SCRIPT = EXAMPLE.parents[1] / "tp53annot" / "report" / "templates" / "cohort.js"
HEAD = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TOOL, *map(str, arguments)], capture_output=True, text=True, **options)  # type: ignore[call-overload,no-any-return]


def vcf(path: Path, sample: str, *, vaf: float = 0.4, contig: str = "chr17") -> Path:
    reads = round(1000 * vaf)
    path.write_text(
        HEAD + f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{sample}\n"
        f"{contig}\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:{1000 - reads},{reads}\n"
    )
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "run.json"
    }


def test_exit_codes(tmp_path: Path) -> None:
    good = vcf(tmp_path / "a.vcf", "A")
    assert run("run", good, "-o", tmp_path / "o").returncode == 0
    again = run("run", good, "-o", tmp_path / "o")
    assert again.returncode == 3 and "--force" in again.stderr
    assert run("run", good, "-o", tmp_path / "o", "--force", "--fail-on", "mutated").returncode == 10
    assert run("run", good).returncode == 2
    assert run("run", good, "-o", tmp_path / "p", "--format", "docx").returncode == 2
    assert run("run", good, "-o", tmp_path / "p", "--context", "age=3").returncode == 2
    missing = run("run", tmp_path / "none.vcf", "-o", tmp_path / "p")
    assert missing.returncode == 3 and len(missing.stderr.strip().splitlines()) == 1
    assert run("--version").returncode == 0
    assert run("resources", "verify").returncode == 0


def test_damaged_resources_exit_4(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    shutil.copytree(EXAMPLE.parent, folder)
    assert run("resources", "verify", "--resources-dir", folder).returncode == 0
    table = folder / "tables" / "kato.tsv"
    table.write_text(table.read_text().replace("R175H\t", "R175H\t1", 1))
    done = run("run", vcf(tmp_path / "a.vcf", "A"), "-o", tmp_path / "o", "--resources-dir", folder)
    assert done.returncode == 4 and "kato" in done.stderr
    assert run("resources", "verify", "--resources-dir", folder).returncode == 4
    assert not list((tmp_path / "o").glob("*/*.json"))


def test_a_folder_with_everything_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    vcf(folder / "good1.vcf", "G1")
    vcf(folder / "good2.vcf", "G2", vaf=0.03)
    vcf(folder / "twin.vcf", "G1")
    whole = gzip.compress((folder / "good1.vcf").read_bytes())
    (folder / "cut.vcf.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.vcf").write_bytes(b"")
    (folder / "paper.vcf").write_bytes(b"%PDF-1.7\n")
    (folder / "x.vcf").mkdir()
    (folder / "mouse.vcf").write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=94987271>\n##reference=mm10\n"
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tM\nchr17\t7675088\t.\tG\tA\t9\tPASS\t.\tGT\t0/1\n"
    )
    write_bam(folder / "nothing.bam", depth=1, skip=range(2, 12), sample="B")
    done = run("run", folder, "-o", tmp_path / "out", "-j", 2)
    assert done.returncode == 5
    lines = [line for line in done.stderr.splitlines() if line.startswith("tp53annot: error")]
    for name in ("twin.vcf", "cut.vcf.gz", "empty.vcf", "paper.vcf", "x.vcf", "mouse.vcf"):
        assert sum(name in line.split(";")[0] for line in lines) >= 1, (name, lines)
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert {s["sample"]: s["status"] for s in record["samples"]} == {
        "G1": "mutated", "G2": "low_level", "B": "incomplete",
    }  # fmt: skip
    assert len(record["failures"]) == 6
    assert not list((tmp_path / "out").rglob(".tp53annot-*"))


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """As the superuser reads everything, the tool is run as nobody then."""
    folder = Path(tempfile.mkdtemp())  # pytest's own folder lets nobody in
    folder.chmod(0o755)
    path = vcf(folder / "a.vcf", "A")
    path.chmod(0)
    if os.geteuid() != 0:
        done = run("run", path, "-o", tmp_path / "o")
        assert done.returncode == 3 and "ermission" in done.stderr
        return
    from tp53annot.errors import InputError
    from tp53annot.vcf.reader import Reader

    child = os.fork()
    if child == 0:
        os.seteuid(65534)
        try:
            Reader(path)
        except InputError as error:
            os._exit(0 if "ermission" in str(error) else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_same_bytes_for_any_number_of_jobs_and_twice(tmp_path: Path) -> None:
    trees = []
    for number, jobs in enumerate((1, 1, 4)):
        out = tmp_path / str(number)
        assert (
            run("run", EXAMPLE, "--samples", EXAMPLE / "samples.tsv", "-o", out, "-j", jobs).returncode == 0
        )
        trees.append(tree(out))
    assert trees[0] == trees[1] == trees[2]
    assert len(trees[0]) > 6 * 4


def test_a_hostile_sample_name_stays_inside_and_inert(tmp_path: Path) -> None:
    path = vcf(tmp_path / "a.vcf", "../../x<script>alert(1)</script>")
    assert run("run", path, "-o", tmp_path / "o" / "deep").returncode == 0
    assert {p.name for p in tmp_path.iterdir()} == {"a.vcf", "o"}
    assert {p.name for p in (tmp_path / "o").iterdir()} == {"deep"}
    for page in (tmp_path / "o").rglob("*.html"):
        allowed = SCRIPT.read_text().strip() if page.name == "cohort.html" else "no script"
        assert "<script" not in page.read_text().replace(f"<script>{allowed}</script>", "")


def test_names_never_collide_and_plain_ones_stay() -> None:
    names = [
        "S1",
        "s 1",
        "s/1",
        "s_1",
        ".",
        "..",
        "",
        "CON",
        "run.json",
        "x" * 300,
        "a\nb",
        "a b",
        "-rf",
        "ü",
    ]
    safe = [safe_name(n) for n in names]
    assert len(set(safe)) == len(names) and safe[0] == "S1"
    assert all("/" not in s and s not in (".", "..") and len(s) < 120 for s in safe)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "o", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "A").symlink_to(elsewhere)
    done = run("run", vcf(tmp_path / "a.vcf", "A"), "-o", out)
    assert done.returncode == 3 and "symbolic link" in done.stderr
    assert not list(elsewhere.iterdir())


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    done = run("run", vcf(tmp_path / "a.vcf", "A"), "-o", blocked / "out")
    assert done.returncode == 3 and len(done.stderr.strip().splitlines()) == 1


def finished(tmp_path: Path, names: str) -> tuple[Path, Path]:
    """A folder of samples with these names of one letter, and that of their reports."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in names:
        vcf(folder / f"{name}.vcf", name)
    run("run", folder, "-o", out)
    return folder, out


def outcomes(out: Path) -> dict[str, str]:
    """How each sample of a run ended."""
    return {s["sample"]: s["outcome"] for s in json.loads((out / "run.json").read_text())["samples"]}


def test_resume_keeps_what_answers_the_same_question(tmp_path: Path) -> None:
    folder, out = finished(tmp_path, "ABC")
    before = tree(out)
    (out / "B" / "B.tp53.json").unlink()
    vcf(folder / "C.vcf", "C", vaf=0.03)
    assert run("run", folder, "-o", out, "--resume").returncode == 0
    outcome = outcomes(out)
    assert outcome == {"A": "resumed", "B": "done", "C": "done"}
    after = tree(out)
    assert (
        after["A/A.tp53.json"] == before["A/A.tp53.json"]
        and after["B/B.tp53.json"] == before["B/B.tp53.json"]
    )
    assert json.loads(after["C/C.tp53.json"])["assessment"]["status"] == "low_level"
    assert run("run", folder, "-o", out, "--resume", "--context", "age_years=50").returncode == 0
    outcome = outcomes(out)
    assert set(outcome.values()) == {"done"}


def test_resume_makes_anew_what_was_altered(tmp_path: Path) -> None:
    """Whatever file it is: a table that a spreadsheet saved again, a report that lost its end on a disk."""
    folder, out = finished(tmp_path, "AB")
    before = tree(out)
    for name in [name for name in before if name.startswith("A/")]:
        data = (out / name).read_bytes()
        for altered in (data[: len(data) // 2], data.replace(b"0.4", b"0.1") + b"\n"):
            (out / name).write_bytes(altered)
            assert run("run", folder, "-o", out, "--resume").returncode == 0
            outcome = outcomes(out)
            assert outcome == {"A": "done", "B": "resumed"}, name
            assert tree(out) == before


def killed_runs(tmp_path: Path, times: int, samples: int) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(samples):
        vcf(folder / f"s{number:03}.vcf", f"S{number:03}", vaf=0.02 + number / 400)
    calm = tmp_path / "calm"
    start = time.perf_counter()
    assert run("run", folder, "-o", calm, "-j", 2).returncode == 0
    whole = time.perf_counter() - start
    rng = random.Random(5)
    out = tmp_path / "out"
    for _ in range(times):
        process = subprocess.Popen(
            [*TOOL, "run", str(folder), "-o", str(out), "-j", "2", "--resume"], start_new_session=True
        )
        time.sleep(rng.uniform(0.1, whole))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert run("run", folder, "-o", out, "-j", 2, "--resume").returncode == 0
    assert tree(out) == tree(calm)


def test_killed_and_resumed_is_as_if_undisturbed(tmp_path: Path) -> None:
    killed_runs(tmp_path, 3, 25)


@pytest.mark.exhaustive
def test_killed_twenty_times(tmp_path: Path) -> None:
    killed_runs(tmp_path, 20, 60)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_ends_with_130_and_finished_samples_stay(tmp_path: Path, how: signal.Signals) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(600):
        vcf(folder / f"s{number:03}.vcf", f"S{number:03}")
    out = tmp_path / "out"
    process = subprocess.Popen(
        [*TOOL, "run", str(folder), "-o", str(out), "-j", "2"], stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(how, signal.SIG_DFL),  # the tests' own caller may ignore it
    )  # fmt: skip
    while not list(out.glob("*/*.json")):
        time.sleep(0.05)
    process.send_signal(how)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130 and "Traceback" not in stderr
    for report in out.glob("*/*.json"):
        json.loads(report.read_text())


def test_reads_and_vcf_of_one_name_are_paired(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    vcf(folder / "P1.vcf", "P1", vaf=0.2)
    write_bam(
        folder / "P1.bam", depth=300, sample="P1", changes=[Change(pos=7675088, ref="C", alt="T", vaf=0.2)]
    )
    done = run("run", folder, "-o", tmp_path / "out")
    assert done.returncode == 0 and "paired P1.vcf with P1.bam" in done.stderr
    report = json.loads((tmp_path / "out" / "P1" / "P1.tp53.json").read_text())
    assert report["coverage"] is not None and report["variants"][0]["caller_support"]["alt_reads"] == 200


def test_two_read_files_of_one_sample_and_an_input_given_twice_are_said(tmp_path: Path) -> None:
    from tp53annot.run.inputs.plan import plan

    for name in ("S1.bam", "S1.cram"):
        (tmp_path / name).write_bytes(b"")
    found = plan([tmp_path], bam=None, context={})
    assert [job.path.name for job in found.jobs] == ["S1.bam"]
    assert [Path(path).name for path, _ in found.left] == ["S1.cram"]
    path = vcf(tmp_path / "a.vcf", "A")
    twice = plan([path, path], bam=None, context={})
    assert len(twice.jobs) == 1 and twice.left[0][1] == "given twice"


@pytest.mark.parametrize("formats", ["html", "tsv", "json", "vcf"])
def test_nothing_is_overwritten_unasked(tmp_path: Path, formats: str) -> None:
    path, out = vcf(tmp_path / "a.vcf", "A"), tmp_path / "o"
    assert run("run", path, "-o", out).returncode == 0
    assert run("run", path, "-o", out, "--format", formats).returncode == 3
    assert run("run", path, "-o", out, "--format", formats, "--force").returncode == 0

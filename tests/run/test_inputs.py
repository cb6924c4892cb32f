"""Which files of a folder make which samples, and what is said of the others."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tp53annot.errors import InputError
from tp53annot.run.inputs.plan import plan
from tp53annot.run.jobs import kind_of, stem_of


def folder_of(path: Path, *names: str) -> Path:
    for name in names:
        (path / name).write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("name", "kind", "stem"),
    [
        ("S1.vcf", "vcf", "S1"),
        ("S1.VCF.GZ", "vcf", "S1"),
        ("S1.g.vcf.gz", "vcf", "S1"),
        ("a.b.bcf", "vcf", "a.b"),
        ("S1.cram", "reads", "S1"),
        ("S1.tp53.vcf.gz", None, "S1.tp53"),
        ("S1.vcf.gz.tbi", None, "S1.vcf.gz.tbi"),
        ("notes.txt", None, "notes"),
    ],
)
def test_kind_and_sample_of_a_file_name(name: str, kind: str | None, stem: str) -> None:
    assert (kind_of(Path(name)), stem_of(Path(name))) == (kind, stem)


def test_vcf_and_reads_of_one_sample_make_one_job(tmp_path: Path) -> None:
    folder_of(
        tmp_path, "S1.vcf", "S1.bam", "S2.mutect2.vcf.gz", "S2.cram", "S3.bam", "S1.bam.bai", "readme.txt"
    )
    found = plan([tmp_path], bam=None, context={})
    pairs = [(j.vcf and j.vcf.name, j.bam and j.bam.name) for j in found.jobs]
    assert pairs == [("S1.vcf", "S1.bam"), ("S2.mutect2.vcf.gz", "S2.cram"), (None, "S3.bam")]
    assert found.remarks == ("paired S1.vcf with S1.bam", "paired S2.mutect2.vcf.gz with S2.cram")
    assert [Path(path).name for path, _ in found.left] == ["readme.txt"]


def test_reads_that_could_belong_to_two_files_are_not_paired(tmp_path: Path) -> None:
    folder_of(tmp_path, "S1.mutect2.vcf", "S1.vardict.vcf", "S1.bam", "S10.vcf")
    found = plan([tmp_path], bam=None, context={})
    assert [(j.path.name, j.bam and j.vcf) for j in found.jobs] == [
        ("S1.mutect2.vcf", None), ("S1.vardict.vcf", None), ("S10.vcf", None), ("S1.bam", None),
    ]  # fmt: skip


HEAD = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"


def lay(folder: Path, **files: str | None) -> Path:
    """Calls and reads with these samples in them; ``__`` in a name is a slash, the last ``_`` a dot."""
    for name, samples in files.items():
        path = folder / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        names = (samples or "").split()
        if path.suffix == ".vcf":
            path.write_text(HEAD + "\t".join(names) + "\n")
        else:
            groups = "".join(f"@RG\tID:{i}\tSM:{name}\n" for i, name in enumerate(names))
            path.write_text(f"@HD\tVN:1.6\n@SQ\tSN:chr17\tLN:83257441\n{groups}")
    return folder


def pairs(folder: Path, **options: bool) -> list[tuple[str | None, str | None]]:
    found = plan([folder], bam=None, context={}, **options)
    return [(j.vcf and j.vcf.name, j.bam and j.bam.name) for j in found.jobs]


def test_a_vcf_and_reads_that_hold_the_same_sample_are_taken_together_whatever_they_are_called(
    tmp_path: Path,
) -> None:
    lay(tmp_path, run7_vcf="P-17", L123_S4_sam="P-17 P-17", other_sam="P-18")
    assert pairs(tmp_path) == [("run7.vcf", "L123_S4.sam"), (None, "other.sam")]
    (remark,) = plan([tmp_path], bam=None, context={}).remarks
    assert remark == "paired run7.vcf with L123_S4.sam: both hold sample 'P-17'"


def test_a_matched_normal_beside_the_tumour_does_not_hinder_the_pair(tmp_path: Path) -> None:
    lay(tmp_path, a_vcf="P1_normal P1_tumor", t_sam="P1_tumor", n_sam="P1_normal")
    assert pairs(tmp_path) == [("a.vcf", "t.sam"), (None, "n.sam")]


def test_a_caller_that_found_no_read_group_names_the_file_of_the_reads(tmp_path: Path) -> None:
    lay(tmp_path, a_vcf="/data/mapped/L9.sam", L9_sam=None)
    assert pairs(tmp_path) == [("a.vcf", "L9.sam")]


def test_file_names_that_were_mixed_up_make_no_pairs_across_two_patients(tmp_path: Path) -> None:
    lay(tmp_path, S1_vcf="P1", S1_sam="P2", S2_vcf="P2", S2_sam="P1")
    assert pairs(tmp_path) == [("S1.vcf", "S2.sam"), ("S2.vcf", "S1.sam")]
    (tmp_path / "S2.vcf").unlink()
    assert pairs(tmp_path) == [("S1.vcf", "S2.sam"), (None, "S1.sam")]


def test_a_pair_by_file_name_alone_says_so(tmp_path: Path) -> None:
    lay(tmp_path, S1_vcf="P1", S1_sam="P2", S2_vcf="sample", S2_sam="P3")
    assert plan([tmp_path], bam=None, context={}).remarks == (
        "paired S1.vcf with S1.sam by name, though one holds sample 'P1', the other 'P2'",
        "paired S2.vcf with S2.sam",
    )


def test_files_that_are_named_themselves_are_paired_as_those_of_a_folder(tmp_path: Path) -> None:
    lay(tmp_path, S1_vcf="A", x__S1_sam="A", run7_vcf="P-17", L1_sam="P-17", c_vcf="C", d_sam="D")
    names = ("d.sam", "S1.vcf", "L1.sam", "run7.vcf", "x/S1.sam", "c.vcf")
    found = plan([tmp_path / name for name in names], bam=None, context={})
    assert [(j.vcf and j.vcf.name, j.bam and j.bam.name) for j in found.jobs] == [
        (None, "d.sam"), ("S1.vcf", "S1.sam"), ("run7.vcf", "L1.sam"), ("c.vcf", None),
    ]  # fmt: skip
    assert found.remarks == (
        "paired S1.vcf with x/S1.sam",
        "paired run7.vcf with L1.sam: both hold sample 'P-17'",
    )


@pytest.mark.parametrize(
    "files",
    [
        {"a_vcf": "sample", "b_sam": "sample"},
        {"a_vcf": "TUMOR", "b_sam": "tumor"},
        {"a_vcf": "P1", "b_vcf": "P1", "c_sam": "P1"},
        {"a_vcf": "P1", "b_sam": "P1", "c_sam": "P1"},
        {"a_vcf": "P1 P2", "b_sam": "P1"},
        {"a_vcf": "P1", "b_sam": "P1 P2"},
        {"a_vcf": "P1", "b_sam": "P10"},
        {"a_vcf": None, "b_sam": None},
    ],
)
def test_what_leaves_a_doubt_is_not_paired(files: dict[str, str | None], tmp_path: Path) -> None:
    lay(tmp_path, **files)
    assert all(vcf is None or bam is None for vcf, bam in pairs(tmp_path))


def test_subfolders_are_searched_on_request(tmp_path: Path) -> None:
    lay(
        tmp_path,
        vcf__S1_vcf="A",
        bam__S1_sam="A",
        r1__S2_vcf="B",
        r1__S2_sam="B",
        r2__S2_vcf="C",
        r2__S2_sam="C",
    )
    (tmp_path / "out/S1").mkdir(parents=True)
    (tmp_path / "out/run.json").write_text("{}")
    lay(tmp_path, out__S1__x_vcf="A", **{".hidden__y_vcf": "A"})
    with pytest.raises(InputError, match="its subfolders hold some; -r looks into them, too"):
        plan([tmp_path], bam=None, context={})
    assert sorted(pairs(tmp_path, recursive=True)) == [
        ("S1.vcf", "S1.sam"),
        ("S2.vcf", "S2.sam"),
        ("S2.vcf", "S2.sam"),
    ]
    found = plan([tmp_path], bam=None, context={}, recursive=True)
    assert all(j.vcf and j.bam and (j.vcf.parent == j.bam.parent or "S1" in j.vcf.name) for j in found.jobs)
    assert (str(tmp_path / "out"), "results of tp53annot") in found.left
    (tmp_path / "vcf/again").symlink_to(tmp_path)
    assert len(pairs(tmp_path, recursive=True)) == 3, "a link that leads back"


LEFTOVERS = ("._S1.vcf", ".DS_Store", "~$list.xlsx", "S1.vcf~", ".S1.vcf.swp", "#S1.vcf#", "Thumbs.db", "S2.bam.part",
             ".~lock.list.ods#", "S1.vcf.bak")  # fmt: skip


def test_leftovers_of_systems_and_editors_are_passed_over_and_listed(tmp_path: Path) -> None:
    lay(tmp_path, S1_vcf="A", sub__S2_vcf="B")
    folder_of(tmp_path, *LEFTOVERS, "._S1.bam", "samples.xlsx", "notes.pdf")
    found = plan([tmp_path], bam=None, context={})
    assert [job.path.name for job in found.jobs] == ["S1.vcf"]
    reasons = {Path(path).name: reason for path, reason in found.left}
    assert all(reasons[name].startswith("a leftover of ") for name in (*LEFTOVERS, "._S1.bam"))
    assert reasons["sub"] == "a folder; -r looks into it, too"
    assert reasons["samples.xlsx"].startswith("a table: a sample sheet goes to --samples")
    assert reasons["notes.pdf"] == "not a VCF, BCF, BAM or CRAM by its name"


def test_what_cannot_be_planned_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        plan([tmp_path / "none"], bam=None, context={})
    with pytest.raises(InputError, match="holds no VCF"):
        plan([folder_of(tmp_path, "a.txt")], bam=None, context={})
    folder_of(tmp_path, "a.vcf", "b.vcf")
    with pytest.raises(InputError, match="exactly one VCF, not with 2; put the reads into the folder"):
        plan([tmp_path], bam=tmp_path / "a.bam", context={})
    with pytest.raises(InputError, match="exactly one VCF, and the input is reads; leave out --bam"):
        plan([folder_of(tmp_path, "c.bam") / "c.bam"], bam=tmp_path / "a.bam", context={})


def test_a_folder_without_permission(tmp_path: Path) -> None:
    """As the superuser reads every folder, it looks as nobody then."""
    shared = Path(tempfile.mkdtemp())  # pytest's own folder lets nobody in
    shared.chmod(0o755)
    closed = shared / "closed"
    closed.mkdir(mode=0o300)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(InputError, match="ermission"):
            plan([closed], bam=None, context={})
    finally:
        os.seteuid(user)

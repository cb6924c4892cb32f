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


def test_what_cannot_be_planned_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        plan([tmp_path / "none"], bam=None, context={})
    with pytest.raises(InputError, match="holds no VCF"):
        plan([folder_of(tmp_path, "a.txt")], bam=None, context={})
    folder_of(tmp_path, "a.vcf", "b.vcf")
    with pytest.raises(InputError, match="exactly one VCF"):
        plan([tmp_path], bam=tmp_path / "a.bam", context={})


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

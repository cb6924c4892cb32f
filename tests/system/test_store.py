"""Files under the output folder: whole or not at all, one clear error, leftovers swept."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tp53annot_cli import in_a_process, tp53annot

from tp53annot.errors import OutputError, StorageError
from tp53annot.system import signals
from tp53annot.system.files import (
    atomic_path,
    output_error,
    scratch_folder,
    sweep,
    write_text,
    write_together,
)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), atomic_path(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old" and names_in(tmp_path) == ["a.txt"]


def test_files_that_belong_together_appear_together(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageError, match="b: cannot write: the disk is full"):
        write_together({tmp_path / "a": lambda p: p.write_text("a"), tmp_path / "b": fail})
    assert names_in(tmp_path) == []
    write_together({tmp_path / "a": lambda p: p.write_text("a"), tmp_path / "b": lambda p: p.write_text("b")})
    assert names_in(tmp_path) == ["a", "b"]


def test_an_index_goes_with_its_file_and_an_old_one_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf.gz"
    with atomic_path(path) as temporary:
        temporary.write_bytes(b"1")
        Path(f"{temporary}.tbi").write_bytes(b"i")
    assert names_in(tmp_path) == ["a.vcf.gz", "a.vcf.gz.tbi"]
    with atomic_path(path) as temporary:
        temporary.write_bytes(b"2")
    assert names_in(tmp_path) == ["a.vcf.gz"]


def test_devices_and_pipes_are_written_to_and_stay(tmp_path: Path) -> None:
    device, vcf = tmp_path / "null", tmp_path / "a.vcf"
    try:
        os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:  # only the superuser could replace a device, and only he can make one
        device = Path(os.devnull)
    vcf.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
        "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:60,40\n"
    )
    plain = in_a_process("annotate", "--no-version", vcf).stdout
    for force in ([], ["--force"]):
        assert tp53annot("annotate", "--no-version", vcf, "-o", device, *force).returncode == 0
        assert device.is_char_device() and names_in(tmp_path)[0] == "a.vcf"
    appended = tmp_path / "out.vcf"
    for _ in range(2):
        command = f"{sys.executable} -m tp53annot annotate --no-version {vcf} -o /dev/stdout >> {appended}"
        subprocess.run(["sh", "-c", command], check=True)
    assert appended.read_text() == plain * 2 and Path("/dev/stdout").is_symlink()
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True) as reader:
        assert tp53annot("annotate", "--no-version", vcf, "-o", tmp_path / "pipe").returncode == 0
        assert reader.communicate(timeout=60)[0] == plain
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:  # files in memory are files
        for force, code in (([], 0), ([], 3), (["--force"], 0)):
            assert (
                tp53annot("annotate", "--no-version", vcf, "-o", Path(folder) / "a.vcf", *force).returncode
                == code
            )
        assert (Path(folder) / "a.vcf").read_text() == plain
    full = tp53annot("annotate", "--no-version", vcf, "-o", "/dev/full")
    assert full.returncode == 3 and "the disk is full" in full.stderr


def test_only_what_ended_processes_left_is_swept(tmp_path: Path) -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    zombie = subprocess.Popen([sys.executable, "-c", ""])  # ended, not collected
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    names = {pid: tmp_path / f".tp53annot-{pid}-xS1.json" for pid in (done.pid, zombie.pid, os.getpid())}
    for path in (*names.values(), tmp_path / "S1.json"):
        path.write_text("")
    left = tmp_path / f".tp53annot-{done.pid}-folder"
    left.mkdir()
    (left / "sheet1.xml").write_text("")
    sweep(tmp_path)
    assert names_in(tmp_path) == [names[os.getpid()].name, "S1.json"]
    zombie.wait()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG])
def test_what_concerns_every_file_ends_the_run(tmp_path: Path, code: int) -> None:
    error = output_error(tmp_path / "x", OSError(code, "words of the system"))
    assert isinstance(error, StorageError) and "words of the system" not in str(error)


@pytest.mark.parametrize("code", [errno.EACCES, errno.ENOTDIR, errno.EISDIR, errno.EIO])
def test_what_concerns_one_file_does_not(tmp_path: Path, code: int) -> None:
    error = output_error(tmp_path / "x", OSError(code, "words of the system"))
    assert isinstance(error, OutputError) and not isinstance(error, StorageError)


SMALL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from tp53annot.cli import main
main(sys.argv[2:])
"""


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("size", [300, 6_000, 30_000])
def test_a_place_that_takes_no_more_is_one_error(tmp_path: Path, jobs: int, size: int) -> None:
    """A limit on file sizes stands for the full disk, which needs a mount."""
    out, source = tmp_path / "o", tmp_path / "in"
    source.mkdir()
    head = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
    for name in ("A", "B", "C", "D"):
        line = "chr17\t7675088\t.\tC\tT\t50\tPASS\t.\tGT:AD\t0/1:60,40\n"
        (source / f"{name}.vcf").write_text(f"{head}{columns}{name}\n{line}")
    command = [sys.executable, "-c", SMALL, str(size), "run", str(source), "-o", str(out), "-j", str(jobs)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert len(done.stderr.splitlines()) == 1 and "larger than allowed" in done.stderr
    assert [p for p in out.rglob("*") if p.is_file()] == []


def full_disk(folder: Path, kib: int) -> bool:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(folder)], capture_output=True
    )
    return mounted.returncode == 0


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_keeps_what_is_finished(tmp_path: Path, jobs: int) -> None:
    source, disk = tmp_path / "in", tmp_path / "disk"
    source.mkdir()
    disk.mkdir()
    head = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
    for n in range(40):
        (source / f"S{n:02}.vcf").write_text(
            f"{head}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS{n:02}\n"
        )
    if not full_disk(disk, 800):
        pytest.skip("mounting a small disk needs the superuser")
    try:
        command = [
            sys.executable,
            "-m",
            "tp53annot",
            "run",
            str(source),
            "-o",
            str(disk / "o"),
            "-j",
            str(jobs),
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (
            done.returncode == 3 and len(done.stderr.splitlines()) == 1 and "the disk is full" in done.stderr
        )
        assert not list(disk.rglob(".tp53annot-*"))
        folders = [p for p in (disk / "o").iterdir() if p.is_dir() and any(p.iterdir())]
        assert folders and {len(list(p.iterdir())) for p in folders} == {5}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_scratch_folder_goes_with_its_block_and_with_its_process(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "sheet1.xml").write_text("")
        assert str(folder) in signals.unfinished
    assert not names_in(tmp_path) and str(folder) not in signals.unfinished
    with scratch_folder(tmp_path) as folder:
        (folder / "sheet1.xml").write_text("")
        signals.discard_unfinished()
        assert not folder.exists()


def test_a_signal_waits_while_files_that_belong_together_get_their_names(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from tp53annot.system import files, signals\n"
        "signals.take_in_hand(143, b'')\n"
        "rename = Path.replace\n"
        "def replace(self, target):\n"
        "    rename(self, target)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "Path.replace = replace\n"
        "files.write_together({Path(sys.argv[1]) / name: lambda p: p.write_text('x') for name in 'abc'})\n"
        "print('not reached')"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (143, "", "")
    assert names_in(tmp_path) == ["a", "b", "c"]

"""A run in strange surroundings: disks that fail, clocks that are wrong, no home, a locale of decimal commas."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bam_files import write_bam
from conftest import require_program
from test_pipeline import tree, vcf

import tp53annot

PACKAGE = Path(tp53annot.__file__).parent
TOOL = (sys.executable, "-m", "tp53annot")
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int hit(int fd, const char *variable) {
    char link[64], path[4096];
    const char *wanted = getenv(variable);
    if (!wanted) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return strstr(path, wanted) != NULL;
}
ssize_t read(int fd, void *to, size_t size) {
    ssize_t (*real)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");
    if (hit(fd, "FAIL_READ")) { errno = EIO; return -1; }
    return real(fd, to, size);
}
ssize_t write(int fd, const void *from, size_t size) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    if (hit(fd, "FAIL_WRITE")) { errno = EIO; return -1; }
    return real(fd, from, size);
}
"""
pytestmark = [pytest.mark.peer, pytest.mark.exhaustive]


def run(folder: Path, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TOOL, *map(str, arguments)], cwd=folder, env=os.environ | variables, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library under which reading or writing files of a name fails as on a broken disk."""
    compiler = require_program("gcc")
    folder = tmp_path_factory.mktemp("shim")
    (folder / "shim.c").write_text(SHIM)
    library = folder / "shim.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-w", "-o", library, folder / "shim.c", "-ldl"], check=True)
    return library


@pytest.mark.parametrize("name", ["a.vcf", "a.bam"])
def test_a_disk_that_cannot_be_read_is_one_line(tmp_path: Path, shim: Path, name: str) -> None:
    vcf(tmp_path / "a.vcf", "A")
    write_bam(tmp_path / "a.bam", depth=20)
    done = run(tmp_path, "run", name, "-o", "o", LD_PRELOAD=str(shim), FAIL_READ=f"/{name}")
    assert done.returncode == 3 and done.stderr.count("\n") == 1
    assert name in done.stderr and "Input/output error" in done.stderr
    assert {path.name for path in (tmp_path / "o").rglob("*")} <= {"run.json"}


@pytest.mark.parametrize("name", ["tp53.json", "tp53.html", "cohort.xlsx", "run.json"])
def test_a_disk_that_cannot_be_written_leaves_nothing_half(tmp_path: Path, shim: Path, name: str) -> None:
    vcf(tmp_path / "a.vcf", "A")
    assert run(tmp_path, "run", "a.vcf", "-o", "whole").returncode == 0
    done = run(tmp_path, "run", "a.vcf", "-o", "o", LD_PRELOAD=str(shim), FAIL_WRITE=name)
    assert done.returncode == 3 and "Input/output error" in done.stderr.splitlines()[-1]
    whole = tree(tmp_path / "whole")
    assert all(whole[path] == data for path, data in tree(tmp_path / "o").items())


def test_a_locale_of_decimal_commas_changes_nothing(tmp_path: Path) -> None:
    """The locale is made here; the libraries that read and write VCF and BAM obey it."""
    subprocess.run(
        [require_program("localedef"), "-i", "de_DE", "-f", "UTF-8", tmp_path / "de_DE.UTF-8"], check=True
    )
    commas = {"LOCPATH": str(tmp_path), "LC_ALL": "de_DE.UTF-8"}
    asked = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.str(0.5))"
    shown = subprocess.run([sys.executable, "-c", asked], env=os.environ | commas, capture_output=True)
    assert shown.stdout == b"0,5\n", "the locale is there"
    vcf(tmp_path / "a.vcf", "A")
    write_bam(tmp_path / "a.bam", depth=60)
    for out, variables in (("plain", {"LC_ALL": "C"}), ("commas", commas)):
        assert run(tmp_path, "run", "a.vcf", "-o", out, **variables).returncode == 0
        assert run(tmp_path, "call", "a.bam", "-o", f"{out}.vcf", **variables).returncode == 0
    assert tree(tmp_path / "plain") == tree(tmp_path / "commas")
    assert (tmp_path / "plain.vcf").read_bytes() == (tmp_path / "commas.vcf").read_bytes()


def test_the_order_of_sets_changes_nothing(tmp_path: Path) -> None:
    """Python orders its sets by a seed of each process."""
    (tmp_path / "i").mkdir()
    vcf(tmp_path / "i" / "a.vcf", "A")
    write_bam(tmp_path / "i" / "b.bam", depth=200, error=0.02, sample="B")
    for seed in ("0", "1", "2"):
        done = run(tmp_path, "run", "i", "-o", seed, "--format", "json,html,tsv,vcf,maf", PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "0") == tree(tmp_path / "1") == tree(tmp_path / "2")


@pytest.mark.parametrize("date", ["1971-01-01", "2107-12-31", "2200-01-01"])
def test_a_clock_that_is_wrong_changes_the_record_of_the_run_alone(tmp_path: Path, date: str) -> None:
    """Archives within workbooks hold years from 1980 to 2107."""
    vcf(tmp_path / "a.vcf", "A")
    assert run(tmp_path, "run", "a.vcf", "-o", "right").returncode == 0
    wrong = [require_program("faketime"), "-f", f"@{date} 00:00:00", *TOOL, "run", "a.vcf", "-o", "wrong"]
    subprocess.run(wrong, cwd=tmp_path, check=True, capture_output=True)
    assert tree(tmp_path / "right") == tree(tmp_path / "wrong")
    assert date[:4] in (tmp_path / "wrong" / "run.json").read_text()


def test_without_home_and_with_a_temporary_folder_that_is_not_there(tmp_path: Path) -> None:
    vcf(tmp_path / "a.vcf", "A")
    assert run(tmp_path, "run", "a.vcf", "-o", "usual").returncode == 0
    bare = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TMPDIR": "/nonexistent"}
    done = subprocess.run([*TOOL, "run", "a.vcf", "-o", "bare"], cwd=tmp_path, env=bare, capture_output=True)
    assert done.returncode == 0 and tree(tmp_path / "usual") == tree(tmp_path / "bare")


NOBODY = "12345"  # a number without an entry in the list of users


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """The package where nobody may write, without compiled modules, and a folder of a user without an entry."""
    if os.geteuid():
        pytest.skip("only root may run a program as another user")
    folder = Path(
        tempfile.mkdtemp(prefix="tp53annot-installed-")
    )  # pytest's own folders are closed to others
    try:
        package = folder / "lib" / "tp53annot"
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
        vcf(folder / "a.vcf", "A")
        write_bam(folder / "a.bam", depth=60)
        subprocess.run(["chmod", "-R", "a-w,a+rX", folder], check=True)
        (folder / "out").mkdir()
        os.chown(folder / "out", int(NOBODY), int(NOBODY))
        begun = as_nobody(folder, sys.executable, "-c", "print(1)")
        if not begun.stdout:
            pytest.skip(f"another user cannot start the interpreter here: {begun.stderr.strip()[-200:]}")
        yield folder
    finally:
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)
        shutil.rmtree(folder)


def as_nobody(folder: Path, *command: object) -> subprocess.CompletedProcess[str]:
    """A program run by the user without an entry, with no home and no variable but where programs are."""
    user = [require_program("setpriv"), "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder / "lib")}
    return subprocess.run(
        [*user, *map(str, command)], cwd=folder / "out", env=bare, capture_output=True, text=True
    )


def test_the_user_has_no_entry_and_cannot_write_the_installation(installed: Path) -> None:
    """What the tests below rest on."""
    asked = "import os, pwd, tp53annot; print(os.getuid(), tp53annot.__file__); pwd.getpwuid(os.getuid())"
    done = as_nobody(installed, sys.executable, "-c", asked)
    assert (
        done.stdout == f"{NOBODY} {installed / 'lib/tp53annot/__init__.py'}\n" and "KeyError" in done.stderr
    )
    for place in ("lib/tp53annot/x", "lib/tp53annot/resources/x", "x"):
        assert as_nobody(installed, "touch", installed / place).returncode


@pytest.mark.parametrize(
    "work",
    [
        "run ../a.vcf -o {out} --format json,tsv,html,vcf,xlsx,maf,pdf,fhir,txt",
        "run ../a.bam -o {out} --history {out}.sqlite -j 2",
        "call ../a.bam -o {out}",
        "annotate ../a.vcf -o {out}",
        "demo -o {out}",
        "resources verify",
    ],
)
def test_a_read_only_installation_and_a_user_without_an_entry_change_nothing(
    work: str, installed: Path, tmp_path: Path
) -> None:
    name = "-".join(work.split()[:2]).replace("/", "").replace("..", "")
    done = as_nobody(installed, *TOOL, *work.format(out=name).split())
    (tmp_path / "out").mkdir()
    for given in ("a.vcf", "a.bam", "a.bam.bai"):
        shutil.copy2(installed / given, tmp_path)
    usual = run(tmp_path / "out", *work.format(out=name).split())
    assert (done.returncode, done.stdout, done.stderr) == (0, usual.stdout, usual.stderr)
    made, wanted = installed / "out" / name, tmp_path / "out" / name
    if wanted.is_dir():
        assert tree(made) == tree(wanted)
    elif wanted.exists():
        assert made.read_bytes() == wanted.read_bytes()
    assert not list(installed.rglob("__pycache__"))

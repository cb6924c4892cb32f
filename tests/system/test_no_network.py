"""No command but `resources update` opens a connection, in Python or in htslib."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pysam
import pytest
import release_files as files
import release_server as web
from bam_files import REF, Change, write_bam
from conftest import ROOT

from tp53annot.core.allele import Build

# Ends the process at the first socket that leaves the machine; worker processes inherit it.
GUARD = """
import os, socket, sys

def guard(event, arguments):
    inet = (socket.AF_INET, socket.AF_INET6)
    if event == "socket.__new__" and arguments[1] in inet or event in (
        "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"
    ):
        os.write(2, f"network: {event} {arguments[1:]}\\n".encode())
        os._exit(97)

sys.addaudithook(guard)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the guard, reads, calls and a finished report."""
    folder = tmp_path_factory.mktemp("network")
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD)
    write_bam(folder / "a.bam", depth=60, changes=[Change(pos=7675088, ref="C", alt="T", vaf=0.5)])
    (folder / "a.vcf").write_text((ROOT / "resources/example/demo.grch38.vcf").read_text())
    assert guarded(folder, "run", folder / "a.vcf", "-o", folder / "out", "-j", "2").returncode == 0
    files.put(folder / "bd.gz", files.bayesdel())
    return folder


def guarded(folder: Path, *arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    """A command under the guard."""
    command = [sys.executable, "-m", "tp53annot", *map(str, arguments)]
    path = os.pathsep.join([str(folder / "guard"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env={**os.environ, "PYTHONPATH": path, **env}
    )


def test_the_guard_sees_the_one_command_that_connects(place: Path) -> None:
    done = guarded(place, "resources", "update", "civic", "--url", "http://127.0.0.1:9", NO_PROXY="*")
    assert done.returncode == 97 and "network: socket." in done.stderr


COMMANDS = {
    "run reads": ("run", "a.bam", "-o", "o1"),
    "run calls": ("run", "a.vcf", "--bam", "a.bam", "-o", "o2", "--sample", "DEMO-01"),
    "run formats": ("run", "a.vcf", "-o", "o3", "--format", "json,tsv,html,vcf,xlsx,maf,fhir,txt"),
    "call": ("call", "a.bam", "-o", "c.vcf.gz"),
    "why": ("call", "a.bam", "--why", "chr17:7675088:C:T"),
    "coverage": ("coverage", "a.bam"),
    "annotate": ("annotate", "a.vcf", "-o", "n.vcf.gz"),
    "explain": ("explain", "R175H", "rs28934578"),
    "demo": ("demo", "-o", "d", "-j", "2"),
    "evidence": ("evidence", "list"),
    "evidence show": ("evidence", "show", "S002-06"),
    "evidence lint": ("evidence", "lint"),
    "evidence matrix": ("evidence", "matrix"),
    "list": ("resources", "list"),
    "verify": ("resources", "verify"),
    "diff": ("resources", "diff", str(ROOT / "resources")),
    "import": ("resources", "update", "--from", "bd.gz", "--resources-dir", "r"),
    "version": ("--version",),
}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_other_command_connects(name: str, place: Path) -> None:
    done = guarded(place, *COMMANDS[name])
    assert "network:" not in done.stderr
    assert done.returncode == 0, done.stderr


def test_render_does_not_connect(place: Path) -> None:
    report = next((place / "out").glob("*/*.tp53.json"))
    done = guarded(place, "render", report, "--format", "html,tsv,xlsx,maf,fhir,txt", "-o", "rendered")
    assert done.returncode == 0 and "network:" not in done.stderr, done.stderr


@pytest.fixture
def server() -> Iterator[web.Server]:
    with web.serving() as running:
        yield running


def test_htslib_asks_no_server_for_the_reference_of_a_cram(
    server: web.Server, place: Path, tmp_path: Path
) -> None:
    """Neither REF_PATH nor the address in the header is followed: the genome comes from --reference."""
    info = REF.builds[Build.GRCH38]
    genome, other = tmp_path / "genome.fa", tmp_path / "other.fa"
    padding = "N" * (REF.start - 1)
    genome.write_text(f">chr17\n{padding}{REF.sequence}{'N' * (info.length - REF.end)}\n")
    other.write_text(">chr1\nACGT\n")
    for fasta in (genome, other):
        pysam.faidx(str(fasta))
    cram = tmp_path / "a.cram"
    pysam.view("-C", "-T", str(genome), "-o", str(cram), str(place / "a.bam"), catch_stdout=False)
    genome.rename(tmp_path / "moved.fa")  # the header names a file that is gone
    (tmp_path / "genome.fa.fai").unlink()
    done = guarded(
        place, "call", cram, "--reference", other, REF_PATH=server.url + "/%s", NO_PROXY="127.0.0.1"
    )
    assert done.returncode == 3 and server.seen == []

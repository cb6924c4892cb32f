"""Wheel and sdist built by ``build`` and installed into fresh environments; lock file, SBOM, image, recipe.

The packaging tools live in their own Python: ``TP53ANNOT_PACKAGING_PYTHON`` (default: the one running
the tests).
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from conftest import python_of, require_beside

from tp53annot.core.version import __version__

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = "TP53ANNOT_PACKAGING_PYTHON"
PACKED = (
    "CHANGELOG.md",
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "pyproject.toml",
    "requirements.lock",
    "setup.cfg",
)


def tool(name: str) -> Path:
    """A packaging tool."""
    return require_beside(PACKAGING, name)


def do(*command: object, cwd: Path) -> str:
    """Run; what it printed, or its whole output when it fails."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "TP53ANNOT_"))}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def resources(root: Path) -> set[str]:
    return {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()}


def requirements() -> dict[str, str]:
    """Run-time dependencies of setup.cfg: name to specifier."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    lines = setup["options"]["install_requires"].split("\n")
    return {line.split()[0].lower(): line.split()[1] for line in lines if line.strip()}


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy of what is packed, the symbolic link of the tables still a link."""
    folder = tmp_path_factory.mktemp("source")
    for name in PACKED:
        shutil.copy(ROOT / name, folder / name)
    junk = shutil.ignore_patterns("__pycache__", ".snakemake", "results")
    for name in ("tp53annot", "resources", "workflow"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=junk)
    return folder


@pytest.fixture(scope="session")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, and the wheel made from it."""
    tool("pyproject-build")
    folder = tmp_path_factory.mktemp("dist")
    do(python_of(PACKAGING), "-m", "build", "--outdir", folder, source, cwd=folder)
    return folder


def environment(folder: Path, *install: object) -> Path:
    """A fresh environment with our package in it, its dependencies borrowed from this one."""
    do(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    do(python, "-m", "pip", "install", "--quiet", "--no-deps", *install, cwd=folder.parent)
    place = do(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    (Path(place) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "tp53annot"


def works(program: Path, folder: Path) -> None:
    """The installed command reports the demo, explains a change and finds its tables intact."""
    demo = do(program, "demo", "-o", "demo", cwd=folder)
    assert "DEMO-01\tmutated" in demo and (folder / "demo" / "cohort.html").stat().st_size > 1000
    assert "NM_000546.6:c.524G>A" in do(program, "explain", "R175H", cwd=folder)
    assert "match their checksums" in do(program, "resources", "verify", cwd=folder)


@pytest.mark.peer
@pytest.mark.exhaustive
def test_the_wheel(built: Path, tmp_path: Path) -> None:
    wheel = next(built.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packed = {n.removeprefix("tp53annot/resources/") for n in names if n.startswith("tp53annot/resources/")}
    assert packed == resources(ROOT / "resources")
    assert {"tp53annot/py.typed", "tp53annot/report/schema/report.schema.json"} <= names
    assert not [n for n in names if not n.startswith("tp53annot")]
    works(environment(tmp_path / "venv", wheel), tmp_path)


@pytest.mark.peer
@pytest.mark.exhaustive
def test_the_sdist(built: Path, tmp_path: Path) -> None:
    sdist = next(built.glob("*.tar.gz"))
    with tarfile.open(sdist) as archive:
        members = {m.name.split("/", 1)[1] for m in archive if m.isfile()}
        assert not [m.name for m in archive if m.issym() or m.islnk()]
    stem = "tp53annot/resources/"
    assert {m.removeprefix(stem) for m in members if m.startswith(stem)} == resources(ROOT / "resources")
    assert {*PACKED, "workflow/Snakefile", "workflow/profiles/slurm/config.v8+.yaml"} <= members
    works(environment(tmp_path / "venv", sdist), tmp_path)


@pytest.mark.peer
@pytest.mark.exhaustive
def test_an_editable_install(source: Path, tmp_path: Path) -> None:
    tool("pyproject-build")
    works(environment(tmp_path / "venv", "-e", source), tmp_path)


@pytest.mark.peer
@pytest.mark.exhaustive
def test_the_wheel_with_the_locked_dependencies_alone(built: Path, tmp_path: Path) -> None:
    do(sys.executable, "-m", "venv", "venv", cwd=tmp_path)
    pip = tmp_path / "venv" / "bin" / "pip"
    do(pip, "install", "--quiet", "--require-hashes", "-r", ROOT / "requirements.lock", cwd=tmp_path)
    do(pip, "install", "--quiet", "--no-deps", next(built.glob("*.whl")), cwd=tmp_path)
    do(pip, "check", cwd=tmp_path)
    works(tmp_path / "venv" / "bin" / "tp53annot", tmp_path)


def test_every_dependency_is_locked_with_hashes() -> None:
    from packaging.specifiers import SpecifierSet

    text = (ROOT / "requirements.lock").read_text()
    entries = re.findall(
        r"(?m)^([a-z0-9-]+)==(\S+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}[ \\]*\n)+)", text
    )
    assert len(entries) == len(re.findall(r"(?m)^[a-z]", text))
    for name, specifier in requirements().items():
        versions = [version for locked, version, _hashes in entries if locked == name]
        assert versions and all(version in SpecifierSet(specifier) for version in versions), name


@pytest.mark.peer
@pytest.mark.exhaustive
def test_the_bill_of_materials_is_valid_and_whole(tmp_path: Path) -> None:
    """Root, every locked package, every table; judged by the validator of CycloneDX."""
    output = tmp_path / "tp53annot.sbom.json"
    do(
        sys.executable,
        ROOT / "scripts" / "build_sbom.py",
        tool("cyclonedx-py"),
        sys.executable,
        output,
        cwd=tmp_path,
    )
    judge = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(None if fault is None else str(fault))
"""
    do(python_of(PACKAGING), "-c", judge, output, cwd=tmp_path)
    bill = json.loads(output.read_text())
    root = bill["metadata"]["component"]
    assert (root["name"], root["version"]) == ("tp53annot", __version__) and root["licenses"]
    locked = set(re.findall(r"(?m)^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text()))
    packages = {c["name"]: c for c in bill["components"] if c["type"] == "library"}
    assert packages.keys() == locked
    assert all(packages[name]["licenses"] for name in requirements())
    tables = {c["name"]: c for c in bill["components"] if c["type"] == "data"}
    manifest = tomllib.loads((ROOT / "resources" / "MANIFEST.toml").read_text())
    assert tables.keys() == manifest.keys()
    for name, entry in manifest.items():
        assert tables[name]["licenses"] == [{"license": {"name": entry["licence"]}}]
        assert tables[name]["hashes"][0]["content"] == entry["sha256"]
    (top,) = (d for d in bill["dependencies"] if d["ref"] == root["bom-ref"])
    assert len(top["dependsOn"]) == len(set(requirements())) + len(tables)


@pytest.mark.peer
def test_the_image_recipe_has_no_fault(tmp_path: Path) -> None:
    do(tool("hadolint"), ROOT / "packaging" / "Dockerfile", cwd=tmp_path)


def test_the_recipe_follows_the_package() -> None:
    from jinja2 import Environment

    from tp53annot import __version__

    recipe = (ROOT / "packaging" / "bioconda" / "meta.yaml").read_text()
    text = Environment().from_string(recipe).render(pin_subpackage=lambda *a, **k: "pin", PYTHON="python")
    assert f"version: {__version__}\n" in text
    run = text.split("  run:\n", 1)[1].split("\ntest:", 1)[0]
    named = dict(re.findall(r"- (\S+) (>=\S+)", run))
    assert named.pop("python") == ">=3.11"
    assert named == requirements()
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    assert setup["options.entry_points"]["console_scripts"].strip() in text
    assert f"tp53annot:{__version__}" in (ROOT / "packaging" / "Dockerfile").read_text()


def answer(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "version": "1.0", **more}


@pytest.mark.parametrize(
    ("found", "problem", "words", "code"),
    [
        ([answer("a", vulns=[]), answer("b", vulns=[])], "", "2 locked packages, no known", 0),
        ([answer("a", vulns=[{"id": "CVE-1"}]), answer("b", skip_reason="x")], "", "a 1.0: CVE-1", 1),
        ([answer("a", vulns=[]), answer("b", skip_reason="not found")], "", "NOT AUDITED: 1 of 2", 3),
        ([], "no route", "NOT AUDITED", 3),
        ([], "", "NOT AUDITED", 3),
    ],
)
def test_an_audit_that_was_not_made_never_looks_clean(
    found: list[dict[str, object]], problem: str, words: str, code: int
) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from audit import verdict

    line, given = verdict(found, problem)
    assert words in line and given == code

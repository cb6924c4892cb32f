"""A user's release in use: named in every report, refused when altered, mixed or of another version."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import release_files as files
from conftest import ROOT
from tp53annot_cli import tp53annot

from tp53annot.errors import ResourceError
from tp53annot.knowledge.store import BUNDLED, CURRENT, Store, release_digest
from tp53annot.maintain.data_folder import RELEASE_HEAD, data_folder, draft
from tp53annot.maintain.manifest import manifest_text

VCF = ROOT / "resources/example/demo.grch38.vcf"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with gnomAD and REVEL in it."""
    folder = tmp_path_factory.mktemp("made")
    one = files.put(folder / "g.vcf.gz", files.gnomad_vcf())
    two = files.put(folder / "revel.zip", files.revel())
    done = tp53annot(
        "resources",
        "update",
        "--from",
        one,
        "--from",
        two,
        "--release",
        "v4.1",
        "--resources-dir",
        folder / "data",
    )
    assert done.returncode == 0, done.stderr
    return folder / "data"


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


def test_reports_name_the_tables_and_versions_used(made: Path, tmp_path: Path) -> None:
    for out, extra in (("plain", ()), ("updated", ("--resources-dir", made))):
        assert tp53annot("run", VCF, "-o", tmp_path / out, *extra).returncode == 0
    plain, updated = (
        json.loads(next((tmp_path / name).glob("DEMO-01/*.tp53.json")).read_text())
        for name in ("plain", "updated")
    )
    before = {t["name"]: t for t in plain["provenance"]["tables"]}
    after = {t["name"]: t for t in updated["provenance"]["tables"]}
    assert set(after) - set(before) == {"tables/gnomad.tsv", "tables/predictor_scores.tsv"}
    assert after["tables/gnomad.tsv"]["version"] == "v4.1"
    assert len(after["tables/gnomad.tsv"]["sha256"]) == 64
    # Without the user's tables each criterion and `not_considered` say what they rest on, and with them, too.
    reports = {"plain": plain, "updated": updated}
    variant = {name: report["variants"][0]["classification"] for name, report in reports.items()}
    words = {name: " ".join(c["reason"] for c in v["criteria"]) for name, v in variant.items()}
    assert "larger population tables are not installed" in words["plain"]
    assert "imported gnomAD table" in words["updated"] and "REVEL 0.93" in words["updated"]
    missing = {name: " ".join(v["not_considered"]) for name, v in variant.items()}
    assert "gnomAD" in missing["plain"] and "REVEL" in missing["plain"]
    assert "gnomAD population" not in missing["updated"] and "REVEL" not in missing["updated"]
    assert "BayesDel" in missing["updated"]
    codes = {name: {c["code"] for c in v["criteria"]} for name, v in variant.items()}
    assert codes["updated"] == codes["plain"]
    assert "AlphaMissense" in words["plain"] and "AlphaMissense" not in words["updated"]


def test_resume_does_not_mix_tables(made: Path, tmp_path: Path) -> None:
    assert tp53annot("run", VCF, "-o", tmp_path, "-q").returncode == 0
    path = next(tmp_path.glob("DEMO-01/*.tp53.json"))
    before = path.read_text()
    assert tp53annot("run", VCF, "-o", tmp_path, "-q", "--resume", "--resources-dir", made).returncode == 0
    assert "imported gnomAD table" in path.read_text() and "imported gnomAD table" not in before


def test_list_shows_what_was_imported(made: Path) -> None:
    listed = json.loads(tp53annot("resources", "list", "--json", "--resources-dir", made).stdout)
    entry = next(e for e in listed if e["name"] == "tables/gnomad.tsv")
    assert entry["origin"] == "imported" and entry["rows"] == 3653 and len(entry["source_sha256"]) == 64
    assert entry["source"] == "gnomAD: g.vcf.gz" and entry["licence"] and entry["citation"].endswith("v4.1")
    text = tp53annot("resources", "diff", made).stdout
    assert "tables/gnomad.tsv\tabsent -> v4.1, 3653 rows" in text


COMMANDS = [
    ("run", VCF, "-o", "OUT"),
    ("annotate", VCF, "-o", "OUT"),
    ("explain", "R175H"),
    ("resources", "verify"),
]


def refused(data: Path, out: Path, *words: str) -> None:
    """Exit 4 and one line from every command, and nothing written."""
    for command in COMMANDS:
        arguments = [out / "result" if word == "OUT" else word for word in command]
        done = tp53annot(*arguments, "--resources-dir", data)
        assert (done.returncode, done.stdout) == (4, ""), done.stderr
        assert "Traceback" not in done.stderr and all(word in done.stderr for word in words), done.stderr
        assert not (out / "result").exists()


def test_an_altered_table_is_refused(data: Path, tmp_path: Path) -> None:
    path = Store(data).root / "tables" / "gnomad.tsv"
    path.write_text(path.read_text().replace("\t7\t", "\t8\t"))
    refused(data, tmp_path, "gnomad.tsv: altered", "resources update")


def test_a_table_altered_together_with_the_manifest_is_refused(data: Path, tmp_path: Path) -> None:
    root = Store(data).root
    path, manifest = root / "tables" / "gnomad.tsv", root / "MANIFEST.toml"
    pedigree = {
        name: {k: v for k, v in e.items() if k not in ("sha256", "rows")}
        for name, e in Store(data).manifest.items()
    }
    path.write_text(path.read_text().replace("\t7\t", "\t8\t"))
    manifest.write_text(manifest_text(root, pedigree, RELEASE_HEAD))
    refused(data, tmp_path, "MANIFEST.toml: altered")


def test_a_table_of_another_release_is_refused(data: Path, tmp_path: Path) -> None:
    root = Store(data).root
    (root / "tables" / "gnomad.tsv").unlink()
    refused(data, tmp_path, "gnomad.tsv: No such file")
    shutil.copy(BUNDLED / "tables" / "tcga.tsv", root / "tables" / "gnomad.tsv")
    refused(data, tmp_path, "gnomad.tsv: altered")


def test_a_release_of_another_tool_version_is_refused(data: Path, tmp_path: Path) -> None:
    """The folder holds together, but its rules are not this version's: a class would change unseen."""
    root = Store(data).root
    rules = root / "rules" / "oncogenicity.toml"
    rules.write_text(rules.read_text().replace("rare_below = 0.00003", "rare_below = 0.0003"))
    pedigree = {
        name: {k: v for k, v in e.items() if k not in ("sha256", "rows")}
        for name, e in Store(data).manifest.items()
    }
    (root / "MANIFEST.toml").write_text(manifest_text(root, pedigree, RELEASE_HEAD))
    name = f"release-{release_digest((root / 'MANIFEST.toml').read_bytes())}"
    root.rename(data / name)
    (data / CURRENT).write_text(name + "\n")
    refused(
        data, tmp_path, "mixed with files of another version", "rules/oncogenicity.toml", "resources update"
    )
    # The next update lays this version's files under the imported tables again.
    path = files.put(tmp_path / "bd.gz", files.bayesdel())
    assert tp53annot("resources", "update", "--from", path, "--resources-dir", data).returncode == 0
    assert Store(data).problems() == [] and "tables/gnomad.tsv" in Store(data).manifest


@pytest.mark.parametrize("text", ["", "../elsewhere\n", "release-0000000000000000\n", "release-x"])
def test_a_damaged_pointer_is_refused(text: str, data: Path, tmp_path: Path) -> None:
    (data / CURRENT).write_text(text)
    refused(data, tmp_path)
    with pytest.raises(ResourceError):
        Store(data)


def test_no_such_folder(tmp_path: Path) -> None:
    refused(tmp_path / "absent", tmp_path, "holds no tables")


def test_the_release_before_is_kept_and_older_ones_go(data: Path, tmp_path: Path) -> None:
    names = [Store(data).root.name]
    for score in ("0.1", "0.2"):
        path = files.put(tmp_path / "bd.gz", files.bayesdel().replace("0.45", score))
        assert tp53annot("resources", "update", "--from", path, "--resources-dir", data).returncode == 0
        names.append(Store(data).root.name)
    assert sorted(p.name for p in data.glob("release-*")) == sorted(names[1:])
    assert {p.name for p in data.iterdir()} == {CURRENT, *names[1:]}


def test_where_the_data_folder_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "tp53annot"
    for unset in ("", "relative/path"):  # the XDG specification: a relative path is ignored
        monkeypatch.setenv("XDG_DATA_HOME", unset)
        assert data_folder() == Path.home() / ".local/share/tp53annot"


def test_one_update_at_a_time_and_leftovers_of_a_killed_one_go(data: Path, tmp_path: Path) -> None:
    path = files.put(tmp_path / "bd.gz", files.bayesdel())
    (data / ".tp53annot-killed").mkdir()
    with draft(data):
        assert not (data / ".tp53annot-killed").exists()
        done = tp53annot("resources", "update", "--from", path, "--resources-dir", data)
    assert done.returncode == 3 and "another update is at work" in done.stderr
    assert tp53annot("resources", "update", "--from", path, "--resources-dir", data).returncode == 0


def test_verify_finds_tables_that_do_not_belong_together(tmp_path: Path) -> None:
    """A folder made by hand, its manifest in order, whose classes are of other rules."""
    root = Path(shutil.copytree(BUNDLED, tmp_path / "mine"))
    rules = root / "rules" / "oncogenicity.toml"
    rules.write_text(rules.read_text().replace("min_points = 10\n", "min_points = 11\n"))
    pedigree = {
        name: {k: v for k, v in e.items() if k not in ("sha256", "rows")}
        for name, e in Store().manifest.items()
    }
    (root / "MANIFEST.toml").write_text(manifest_text(root, pedigree))
    done = tp53annot("resources", "verify", "--resources-dir", root)
    assert (
        done.returncode == 4
        and "all_changes.tsv: not what the tables and rules beside it give" in done.stderr
    )
    assert tp53annot("resources", "verify").returncode == 0

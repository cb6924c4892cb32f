"""The bundled files: manifest, keys, residues, and that each row can be reached."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT
from rule_files import written_rules
from whole_gene import genes, namer

from tp53annot.errors import ResourceError
from tp53annot.interpret.all_changes import GENE_COLUMNS, class_changes, gene_table
from tp53annot.knowledge.store import BUNDLED, Store, open_store
from tp53annot.knowledge.tables.registry import TABLE_FILES, Knowledge, load_knowledge
from tp53annot.names.parser import parse_change

MANIFEST = tomllib.loads((BUNDLED / "MANIFEST.toml").read_text())
PEDIGREE = tomllib.loads((BUNDLED / "PEDIGREE.toml").read_text())
TABLES = sorted(Path(name).stem for name in MANIFEST if name.startswith("tables/"))
BY_CHANGE = ["kato", "giacomelli", "funk_residue", "stability"]
BY_NAME = [name for name, file in TABLE_FILES.items() if file.columns[0] == "hgvs_c" and not file.imported]
BY_NAME.append("all_changes")


def rows(table: str) -> list[list[str]]:
    text = (BUNDLED / "tables" / f"{table}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def test_manifest_and_files_agree() -> None:
    assert Store().problems() == []
    assert set(MANIFEST) == set(PEDIGREE)
    for name, entry in MANIFEST.items():
        for key in ("title", "source", "version", "date", "licence", "citation"):
            assert entry[key] == PEDIGREE[name][key] != "", (name, key)
        if name.endswith(".tsv"):
            lines = (BUNDLED / name).read_text(encoding="utf-8").splitlines()
            assert entry["rows"] == len([x for x in lines if x and not x.startswith("#")]) - 1


def test_versions_name_every_table() -> None:
    names = {version.name for version in open_store().versions()}
    assert {f"tables/{table}.tsv" for table in TABLES} <= names
    assert all(re.fullmatch("[0-9a-f]{64}", version.sha256) for version in open_store().versions())


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_rectangular_with_unique_rows(table: str) -> None:
    header, *body = rows(table)
    assert body and len(set(header)) == len(header)
    assert all(len(row) == len(header) for row in body)
    assert len({tuple(row) for row in body}) == len(body)
    if table in BY_CHANGE + BY_NAME and table not in ("cell_lines", "stability"):
        assert len({row[0] for row in body}) == len(body)


@pytest.mark.parametrize("table", BY_CHANGE)
def test_residues_agree_with_the_transcript(table: str) -> None:
    protein = namer().main.protein
    for row in rows(table)[1:]:
        match = re.fullmatch(r"([A-Z*])(\d+)([A-Z*])", row[0])
        assert match and match[1] != match[3], row[0]
        assert protein[int(match[2]) - 1] == match[1], row[0]


def test_hotspots_domains_and_residues_agree_with_the_transcript() -> None:
    protein = namer().main.protein
    for residue, change, kind, samples, count in rows("hotspots")[1:]:
        if kind in ("single residue", "3d"):
            assert protein[int(residue[1:]) - 1] == residue[0], residue
        if kind == "single residue":
            assert change.startswith(residue) and int(samples) >= int(count) > 0
    edges = [(int(row[2]), int(row[3])) for row in rows("domains")[1:]]
    assert edges[0][0] == 1 and edges[-1][1] == len(protein) - 1
    assert all(a[1] + 1 == b[0] for a, b in pairwise(edges))
    for residue, role, _ in rows("critical_residues")[1:]:
        assert role in ("DNA contact", "zinc ligand", "structural")
        assert role != "zinc ligand" or protein[int(residue) - 1] in "CH"


@pytest.mark.parametrize("table", BY_NAME)
def test_every_row_is_reached_by_its_name(table: str) -> None:
    """The name of each row, parsed to DNA and described again, is the key it is filed under."""
    describe = namer().describe
    for row in rows(table)[1:]:
        found = {describe(a, isoforms=False).hgvs_c for a in parse_change(row[0], namer(), {})}
        assert row[0] in found, (row[0], found)


def test_every_kato_row_is_one_base_away_or_listed() -> None:
    reachable = {pair[0].variant.hgvs_p_short for pair in genes().values()}
    assert {row[0] for row in rows("kato")[1:]} <= reachable


def test_kato_medians_are_those_of_the_eight_promoters() -> None:
    from statistics import median

    for row in rows("kato")[1:]:
        if all(row[1:9]):
            assert float(row[9]) == pytest.approx(median(float(x) for x in row[1:9]), abs=0.006)


def test_all_changes_table_is_what_the_rules_give_now() -> None:
    made = [list(GENE_COLUMNS), *(list(row.cells()) for row in gene_table(namer(), load_knowledge()))]
    assert made == rows("all_changes")
    assert (ROOT / "docs" / "all_changes.tsv").read_text() == (BUNDLED / "tables/all_changes.tsv").read_text()
    assert len(made) - 1 == 3 * (len(namer().main.protein) * 3 + 9 * 4)


def test_class_changes_lists_what_differs() -> None:
    table = gene_table(namer(), load_knowledge())
    assert class_changes(table, table) == ()
    shorter = tuple(row for row in table if row.hgvs_c != "c.524G>A")
    (change,) = class_changes(table, shorter)
    assert (change.hgvs_c, change.before, change.after) == ("c.524G>A", ("oncogenic", 12), None)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "resources"))


@pytest.mark.parametrize("name", sorted(n for n in MANIFEST if not n.startswith("example/")))
def test_altered_and_missing_files_are_refused(name: str, copy: Path) -> None:
    path = copy / name
    data = path.read_bytes()
    path.write_bytes(b"".join(data.splitlines(keepends=True)[:-1]))
    with pytest.raises(ResourceError, match="altered"):
        Store(copy).read(name)
    assert any(name.split("/")[-1] in line for line in Store(copy).problems())
    path.unlink()
    with pytest.raises(ResourceError, match="reinstall"):
        Store(copy).read(name)


@pytest.mark.parametrize("table", [t for t in TABLES if t != "all_changes"])
def test_loading_knowledge_checks_every_table(table: str, copy: Path) -> None:
    path = copy / "tables" / f"{table}.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("1", "2", 1), encoding="utf-8")
    with pytest.raises(ResourceError, match="altered"):
        load_knowledge(copy)


def test_unlisted_file_and_damaged_manifest(copy: Path) -> None:
    (copy / "tables" / "mine.tsv").write_text("a\n")
    assert any("mine.tsv: not in the manifest" in line for line in Store(copy).problems())
    with pytest.raises(ResourceError, match="not in the manifest"):
        Store(copy).read("tables/mine.tsv")
    (copy / "MANIFEST.toml").write_text("[")
    with pytest.raises(ResourceError, match="manifest cannot be read"):
        Store(copy)


def test_shipped_tables_are_what_the_sources_give(shared: Path, tmp_path: Path) -> None:
    """A row deleted or altered together with its checksum differs from a rebuild."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from resource_builders import catalogues, functional, reference

    builders: list[Callable[[Path, Path], list[Path]]] = [
        reference.build,
        functional.build,
        catalogues.build,
    ]
    written = [path for build in builders for path in build(shared, tmp_path)]
    assert len(written) > 15
    for path in written:
        name = path.relative_to(tmp_path)
        assert path.read_bytes() == (BUNDLED / name).read_bytes(), name


def test_rounding_changes_no_class_at_the_giacomelli_cut_off(shared: Path) -> None:
    import csv

    knowledge: Knowledge = load_knowledge()
    with (shared / "tables" / "Giacomelli_NULLetoposide.csv").open(encoding="utf-8-sig") as handle:
        raw = {r["hgvs_pro"][2:].replace("X", "*"): r["NULLetoposide"] for r in csv.DictReader(handle)}
    limit = knowledge.rules.functional.giacomelli_lof_max_z
    seen = 0
    for change, value in raw.items():
        row = knowledge.giacomelli.get(change.replace("R72", "P72"))
        if row is not None and value != "NA":
            assert row.null_etoposide is not None and (row.null_etoposide <= limit) == (float(value) <= limit)
            seen += 1
    assert seen > 7_800


def test_every_bundled_file_is_documented() -> None:
    page = (ROOT / "docs" / "tables.md").read_text()
    for name, entry in MANIFEST.items():
        assert f"| `{name}` | {entry['title']} | {entry['version']} |" in page


def test_every_criterion_is_documented_with_its_points() -> None:
    page = (ROOT / "docs" / "classification.md").read_text()
    criteria = written_rules("oncogenicity")["criteria"]
    for code, rule in criteria.items():
        assert f"| {rule.get('code', code)} | {rule['points']} |" in page
    counts = Counter(row[7] for row in rows("all_changes")[1:])
    words = set(page.split())
    for count in counts.values():
        assert f"{count:,}" in words


def test_zinc_ligands_are_those_of_uniprot() -> None:
    ours = {row[0] for row in rows("critical_residues")[1:] if row[1] == "zinc ligand"}
    assert ours == {row[1] for row in rows("uniprot_features")[1:] if row[0] == "Binding site"}


def add(root: Path, name: str, text: str) -> None:
    """Add a table to a folder and its manifest, as an update does."""
    path = root / "tables" / name
    path.write_text(text)
    entry = f'\n["tables/{name}"]\ntitle = "t"\nsource = "s"\nversion = "v4"\ncitation = "c"\n'
    digest = hashlib.sha256(text.encode()).hexdigest()
    with (root / "MANIFEST.toml").open("a") as manifest:
        manifest.write(f'{entry}sha256 = "{digest}"\n')


def test_imported_tables_of_an_updated_folder_are_read(copy: Path) -> None:
    add(
        copy,
        "gnomad.tsv",
        "hgvs_c\tallele_fraction\tallele_count\tallele_number\nc.524G>A\t4.3e-06\t7\t1614118\n",
    )
    add(
        copy,
        "predictor_scores.tsv",
        "hgvs_c\tpredictor\tscore\nc.524G>A\tREVEL\t0.93\nc.524G>A\tBayesDel\t0.5\n",
    )
    knowledge = load_knowledge(copy)
    assert knowledge.gnomad["c.524G>A"].count == 7
    assert knowledge.scores["c.524G>A"] == {"REVEL": 0.93, "BayesDel": 0.5}
    assert knowledge.predictors == {"REVEL", "BayesDel"}
    row = next(row for row in gene_table(namer(), knowledge) if row.hgvs_c == "c.524G>A")
    assert {"OP1+1", "OP4+1"} <= set(row.criteria)


def test_scores_without_a_cut_off_are_refused(copy: Path) -> None:
    add(copy, "predictor_scores.tsv", "hgvs_c\tpredictor\tscore\nc.524G>A\tGuesswork\t1\n")
    with pytest.raises(ResourceError, match="no cut-off for predictor 'Guesswork'"):
        load_knowledge(copy)


def test_a_table_with_other_columns_is_refused(copy: Path) -> None:
    add(copy, "civic.tsv", "hgvs_c\tcivic_id\tvariant\nc.524G>A\t116\tR175H\n")
    with pytest.raises(
        ResourceError, match="columns are hgvs_c, civic_id, variant, not hgvs_c, variant, civic_id"
    ):
        load_knowledge(copy)


def test_a_folder_without_tables_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="holds no tables; run `tp53annot resources update` first"):
        Store(tmp_path)

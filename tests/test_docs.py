"""The documentation cannot drift: generated pages are current, commands run, nothing is left out."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from benchmarks.overview import overview
from tp53annot.cli import cli
from tp53annot.demo.example_data import write_example_data
from tp53annot.interpret.filters import FILTERS
from tp53annot.knowledge.resources import resources_of

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
RESOURCES = resources_of()
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
sys.path.insert(0, str(ROOT / "scripts"))


def pages() -> dict[str, str]:
    return {p.relative_to(ROOT).as_posix(): p.read_text() for p in [ROOT / "README.md", *DOCS.rglob("*.md")]}


def commands(command: click.Command = cli, path: str = "tp53annot") -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, f"{path} {name}")


COMMANDS = dict(commands())


def test_the_table_of_all_benchmarks_is_that_of_their_pages() -> None:
    folder = DOCS / "benchmarks"
    assert (folder / "README.md").read_text() == overview(folder), "run python -m benchmarks overview"


def test_generated_pages_are_current() -> None:
    import build_docs

    stale = [path.relative_to(ROOT).as_posix() for path in build_docs.stale()]
    assert not stale, "run scripts/build_docs.py"


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/index.md",
        pytest.param("docs/tutorial.md", marks=pytest.mark.exhaustive),
        pytest.param("docs/tutorial-lab.md", marks=pytest.mark.exhaustive),
    ],
)
def test_the_commands_of_a_page_run_in_order(page: str, tmp_path: Path) -> None:
    blocks = BLOCK.findall((ROOT / page).read_text())
    assert blocks, "the page has commands"
    script = "set -euo pipefail\n" + "\n".join(blocks)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env={**os.environ, "PATH": path},
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = dict(re.findall(r"^\| (EX-\d+) \| `(\w+)`", (ROOT / page).read_text(), re.MULTILINE))
    if told:  # the tutorial's table of what its run gives
        rows = [line.split("\t") for line in (tmp_path / "out/cohort.tsv").read_text().splitlines()]
        assert told == {row[0]: row[rows[0].index("status")] for row in rows[1:]}


def test_the_examples_of_the_library_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_example_data(tmp_path / "example", RESOURCES, force=False)
    monkeypatch.chdir(tmp_path)
    found = doctest.testfile(str(DOCS / "library.md"), module_relative=False)
    assert found.attempted > 10 and not found.failed


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_is_documented_and_its_help_reads_well(path: str) -> None:
    command = COMMANDS[path]
    done = CliRunner().invoke(cli, [*path.split()[1:], "--help"], terminal_width=80)
    assert done.exit_code == 0
    assert command.help and command.help.split("\n")[0].endswith(".")
    assert all(len(line) <= 80 for line in done.output.splitlines()), "fits a terminal"
    text = pages()
    assert re.search(rf"^#+ {path}$", text["docs/reference/cli.md"], re.MULTILINE)
    if not isinstance(command, click.Group):
        assert command.epilog and f"Example: {path} " in f"{command.epilog} "
        told = "".join(t for n, t in text.items() if "reference" not in n)
        assert f"`{path.split(' ', 1)[1]}" in told or path in told
    for option in (p for p in command.params if isinstance(p, click.Option)):
        assert option.help and option.help.endswith((".", "]")), option.opts
        assert all(f"`{name}`" in text["docs/reference/cli.md"] for name in option.opts)


def test_the_examples_of_the_help_name_options_that_exist() -> None:
    for path, command in COMMANDS.items():
        used = re.findall(r"(?<=\s)--?[a-z][\w-]*", command.epilog or "")
        owner = COMMANDS["tp53annot run"] if path == "tp53annot" else command
        known = {name for p in owner.params for name in p.opts}
        assert set(used) <= known, path


def test_every_filter_rule_and_table_is_documented() -> None:
    text = pages()
    rules, filters, tables = (
        text[f"docs/{n}.md"] for n in ("reference/rules", "filters", "reference/tables")
    )
    for name in FILTERS:
        assert f"`{name}`" in rules and f"`{name}`" in filters, name
    for name in ("min_vaf", "min_depth", "min_alt_reads"):
        default = getattr(RESOURCES.rules.filters.thresholds, name)
        assert re.search(rf"\| `{name}` \|.*\| {default} \|", filters), "the default as the rules have it"
    for name, entry in RESOURCES.rules.oncogenicity.criteria.items():
        assert f"`{entry.code or name}`" in rules, name
    for name in RESOURCES.store.manifest:
        assert f"## {name}\n" in tables, name
    for source in RESOURCES.rules.sources.source:
        assert f"`{source}`" in rules, source
    for figure in RESOURCES.rules.cohort.published:
        assert f"statements.md#{figure.statement.lower()}" in rules
    for name in RESOURCES.vocabulary:
        assert f"`{name}`" in tables, name
    for statement in RESOURCES.statements:
        assert f"### {statement.id}\n" in text["docs/reference/statements.md"]


def test_held_statements_are_marked_and_the_numbers_of_the_page_are_right() -> None:
    page = pages()["docs/reference/statements.md"]
    for statement in RESOURCES.statements:
        entry = page.split(f"### {statement.id}\n")[1].split("### ")[0]
        assert ("**held" in entry) == (statement.publish in ("held", "note_if_verified"))
        assert ("never in a default report" in entry) == statement.advice
    told = re.search(r"holds (\d+) statements", pages()["docs/evidence.md"])
    assert told and int(told[1]) == len(RESOURCES.statements)


def test_the_page_of_validation_has_the_figures_of_its_sources() -> None:
    page, agreement = (pages()[f"docs/{name}.md"] for name in ("validation", "benchmarks/clinvar_agreement"))
    rows = re.findall(r"^\| (P/LP|B/LB) \| [\w ]+ \|([\d |]+)\|$", agreement, re.MULTILINE)
    same = against = uncertain = 0
    for published, cells in rows:
        *counts, _ = map(int, cells.split("|"))
        ends = sum(counts[:2]), sum(counts[3:])
        same += ends[published == "B/LB"]
        against += ends[published == "P/LP"]
        uncertain += counts[2]
    told = f"{same} of {same + uncertain + against} the same, {uncertain} left uncertain, {against} against,"
    assert len(rows) == 4 and told in page
    patients = (ROOT / "tests" / "golden" / "contexts.tsv").read_text().splitlines()[1:]
    assert f"| {len(patients)} contexts, every statement reached |" in page


def test_every_page_is_in_the_navigation_and_every_link_leads_somewhere() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text()
    for name, text in pages().items():
        if name != "README.md":
            assert f" {name.removeprefix('docs/')}\n" in navigation, name
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[\w-]*)?\)", text):
            assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"


def test_shell_completion_answers() -> None:
    env = {
        **os.environ,
        "_TP53ANNOT_COMPLETE": "bash_complete",
        "COMP_WORDS": "tp53annot va",
        "COMP_CWORD": "1",
    }
    program = Path(sys.executable).parent / "tp53annot"
    done = subprocess.run([program], capture_output=True, text=True, env=env)
    assert "plain,validate" in done.stdout

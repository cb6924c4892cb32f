"""The packages: their floors as setup.cfg has them, as a picture and as a table of modules."""

from __future__ import annotations

import ast
import configparser
import re
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path

from doc_pages.markdown import code, table

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tp53annot"
CONTRACT = "importlinter:contract:"
WIDTH, GAP, LINE, PAD = 960, 8, 16, 10  # pixels
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#222}.n{font-weight:600;font-size:14px}.l{fill:#00695c}"
    "rect{fill:#f4f6f7;stroke:#90a4ae}@media(prefers-color-scheme:dark)"
    "{text{fill:#eee}.l{fill:#80cbc4}rect{fill:#263238;stroke:#607d8b}}"
)


def floors() -> list[list[str]]:
    """Names of the packages, and of the modules beside them, from the top floor down."""
    lines = _contracts()[f"{CONTRACT}layers"]["layers"].strip().splitlines()
    return [re.split(r"\s*[|:]\s*", line.strip()) for line in lines]


def libraries() -> dict[str, list[str]]:
    """Outside libraries that the contracts keep to some packages, by the packages that may import them."""
    names = [name for floor in floors() for name in floor]
    found: dict[str, list[str]] = {name: [] for name in names}
    for title, contract in _contracts().items():
        if not title.startswith(CONTRACT) or contract.get("type") != "forbidden" or title.endswith(":inner"):
            continue
        shut = {line.removeprefix("tp53annot.") for line in contract["source_modules"].split()}
        for name in names:
            if name not in shut:
                found[name] += contract["forbidden_modules"].split()
    return found


def picture() -> str:
    """The floors as SVG: a package may import what stands below it."""
    doors = libraries()
    parts, y = [], 0
    for floor in floors():
        width = (WIDTH - GAP * (len(floor) - 1)) / len(floor)
        boxes = [(name, _wrapped(name, width, doors[name])) for name in floor]
        height = max(len(lines) for _, lines in boxes) * LINE + 2 * PAD
        for i, (_, lines) in enumerate(boxes):
            x = i * (width + GAP)
            parts.append(f'<rect x="{x:.0f}" y="{y}" width="{width:.0f}" height="{height}" rx="4"/>')
            for n, (style, text) in enumerate(lines):
                at = f'x="{x + PAD:.0f}" y="{y + PAD + n * LINE + 12}"'
                parts.append(f'<text class="{style}" {at}>{escape(text)}</text>')
        y += height + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {WIDTH + 2} {y + 2}" role="img">'
        f"<title>Packages of tp53annot; each knows those below it only</title><style>{STYLE}</style>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def modules() -> str:
    """Every module with its first paragraph, by package, from the top floor down."""
    parts = []
    alone = [PACKAGE / "__main__.py"]
    for name in (name for floor in floors() for name in floor):
        if not (PACKAGE / name).is_dir():
            alone.append(PACKAGE / f"{name}.py")
            continue
        files = [p for p in sorted((PACKAGE / name).rglob("*.py")) if p.name != "__init__.py"]
        parts.append(
            f"### {name}\n\n{_first(PACKAGE / name / '__init__.py')}\n\n{_table(files, PACKAGE / name)}"
        )
    return "\n\n".join([f"### Beside the packages\n\n{_table(alone, PACKAGE)}", *parts])


def _contracts() -> configparser.ConfigParser:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup


def _wrapped(name: str, width: float, doors: list[str]) -> list[tuple[str, str]]:
    file = PACKAGE / name / "__init__.py" if (PACKAGE / name).is_dir() else PACKAGE / f"{name}.py"
    lines = textwrap.wrap(_first(file).replace("`", ""), int((width - 2 * PAD) / 6.4))
    shown = [("n", name), *(("t", line) for line in lines)]
    return [*shown, ("l", ", ".join(doors))] if doors else shown


def _table(files: list[Path], folder: Path) -> str:
    rows = [(code(p.relative_to(folder).as_posix()), _first(p)) for p in files]
    return table(("module", "what it is"), rows)


def _first(path: Path) -> str:
    """The first paragraph of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].replace("``", "`").split())


def steps() -> str:
    """The steps of a run, from the list that is run."""
    return "\n".join(f"{n}. `{name}`: {text}" for n, (name, text) in enumerate(_steps(), 1))


def _steps() -> Iterator[tuple[str, str]]:
    from tp53annot.run.pipeline import STEPS

    for step in STEPS:
        yield step.__name__, (step.__doc__ or "").split("\n\n")[0]

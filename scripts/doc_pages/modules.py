"""The list of modules in docs/architecture.md, from their own first lines."""

from __future__ import annotations

import ast
from pathlib import Path

from doc_pages.markdown import code, table

PACKAGE = Path(__file__).resolve().parents[2] / "tp53annot"


def modules() -> str:
    files = [
        p for p in sorted(PACKAGE.rglob("*.py")) if "resources" not in p.parts and p.name != "__init__.py"
    ]
    return table(
        ("module", "what it is"), [(code(p.relative_to(PACKAGE).as_posix()), _first(p)) for p in files]
    )


def _first(path: Path) -> str:
    """The first paragraph of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text())) or ""
    return text.split("\n\n")[0].replace("``", "`")

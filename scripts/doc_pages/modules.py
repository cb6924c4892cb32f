"""The list of modules in docs/architecture.md, from their own first lines."""

from __future__ import annotations

import ast
from pathlib import Path

from doc_pages.markdown import code, prose, table

PACKAGE = Path(__file__).resolve().parents[2] / "tp53annot"


def modules() -> str:
    files = [
        p for p in sorted(PACKAGE.rglob("*.py")) if "resources" not in p.parts and p.name != "__init__.py"
    ]
    rows = [
        (code(path.relative_to(PACKAGE).as_posix()), prose((ast.get_docstring(ast.parse(path.read_text())) or "").split("\n\n")[0]))
        for path in files
    ]  # fmt: skip
    return table(("module", "what it is"), rows)

#!/usr/bin/env python3
"""Write the generated pages of docs/: ``python scripts/build_docs.py [--check]``.

``docs/reference/*.md`` and the drawn ``docs/images/*.svg`` are written whole; in other pages the text between ``<!-- begin NAME -->`` and
``<!-- end NAME -->`` is. With ``--check`` nothing is written, and a page that is out of date is a fault.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from doc_pages import BLOCKS, FIGURES, PAGES

DOCS = Path(__file__).resolve().parents[1] / "docs"
BLOCK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Every generated page with the text it should have."""
    found = {DOCS / "reference" / f"{name}.md": make() for name, make in PAGES.items()}
    found |= {DOCS / "images" / f"{name}.svg": make() for name, make in FIGURES.items()}
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text()
        if BLOCK.search(text):
            found[path] = BLOCK.sub(lambda m: f"{m[1]}\n{BLOCKS[m[2]]()}\n\n{m[3]}", text)
    return found


def stale() -> dict[Path, str]:
    """The pages that are out of date, with the text they should have."""
    return {p: text for p, text in pages().items() if not p.exists() or p.read_text() != text}


def main() -> int:
    """Write or check."""
    check = "--check" in sys.argv[1:]
    try:
        found = stale()
    except KeyError as error:
        print(f"docs not built: {error}")
        return 1
    for path, text in found.items():
        name = path.relative_to(DOCS.parent)
        if check:
            print(f"{name}: out of date; run scripts/build_docs.py")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"wrote {name}")
    return int(check and bool(found))


if __name__ == "__main__":
    sys.exit(main())

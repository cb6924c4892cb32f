"""docs/reference/tables.md: every bundled file with its pedigree, and the columns of every table."""

from __future__ import annotations

from doc_pages.markdown import code, prose, table
from tp53annot.knowledge.resources import resources_of

RESOURCES = resources_of()


def page() -> str:
    parts = [
        "# Every table",
        "Generated from `resources/`. `tp53annot resources list` prints the same with checksums, and every report "
        "lists the files it rests on.",
    ]
    for name, entry in sorted(RESOURCES.store.manifest.items()):
        facts = {
            key: entry[key] for key in ("source", "version", "date", "licence", "citation") if key in entry
        }
        parts += [f"## {name}", prose(entry["title"]) + "."]
        parts.append("\n".join(f"* {key}: {prose(value)}" for key, value in facts.items()))
        if name.endswith(".tsv"):
            header = _header(name)
            parts.append(f"{entry['rows']} rows, columns {', '.join(code(column) for column in header)}.")
    parts += ["## Clinical context fields", _context()]
    return "\n\n".join(parts) + "\n"


def _header(name: str) -> list[str]:
    lines = RESOURCES.store.read(name).decode().splitlines()
    return next(line for line in lines if not line.startswith("#")).split("\t")


def _context() -> str:
    rows = []
    for name, field in RESOURCES.vocabulary.items():
        allowed = ", ".join(map(code, field.values))
        if field.is_number:
            allowed = f"{field.min:g} to {field.max:g}"
        rows.append((code(name), field.kind, allowed))
    return table(("field", "kind", "values"), rows)

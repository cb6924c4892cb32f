"""docs/reference/report.md: every key of the JSON report, from the JSON Schema and field_texts.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from doc_pages.markdown import code, table
from tp53annot.report.registry import FORMATS

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "tp53annot" / "report" / "schema" / "report.schema.json"
TEXTS = ROOT / "scripts" / "field_texts.toml"


def page() -> str:
    texts = tomllib.loads(TEXTS.read_text())
    schema = json.loads(SCHEMA.read_text())
    parts = [
        "# The JSON report, key by key",
        "Generated from the JSON Schema that ships (`tp53annot/report/schema/report.schema.json`). Keys are always "
        "present; `null` means not stated or not applicable, never zero. `[]` marks a list.",
    ]
    for path, node in sections(schema):
        title = path or "report"
        rows = [
            (code(name), _type(child), text_of(path, name, texts))
            for name, child in node["properties"].items()
        ]
        parts += [f"## {title}", table(("key", "type", "meaning"), rows)]
    return "\n\n".join(parts) + "\n"


def formats() -> str:
    """Every format, as its module declares it."""
    rows = [
        (
            code(name),
            code(f"<sample>.tp53.{form.ending}"),
            form.description,
            _made(form.default, form.render is not None),
        )
        for name, form in FORMATS.items()
    ]
    return table(("format", "file", "what it is", "made by"), rows)


def _made(default: bool, renders: bool) -> str:
    return "`run`" + ("" if default else " on request") + (", `render`" if renders else "")


def sections(node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object of the schema, by its path; those of ``rejected`` and plain flags are left out."""
    yield path, node
    for name, child in node["properties"].items():
        inner = child.get("items", child)
        keys = inner.get("properties")
        if not keys or name == "rejected" or set(keys) == {"id", "text", "source"}:
            continue
        if name in ("caller_support", "normal") or (path, name) == ("uninterpreted", "input"):
            continue
        if path == "variants.frequencies" and name != "population":
            continue
        yield from sections(inner, f"{path}.{name}" if path else name)


def text_of(path: str, name: str, texts: Mapping[str, Any]) -> str:
    """The meaning of a key.

    Raises:
        KeyError: nobody wrote one.
    """
    own = texts.get(path or "report", {})
    if name in own:
        return str(own[name])
    parent = texts.get(path.rpartition(".")[0], {})
    if path == "variants.frequencies.population" and name in parent:
        return str(parent[name])
    if name in texts["shared"]:
        return str(texts["shared"][name])
    raise KeyError(f"{path or 'report'}.{name}: write its meaning into scripts/field_texts.toml")


def _type(node: Mapping[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(code(value) for value in node["enum"])
    kind = node.get("type", "any")
    names = [kind] if isinstance(kind, str) else list(kind)
    if "array" in names and "items" in node:
        inner = node["items"].get("type", "any")
        names = [
            f"list of {inner if isinstance(inner, str) else inner[0]}" if n == "array" else n for n in names
        ]
    return " or ".join(names)

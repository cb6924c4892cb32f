"""Whether a written file is whole, by what reads its format."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "tp53annot" / "report" / "schema" / "report.schema.json"
# Elements that load or run something, and what a page may hold of them: the overview's own script.
_LIVE = ("script", "iframe", "object", "embed", "base", "form", "link", "meta")
_ALLOWED = {"cohort.html": {"script": 1}}


@functools.cache
def _validator() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))


def schema_fault(document: Mapping[str, Any]) -> str | None:
    """What the shipped schema says against a report."""
    error = next(iter(_validator().iter_errors(document)), None)
    return None if error is None else f"schema: {error.json_path}: {error.message[:100]}"


class _Page(HTMLParser):
    """Elements, and attributes that could run or load something."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LIVE:
            self.live.append(tag)
        for name, value in attrs:
            target = (value or "").strip().lower()
            loads = name == "src" and not target.startswith("data:image/")
            if (
                name.startswith("on")
                or loads
                or (name == "href" and target.startswith(("javascript:", "data:")))
            ):
                self.faults.append(f"<{tag} {name}={target[:40]!r}>")


def _page(path: Path) -> str | None:
    page = _Page()
    page.feed(path.read_text("utf-8", "surrogateescape"))
    allowed = _ALLOWED.get(path.name, {})
    for tag in set(page.live) - {"meta"}:
        if page.live.count(tag) > allowed.get(tag, 0):
            return f"<{tag}> in a page"
    return page.faults[0] if page.faults else None


def _table(path: Path) -> str | None:
    lines = path.read_text("utf-8", "surrogateescape").split("\n")
    widths = {line.count("\t") for line in lines if line and not line.startswith("#")}
    return "ragged" if len(widths) > 1 else None


def _vcf(path: Path) -> str | None:
    import pysam

    with pysam.VariantFile(str(path)) as file:
        places = [record.pos for record in file]
    return "no index" if places == sorted(places) and not Path(f"{path}.tbi").is_file() else None


def _workbook(path: Path) -> str | None:
    import openpyxl

    book = openpyxl.load_workbook(path)
    formula = next(
        (c.coordinate for s in book for row in s.iter_rows() for c in row if c.data_type == "f"), None
    )
    return f"a formula in {formula}" if formula else None


def _json(path: Path) -> str | None:
    def refuse(text: str) -> None:
        raise ValueError(f"{text} is no JSON")

    json.loads(path.read_text("utf-8", "surrogateescape"), parse_constant=refuse)
    return None


_READERS = {
    ".json": _json, ".vcf.gz": _vcf, ".html": _page, ".tsv": _table, ".maf": _table, ".xlsx": _workbook,
}  # fmt: skip


def fault_of_file(path: Path) -> str | None:
    """Why a file is not whole, or ``None``."""
    for ending, read in _READERS.items():
        if path.name.endswith(ending):
            try:
                return read(path)
            except Exception as error:
                return f"cannot be read: {type(error).__name__} {str(error)[:100]}"
    return None

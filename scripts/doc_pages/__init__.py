"""Pages of the reference, generated: ``PAGES[name]()`` is the Markdown of ``docs/reference/<name>.md``."""

from __future__ import annotations

from collections.abc import Callable

from doc_pages import (
    commands,
    dialects,
    matrix,
    packages,
    report,
    rules,
    same_facts,
    segments,
    statements,
    tables,
)

PAGES: dict[str, Callable[[], str]] = {
    "cli": commands.page,
    "matrix": matrix.page,
    "report": report.page,
    "rules": rules.page,
    "same-facts": same_facts.page,
    "statements": statements.page,
    "tables": tables.page,
}
BLOCKS: dict[str, Callable[[], str]] = {
    "formats": report.formats,
    "status": rules.status,
    "callers": dialects.callers,
    "blocks": dialects.blocks,
    "coverage": rules.coverage,
    "segments": segments.segment_formats,
    "modules": packages.modules,
    "steps": packages.steps,
}
FIGURES: dict[str, Callable[[], str]] = {"packages": packages.picture}  # docs/images/<name>.svg

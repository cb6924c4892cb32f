"""Builders, one a file: ``build(source, output) -> written paths``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from resource_builders import catalogues, functional, gene_table, info_fields, predictions, reference
from resource_builders.manifest import write_manifest

BUILDERS: dict[str, Callable[[Path, Path], list[Path]]] = {
    "reference": reference.build,
    "functional": functional.build,
    "predictions": predictions.build,
    "catalogues": catalogues.build,
    "gene_table": gene_table.build,  # made from the other tables
    "info_fields": info_fields.build,  # likewise, and from the rules
}

__all__ = ["BUILDERS", "write_manifest"]

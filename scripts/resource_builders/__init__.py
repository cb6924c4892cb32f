"""Builders, one a file: ``build(source, output) -> written paths``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from resource_builders import catalogues, functional, gene_table, predictions, reference
from resource_builders.manifest import write_manifest

BUILDERS: dict[str, Callable[[Path, Path], list[Path]]] = {
    "reference": reference.build,
    "functional": functional.build,
    "predictions": predictions.build,
    "catalogues": catalogues.build,
    "gene_table": gene_table.build,  # last: made from the other tables
}

__all__ = ["BUILDERS", "write_manifest"]

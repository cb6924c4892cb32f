"""Every reader by the name that a ``[[format]]`` of ``rules/sources.toml`` asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from tp53annot.maintain.imported_rows import Reader
from tp53annot.maintain.readers import civic, clinvar, gnomad, hotspots, nci, predictors

READERS: Mapping[str, Reader] = {
    reader.__name__: reader
    for module in (civic, clinvar, gnomad, hotspots, nci, predictors)
    for reader in module.READERS
}

"""``resources list``: every bundled file with its pedigree."""

from __future__ import annotations

from tp53annot.core.text import tsv
from tp53annot.knowledge.resources import Resources
from tp53annot.report.document import dump


def list_resources(resources: Resources, *, as_json: bool) -> str:
    """Every bundled file with its pedigree."""
    manifest = resources.store.manifest
    if as_json:
        return dump([{"name": name, **entry} for name, entry in sorted(manifest.items())])
    header = ("name", "version", "rows", "licence", "sha256", "citation", "source", "terms")
    body = [
        [
            name,
            str(e["version"]),
            str(e.get("rows", "")),
            str(e["licence"]),
            e["sha256"][:12],
            str(e["citation"]),
            str(e.get("source", "")),
            str(e.get("terms", "")),
        ]
        for name, e in sorted(manifest.items())
    ]
    return tsv(header, body)

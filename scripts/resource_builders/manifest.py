"""resources/MANIFEST.toml: every file with its source, version, licence and sha256."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tp53annot.maintain.manifest import NAME, manifest_text


def write_manifest(output: Path) -> None:
    """Rewrite MANIFEST.toml: pedigree from PEDIGREE.toml, checksums and sizes from the files.

    Raises:
        SystemExit: a file has no pedigree, or a pedigree has no file.
    """
    pedigree = tomllib.loads((output / "PEDIGREE.toml").read_text())
    files = sorted(
        p
        for p in output.rglob("*")
        if p.is_file() and p.name not in ("MANIFEST.toml", "PEDIGREE.toml", "README.md")
    )
    names = {p.relative_to(output).as_posix() for p in files}
    if names != set(pedigree):
        missing = sorted(names - set(pedigree))
        stale = sorted(set(pedigree) - names)
        raise SystemExit(f"PEDIGREE.toml: no entry for {missing}, no file for {stale}")
    (output / NAME).write_text(manifest_text(output, pedigree))
    docs = output.parent / "docs"
    if docs.is_dir():
        (docs / "tables.md").write_text(_page(output, files, pedigree))


def _page(output: Path, files: list[Path], pedigree: dict[str, dict[str, object]]) -> str:
    lines = [
        "# What is bundled",
        "",
        "Written by `scripts/build_resources.py`. Checksums are in `resources/MANIFEST.toml`; every file is checked",
        "against its checksum when it is read, and `tp53annot resources verify` checks them all.",
        "",
        "| file | what | version | licence | cite |",
        "|---|---|---|---|---|",
    ]
    for path in files:
        name = path.relative_to(output).as_posix()
        entry = pedigree[name]
        cells = [f"`{name}`", *(str(entry[key]) for key in ("title", "version", "licence", "citation"))]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"

"""``resources update``: files fetched or given -> rows -> one complete new release, swapped in whole.

All new tables of one call go into one release; what fails is said and leaves the rest as it was.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from tp53annot.errors import InputError, Tp53AnnotError, UsageError
from tp53annot.interpret.all_changes import HEADER, gene_table
from tp53annot.interpret.annotation import functional_summary
from tp53annot.knowledge.reference import load_reference
from tp53annot.knowledge.store import Store, load_rules
from tp53annot.knowledge.tables.registry import Knowledge, load_knowledge
from tp53annot.maintain import catalogues, clinvar, scores
from tp53annot.maintain.differences import diff_resources
from tp53annot.maintain.fetch import Fetched, Fetcher, check_published
from tp53annot.maintain.name_rows import Imported, Made
from tp53annot.maintain.open_release import open_release
from tp53annot.maintain.outcome import UpdateResult, UpdateSettings
from tp53annot.maintain.release import (
    DERIVED,
    IMPORTED,
    ORIGIN,
    current,
    data_folder,
    draft,
    install,
    lay_base,
    seal,
    write_table,
)
from tp53annot.names.hgvs import Namer
from tp53annot.system.files import sha256_file

_ALL_CHANGES = "tables/all_changes.tsv"
READERS = clinvar.READERS | scores.READERS | catalogues.READERS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """One file's import with its pedigree."""

    source: str
    kind: str
    origin: str
    version: str
    sha256: str
    imported: Imported


def update(settings: UpdateSettings, say: Callable[[str], None]) -> UpdateResult:
    """Bring newer tables into the user's data folder.

    Raises:
        UsageError: an unknown source, or one that has no address.
        InputError: a single file or source that cannot be used.
        OutputError: the data folder cannot be written.
        ResourceError: the release in use is damaged.
    """
    rules = load_rules("sources")
    folder = settings.folder or data_folder()
    names = _names(settings, rules)
    present = current(folder)
    namer = Namer(load_reference())
    taken: list[_Taken] = []
    failures: list[Tp53AnnotError] = []
    for item in settings.files or names:
        try:
            if isinstance(item, Path):
                found = [_from_file(item, settings, rules, namer)]
            else:
                say(f"fetching {item}")
                found = _from_network(item, settings, rules, namer)
            for one in found:
                _check_size(one, present or Store(), settings, rules)
            taken += found
        except InputError as error:
            failures.append(error)
    if failures and not taken:
        if len(failures) == 1:
            raise failures[0]
        return UpdateResult(release=None, text="", failures=tuple(map(str, failures)))
    return _release(folder, taken, rules, namer, failures)


def _names(settings: UpdateSettings, rules: Mapping[str, Any]) -> tuple[str, ...]:
    known = rules["source"]
    unknown = [name for name in settings.names if name not in known]
    if unknown:
        raise UsageError(f"no source {unknown[0]!r}; known: {', '.join(known)}")
    if settings.files:
        if len(settings.names) > 1:
            raise UsageError("--from takes one source name, or none to tell it by the file")
        if settings.url:
            raise UsageError("--from and --url exclude each other")
        return settings.names
    for name in settings.names:
        if "download" not in known[name]:
            raise UsageError(f"{name} has no address to fetch from; download it and give it with --from FILE")
    return settings.names or tuple(name for name in known if "download" in known[name])


def _from_file(path: Path, settings: UpdateSettings, rules: Mapping[str, Any], namer: Namer) -> _Taken:
    if not path.is_file():
        raise InputError("no such file", path=str(path))
    source = settings.names[0] if settings.names else None
    digest = sha256_file(path)
    return _import(path, source, settings, rules, namer, origin=path.name, digest=digest, label=None)


def _from_network(
    name: str, settings: UpdateSettings, rules: Mapping[str, Any], namer: Namer
) -> list[_Taken]:
    """All files of a source; one that cannot be had leaves the whole source as it was."""
    fetcher = Fetcher(rules["limits"], any_scheme=settings.url is not None)
    found = []
    with tempfile.TemporaryDirectory(prefix="tp53annot-") as scratch:
        for number, entry in enumerate(rules["source"][name]["download"]):
            url = _address(entry["url"], settings.url)
            got = fetcher.fetch(
                url, Path(scratch) / str(number), max_bytes=entry["max_bytes"], query=entry.get("query")
            )
            if "checksum_url" in entry:
                published = fetcher.text(
                    _address(entry["checksum_url"], settings.url), Path(scratch) / "checksum"
                )
                check_published(got, published)
            label = entry.get("label") or got.date
            found.append(_fetched(got, name, settings, rules, namer, label))
    return found


def _fetched(
    got: Fetched,
    name: str,
    settings: UpdateSettings,
    rules: Mapping[str, Any],
    namer: Namer,
    label: str | None,
) -> _Taken:
    try:
        return _import(got.path, name, settings, rules, namer, origin=got.url, digest=got.sha256, label=label)
    except InputError as error:  # the scratch file means nothing to the user
        raise InputError(error.cause, path=got.url, place=error.place, fix=error.fix) from error


def _address(url: str, base: str | None) -> str:
    """The same path on another server."""
    return url if base is None else urljoin(base, urlsplit(url).path)


def _import(
    path: Path,
    source: str | None,
    settings: UpdateSettings,
    rules: Mapping[str, Any],
    namer: Namer,
    *,
    origin: str,
    digest: str,
    label: str | None,
) -> _Taken:
    release = open_release(path, rules, source)
    read = READERS[release.format["reader"]]
    imported = read(release, namer, rules, settings.assembly)
    version = settings.label or imported.version or label or f"sha256 {digest[:12]}"
    return _Taken(source=release.format["source"], kind=release.format["name"], origin=origin,
                  version=version, sha256=digest, imported=imported)  # fmt: skip


def _release(
    folder: Path,
    taken: Sequence[_Taken],
    rules: Mapping[str, Any],
    namer: Namer,
    failures: Sequence[Tp53AnnotError],
) -> UpdateResult:
    with draft(folder) as path:
        present = current(folder)  # read again: no other update can come between now
        # A release of another version of the tool cannot be classified by this one's rules.
        before = present.root if present and not present.foreign() else None
        pedigree = lay_base(path, present)
        lines = []
        for one in taken:
            lines += _add(path, pedigree, one, rules["source"][one.source])
        pedigree[_ALL_CHANGES] |= {ORIGIN: DERIVED}
        seal(path, pedigree)
        knowledge = load_knowledge(path)
        for one in taken:
            lines += _compare_published(one, knowledge)
        rows = gene_table(namer, knowledge)
        write_table(path / _ALL_CHANGES, HEADER, tuple(row.cells() for row in rows))
        seal(path, pedigree)
        release = install(path, folder)
    lines += ["", f"compared with {'the tables before' if before else 'the bundled tables'}:"]
    lines.append(diff_resources(before, release, rows=rows).rstrip("\n"))
    lines += ["", f"installed in {folder}; use it with --resources-dir {folder} or TP53ANNOT_RESOURCES_DIR"]
    return UpdateResult(release=release, text="\n".join(lines) + "\n", failures=tuple(map(str, failures)))


def _check_size(one: _Taken, present: Store, settings: UpdateSettings, rules: Mapping[str, Any]) -> None:
    """Refuse a table that became much smaller.

    Raises:
        InputError: too few rows for what they replace, without ``force``.
    """
    new = old = 0
    for made in one.imported.tables:
        before = _rows(present, made)
        old += len(before) - len(_kept(before, made))
        new += len(made.rows)
    if new < rules["limits"]["min_share_of_rows"] * old and not settings.force:
        raise InputError(
            f"{new} rows would replace {old}: the file looks incomplete",
            path=one.origin,
            fix="use --force to take it all the same",
        )


def _add(
    path: Path, pedigree: dict[str, dict[str, Any]], one: _Taken, source: Mapping[str, Any]
) -> list[str]:
    """Write a source's tables into the draft; lines on what was taken and left."""
    for made in one.imported.tables:
        name = f"tables/{made.table}.tsv"
        kept = _kept(_read(path / name), made)
        rows = tuple(sorted((*made.rows, *kept), key=_place)) if kept else made.rows
        write_table(path / name, made.header, rows)
        version = f"{one.version}; {pedigree[name]['version']}" if kept else one.version
        pedigree[name] = _entry(one, source, version)
    build = f", {one.imported.build}" if one.imported.build else ""
    lines = [f"{one.source}: {one.imported.taken} TP53 rows taken from {one.kind} {one.version}{build}"]
    lines.append(f"  from {one.origin}, sha256 {one.sha256}")
    lines += [f"  left: {count} {reason}" for reason, count in sorted(one.imported.left.items())]
    return lines


def _compare_published(one: _Taken, knowledge: Knowledge) -> list[str]:
    """How many of the classes a file publishes are those recomputed from the assays, and which are not."""
    lines = []
    published = one.imported.published
    for name in sorted({name for _, name in published}):
        pairs = {
            change: (word, (functional_summary(change, knowledge) or {}).get(name))
            for (change, other), word in published.items()
            if other == name
        }
        differ = [f"{change} {word}, here {ours}" for change, (word, ours) in pairs.items() if word != ours]
        lines.append(
            f"  {one.source}: {len(pairs) - len(differ)} of {len(pairs)} published values of {name} are those "
            "recomputed from the assays" + (f"; differ: {'; '.join(sorted(differ)[:20])}" if differ else "")
        )
    return lines


def _entry(one: _Taken, source: Mapping[str, Any], version: str) -> dict[str, Any]:
    return {
        "title": source["title"],
        "source": f"{source['publisher']}: {one.origin}",
        "version": version,
        "date": one.version,
        "licence": source["licence"],
        "citation": f"{source['citation']}; {version}",
        "source_sha256": one.sha256,
        ORIGIN: IMPORTED,
    }


_Rows = list[tuple[str, ...]]


def _kept(before: _Rows, made: Made) -> _Rows:
    """Rows of the present table that a file of another predictor, or hotspot type, says nothing of."""
    column = {"predictor_scores": 1, "hotspots": 2}.get(made.table)
    if column is None:
        return []
    new = {row[column] for row in made.rows}
    return [row for row in before if row[column] not in new]


def _place(row: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Rows in the order of the number in their key."""
    number = re.search(r"\d+", row[0])
    return (int(number.group()) if number else 0, row)


def _rows(present: Store, made: Made) -> _Rows:
    name = f"tables/{made.table}.tsv"
    return _read(present.root / name) if name in present.manifest else []


def _read(path: Path) -> _Rows:
    if not path.exists():
        return []
    return [tuple(line.split("\t")) for line in path.read_text(encoding="utf-8").splitlines()[1:] if line]

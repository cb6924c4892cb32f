"""``resources update``: files fetched or given -> rows -> one complete new release, swapped in whole.

All new tables of one call go into one release; what fails is said and leaves the rest as it was.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from tp53annot.errors import InputError, Tp53AnnotError, UsageError
from tp53annot.interpret.all_changes import GENE_COLUMNS, gene_table
from tp53annot.interpret.annotation import functional_summary
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.rules.sources import DataSource, Download, SourcesRules
from tp53annot.knowledge.store import IMPORTED, Pedigree, Store
from tp53annot.knowledge.tables.registry import Knowledge, load_knowledge
from tp53annot.maintain.data_folder import (
    COMPUTED,
    current,
    data_folder,
    draft,
    install,
    lay_base,
    seal,
    write_table,
)
from tp53annot.maintain.differences import diff_resources
from tp53annot.maintain.imported_rows import Import, Imported, ImportedTable
from tp53annot.maintain.outcome import UpdateResult, UpdateSettings
from tp53annot.maintain.readers.registry import READERS
from tp53annot.maintain.release_file import open_release
from tp53annot.names.hgvs import Namer
from tp53annot.system.files import sha256_file

if TYPE_CHECKING:
    from tp53annot.maintain.fetch import Fetcher

_ALL_CHANGES = "tables/all_changes.tsv"
_MOST_DIFFERENCES = 20  # listed of published classes
_DIGITS = re.compile(r"\d+")
_Rows = list[tuple[str, ...]]


class _Work(Struct, frozen=True, kw_only=True):
    """What every step needs: what was asked for, the sources, our names."""

    settings: UpdateSettings
    rules: SourcesRules
    namer: Namer


class _Origin(Struct, frozen=True, kw_only=True):
    """Where a file came from: its name or address, its sha256, and a version in case it states none."""

    name: str
    sha256: str
    label: str | None = None


class _Taken(Struct, frozen=True, kw_only=True):
    """One file's import with its pedigree: source, kind of file, origin, version."""

    source: str
    kind: str
    origin: _Origin
    version: str
    imported: Imported


def update(settings: UpdateSettings, say: Callable[[str], None]) -> UpdateResult:
    """Bring newer tables into the user's data folder.

    Raises:
        UsageError: an unknown source, or one that has no address.
        InputError: a single file or source that cannot be used.
        OutputError: the data folder cannot be written.
        ResourceError: the release in use is damaged.
    """
    bundled = resources_of()
    work = _Work(settings=settings, rules=bundled.rules.sources, namer=bundled.namer)
    folder = settings.folder or data_folder()
    names = _names(settings, work.rules)
    present = current(folder)
    taken: list[_Taken] = []
    failures: list[Tp53AnnotError] = []
    for item in settings.files or names:
        try:
            if isinstance(item, Path):
                found = [_from_file(item, work)]
            else:
                say(f"fetching {item}")
                found = _from_network(item, work)
            for one in found:
                _check_size(one, present or Store(), work)
            taken += found
        except InputError as error:
            failures.append(error)
    if failures and not taken:
        if len(failures) == 1:
            raise failures[0]
        return UpdateResult(release=None, text="", failures=tuple(map(str, failures)))
    return _release(folder, taken, work, failures)


def _names(settings: UpdateSettings, rules: SourcesRules) -> tuple[str, ...]:
    known = rules.source
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
        if not known[name].download:
            raise UsageError(f"{name} has no address to fetch from; download it and give it with --from FILE")
    return settings.names or tuple(name for name, source in known.items() if source.download)


# One file ----------------------------------------------------------------------------------


def _from_file(path: Path, work: _Work) -> _Taken:
    if not path.is_file():
        raise InputError("no such file", path=str(path), fix="check the path given to --from")
    source = work.settings.names[0] if work.settings.names else None
    return _import(path, source, work, _Origin(name=path.name, sha256=sha256_file(path)))


def _from_network(name: str, work: _Work) -> list[_Taken]:
    """All files of a source; one that cannot be had leaves the whole source as it was."""
    from tp53annot.maintain.fetch import Fetcher  # opens a socket when it is imported

    fetcher = Fetcher(work.rules.limits, any_scheme=work.settings.url is not None)
    with tempfile.TemporaryDirectory(prefix="tp53annot-") as scratch:
        return [
            _fetched(entry, name, work, fetcher, Path(scratch) / str(number))
            for number, entry in enumerate(work.rules.source[name].download)
        ]


def _fetched(entry: Download, name: str, work: _Work, fetcher: Fetcher, target: Path) -> _Taken:
    got = fetcher.fetch(
        _address(entry.url, work.settings.url), target, max_bytes=entry.max_bytes, query=entry.query
    )
    if entry.checksum_url:
        address = _address(entry.checksum_url, work.settings.url)
        got.check(fetcher.text(address, target.with_suffix(".checksum")))
    origin = _Origin(name=got.url, sha256=got.sha256, label=entry.label or got.date)
    try:
        return _import(got.path, name, work, origin)
    except InputError as error:  # the scratch file means nothing to the user
        raise InputError(error.cause, path=got.url, place=error.place, fix=error.fix) from error


def _address(url: str, base: str | None) -> str:
    """The same path on another server."""
    return url if base is None else urljoin(base, urlsplit(url).path)


def _import(path: Path, source: str | None, work: _Work, origin: _Origin) -> _Taken:
    release = open_release(path, work.rules, source)
    form = release.format
    imported = READERS[form.reader](
        Import(
            release=release,
            namer=work.namer,
            gene=work.rules.gene,
            source=work.rules.source[form.source],
            assembly=work.settings.assembly,
        )
    )
    version = work.settings.label or imported.version or origin.label or f"sha256 {origin.sha256[:12]}"
    return _Taken(source=form.source, kind=form.name, origin=origin, version=version, imported=imported)


def _check_size(one: _Taken, present: Store, work: _Work) -> None:
    """Refuse a table that became much smaller.

    Raises:
        InputError: too few rows for what they replace, without ``force``.
    """
    new = old = 0
    for table in one.imported.tables:
        name = f"tables/{table.file.name}.tsv"
        before = _read(present.root / name) if name in present.manifest else []
        old += len(before) - len(_kept(before, table))
        new += len(table.rows)
    if new < work.rules.limits.min_share_of_rows * old and not work.settings.force:
        raise InputError(
            f"{new} rows would replace {old}: the file looks incomplete",
            path=one.origin.name,
            fix="use --force to take it all the same",
        )


# The release -------------------------------------------------------------------------------


def _release(
    folder: Path, taken: Sequence[_Taken], work: _Work, failures: Sequence[Tp53AnnotError]
) -> UpdateResult:
    with draft(folder) as path:
        present = current(folder)  # read again: no other update can come between now
        # A release of another version of the tool cannot be classified by this one's rules.
        before = present.root if present and not present.foreign() else None
        pedigree = lay_base(path, present)
        lines = []
        for one in taken:
            lines += _add(path, pedigree, one, work.rules.source[one.source])
        pedigree[_ALL_CHANGES]["origin"] = COMPUTED
        seal(path, pedigree)
        knowledge = load_knowledge(path)
        for one in taken:
            lines += _compare_published(one, knowledge)
        rows = gene_table(work.namer, knowledge)
        write_table(path / _ALL_CHANGES, GENE_COLUMNS, tuple(row.cells() for row in rows))
        seal(path, pedigree)
        release = install(path, folder)
    lines += ["", f"compared with {'the tables before' if before else 'the bundled tables'}:"]
    lines.append(diff_resources(before, release, rows=rows).rstrip("\n"))
    lines += ["", f"installed in {folder}; use it with --resources-dir {folder} or TP53ANNOT_RESOURCES_DIR"]
    return UpdateResult(release=release, text="\n".join(lines) + "\n", failures=tuple(map(str, failures)))


def _add(path: Path, pedigree: dict[str, Pedigree], one: _Taken, source: DataSource) -> list[str]:
    """Write a source's tables into the draft; lines on what was taken and left."""
    for table in one.imported.tables:
        name = f"tables/{table.file.name}.tsv"
        kept = _kept(_read(path / name), table)
        rows = tuple(sorted((*table.rows, *kept), key=_place)) if kept else table.rows
        write_table(path / name, table.file.columns, rows)
        version = f"{one.version}; {pedigree[name]['version']}" if kept else one.version
        pedigree[name] = _pedigree(one, source, version)
    build = f", {one.imported.build}" if one.imported.build else ""
    lines = [f"{one.source}: {one.imported.taken} TP53 rows taken from {one.kind} {one.version}{build}"]
    lines.append(f"  from {one.origin.name}, sha256 {one.origin.sha256}")
    lines += [f"  left: {count} {reason}" for reason, count in sorted(one.imported.left.items())]
    return lines


def _pedigree(one: _Taken, source: DataSource, version: str) -> Pedigree:
    return {
        "title": source.title,
        "source": f"{source.publisher}: {one.origin.name}",
        "version": version,
        "date": one.version,
        "licence": source.licence,
        "citation": f"{source.citation}; {version}",
        "source_sha256": one.origin.sha256,
        "origin": IMPORTED,
    }


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
        differ = sorted(
            f"{change} {word}, here {ours}" for change, (word, ours) in pairs.items() if word != ours
        )
        lines.append(
            f"  {one.source}: {len(pairs) - len(differ)} of {len(pairs)} published values of {name} are those "
            "recomputed from the assays"
            + (f"; differ: {'; '.join(differ[:_MOST_DIFFERENCES])}" if differ else "")
        )
    return lines


def _kept(before: _Rows, table: ImportedTable) -> _Rows:
    """Rows of the present table that a file of another predictor, or hotspot type, says nothing of."""
    if table.file.part is None:
        return []
    column = table.file.columns.index(table.file.part)
    new = {row[column] for row in table.rows}
    return [row for row in before if row[column] not in new]


def _place(row: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Rows in the order of the number in their key."""
    number = _DIGITS.search(row[0])
    return (int(number.group()) if number else 0, row)


def _read(path: Path) -> _Rows:
    if not path.exists():
        return []
    return [tuple(line.split("\t")) for line in path.read_text(encoding="utf-8").splitlines()[1:] if line]

"""How a file is altered, by its form: anywhere, at one place, cut off, or so that no fact in it changes."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from msgspec import Struct

from .containers import bgzip
from .mutate import BYTES, NUMBERS, TEXT, WORDS, mutated, mutated_json

Alter = Callable[[bytes, random.Random], bytes]
_XML_TEXT = re.compile(rb'(?<=>)[^<>]+(?=<)|(?<==")[^"<>]*(?=")')
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Form(Struct, frozen=True, kw_only=True):
    """Alterations of one form of file.

    Attributes:
        wild: one to six places, of content or container.
        once: one place of the content.
        cut: the end is lost, and a fact with it.
    """

    wild: Alter
    once: Alter
    cut: Alter


def _text_wild(data: bytes, rng: random.Random) -> bytes:
    return mutated(data, rng, TEXT if rng.random() < 0.85 else BYTES)


def _text_once(data: bytes, rng: random.Random) -> bytes:
    return bytes(rng.choice(TEXT)(bytearray(data), rng))


def _text_cut(data: bytes, rng: random.Random) -> bytes:
    """Cut before a field of the last line, so that no number is merely shortened and at least one field is lost."""
    last = data.rstrip(b"\r\n").rfind(b"\n") + 1
    ends = [m.end() for m in re.finditer(rb"[\t,;|\n]", data[: max(last, 1) + 20])]
    return data[: rng.choice(ends or [0])]


def _bytes_cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _bytes_wild(data: bytes, rng: random.Random) -> bytes:
    return mutated(data, rng, BYTES)


def _bytes_once(data: bytes, rng: random.Random) -> bytes:
    return bytes(rng.choice(BYTES)(bytearray(data), rng))


def _inside(alter: Alter) -> Alter:
    """What stands inside BGZF blocks."""
    return lambda data, rng: bgzip(alter(gzip.decompress(data), rng))


def _blocks(inside: Alter) -> Alter:
    return lambda data, rng: (_inside(inside) if rng.random() < 0.6 else _bytes_wild)(data, rng)


def _json_wild(data: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.3:
        return _text_wild(data, rng)
    return json.dumps(mutated_json(json.loads(data), rng)).encode("utf-8", "surrogatepass")


def _word(rng: random.Random) -> str:
    return _NOT_XML.sub("", rng.choice((*WORDS, *NUMBERS)).encode("utf-8", "replace").decode())


def _xml_once(part: bytes, rng: random.Random) -> bytes:
    """One text or attribute value replaced; the XML stays sound."""
    found = list(_XML_TEXT.finditer(part))
    if not found:
        return part
    match = rng.choice(found)
    new = rng.choice((escape(_word(rng), {'"': "&quot;"}).encode(), rng.choice(found).group(), b""))
    return part[: match.start()] + new + part[match.end() :]


def _parts(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return [(name, book.read(name)) for name in book.namelist()]


def _packed(parts: Sequence[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as book:
        for name, data in parts:
            book.writestr(zipfile.ZipInfo(name), data, compress_type=how)
    return out.getvalue()


def _zip_part(alter: Alter) -> Alter:
    def altered(data: bytes, rng: random.Random) -> bytes:
        parts = _parts(data)
        of_rows = [i for i, (name, _) in enumerate(parts) if re.search("sheet1|sharedStrings|content", name)]
        at = rng.choice(of_rows if of_rows and rng.random() < 0.8 else range(len(parts)))
        parts[at] = (parts[at][0], alter(parts[at][1], rng))
        return _packed(parts)

    return altered


def _zip_wild(data: bytes, rng: random.Random) -> bytes:
    choice = rng.random()
    if choice < 0.15:
        return _bytes_wild(data, rng)
    if choice < 0.35:
        return _zip_part(_text_wild)(data, rng)
    for _ in range(rng.choice((1, 1, 2, 5))):
        data = _zip_part(_xml_once)(data, rng)
    return data


def in_sqlite(data: bytes, change: Callable[[sqlite3.Connection], object]) -> bytes:
    """The bytes of a database after a change that SQLite itself makes."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        path = Path(name) / "d"
        path.write_bytes(data)
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA ignore_check_constraints = ON")
            change(connection)
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
        return path.read_bytes()


def _cell_once(data: bytes, rng: random.Random) -> bytes:
    """One cell of one row replaced, or a row of changes lost."""

    def change(connection: sqlite3.Connection) -> None:
        table = rng.choice(("sample", "change"))
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        row, name = rng.choice(rows), rng.choice(names[1:])
        where = f"{names[0]} = ? AND {names[1]} IS ?"
        if table == "change" and rng.random() < 0.1:
            connection.execute(f"DELETE FROM change WHERE {where}", row[:2])
            return
        old = row[names.index(name)]
        text = rng.choice((*WORDS, *NUMBERS)).encode("utf-8", "replace").decode()
        new = rng.choice((None, 0, -1, 10**15, 0.5, b"\0\xff", text, text, f"{old}x", str(old)[:-1]))
        connection.execute(f"UPDATE OR IGNORE {table} SET {name} = ? WHERE {where}", (new, *row[:2]))

    try:
        return in_sqlite(data, change)
    except sqlite3.IntegrityError:  # the file's own rules refuse it
        return _bytes_once(data, rng)


def _sqlite_wild(data: bytes, rng: random.Random) -> bytes:
    return _cell_once(data, rng) if rng.random() < 0.5 else _bytes_wild(data, rng)


FORMS: dict[str, Form] = {
    "text": Form(wild=_text_wild, once=_text_once, cut=_text_cut),
    "bytes": Form(wild=_bytes_wild, once=_bytes_once, cut=_bytes_cut),
    "bgzf text": Form(wild=_blocks(_text_wild), once=_inside(_text_once), cut=_bytes_cut),
    "bgzf": Form(wild=_blocks(_bytes_wild), once=_inside(_bytes_once), cut=_bytes_cut),
    "json": Form(wild=_json_wild, once=_json_wild, cut=_bytes_cut),
    "zip": Form(wild=_zip_wild, once=_zip_part(_xml_once), cut=_bytes_cut),
    "sqlite": Form(wild=_sqlite_wild, once=_cell_once, cut=_bytes_cut),
}


# what changes no fact -------------------------------------------------------------------------------


def crlf(data: bytes, _rng: random.Random) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def no_final_newline(data: bytes, _rng: random.Random) -> bytes:
    return data.rstrip(b"\r\n")


def blank_end(data: bytes, rng: random.Random) -> bytes:
    return data + b"\n" * rng.choice((1, 2, 30))


def byte_order_mark(data: bytes, _rng: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + data


def note(text: bytes) -> Alter:
    """A comment put before a line of the head."""

    def noted(data: bytes, rng: random.Random) -> bytes:
        lines = data.split(b"\n")
        heads = sum(1 for line in lines if line.startswith(text[:2]))
        lines.insert(rng.randint(min(1, heads), heads), text)
        return b"\n".join(lines)

    return noted


def rows_shuffled(mark: bytes) -> Alter:
    """The lines below the head in another order; a line that begins with ``mark`` is head, else the first one is."""

    def shuffled(data: bytes, rng: random.Random) -> bytes:
        lines = data.rstrip(b"\n").split(b"\n")
        at = next((i for i, x in enumerate(lines) if not x.startswith(mark)), 0) if mark else 1
        rows = lines[at:]
        rng.shuffle(rows)
        return b"\n".join([*lines[:at], *rows]) + b"\n"

    return shuffled


def columns_shuffled(separator: bytes) -> Alter:
    """The columns below any comments in another order."""

    def shuffled(data: bytes, rng: random.Random) -> bytes:
        rows = [line.split(separator) for line in data.rstrip(b"\n").split(b"\n")]
        width = max(map(len, rows))
        order = list(range(width))
        rng.shuffle(order)
        moved = [[row[i] for i in order] if len(row) == width else row for row in rows]
        return b"\n".join(separator.join(row) for row in moved) + b"\n"

    return shuffled


def blanks_around(separator: bytes) -> Alter:
    """Blanks behind the cells."""
    return lambda data, _rng: data.replace(separator, b" " + separator).replace(b"\n", b"  \n")


def packed_otherwise(data: bytes, rng: random.Random) -> bytes:
    """The parts of a zip file in another order (``mimetype`` stays first), stored or deflated, with one more."""
    parts = _parts(data)
    first = [p for p in parts if p[0] == "mimetype"]
    rest = [p for p in parts if p[0] != "mimetype"]
    rng.shuffle(rest)
    more = [("docProps/note.xml", b"<note/>")] if rng.random() < 0.3 else []
    return _packed(first + rest + more, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def blocked_otherwise(data: bytes, rng: random.Random) -> bytes:
    """BGZF with blocks of another size."""
    return bgzip(gzip.decompress(data), rng.choice((50, 997, 20_000)))


def database_rewritten(data: bytes, rng: random.Random) -> bytes:
    """The same rows on other pages."""
    size = rng.choice((512, 1024, 8192))

    def change(connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA page_size = {size}")
        connection.execute("VACUUM")

    return in_sqlite(data, change)

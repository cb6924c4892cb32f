"""The seal of a recorded sample: a checksum of every cell that is kept of it, by which an altered one is found.

Cells are taken with their type and as bytes, so that a seal can be made of damaged ones, too.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

_SAMPLE = (
    *("number", "patient", "sample", "file", "content", "date", "status", "context", "coverage", "platform"),
    *("tool_version", "recorded"),
)
_CHANGE = (
    *("place", "listed", "hgvs_c", "hgvs_p_short", "pos", "ref", "alt", "oncogenicity"),
    *("reportable", "vaf", "depth", "alt_reads", "remarks", "present"),
)


def _query(columns: tuple[str, ...], rest: str) -> str:
    return f"SELECT {' || char(59) || '.join(f'typeof({c}) || hex({c})' for c in columns)} FROM {rest}"


_QUERIES = (
    _query(_SAMPLE, "sample WHERE number = ?"),
    _query(_CHANGE, "change WHERE sample = ? ORDER BY place"),
)


def _seal_of(connection: sqlite3.Connection, number: object) -> str:
    digest = hashlib.sha256()
    for query in _QUERIES:
        for (cells,) in connection.execute(query, (number,)):
            digest.update(f"{cells}\n".encode())
    return digest.hexdigest()


def seal_samples(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Seal these samples as they stand."""
    seals = [(_seal_of(connection, number), number) for number in numbers]
    connection.executemany("UPDATE sample SET seal = ? WHERE number = ?", seals)


def is_sealed(connection: sqlite3.Connection, number: object) -> bool:
    """Whether a sample is what was sealed."""
    row = connection.execute("SELECT seal FROM sample WHERE number = ?", (number,)).fetchone()
    return row is not None and row[0] == _seal_of(connection, number)

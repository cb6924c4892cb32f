"""Records as htslib can read them: what it cannot read of one becomes a missing value, so that the file stays of use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tp53annot.system.descriptors import quiet_stderr
from tp53annot.system.files import scratch

_CONTROL = bytes((*range(9), 11, 12, *range(14, 32), 127))
_FORMAT_LINE = b"##fileformat=VCFv4.2\n"
_LAST_INDEXED = 1 << 29  # of a chromosome, what a .tbi can hold
_END = re.compile(rb"[\t;]END=([^;\t\r\n]*)")
_QUAL, _FILTER, _INFO, _FORMAT, _SAMPLE = 5, 6, 7, 8, 9


def are_readable(path: Path, rows: Sequence[bytes]) -> bool:
    """Whether htslib reads a VCF of these rows to its end, and an index can hold them."""
    import pysam

    if any(map(_beyond_index, rows)):
        return False
    try:
        with quiet_stderr(), pysam.VariantFile(str(path)) as file:
            return sum(1 for _ in file) == len(rows)
    except (OSError, ValueError):  # what pysam raises for headers and records
        return False


def readable_header(header: bytes, folder: Path) -> bytes:
    """The header without control characters, and without the ``##`` lines that htslib cannot read."""
    head = _shown(header)
    with scratch(folder, ".vcf") as trial:

        def taken(text: bytes) -> bool:
            trial.write_bytes(text)
            return are_readable(trial, ())

        if taken(head):
            return head
        *lines, columns = head.splitlines(keepends=True)
        return b"".join((*(x for x in lines if taken(_FORMAT_LINE + x + columns)), columns))


def _shown(text: bytes) -> bytes:
    return text.translate(None, _CONTROL)


def _beyond_index(row: bytes) -> bool:
    end = _END.search(row)
    if end is None or end[1] == b".":
        return False
    return not end[1].isdigit() or int(end[1][:20]) >= _LAST_INDEXED  # htslib takes 0x1f for a number


def readable_rows(header: bytes, rows: Sequence[bytes], folder: Path) -> list[bytes]:
    """The rows with ``.`` for each value that htslib cannot read; a row that stays unreadable is left out.

    Args:
        header: that of the file, which htslib reads.
        rows: records with at most one sample's column.
        folder: where the rows may be tried in a file.
    """
    with scratch(folder, ".vcf") as trial:

        def taken(row: bytes) -> bool:
            trial.write_bytes(header + row)
            return are_readable(trial, (row,))

        found = (next(filter(taken, _less_and_less(_shown(row))), None) for row in rows)
        return [row for row in found if row is not None]


def _less_and_less(row: bytes) -> Iterator[bytes]:
    """The row, then without one value of the sample or one item of INFO, then without all that may be missing."""
    yield row
    end = row[len(row.rstrip(b"\r\n")) :]
    columns = row.rstrip(b"\r\n").split(b"\t")
    if len(columns) <= _INFO:
        return

    def with_(**values: bytes) -> bytes:
        places = {"qual": _QUAL, "filters": _FILTER, "info": _INFO, "keys": _FORMAT, "sample": _SAMPLE}
        changed = list(columns)
        for name, value in values.items():
            if places[name] < len(changed):
                changed[places[name]] = value
        return b"\t".join(changed[: _SAMPLE + 1]) + end

    values = columns[_SAMPLE].split(b":") if len(columns) > _SAMPLE else []
    for i in range(len(values)):
        yield with_(sample=b":".join((*values[:i], b".", *values[i + 1 :])))
    items = columns[_INFO].split(b";")
    for i in range(len(items)):
        yield with_(info=b";".join((*items[:i], *items[i + 1 :])) or b".")
    ours = b";".join(item for item in items if item.startswith(b"TP53_")) or b"."
    yield with_(qual=b".", filters=b".")
    yield with_(keys=b"GT", sample=b".")
    yield with_(keys=b"GT", sample=b".", info=ours)
    yield with_(keys=b"GT", sample=b".", info=ours, qual=b".", filters=b".")

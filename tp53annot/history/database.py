"""The file of a history: SQLite with a write-ahead log, one writer at a time, deleted content overwritten.

A write is one transaction, so that a killed run leaves all of it or nothing. Whoever opens a file of an older form
brings it to today's; a file of a newer form, or of another program, is refused.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tp53annot.errors import InputError, OutputError, StorageError
from tp53annot.history.entry import RecordedChange, RecordedSample
from tp53annot.history.seal import is_sealed, seal_samples

APPLICATION = 0x54503533  # "TP53"
PATIENCE_S = 60.0  # how long another writer is waited for
# Each step brings a file of the form before to the form of its place, counted from 1.
FORMS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE sample (
            number INTEGER PRIMARY KEY AUTOINCREMENT, patient TEXT, sample TEXT NOT NULL, file TEXT NOT NULL,
            content TEXT NOT NULL, date TEXT, status TEXT NOT NULL, context TEXT NOT NULL, coverage TEXT, platform TEXT,
            tool_version TEXT NOT NULL, recorded TEXT NOT NULL)""",
        """CREATE TABLE change (
            sample INTEGER NOT NULL REFERENCES sample (number) ON DELETE CASCADE, place INTEGER NOT NULL,
            listed TEXT NOT NULL CHECK (listed IN ('variants', 'rejected')), hgvs_c TEXT NOT NULL,
            hgvs_p_short TEXT NOT NULL, pos INTEGER NOT NULL, ref TEXT NOT NULL, alt TEXT NOT NULL,
            oncogenicity TEXT NOT NULL, reportable INTEGER NOT NULL, vaf REAL, depth INTEGER, alt_reads INTEGER,
            remarks TEXT NOT NULL, present INTEGER NOT NULL, PRIMARY KEY (sample, place)) WITHOUT ROWID""",
    ),
    ("CREATE INDEX sample_patient ON sample (patient, sample)",),
    ("ALTER TABLE sample ADD COLUMN seal TEXT",),
)
_OF_SAMPLE = "number, patient, sample, file, status, context, coverage, platform, tool_version, recorded"
_OF_CHANGE = (
    *("listed", "hgvs_c", "hgvs_p_short", "pos", "ref", "alt", "oncogenicity"),
    *("reportable", "vaf", "depth", "alt_reads", "remarks", "present"),
)
# The record of a sample: of this patient, the same file or the same calls of one day; of one file, also where only one
# of the two records names the patient.
_SAME = """SELECT number FROM sample WHERE sample = ? AND (
    (patient IS ? AND ((file = ? AND file != '') OR (content = ? AND content != '' AND date IS ?)))
    OR (file = ? AND file != '' AND (patient IS NULL OR ? IS NULL))) ORDER BY patient IS ? DESC, number"""


class HistoryFile:
    """An open history; only one process writes at a time, the others wait."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self.connection = path, connection

    def samples(self, *, patient: str | None = None) -> list[RecordedSample]:
        """Recorded samples in the order of recording, all or those of a patient.

        Raises:
            InputError: the file is damaged, or a record is not what was recorded.
        """
        where, values = ("", ()) if patient is None else (" WHERE patient = ?", (patient,))
        with self._told():
            rows = self.connection.execute(
                f"SELECT {_OF_SAMPLE} FROM sample{where} ORDER BY number", values
            ).fetchall()
            return [self._sound(row) for row in rows]

    def _sound(self, row: Sequence[object]) -> RecordedSample:
        if fault := self._fault_of(row):
            fix = "history verify names every such record; take the last copy, or history forget --sample"
            raise InputError(fault, path=str(self.path), fix=fix)
        return _sample(row, self._changes(row[0]))

    def _fault_of(self, row: Sequence[object]) -> str | None:
        """What is wrong with the record of a sample; ``None`` when it is what was recorded."""
        try:
            _sample(row, self._changes(row[0]))
        except (ValueError, TypeError):
            return f"damaged: sample {row[0]} cannot be read"
        if not is_sealed(self.connection, row[0]):
            return f"altered: sample {row[0]} is not what was recorded"
        return None

    def names(self) -> list[tuple[int, str | None, str]]:
        """Number, patient and name of every sample in the order of recording, damaged records, too."""
        with self._told():
            rows = self.connection.execute("SELECT number, patient, sample FROM sample ORDER BY number")
            return [
                (n, None if patient is None else str(patient), str(sample)) for n, patient, sample in rows
            ]

    def check(self) -> None:
        """See that the file itself is whole, which is quick; records are checked where they are read.

        Raises:
            InputError: it is damaged.
        """
        with self._told():
            (found,) = self.connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise _not_whole(self.path, found)

    def _changes(self, number: object) -> tuple[RecordedChange, ...]:
        columns = ", ".join(_OF_CHANGE)
        found = self.connection.execute(
            f"SELECT {columns} FROM change WHERE sample = ? ORDER BY place", (number,)
        )
        return tuple(map(_change, found))

    def sightings(self) -> Iterator[tuple[str | None, str, str | None, frozenset[str]]]:
        """Patient, name, date and the changes seen in it, of every sample in the order of recording.

        Raises:
            InputError: the file is damaged.
        """
        seen: dict[int, set[str]] = {}
        with self._told():
            for number, name in self.connection.execute(
                "SELECT sample, hgvs_c FROM change WHERE present = 1"
            ):
                seen.setdefault(number, set()).add(name)
            rows = self.connection.execute("SELECT number, patient, sample, date FROM sample ORDER BY number")
            for number, patient, sample, date in rows.fetchall():
                yield patient, sample, date, frozenset(seen.get(number, ()))

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read in the block is of one moment."""
        with self._told():
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    def record(self, samples: Iterable[RecordedSample]) -> int:
        """Record samples, all of them or none; one that is there already is brought up to date in its place.

        Returns:
            How many are new.

        Raises:
            OutputError: another program holds the file for too long, or it cannot be written.
        """
        with self._writing():
            return sum([self._record(sample) for sample in samples])

    def _record(self, s: RecordedSample) -> bool:
        found = self.connection.execute(
            _SAME, (*(s.sample, s.patient, s.file, s.content, s.date), *(s.file, s.patient), s.patient)
        ).fetchone()
        values = (
            *(s.patient, s.sample, s.file, s.content, s.date, s.status, _json(s.context)),
            *(
                None if s.coverage is None else _json(s.coverage),
                None if s.platform is None else _json(s.platform),
            ),
            s.tool_version,
        )
        if found is None:
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            number = (
                self.connection.execute(
                    "INSERT INTO sample (patient, sample, file, content, date, status, context, coverage, "
                    "platform, tool_version, recorded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*values, now),
                ).lastrowid
                or 0
            )
        else:
            number = int(found[0])
            self.connection.execute(
                "UPDATE sample SET patient = coalesce(?, patient), sample = ?, file = ?, content = ?, date = ?, status = ?, "
                "context = ?, coverage = ?, platform = ?, tool_version = ? WHERE number = ?",
                (*values, number),
            )
            self.connection.execute("DELETE FROM change WHERE sample = ?", (number,))
        marks = ", ".join("?" * (len(_OF_CHANGE) + 2))
        self.connection.executemany(
            f"INSERT INTO change (sample, place, {', '.join(_OF_CHANGE)}) VALUES ({marks})",
            [(number, place, *_cells(change)) for place, change in enumerate(s.changes)],
        )
        seal_samples(self.connection, [number])
        return found is None

    def forget(self, numbers: Sequence[int]) -> None:
        """Remove samples, and overwrite where they stood: in the file, and in the log beside it.

        Raises:
            OutputError: another program has the file open, so that the log beside it cannot be emptied.
        """
        with self._writing():
            self.connection.executemany("DELETE FROM change WHERE sample = ?", [(n,) for n in numbers])
            self.connection.executemany("DELETE FROM sample WHERE number = ?", [(n,) for n in numbers])
        with self._told():
            self._retried("VACUUM")
            self._emptied_log()

    def _emptied_log(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > until:
                raise OutputError(
                    "forgotten, but another program keeps the log beside the file from being emptied",
                    path=str(self.path),
                    fix="end it, then run history forget once more",
                )
            time.sleep(0.05)

    def faults(self) -> list[str]:
        """What is wrong with the file, one line each."""
        with self._told():
            whole = [row[0] for row in self.connection.execute("PRAGMA integrity_check")]
            lines = [f"damaged: {line}" for line in whole if line != "ok"]
            lone = self.connection.execute("PRAGMA foreign_key_check").fetchall()
            lines += [f"damaged: changes of sample {row[1]} have no sample" for row in lone]
            if not lines:
                lines += self._unread()
        return lines

    def _unread(self) -> Iterator[str]:
        rows = self.connection.execute(f"SELECT {_OF_SAMPLE} FROM sample ORDER BY number").fetchall()
        return (fault for row in rows if (fault := self._fault_of(row)))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with self._told():
            self._retried("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise

    def _retried(self, statement: str) -> None:
        """A statement that needs the file for itself; SQLite waits for some locks only."""
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.connection.execute(statement)
                return
            except sqlite3.OperationalError as error:
                if not _is_locked(error) or time.monotonic() > until:
                    raise
                time.sleep(0.02)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _fault(self.path, error) from error
        except UnicodeDecodeError as error:  # what SQLite quotes of a damaged file in its own message
            raise _not_whole(self.path, "text that is no UTF-8") from error

    def prepare(self) -> None:
        """Make the file a history of today's form.

        Raises:
            InputError: it is another program's, or of a newer form.
        """
        with self._told():
            if self._form() == len(FORMS):
                return
            self._retried("PRAGMA journal_mode=WAL")
            with self._writing():
                for number in range(self._form() + 1, len(FORMS) + 1):  # another process may have been first
                    for statement in FORMS[number - 1]:
                        self.connection.execute(statement)
                    self.connection.execute(f"PRAGMA user_version = {number}")
                seal_samples(self.connection, [number for number, _, _ in self.names()])
                self.connection.execute(f"PRAGMA application_id = {APPLICATION}")

    def _form(self) -> int:
        owner, form = (
            int(self.connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("application_id", "user_version")
        )
        tables = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if owner != APPLICATION and (tables or form):
            raise InputError(
                "a database of another program", path=str(self.path), fix="give a history or a new name"
            )
        if form > len(FORMS):
            raise InputError(
                f"a history of form {form}; this version reads up to {len(FORMS)}",
                path=str(self.path),
                fix="use the newer tp53annot that wrote it",
            )
        return form


@contextlib.contextmanager
def open_history(path: Path, *, create: bool = False) -> Iterator[HistoryFile]:
    """A history, closed when the block ends.

    Raises:
        InputError: there is none (``create`` makes one), it is damaged, or it is none of ours.
        OutputError: it cannot be written.
    """
    if not create and not path.is_file():
        raise InputError("no such history", path=str(path), fix="run --history writes one")
    if create and not path.parent.is_dir():
        raise OutputError("no such folder", path=str(path.parent), fix="make it first")
    mode = "rwc" if create else "rw"
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=PATIENCE_S, isolation_level=None
        )
    except sqlite3.Error as error:
        raise _fault(path, error) from error
    with contextlib.closing(connection):
        history = HistoryFile(path, connection)
        with history._told():
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")  # names reach no temporary file
            connection.execute("PRAGMA synchronous = FULL")
        history.prepare()
        yield history


def _is_locked(error: sqlite3.Error) -> bool:
    return error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _fault(path: Path, error: sqlite3.Error) -> InputError:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return _not_whole(path, error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return OutputError(
            "another program holds the history", path=str(path), fix="try again when it is done"
        )
    kind = StorageError if name.startswith("SQLITE_FULL") else OutputError
    return kind(f"cannot be used ({error})", path=str(path), fix="check disk and permissions")


def _not_whole(path: Path, what: object) -> InputError:
    cause = f"not a whole history ({' '.join(str(what).split())})"
    return InputError(cause, path=str(path), fix="check the path, or take the last copy")


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True)


def _cells(c: RecordedChange) -> tuple[object, ...]:
    return (
        *(c.listed, c.hgvs_c, c.hgvs_p_short, c.pos, c.ref, c.alt, c.oncogenicity, int(c.reportable)),
        *(c.vaf, c.depth, c.alt_reads, _json(c.remarks), int(c.present)),
    )


# What the columns of _OF_CHANGE hold, as the table declares them.
_ChangeRow = tuple[str, str, str, int, str, str, str, int, float | None, int | None, int | None, str, int]


def _change(row: _ChangeRow) -> RecordedChange:
    listed, hgvs_c, short, pos, ref, alt, oncogenicity, reportable, vaf, depth, reads, remarks, present = row
    return RecordedChange(
        listed=listed,
        hgvs_c=hgvs_c,
        hgvs_p_short=short,
        pos=pos,
        ref=ref,
        alt=alt,
        oncogenicity=oncogenicity,
        reportable=bool(reportable),
        vaf=vaf,
        depth=depth,
        alt_reads=reads,
        remarks=tuple(json.loads(remarks)),
        present=bool(present),
    )


def _sample(row: Sequence[object], changes: tuple[RecordedChange, ...]) -> RecordedSample:
    number, patient, sample, file, status, context, coverage, platform, version, recorded = row
    return RecordedSample(
        patient=None if patient is None else str(patient),
        sample=str(sample),
        file=str(file),
        status=str(status),
        context=json.loads(str(context)),
        coverage=None if coverage is None else json.loads(str(coverage)),
        platform=None if platform is None else json.loads(str(platform)),
        changes=changes,
        tool_version=str(version),
        number=int(str(number)),
        recorded=str(recorded),
    )

"""What the contract and the pages promise of any input, checked on what a run left behind.

Nothing here is taken from the program's code: the status from docs/status.md, the files from the contract, failures
from both. ``fault`` gives the first broken promise in one line.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from .scenes import Scene
from .written import fault_of_file, schema_fault

ERROR = "tp53annot: error: "
CODES = frozenset({0, 2, 3, 4, 5, 10})
LONGEST = 1000  # characters of a line that somebody is to read
_SCHEMA_EACH = 3  # one report in so many is held against the schema, which takes as long as making it
ONCOGENIC = ("oncogenic", "likely_oncogenic")
Document = Mapping[str, Any]
Row = tuple[object, ...]


class Sound(Struct, frozen=True, kw_only=True):
    """What a scene gives as it stands.

    Attributes:
        reports: bytes of each sample's report.
        tree: every file of the output folder but ``run.json``.
        entries: rows of the history after the command.
    """

    reports: Mapping[str, bytes]
    tree: Mapping[str, bytes]
    entries: frozenset[Row]


class End(Struct, frozen=True, kw_only=True):
    """How a command ended, and where: the folder it was given, its output in ``out``; rows of a history before it."""

    code: int | None
    stderr: str
    folder: Path
    before: frozenset[Row] | None = None

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def failed(self) -> list[str]:
        return [x.removeprefix(ERROR) for x in self.stderr.splitlines() if x.startswith(ERROR)]


def left(scene: Scene, end: End) -> Sound:
    """What the command left: reports, tree, rows of the history."""
    reports = {json.loads(p.read_bytes())["sample"]: p.read_bytes() for p in end.out.glob("*/*.tp53.json")}
    files = (p for p in end.out.rglob("*") if p.is_file() and p.name != "run.json")
    rows = entries(end.folder / scene.victim) if scene.history else frozenset()
    return Sound(
        reports=reports,
        tree={str(p.relative_to(end.out)): p.read_bytes() for p in files},
        entries=rows,
    )


def entries(path: Path) -> frozenset[Row]:
    """Every row of a history as SQLite itself reads it, without the day of recording; raises ``sqlite3.Error``."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        connection.text_factory = bytes
        return frozenset(
            (table, *row)
            for table in ("sample", "change")
            for row in connection.execute(f"SELECT * FROM {table}")
        )
    finally:
        connection.close()


def fault(scene: Scene, how: str, sound: Sound, end: End) -> str | None:
    """The first promise that is broken; ``how`` the victim was altered: sound, harmless, cut, once, wild."""
    return next(_faults(scene, how, sound, end), None)


def _faults(scene: Scene, how: str, sound: Sound, end: End) -> Iterator[str]:
    yield from words(end, Path(scene.victim).name)
    if how in ("sound", "harmless") and end.code != 0:
        yield f"{how}, and exit {end.code}: {end.stderr[:200]!r}"
        return
    if scene.history:
        yield from _history(scene, sound, end)
    if scene.arguments[0] != "run":
        return
    yield from _files(scene, end, sound)
    if end.code in (2, 3, 4):
        record = end.out / "run.json"
        if (
            record.is_file()
            and not scene.resumed
            and json.loads(record.read_bytes())["failures"] != end.failed
        ):
            yield f"run.json does not list {end.failed!r}"[:300]
        if scene.alone is not None and end.code == 3:
            yield f"one file is unfit, and the whole run fails: {end.stderr[:150]!r}"
        return
    documents = {name: json.loads(data) for name, data in _reports(end).items()}
    yield from _accounts(scene, end, documents)
    for name, document in documents.items():
        if document and sound.reports.get(name) != _reports(end)[name]:
            yield from (f"{name}: {words}" for words in claims(document))
    yield from _verdicts(scene, how, sound, documents)
    if scene.resumed:
        yield from _resumed(sound, end)


# words ------------------------------------------------------------------------------------------------


def words(end: End, victim: str) -> Iterator[str]:
    """Exit code and lines on stderr: with ``-q`` nothing but errors, each one printable line that names the file."""
    if "Traceback" in end.stderr:
        lines = end.stderr.rstrip().splitlines()
        place = next((x.strip() for x in reversed(lines) if "tp53annot/" in x and "File" in x), "")
        yield f"traceback: {re.sub('[0-9]+', '#', lines[-1])[:90]} @ {place.split('tp53annot/')[-1]}"
        return
    if end.code not in CODES:
        yield f"exit code {end.code}: {end.stderr[-200:]!r}"
    for line in end.stderr.split("\n")[:-1]:
        if not line.startswith((ERROR, "history: samples recorded: ")):
            yield f"a line that is no error: {line[:150]!r}"
        if not line.isprintable():
            yield f"a line that cannot be printed: {line[-150:]!r}"
        if len(line) > LONGEST:
            yield f"a line of {len(line)} characters"
        if end.code in (3, 5) and victim not in line:
            yield f"a line that does not name {victim}: {line[:200]!r}"
        if re.search(
            r"<class|object at 0x|Error\(|Errno|NoneType|codec|\b(Key|Value|Type|Index|Attribute)Error\b",
            line,
        ):
            yield f"a line of the program's inside: {line[:200]!r}"
    if bool(end.failed) != (end.code in (2, 3, 4, 5)):
        yield f"exit {end.code} with {len(end.failed)} error lines"


# files ------------------------------------------------------------------------------------------------


def _reports(end: End) -> dict[str, bytes]:
    found = {}
    for path in end.out.glob("*/*.tp53.json"):
        data = path.read_bytes()
        found[json.loads(data)["sample"]] = data
    return found


def _files(scene: Scene, end: End, sound: Sound) -> Iterator[str]:
    there = [p.name for p in end.out.rglob("*") if p.is_file()]
    if end.code in (2, 3, 4) and not scene.resumed and set(there) - {"run.json"}:
        yield f"files left by a run that failed: {sorted(there)[:3]}"
    for path in end.folder.rglob(".*"):
        yield f"a hidden file: {path.name}"
    if scene.resumed and end.code != 0:  # what was altered there stays as it was
        return
    known = set(sound.tree.values())
    for path in end.out.rglob("*"):
        if path.is_symlink():
            yield f"a link: {path.name}"
        elif path.is_file() and path.read_bytes() not in known and (problem := fault_of_file(path)):
            yield f"{path.name}: {problem}"


def _accounts(scene: Scene, end: End, documents: Mapping[str, Document]) -> Iterator[str]:
    """Every sample has its report or its failure, in ``run.json``, on stderr, in the table and on disk alike."""
    record = json.loads((end.out / "run.json").read_text("utf-8", "surrogateescape"))
    if record["failures"] != end.failed:
        yield f"run.json lists {record['failures']!r}, stderr {end.failed!r}"[:300]
    if (end.code == 5) != bool(record["failures"]):
        yield f"exit {end.code} with {len(record['failures'])} failures"
    listed = [row["sample"] for row in record["samples"]]
    if sorted(listed) != sorted(documents):
        yield f"run.json lists samples {listed}, reports are of {sorted(documents)}"[:300]
    rows = (end.out / "cohort.tsv").read_text("utf-8", "surrogateescape").split("\n")
    table = [line for line in rows if line][1:]
    if len(table) != len(documents):
        yield f"cohort.tsv has {len(table)} rows for {len(documents)} reports"
    if scene.alone is not None and "S2" not in documents:
        yield "the sound sample has no report"
    if scene.alone is not None and not record["failures"] and len(documents) < 2:
        yield "a sample is lost without a word"


def _resumed(sound: Sound, end: End) -> Iterator[str]:
    now = {str(p.relative_to(end.out)): p.read_bytes() for p in end.out.rglob("*") if p.is_file()}
    for name, data in sound.tree.items():
        if now.get(name) != data:
            yield f"gone on with, {name} is not what the run gives"


# verdicts ---------------------------------------------------------------------------------------------


def _verdicts(scene: Scene, how: str, sound: Sound, documents: Mapping[str, Document]) -> Iterator[str]:
    for name, data in sound.reports.items():
        found, before = documents.get(name), json.loads(data)
        if how == "harmless" and (found is None or verdict(found) != verdict(before)):
            yield f"{name}: nothing that counts was altered, and the verdict is another: {_apart(found, before)}"
        elif found is not None:
            yield from _compared(scene, how, name, found, before)
    for name, found in documents.items():
        if scene.alone is not None and name != "S2":
            yield from _lost(scene, how, name, found)


def _compared(scene: Scene, how: str, name: str, found: Document, before: Document) -> Iterator[str]:
    """A report beside what it was with the sound file."""
    if scene.alone not in (None, name) and found != before:
        yield f"{name}: does not depend on the altered file, and differs: {_apart(found, before)}"
    elif scene.copies:
        yield from _copies(how, found, before)
    elif scene.sheet and found["provenance"]["inputs"] == before["provenance"]["inputs"]:
        said = found["assessment"]["status"]
        if said != before["assessment"]["status"]:
            yield f"{name}: the same calls, and {found['assessment']['status']}"


def _lost(scene: Scene, how: str, name: str, found: Document) -> Iterator[str]:
    """What the victim's sample may say where evidence was lost."""
    status = found["assessment"]["status"]
    cut = how == "cut" and not scene.victim.endswith(".crai")
    if status == "not_detected" and (cut or (how == "once" and scene.firm)):
        yield f"{name}: {how}, and not detected"
    if cut and found["assessment"]["tp53_mutated_all"] is False and status != "mutated":
        yield f"{name}: cut, {status} and no mutation"


def _copies(how: str, found: Document, before: Document) -> Iterator[str]:
    state, was = found["copy_number"]["state"], before["copy_number"]["state"]
    if how == "cut" and state not in (was, "unknown"):
        yield f"copies: cut, and {state} (was {was})"
    if found["variants"] != before["variants"]:
        yield "copies: the table changes the variants"
    if found["assessment"]["status"] not in ("not_detected", "deletion_only", "incomplete"):
        yield f"copies: {found['assessment']['status']}"


def verdict(document: Document) -> dict[str, object]:
    """What a report says of its sample: all but the records as they stood, the order of words and the provenance."""
    whole = {
        k: v for k, v in document.items() if k not in ("provenance", "variants", "rejected", "uninterpreted")
    }
    for name in ("variants", "rejected"):
        whole[name] = [{k: v for k, v in one.items() if k != "input"} for one in document[name]]
    return whole | {"uninterpreted": len(document["uninterpreted"])}


def _apart(found: Document | None, before: Document, place: str = "") -> str:
    """The first difference of two documents."""
    if found is None:
        return "no report"
    a, b = verdict(found), verdict(before)
    keys = [k for k in b if a.get(k) != b.get(k)] or ["provenance"]
    first = keys[0]
    x, y = a.get(first), b.get(first)
    if isinstance(x, dict) and isinstance(y, dict):
        inner = next((k for k in y if x.get(k) != y[k]), "")
        return f"{first}.{inner}: {str(x.get(inner))[:90]} for {str(y.get(inner))[:90]}"
    return f"{first}: {str(x)[:120]} for {str(y)[:120]}"


def claims(document: Document) -> Iterator[str]:
    """Whether a report's verdict rests on what it holds, by docs/status.md."""
    number = zlib.crc32(json.dumps(document).encode())
    if number % _SCHEMA_EACH == 0 and (problem := schema_fault(document)):
        yield problem
        return
    a, variants = document["assessment"], document["variants"]
    status, threshold = a["status"], document["provenance"]["settings"]["report_vaf"]
    counted = [v for v in variants if v["reportable"]]
    oncogenic = [v for v in counted if v["classification"]["class"] in ONCOGENIC]
    high = [v for v in oncogenic if v["vaf"] is None or v["vaf"] >= threshold]
    coverage, state = document["coverage"], document["copy_number"]["state"]
    holds = {
        "mutated": bool(high),
        "deletion_only": not high,
        "low_level": bool(oncogenic),
        "uncertain": bool(counted) and not oncogenic,
        "not_detected": not counted and coverage is not None and coverage["required_region_assessed"] is True,
        "incomplete": not counted,
    }
    if not holds[status]:
        yield f"{status} with {[(v['hgvs_c'], v['vaf']) for v in counted]}, coverage {coverage is not None}"
    if a["tp53_mutated_all"] and status != "mutated":
        yield f"mutated ALL, and {status}"
    if a["tp53_mutated_all"] is None and not a["tp53_mutated_all_reason"]:
        yield "tp53_mutated_all is null without a reason"
    if a["allelic_state"] == "multi_hit" and len(oncogenic) < 2 and state not in ("loss", "copy_neutral_loh"):
        yield f"multi_hit with {len(oncogenic)} oncogenic changes and copies {state}"
    for v in variants:
        yield from _variant(v)
    if any(not note["citation"] for note in a["notes"]):
        yield "a note without its source"


def _variant(v: Mapping[str, Any]) -> Iterator[str]:
    if not v["hgvs_c"] or (v["vaf"] is not None and not 0 <= v["vaf"] <= 1):
        yield f"{v['hgvs_c']!r} at a VAF of {v['vaf']}"
    if v["depth"] is not None and (v["depth"] < 0 or (v["alt_reads"] or 0) > v["depth"]):
        yield f"{v['hgvs_c']}: {v['alt_reads']} of {v['depth']} reads"
    if any(not c["source"] or not c["reason"] for c in v["classification"]["criteria"]):
        yield f"{v['hgvs_c']}: a criterion without its source"


# history ----------------------------------------------------------------------------------------------


def _history(scene: Scene, sound: Sound, end: End) -> Iterator[str]:
    """``verify`` tells the truth, and no command loses a row that could be read before."""
    try:
        now = entries(end.folder / scene.victim)
    except (sqlite3.Error, UnicodeDecodeError):  # its message may quote bytes of the file
        now = None
    if scene.arguments[:2] == ("history", "verify") and end.code == 0 and now != sound.entries:
        yield f"verified, and {_rows_apart(now, sound.entries)}"
    if end.before is not None and (now is None or not (end.before & sound.entries) <= now):
        yield f"a sound entry is lost: {_rows_apart(now, end.before & sound.entries)}"


def _rows_apart(now: frozenset[Row] | None, before: frozenset[Row]) -> str:
    if now is None:
        return "SQLite cannot read it"
    return f"{[r for r in now if r not in before][:1]} for {[r for r in before if r not in now][:1]}"[:300]

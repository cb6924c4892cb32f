"""``--lab``: what a laboratory puts on its reports, and the settings that it takes where nothing else is said.

Every fault of the file is one line with its key; nothing of a faulty file is used.
"""

from __future__ import annotations

import base64
import datetime
import difflib
import functools
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import tomli
from msgspec import Struct, field

from tp53annot.errors import FaultsError, InputError, UsageError
from tp53annot.interpret.context import ContextError, declare
from tp53annot.knowledge.languages import languages
from tp53annot.knowledge.resources import Resources
from tp53annot.report.model.laboratory import Laboratory, LabThreshold, Logo, Signature
from tp53annot.report.registry import format_of

_MOST_BYTES, _MOST_LOGO = 1 << 20, 512 << 10
_LONGEST = 2000  # characters of a text
_THRESHOLDS: Mapping[str, tuple[float, float, bool]] = {  # least, most, whole numbers only
    "report_vaf": (0.001, 1.0, False),
    "min_vaf": (0.0, 1.0, False),
    "min_depth": (0, 100_000, True),
    "min_alt_reads": (0, 100_000, True),
}
_KEYS = (
    *("name", "address", "logo", "accreditation", "date", "assay", "signatures", "footer"),
    *("thresholds", "context", "formats", "language"),
)
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"<svg", "image/svg+xml"),
    (b"<?xml", "image/svg+xml"),
)
_T = TypeVar("_T")


class LabFile(Struct, frozen=True, kw_only=True):
    """A lab file as read.

    Attributes:
        laboratory: what reports show of it.
        context: context fields taken where a sample declares none, as typed.
        formats: formats to write; empty: the usual ones.
        language: of reports; ``None``: the usual one.
    """

    laboratory: Laboratory
    context: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    language: str | None = None

    @property
    def defaults(self) -> dict[str, object]:
        """Options of the command line that the file sets, by the name of the setting."""
        found: dict[str, object] = {t.name: t.value for t in self.laboratory.thresholds}
        if self.formats:
            found["formats"] = self.formats
        if self.language:
            found["language"] = self.language
        return found


def read_lab(path: Path, resources: Resources) -> LabFile:
    """A lab file; paths in it count from its folder.

    Raises:
        FaultsError: what is wrong with it, fault by fault.
    """
    return _Reading(path, resources).lab()


class _Reading:
    """One file being read: its tables, and the faults found so far."""

    def __init__(self, path: Path, resources: Resources) -> None:
        self.path, self.resources = path, resources
        self.faults: list[InputError] = []

    def fault(self, place: str | None, cause: str, fix: str) -> None:
        self.faults.append(InputError(cause, path=str(self.path), place=place, fix=fix))

    def lab(self) -> LabFile:
        data = self._parsed()
        self._unknown("", data, _KEYS)
        assay = self._table(data, "assay", ("name", "limits"))
        laboratory = Laboratory(
            name=self._text(data, "name"),
            address=self._lines(data, "address"),
            logo=self._logo(data),
            accreditation=self._text(data, "accreditation"),
            date=self._date(data),
            assay=self._text(assay, "name", "assay."),
            assay_limits=self._text(assay, "limits", "assay."),
            signatures=self._signatures(data),
            footer=self._text(data, "footer"),
            thresholds=self._thresholds(data),
        )
        found = LabFile(
            laboratory=laboratory,
            context=self._context(data),
            formats=self._formats(data),
            language=self._language(data),
        )
        if self.faults:
            raise FaultsError(tuple(self.faults), str(self.path))
        return found

    def _parsed(self) -> Mapping[str, object]:
        try:
            raw = self.path.read_bytes()
            if len(raw) > _MOST_BYTES:
                raise ValueError("larger than a lab file can be")
            return tomli.loads(raw.decode("utf-8-sig"))
        except FileNotFoundError:
            cause, fix = "there is no such file", "give the lab file's path"
        except OSError as error:
            cause, fix = f"it cannot be read ({error.strerror})", "give a readable file"
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            cause, fix = f"line {line} is not UTF-8 text", "save the file as UTF-8"
        except (ValueError, RecursionError) as error:  # TOML's errors are ValueErrors
            cause, fix = f"it is no TOML ({error})", "see docs/laboratory.md for the form"
        self.fault(None, cause, fix)
        raise FaultsError(tuple(self.faults), str(self.path))

    def _unknown(self, prefix: str, table: Mapping[str, object], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                meant = f"did you mean {near[0]}? " if near else ""
                self.fault(f"{prefix}{key}", "is not a key of a lab file", f"{meant}keys: {', '.join(known)}")

    def _table(
        self, data: Mapping[str, object], key: str, known: tuple[str, ...] | None
    ) -> Mapping[str, object]:
        value = data.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, f"is {_kind(value)}, not a table", f"write it as [{key}]")
            return {}
        if known is not None:
            self._unknown(f"{key}.", value, known)
        return value

    def _text(self, data: Mapping[str, object], key: str, prefix: str = "") -> str | None:
        value = data.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.fault(prefix + key, f"is {_kind(value)}, not a text", "write it in quotes, or leave it out")
            return None
        if len(value) > _LONGEST:
            self.fault(prefix + key, f"has {len(value)} characters", f"{_LONGEST} at most")
        return value.strip()

    def _lines(self, data: Mapping[str, object], key: str) -> tuple[str, ...]:
        value = data.get(key)
        if isinstance(value, list):
            if all(isinstance(line, str) and line.strip() for line in value):
                return tuple(line.strip() for line in value)
            self.fault(key, "holds what is no text", "give a list of lines, each in quotes")
            return ()
        text = self._text(data, key)
        return tuple(line.strip() for line in text.splitlines() if line.strip()) if text else ()

    def _logo(self, data: Mapping[str, object]) -> Logo | None:
        name = self._text(data, "logo")
        if name is None:
            return None
        try:
            raw = (self.path.parent / name).read_bytes()
        except (OSError, ValueError):
            self.fault("logo", f"{name} cannot be read", "give a path that counts from the lab file's folder")
            return None
        kind = next(
            (kind for start, kind in _KINDS if raw.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(start)), None
        )
        if kind is None or (kind == "image/svg+xml" and b"<svg" not in raw):
            self.fault("logo", f"{name} is no picture that can be embedded", "give a PNG, JPEG or SVG file")
            return None
        if len(raw) > _MOST_LOGO:
            self.fault("logo", f"{name} has {len(raw) >> 10} KiB", f"{_MOST_LOGO >> 10} KiB at most")
            return None
        return Logo(media_type=kind, data=base64.b64encode(raw).decode("ascii"))

    def _date(self, data: Mapping[str, object]) -> str | None:
        value = data.get("date")
        if value is None:
            return None
        if isinstance(value, datetime.date):
            return value.isoformat()[:10]
        try:
            return datetime.date.fromisoformat(str(value)).isoformat()
        except ValueError:
            self.fault("date", f"{value!r} is not a date", "write it as 2026-03-31")
            return None

    def _signatures(self, data: Mapping[str, object]) -> tuple[Signature, ...]:
        value = data.get("signatures", [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.fault(
                "signatures", "is no list of tables", "write each as [[signatures]] with name and role"
            )
            return ()
        found = []
        for number, entry in enumerate(value, 1):
            prefix = f"signatures[{number}]."
            self._unknown(prefix, entry, ("name", "role"))
            name, role = self._text(entry, "name", prefix), self._text(entry, "role", prefix)
            if "name" not in entry:
                self.fault(f"{prefix}name", "is missing", "name who signs")
            found.append(Signature(name=name or "", role=role))
        return tuple(found)

    def _thresholds(self, data: Mapping[str, object]) -> tuple[LabThreshold, ...]:
        table = self._table(data, "thresholds", tuple(_THRESHOLDS))
        found = (self._threshold(name, table[name]) for name in _THRESHOLDS if name in table)
        return tuple(t for t in found if t is not None)

    def _threshold(self, name: str, entry: object) -> LabThreshold | None:
        place = f"thresholds.{name}"
        if not isinstance(entry, dict):
            self.fault(place, "has no reason", f'write it as {name} = {{ value = ..., reason = "..." }}')
            return None
        self._unknown(f"{place}.", entry, ("value", "reason"))
        least, most, whole = _THRESHOLDS[name]
        value, reason = entry.get("value"), self._text(entry, "reason", f"{place}.")
        if "reason" not in entry:
            self.fault(
                f"{place}.reason", "is missing", "a report prints why a threshold is not the usual one"
            )
        kinds = int if whole else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool) or not _is_finite(value):
            wanted = "a whole number" if whole else "a number"
            self.fault(
                f"{place}.value",
                f"{_shown(value)} is not {wanted}",
                f"give {wanted} from {least:g} to {most:g}",
            )
            return None
        if not least <= value <= most:
            self.fault(f"{place}.value", f"{value:g} is out of range", f"give one from {least:g} to {most:g}")
            return None
        return LabThreshold(name=name, value=value, reason=reason or "")

    def _context(self, data: Mapping[str, object]) -> dict[str, str]:
        table = self._table(data, "context", None)
        typed = {key: _typed(value) for key, value in table.items()}
        for key, text in typed.items():
            try:
                declare({key: text}, self.resources.vocabulary, {})
            except ContextError as error:
                self.fault(f"context.{key}", str(error), "see docs/inputs.md for fields and values")
        return typed

    def _formats(self, data: Mapping[str, object]) -> tuple[str, ...]:
        value = data.get("formats", [])
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.fault("formats", f"is {_kind(value)}", 'give a list like ["json", "html", "pdf"]')
            return ()
        chosen = tuple(name.strip().lower() for name in names if name.strip())
        for name in chosen:
            self._try("formats", functools.partial(format_of, name), "name formats of --format")
        return chosen

    def _language(self, data: Mapping[str, object]) -> str | None:
        value = self._text(data, "language")
        if value is not None and value not in languages():
            self.fault("language", f"{value!r} is not one of {', '.join(languages())}", "give one of these")
        return value

    def _try(self, place: str, work: Callable[[], _T], fix: str) -> None:
        try:
            work()
        except UsageError as error:
            self.fault(place, str(error), fix)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


def _typed(value: object) -> str:
    """A value as it would stand in a sample sheet."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return str(value)


def _kind(value: object) -> str:
    """A value's kind in a fault."""
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "empty",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "of another kind")

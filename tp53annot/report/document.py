"""JSON text of a report or another document: the same bytes for the same content."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from tp53annot.report.model.json_form import to_json

if TYPE_CHECKING:
    from tp53annot.report.model.report import Report

SCHEMA_VERSION = "2.2"  # the first number changes only when a key changes its meaning or goes
# Characters that steer a terminal or turn text around, and bytes that are no UTF-8: escaped in JSON.
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class _Same:
    """A report as a key by what it is, not by what it holds."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.report is other.report

    def __hash__(self) -> int:
        return id(self.report)


def report_text(report: Report) -> str:
    """JSON text of a report in the present form; several formats of a report ask for it in turn."""
    return _text(_Same(report))


@functools.lru_cache(maxsize=1)
def _text(same: _Same) -> str:
    return dump(replace(same.report, schema_version=SCHEMA_VERSION))


def dump(document: object) -> str:
    """JSON text of typed or plain values."""
    compact = json.dumps(to_json(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Indented by msgspec: json does it at a third of the speed.
    indented = msgspec.json.format(compact.encode("utf-8", "surrogatepass"), indent=1)
    plain = indented.decode("utf-8", "surrogatepass")
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", plain) + "\n"

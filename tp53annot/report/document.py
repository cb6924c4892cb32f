"""JSON text of a report or another document: the same bytes for the same content."""

from __future__ import annotations

import json
import re

from tp53annot.report.model.json_form import to_json

SCHEMA_VERSION = "2.2"  # the first number changes only when a key changes its meaning or goes
# Characters that steer a terminal or turn text around, and bytes that are no UTF-8: escaped in JSON.
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def dump(document: object) -> str:
    """JSON text of typed or plain values."""
    plain = json.dumps(to_json(document), ensure_ascii=False, indent=1, allow_nan=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", plain) + "\n"

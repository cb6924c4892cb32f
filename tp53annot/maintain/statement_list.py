"""``evidence list/show/lint``: the evidence base as text or JSON."""

from __future__ import annotations

from pathlib import Path

import tomli
from msgspec.structs import asdict

from tp53annot.core.text import seen, tsv
from tp53annot.errors import InputError
from tp53annot.interpret.notes import condition_text
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.statement_faults import lint
from tp53annot.knowledge.statements import Statement
from tp53annot.report.document import dump
from tp53annot.system.files import read_limited

_MOST_BYTES = 16 << 20


def _plain(s: Statement, resources: Resources) -> dict[str, object]:
    return {
        "id": s.id,
        "publish": s.publish,
        "advice": s.advice,
        "topic": s.topic,
        "claim": s.claim,
        "endpoint": s.endpoint,
        "direction": s.direction,
        "effect": _effect(s),
        "population": s.population,
        "therapy_context": s.therapy_context,
        "evidence_level": s.evidence_level,
        "strength": s.strength.value,
        "caveats": list(s.caveats),
        "applies_to": condition_text(s, resources.rules.assessment().condition),
        "when": [{"field": c.field, "op": c.op, "value": c.value} for c in s.conditions],
        "reference": dict(s.reference.stated),
        "verification": dict(s.verification.stated),
        "file": s.file,
    }


def _effect(s: Statement) -> dict[str, object]:
    stated = dict(s.effect.stated)
    if s.effect.arms:
        stated["arms"] = [asdict(arm) for arm in s.effect.arms]
    return stated


def listing(resources: Resources, *, as_json: bool) -> str:
    """All statements, one a line (or as JSON)."""
    if as_json:
        return dump([_plain(s, resources) for s in resources.statements])
    header = ("id", "publish", "topic", "direction", "applies_to", "claim", "caveats", "citation")
    words = resources.rules.assessment().condition
    rows = [
        (
            *(s.id, s.publish, s.topic, s.direction, condition_text(s, words)),
            *(s.claim, "; ".join(s.caveats), s.reference.short),
        )
        for s in resources.statements
    ]
    return tsv(header, [[seen(cell) for cell in row] for row in rows])


def show(resources: Resources, identifiers: tuple[str, ...], *, as_json: bool) -> str:
    """Statements in full.

    Raises:
        InputError: an id is not in the evidence base.
    """
    by_id = {s.id: s for s in resources.statements}
    unknown = [i for i in identifiers if i not in by_id]
    if unknown:
        raise InputError(
            f"there is no statement {unknown[0]!r}", path="evidence", fix="see tp53annot evidence list"
        )
    chosen = [by_id[i] for i in identifiers]
    if as_json:
        return dump([_plain(s, resources) for s in chosen])
    return "\n".join(_block(s, resources) for s in chosen)


def _block(statement: Statement, resources: Resources) -> str:
    lines = []
    for key, value in _plain(statement, resources).items():
        shown = value
        if key == "effect":
            shown = "; ".join(f"{k}: {v}" for k, v in statement.effect.items) or "not reported"
        elif isinstance(value, dict):
            shown = "; ".join(f"{k}: {v}" for k, v in value.items()) or "not reported"
        elif key == "when":
            shown = "; ".join(f"{c.field} {c.op} {c.value}" for c in statement.conditions) or "always"
        elif isinstance(value, list):
            shown = "; ".join(str(v) for v in value) or "none"
        lines.append(f"{key:<16} {seen(shown)}")
    return "\n".join(lines) + "\n"


def lint_all(resources: Resources, files: tuple[Path, ...]) -> tuple[list[str], int]:
    """Faults in the evidence base, or in files given; and how many statements were checked.

    Raises:
        InputError: a file is not TOML or lacks a field.
    """
    statements = list(resources.statements) if not files else [s for f in files for s in read_statements(f)]
    return lint(statements, resources.vocabulary, resources.rules.evidence), len(statements)


def read_statements(path: Path) -> list[Statement]:
    """The statements of a file.

    Raises:
        InputError: not TOML, or a statement lacks a field.
    """
    try:
        entries = tomli.loads(read_limited(path, _MOST_BYTES).decode("utf-8")).get("statement", [])
    except (UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise InputError(str(error), path=str(path), fix="see docs/evidence.md for the form") from error
    found = []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(Statement.from_toml(entry, str(path)))
        except (KeyError, TypeError, ValueError) as error:
            lacks = "lacks the field " if isinstance(error, KeyError) else ""
            raise InputError(
                f"{lacks}{error}",
                path=str(path),
                place=f"statement {number}",
                fix="see docs/evidence.md for the fields",
            ) from error
    return found

"""The clinical context: fields of a fixed vocabulary, each with where its value came from."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Mapping, Sequence

from tp53annot.core.report import ContextValue
from tp53annot.core.text import number
from tp53annot.knowledge.rules.assessment import ContextGroups
from tp53annot.knowledge.vocabulary import ContextField, FieldKind, ShareUnit, Vocabulary

_UNKNOWN = ("", "unknown", "na", "n/a", ".")


class ContextError(ValueError):
    """A field or value outside the vocabulary; the message suggests the nearest allowed one."""


def declare(
    values: Mapping[str, str], vocabulary: Vocabulary, defaults: Mapping[str, str]
) -> dict[str, ContextValue]:
    """Every field of the vocabulary with its value and origin.

    Args:
        values: declared fields, as typed.
        vocabulary: ``evidence/vocabulary.toml``.
        defaults: values taken when a field is not declared (the diagnosis is ALL).

    Raises:
        ContextError: an unknown field, or a value the field does not allow.
    """
    unknown_fields = [name for name in values if name not in vocabulary]
    if unknown_fields:
        name = unknown_fields[0]
        raise ContextError(f"{name!r} is not a context field{_nearest(name, list(vocabulary))}")
    context = {}
    for name, field in vocabulary.items():
        text = values.get(name, "").strip()
        if text.lower() not in _UNKNOWN:
            context[name] = ContextValue(value=_parse(name, text, field), origin="declared")
        elif name in defaults:
            context[name] = ContextValue(value=_parse(name, defaults[name], field), origin="default")
        else:
            context[name] = ContextValue(value=None, origin="unknown")
    return context


def with_lineage(context: Mapping[str, ContextValue], groups: ContextGroups) -> dict[str, ContextValue]:
    """The context, its diagnosis as the declared lineage has it where no diagnosis is declared.

    A lineage of ALL is a declared diagnosis of ALL; with one of another disease the default does not hold.
    """
    diagnosis, lineage = context.get("diagnosis"), context.get("lineage")
    if diagnosis is None or lineage is None or diagnosis.origin == "declared":
        return dict(context)
    if lineage.value in groups.all_lineages:
        return {**context, "diagnosis": ContextValue(value="ALL", origin=lineage.origin)}
    if lineage.value in groups.other_lineages:
        return {**context, "diagnosis": ContextValue(value=None, origin="unknown")}
    return dict(context)


def _parse(name: str, text: str, field: ContextField) -> str | float | int | tuple[str, ...]:
    if field.kind is FieldKind.CHOICE:
        return _choice(name, text, field.values)
    if field.kind is FieldKind.LIST:
        parts = [part.strip() for part in text.replace(",", ";").split(";") if part.strip()]
        return tuple(_choice(name, part, field.values) for part in parts)
    if field.is_number:
        return _number(name, text, field)
    if field.kind is FieldKind.DATE:
        try:
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            raise ContextError(f"{name}={text!r} is not a date; write it as 2026-03-31") from None
    return text


def _choice(name: str, text: str, allowed: Sequence[str]) -> str:
    by_lower = {value.lower(): value for value in allowed}
    found = by_lower.get(text.lower())
    if found is None:
        raise ContextError(f"{name}={text!r} is not allowed{_nearest(text, allowed)}")
    return found


def _number(name: str, text: str, field: ContextField) -> float | int:
    percent = text.endswith("%")
    value = number(text.removesuffix("%").rstrip().replace(",", "."))
    if value is None:
        raise ContextError(f"{name}={text!r} is not a number")
    if percent and field.unit is None:
        raise ContextError(f"{name}={text!r} has a per-cent sign, but is no share")
    if percent and field.unit is ShareUnit.FRACTION:
        value = round(value / 100, 12)
    if field.kind is FieldKind.INTEGER and not value.is_integer():
        raise ContextError(f"{name}={text!r} is not a whole number")
    if not (field.min or 0) <= value <= (field.max or 0):
        raise ContextError(f"{name}={text!r} is not within {field.min:g} to {field.max:g}")
    return int(value) if field.kind is FieldKind.INTEGER else value


def _nearest(text: str, allowed: Sequence[str]) -> str:
    near = difflib.get_close_matches(text.lower(), [a.lower() for a in allowed], n=1, cutoff=0.5)
    shown = ", ".join(a for a in allowed if a != "unknown")
    if near:
        best = next(a for a in allowed if a.lower() == near[0])
        return f"; did you mean {best}? Allowed: {shown}"
    return f"; allowed: {shown}"

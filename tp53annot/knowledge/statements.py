"""Evidence statements with their three-valued rules: applies, context missing, does not apply."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from tp53annot.core.status import AllelicState, Clonality, Status
from tp53annot.knowledge.store import open_store

Facts = Mapping[str, object]
PUBLISH = (
    "note",
    "warn",
    "footer",
    "context",
    "low_certainty",
    "held",
    "method",
    "audit",
    "note_if_verified",
)
# A field declared with one of these is open, unless a rule asks for just that value.
NOT_KNOWN = ("unknown", "not_tested", "not_assessed")
DIRECTIONS = ("adverse", "favourable", "neutral", "mixed")
OPERATORS = ("in", "any_of", "ge", "lt", "between", "eq")
DERIVED_VALUES: Mapping[str, tuple[str, ...]] = {
    "tp53_status": tuple(Status),
    "tp53_allelic_state": tuple(state for state in AllelicState if state is not AllelicState.NONE),
    "tp53_clonality": tuple(Clonality),
}
DERIVED = (*DERIVED_VALUES, "tp53_max_vaf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """``field op value``; an unknown field makes it neither true nor false.

    Attributes:
        field: of the clinical context, or one that is derived from the sample.
        op: one of :data:`OPERATORS`.
        value: a text, a number, or a list of these for ``in``, ``any_of`` and ``between`` (both ends included).
    """

    field: str
    op: str
    value: object

    @property
    def values(self) -> tuple[object, ...]:
        """The value or values."""
        return tuple(self.value) if isinstance(self.value, (list, tuple)) else (self.value,)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values of an operator that compares numbers."""
        return cast(tuple[float, ...], self.values)

    def holds(self, facts: Facts) -> bool | None:
        """True, false, or ``None`` when the field is unknown."""
        known = facts.get(self.field)
        if known is None or known == () or (known in NOT_KNOWN and known not in self.values):
            return None
        if self.op == "in":
            return known in self.values
        if self.op == "any_of":
            held = known if isinstance(known, tuple) else (known,)
            return any(item in self.values for item in held)
        if self.op == "eq":
            return known == self.value
        number = float(str(known))
        if self.op == "ge":
            return number >= self.numbers[0]
        if self.op == "lt":
            return number < self.numbers[0]
        low, high = self.numbers
        return low <= number <= high


@dataclass(frozen=True, slots=True)
class StatedEffect:
    """The figures of a statement, as its source prints them.

    Attributes:
        stated: every key of the file in its order; a report repeats them all.
    """

    stated: Mapping[str, object] = field(default_factory=dict)

    @property
    def value(self) -> str | float | None:
        """The figure: a number, or in words; ``None`` when the source gives none."""
        return cast("str | float | None", self.stated.get("value"))


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement was published.

    Attributes:
        stated: every key of the file in its order (``doi``, ``pmid``, ``url``, ``date`` ...); a report repeats
            them all.
    """

    stated: Mapping[str, str] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """The citation in one line; empty (a fault) when it is missing."""
        return self.stated.get("short", "")

    @property
    def kind(self) -> str:
        """What kind of publication it is; empty when that is not said."""
        return self.stated.get("kind", "")


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether and where a statement was checked against its source.

    Attributes:
        stated: every key of the file in its order (``status``, ``where`` ...).
    """

    stated: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """How far it was checked; empty when that is not said."""
        return self.stated.get("status", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One published (or stated) claim with its rule. See docs/evidence.md for the fields."""

    id: str
    publish: str
    advice: bool
    topic: str
    claim: str
    endpoint: str
    direction: str
    population: str
    therapy_context: str
    evidence_level: str
    caveats: tuple[str, ...]
    conditions: tuple[Condition, ...]
    effect: StatedEffect
    reference: Citation
    verification: Verification
    file: str

    @classmethod
    def from_toml(cls, entry: Mapping[str, Any], file: str) -> Statement:
        """A statement as it stands in a file.

        Raises:
            KeyError: a required field is missing.
            TypeError: a field is of another kind.
        """
        return cls(
            id=entry["id"],
            publish=entry["publish"],
            advice=bool(entry.get("advice", False)),
            topic=entry["topic"],
            claim=entry["claim"],
            endpoint=entry["endpoint"],
            direction=entry["direction"],
            population=entry["population"],
            therapy_context=entry.get("therapy_context", ""),
            evidence_level=entry["evidence_level"],
            caveats=tuple(entry.get("caveats", ())),
            conditions=tuple(
                Condition(field=c["field"], op=c["op"], value=c["value"]) for c in entry["when"]
            ),
            effect=StatedEffect(entry.get("effect", {})),
            reference=Citation(entry["reference"]),
            verification=Verification(entry.get("verification", {})),
            file=file,
        )

    def applies(self, facts: Facts) -> tuple[str, tuple[str, ...]]:
        """``applies``, ``context_missing`` (with the fields) or ``not_applicable``."""
        missing = []
        for condition in self.conditions:
            holds = condition.holds(facts)
            if holds is False:
                return "not_applicable", ()
            if holds is None:
                missing.append(condition.field)
        return ("context_missing", tuple(dict.fromkeys(missing))) if missing else ("applies", ())


@functools.cache
def load_statements(root: Path | None = None) -> tuple[Statement, ...]:
    """All statements, in the order of their files and ids.

    Raises:
        ResourceError: a file is altered or a statement lacks a field.
    """
    source = open_store(root)
    found: list[Statement] = []
    for name in sorted(source.manifest):
        if not name.startswith("evidence/") or name.endswith("vocabulary.toml"):
            continue
        with source.sound(name):
            entries = cast("list[Mapping[str, object]]", source.toml(name).get("statement", []))
            found += [Statement.from_toml(entry, name) for entry in entries]
    return tuple(found)

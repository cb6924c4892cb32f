"""Evidence statements with their three-valued rules: applies, context missing, does not apply."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from msgspec import Struct, field

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
    "leukaemia_sample": ("yes", "no"),
    "germline_flag": ("suspected", "confirmed", "excluded", "not_suspected"),
    "second_hit": ("deletion", "copy_neutral_loh", "mutation", "none"),
    "tp53_germline_published": ("yes", "no"),
    "first_relapse": ("yes", "no"),
}
DERIVED = (*DERIVED_VALUES, "tp53_max_vaf")


class Strength(StrEnum):
    """How a statement was published, the strongest first.

    ``congress``: a meeting abstract, a preprint, or a summary by others; ``opinion``: an interview, a web page, or
    what the tool itself says of the evidence.
    """

    PEER_REVIEWED = "peer_reviewed"
    CONGRESS = "congress"
    OPINION = "opinion"


class Condition(Struct, frozen=True, kw_only=True):
    """``field op value``; an unknown field of the context makes it neither true nor false.

    A field that is derived from the sample is never open: one that is not known (no VAF is stated, no variant was
    found) does not fulfil the condition.

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
            return False if self.field in DERIVED else None
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


class StatedArm(Struct, frozen=True, kw_only=True):
    """One arm of a comparison, as its source prints it.

    Attributes:
        group: the patients whose figure it is.
        value: the figure, a number or in words.
        interval: lower and upper end of the figure's own 95 % interval; ``None`` where the source gives none.
        n: patients of the arm, a number or in words; ``None`` where the source gives none.
    """

    group: str
    value: str | float
    interval: tuple[float, float] | None = None
    n: int | str | None = None

    @property
    def text(self) -> str:
        """The arm in words: ``no TP53 deletion 58.0 % (95 % CI 49.2-68.3)``."""
        inside = [] if self.interval is None else [f"95 % CI {self.interval[0]}-{self.interval[1]}"]
        inside += [] if self.n is None else [f"n = {self.n}"]
        return f"{self.group} {self.value}" + (f" ({', '.join(inside)})" if inside else "")


class StatedEffect(Struct, frozen=True):
    """The figures of a statement, as its source prints them.

    Attributes:
        stated: every key of the file in its order but the arms; a report repeats them all.
        arms: the arms of a comparison; then neither a value nor an interval stands for the whole.
    """

    stated: Mapping[str, object] = field(default_factory=dict)
    arms: tuple[StatedArm, ...] = ()

    @classmethod
    def from_toml(cls, entry: Mapping[str, Any]) -> StatedEffect:
        """An effect as it stands in a file.

        Raises:
            KeyError: an arm lacks its group or value.
            TypeError: a key is of another kind.
            ValueError: an interval does not have two ends.
        """
        arms = entry.get("arms", ()) if isinstance(entry, Mapping) else None
        if not isinstance(arms, (list, tuple)):
            raise TypeError("'effect' is a table, its arms a list of tables")
        return cls(
            {key: value for key, value in entry.items() if key != "arms"}, tuple(_arm(arm) for arm in arms)
        )

    @property
    def items(self) -> tuple[tuple[str, object], ...]:
        """Every key with what it states, the arms in words after the measure."""
        stated = {key: value for key, value in self.stated.items() if key == "measure"}
        if self.arms:
            stated["arms"] = "; ".join(arm.text for arm in self.arms)
        return tuple((stated | dict(self.stated)).items())

    @property
    def value(self) -> str | float | None:
        """The figure: a number, or in words, the arms' beside each other; ``None`` when the source gives none."""
        if self.arms:
            return " vs ".join(str(arm.value) for arm in self.arms)
        return cast("str | float | None", self.stated.get("value"))


def _arm(entry: Mapping[str, Any]) -> StatedArm:
    if not isinstance(entry, Mapping):
        raise TypeError(f"'arms': {entry!r} is no table")
    unknown = set(entry) - {"group", "value", "interval", "n"}
    if unknown:
        raise TypeError(f"'arms': {sorted(unknown)[0]} is none of group, value, interval and n")
    if not isinstance(entry["value"], str | int | float) or not isinstance(entry.get("n", 0), str | int):
        raise TypeError("'arms': value and n are numbers or words")
    low_high = entry.get("interval")
    if low_high is not None:
        low, high = low_high
        low_high = (float(low), float(high))
    return StatedArm(group=entry["group"], value=entry["value"], interval=low_high, n=entry.get("n"))


class Citation(Struct, frozen=True):
    """Where a statement was published.

    Attributes:
        stated: every key of the file in its order (``doi``, ``pmid``, ``url``, ``date`` ...; ``no_record``: why
            there is no address, number or page); a report repeats them all.
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


class Verification(Struct, frozen=True):
    """Whether and where a statement was checked against its source.

    Attributes:
        stated: every key of the file in its order (``status``, ``where`` ...).
    """

    stated: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """How far it was checked; empty when that is not said."""
        return self.stated.get("status", "")


class Statement(Struct, frozen=True, kw_only=True):
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
    strength: Strength
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
            ValueError: a strength or an interval is not one of those; a statement that does not say how it was published
                counts as opinion.
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
            strength=Strength(entry.get("strength", Strength.OPINION)),
            caveats=tuple(entry.get("caveats", ())),
            conditions=tuple(
                Condition(field=c["field"], op=c["op"], value=c["value"]) for c in entry["when"]
            ),
            effect=StatedEffect.from_toml(entry.get("effect", {})),
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

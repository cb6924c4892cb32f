"""Clones of a karyotype: their cells, their chromosomes, and the copies of 17p they have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from tp53annot.interpret.karyotype.abnormality import Abnormality, Doubt, is_sex, read_abnormality
from tp53annot.interpret.karyotype.spelling import split_outside

_CELLS = re.compile(r"\[(?P<composite>cp)?(?P<cells>\d{1,4})?(/\d+)?\]\Z")
_COUNT = re.compile(r"(mos|chi)?(?P<low>\d{1,3})([~-](?P<high>\d{1,3}))?(<(?P<level>[1-8])n[+-]?>)?\Z")
_PARENT = re.compile(r"(?P<kind>idem|sdl|sl)(?P<number>\d)?(x(?P<times>[2-4]))?\Z")
_SET = 23  # chromosomes of a haploid set
_BESIDE = (Doubt.ORIGIN, Doubt.UNREAD)  # stand beside a change of 17, not in it


class UnreadKaryotypeError(ValueError):
    """A clone that is not written as ISCN has it; the message is the clone."""


class Clone(Struct, frozen=True, kw_only=True):
    """One clone.

    Attributes:
        text: as it stands.
        cells: metaphases with it, ``None`` where not stated.
        composite: a composite of cells that share some of its changes.
        low: fewest chromosomes.
        high: most chromosomes.
        level: sets of chromosomes that its changes are counted from (2: diploid).
        times: how often it holds the clone it goes back to (2: doubled).
        parent: the clone it goes back to.
        changes: its own abnormalities, those of the parent left out.
        incomplete: stated as such.
        sex: sex chromosomes that stand behind the number, 0 where it goes back to another clone.
    """

    text: str
    cells: int | None
    composite: bool
    low: int
    high: int
    level: int
    times: int = 1
    parent: Clone | None = None
    changes: tuple[Abnormality, ...]
    incomplete: bool
    sex: int = 0

    @property
    def all_changes(self) -> tuple[Abnormality, ...]:
        """Those of its parents, too."""
        return (*(self.parent.all_changes if self.parent else ()), *self.changes)

    def copies(self, *, certain: bool = False) -> tuple[int, int]:
        """Fewest and most copies of 17p, constitutional changes left out.

        Args:
            certain: without what markers, rings and items that were not understood may add or take.
        """
        low, high = (self.level, self.level)
        if self.parent is not None:
            low, high = (self.times * n for n in self.parent.copies(certain=certain))
        for change in self.changes:
            if change.constitutional or (certain and change.doubt in _BESIDE):
                continue
            low += change.carried_low - change.taken
            high += change.carried_high - change.taken
        return max(low, 0), max(high, 0)

    @property
    def loss_is_structural(self) -> bool:
        """Whether a change of structure, not of number alone, takes 17p."""
        return any(
            c.structural and c.taken > c.carried_high for c in self.all_changes if not c.constitutional
        )

    @property
    def numbers(self) -> frozenset[int]:
        """Numbers of chromosomes that its changes give, counted from whole sets of 23, or from autosomes and the sex chromosomes.

        ``27,XY,+14,+18,+21`` has 22 autosomes, both sex chromosomes and three more; ``45,X,-X`` lists what is missing.
        """
        return _numbers(self.level, self.sex, self.changes)

    @property
    def fits(self) -> bool:
        """Whether the stated number of chromosomes is what its changes give; within a range, a composite may differ."""
        if self.parent is not None or self.incomplete or self.composite:
            return True
        return any(self.low <= number <= self.high for number in self.numbers)

    @property
    def lists_too_few(self) -> bool:
        """Whether chromosomes are missing that its changes do not name; any of them may be a 17."""
        return not self.fits and self.high < min(self.numbers)


def read_clones(text: str) -> tuple[Clone, ...]:
    """The clones of one side of a karyotype, in its order.

    Raises:
        UnreadKaryotypeError: a clone has no number of chromosomes, no sex chromosomes or no clone to go back to.
    """
    clones: list[Clone] = []
    for part in split_outside(text, "/"):
        clones.append(_read_clone(part, clones))
    return tuple(clones)


def _read_clone(text: str, before: Sequence[Clone]) -> Clone:
    counted = _CELLS.search(text)
    body = text[: counted.start()] if counted else text
    head, *items = [item for item in split_outside(body, ",") if item]
    count = _COUNT.match(head)
    if count is None:
        raise UnreadKaryotypeError(text)
    low, high = int(count["low"]), int(count["high"] or count["low"])
    parent, times, items = _parent(text, items, before)
    sex = 0
    if parent is None:
        if not items or not is_sex(items[0]):
            raise UnreadKaryotypeError(text)
        sex, items = len(items[0].removesuffix("c")), items[1:]
    incomplete = "inc" in items
    changes = tuple(read_abnormality(item) for item in items if item != "inc")
    level = parent.level * times if parent else _level(count["level"], low, high, sex, changes)
    return Clone(
        text=text,
        cells=int(counted["cells"]) if counted and counted["cells"] else None,
        composite=bool(counted and counted["composite"]),
        low=low,
        high=high,
        level=level,
        times=times,
        parent=parent,
        changes=changes,
        incomplete=incomplete,
        sex=sex,
    )


def _parent(text: str, items: list[str], before: Sequence[Clone]) -> tuple[Clone | None, int, list[str]]:
    """The clone that ``idem``, ``sl`` or ``sdl`` goes back to, how often, and the items besides."""
    found = next(((i, m) for i, item in enumerate(items) if (m := _PARENT.match(item))), None)
    if found is None:
        return None, 1, items
    place, match = found
    if not before:
        raise UnreadKaryotypeError(text)
    if match["kind"] != "sdl":
        number = 0
    else:
        number = int(match["number"]) if match["number"] else len(before) - 1
    if number >= len(before):
        raise UnreadKaryotypeError(text)
    return before[number], int(match["times"] or 1), [*items[:place], *items[place + 1 :]]


def _level(stated: str | None, low: int, high: int, sex: int, changes: Sequence[Abnormality]) -> int:
    """Sets of chromosomes the changes are counted from: as stated, else those that fit the number, else the nearest."""
    if stated:
        return int(stated)
    fitting = [n for n in (2, 1, 3, 4) if any(low <= number <= high for number in _numbers(n, sex, changes))]
    if fitting:
        return fitting[0]
    middle = (low + high) / 2
    return next((n for n, most in ((1, 34.5), (2, 57.5), (3, 80.5)) if middle <= most), 4)


def _numbers(level: int, sex: int, changes: Sequence[Abnormality]) -> frozenset[int]:
    net = sum(c.chromosomes for c in changes)
    autosomes = sum(c.chromosomes for c in changes if not _is_of_sex_chromosome(c))
    return frozenset({_SET * level + net, (_SET - 1) * level + sex + autosomes})


def _is_of_sex_chromosome(change: Abnormality) -> bool:
    return change.text.lstrip("+-")[:1] in ("X", "Y")

"""A scene played: laid out sound and accepted, then laid out altered, run, and held to the promises."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from .alterations import FORMS
from .promises import End, Sound, entries, fault, left
from .scenes import SCENES, Scene

Call = Callable[[Sequence[str]], tuple[int | None, str]]


class RefusedSeedError(Exception):
    """A seed that the program does not take as it stands: nothing altered from it would prove anything."""


class Accepted(Struct, frozen=True, kw_only=True):
    """A scene that the program takes, and what it gives."""

    scene: Scene
    sound: Sound


def lay(scene: Scene, folder: Path, seeds: Path, victim: bytes | None = None) -> list[str]:
    """Write the scene's files, ``victim`` in place of its own one; the arguments of its command."""
    for name, data in scene.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(victim if victim is not None and name == scene.victim else data)
    places = {"{in}": folder, "{out}": folder / "out", "{seeds}": seeds}
    arguments = list(scene.arguments)
    for mark, place in places.items():
        arguments = [word.replace(mark, str(place)) for word in arguments]
    return arguments


def accepted(scene: Scene, folder: Path, seeds: Path, call: Call) -> Accepted:
    """The scene and what it gives unaltered.

    Raises:
        RefusedSeedError: a promise is broken, or the exit code is not 0.
    """
    _cleared(folder)
    if scene.resumed:
        first = replace(scene, arguments=tuple(word for word in scene.arguments if word != "--resume"))
        call(lay(first, folder, seeds))
        done = {
            str(p.relative_to(folder)): p.read_bytes() for p in (folder / "out").rglob("*") if p.is_file()
        }
        scene = replace(scene, files={**scene.files, **done})
        _cleared(folder)
    before = _rows(scene, folder, seeds)
    code, stderr = call(lay(scene, folder, seeds))
    end = End(code=code, stderr=stderr, folder=folder, before=before)
    sound = left(scene, end) if code == 0 else Sound(reports={}, tree={}, entries=frozenset())
    if problem := fault(scene, "sound", sound, end):
        raise RefusedSeedError(f"{scene.victim}, {' '.join(scene.arguments)}: {problem}")
    return Accepted(scene=scene, sound=sound)


def all_accepted(
    folder: Path, seeds: Path, call: Call, kinds: Sequence[str] = tuple(SCENES)
) -> Iterator[tuple[str, Accepted]]:
    """Every scene with its kind; refuses to go on as :func:`accepted` does."""
    for kind in kinds:
        for scene in SCENES[kind][0](seeds):
            yield kind, accepted(scene, folder, seeds, call)


def play(
    one: Accepted, folder: Path, seeds: Path, rng: random.Random, call: Call
) -> tuple[int | None, str | None]:
    """Exit code and fault of the scene altered in one way."""
    scene, form = one.scene, FORMS[one.scene.form]
    ways = {"harmless": 4 if scene.harmless else 0, "cut": 3, "once": 5, "wild": 8}
    how = rng.choices(list(ways), list(ways.values()))[0]
    alters = {"cut": form.cut, "once": form.once, "wild": form.wild}
    alter = rng.choice(scene.harmless) if how == "harmless" else alters[how]
    victim = alter(scene.files[scene.victim], rng)
    before = _rows(scene, folder, seeds, victim)
    code, stderr = call(lay(scene, folder, seeds, victim))
    problem = fault(scene, how, one.sound, End(code=code, stderr=stderr, folder=folder, before=before))
    return code, None if problem is None else f"{how} {scene.victim}: {problem}"


def _rows(
    scene: Scene, folder: Path, seeds: Path, victim: bytes | None = None
) -> frozenset[tuple[object, ...]] | None:
    """Rows of the history before the command; ``None`` where SQLite cannot read it."""
    if not scene.history:
        return None
    lay(scene, folder, seeds, victim)
    try:
        return entries(folder / scene.victim)
    except (sqlite3.Error, ValueError, MemoryError):
        return None
    finally:
        _cleared(folder)


def _cleared(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

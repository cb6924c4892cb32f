"""The fuzzed inputs themselves: each is taken as it stands, the same numbers give the same ones, and no promise breaks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tp53annot_cli import tp53annot

from tests.fuzz import alterations, play, promises, scenes

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.exhaustive


def fuzz(*options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.fuzz", *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_altered_inputs_in_small(tmp_path: Path) -> None:
    """The run refuses to begin where one of its scenes is not taken as it stands."""
    done = fuzz(
        "--inputs", 400, "--seconds", 120, "--seed", 9, "--keep", tmp_path, "--kinds", ",".join(scenes.SCENES)
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_a_scene_that_is_not_taken_ends_the_run(tmp_path: Path) -> None:
    scene = scenes.Scene(
        files={"a.vcf": b"no VCF\n"}, victim="a.vcf", arguments=(*scenes.RUN, "--format", "json")
    )
    with pytest.raises(play.RefusedSeedError, match="sound, and exit 3"):
        play.accepted(scene, tmp_path / "case", tmp_path, called)


def called(words: Sequence[str]) -> tuple[int | None, str]:
    done = tp53annot(*words)
    return done.returncode, done.stderr


def sound_end(tmp_path: Path) -> tuple[scenes.Scene, promises.Sound, promises.End]:
    """A scene of two samples run as it stands."""
    scene = next(scenes.vcfs(tmp_path))
    found = play.accepted(scene, tmp_path / "case", tmp_path, called)
    return found.scene, found.sound, promises.End(code=0, stderr="", folder=tmp_path / "case")


BROKEN: dict[str, Callable[[Path], object]] = {
    "half-written": lambda out: (out / ".tp53annot-1").write_text(""),
    "lost": lambda out: (out / "S1" / "S1.tp53.json").unlink(),
    "another": lambda out: _edit(out / "S2" / "S2.tp53.json", '"status": "mutated"', '"status": "uncertain"'),
    "unfounded": lambda out: _edit(
        out / "S1" / "S1.tp53.json", '"status": "mutated"', '"status": "not_detected"'
    ),
    "ragged": lambda out: _edit(out / "cohort.tsv", "S2\t", "S2"),
    "unreadable": lambda out: (out / "S1" / "S1.tp53.vcf.gz").write_bytes(b"x"),
}


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_promise_is_seen(tmp_path: Path, kind: str) -> None:
    scene, sound, end = sound_end(tmp_path)
    assert promises.fault(scene, "wild", sound, end) is None
    BROKEN[kind](end.out)
    assert promises.fault(scene, "wild", sound, end)


@pytest.mark.parametrize(
    "line", ["no error line", "tp53annot: error: b.vcf: x", "tp53annot: error: a.vcf: \x1b[31m", "Traceback"]
)
def test_words_that_are_no_line_for_the_file_are_seen(tmp_path: Path, line: str) -> None:
    end = promises.End(code=3, stderr=f"{line}\n", folder=tmp_path)
    assert list(promises.words(end, "a.vcf"))
    fine = promises.End(
        code=3, stderr="tp53annot: error: a.vcf: line 1: is damaged; produce it again\n", folder=tmp_path
    )
    assert not list(promises.words(fine, "a.vcf"))


def test_the_same_number_is_the_same_input() -> None:
    import random

    data = scenes.gvcf("S1", scenes.R175H)
    for form in ("text", "bytes"):
        made = [alterations.FORMS[form].wild(data, random.Random("1/7")) for _ in range(2)]
        assert made[0] == made[1] != data

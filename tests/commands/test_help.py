"""Help and completion: every command shows an example that its own options accept."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tp53annot.cli import cli

PROGRAM = Path(sys.executable).parent / "tp53annot"


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands(cli))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_example_of_every_command_is_one_its_options_accept(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.epilog and command.epilog.startswith("Example: ")
    example = shlex.split(command.epilog.removeprefix("Example: "))
    assert tuple(example[: len(path) + 1]) == ("tp53annot", *path)
    text = CliRunner().invoke(cli, [*path, "-h"]).output
    assert "-h, --help" in text and "Example: tp53annot" in text
    with click.Context(cli, info_name="tp53annot", **cli.context_settings) as parent:
        command.make_context(path[-1], example[len(path) + 1 :], parent=parent)


def complete(shell: str, **variables: str) -> str:
    environment = os.environ | {"_TP53ANNOT_COMPLETE": shell} | variables
    return subprocess.run([PROGRAM], env=environment, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("shell", "sign"), [("bash", "complete -o"), ("zsh", "compdef"), ("fish", "complete --")]
)
def test_completion_scripts(shell: str, sign: str) -> None:
    script = complete(f"{shell}_source")
    assert "tp53annot" in script and sign in script
    if shell == "bash":
        program = shutil.which("bash")
        assert (
            program and subprocess.run([program, "-n"], input=script, text=True, check=False).returncode == 0
        )


def test_completion_of_commands_options_and_values() -> None:
    assert "plain,explain" in complete("bash_complete", COMP_WORDS="tp53annot expl", COMP_CWORD="1")
    assert "plain,--fail-on" in complete("bash_complete", COMP_WORDS="tp53annot run --fail", COMP_CWORD="2")
    words = complete("bash_complete", COMP_WORDS="tp53annot run --assembly GR", COMP_CWORD="3")
    assert "plain,GRCh37" in words and "plain,GRCh38" in words

"""Options become settings by their names alone, and choices come from what is there."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tp53annot.commands.options import option, resources_option, settings_argument
from tp53annot.commands.run import run_command
from tp53annot.core.allele import Build
from tp53annot.knowledge.languages import languages
from tp53annot.knowledge.store import BUNDLED
from tp53annot.run.settings import InputSettings, OutputSettings, RunSettings

BESIDE = {"inputs", "fail_on", "quiet", "verbose", "log_json"}  # what is no setting


def test_every_setting_has_an_option_and_every_option_of_run_is_a_setting() -> None:
    named = {p.name for p in run_command.params}
    settings = {f for kind in (InputSettings, RunSettings, OutputSettings) for f in kind.__struct_fields__}
    assert named == settings | BESIDE


def test_the_options_say_the_defaults_of_the_settings() -> None:
    defaults = RunSettings()
    for parameter in run_command.params:
        stated = isinstance(parameter, click.Option) and parameter.show_default
        if stated and hasattr(defaults, parameter.name or ""):
            assert parameter.default == getattr(defaults, parameter.name or "")


def test_a_command_gets_its_options_as_one_value() -> None:
    seen: list[RunSettings] = []

    @click.command()
    @option("--assembly", callback=lambda _c, _p, name: name and Build(name))
    @option("--context", multiple=True)
    @option("--min-depth", type=int)
    @resources_option
    @settings_argument
    def command(settings: RunSettings) -> None:
        seen.append(settings)

    done = CliRunner().invoke(
        command,
        ["--assembly", "GRCh37", "--context", "age_years=64"],
        env={"TP53ANNOT_RESOURCES_DIR": "tables", "TP53ANNOT_MIN_DEPTH": "0"},
        standalone_mode=False,
    )
    assert done.exception is None
    given = {"age_years": "64"}
    assert seen == [RunSettings(assembly=Build.GRCH37, context=given, resources=Path("tables"), min_depth=0)]


def test_an_option_that_no_setting_knows_is_a_fault_of_the_command() -> None:
    @click.command()
    @option("--min-depht", type=int)
    @settings_argument
    def command(settings: RunSettings) -> None:
        """Does nothing."""

    with pytest.raises(TypeError, match="min_depht"):
        CliRunner().invoke(command, [], standalone_mode=False, catch_exceptions=False)


def test_languages_are_the_files_of_texts() -> None:
    assert set(languages()) == {p.stem for p in (BUNDLED / "texts").glob("*.toml")}
    language = next(p for p in run_command.params if p.name == "language")
    assert isinstance(language.type, click.Choice) and tuple(language.type.choices) == languages()

"""docs/reference/cli.md: every command and option, from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from doc_pages.markdown import code, table
from tp53annot.cli import cli


def walk(command: click.Command = cli, path: str = "tp53annot") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups before their commands."""
    yield path, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from walk(command.commands[name], f"{path} {name}")


def options(command: click.Command) -> list[click.Option]:
    return [p for p in command.params if isinstance(p, click.Option)]


def page() -> str:
    parts = [
        "# Command line",
        "Generated from the commands themselves: `tp53annot COMMAND -h` prints the same. An option can also be set in "
        "the environment by the variable in its last column.",
    ]
    for path, command in walk():
        level = "#" * (2 if path.count(" ") < 2 else 3)
        parts += [f"{level} {path}", *_help(command), f"```text\n{_usage(path, command)}\n```"]
        shown = options(command)
        if shown:
            parts.append(table(("option", "meaning", "default", "environment"), map(_row, shown)))
        if command.epilog:
            parts.append(f"```bash\n{command.epilog.removeprefix('Example: ')}\n```")
    return "\n\n".join(parts) + "\n"


def _help(command: click.Command) -> list[str]:
    """Paragraphs of the help; those marked with \\b keep their lines."""
    text = inspect.cleandoc(command.help or "").replace("\r", "")
    paragraphs = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b"):
            paragraphs.append("```text\n" + paragraph.removeprefix("\b").strip("\n") + "\n```")
        else:
            paragraphs.append(" ".join(paragraph.split()).replace("<", "&lt;").replace("*", "\\*"))
    return paragraphs


def _usage(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path, **cli.context_settings)
    return f"{path} {' '.join(command.collect_usage_pieces(context))}"


def _row(option: click.Option) -> tuple[str, str, str, str]:
    names = ", ".join(code(name) for name in (*option.opts, *option.secondary_opts))
    if not option.is_flag and not option.count:
        kind = option.type
        shown = (
            "|".join(kind.choices) if isinstance(kind, click.Choice) else option.metavar or kind.name.upper()
        )
        names += f" {code(shown)}"
    default = option.default if isinstance(option.default, (str, int, float)) and not option.is_flag else ""
    if option.count or default == 0:
        default = ""
    return names, option.help or "", str(default), code(option.envvar) if option.envvar else ""

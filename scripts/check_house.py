#!/usr/bin/env python3
"""House rules that no linter knows: ``python scripts/check_house.py``, one line a fault.

Files and packages stay small, everything is in a package, knowledge stays out of code, a public name is defined
once, values have a real type, and an error says how to mend it. Limits only ever fall: lower one when the tree has become better.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "tp53annot"
MOST_LINES = 400  # of a file
MOST_MODULES = 20  # of a package
MOST_ANY = 15  # in annotations of the whole package
MOST_SKIPS = 0  # "fmt: skip" in the whole package
OUTSIDE = {"__init__", "__main__", "api", "cli", "errors"}  # modules that are in no package
KNOWLEDGE = re.compile(r"(?<![\w.])(175|248|273|0\.000?3|0\.16|-0\.21)(?![\w.])")

FILE_ERRORS = {"InputError", "OutputError", "StorageError"}

# Public names that several modules may define, each with its reason.
SAME_NAME = {
    "FORMAT": "each file of report/formats declares its format under this name, by which the registry finds it",
    "main": "`python -m tp53annot` and the console script start with signals in hand, the command line without",
}
MOST_SAME_NAMES = 0  # beside these


@dataclass(frozen=True)
class Module:
    """One file: its path within the package, its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module


def modules(package: Path) -> list[Module]:
    """Every module of a package, but what lies in its resources."""
    paths = [p for p in sorted(package.rglob("*.py")) if "resources" not in p.relative_to(package).parts]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    return [Module(path.relative_to(package), text, ast.parse(text)) for path, text in texts.items()]


def long_files(found: Sequence[Module]) -> Iterator[str]:
    for module in found:
        lines = len(module.text.splitlines())
        if lines > MOST_LINES:
            yield f"{module.path}: {lines} lines, at most {MOST_LINES}"


def crowded_packages(found: Sequence[Module]) -> Iterator[str]:
    for folder, count in Counter(module.path.parent for module in found).items():
        if count > MOST_MODULES:
            yield f"{folder}: {count} modules, at most {MOST_MODULES}"


def homeless_modules(found: Sequence[Module]) -> Iterator[str]:
    for module in found:
        if len(module.path.parts) == 1 and module.path.stem not in OUTSIDE:
            yield f"{module.path}: in no package; only {', '.join(sorted(OUTSIDE))} are"


def knowledge_in_code(found: Sequence[Module]) -> Iterator[str]:
    for module in found:
        for number, line in enumerate(module.text.splitlines(), 1):
            if KNOWLEDGE.search(re.sub(r'(""".*|#.*|>>>.*)', "", line)):
                yield f"{module.path}:{number}: a number that belongs in resources/: {line.strip()}"


def untyped_values(found: Sequence[Module]) -> Iterator[str]:
    counts = {module.path: any_count(module.tree) for module in found}
    if sum(counts.values()) > MOST_ANY:
        worst = sorted(counts.items(), key=lambda pair: -pair[1])[:5]
        shown = ", ".join(f"{path} {count}" for path, count in worst)
        yield f"{sum(counts.values())} times Any in annotations, at most {MOST_ANY}; most in {shown}"


def any_count(tree: ast.Module) -> int:
    """How often ``Any`` stands in annotations and in aliases of types."""
    return sum(
        (isinstance(node, ast.Name) and node.id == "Any")
        or (isinstance(node, ast.Attribute) and node.attr == "Any")
        for annotation in _annotations(tree)
        for node in ast.walk(annotation)
    )


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield node.returns
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(
            statement.value, ast.Subscript | ast.BinOp | ast.Name
        ):
            yield statement.value


def formatter_switches(found: Sequence[Module]) -> Iterator[str]:
    counts = {module.path: len(re.findall(r"#\s*fmt:\s*(?:skip|off)", module.text)) for module in found}
    if sum(counts.values()) > MOST_SKIPS:
        shown = ", ".join(f"{path} {count}" for path, count in counts.items() if count)
        yield f"{sum(counts.values())} times 'fmt: skip', at most {MOST_SKIPS}: {shown}"


def repeated_names(found: Sequence[Module]) -> Iterator[str]:
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for module in found:
        if (
            module.path.parts[0] != "commands"
        ):  # a command is called like its file, and does what one function does
            for name in public_names(module.tree):
                homes[name].append(module.path.as_posix())
    several = {name: places for name, places in sorted(homes.items()) if len(places) > 1}
    for name in sorted(SAME_NAME.keys() - several.keys()):
        yield f"{name}: allowed to be defined in several modules, but is not; take it off the list"
    others = {name: places for name, places in several.items() if name not in SAME_NAME}
    if len(others) > MOST_SAME_NAMES:
        yield f"{len(others)} public names defined in several modules, at most {MOST_SAME_NAMES}:"
        yield from (f"  {name}: {', '.join(places)}" for name, places in others.items())


def public_names(tree: ast.Module) -> set[str]:
    """What a module defines at its top, imports and names that begin with _ left out."""
    names: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names |= {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    return {name for name in names if not name.startswith("_")}


def faults_without_a_way_out(found: Sequence[Module]) -> Iterator[str]:
    for module in found:
        for call in ast.walk(module.tree):
            if isinstance(call, ast.Call) and _states_a_fault(call) and not _says(call, "fix"):
                yield f"{module.path}:{call.lineno}: an error that does not say how to mend it (fix=...)"


def _states_a_fault(call: ast.Call) -> bool:
    """Whether it is one of a file, in words of its own."""
    in_words = bool(call.args) and isinstance(call.args[0], ast.Constant | ast.JoinedStr)
    return in_words and isinstance(call.func, ast.Name) and call.func.id in FILE_ERRORS


def _says(call: ast.Call, name: str) -> bool:
    return any(keyword.arg == name for keyword in call.keywords)


RULES = (
    long_files,
    crowded_packages,
    homeless_modules,
    knowledge_in_code,
    untyped_values,
    formatter_switches,
    repeated_names,
    faults_without_a_way_out,
)


def faults(package: Path) -> list[str]:
    """One line for each broken rule."""
    found = modules(package)
    return [fault for rule in RULES for fault in rule(found)]


def main() -> int:
    """Print one line per fault; exit 1 when there are any."""
    found = faults(PACKAGE)
    print("\n".join(found) if found else "house rules kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

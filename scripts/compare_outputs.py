#!/usr/bin/env python3
"""Outputs of two installed versions, side by side: ``python scripts/compare_outputs.py OLD NEW [--keep DIR]``.

OLD and NEW are ``tp53annot`` programs of virtual environments (``.venv/bin/tp53annot``). Both run the same commands on the same
inputs: the example of the repository, and reads, a sheet and a truth table that OLD makes. Every file, line and
exit code is compared after masking what has to differ: the versions, digests, identifiers made of them, the time
and the place. Workbooks are compared cell by cell, compressed files by their content. Exit 1 when anything differs.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "resources" / "example"
SHOWN = 12  # lines of a difference
FORMATS = "json,tsv,html,vcf,xlsx,maf,fhir,txt"  # a PDF holds the time and is made from the page
CHANGES = [
    "R175H",
    "p.(Arg248Gln)",
    "c.375G>A",
    "c.626_627del",
    "chr17:7675088C>T",
    "rs1042522",
    "G175H",
    "M1V",
]

# Name of the step -> its arguments; {in}: the folder of made inputs, {out}: that of the version's outputs.
STEPS: dict[str, list[str]] = {
    "version": ["--version"],
    "demo": ["demo", "-o", "{out}/demo"],
    "data": ["demo", "--data", "{out}/data"],
    "reads": ["run", "{in}/bam", "--samples", "{in}/samples.tsv", "-o", "{out}/reads", "--format", FORMATS],
    "reads_de": ["run", "{in}/bam", "-o", "{out}/reads_de", "--language", "de", "--format", "json,html,txt"],
    "background": ["run", "{in}/bam", "-o", "{out}/background", "--background", "-j", "2", "--format", "json"],
    "beside": ["run", "{in}/calls.vcf.gz", "--bam", "{in}/bam/EX-02.bam", "-o", "{out}/beside", "--format", FORMATS],
    "options": ["run", f"{EXAMPLE}/demo.grch37.vcf", "-o", "{out}/options", "--format", "json,tsv", "--min-vaf", "0.2",
                "--include-filtered", "--evidence", "all", "--context", "age_years=64", "--max-uncompressed", "1"],
    "stdout": ["run", "{in}/calls.vcf.gz", "-o", "-"],
    "taken": ["run", "{in}/calls.vcf.gz", "-o", "{out}/beside"],
    "annotate": ["annotate", f"{EXAMPLE}/demo.grch38.vcf", "-o", "{out}/annotated.vcf.gz"],
    "annotate_stdout": ["annotate", f"{EXAMPLE}/demo.grch37.vcf"],
    "call": ["call", "{in}/bam/EX-02.bam"],
    "why": ["call", "{in}/bam/EX-03.bam", "--why", "R273H"],
    "coverage": ["coverage", "{in}/bam/EX-05.bam"],
    "coverage_json": ["coverage", "{in}/bam/EX-06.bam", "--json"],
    "explain": ["explain", *CHANGES],
    "explain_json": ["explain", "--json", *CHANGES],
    "render": ["render", "{out}/reads/EX-01/EX-01.tp53.json", "-o", "{out}/render", "--format", "html,xlsx,fhir,maf",
               "--language", "de"],
    "render_saved": ["render", "{in}/saved.tp53.json", "-o", "{out}/render_saved", "--format", "html,tsv,xlsx,txt"],
    "cohort": ["cohort", "{out}/reads", "{out}/demo", "-o", "{out}/cohort", "--language", "de"],
    "history": ["run", "{in}/calls.vcf.gz", "-o", "{out}/history", "--history", "{out}/lab.sqlite", "--format", "json"],
    "history_add": ["history", "add", "{out}/history", "--history", "{out}/lab.sqlite"],
    "history_list": ["history", "list", "--history", "{out}/lab.sqlite"],
    "history_show": ["history", "show", "EX-02", "--history", "{out}/lab.sqlite"],
    "history_export": ["history", "export", "--history", "{out}/lab.sqlite"],
    "history_verify": ["history", "verify", "--history", "{out}/lab.sqlite"],
    "history_forget": ["history", "forget", "--sample", "EX-02", "--history", "{out}/lab.sqlite"],
    "validate": ["validate", "{in}/truth.tsv", "{out}/reads", "-o", "{out}/validation"],
    "validate_json": ["validate", "{in}/truth.tsv", "{out}/reads", "--json", "--interval", "wilson"],
    "evidence_list": ["evidence", "list"],
    "evidence_show": ["evidence", "show", "S002-06", "L08", "--json"],
    "evidence_lint": ["evidence", "lint", "{in}/statement.toml"],
    "evidence_matrix": ["evidence", "matrix"],
    "evidence_add": ["evidence", "add", "{in}/statement.toml", "-o", "{out}/tables"],
    "resources_list": ["resources", "list"],
    "resources_verify": ["resources", "verify"],
    "resources_diff": ["resources", "diff", "{out}/tables"],
    "wrong_option": ["run", "{in}/bam", "-o", "{out}/none", "--min-vaf", "7"],
    "wrong_context": ["run", "{in}/bam", "-o", "{out}/none", "--context", "age=3"],
    "no_file": ["run", "nowhere.vcf", "-o", "{out}/none"],
    "no_reads": ["call", f"{EXAMPLE}/demo.grch38.vcf"],
}  # fmt: skip


def make_inputs(program: Path, folder: Path) -> None:
    """What both versions read, made by one of them."""
    subprocess.run([program, "demo", "--data", folder], check=True, capture_output=True)
    calls = ["call", folder / "bam" / "EX-02.bam", "-o", folder / "calls.vcf.gz"]
    subprocess.run([program, *calls], check=True, capture_output=True)
    report = subprocess.run(
        [program, "run", folder / "bam" / "EX-01.bam", "-o", "-"], check=True, capture_output=True
    )
    (folder / "saved.tp53.json").write_bytes(report.stdout)


def run_steps(program: Path, inputs: Path, out: Path) -> None:
    """Every step in its order; what it printed and its exit code are files, too."""
    printed = out / "printed"
    printed.mkdir(parents=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TP53ANNOT", "PYTHON"))}
    env = kept | {"TZ": "UTC", "COLUMNS": "100", "XDG_DATA_HOME": str(out / "data-home")}
    for name, arguments in STEPS.items():
        command = [a.replace("{in}", str(inputs)).replace("{out}", str(out)) for a in arguments]
        done = subprocess.run([program, *command], capture_output=True, env=env)
        (printed / f"{name}.stdout").write_bytes(done.stdout)
        (printed / f"{name}.stderr").write_bytes(done.stderr)
        (printed / f"{name}.exit").write_text(f"{done.returncode}\n")


# What has to differ between two versions, and what stands in its place.
MASKS: tuple[tuple[str, str], ...] = (
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "<uuid>"),
    (r"(?<![0-9A-Za-z.])(?=[0-9]*[a-f])[0-9a-f]{12,}(?![0-9A-Za-z])", "<digest>"),
    (r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:?\d\d|Z)?", "<time>"),
    (r"(?m)^\d+/\d+, [\d.]+/s, .* left$\n?", ""),
)


def masked(text: str, names: Mapping[str, str]) -> str:
    """A text without what has to differ; ``names``: further words to mask, such as the version."""
    for word, mask in sorted(names.items(), key=lambda item: -len(item[0])):
        text = re.sub(rf"(?<![\w.]){re.escape(word)}(?![\w.]*\d)", mask, text)
    for pattern, mask in MASKS:
        text = re.sub(pattern, mask, text)
    return text


def lines_of(path: Path, names: Mapping[str, str]) -> list[str]:
    """A file as comparable lines: cells of a workbook, content of what is compressed, else its text."""
    if path.suffix == ".xlsx":
        return [masked(cell, names) for cell in _cells(path)]
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if path.suffix in (".tbi", ".csi", ".bai"):  # offsets move with every masked word
        return [f"an index of {len(data)} bytes"]
    text = masked(data.decode("utf-8", "backslashreplace"), names)
    return text.replace("><", ">\n<").splitlines()


def _cells(path: Path) -> Iterator[str]:
    import openpyxl

    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    link = cell.hyperlink.target if cell.hyperlink else None
                    yield f"{sheet.title}!{cell.coordinate} {cell.data_type} {cell.value!r} {link or ''}"


def differences(
    old: Path, new: Path, names: tuple[Mapping[str, str], Mapping[str, str]]
) -> Iterator[tuple[str, list[str]]]:
    """Name of each file that differs or is only in one tree, with the lines that tell how."""
    trees = [
        {p.relative_to(t).as_posix(): p for p in sorted(t.rglob("*")) if p.is_file()} for t in (old, new)
    ]
    for name in sorted({*trees[0], *trees[1]}):
        if name not in trees[1]:
            yield name, ["only in OLD"]
        elif name not in trees[0]:
            yield name, ["only in NEW"]
        else:
            one, two = (lines_of(tree[name], known) for tree, known in zip(trees, names, strict=True))
            if one != two:
                yield name, list(difflib.unified_diff(one, two, "OLD", "NEW", lineterm="", n=0))[2:]


def version_of(program: Path) -> str:
    """The version a program states, e.g. ``0.2.0``."""
    done = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    return done.stdout.split()[1]


def home_of(program: Path) -> str:
    """The folder of the package behind a program, by the Python beside it."""
    code = "import tp53annot; print(tp53annot.__path__[0])"
    done = subprocess.run(
        [program.parent / "python", "-P", "-c", code], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def compare(old: Path, new: Path, folder: Path, say: Callable[[str], None] = print) -> int:
    """Run both, compare, and say what differs; the number of files that do."""
    make_inputs(old, folder / "inputs")
    names = []
    for name, program in (("old", old), ("new", new)):
        run_steps(program, folder / "inputs", folder / name)
        known = {version_of(program): "<version>", str(folder / name): "<out>"}
        names.append(known | {home_of(program): "<package>"})
    found = list(differences(folder / "old", folder / "new", (names[0], names[1])))
    for file, lines in found:
        say(f"{file}: {len(lines)} lines")
        for line in lines[:SHOWN]:
            say(f"    {line[:300]}")
    say(f"{len(found)} files differ")
    return len(found)


def main() -> int:
    """Exit 1 when anything differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="an empty folder for the outputs of both")
    given = parser.parse_args()
    programs = [Path(os.path.abspath(p)) for p in (given.old, given.new)]  # noqa: PTH100 (links of a venv stay)
    with tempfile.TemporaryDirectory() as temporary:
        return int(compare(*programs, (given.keep or Path(temporary)).resolve()) > 0)


if __name__ == "__main__":
    sys.exit(main())

"""``docs/benchmarks/README.md``: one table of what the pages of the benchmarks found, read from their tables."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

OURS, MEMORY = "tp53annot", "peak MiB"
CODE = re.compile(r"^Code of (?P<date>[\d-]+) \((?P<commit>\w+)\)", re.MULTILINE)


class Figure(Struct, frozen=True, kw_only=True):
    """A figure of a page, beside that of a peer.

    Attributes:
        what: is measured.
        page: name of the benchmark.
        section: heading that the table stands below.
        row: of it, the first whose cells begin with these words, by column.
        peer: the same for the peer's figure.
        named: the peer; nothing where ``peer`` is none.
        column: that the figures stand in.
    """

    what: str
    page: str
    section: str
    row: Mapping[str, str]
    column: str
    named: str = ""
    peer: Mapping[str, str] | None = None


def _timed(what: str, page: str, section: str, row: str, named: str = "", peer: str = "") -> Figure:
    """CPU seconds of a command in a table of :func:`benchmarks.timing.table`."""
    beside = {"command": peer} if peer else None
    return Figure(
        what=f"{what}, CPU s",
        page=page,
        section=section,
        row={"command": row},
        column="CPU s (median)",
        named=named,
        peer=beside,
    )


def _rate(what: str, section: str, named: str, peer: str) -> Figure:
    return Figure(
        what=f"{what}, changes a second",
        page="names",
        section=section,
        row={"program": "tp53annot annotate"},
        column="changes a second",
        named=named,
        peer={"program": peer},
    )


def _found(what: str, page: str, section: str, column: str, row: Mapping[str, str], named: str = "", peer: Mapping[str, str] | None = None) -> Figure:  # fmt: skip
    return Figure(what=what, page=page, section=section, row=row, column=column, named=named, peer=peer)


_CALLING = ("1% 2000x", "5% 500x", "25% 250x")
FIGURES: Sequence[Figure] = (
    _timed("`--help`", "start", "Cold start and one report", "tp53annot --help", "python -c pass", "python"),
    _timed("`explain R175H`", "start", "Cold start and one report", "tp53annot explain"),
    _timed("one VCF, default outputs", "start", "Cold start and one report", "tp53annot run (one VCF, default"),
    _timed("5,000,000 records, no index", "scan", "Finding TP53 in a genome-wide VCF", "tp53annot run FILE, no index", "bcftools view -H", "bcftools"),
    _timed("5,000,000 records, index", "scan", "Finding TP53 in a genome-wide VCF", "tp53annot run FILE, with index", "bcftools view -H", "bcftools"),
    _timed("1,000,000 records through `annotate`", "scan", "A stream of 1,000,000 records", "tp53annot annotate", "bcftools view", "bcftools"),
    _rate("distinct changes", "Names", "snpEff", "snpEff"),
    _rate("distinct changes", "Names", "bcftools csq (no names)", "bcftools csq"),
    _rate("1,000,000 records with repeats", "With repeats", "bcftools csq (no names)", "bcftools csq"),
    _found("1,000 VCFs, `-j 2`, wall s", "batch", "Files to reports and cohort", "wall s", {"VCFs": "1000", "jobs": "2"}, "`-j 1`", {"VCFs": "1000", "jobs": "1"}),
    _found("100,000 reports to a cohort, wall s", "batch", "Reports to a cohort", "wall s", {"reports": "100,000"}),
    _found("page of 10,000 samples open in Chromium, s", "batch", "The page in a browser", "open s", {"samples": "10,000"}),
    _timed("`call`, coding exons at 1,000x", "calling", "The coding exons", "tp53annot call", "samtools mpileup", "samtools"),
    _timed("`call`, coding exons at 1,000x", "calling", "The coding exons", "tp53annot call", "freebayes", "freebayes"),
    _timed("`call`, one exon at 20,000x", "calling", "One exon", "tp53annot call", "samtools mpileup", "samtools"),
    _timed("`call`, one exon at 20,000x", "calling", "One exon", "tp53annot call", "freebayes", "freebayes"),
    *(
        _found(f"changes called, {column}", "calling", "Recall", column, {"kind": "all", "caller": OURS}, "freebayes", {"kind": "all", "caller": "freebayes"})
        for column in _CALLING
    ),
    _found("false calls a sample, VAF >= 2 %", "calling", "False calls", "false calls at VAF >= 2 % per sample", {"samples": "with a change", "caller": OURS}, "freebayes", {"samples": "with a change", "caller": "freebayes"}),
    _found("1 % of 1,000 molecules", "molecules", "Few molecules", "found", {"sample": "1.0% of 1000", "caller": OURS}, "freebayes", {"sample": "1.0% of 1000", "caller": "freebayes"}),
    _found("1 % of 1,000 molecules, false calls", "molecules", "Few molecules", "false calls", {"sample": "1.0% of 1000", "caller": OURS}, "freebayes", {"sample": "1.0% of 1000", "caller": "freebayes"}),
    _found("events of 50 to 1,000 bases, 5 % of 500x", "long_events", "By kind", "5% 500x", {"kind": "all", "": "called"}, "delly", {"kind": "all", "": "delly"}),
    _found("c. names as hgvs has them, of 100,467", "name_judges", "Names on NM_000546.6", "same c.", {"judge": "hgvs", "set": "short"}),
    _found("substitutions at 5 % of 500x, nanopore Q25", "platforms", "Recall", "SNV, MNV at 5 %", {"platform": "ONT Q25", "design": "capture"}),
    _found("false calls >= 5 % in four wild types, HiFi", "platforms", "False calls", "false calls >= 5 %", {"platform": "HiFi", "design": "capture"}),
    _found("RNA: substitutions at 20 %, STAR", "rna", "RNA", "found", {"sample": "substitution, 20%", "aligner": "STAR EndToEnd"}),
    _found("one exon lost", "depth", "One exon", "all", {"reads": "all", "program": OURS}, "CNVkit", {"reads": "all", "program": "CNVkit"}),
    _found("one copy of the gene lost", "depth", "The whole gene", "all", {"reads": "all", "program": OURS}, "CNVkit", {"reads": "all", "program": "CNVkit"}),
)  # fmt: skip


def overview(folder: Path) -> str:
    """The page of all benchmarks.

    Raises:
        LookupError: a page lacks a table, row or column, or does not say of what code it is.
    """
    pages = {figure.page: (folder / f"{figure.page}.md").read_text() for figure in FIGURES}
    rows = [_row(figure, pages[figure.page]) for figure in FIGURES]
    others = sorted(p.stem for p in folder.glob("*.md") if p.stem not in pages and p.name != "README.md")
    return (
        "# Benchmarks\n\n"
        "Figures of the pages below, of one run each: ours and the peer's of the same run on the same machine, their\n"
        "ratio, our peak memory where it was measured, and the code that ran. `python -m benchmarks NAME` makes a page\n"
        "again and this table with it.\n\n"
        "| what | tp53annot | peer | its figure | tp53annot / peer | MiB | page | code of |\n"
        "|---|---|---|---|---|---|---|---|\n" + "".join(rows) + "\n"
        f"Without a figure here: {', '.join(f'[{name}]({name}.md)' for name in others)}.\n"
    )


def _row(figure: Figure, page: str) -> str:
    section = _section(page, figure.section)
    ours = _found_row(section, figure.row, figure)
    theirs = _found_row(section, figure.peer, figure)[figure.column] if figure.peer else ""
    ratio = _ratio(ours[figure.column], theirs)
    memory = next((cell for column, cell in ours.items() if column.startswith(MEMORY)), "")
    code = CODE.search(page)
    if code is None:
        raise LookupError(f"{figure.page}.md does not say of what code it is")
    cells = (figure.what, ours[figure.column], figure.named, theirs, ratio, memory)
    return f"| {' | '.join(cells)} | [{figure.page}]({figure.page}.md) | {code['date']} |\n"


def _section(page: str, heading: str) -> Sequence[Mapping[str, str]]:
    """The rows of the first table below a line that begins with these words."""
    lines = page.splitlines()
    start = next((i for i, line in enumerate(lines) if line.lstrip("# ").startswith(heading)), None)
    if start is None:
        raise LookupError(f"no {heading!r}")
    below = itertools.dropwhile(lambda line: not line.startswith("|"), lines[start:])
    table = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in itertools.takewhile(lambda line: line.startswith("|"), below)
    ]
    return [dict(zip(table[0], cells, strict=True)) for cells in table[2:]]


def _found_row(rows: Sequence[Mapping[str, str]], wanted: Mapping[str, str], figure: Figure) -> Mapping[str, str]:  # fmt: skip
    for row in rows:
        if figure.column in row and all(
            row.get(name, "").startswith(words) for name, words in wanted.items()
        ):
            return row
    raise LookupError(
        f"{figure.page}.md: no row {dict(wanted)} with {figure.column!r} under {figure.section!r}"
    )


def _ratio(ours: str, theirs: str) -> str:
    """Of two numbers; nothing for shares, and where there is none."""
    try:
        return f"{float(ours.replace(',', '')) / float(theirs.replace(',', '')):.2f}"
    except (ValueError, ZeroDivisionError):
        return ""

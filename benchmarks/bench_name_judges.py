"""Agreement of names and terms with programs that others wrote: every judge, every set of changes, by rule.

Takes a quarter of an hour; ``TP53ANNOT_JUDGES_PYTHON`` names the Python with the judges' libraries.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What a judge makes: c., p. and g. names; hgvs is slow, and names of the whole locus every seventh substitution.
MAKES = {"hgvs": "cpg", "ferro": "cp", "weaver": "cpg", "mutalyzer": "p"}
PROGRAM = {"hgvs": "hgvs", "ferro": "ferro-hgvs", "weaver": "hgvs-weaver", "mutalyzer": "mutalyzer"}
STEP = {("hgvs", "locus"): 7}
SETS = {
    "short": "substitutions, deletions of 1-4, insertions of 1-3, inversions of 2, delins of 3 bases at every place from c.-12 "
    "to c.*12 and 12 bases into each intron",
    "replaced": "every exchange of two neighbours, and drawn exchanges of 1-3 bases by 1-3 others, at the same places",
    "long": "drawn deletions, duplications, insertions, inversions and delins of 5-60 bases: around the exons, over every edge "
    "of an exon, over the start and the stop codon, in repeats, anywhere on the locus",
    "locus": "every substitution of the locus of 40,000 bases: introns, untranslated regions, flanks",
}


def run() -> str:
    """Tables: names on the main transcript, on the other ones, terms; and the sets."""
    head = "| judge | set | changes | same c. | same p. | same g. | by a rule (rule: changes) | unexplained |\n|---|---|---|---|---|---|---|---|\n"
    parts = [
        "Made by `python -m benchmarks name_judges`; the rules are explained in\n"
        "[Names: where other programs differ](../name-disagreements.md).\n",
        f"Judges: {', '.join(_versions())}.\n",
        "## Sets\n\n" + "".join(f"* **{name}**: {text}\n" for name, text in SETS.items()),
        "## Names on NM_000546.6\n\n" + head + "".join(_names()) + "".join(_snpeff()),
        "## Names on the other transcripts\n\n| judge | transcripts | changes | unexplained |\n|---|---|---|---|\n"
        + "".join(_isoforms()),
        "## Consequence terms\n\n| judge | set | changes | same | by a rule (rule: changes) | unexplained |\n"
        "|---|---|---|---|---|---|\n" + "".join(_terms()),
    ]
    return "\n".join(parts)


def _versions() -> list[str]:
    from conftest import python_of

    command = [python_of("TP53ANNOT_JUDGES_PYTHON"), ROOT / "tests" / "peers" / "judge_names.py", "versions"]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    for program in (["bcftools", "--version"], ["snpEff", "-version"]):
        said = subprocess.run(program, capture_output=True, text=True, check=True).stdout.splitlines()[0]
        found.append(" ".join(said.split()[:2]))
    return found


def _names() -> Iterator[str]:
    from change_sets import change_set
    from name_rules import compare
    from test_names_judges import judge

    for name, makes in MAKES.items():
        for kind in SETS:
            alleles = change_set(kind)[:: STEP.get((name, kind), 1)]
            found = compare(name, alleles, judge(name, alleles))
            same = {"c": found.same_c, "p": found.same_p, "g": found.same_g}
            cells = [f"{same[part]:,}" if part in makes else "-" for part in "cpg"]
            yield _row(
                PROGRAM[name],
                kind,
                f"{found.changes:,}",
                *cells,
                _by_rule(found.rules, makes),
                len(found.unexplained),
            )


def _by_rule(rules: Counter[tuple[str, int]], makes: str) -> str:
    """``c. 29: 632; p. 1: 7,953, 33: 11``."""
    kinds = []
    for kind in makes:
        of_kind = sorted((number, count) for (k, number), count in rules.items() if k == kind)
        if of_kind:
            kinds.append(f"{kind}. " + ", ".join(f"{number}: {count:,}" for number, count in of_kind))
    return "; ".join(kinds) or "none"


def _snpeff() -> Iterator[str]:
    from change_sets import NAMER, change_set
    from test_names_snpeff import c_differs, comparable, explained, snpeff_names

    for kind in SETS:
        alleles = change_set(kind)
        counts: Counter[str] = Counter()
        with tempfile.TemporaryDirectory() as folder:
            for allele, (c, p, _) in zip(alleles, snpeff_names(Path(folder), alleles), strict=True):
                ours = NAMER.describe(allele, isoforms=False)
                mine = comparable(ours.hgvs_p)
                counts["c"] += ours.hgvs_c == c
                counts["p"] += mine == p
                counts["unexplained"] += c_differs(ours, c) or not (
                    mine == p or explained(ours.hgvs_c, mine, p)
                )
        rest = f"c. {len(alleles) - counts['c']:,}; p. {len(alleles) - counts['p']:,}"
        yield _row(
            "snpEff",
            kind,
            f"{len(alleles):,}",
            f"{counts['c']:,}",
            f"{counts['p']:,}",
            "-",
            rest,
            counts["unexplained"],
        )


def _isoforms() -> Iterator[str]:
    from change_sets import NAMER, distinct, short_changes
    from name_rules import isoform_differences
    from test_names_judges import CODING, judge

    for name in ("ferro", "weaver"):
        changes = unexplained = 0
        for accession in CODING:
            transcript = NAMER.by_accession[accession.upper()]
            alleles = distinct(short_changes(transcript))[::29]
            changes += len(alleles)
            unexplained += len(isoform_differences(transcript, alleles, judge(name, alleles, accession)))
        yield _row(PROGRAM[name], len(CODING), f"{changes:,}", unexplained)


def _terms() -> Iterator[str]:
    from change_sets import change_set
    from test_consequence_csq import counted

    for kind in SETS:
        alleles = change_set(kind)
        with tempfile.TemporaryDirectory() as folder:
            rules, unexplained = counted(Path(folder), alleles)
        by_rule = ", ".join(f"{number}: {count:,}" for number, count in sorted(rules.items()) if number)
        yield _row("bcftools csq", kind, f"{len(alleles):,}", f"{rules[0]:,}", by_rule, len(unexplained))


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |\n"

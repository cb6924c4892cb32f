"""The page of the tests of equal verdicts: relations, files, and what rightly differs."""

from __future__ import annotations

import sys
from pathlib import Path

from doc_pages.markdown import code, prose, table

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "fixtures"))

_INTRO = """\
# Same facts, same verdict

The everyday tests write each of {files} small files in {relations} other ways and compare the reports: status, allelic
state, flags, every sentence, names, classes, fractions, counts and reasons stay the same. The files are made as
callers write them (`tests/fixtures/vcf_scenarios.py`), the ways stand in `tests/fixtures/vcf_relations.py`. Where the
folder of external files is there, its files are written in other ways, too."""
_MARKS = """\
`=` the same · `-` cannot be written so (several sample columns or none; in a list, phase and blocks) · a letter: rightly another verdict, because"""


def page() -> str:
    """The page."""
    from vcf_exceptions import RIGHTLY
    from vcf_relations import RELATIONS
    from vcf_scenarios import SCENARIOS

    letters = {reason: chr(ord("a") + i) for i, reason in enumerate(dict.fromkeys(RIGHTLY.values()))}
    numbers = {name: i for i, name in enumerate(RELATIONS, 1)}

    def mark(relation: str, scenario: str) -> str:
        reason = RIGHTLY.get((relation, scenario))
        holds = "=" if RELATIONS[relation].needs(SCENARIOS[scenario]) else "-"
        return holds if reason is None else letters[reason]

    ways = ((numbers[r.name], r.words, _kept(r.keys, r.fields)) for r in RELATIONS.values())
    rows = ((prose(name), *(mark(relation, name) for relation in RELATIONS)) for name in SCENARIOS)
    parts = (
        _INTRO.format(files=len(SCENARIOS), relations=len(RELATIONS)),
        "## The ways",
        table(("", "written anew", "what stays the same"), ways),
        "## Every file in every way",
        _MARKS,
        table(("", "reason"), ((letter, reason) for reason, letter in letters.items())),
        table(("file", *map(str, numbers.values())), rows),
    )
    return "\n\n".join(parts) + "\n"


def _kept(keys: tuple[str, ...], fields: tuple[str, ...]) -> str:
    if fields:
        return f"status and state, and of every variant {', '.join(map(code, fields))}"
    return "status and state, and everything reported" if keys else "all"

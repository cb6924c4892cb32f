"""Every short change of the coding region named by PyPI's ``hgvs`` and by ``ferro-hgvs``, too.

The judges run in their own Python: ``TP53ANNOT_JUDGES_PYTHON`` (default: the one running the tests).
c. names must all be equal; a protein name may differ only as docs/name-disagreements.md lists it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import require_judge

from tp53annot.core.allele import Allele

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "exhaustive"))

from test_every_change import ALL, NAMER  # noqa: E402

RESOURCES = HERE.parents[1] / "resources"
MODULES = {"hgvs": "hgvs, cdot", "ferro": "ferro_hgvs"}


def judge(name: str, alleles: Sequence[Allele]) -> list[tuple[str, str]]:
    """c. and p. name of each allele by the judge."""
    python = require_judge(MODULES[name])
    lines = "".join(f"{a.pos}\t{a.ref}\t{a.alt}\n" for a in alleles)
    command = [python, str(HERE / "judge_names.py"), name, str(RESOURCES)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    found = [tuple(line.split("\t")) for line in done.stdout.splitlines()]
    assert len(found) == len(alleles)
    return [(c, p) for c, p in found]


def compare(name: str, alleles: Sequence[Allele]) -> list[tuple[str, str, str]]:
    """Protein names that differ: (c., ours, theirs); a c. name that differs fails at once."""
    differ, wrong = [], []
    for allele, (c, p) in zip(alleles, judge(name, alleles), strict=True):
        ours = NAMER.describe(allele, isoforms=False)
        if ours.hgvs_c != c:
            wrong.append((allele, ours.hgvs_c, c))
        elif ours.hgvs_p != p:
            differ.append((c, ours.hgvs_p, p))
    assert not wrong, wrong[:10]
    return differ


def unexplained(name: str, differ: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    rules = AGREED[name]
    return [d for d in differ if not any(all(re.fullmatch(p, t) for p, t in zip(r, d, strict=True)) for r in rules)]  # fmt: skip


ANY = r".*"
# (our c. name, our p. name, their p. name); each line is a rule of docs/name-disagreements.md
AGREED = {
    "hgvs": [
        (ANY, r"p\.\?|p\.\(=\)", r"p\.None"),  # 1: no protein name outside the CDS
        (r"c\..*dup", ANY, r"p\.None"),  # 2: a dup that begins at an exon's first base
        (ANY, r"p\.\(Met1\?\)", r"p\.Met1\?"),  # 3: brackets
        (r"c\.-1_1ins.*", r"p\.\(=\)", ANY),  # 4: before the start codon
        (ANY, r"p\.\(Ter394=\)", r"p\.\(Ter39[45]Ter\)"),  # 5: stop kept
    ],
    "ferro": [
        (ANY, r"p\.\?|p\.\(=\)", "!none"),  # 1
        (r"c\.\d+-\d_\d+dup", ANY, "!none"),  # 2
        (r"c\.\*[123].*|c\..*_\*[123].*", r"p\.\(=\)", r"p\.\(Met1\?\)"),  # 6: c.*1-*3 read as c.1-3
        (r"c\.118[012]_\*[12]delins.*", r"p\.\(Ter394.*", "!none"),  # 7: over the CDS end
        (r"c\.11(79|80|81|82).*", ANY, r"p\.\(Ter394extTer0\)"),  # 5
        (r"c\.1180_1181ins.*", r"p\.\(Ter394=\)", r"p\.\(=\)"),  # 5
        (r"c\.117[6789]_.*", r"p\.\((Asp393|Ter394).*", r"p\.\((Asp393|Xaa394).*"),  # 8: at the last residue
        (r"c\.(\d+_)?(74|96|375|559|672|782|919|993|1100)dup", r"p\.\?", r"p\.\(.*"),  # 9: at an exon's end
        (r"c\..*dup", r"p\.\((Ser|Arg)\d+dup\)", r"p\.\((Ser|Arg)\d+dup\)"),  # 10: 3' rule in runs
        (r"c\.[123]_[34]dup", r"p\.\((Met1|Glu2).*", r"p\.\(Met1\?\)"),  # 12: behind the start codon
    ],
}  # fmt: skip


@pytest.mark.peer
def test_ferro() -> None:
    assert unexplained("ferro", compare("ferro", ALL)) == []


@pytest.mark.peer
def test_biocommons_hgvs_sample() -> None:
    assert unexplained("hgvs", compare("hgvs", ALL[::50])) == []


@pytest.mark.peer
@pytest.mark.exhaustive
def test_biocommons_hgvs() -> None:
    assert unexplained("hgvs", compare("hgvs", ALL)) == []


@pytest.mark.peer
def test_crossmapper_gives_every_base_of_every_transcript_the_same_position() -> None:
    python = require_judge("mutalyzer_crossmapper")
    table = RESOURCES / "reference" / "transcripts.tsv"
    command = [python, str(HERE / "judge_positions.py"), str(table)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    wrong = []
    for line in lines:
        accession, position, theirs = line.split("\t")
        transcript = NAMER.by_accession[accession]
        ours = str(transcript.c_position(transcript.last_position - int(position)))
        if ours != theirs:
            wrong.append((accession, position, ours, theirs))
    assert len(lines) > 400_000
    assert not wrong, wrong[:10]

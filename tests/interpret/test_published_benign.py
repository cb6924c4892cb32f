"""What a published germline class does to a sample: sets aside, warns, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from mutated import called

from tp53annot.interpret.interpreter import Interpreter, interpreter_of
from tp53annot.knowledge.resources import Resources
from tp53annot.run.analysis import analyse
from tp53annot.run.jobs import Job
from tp53annot.run.settings import RunSettings

HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
)
# Published as (likely) benign by the panel, uncertain by the evidence here.
BENIGN = [
    (7676224, "C", "G"), (7676155, "G", "C"), (7676005, "C", "T"), (7675132, "C", "T"), (7673836, "C", "T"),
    (7673773, "G", "A"), (7673582, "G", "T"), (7669671, "C", "G"),
]  # fmt: skip
R175H, R181C, R248Q = (7675088, "C", "T"), (7675071, "G", "A"), (7674220, "C", "T")


def report(tmp_path: Path, *changes: tuple[int, str, str]) -> Any:
    rows = [
        f"chr17\t{pos}\t.\t{ref}\t{alt}\t.\tPASS\t.\tGT:AD\t0/1:600,400\n"
        for pos, ref, alt in sorted(changes)
    ]
    path = tmp_path / "s.vcf"
    path.write_text(HEAD + "".join(rows))
    (found,) = analyse(Job(vcf=path, context={}), RunSettings(), interpreter_of())
    return found.document


def warnings(document: Any, kind: str) -> list[str]:
    return [w["text"] for w in document["assessment"]["warnings"] if w["id"] == f"warning.{kind}"]


@pytest.mark.parametrize("change", BENIGN)
def test_uncertain_here_and_published_benign_sets_no_status(
    change: tuple[int, str, str], tmp_path: Path
) -> None:
    document = report(tmp_path, change)
    assert document["assessment"]["status"] == "incomplete" and document["variants"] == []
    assert document["assessment"]["germline_flag"] == "not_suspected"
    (variant,) = document["rejected"]
    assert variant["classification"]["class"] == "uncertain"
    (failed,) = variant["filters_failed"]
    assert (
        failed["id"] == "published_benign"
        and "expert panel" in failed["text"]
        and "ClinVar" in failed["source"]
    )
    assert variant["germline_class"]["published"]["review"] == "reviewed by expert panel"


def test_all_of_them_beside_an_oncogenic_change_leave_it_as_it_is(tmp_path: Path) -> None:
    alone, together = report(tmp_path, R175H), report(tmp_path, R175H, *BENIGN)
    for key in ("status", "summary", "allelic_state", "germline_flag"):
        assert alone["assessment"][key] == together["assessment"][key]
    assert [v["hgvs_c"] for v in together["variants"]] == ["c.524G>A"]
    assert len(together["rejected"]) == len(BENIGN)


def test_uncertain_here_and_published_pathogenic_is_said(tmp_path: Path) -> None:
    document = report(tmp_path, R181C)
    assert document["assessment"]["status"] == "uncertain"
    (text,) = warnings(document, "published_pathogenic")
    assert "Likely pathogenic (reviewed by expert panel)" in text and "in force" in text
    assert warnings(report(tmp_path, R175H, R248Q), "published_pathogenic") == []


def test_an_oncogenic_change_published_as_benign_stays_with_a_warning(tmp_path: Path) -> None:
    """No change of the bundled tables is one: the panel's row of R175H is turned round."""
    resources = Resources(None)
    row = replace(resources.knowledge.clinvar["c.524G>A"], classification="Benign")
    rows = {**resources.knowledge.clinvar, "c.524G>A": row}
    resources.__dict__["knowledge"] = replace(resources.knowledge, clinvar=rows)
    path = tmp_path / "s.vcf"
    path.write_text(HEAD + "chr17\t7675088\t.\tC\tT\t.\tPASS\t.\tGT:AD\t0/1:600,400\n")
    (found,) = analyse(Job(vcf=path, context={}), RunSettings(), Interpreter(resources))
    document: Any = found.document
    assert document["assessment"]["status"] == "mutated"
    (text,) = warnings(document, "published_benign")
    assert "oncogenic by the evidence here" in text and "Benign (reviewed by expert panel)" in text


def test_single_submissions_are_nobodys_verdict(tmp_path: Path) -> None:
    """Its words stand beside its review, not as ClinVar's class."""
    knowledge = interpreter_of().resources.knowledge
    name = next(
        n for n, r in knowledge.clinvar.items()
        if r.review_status == "criteria provided, single submitter" and "athogenic" in r.classification
    )  # fmt: skip
    variant = called(name)
    assert variant is not None
    allele = variant.allele
    document = report(tmp_path, (allele.pos, allele.ref, allele.alt))
    (entry,) = [*document["variants"], *document["rejected"]]
    assert entry["germline_class"]["published"] is None
    assert entry["germline_classification"]["review_status"] == "criteria provided, single submitter"
    assert warnings(document, "published_pathogenic") == []

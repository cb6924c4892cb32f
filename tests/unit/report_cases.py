"""Reports of the six states a page has to tell apart, and one patient's three samples, from made BAMs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bam_files import Change, write_bam

from tp53annot.courses import compared
from tp53annot.inputs import plan
from tp53annot.kit import kit
from tp53annot.sample import analyse
from tp53annot.settings import RunSettings

Document = dict[str, Any]
R175H = Change(pos=7675088, ref="C", alt="T", vaf=0.46)
R248L = Change(pos=7674220, ref="G", alt="A", vaf=0.41)
R110H = Change(pos=7676040, ref="C", alt="T", vaf=0.31)
R337C = Change(pos=7670700, ref="G", alt="A", vaf=0.5)
R273H = Change(pos=7673802, ref="C", alt="T", vaf=0.22)
LOW = Change(pos=7675088, ref="C", alt="T", vaf=0.03)
ADULT = {"age_years": "64", "lineage": "B-ALL", "ph_status": "negative", "disease_phase": "diagnosis"}
CASES: dict[str, tuple[list[Change], tuple[int, ...], dict[str, str]]] = {
    "two_hit": ([R175H, R248L], (), ADULT | {"ploidy": "low_hypodiploid", "therapy": "blinatumomab"}),
    "low_level": ([LOW], (), ADULT),
    "uncertain": ([R110H], (), ADULT | {"lineage": "T-ALL"}),
    "not_detected": ([], (), ADULT),
    "incomplete": ([], (6, 7), {}),
    "germline": ([R337C], (), ADULT | {"age_years": "9", "ploidy": "low_hypodiploid"}),
}
COURSE: dict[str, tuple[list[Change], tuple[int, ...], dict[str, str]]] = {
    "P-DX": ([R175H, R248L], (), {"disease_phase": "diagnosis", "sample_date": "2025-01-10"}),
    "P-CR": ([], (7,), {"disease_phase": "remission_1", "sample_date": "2025-04-02"}),
    "P-REL": ([R175H, R273H], (), {"disease_phase": "relapse", "sample_date": "2026-02-20"}),
}


def report(folder: Path, name: str, case: tuple[list[Change], tuple[int, ...], dict[str, str]],
           settings: RunSettings | None = None) -> Document:  # fmt: skip
    """The report document of one made sample."""
    changes, skip, context = case
    path = folder / f"{name}.bam"
    if not path.exists():
        write_bam(path, depth=700, skip=skip, sample=name, changes=changes)
    jobs = plan([path], bam=None, context=context).jobs
    return next(a.document for job in jobs for a in analyse(job, settings or RunSettings(), kit(None)))


def course(folder: Path, settings: RunSettings | None = None) -> list[Document]:
    """One patient's reports, compared."""
    documents = [report(folder, name, case, settings) | {"patient": "P"} for name, case in COURSE.items()]
    compared(documents, settings or RunSettings(), kit(None))
    return documents

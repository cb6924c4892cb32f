"""Reports of the six states a page has to tell apart, and one patient's three samples, from made BAMs."""

from __future__ import annotations

import atexit
import functools
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from bam_files import Change, write_bam

from tp53annot.courses import compared
from tp53annot.inputs import plan
from tp53annot.kit import kit
from tp53annot.reporting.document import dump
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


@functools.cache
def _folder() -> Path:
    """One folder a test process, so that each BAM is made once."""
    folder = Path(tempfile.mkdtemp(prefix="tp53annot-cases-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def _document(name: str, context: tuple[tuple[str, str], ...], language: str) -> str:
    changes, skip, _ = (CASES | COURSE)[name]
    path = _folder() / f"{name}.bam"
    if not path.exists():
        write_bam(path, depth=450, skip=skip, sample=name, changes=changes)
    jobs = plan([path], bam=None, context=dict(context)).jobs
    settings = RunSettings(language=language)
    return dump(next(a.document for job in jobs for a in analyse(job, settings, kit(None))))


def report(name: str, *, context: dict[str, str] | None = None, language: str = "en") -> Document:
    """The report document of one made sample, with its own context or another."""
    chosen = (CASES | COURSE)[name][2] if context is None else context
    return dict(json.loads(_document(name, tuple(sorted(chosen.items())), language)))


def course(language: str = "en") -> list[Document]:
    """One patient's reports, compared."""
    documents = [report(name, language=language) | {"patient": "P"} for name in COURSE]
    compared(documents, RunSettings(language=language), kit(None))
    return documents

"""--background: a place that errs in every sample of a run is no call, a variant of one sample is."""

from __future__ import annotations

import json
from pathlib import Path

from bam_files import Change, write_bam

from tp53annot.run.pipeline import run
from tp53annot.run.settings import OutputSettings, RunSettings

ARTEFACT = Change(pos=7674220, ref="C", alt="A", vaf=0.012)
VARIANT = Change(pos=7675088, ref="C", alt="T", vaf=0.06)


def calls(folder: Path) -> dict[str, set[str]]:
    """Changes of each sample that the reads' own model passed."""
    passed = {}
    for report in sorted(folder.glob("*/*.tp53.json")):
        found = json.loads(report.read_text())
        text = {v["hgvs_c"]: json.dumps(v) for v in found["variants"] + found["rejected"]}
        passed[found["sample"]] = {name for name, record in text.items() if "call.error_model" not in record}
    return passed


def test_a_place_that_errs_everywhere_is_no_call(tmp_path: Path) -> None:
    bams = [
        write_bam(tmp_path / f"s{n}.bam", depth=800, sample=f"s{n}", seed=n, skip=(2, 3, 4, 6, 8, 9, 10, 11),
                  changes=[ARTEFACT, VARIANT] if n == 1 else [ARTEFACT])
        for n in (1, 2, 3, 4)
    ]  # fmt: skip
    plain = OutputSettings(folder=tmp_path / "plain", formats=("json",))
    run(bams, RunSettings(), plain)
    assert any("c.743G>T" in names for names in calls(plain.folder).values())
    outputs = []
    for jobs in (1, 2):
        learnt = OutputSettings(folder=tmp_path / f"learnt{jobs}", formats=("json",), jobs=jobs)
        run(bams, RunSettings(background=True), learnt)
        found = calls(learnt.folder)
        assert "c.524G>A" in found["s1"]
        assert all("c.743G>T" not in names for names in found.values())
        outputs.append([p.read_bytes() for p in sorted(learnt.folder.glob("*/*.tp53.json"))])
    assert outputs[0] == outputs[1]

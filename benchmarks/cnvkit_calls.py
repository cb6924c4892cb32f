"""CNVkit on every sample of a run, each against a reference of the others: ``python cnvkit_calls.py FOLDER DESIGN``.

Run by the interpreter that CNVkit is installed for. Prints a JSON object: by sample, the log2 ratio of each target and
the targets that its test of single bins finds.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import cnvlib
from cnvlib import bintest, commands


def main(folder: Path, design: str) -> None:
    """Coverage of all samples, then reference, correction and test of each."""
    targets, empty = str(folder / "targets.bed"), folder / "antitargets.bed"
    empty.write_text("")
    bams = sorted(folder.glob("s*.bam"))
    covered, beside = {}, {}
    for bam in bams:
        for kind, bed, found in (("target", targets, covered), ("antitarget", str(empty), beside)):
            table = cnvlib.do_coverage(bed, str(bam))
            path = folder / f"{bam.stem}.{kind}coverage.cnn"
            commands.tabio.write(table, str(path))
            found[bam.stem] = path
    answers = {}
    for name in covered:
        others = [n for n in covered if n != name]
        reference = cnvlib.do_reference(
            [str(covered[n]) for n in others],
            [str(beside[n]) for n in others],
            str(folder / "genome.fa"),
            do_edge=design == "capture",
            do_rmask=False,
        )
        fixed = cnvlib.do_fix(
            cnvlib.read(str(covered[name])), cnvlib.read(str(beside[name])), reference,
            do_edge=design == "capture", do_rmask=False,
        )  # fmt: skip
        tested = bintest.do_bintest(fixed, target_only=True)
        found = {str(row.gene): float(row.log2) for row in tested}
        answers[name] = {"log2": {str(row.gene): float(row.log2) for row in fixed}, "found": found}
    print(json.dumps(answers))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]), sys.argv[2])

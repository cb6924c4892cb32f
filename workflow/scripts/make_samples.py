#!/usr/bin/env python3
"""Make N small VCFs and their sample sheet, to try the workflow: make_samples.py FOLDER N.

Each sample gets some records of the example VCF, with read counts drawn anew; the same N gives the
same bytes. There is no patient in it.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "resources" / "example" / "demo.grch38.vcf"
DEPTH = 800


def make(folder: Path, count: int) -> Path:
    """Write the VCFs and the sheet; returns the sheet."""
    lines = EXAMPLE.read_text().splitlines()
    header = [line for line in lines if line.startswith("##")]
    records = [line.split("\t")[:8] for line in lines if not line.startswith("#")]
    columns = next(line for line in lines if line.startswith("#CHROM")).split("\t")[:9]
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["sample\tvcf\tpatient\tage_years"]
    rng = random.Random(count)
    for number in range(1, count + 1):
        name = f"S{number:04d}"
        body = []
        for record in sorted(rng.sample(records, rng.randrange(len(records))), key=lambda r: int(r[1])):
            reads = round(DEPTH * rng.choice((0.01, 0.03, 0.2, 0.45, 0.9)))
            body.append("\t".join([*record, "GT:AD", f"0/1:{DEPTH - reads},{reads}"]))
        text = "\n".join([*header, "\t".join([*columns, name]), *body]) + "\n"
        (folder / f"{name}.vcf").write_text(text)
        rows.append(f"{name}\t{name}.vcf\tP{(number + 1) // 2:04d}\t{rng.randrange(1, 90)}")
    sheet = folder / "samples.tsv"
    sheet.write_text("\n".join(rows) + "\n")
    return sheet


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2])))

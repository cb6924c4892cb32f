#!/usr/bin/env python3
"""Compute ``resources/tables/ci_spliceai.tsv`` anew: ``python scripts/compute_splice_scores.py [--check] [PLACE...]``.

CI-SpliceAI (Strauch 2022) on the bundled reference sequence: every base exchange of the coding sequence and of 12
donor-side and 20 acceptor-side intronic bases. Bases outside the gene are hidden from the model, as its authors do;
deltas are taken within 300 bases and left unmasked. Needs the package ``cispliceai`` (``pip install cispliceai==1.2.2``,
with TensorFlow), which nothing else here does. Prints the table, or with ``--check`` compares it with what is bundled.
PLACE (such as ``c.318C``) limits the work; all 1,470 take hours.
"""

from __future__ import annotations

import argparse
import csv
import importlib.resources
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tp53annot.core.allele import Allele
from tp53annot.knowledge.reference import load_reference
from tp53annot.names.hgvs import Namer
from tp53annot.names.transcript import reverse_complement

WINDOW, CONTEXT = 300, 5000  # bases to either side: where deltas are looked for, what the model reads beyond
DONOR_BASES, ACCEPTOR_BASES = 12, 20
GENE = "ENSG00000141510"
BASES = "ACGT"


def places(namer: Namer) -> Iterator[tuple[str, int]]:
    """Name of a base without its change (c.318C), and its offset in the gene."""
    transcript = namer.main
    offsets = {transcript.gene_offset(i) for i in range(transcript.cds_start, transcript.cds_end)}
    first, last = min(offsets), max(offsets)
    for start, end in transcript.introns:
        if first < start and end < last:
            offsets |= {*range(start, start + DONOR_BASES), *range(end - ACCEPTOR_BASES, end)}
    for offset in sorted(offsets):
        position = namer.reference.end - offset
        ref = namer.reference.bases(position, position)
        allele = Allele(pos=position, ref=ref, alt=next(base for base in BASES if base != ref))
        yield namer.describe(allele, isoforms=False).hgvs_c.partition(">")[0], offset


def gene_span() -> tuple[int, int]:
    """First and last base of the gene, GRCh38, as the package has them."""
    path = importlib.resources.files("cispliceai") / "data" / "grch38.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        row = next(r for r in csv.DictReader(handle) if r["gene_id"] == GENE)
    return int(row["start"]), int(row["end"])


def hidden_outside(namer: Namer) -> str:
    """The locus on the gene's strand, N outside the gene."""
    first, last = gene_span()
    reference = namer.reference
    inside = reference.bases(first, last)
    forward = "N" * (first - reference.start) + inside + "N" * (reference.end - last)
    return reverse_complement(forward)


def one_hot(bases: str) -> Any:
    """What the model reads; N is nothing."""
    import numpy

    return numpy.array([[base == one for one in BASES] for base in bases], dtype=numpy.float32)


def deltas(model: Any, sequence: str, offset: int) -> dict[str, str]:
    """For each new base the four deltas in hundredths."""
    start, end = offset - WINDOW - CONTEXT, offset + WINDOW + CONTEXT + 1
    around, here = sequence[start:end], WINDOW + CONTEXT
    old = around[here]
    others = [base for base in BASES if base != old]
    batch = [one_hot(around), *(one_hot(around[:here] + base + around[here + 1 :]) for base in others)]
    before, *after = model.predict(batch)
    found = {}
    for base, scores in zip(others, after, strict=True):
        change = scores - before
        gains = [change[:, 1].max(), -change[:, 1].min(), change[:, 2].max(), -change[:, 2].min()]
        found[base] = " ".join(str(round(100 * float(f"{value:.2f}"))) for value in gains)
    return found


def main() -> int:
    """Print the table, or what differs from the bundled one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare with the bundled table")
    parser.add_argument("places", nargs="*", metavar="PLACE")
    args = parser.parse_args()
    try:
        from cispliceai.model import CISpliceAI
    except ImportError:
        parser.error("the package cispliceai is not installed: pip install cispliceai==1.2.2")
    namer = Namer(load_reference())
    model, sequence = CISpliceAI(), hidden_outside(namer)
    lines = (ROOT / "resources" / "tables" / "ci_spliceai.tsv").read_text(encoding="utf-8").splitlines()
    bundled = {line.split("\t")[0]: line for line in lines}
    different = 0
    if not args.check:
        print(lines[0])
    for place, offset in places(namer):
        if args.places and place not in args.places:
            continue
        found = deltas(model, sequence, offset)
        line = "\t".join([place, *(found.get(base, "") for base in BASES)])
        if not args.check:
            print(line)
        elif line != bundled.get(place):
            different += 1
            print(f"bundled: {bundled.get(place)}\ncomputed: {line}")
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())

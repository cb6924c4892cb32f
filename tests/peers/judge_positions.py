"""c. positions by ``mutalyzer-crossmapper``: run by a Python that has it, with the exon table's path.

Writes ``accession position c.`` lines for every base of every coding transcript.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path


def spans(text: str) -> list[tuple[int, int]]:
    """0-based half-open spans in ascending order."""
    pairs = (part.split("-") for part in text.split(","))
    return sorted((int(low) - 1, int(high)) for low, high in pairs)


def main() -> None:
    from mutalyzer_crossmapper import Coding

    with Path(sys.argv[1]).open() as handle:
        for row in csv.DictReader(handle, delimiter="\t"):
            if not row["cds_grch38"]:
                continue
            exons, cds = spans(row["exons_grch38"]), spans(row["cds_grch38"])
            mapper = Coding(exons, (cds[0][0], cds[-1][1]), inverted=True)
            for index in range(exons[0][0], exons[-1][1]):
                base, offset, region, _ = mapper.coordinate_to_coding(index)
                text = f"{'*' if region == 1 else ''}{base}{f'{offset:+d}' if offset else ''}"
                sys.stdout.write(f"{row['accession']}\t{index + 1}\t{text}\n")


if __name__ == "__main__":
    main()

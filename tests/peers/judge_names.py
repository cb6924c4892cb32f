"""Names by programs we did not write: reads ``pos ref alt`` lines (GRCh38), writes ``c. p.`` lines.

Run as ``python judge_names.py hgvs|ferro RESOURCES`` by a Python that has PyPI's ``hgvs`` and ``cdot``
(or ``ferro-hgvs``). Of this project it reads only the locus and the exon table; a name that the
program refuses to give is ``!`` and the program's reason.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

CONTIG, MAIN = "NC_000017.11", "NM_000546.6"
Namer = Callable[[int, str, str], tuple[str, str]]
Spans = list[tuple[int, int]]


def locus(resources: Path) -> tuple[int, str]:
    header, *lines = (resources / "reference" / "locus.fa").read_text().splitlines()
    return int(header.split(":")[1].split("-")[0]), "".join(lines)


def exons(resources: Path) -> tuple[Spans, Spans]:
    with (resources / "reference" / "transcripts.tsv").open() as handle:
        row = next(r for r in csv.DictReader(handle, delimiter="\t") if r["accession"] == MAIN)

    def spans(text: str) -> Spans:
        return [(int(low), int(high)) for low, high in (part.split("-") for part in text.split(","))]

    return spans(row["exons_grch38"]), spans(row["cds_grch38"])


def reverse(bases: str) -> str:
    return bases.translate(str.maketrans("ACGT", "TGCA"))[::-1]


def leftmost(pos: int, ref: str, alt: str, sequence: str) -> tuple[int, str, str]:
    """An insertion or deletion at its 3'-most place on the gene strand, which is the reverse one."""
    bases = ref or alt
    while not (ref and alt) and sequence[pos - 2] == bases[-1]:
        pos, bases = pos - 1, bases[-1] + bases[:-1]
    return (pos, bases, "") if ref and not alt else (pos, "", bases) if not ref else (pos, ref, alt)


def spliced(resources: Path) -> str:
    start, sequence = locus(resources)
    pieces = (sequence[low - start : high - start + 1] for low, high in exons(resources)[0])
    return "".join(reverse(piece) for piece in pieces)


def cdot_data(resources: Path, start: int = 1) -> dict[str, Any]:
    """The transcript as cdot's JSON has it, on a contig whose first base is ``start``."""
    exon_spans, cds = exons(resources)
    table, at = [], 1
    for number, (low, high) in enumerate(exon_spans):
        table.append([low - start, high - start + 1, number, at, at + high - low, None])
        at += high - low + 1
    first = exon_spans[0][1] - exon_spans[0][0] + 1 + exon_spans[1][1] - cds[0][1]
    length = sum(high - low + 1 for low, high in cds)
    build = {"contig": CONTIG, "strand": "-", "exons": table[::-1],
             "cds_start": cds[-1][0] - start, "cds_end": cds[0][1] - start + 1}  # fmt: skip
    transcript = {"id": MAIN, "gene_name": "TP53", "gene_version": "7157", "protein": "NP_000537.3",
                  "start_codon": first, "stop_codon": first + length,
                  "genome_builds": {"GRCh38": build}}  # fmt: skip
    return {"cdot_version": "0.2.26", "genome_builds": ["GRCh38"],
            "genes": {"7157": {"gene_symbol": "TP53"}}, "transcripts": {MAIN: transcript}}  # fmt: skip


def minimal(pos: int, ref: str, alt: str) -> tuple[int, str, str]:
    """Without shared bases, as g. names want it; ``pos`` of an insertion is the base after it."""
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    return pos, ref, alt


def hgvs_namer(resources: Path) -> Namer:
    import hgvs.assemblymapper
    import hgvs.edit
    import hgvs.location
    import hgvs.normalizer
    import hgvs.posedit
    import hgvs.sequencevariant
    from cdot.hgvs.dataproviders import JSONDataProvider

    start, sequence = locus(resources)
    mrna = spliced(resources)

    class Fetcher:
        source = "locus"

        def fetch_seq(self, ac: str, start_i: int | None = None, end_i: int | None = None) -> str:
            if ac == MAIN:
                return str(mrna[start_i:end_i])
            low, high = (start_i or 0) + 1 - start, (end_i or 0) + 1 - start
            return sequence[max(low, 0) : max(high, 0)]

    provider = JSONDataProvider([io.BytesIO(json.dumps(cdot_data(resources)).encode())], seqfetcher=Fetcher())
    mapper = hgvs.assemblymapper.AssemblyMapper(
        provider, assembly_name="GRCh38", alt_aln_method="splign", replace_reference=True
    )

    shifter = hgvs.normalizer.Normalizer(provider, shuffle_direction=5, cross_boundaries=True)

    def name(pos: int, ref: str, alt: str) -> tuple[str, str]:
        pos, ref, alt = minimal(pos, ref, alt)
        low, high = (pos, pos + len(ref) - 1) if ref else (pos - 1, pos)
        place = hgvs.location.Interval(
            start=hgvs.location.SimplePosition(low), end=hgvs.location.SimplePosition(high)
        )
        change = hgvs.posedit.PosEdit(place, hgvs.edit.NARefAlt(ref=ref or None, alt=alt or None))
        genomic = hgvs.sequencevariant.SequenceVariant(ac=CONTIG, type="g", posedit=change)
        genomic = shifter.normalize(genomic)  # the 3'-most place on the gene strand, also in introns
        coding = mapper.g_to_c(genomic, MAIN)
        try:
            protein = str(mapper.c_to_p(coding).posedit)
        except Exception as error:  # a judge's own limits are part of the comparison
            protein = f"!{type(error).__name__}"
        return f"c.{coding.posedit}", f"p.{protein}" if not protein.startswith("!") else protein

    return name


def ferro_namer(resources: Path) -> Namer:
    """On the stored stretch of the chromosome: positions are counted from its first base."""
    import ferro_hgvs

    start, sequence = locus(resources)
    folder = Path(tempfile.mkdtemp())
    for file, name_, bases in (("genome", CONTIG, sequence), ("mrna", MAIN, spliced(resources))):
        (folder / f"{file}.fa").write_text(f">{name_}\n{bases}\n")
        index = (name_, len(bases), len(name_) + 2, len(bases), len(bases) + 1)
        (folder / f"{file}.fa.fai").write_text("\t".join(map(str, index)) + "\n")
    (folder / "cdot.json").write_text(json.dumps(cdot_data(resources, start)))
    manifest = {
        "prepared_at": "2026-01-01", "transcript_fastas": [str(folder / "mrna.fa")], "transcript_count": 1,
        "genome_fasta": str(folder / "genome.fa"), "cdot_json": str(folder / "cdot.json"),
        "cdot_grch37_json": None, "available_prefixes": ["NM"],
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    projector: Any = ferro_hgvs.VariantProjector.from_manifest(
        str(folder / "manifest.json"), assembly="GRCh38"
    )

    def name(pos: int, ref: str, alt: str) -> tuple[str, str]:
        pos, ref, alt = leftmost(*minimal(pos - start + 1, ref, alt), sequence)
        span = f"{pos}" if len(ref) == 1 else f"{pos}_{pos + len(ref) - 1}"
        if not ref and sequence[pos - 1 : pos - 1 + len(alt)] == alt:
            change = f"{pos}_{pos + len(alt) - 1}dup" if len(alt) > 1 else f"{pos}dup"
        elif not ref:
            change = f"{pos - 1}_{pos}ins{alt}"
        elif not alt:
            change = f"{span}del"
        elif len(ref) == len(alt) == 1:
            change = f"{pos}{ref}>{alt}"
        elif alt == reverse(ref):
            change = f"{span}inv"
        else:
            change = f"{span}delins{alt}"
        found = projector.project_normalized(ferro_hgvs.parse(f"{CONTIG}:g.{change}"), MAIN)
        return tuple(str(n).split(":")[-1] if n else "!none" for n in (found.c_name, found.p_name))  # type: ignore[return-value]

    return name


def main() -> None:
    judge, resources = sys.argv[1], Path(sys.argv[2])
    name = {"hgvs": hgvs_namer, "ferro": ferro_namer}[judge](resources)
    for line in sys.stdin:
        pos, ref, alt = line.split()
        try:
            c, p = name(int(pos), ref, alt)
        except Exception as error:
            c, p = f"!{type(error).__name__}: {str(error)[:80]}".replace("\t", " ").replace("\n", " "), "!"
        sys.stdout.write(f"{c}\t{p}\n")


if __name__ == "__main__":
    main()

"""Names by programs we did not write: reads ``pos ref alt`` lines (GRCh38), writes ``c. p. g.`` lines.

Run as ``python judge_names.py hgvs|ferro|weaver|mutalyzer RESOURCES [TRANSCRIPT]`` by a Python that has PyPI's
``hgvs`` and ``cdot`` (or ``ferro-hgvs``, ``hgvs-weaver``, ``mutalyzer`` with ``biopython``); ``versions`` in place of a
judge lists what it has. Of this project it reads only the locus and the exon table; a name that the program refuses to
give is ``!`` and the program's reason, one that it does not make ``-``. g. names are on GRCh38.
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
PROTEIN = "NP_000537.3"  # any name of a protein serves
Namer = Callable[[int, str, str], tuple[str, ...]]
Spans = list[tuple[int, int]]


def locus(resources: Path) -> tuple[int, str]:
    header, *lines = (resources / "reference" / "locus.fa").read_text().splitlines()
    return int(header.split(":")[1].split("-")[0]), "".join(lines)


def exons(resources: Path, accession: str = MAIN) -> tuple[Spans, Spans]:
    with (resources / "reference" / "transcripts.tsv").open() as handle:
        row = next(r for r in csv.DictReader(handle, delimiter="\t") if r["accession"] == accession)

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


def spliced(resources: Path, accession: str = MAIN) -> str:
    start, sequence = locus(resources)
    pieces = (sequence[low - start : high - start + 1] for low, high in exons(resources, accession)[0])
    return "".join(reverse(piece) for piece in pieces)


def coding_range(resources: Path, accession: str = MAIN) -> tuple[int, int]:
    """Index of the first coding base in the spliced transcript, and of the base after the stop codon."""
    exon_spans, cds = exons(resources, accession)
    before = sum(max(0, high - max(low, cds[0][1] + 1) + 1) for low, high in exon_spans)
    return before, before + sum(high - low + 1 for low, high in cds)


def cdot_data(resources: Path, accession: str = MAIN, start: int = 1) -> dict[str, Any]:
    """The transcript as cdot's JSON has it, on a contig whose first base is ``start``."""
    exon_spans, cds = exons(resources, accession)
    table, at = [], 1
    for number, (low, high) in enumerate(exon_spans):
        table.append([low - start, high - start + 1, number, at, at + high - low, None])
        at += high - low + 1
    first, last = coding_range(resources, accession)
    build = {"contig": CONTIG, "strand": "-", "exons": table[::-1],
             "cds_start": cds[-1][0] - start, "cds_end": cds[0][1] - start + 1}  # fmt: skip
    transcript = {"id": accession, "gene_name": "TP53", "gene_version": "7157", "protein": PROTEIN,
                  "start_codon": first, "stop_codon": last,
                  "genome_builds": {"GRCh38": build}}  # fmt: skip
    return {"cdot_version": "0.2.26", "genome_builds": ["GRCh38"],
            "genes": {"7157": {"gene_symbol": "TP53"}}, "transcripts": {accession: transcript}}  # fmt: skip


def minimal(pos: int, ref: str, alt: str) -> tuple[int, str, str]:
    """Without shared bases, as g. names want it; ``pos`` of an insertion is the base after it."""
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    return pos, ref, alt


def hgvs_namer(resources: Path, accession: str = MAIN) -> Namer:
    import hgvs.assemblymapper
    import hgvs.edit
    import hgvs.location
    import hgvs.normalizer
    import hgvs.posedit
    import hgvs.sequencevariant
    from cdot.hgvs.dataproviders import JSONDataProvider

    start, sequence = locus(resources)
    mrna = spliced(resources, accession)

    class Fetcher:
        source = "locus"

        def fetch_seq(self, ac: str, start_i: int | None = None, end_i: int | None = None) -> str:
            if ac == accession:
                return str(mrna[start_i:end_i])
            low, high = (start_i or 0) + 1 - start, (end_i or 0) + 1 - start
            return sequence[max(low, 0) : max(high, 0)]

    provider = JSONDataProvider(
        [io.BytesIO(json.dumps(cdot_data(resources, accession)).encode())], seqfetcher=Fetcher()
    )
    mapper = hgvs.assemblymapper.AssemblyMapper(
        provider, assembly_name="GRCh38", alt_aln_method="splign", replace_reference=True
    )

    shifter = hgvs.normalizer.Normalizer(provider, shuffle_direction=5, cross_boundaries=True)
    forward = hgvs.normalizer.Normalizer(provider, cross_boundaries=True)

    def name(pos: int, ref: str, alt: str) -> tuple[str, ...]:
        pos, ref, alt = minimal(pos, ref, alt)
        low, high = (pos, pos + len(ref) - 1) if ref else (pos - 1, pos)
        place = hgvs.location.Interval(
            start=hgvs.location.SimplePosition(low), end=hgvs.location.SimplePosition(high)
        )
        change = hgvs.posedit.PosEdit(place, hgvs.edit.NARefAlt(ref=ref or None, alt=alt or None))
        genomic = hgvs.sequencevariant.SequenceVariant(ac=CONTIG, type="g", posedit=change)
        named = forward.normalize(genomic)
        genomic = shifter.normalize(genomic)  # the 3'-most place on the gene strand, also in introns
        coding = mapper.g_to_c(genomic, accession)
        try:
            protein = str(mapper.c_to_p(coding).posedit)
        except Exception as error:  # a judge's own limits are part of the comparison
            protein = f"!{type(error).__name__}"
        return (
            f"c.{coding.posedit}",
            f"p.{protein}" if not protein.startswith("!") else protein,
            f"g.{named.posedit}",
        )

    return name


def ferro_namer(resources: Path, accession: str = MAIN) -> Namer:
    """On the stored stretch of the chromosome: positions are counted from its first base."""
    import ferro_hgvs

    start, sequence = locus(resources)
    folder = Path(tempfile.mkdtemp())
    for file, name_, bases in (
        ("genome", CONTIG, sequence),
        ("mrna", accession, spliced(resources, accession)),
    ):
        (folder / f"{file}.fa").write_text(f">{name_}\n{bases}\n")
        index = (name_, len(bases), len(name_) + 2, len(bases), len(bases) + 1)
        (folder / f"{file}.fa.fai").write_text("\t".join(map(str, index)) + "\n")
    (folder / "cdot.json").write_text(json.dumps(cdot_data(resources, accession, start)))
    manifest = {
        "prepared_at": "2026-01-01", "transcript_fastas": [str(folder / "mrna.fa")], "transcript_count": 1,
        "genome_fasta": str(folder / "genome.fa"), "cdot_json": str(folder / "cdot.json"),
        "cdot_grch37_json": None, "available_prefixes": ["NM"],
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    projector: Any = ferro_hgvs.VariantProjector.from_manifest(
        str(folder / "manifest.json"), assembly="GRCh38"
    )

    def name(pos: int, ref: str, alt: str) -> tuple[str, ...]:
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
        found = projector.project_normalized(ferro_hgvs.parse(f"{CONTIG}:g.{change}"), accession)
        return *(str(n).split(":")[-1] if n else "!none" for n in (found.c_name, found.p_name)), "-"

    return name


class WeaverProvider:
    """What ``hgvs-weaver`` asks of its data: one transcript, and a chromosome that is N outside the locus."""

    def __init__(self, resources: Path, accession: str) -> None:
        self.accession = accession
        self.start, self.sequence = locus(resources)
        self.mrna = spliced(resources, accession)
        spans, at = [], 0
        for low, high in exons(resources, accession)[0]:  # it takes the last base of an exon as its end
            size = high - low + 1
            spans.append({"transcript_start": at, "transcript_end": at + size, "reference_start": low - 1,
                          "reference_end": high - 1, "alt_strand": -1, "cigar": f"{size}="})  # fmt: skip
            at += size
        first, stop = coding_range(resources, accession)
        self.record = {"ac": accession, "gene": "TP53", "cds_start_index": first, "cds_end_index": stop - 1,
                       "strand": -1, "reference_accession": CONTIG, "exons": spans}  # fmt: skip

    def get_transcript(self, transcript_ac: str, reference_ac: str | None) -> dict[str, Any]:
        return self.record

    def get_seq(self, ac: str, low: int, high: int | None, kind: object) -> str:
        if ac == self.accession:
            return self.mrna[low:high]
        if ac != CONTIG:
            raise KeyError(ac)
        first, end = self.start - 1, self.start - 1 + len(self.sequence)
        high = end if high is None else high
        known = self.sequence[max(low - first, 0) : max(high - first, 0)]
        return "N" * (min(high, first) - low) + known + "N" * (high - max(low, end))

    def get_symbol_accessions(self, symbol: str, source: str, target: str) -> list[tuple[str, str]]:
        return [("protein_accession", PROTEIN)]

    def get_identifier_type(self, identifier: str) -> str:
        kinds = {"NC": "genomic_accession", "NP": "protein_accession"}
        return kinds.get(identifier[:2], "transcript_accession")


def weaver_namer(resources: Path, accession: str = MAIN) -> Namer:
    """It gets the bare change where the VCF has it and finds place and spelling itself."""
    import weaver

    mapper = weaver.VariantMapper(WeaverProvider(resources, accession))

    def name(pos: int, ref: str, alt: str) -> tuple[str, ...]:
        pos, ref, alt = minimal(pos, ref, alt)
        low, high = (pos, pos + len(ref) - 1) if ref else (pos - 1, pos)
        span = f"{low}" if low == high else f"{low}_{high}"
        if len(ref) == len(alt) == 1:
            change = f"{span}{ref}>{alt}"
        else:
            change = span + ("ins" + alt if not ref else f"delins{alt}" if alt else "del")
        genomic = weaver.parse(f"{CONTIG}:g.{change}")
        coding = mapper.normalize_variant(mapper.g_to_c(genomic, accession))
        try:
            protein = mapper.c_to_p(coding).format().split(":")[1]
        except weaver.HGVSError as error:
            protein = f"!{type(error).__name__}"
        return (
            coding.format().split(":")[1],
            protein,
            mapper.normalize_variant(genomic).format().split(":")[1],
        )

    return name


def mutalyzer_namer(resources: Path, accession: str = MAIN) -> Namer:
    """Mutalyzer's names of the difference between two proteins that Biopython translated: p. names alone.

    What lies within the exons, and leaves the start codon in place, is named; its DNA names need a library that PyPI does
    not have whole.
    """
    from Bio.Seq import Seq
    from mutalyzer.protein import protein_description

    start, sequence = locus(resources)
    gene, end = reverse(sequence), start + len(sequence) - 1
    parts = [(end - high, end - low + 1) for low, high in exons(resources, accession)[0]]
    first, stop = coding_range(resources, accession)
    before = str(Seq(spliced(resources, accession)[first:stop]).translate(to_stop=True))

    def name(pos: int, ref: str, alt: str) -> tuple[str, ...]:
        pos, ref, alt = leftmost(*minimal(pos - start + 1, ref, alt), sequence)
        low = len(sequence) - (pos - 1) - len(ref)  # on the gene's strand, counted from 0
        high, new = low + len(ref), reverse(alt)
        within = [a < low < b if low == high else a <= low and high <= b for a, b in parts]
        if not any(within):
            return "-", "!edge or intron", "-"
        changed = "".join(
            gene[a:low] + new + gene[high:b] if here else gene[a:b]
            for (a, b), here in zip(parts, within, strict=True)
        )
        index = sum(min(max(high - a, 0), b - a) for a, b in parts)  # where the change ends on the transcript
        begin = first + len(new) - len(ref) if index <= first else first
        after = str(Seq(changed[begin : begin + (len(changed) - begin) // 3 * 3]).translate())
        after = after[: after.find("*") + 1] or after
        if changed[begin : begin + 3] != "ATG":
            return "-", "!start", "-"
        return "-", f"p.({protein_description(len(new) - len(ref), before + '*', after)[0]})", "-"

    return name


def versions() -> list[str]:
    """``name version`` of what this Python has."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for package in (
        "hgvs",
        "cdot",
        "ferro-hgvs",
        "hgvs-weaver",
        "mutalyzer",
        "biopython",
        "mutalyzer-crossmapper",
    ):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return found


NAMERS = {"hgvs": hgvs_namer, "ferro": ferro_namer, "weaver": weaver_namer, "mutalyzer": mutalyzer_namer}


def main() -> None:
    judge, *rest = sys.argv[1:]
    if judge == "versions":
        sys.stdout.write("\n".join(versions()) + "\n")
        return
    name = NAMERS[judge](Path(rest[0]), *rest[1:])
    for line in sys.stdin:
        pos, ref, alt = line.split()
        try:
            names = name(int(pos), ref, alt)
        except Exception as error:
            names = (
                f"!{type(error).__name__}: {str(error)[:80]}".replace("\t", " ").replace("\n", " "),
                "!",
                "!",
            )
        sys.stdout.write("\t".join(names) + "\n")


if __name__ == "__main__":
    main()

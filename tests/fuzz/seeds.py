"""What is mutated: the shipped examples, callers' records in small, reads, sheets, reports, statements."""

from __future__ import annotations

import gzip
import json
import random
import sys
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "fixtures"))

EXAMPLE = ROOT / "resources" / "example"
RECORDS = """\
chr17	7675088	rs28934578	C	T	50	PASS	.	GT:AD:DP	0/1:60,40:100
chr17	7675088	.	C	T,G	50	PASS	AF=0.4,0.1	GT:AD:AF:PGT:PID:PS	0/1:50,40,10:0.4,0.1:0|1:7675088_C_T:7675088
chr17	7674220	.	GCC	ATT	.	.	DP=90	GT:DP:VD:AF:ALD	0/1:90:30:0.33:14,16
chr17	7673802	.	CGGGT	C	99	base_qual;weak_evidence	SVTYPE=INDEL	GT:RD:AD:FREQ	0/1:70:30:30%
chr17	7673700	.	G	GAAT	7	PASS	SAF=10;SAR=12;SRF=20;SRR=22	GT:AO:RO:DP	0/1:22:42:64
chr17	7670000	.	N	<DEL>	.	PASS	END=7680000;SVTYPE=DEL;SVLEN=-10000	GT	0/1
chr17	7675070	.	C	C[chr5:1000[	.	PASS	SVTYPE=BND	GT	0/1
chr17	7674900	.	A	<NON_REF>	.	.	END=7675087	GT:DP:GQ:MIN_DP	0/0:40:99:30
chr17	7674894	.	C	T,<NON_REF>	.	.	DP4=20,20,10,10	GT:AU:CU:GU:TU	./.:0,0:30,30:0,0:12,12
chr17	7674230	.	C	T	.	PASS	.	GT:TAR:TIR:TOR	0/1:40,40:20,20:1,1
chr17	7673776	.	G	A,*	.	PASS	.	GT:NR:NV	0/2:90,90:33,1
""".splitlines()
HEAD = (
    '##fileformat=VCFv4.2\n##FILTER=<ID=weak_evidence,Description="x">\n##contig=<ID=chr17,length=83257441>\n'
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="G">\n'
    "##tumor_sample=TUM\n##normal_sample=NOR\n"
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
EXPLAIN = (
    "R175H", "p.R175H", "p.(Arg175His)", "c.524G>A", "NM_000546.6:c.524G>A", "chr17:7675088C>T", "17-7578406-C-T",
    "rs28934578", "c.375+1G>A", "c.97-28_97-13del", "p.R213*", "R213fs", "p.(Arg213fs)", "c.742_743delinsTT",
    "NC_000017.11:g.7675088C>T", "c.-29+1G>T", "c.*1175A>C", "c.920-2A>G", "p.V31delinsIL", "c.1_1182del", "X47_splice",
    "NM_001126112.3:c.524G>A", "NP_000537.3:p.Arg175His", "chr17:7675088:C:T", "c.782+1_783-1dup", "p.Met1?",
)  # fmt: skip
STATEMENT = """\
[[statement]]
id = "X1"
claim = "A claim."
topic = "prognosis"
endpoint = "overall survival"
direction = "adverse"
population = "adults"
evidence_level = "cohort"
publish = "note"
caveats = ["small"]
when = [{field = "tp53_status", op = "in", value = ["mutated"]}, {field = "age_years", op = "ge", value = 18}]
[statement.effect]
measure = "HR"
value = "2.1"
ci = [1.2, 3.4]
[statement.reference]
short = "Someone 2020"
doi = "10.1000/x"
[[statement]]
id = "X2"
claim = "A claim."
topic = "prognosis"
endpoint = "overall survival"
direction = "neutral"
population = "adults"
evidence_level = "cohort"
strength = "congress"
publish = "note"
when = [{field = "leukaemia_sample", op = "in", value = ["yes"]}]
[statement.effect]
arms = [{group = "mutated", value = "60 %", interval = [50.0, 70.0], n = 20}, {group = "wild type", value = 71}]
[statement.reference]
short = "Someone, J Clin 2020;3(2):100-110"
"""


class Seeds(Struct, frozen=True, kw_only=True):
    """Bytes to mutate, by kind."""

    vcf: tuple[bytes, ...]
    bcf: tuple[bytes, ...]
    bam: tuple[bytes, ...]
    cram: tuple[bytes, ...]
    sheet: tuple[bytes, ...]
    xlsx: tuple[bytes, ...]
    reports: tuple[str, ...]
    statements: tuple[bytes, ...]
    bed: tuple[bytes, ...]


def _true(record: str) -> str:
    """The record with the bases of the reference in REF (and before an indel)."""
    from tp53annot.knowledge.resources import resources_of

    fields = record.split("\t")
    ref = resources_of().reference.bases(int(fields[1]), int(fields[1]) + len(fields[3]) - 1)
    if fields[4].isalpha() and len(fields[4]) != len(ref):
        fields[4] = ref[0] + fields[4][1:]
    return "\t".join([*fields[:3], ref, *fields[4:]])


def vcfs() -> tuple[bytes, ...]:
    """The examples, one file with all records, one per record, one with a pair, one without samples."""
    records = [_true(record) for record in RECORDS]
    text = [HEAD + COLUMNS + "TUM\n" + "\n".join(records) + "\n"]
    text += [HEAD + COLUMNS + f"TUM\n{record}\n" for record in records]
    text.append(
        HEAD + COLUMNS + "TUM\tNOR\n" + "\n".join(r + "\t" + r.split("\t")[9] for r in records) + "\n"
    )
    bare = "\n".join("\t".join(r.split("\t")[:8]) for r in records)
    text.append(HEAD + COLUMNS.removesuffix("\tFORMAT\t") + "\n" + bare + "\n")
    return (*(p.read_bytes() for p in sorted(EXAMPLE.glob("*.vcf"))), *(t.encode() for t in text))


def bcfs(folder: Path) -> tuple[bytes, ...]:
    """Uncompressed BCF of the example and of the records that htslib takes."""
    import pysam
    import pysam.bcftools

    path = folder / "seed.bcf"
    pysam.bcftools.view("-Ou", "-o", str(path), str(EXAMPLE / "demo.grch38.vcf"), catch_stdout=False)
    return (gzip.decompress(path.read_bytes()),)


def bams(folder: Path) -> tuple[bytes, ...]:
    """Small BAMs (the data inside the compression): single reads, pairs, indels, clips."""
    from bam_files import Change, write_bam

    rows = (
        {"depth": 6, "skip": range(5, 12), "changes": [Change(pos=7675088, ref="C", alt="T", vaf=0.5)]},
        {"depth": 8, "skip": (2, 3, 4, 6, 7, 8, 9, 10, 11), "paired": True,
         "changes": [Change(pos=7675180, ref="CGT", alt="C", vaf=0.5)]},
    )  # fmt: skip
    found = []
    for number, row in enumerate(rows):
        path = write_bam(folder / f"{number}.bam", **row)  # type: ignore[arg-type]
        found.append(gzip.decompress(path.read_bytes()))
    return tuple(found)


def crams(folder: Path) -> tuple[bytes, ...]:
    """A CRAM written without reference bases."""
    import pysam

    path = folder / "0.cram"
    with (
        pysam.AlignmentFile(str(folder / "0.bam")) as source,
        pysam.AlignmentFile(str(path), "wc", template=source, format_options=[b"no_ref=1"]) as sink,  # type: ignore[list-item]
    ):
        for read in source.fetch(until_eof=True):
            sink.write(read)
    return (path.read_bytes(),)


def workbooks(folder: Path) -> tuple[bytes, ...]:
    """The shipped sheet as XLSX."""
    from openpyxl import Workbook

    book = Workbook()
    for row in (EXAMPLE / "samples.tsv").read_text().splitlines():
        book.active.append(row.split("\t"))  # type: ignore[union-attr]
    book.save(folder / "seed.xlsx")
    return ((folder / "seed.xlsx").read_bytes(),)


def reports(folder: Path) -> tuple[str, ...]:
    """Finished reports of the example and of reads."""
    from tp53annot.run import pipeline
    from tp53annot.run.settings import OutputSettings, RunSettings

    output = OutputSettings(folder=folder / "reports", formats=("json",), jobs=1)
    pipeline.run(
        [EXAMPLE / "demo.grch38.vcf", folder / "0.bam"], RunSettings(context={"age_years": "64"}), output
    )
    found = sorted(folder.glob("reports/*/*.tp53.json"))
    return tuple(json.dumps(json.loads(p.read_text())) for p in found)


def make(folder: Path) -> Seeds:
    """All seeds; ``folder`` takes the files they are made with."""
    random.seed(1)
    sheet = (EXAMPLE / "samples.tsv").read_bytes()
    return Seeds(
        vcf=vcfs(), bcf=bcfs(folder), bam=bams(folder), cram=crams(folder), xlsx=workbooks(folder),
        sheet=(sheet, sheet.replace(b"\t", b","), b"sample\tvcf\nDEMO-01\tdemo.grch38.vcf\n"),
        reports=reports(folder),
        statements=(STATEMENT.encode(),
                    *(p.read_bytes() for p in sorted((ROOT / "resources" / "evidence").glob("*_2025.toml"))[:2])),
        bed=(b"chr17\t7668400\t7688000\tx\t3\nchr17\t7675000\t7675200\n17\t7571719\t7590868\tCALLABLE\n",),
    )  # fmt: skip

"""Each caller's dialect: recognised by a header line it writes and by its own fields, and never taken for another.

A new dialect adds its row to ``ROWS``; its counts are in test_vcf_callers.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from vcf_files import GRCH38, source, write_vcf

from tp53annot.vcf.dialects.dialect import Call
from tp53annot.vcf.dialects.registry import DIALECTS, FileDialects
from tp53annot.vcf.header import Header

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "S1"]
# dialect, a header line as the caller writes it, a record's keys and values, (ALT reads, depth)
ROWS = [
    ("bcftools", "##bcftools_callCommand=call -mv; Date=x", "GT:PL:DP4", "0/1:9,0,9:30,30,22,18", (40, 100)),
    ("clair", "##source=Clair3", "GT:GQ:DP:AD:AF", "0/1:20:100:60,40:0.4", (40, 100)),
    ("freebayes", "##source=freeBayes v0.9.20-16-g3e35e72", "GT:DP:RO:AO", "0/1:100:60:40", (40, 100)),
    ("gatk", "##source=Mutect2", "GT:AD:AF:DP", "0/1:60,40:0.4:100", (40, 100)),
    ("caveman", "##cavemanVersion=1.15.3", "GT:FAZ:FCZ:FGZ:FTZ:RAZ:RCZ:RGZ:RTZ:PM",
     "0|1:0:30:0:22:0:30:0:18:4.0e-01", (40, 100)),
    ("clc", "##source=CLC Genomics Workbench 12.0", "GT:CLCAD2:DP", "0/1:60,40:100", (40, 100)),
    ("deepvariant", "##DeepVariant_version=1.5.0", "GT:GQ:DP:AD:VAF", "0/1:9:100:60,40:0.4", (40, 100)),
    ("generic", "##source=MyCaller 1", "GT:GQ:AD:AF", "0/1:9:60,40:0.4", (40, 100)),
    ("octopus", '##octopus=<version=0.7.4,command="octopus -R x.fa">', "GT:DP:MAP_VAF", "0|1:100:0.4", (40, 100)),
    ("pindel", "##source=grep.pl,pindel", "GT:PP:NP:WTP:WTN:MTP:MTN:VAF", "./.:9:9:30:30:22:18:0.4", (40, 100)),
    ("pisces", "##source=CallSomaticVariants 3.5.1.1", "GT:GQ:AD:VF", "0/1:9:60,40:0.4", (40, 100)),
    ("smcounter", "##source=smCounter2", "GT:DP:VDP:VAF:UMT:VMT:VMF", "0/1:999:9:0.01:100:40:0.4", (40, 100)),
    ("split_reads", "##source=GenerateSVCandidates 1.6.0", "GT:PR:SR", "0/1:20,10:40,30", (40, 100)),
    ("umi_varcal", '##source="UMI-VarCal"', "GT:DP:AO", "0/1:100:40", (40, 100)),
    ("longshot", "##source=Longshot v0.4.0", "GT:GQ:UG:DP:AD", "0/1:99:0/1:100:60,40", (40, 100)),
    ("medaka", "##medaka_version=1.11.1", "GT:GQ:AD", "1:25:60,40", (40, 100)),
    ("lofreq", "##source=lofreq call --call-indels -f x.fa", "GT:DP4", "0/1:30,30,22,18", (40, 100)),
    ("platypus", "##source=Platypus_Version_0.8.1", "GT:NR:NV", "0/1:100:40", (40, 100)),
    ("strelka", "##source=strelka", "DP:AU:CU:GU:TU", "101:1,1:60,61:0,0:40,44", (40, 101)),
    ("torrent", '##source="tvc 5.12-27 (4d2f8) - Torrent Variant Caller"', "GT:RO:FRO:AO:FAO", "0/1:50:60:45:40", (40, 100)),
    ("vardict", "##source=VarDict_v1.8.2", "GT:DP:VD", "0/1:100:40", (40, 100)),
    ("varscan", "##source=VarScan2", "GT:RD:AD:FREQ:DP4", "0/1:60:40:40%:30,30,22,18", (40, 100)),
]  # fmt: skip
MORE_HEADERS = [
    ("gatk", "##tumor_sample=T"),
    ("gatk", '##GATKCommandLine=<ID=HaplotypeCaller,CommandLine="HaplotypeCaller -R x.fa">'),
    ("gatk", '##DRAGENCommandLine=<ID=dragen,Version="SW: 05.021">'),
    ("clair", "##clair3_version=1.0.10"),
    ("deepvariant", "##DeepSomatic_version=1.8.0"),
    ("platypus", "##platypusOptions={'assemblyRegionSize': 1500}"),
    ("bcftools", "##samtoolsVersion=1.16+htslib-1.16"),
]
REAL = {
    "dragen_germline_grch38.vcf.gz": "gatk",
    "freebayes_hg19_nocontigs.vcf": "freebayes",
    "gatk_hc_rna_grch38.vcf.gz": "gatk",
    "mutect2_cfdna_grch37.vcf": "gatk",
    "mutect2_hcc1395_grch38.vcf.gz": "gatk",
    "pisces_hg19.vcf": "pisces",
    "strelka2_tn_grch38.vcf": "strelka",
    "T001-COAD.grch38.vcf.gz": "generic",
    "vardict_single_grch37.vcf": "vardict",
}


def spoken(header: str, keys: str) -> list[str]:
    """The dialects of a record, the one that is asked first at the head."""
    dialects = FileDialects(Header.of(["##fileformat=VCFv4.2", *header.split("\n")], COLUMNS))
    return [dialect.name for dialect in dialects.of(keys.split(":"))]


def test_every_dialect_has_its_row_and_stands_in_the_docs() -> None:
    assert sorted(row[0] for row in ROWS) == sorted(dialect.name for dialect in DIALECTS)
    page = (ROOT / "docs" / "inputs.md").read_text()
    for dialect in DIALECTS:
        row = (dialect.callers, dialect.reads, dialect.depth, dialect.roles)
        assert f"| {' | '.join(row)} |" in page
        assert f"| {dialect.callers} | {dialect.blocks} |" in page


@pytest.mark.parametrize(("name", "header"), [row[:2] for row in ROWS] + MORE_HEADERS)
def test_a_header_line_names_its_caller_and_no_other(name: str, header: str) -> None:
    assert spoken(header, "GT:AD")[0] == name
    assert spoken(header, "GT:AD")[1:] == ([] if name == "generic" else ["generic"])


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_fields_are_read_with_and_without_the_header(tmp_path: Path, row: tuple) -> None:
    _, header, keys, values, (reads, depth) = row
    line = f"chr17\t7675088\t.\tC\tT\t50\tPASS\t.\t{keys}\t{values}"
    for lines in (GRCH38, f"{GRCH38}\n{header}"):
        (calls,) = source(write_vcf(tmp_path, line, header=lines)).calls()
        (found,) = calls.candidates
        assert (found.support.alt_reads, found.support.depth) == (reads, depth)


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_in_the_dialect_of_their_caller(shared: Path, name: str) -> None:
    opened = source(shared / "real" / "vcf" / name)
    assert {opened.dialects.of(r.format.split(":"))[0].name for r in opened.records} == {REAL[name]}


def test_what_a_record_shows_goes_before_what_a_merged_header_names() -> None:
    both = "##bcftools_callCommand=call\n##source=VarScan2\n##source=strelka"
    assert spoken(both, "GT:RD:AD:FREQ:DP4") == ["varscan", "bcftools", "strelka", "generic"]
    assert spoken(both, "DP:TAR:TIR") == ["strelka", "bcftools", "varscan", "generic"]
    assert spoken(both, "GT:AD") == ["bcftools", "strelka", "varscan", "generic"]


def test_a_dialect_built_on_another_goes_before_it() -> None:
    assert spoken("##source=x", "GT:RO:FRO:AO:FAO") == ["torrent", "freebayes", "generic"]


BLOCKS = [
    ({"MIN_DP": "20", "DP": "30"}, {"DP": "40"}, 20),
    ({"MIN_DP": ".", "DP": "30"}, {"DP": "40"}, 30),
    ({"GT": "0/0"}, {"DP": "40"}, 40),
    ({"GT": "0/0", "DP": "0"}, {}, 0),
    ({"GT": "0/0"}, {}, None),
]


@pytest.mark.parametrize(("fields", "info", "depth"), BLOCKS)
def test_the_depth_a_reference_block_states(
    fields: dict[str, str], info: dict[str, str], depth: int | None
) -> None:
    for dialect in DIALECTS:
        assert dialect.block_depth(fields, info) == depth


SCALES = [
    ("FREQ", "12,5%", 0.125),
    ("FREQ", "12.5%", 0.125),
    ("AF", "0.25", 0.25),
    ("AF", "25", None),
    ("VF", "0.25", 0.25),
    ("FA", "0.25", 0.25),
    ("TVAF", "0.25", 0.25),
    ("VAF", "1.5%", 0.015),
    ("VAF", "1,5 %", 0.015),
    ("AF", "140%", None),
    ("PM", "7.5e-03", 0.0075),
]


@pytest.mark.parametrize(("key", "text", "fraction"), SCALES)
def test_the_scale_of_a_stated_fraction(key: str, text: str, fraction: float | None) -> None:
    call = Call(fields={key: text}, info={}, ref="C", alts=("T",), index=0)
    assert FileDialects(Header.of([], COLUMNS)).stated_fraction(call) == fraction

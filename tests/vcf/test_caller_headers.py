"""Every row of the table of callers in docs/inputs.md, on a file with the header that the caller writes.

The header lines are those of the public source beside each; the records are ours, R175H at 40 of 100 reads (or
molecules) in the tumour, and 0 of 50 in a normal.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tp53annot_cli import reports_of
from vcf_files import GRCH38, source, write_vcf

from tp53annot.vcf.dialects.registry import DIALECTS

SNV, DELETION = "chr17\t7675088\t.\tC\tT\t50\tPASS", "chr17\t7675088\t.\tCGC\tC\t50\tPASS"


def fmt(**fields: str) -> str:
    """FORMAT lines: key, then ``Number/Type/Description``."""
    lines = (text.split("/", 2) for text in fields.values())
    return "\n".join(
        f'##FORMAT=<ID={key},Number={number},Type={kind},Description="{words}">'
        for key, (number, kind, words) in zip(fields, lines, strict=True)
    )


_BASES = {f"{s}{b}Z": f"1/Integer/Reads presenting a {b} for this position, {w} strand"
          for s, w in (("F", "forward"), ("R", "reverse")) for b in "ACGT"}  # fmt: skip
_SANGER = (
    "##SAMPLE=<ID=NORMAL,Accession=.,Description=\"Wildtype\",Platform=ILLUMINA,Protocol=WGS,SampleName=PD1b,Source=.>\n"
    "##SAMPLE=<ID=TUMOUR,Accession=.,Description=\"Mutant\",Platform=ILLUMINA,Protocol=WGS,SampleName=PD1a,Source=.>\n"
)  # fmt: skip
_BOTH = ["NORMAL", "TUMOUR"]
# dialect, source of the header, header, columns (the tumour last), record up to INFO, FORMAT, cells, field of the VAF
CALLERS: list[tuple[str, str, str, list[str], str, str, list[str], str]] = [
    ("bcftools", "samtools/samtools 0.1.19 bcftools/vcfutils, FORMAT of mpileup -D -S",
     "##samtoolsVersion=0.1.19-44428cd\n" + fmt(PL="G/Integer/List of Phred-scaled genotype likelihoods",
     DP="1/Integer/# high-quality bases", DV="1/Integer/# high-quality non-reference bases"),
     ["S1"], f"{SNV}\tAF1=0.5", "GT:PL:DP:DV:GQ", ["0/1:99,0,99:100:40:99"], "DV/DP"),
    ("bcftools", "samtools/bcftools call, INFO of mpileup", "##bcftools_callCommand=call -mv; Date=Mon",
     ["S1"], f"{SNV}\tDP=100;DP4=30,30,22,18;MQ=60", "GT:PL", ["0/1:99,0,99"], "DP4"),
    ("caveman", "cancerit/CaVEMan src/output.c",
     "##cavemanVersion=1.15.3\n" + _SANGER + fmt(GT="1/String/Genotype", **_BASES,
     PM="1/Float/Proportion of mut allele"), _BOTH, f"{SNV}\tDP=150;MP=1.0e+00;SNPP=1e-9",
     "GT:FAZ:FCZ:FGZ:FTZ:RAZ:RCZ:RGZ:RTZ:PM",
     ["0|0:0:25:0:0:0:25:0:0:0.0e+00", "0|1:0:30:0:22:0:30:0:18:4.0e-01"], "FAZ..RTZ"),
    ("pindel", "cancerit/cgpPindel OutputGen/VcfBlatConverter.pm",
     "##source=pindel\n" + _SANGER + fmt(PP="1/Integer/Pindel calls on the positive strand",
     NP="1/Integer/Pindel calls on the negative strand", WTP="1/Integer/+ve strand reads BLATed to reference",
     MTP="1/Integer/+ve strand reads BLATed to alternate sequence at this location",
     VAF="1/Float/Variant allele fraction"), _BOTH, f"{DELETION}\tPC=D;RS=1;RE=2;LEN=2;REP=1;S1=4",
     "GT:PP:NP:WTP:WTN:MTP:MTN:VAF", ["./.:0:0:25:25:0:0:0.000", "./.:12:10:30:30:22:18:0.400"], "MTP+MTN"),
    ("pindel", "cancerit/cgpPindel OutputGen/VcfConverter.pm",
     "##source=grep.pl,pindel\n" + fmt(PP="1/Integer/Pindel calls on the positive strand",
     PR="1/Integer/Total mapped reads on the positive strand", PU="1/Integer/Unique calls on the positive strand"),
     _BOTH, f"{DELETION}\tPC=D;LEN=2", "GT:PP:NP:PB:NB:PD:ND:PR:NR:PU:NU",
     ["./.:0:0:0:0:25:25:25:25:0:0", "./.:9:8:20:18:50:50:50:50:22:18"], "PU+NU of PR+NR"),
    ("clc", "QIAGEN CLC Genomics Workbench manual, VCF export",
     "##source=CLC Genomics Workbench 20.0\n" + fmt(DP="1/Integer/Total number of filtered reads used to call variants",
     CLCAD2="R/Integer/Allele depth, number of filtered reads supporting the alleles, ordered as listed in REF and ALT"),
     ["S1"], f"{SNV}\t.", "GT:CLCAD2:DP", ["0/1:60,40:100"], "CLCAD2"),
    ("smcounter", "QIAGEN smCounter2, vcf header",
     "##source=smCounter2\n" + fmt(DP="1/Integer/Total read depth", VDP="./Integer/Variant read depth",
     VAF="./Float/Variant read allele frequency", UMT="1/Integer/Total used UMI depth",
     VMT="./Integer/Variant UMI depth", VMF="./Float/Variant UMI allele frequency"),
     ["S1"], f"{SNV}\tTYPE=SNP;RepRegion=NA", "GT:DP:VDP:VAF:UMT:VMT:VMF",
     ["0/1:900:450:0.5:100:40:0.4"], "VMT/UMT"),
    ("smcounter", "QIAGEN smCounter, vcf header with counts in INFO",
     "##source=smCounter_v1\n" + fmt(AD="./Integer/Filtered allelic MT depths for the ref and alt alleles",
     VF="1/Float/Variant MT fraction, same as VMF"),
     ["S1"], f"{SNV}\tTYPE=SNP;DP=900;MT=120;UMT=100;VMT=40;VMF=0.4", "GT:AD:VF", ["0/1:60,40:0.4"], "AD"),
    ("octopus", "luntergroup.github.io/octopus, annotations: AF is AD / ADP, one number an allele",
     '##octopus=<version=0.7.4,command="octopus -I N.bam T.bam --normal-sample NORMAL">\n' + fmt(
     AF="R/Float/Empirical allele frequency (AD / ADP)", DP="1/Integer/Number of read overlapping the call"),
     ["NORMAL", "T"], f"{SNV}\tSOMATIC", "GT:GQ:DP:AF", ["0|0:99:50:1,0", "0|1:99:100:0.6,0.4"], "AF"),
    ("octopus", "luntergroup/octopus issue 31, FORMAT of the cancer caller",
     '##source=octopus\n' + fmt(MAP_VAF="1/Float/Maximum a posteriori Variant Allele Frequency"),
     ["S1"], f"{SNV}\tSOMATIC", "GT:DP:MAP_VAF:VAF_CR", ["0|1:100:0.4:0.31,0.49"], "MAP_VAF"),
    ("umi_varcal", "vincent-sater/umi-varcal functions, GenerateVCFHeader",
     '##source="UMI-VarCal"\n##INFO=<ID=AF,Number=1,Type=Float,Description="Allele frequency based on allele '
     'count/depth">\n##INFO=<ID=AO,Number=2,Type=Integer,Description="Alternate allele observation count">',
     [], f"{SNV}\tAF=0.4;AO=40;DP=100;HP=1;TYPE=SNV;CONF=certain", "", [], "AO/DP"),
    ("pisces", "Illumina/Pisces, VcfFileWriter tests",
     '##source=Pisces 5.2.10.49\n##Pisces_cmdline="x"\n' + fmt(VF="./Float/Variant Frequency",
     NL="1/Integer/Applied BaseCall Noise Level", SB="1/Float/StrandBias Score"),
     ["S1"], f"{SNV}\tDP=100", "GT:GQ:AD:DP:VF:NL:SB:NC:US:AQ:LQ", ["0/1:100:60,40:100:0.4:20:-100:0:1:9:0"], "AD"),
    ("deepvariant", "google/deepvariant docs, VCF of WGS case study",
     "##DeepVariant_version=1.5.0\n" + fmt(VAF="A/Float/Variant allele fractions."),
     ["S1"], f"{SNV}\t.", "GT:GQ:DP:AD:VAF:PL", ["0/1:50:100:60,40:0.4:50,0,60"], "AD"),
    ("clair", "HKUBAL/Clair3, header of its VCF", "##source=Clair3\n##clair3_version=1.0.4\n" + fmt(AF=
     "1/Float/Observed allele frequency in reads, for each ALT allele, in the same order as listed"),
     ["SAMPLE"], f"{SNV}\tP", "GT:GQ:DP:AF", ["0/1:18:100:0.4000"], "AF"),
    ("longshot", "whatshap/whatshap issue 321, header and records of Longshot 0.4.0",
     '##source=Longshot v0.4.0\n##INFO=<ID=AC,Number=R,Type=Integer,Description="Number of Observations of Each Allele">\n'
     '##INFO=<ID=AM,Number=1,Type=Integer,Description="Number of Ambiguous Allele Observations">', ["SAMPLE"],
     f"{SNV}\tDP=105;AC=60,40;AM=5;MC=0;MF=0.000;AQ=30.1;GM=1", "GT:GQ:PS:UG:UQ", ["0|1:500.00:7675088:0/1:500.00"], "AC"),
    ("longshot", "pjedge/longshot issue 107, FORMAT of version 1.0", "##source=Longshot v1.0.0", ["SAMPLE"],
     f"{SNV}\tDP=105;AM=5;AQ=30.1;GM=1", "GT:GQ:PS:UG:UQ:DP:AD", ["0|1:99:7675088:0/1:99:105:60,40"], "AD"),
    ("medaka", "nanoporetech/medaka issue 470 and tools annotate",
     '##medaka_version=1.11.1\n##INFO=<ID=SR,Number=.,Type=Integer,Description="Depth of spanning reads by strand which '
     'best align to each allele (ref fwd, ref rev, alt1 fwd, alt1 rev, etc.)">', ["SAMPLE"],
     f"{SNV}\tAR=2,3;DP=106;DPS=55,51;DPSP=105;SC=1,2,3,4;SR=32,28,22,18", "GT:GQ", ["1:25"], "SR"),
    ("gatk", "broadinstitute/gatk Mutect2 VCF of the tests",
     "##source=Mutect2\n##normal_sample=NORMAL\n##tumor_sample=T\n" + fmt(AD="R/Integer/Allelic depths for the ref "
     "and alt alleles in the order listed", AF="A/Float/Allele fractions of alternate alleles in the tumor"),
     ["NORMAL", "T"], f"{SNV}\tDP=150", "GT:AD:AF:DP:SB", ["0/0:50,0:0.02:50:25,25,0,0",
     "0/1:60,40:0.39:100:30,30,22,18"], "AD"),
    ("gatk", "Shicheng-Guo/HowtoBook: GATKCommandLine of MuTect 3.1; FA of MuTect 1",
     '##MuTect="analysis_type=MuTect tumor_sample_name=T normal_sample_name=N read_buffer_size=null"\n'
     + fmt(FA="A/Float/Allele fraction of the alternate allele with regard to reference"),
     ["N", "T"], f"{SNV}\tSOMATIC;VT=SNP", "GT:BQ:DP:FA:SS", ["0:.:50:0.00:0", "0/1:30:100:0.400:2"], "FA"),
    ("gatk", "Sentieon manual, TNscope command line kept in the header",
     '##SentieonCommandLine.TNscope=<ID=TNscope,Version="202112",CommandLine="sentieon driver --algo TNscope '
     '--tumor_sample T --normal_sample N out.vcf">', ["N", "T"], f"{SNV}\tECNT=1;NLOD=9;TLOD=80",
     "GT:AD:AF:AFDP:ALTHC:BaseQRankSumPS:SOR", ["0/0:50,0:0.0:50:0:.:1", "0/1:60,40:0.4:100:38:0.1:0.7"], "AD"),
    ("freebayes", "freebayes v0.9.21 header in KHP-Informatics/ngseasy issue 5",
     "##source=freeBayes v0.9.21-19-gc003c1e", ["S1"], f"{SNV}\tSAF=22;SAR=18;SRF=30;SRR=30",
     "GT:GQ:DP:RO:QR:AO:QA", ["0/1:99:100:60:2000:40:1500"], "RO:AO"),
    ("lofreq", "CSB5/lofreq call header", "##source=lofreq call -f x.fa -o o.vcf T.bam",
     [], f"{SNV}\tDP=100;AF=0.400000;SB=0;DP4=30,30,22,18", "", [], "DP4"),
    ("platypus", "andyrimmer/Platypus 0.8.1 header", "##source=Platypus_Version_0.8.1\n" + fmt(
     NR="./Integer/Number of reads covering variant location in this sample",
     NV="./Integer/Number of reads containing variant in this sample"),
     ["S1"], f"{SNV}\tTC=100;TR=40", "GT:GL:GOF:GQ:NR:NV", ["0/1:-9,0,-9:1:99:100:40"], "NR:NV"),
    ("strelka", "Illumina/strelka v2.9 user guide", "##source=strelka\n##source_version=2.9.10\n" + fmt(
     AU="2/Integer/Number of A alleles used in tiers 1,2", TU="2/Integer/Number of T alleles used in tiers 1,2"),
     ["NORMAL", "TUMOR"], f"{SNV}\tSOMATIC;QSS=153", "DP:FDP:SDP:SUBDP:AU:CU:GU:TU",
     ["50:0:0:0:0,0:50,50:0,0:0,0", "100:1:0:0:0,0:60,61:0,0:40,44"], "AU:CU:GU:TU"),
    ("torrent", "Torrent Variant Caller 4.4 and Genexus header",
     '##source="tvc 4.4-3 (b4969eb-2479794) - Torrent Variant Caller"\n##basecallerVersion="4.0-6/76303"\n' + fmt(
     FDP="1/Integer/Flow Evaluator Read Depth", FAO="A/Integer/Flow Evaluator Alternate allele observations",
     AF="A/Float/Allele frequency based on Flow Evaluator observation counts"),
     ["S1"], f"{SNV}\tAF=0.4;AO=41;DP=104;FAO=40;FDP=100;FRO=60", "GT:GQ:DP:FDP:RO:FRO:AO:FAO:AF:SAR:SAF",
     ["0/1:99:104:100:61:60:41:40:0.4:20:21"], "FRO:FAO"),
    ("vardict", "AstraZeneca-NGS/VarDict var2vcf_valid.pl", "##source=VarDict_v1.8.2\n" + fmt(
     VD="1/Integer/Variant Depth", ALD="2/Integer/Variant forward, reverse reads"),
     ["S1"], f"{SNV}\tDP=100;VD=40;AF=0.4", "GT:DP:VD:AD:AF:RD:ALD", ["0/1:100:40:60,40:0.4:30,30:22,18"], "AD"),
    ("varscan", "dkoboldt/varscan 2.3 somatic --output-vcf", "##source=VarScan2\n" + fmt(
     RD="1/Integer/Depth of reference-supporting bases (reads1)", FREQ="1/String/Variant allele frequency"),
     ["NORMAL", "TUMOR"], f"{SNV}\tDP=150;SOMATIC;SS=2", "GT:GQ:DP:RD:AD:FREQ:DP4",
     ["0/0:.:50:50:0:0%:25,25,0,0", "0/1:.:100:60:40:40%:30,30,22,18"], "RD:AD"),
    ("split_reads", "Illumina/manta user guide", "##source=GenerateSVCandidates 1.6.0\n" + fmt(
     PR="./Integer/Spanning paired-read support for the ref and alt alleles in the order listed",
     SR="./Integer/Split reads for the ref and alt alleles in the order listed, for reads where P(allele|read)>0.999"),
     ["S1"], f"{DELETION}\tSVTYPE=DEL;SVLEN=-2", "GT:PR:SR", ["0/1:20,0:40,40"], "SR+PR"),
    ("generic", "vcfpy of any other caller", "##source=OurCaller 1.0\n" + fmt(
     AD="R/Integer/Read depth for each allele"), ["S1"], f"{SNV}\t.", "GT:AD", ["0/1:60,40"], "AD"),
]  # fmt: skip
IDS = [f"{row[0]}-{row[7]}" for row in CALLERS]


def test_every_caller_of_the_table_has_a_file_with_its_header() -> None:
    assert {row[0] for row in CALLERS} == {dialect.name for dialect in DIALECTS}
    assert all(row[1] for row in CALLERS)


@pytest.mark.parametrize("row", CALLERS, ids=IDS)
def test_reads_and_roles_of_each_caller(tmp_path: Path, row: tuple) -> None:
    name, _, header, columns, record, form, cells, field = row
    line = "\t".join([record, *([form] if columns else []), *cells])
    path = write_vcf(tmp_path, line, samples=columns, header=f"{GRCH38}\n{header}")
    opened = source(path)
    spoken = opened.dialects.of(form.split(":") if form else opened.records[0].info_fields())
    assert name in [dialect.name for dialect in spoken]
    (calls,) = opened.calls()  # the normal, where there is one, gets no report of its own
    (found,) = calls.candidates
    assert (found.support.vaf, found.support.depth, found.support.alt_reads) == (pytest.approx(0.4), 100, 40)
    assert (found.support.vaf_source or "").startswith(field)
    assert calls.sample == (columns[-1] if columns else "calls")
    if len(columns) == 2:
        assert found.normal is not None
        assert (found.normal.vaf or 0.0) < 0.03


@pytest.mark.parametrize("row", CALLERS, ids=IDS)
def test_a_report_of_each_caller(tmp_path: Path, row: tuple) -> None:
    _, _, header, columns, record, form, cells, _ = row
    line = "\t".join([record, *([form] if columns else []), *cells])
    path = write_vcf(tmp_path, line, samples=columns, header=f"{GRCH38}\n{header}")
    (report,) = reports_of(path, tmp_path / "o").values()
    assert report["assessment"]["status"] == "mutated"
    assert [v["vaf"] for v in report["variants"]] == [0.4]

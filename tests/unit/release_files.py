"""Releases of other databases in the form their publishers give them, written small for a test."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from whole_gene import genes, namer

from tp53annot.gene_table import gene_alleles
from tp53annot.knowledge import load_knowledge
from tp53annot.model import Allele, Build, TranscriptVariant

LENGTH = {build: info.length for build, info in namer().reference.builds.items()}


def snvs() -> Iterator[tuple[Allele, TranscriptVariant]]:
    """Every coding and splice-site substitution, in the order of GRCh38 positions."""
    found = [(a, pair[0].variant) for a, pair in zip(gene_alleles(namer()), genes().values(), strict=True)]
    return iter(sorted(found, key=lambda item: (item[0].pos, item[0].alt)))


def at(allele: Allele, build: Build) -> int:
    """Position on a build."""
    return namer().reference.to_build(allele.pos, build)


def vcf(
    infos: Iterable[str],
    rows: Iterable[str],
    build: Build = Build.GRCH38,
    extra: str = "",
    contig: bool = True,
) -> str:
    """VCF text."""
    head = ["##fileformat=VCFv4.2"]
    head += [f"##contig=<ID=17,length={LENGTH[build]}>"] if contig else []
    head += [extra] if extra else []
    head += [f'##INFO=<ID={name},Number=.,Type=String,Description="{name}">' for name in infos]
    return "\n".join([*head, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO", *rows]) + "\n"


def clinvar_vcf(build: Build = Build.GRCH38, *, contig: bool = True, limit: int | None = None) -> str:
    """A ClinVar VCF that holds every coding substitution once, and other genes beside them."""
    known = load_knowledge().clinvar
    rows = ["17\t7000000\t11\tA\tG\t.\t.\tCLNSIG=Benign;CLNREVSTAT=x;GENEINFO=ASGR1:432"]
    for number, (allele, variant) in enumerate(snvs(), 100_000):
        row = known.get(variant.hgvs_c)
        word = (row.classification if row else "Uncertain significance").replace(" ", "_")
        review = (
            row.review_status if row and row.review_status else "criteria provided, single submitter"
        ).replace(" ", "_")
        onc = (
            ";ONC=Oncogenic;ONCREVSTAT=criteria_provided,_single_submitter"
            if variant.hgvs_p_short == "R175H"
            else ""
        )
        rows.append(
            f"17\t{at(allele, build)}\t{number}\t{allele.ref}\t{allele.alt}\t.\t.\tALLELEID={number};"
            f"CLNREVSTAT={review};CLNSIG={word};GENEINFO=TP53:7157|WRAP53:55135;RS={number}{onc}"
        )
    rows.append(
        f"17\t{at(Allele(pos=7675088, ref='C', alt='T'), build)}\t9\tC\tT\t.\t.\tGENEINFO=TP53:7157;CLNREVSTAT=x"
    )
    names = ("CLNSIG", "CLNREVSTAT", "GENEINFO", "RS", "ONC", "ONCREVSTAT")
    date = "##fileDate=2026-11-16\n##reference=" + build.value
    return vcf(names, rows[:limit], build, date, contig)


SUMMARY = (
    "#AlleleID\tType\tName\tGeneID\tGeneSymbol\tHGNC_ID\tClinicalSignificance\tClinSigSimple\tLastEvaluated\t"
    "RS# (dbSNP)\tAssembly\tChromosome\tReviewStatus\tVariationID\tPositionVCF\tReferenceAlleleVCF\t"
    "AlternateAlleleVCF\tOncogenicity\tReviewStatusOncogenicity"
)


def clinvar_summary() -> str:
    """variant_summary: two rows a change, one a build."""
    lines = [SUMMARY]
    for number, (allele, variant) in enumerate(snvs(), 1):
        for build in Build:
            lines.append(
                f"{number}\tsingle nucleotide variant\tNM_000546.6(TP53):{variant.hgvs_c}\t7157\tTP53\tHGNC:11998\t"
                f"Likely pathogenic\t1\t-\t-1\t{build}\t17\tcriteria provided, single submitter\t{number}\t"
                f"{at(allele, build)}\t{allele.ref}\t{allele.alt}\t-\t-"
            )
    lines.append("1\tsnv\tx\t1\tTP53BP1\tH\tBenign\t0\t-\t-1\tGRCh38\t15\tx\t1\t100\tA\tG\t-\t-")
    lines.append("1\tsnv\tx\t1\tTP53\tH\tPathogenic\t0\t-\t-1\tGRCh38\t17\tx\t1\t-1\tna\tna\t-\t-")
    return "\n".join(lines) + "\n"


def gnomad_vcf(build: Build = Build.GRCH38, *, joint: bool = True, first: int = 0) -> str:
    """gnomAD sites: one allele in 1,600,000 for most, R175H seven times, one that failed the filter."""
    end = "_joint" if joint else ""
    rows = []
    for allele, variant in snvs():
        if allele.pos < first:
            continue
        seen = 7 if variant.hgvs_c == "c.524G>A" else 1
        mark = "AC0" if variant.hgvs_c == "c.1A>T" else "PASS"
        rows.append(
            f"chr17\t{at(allele, build)}\t.\t{allele.ref}\t{allele.alt}\t.\t{mark}\tAC{end}={seen};AN{end}=1600000"
        )
    return vcf([f"AC{end}", f"AN{end}", f"nhomalt{end}"], rows, build)


def gnomad_csv() -> str:
    """The table of the browser."""
    lines = ["gnomAD ID,Chromosome,Position,rsIDs,Reference,Alternate,Source,Filters - exomes,Filters - genomes,"
             "HGVS Consequence,Allele Count,Allele Number,Allele Frequency"]  # fmt: skip
    for allele, variant in snvs():
        marks = "AC0,NA" if variant.hgvs_c == "c.1A>T" else "PASS,NA"
        lines.append(
            f'17-{allele.pos}-{allele.ref}-{allele.alt},17,{allele.pos},,{allele.ref},{allele.alt},"gnomAD Exomes",'
            f"{marks},{variant.hgvs_c},3,1600000,0.0000018"
        )
    return "\n".join(lines) + "\n"


def gnomad_api() -> str:
    """The answer to our question."""
    variants = []
    for allele, variant in snvs():
        bad = variant.hgvs_c == "c.1A>T"
        variants.append(
            {
                "variant_id": f"17-{allele.pos}-{allele.ref}-{allele.alt}",
                "exome": {"ac": 2, "an": 1_400_000, "filters": ["AC0"] if bad else []},
                "genome": None,
                "joint": {"ac": 5, "an": 1_600_000},
            }
        )
    return json.dumps({"data": {"gene": {"variants": variants}}})


def alphamissense(build: str = "hg38") -> str:
    """AlphaMissense_hg38.tsv: comment lines, other transcripts."""
    which = Build.GRCH38 if build == "hg38" else Build.GRCH37
    lines = ["# Copyright 2023 DeepMind", "#",
             "#CHROM\tPOS\tREF\tALT\tgenome\tuniprot_id\ttranscript_id\tprotein_variant\tam_pathogenicity\tam_class"]  # fmt: skip
    lines.append("chr1\t69094\tG\tT\thg38\tQ8NH21\tENST00000335137.4\tV2L\t0.2937\tlikely_benign")
    for allele, variant in snvs():
        if "missense_variant" in variant.consequences:
            change = f"{variant.aa_ref}{variant.aa_pos}{variant.aa_alt}"
            for transcript in ("ENST00000269305.9", "ENST00000999999.1"):
                lines.append(f"chr17\t{at(allele, which)}\t{allele.ref}\t{allele.alt}\t{build}\tP04637\t{transcript}\t"
                             f"{change}\t{0.9990 if transcript.startswith('ENST00000269305') else 0.1}\tpathogenic")  # fmt: skip
    return "\n".join(lines) + "\n"


def revel() -> str:
    """REVEL v1.3 with transcripts; position 7577000 has no GRCh38 place."""
    lines = ["chr,hg19_pos,grch38_pos,ref,alt,aaref,aaalt,REVEL,Ensembl_transcriptid",
             "1,35142,35142,G,A,T,M,0.027,ENST00000417324", "17,7577000,.,G,A,T,M,0.027,ENST00000269305"]  # fmt: skip
    for allele, variant in snvs():
        if "missense_variant" in variant.consequences:
            lines.append(f"17,{at(allele, Build.GRCH37)},{allele.pos},{allele.ref},{allele.alt},{variant.aa_ref},"
                         f"{variant.aa_alt},0.93,ENST00000269305;ENST00000420246")  # fmt: skip
            lines.append(f"17,{at(allele, Build.GRCH37)},{allele.pos},{allele.ref},{allele.alt},L,"
                         f"Z,0.11,ENST00000413465")  # fmt: skip
    return "\n".join(lines) + "\n"


def bayesdel(build: Build = Build.GRCH37) -> str:
    """BayesDel of chromosome 17; the file does not say its build."""
    lines = ["#Chr\tStart\tref\talt\tBayesDel_nsfp33a_noAF"]
    lines += [f"17\t{at(a, build)}\t{a.ref}\t{a.alt}\t0.45" for a, _ in snvs()]
    return "\n".join(lines) + "\n"


def spliceai() -> str:
    """SpliceAI raw scores; other genes overlap."""
    rows = []
    for allele, variant in snvs():
        top = 0.97 if "splice_donor_variant" in variant.consequences else 0.01
        rows.append(
            f"17\t{allele.pos}\t.\t{allele.ref}\t{allele.alt}\t.\t.\tSpliceAI={allele.alt}|TP53|0.00|0.01|{top:.2f}|0.00|1|2|3|4"
        )
        rows.append(
            f"17\t{allele.pos}\t.\t{allele.ref}\t{allele.alt}\t.\t.\tSpliceAI={allele.alt}|OTHER|0.99|0|0|0|1|2|3|4"
        )
    return vcf(["SpliceAI"], rows)


def nci_tumour() -> str:
    """TumorVariantDownload: R175H in three samples, one an ALL (entered twice), and rows that cannot be read."""
    return (
        "Mutation_ID,c_description,g_description_GRCh38,ProtDescription,Topography,Morphology,Sample_ID\n"
        '1,c.524G>A,g.7675088C>T,p.R175H,COLON,"Adenocarcinoma, NOS",10\n'
        '2,c.524G>A,NC_000017.11:g.7675088C>T,p.R175H,BONE MARROW,"Acute lymphoblastic leukemia, NOS",11\n'
        '3,c.524G>A,g.7675088C>T,p.R175H,BONE MARROW,"Acute lymphoblastic leukemia, NOS",11\n'
        "4,c.524G>A,g.7675088C>T,p.R175H,BREAST,Ductal carcinoma,12\n"
        "5,c.?,NA,p.?,BREAST,Ductal carcinoma,13\n"
        "6,c.524G>A,g.7675088G>T,p.R175H,BREAST,wrong base,14\n"
        "7,c.743G>A,g.7674220C>T,p.R248Q,BREAST,Ductal carcinoma,15\n"
    )


def nci_germline() -> str:
    """GermlineDownload: R337H in two families of three persons."""
    return (
        "Family_ID,Individual_ID,g_description_GRCh38\n"
        "1,1,g.7670699C>T\n1,2,g.7670699C>T\n2,3,g.7670699C>T\n3,4,\n"
    )


def civic_tsv() -> str:
    """VariantSummaries."""
    head = "variant_id\tvariant_civic_url\tfeature_name\tvariant\tchromosome\tstart\tstop\treference_bases\tvariant_bases\treference_build"
    return (
        f"{head}\n12\tu\tBRAF\tV600E\t7\t140453136\t140453136\tA\tT\tGRCh37\n"
        "116\tu\tTP53\tR175H\t17\t7578406\t7578406\tC\tT\tGRCh37\n"
        "118\tu\tTP53\tR248W\t17\t7577539\t7577539\tG\tA\tGRCh37\n"
        "120\tu\tTP53\tTruncating Mutation\t17\t7571720\t7590868\t\t\tGRCh37\n"
    )


def civic_vcf() -> str:
    """The nightly VCF of accepted variants (GRCh37)."""
    form = "Allele|Consequence|SYMBOL|Entrez Gene ID|CIViC Variant Name|CIViC Variant ID"
    text = vcf([], ["17\t7578406\t116\tC\tT\t.\t.\tCSQ=T|missense_variant|TP53|7157|R175H|116",
                    "17\t37880998\t9\tG\tT\t.\t.\tCSQ=T|x|ERBB2|2064|V777L|9"], Build.GRCH37)  # fmt: skip
    return text.replace(
        "#CHROM", f'##INFO=<ID=CSQ,Number=.,Type=String,Description="CIViC. Format: {form}">\n#CHROM', 1
    )


def hotspots_single() -> str:
    """The service's answer: our own table in its form, and another gene."""
    entries: dict[tuple[str, str], dict[str, object]] = {}
    for residue, change, kind, samples, count in _hotspot_rows():
        if kind in ("single residue", "splice site"):
            entry = entries.setdefault(
                (residue, kind),
                {
                    "hugoSymbol": "TP53",
                    "residue": residue,
                    "type": kind,
                    "tumorCount": int(samples),
                    "variantAminoAcid": {},
                },
            )
            short = change.removeprefix(residue).lstrip(":")
            entry["variantAminoAcid"][short] = int(count)  # type: ignore[index]
    other = {
        "hugoSymbol": "BRAF",
        "residue": "V600",
        "type": "single residue",
        "tumorCount": 9,
        "variantAminoAcid": {"E": 9},
    }
    return json.dumps([*entries.values(), other])


def hotspots_3d() -> str:
    """The 3D hotspots."""
    return json.dumps(
        [
            {"hugoSymbol": "TP53", "residue": row[0], "type": "3d", "tumorCount": 1, "variantAminoAcid": {}}
            for row in _hotspot_rows()
            if row[2] == "3d"
        ]
    )


def _hotspot_rows() -> list[list[str]]:
    from tp53annot.knowledge import BUNDLED

    return [line.split("\t") for line in (BUNDLED / "tables/hotspots.tsv").read_text().splitlines()[1:]]


def packed(text: str, how: str) -> bytes:
    """Plain, gzip or zip bytes; the same each time."""
    data = text.encode()
    if how == "gz":
        return gzip.compress(data, mtime=0)
    if how == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("file", (2026, 1, 1, 0, 0, 0)), data)
        return out.getvalue()
    return data


def put(path: Path, text: str) -> Path:
    """A file, packed as its name says."""
    path.write_bytes(packed(text, path.suffix.lstrip(".") if path.suffix in (".gz", ".zip") else ""))
    return path

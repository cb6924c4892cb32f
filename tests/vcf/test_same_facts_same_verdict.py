"""Same facts, same verdict: what another container, order or neighbour of the same records must not change.

Each scenario is one sample's records; each relation writes the same facts in another way. Verdict, names, classes,
fractions and reasons stay the same. A pair that does not hold yet is in ``NOT_YET`` with its cause (and must be taken out
when it holds).
"""

from __future__ import annotations

import functools
import gzip
import random
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pysam
import pytest
from conftest import require_program
from vcf_files import GRCH37, GRCH38, reference

from tp53annot.api import run_sample
from tp53annot.core.allele import Build

REF = reference()
DECLARED = """\
##fileformat=VCFv4.2
##FILTER=<ID=weak,Description="weak">
##INFO=<ID=END,Number=1,Type=Integer,Description="End">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type">
##INFO=<ID=DP4,Number=4,Type=Integer,Description="Counts">
##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">
##INFO=<ID=AF,Number=A,Type=Float,Description="Fraction">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">
##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Lowest depth">
##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">
##FORMAT=<ID=SB,Number=4,Type=Integer,Description="Strands">
##FORMAT=<ID=AO,Number=A,Type=Integer,Description="ALT">
##FORMAT=<ID=RO,Number=1,Type=Integer,Description="REF">
##FORMAT=<ID=VD,Number=1,Type=Integer,Description="ALT">
##FORMAT=<ID=NR,Number=A,Type=Integer,Description="Depth">
##FORMAT=<ID=NV,Number=A,Type=Integer,Description="ALT">
##FORMAT=<ID=RD,Number=1,Type=Integer,Description="REF">
##FORMAT=<ID=FREQ,Number=1,Type=String,Description="Percent">
##FORMAT=<ID=DP4,Number=4,Type=Integer,Description="Counts">
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A VCF of one sample on GRCh38, before it is written."""

    records: tuple[str, ...]
    sample: str = "S1"
    header: str = ""

    @property
    def text(self) -> str:
        """The file."""
        return self.written(GRCH38)

    def written(self, contig: str) -> str:
        columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", self.sample]
        extra = f"{self.header}\n" if self.header else ""
        head = f"{DECLARED}{contig}\n##contig=<ID=chr20,length=64444167>\n{extra}"
        return head + "\t".join(columns) + "\n" + "".join(f"{line}\n" for line in self.records)


def facts(*records: str) -> Facts:
    """Records from "POS REF ALT FILTER INFO FORMAT SAMPLE"."""
    lines = []
    for record in records:
        pos, ref, alt, filters, info, keys, values = record.split()
        lines.append("\t".join(("chr17", pos, ".", ref, alt, "50", filters, info, keys, values)))
    return Facts(records=tuple(lines))


SCENARIOS = {
    "hotspot": facts("7675088 C T PASS . GT:AD:DP 0/1:60,40:100"),
    "two hits, phase unknown": facts(
        "7674220 C T PASS . GT:AD:DP 0/1:60,40:100", "7675088 C T PASS . GT:AD:DP 0/1:55,45:100"
    ),
    "two hits in trans": facts(
        "7674220 C T PASS . GT:AD:DP:PS 0|1:60,40:100:7674220",
        "7675088 C T PASS . GT:AD:DP:PS 1|0:55,45:100:7674220",
    ),
    "a hit and a filtered one": facts(
        "7674220 C T PASS . GT:AD:DP 0/1:60,40:100", "7675088 C T weak . GT:AD:DP 0/1:95,5:100"
    ),
    "filtered alone": facts("7675088 C T weak . GT:AD:DP 0/1:60,40:100"),
    "two alternates": facts("7674872 T C,G PASS . GT:AD:DP 1/2:10,50,40:100"),
    "two alternates, one carried": facts("7674872 T C,G PASS . GT:AD:DP 0/1:60,40,0:100"),
    "two alternates, reads of others": facts("7674872 T C,G PASS . GT:AD:DP 1/2:20,300,280:600"),
    "two alternates of freebayes": facts("7674872 T C,G PASS . GT:DP:RO:AO 1/2:100:10:50,40"),
    "two alternates of Platypus": facts("7674872 T C,G PASS . GT:NR:NV 1/2:100,100:50,40"),
    "two alternates, fractions only": facts("7674872 T C,G PASS . GT:AF:DP 1/2:0.5,0.4:100"),
    "frameshift": facts("7673802 CGCAC C PASS . GT:AD:DP 0/1:70,30:100"),
    "insertion in a repeat": facts("7675994 C CA PASS . GT:AD:DP 0/1:70,30:100"),
    "codon neighbours": facts(
        "7675088 C T PASS . GT:AD:DP 0/1:60,40:100", "7675089 G A PASS . GT:AD:DP 0/1:60,40:100"
    ),
    "codon neighbours, phased": facts(
        "7675088 C T PASS . GT:AD:DP:PS 0|1:60,40:100:7675088",
        "7675089 G A PASS . GT:AD:DP:PS 0|1:60,40:100:7675088",
    ),
    "deletion and hit": facts(
        "7660000 N <DEL> PASS SVTYPE=DEL;END=7690000 GT 0/1", "7675088 C T PASS . GT:AD:DP 0/1:30,70:100"
    ),
    "deletion alone": facts("7660000 N <DEL> PASS SVTYPE=DEL;END=7690000 GT 0/1"),
    "low fraction": facts("7675088 C T PASS . GT:AD:DP 0/1:970,30:1000"),
    "no reads stated": facts("7675088 C T PASS . GT 0/1"),
    "homozygous": facts("7675088 C T PASS . GT:AD:DP 1/1:5,95:100"),
    "benign": facts("7676154 G C PASS . GT:AD:DP 0/1:50,50:100"),
    "haploid": facts("7675088 C T PASS . GT:AD:DP 1:5,95:100"),
    "two codons in one record": facts("7675088 CG TA PASS . GT:AD:DP 0/1:60,40:100"),
    "codon neighbours, one filtered": facts(
        "7675088 C T PASS . GT:AD:DP:PS 0|1:60,40:100:7675088",
        "7675089 G A weak . GT:AD:DP:PS 0|1:60,40:100:7675088",
    ),
    "codon neighbours, unlike fractions": facts(
        "7675088 C T PASS . GT:AD:DP:PS 0|1:60,40:100:7675088",
        "7675089 G A PASS . GT:AD:DP:PS 0|1:95,5:100:7675088",
    ),
    "one change by two callers": facts(
        "7675088 C T weak . GT:AD:DP 0/1:90,10:100", "7675088 C T PASS . GT:AD:DP 0/1:60,40:100"
    ),
    "beside an overlapping deletion": facts("7675088 C T,* PASS . GT:AD:DP 1/2:10,50,40:100"),
    "Mutect2": facts("7675088 C T PASS . GT:AD:AF:DP:SB 0/1:60,40:0.4:100:30,30,22,18"),
    "freebayes": facts("7675088 C T PASS . GT:DP:RO:AO 0/1:100:60:40"),
    "VarDict": facts("7675088 C T PASS . GT:DP:VD:AF 0/1:100:40:0.4"),
    "VarScan": facts("7675088 C T PASS . GT:RD:AD:FREQ:DP4 0/1:60:.,40:40%:30,30,22,18"),
    "bcftools": facts("7675088 C T PASS DP4=30,30,22,18 GT 0/1"),
    "gVCF": facts(
        "7668000 N <NON_REF> . END=7675087 GT:DP:GQ:MIN_DP 0/0:900:99:800",
        "7675088 C T,<NON_REF> PASS . GT:AD:DP 0/1:600,400,0:1000",
        "7675089 N <NON_REF> . END=7690000 GT:DP:GQ:MIN_DP 0/0:900:99:800",
    ),
}


def verdict(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a pathologist reads: all but names of files and samples, and where a record stood."""
    assessment = {k: v for k, v in report["assessment"].items() if k != "notes"}
    ids = [note["id"] for note in report["assessment"]["notes"]]
    variants, rejected = (sorted(map(_of_variant, report[k]), key=str) for k in ("variants", "rejected"))
    listed = sorted(
        (u["code"], u["deletion"], str(u["start"]), str(u["end"])) for u in report["uninterpreted"]
    )
    state = {key: assessment[key] for key in ("status", "tp53_mutated_all", "allelic_state")}
    return {"status": state, "assessment": assessment, "notes": ids, "variants": variants, "rejected": rejected, "listed": listed,
            "coverage": report["coverage"]}  # fmt: skip


def _of_variant(variant: Mapping[str, Any]) -> dict[str, Any]:
    left_out = ("input", "phase", "pos", "hgvs_g", "pos_grch37")
    return {key: value for key, value in variant.items() if key not in left_out}


def verdict_of(path: Path, sample: str | None = None) -> dict[str, Any]:
    return verdict(run_sample(path, sample=sample))


@functools.cache
def plain_verdict(name: str) -> dict[str, Any]:
    """Of the scenario as plain text."""
    with tempfile.TemporaryDirectory() as folder:
        return verdict_of(*plain(SCENARIOS[name], Path(folder)))


# How the same facts are written in another way: Relation = what writes them and says which sample to ask for.
Written = tuple[Path, str | None]
Relation = Callable[[Facts, Path], Written]


def plain(facts: Facts, folder: Path) -> Written:
    path = folder / "a.vcf"
    path.write_text(facts.text)
    return path, None


def bgzipped(facts: Facts, folder: Path) -> Written:
    path = folder / "a.vcf.gz"
    with pysam.BGZFile(str(path), "wb", None) as stream:
        stream.write(facts.text.encode())
    return path, None


def gzipped(facts: Facts, folder: Path) -> Written:
    path = folder / "a.vcf.gz"
    path.write_bytes(gzip.compress(facts.text.encode()))
    return path, None


def indexed(facts: Facts, folder: Path, *, csi: bool = False) -> Written:
    path, _ = bgzipped(facts, folder)
    pysam.tabix_index(str(path), preset="vcf", force=True, csi=csi)
    return path, None


def indexed_by_csi(facts: Facts, folder: Path) -> Written:
    return indexed(facts, folder, csi=True)


def as_bcf(facts: Facts, folder: Path) -> Written:
    source, path = plain(facts, folder)[0], folder / "a.bcf"
    with (
        pysam.VariantFile(str(source)) as text,
        pysam.VariantFile(str(path), "wb", header=text.header) as out,
    ):
        for record in text:
            out.write(record)
    source.unlink()
    return path, None


def as_indexed_bcf(facts: Facts, folder: Path) -> Written:
    path, _ = as_bcf(facts, folder)
    pysam.tabix_index(str(path), preset="bcf", force=True)
    return path, None


def crlf(facts: Facts, folder: Path) -> Written:
    path = folder / "a.vcf"
    path.write_text(facts.text, newline="\r\n")
    return path, None


def reversed_records(facts: Facts, folder: Path) -> Written:
    return plain(replace(facts, records=facts.records[::-1]), folder)


def shuffled_among_others(facts: Facts, folder: Path) -> Written:
    other = "chr20\t{}\t.\tA\tG\t50\tPASS\t.\tGT:AD:DP\t0/1:50,50:100"
    lines = [*facts.records, *(other.format(p) for p in range(1000, 1400, 10))]
    random.Random(1).shuffle(lines)
    return plain(replace(facts, records=tuple(lines)), folder)


def duplicated(facts: Facts, folder: Path) -> Written:
    """Every record twice, as after ``bcftools concat -a`` of overlapping files."""
    return plain(replace(facts, records=tuple(line for line in facts.records for _ in range(2))), folder)


def renamed(facts: Facts, folder: Path) -> Written:
    return plain(replace(facts, sample="Zoë 7/\u03b2"), folder)


def more_header(facts: Facts, folder: Path) -> Written:
    return plain(replace(facts, header='##INFO=<ID=XX,Number=.,Type=String,Description="x">\n##z=1'), folder)


def chromosome_without_chr(facts: Facts, folder: Path) -> Written:
    path, _ = plain(facts, folder)
    text = path.read_text().replace("chr17\t", "17\t").replace("ID=chr17,", "ID=17,")
    path.write_text(text)
    return path, None


def lower_case(facts: Facts, folder: Path) -> Written:
    """Soft-masked bases, as a reference with repeats gives them."""
    return plain(replace(facts, records=tuple(map(_softened, facts.records))), folder)


def _softened(line: str) -> str:
    columns = line.split("\t")
    columns[3] = columns[3].lower()
    columns[4] = ",".join(alt if alt.startswith("<") else alt.lower() for alt in columns[4].split(","))
    return "\t".join(columns)


def other_sample(facts: Facts, folder: Path, values: str) -> Written:
    """A second column in every record, its keys in the record's order."""
    path, _ = plain(facts, folder)
    records = [f"{line}\t{values if values else line.split(chr(9))[9]}" for line in facts.records]
    widened = replace(facts, sample=f"{facts.sample}\tother", records=tuple(records))
    path.write_text(widened.text)
    return path, facts.sample


def empty_sample_beside(facts: Facts, folder: Path) -> Written:
    return other_sample(facts, folder, "./.")


def missing_sample_beside(facts: Facts, folder: Path) -> Written:
    return other_sample(facts, folder, ".")


def same_sample_beside(facts: Facts, folder: Path) -> Written:
    return other_sample(facts, folder, "")


def wild_type_sample_beside(facts: Facts, folder: Path) -> Written:
    """A second sample with reads of REF alone, where the keys have a number an allele."""
    path, _ = plain(facts, folder)
    records = tuple(f"{line}\t{_without_alt(*line.split(chr(9))[8:10])}" for line in facts.records)
    path.write_text(replace(facts, sample=f"{facts.sample}\tother", records=records).text)
    return path, facts.sample


def _without_alt(keys: str, values: str) -> str:
    empty = {"GT": "0/0", "AO": "0", "NV": "0", "VD": "0"}
    pairs = zip(keys.split(":"), values.split(":"), strict=True)
    return ":".join(empty.get(k, "0" if k == "AF" else _only_ref(v) if k == "AD" else v) for k, v in pairs)


def _only_ref(depths: str) -> str:
    ref, *alts = depths.split(",")
    return ",".join([ref, *("0" for _ in alts)])


def bcftools(*arguments: str | Path) -> None:
    subprocess.run([require_program("bcftools"), *map(str, arguments)], capture_output=True, check=True)


def split(facts: Facts, folder: Path) -> Written:
    source, path = plain(facts, folder)[0], folder / "split.vcf"
    bcftools("norm", "-m-any", "-o", path, source)
    return path, None


def joined(facts: Facts, folder: Path) -> Written:
    source, path = plain(facts, folder)[0], folder / "joined.vcf"
    bcftools("norm", "-m+any", "-o", path, source)
    return path, None


def split_and_joined(facts: Facts, folder: Path) -> Written:
    source, path = split(facts, folder)[0], folder / "again.vcf"
    bcftools("norm", "-m+any", "-o", path, source)
    return path, None


def atomized(facts: Facts, folder: Path) -> Written:
    source, path = plain(facts, folder)[0], folder / "atoms.vcf"
    bcftools("norm", "-a", "-o", path, source)
    return path, None


def genome(folder: Path) -> Path:
    """Chromosome 17 with the stored locus in its place."""
    path, before = folder / "g.fa", REF.start - 1
    path.write_text(f">chr17\n{'N' * before}{REF.sequence}{'N' * 1000}\n")
    pysam.faidx(str(path))
    return path


def left_aligned(facts: Facts, folder: Path) -> Written:
    source, path = plain(facts, folder)[0], folder / "left.vcf"
    bcftools("norm", "-c", "w", "-f", genome(folder), "-o", path, source)
    return path, None


def merged_with_another(facts: Facts, folder: Path) -> Written:
    (folder / "b").mkdir()
    neighbour = "chr17\t7673803\t.\tG\tA\t50\tPASS\t.\tGT:AD:DP\t0/1:50,50:100"
    one = indexed(facts, folder)[0]
    two = indexed(replace(facts, sample="other", records=(neighbour,)), folder / "b")[0]
    path = folder / "merged.vcf"
    bcftools("merge", "-o", path, one, two)
    return path, facts.sample


EVERYDAY: tuple[Relation, ...] = (
    *(bgzipped, gzipped, indexed, indexed_by_csi, as_bcf, as_indexed_bcf, crlf),
    *(reversed_records, shuffled_among_others, more_header, chromosome_without_chr, lower_case),
    *(renamed, empty_sample_beside, missing_sample_beside, wild_type_sample_beside, same_sample_beside),
)
BY_BCFTOOLS: tuple[Relation, ...] = (
    split,
    joined,
    split_and_joined,
    atomized,
    left_aligned,
    merged_with_another,
)

MERGED = ("codon neighbours, phased", "codon neighbours, one filtered", "codon neighbours, unlike fractions")
SPLIT = ("two alternates", "two alternates, reads of others", "two alternates of freebayes")
BESIDE = ("empty_sample_beside", "missing_sample_beside", "wild_type_sample_beside", "same_sample_beside")
# What rightly differs: relation, scenario, why.
RIGHTLY = {
    **{
        (name, "bcftools"): "INFO/DP4 counts the reads of all samples"
        for name in (*BESIDE, "merged_with_another")
    },
    ("atomized", "two codons in one record"): "GT 0/1 of two records no longer says that they are in cis",
}
# What differs and should not: relation, scenario, why.
NOT_YET: dict[tuple[str, str], str] = {}


def pairs(relations: tuple[Relation, ...]) -> list[Any]:
    """Every relation with every scenario it should hold for."""
    found = [(r, name) for r in relations for name in SCENARIOS if (r.__name__, name) not in RIGHTLY]
    return [
        pytest.param(r, name, marks=_marks(NOT_YET.get((r.__name__, name))), id=f"{r.__name__}-{name}")
        for r, name in found
    ]


def _marks(reason: str | None) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=reason, raises=AssertionError)] if reason else []


def test_what_is_left_out_names_real_pairs() -> None:
    relations = {r.__name__ for r in (*EVERYDAY, *BY_BCFTOOLS, duplicated)}
    assert {name for _, name in (*RIGHTLY, *NOT_YET)} <= set(SCENARIOS)
    assert {relation for relation, _ in (*RIGHTLY, *NOT_YET)} <= relations


def holds(relation: Relation, name: str, folder: Path, *keys: str) -> None:
    """Compare the verdicts (or only these of its keys) of the plain file and the one written in another way."""
    expected, found = plain_verdict(name), verdict_of(*relation(SCENARIOS[name], folder))
    assert expected["variants"] or expected["rejected"] or expected["listed"], "the scenario shows something"
    for key in keys or expected:
        assert found[key] == expected[key]


@pytest.mark.parametrize(("relation", "name"), pairs(EVERYDAY))
def test_written_in_another_way(tmp_path: Path, relation: Relation, name: str) -> None:
    holds(relation, name, tmp_path)


@pytest.mark.parametrize(("relation", "name"), pairs((duplicated,)))
def test_every_record_twice(tmp_path: Path, relation: Relation, name: str) -> None:
    """The second is listed as rejected; what is reported stays the same."""
    holds(relation, name, tmp_path, "status", "variants")


@pytest.mark.peer
@pytest.mark.parametrize(("relation", "name"), pairs(BY_BCFTOOLS))
def test_rewritten_by_bcftools(tmp_path: Path, relation: Relation, name: str) -> None:
    holds(relation, name, tmp_path)


@pytest.mark.parametrize("name", SCENARIOS)
def test_on_the_other_build(tmp_path: Path, name: str) -> None:
    shift = REF.builds[Build.GRCH37].offset
    old = tmp_path / "old.vcf"
    moved = replace(SCENARIOS[name], records=tuple(_moved(line, shift) for line in SCENARIOS[name].records))
    old.write_text(moved.written(GRCH37))
    assert _without_positions(verdict_of(old)) == _without_positions(plain_verdict(name))


def _without_positions(verdict: dict[str, Any]) -> dict[str, Any]:
    """The verdict without positions, which are those of the file's build, and remarks that quote them."""
    variants = [{k: v for k, v in variant.items() if k != "remarks"} for variant in verdict["variants"]]
    rejected = [{k: v for k, v in variant.items() if k != "remarks"} for variant in verdict["rejected"]]
    listed = [(code, deletion) for code, deletion, *_ in verdict["listed"]]
    coverage = verdict["coverage"] and [
        {k: v for k, v in part.items() if k not in ("start", "end")}
        for key in ("exons", "gaps")
        for part in verdict["coverage"][key]
    ]
    return verdict | {"variants": variants, "rejected": rejected, "listed": listed, "coverage": coverage}


def _moved(line: str, shift: int) -> str:
    columns = line.split("\t")
    columns[1] = str(int(columns[1]) + shift)
    parts = (part.partition("=") for part in columns[7].split(";"))
    columns[7] = ";".join(f"END={int(v) + shift}" if k == "END" else k + s + v for k, s, v in parts)
    return "\t".join(columns)

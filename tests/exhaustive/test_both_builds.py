"""The same changes as GRCh38 and as GRCh37: one name, one consequence, one class; and every name read back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from change_sets import KINDS, MAIN, NAMER, REF, change_set, distinct, short_changes
from tp53annot_cli import tp53annot

from tp53annot.core.allele import Allele, Build
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.lists.source import listed_samples
from tp53annot.names.normalisation import gene_edit
from tp53annot.names.parser import parse_change

FIELDS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
# How a file says on which build it is: contig name, header lines, options of the command.
LENGTHS = {Build.GRCH37: 81195210, Build.GRCH38: 83257441}
ACCESSIONS = {Build.GRCH37: ("NC_000017.10", "CM000679.1"), Build.GRCH38: ("NC_000017.11", "CM000679.2")}
WORDS = {Build.GRCH37: ("hg19.fa", "human_g1k_v37.fasta"), Build.GRCH38: ("hg38.fa", "GRCh38.d1.vd1.fa")}


def declared(build: Build) -> Iterator[tuple[str, str, list[str]]]:
    for contig in ("chr17", "17"):
        yield contig, f"##contig=<ID={contig},length={LENGTHS[build]}>\n", []
        yield contig, f"##contig=<ID={contig}>\n", ["--assembly", build.value]
        yield contig, "", ["--assembly", build.value]
        yield contig, "", []  # the REF bases decide
        for word in WORDS[build]:
            yield contig, f"##reference=file:///refs/{word}\n", []
    for accession in ACCESSIONS[build]:
        yield accession, f"##contig=<ID={accession}>\n", []


def annotated(
    folder: Path, alleles: Sequence[Allele], build: Build, contig: str, header: str, options: Sequence[str]
) -> list[tuple[int, str]]:
    """GRCh38 position of each line, and the INFO that ``annotate`` gives it."""
    path, output = folder / "in.vcf", folder / "out.vcf"
    lines = (
        f"{contig}\t{REF.to_build(a.pos, build)}\t.\t{a.ref}\t{a.alt}\t50\tPASS\t.\n"
        for a in sorted(alleles, key=lambda a: (a.pos, a.ref, a.alt))
    )
    path.write_text(f"##fileformat=VCFv4.2\n{header}{FIELDS}" + "".join(lines))
    done = tp53annot("annotate", path, "-o", output, "--force", *options)
    assert done.returncode == 0, done.stderr
    rows = (line.split("\t") for line in output.read_text().splitlines() if not line.startswith("#"))
    return [(REF.from_build(int(row[1]), build), "\t".join(row[3:])) for row in rows]


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
def test_both_builds_give_the_same_names_terms_and_classes(kind: str, tmp_path: Path) -> None:
    alleles = change_set(kind)
    found = [
        annotated(tmp_path, alleles, build, "chr17", f"##contig=<ID=chr17,length={LENGTHS[build]}>\n", [])
        for build in Build
    ]
    assert len(found[0]) == len(alleles)
    assert found[0] == found[1]
    named = {info.split("TP53_HGVSC=")[1].split(";")[0] for _, info in found[0]}
    assert len(named) == len(alleles)  # no change unnamed, no two changes of one name


def test_every_way_to_declare_a_build_gives_the_same(tmp_path: Path) -> None:
    alleles = [allele for kind in ("replaced", "long") for allele in change_set(kind)[::2000]]
    expected = None
    for build in Build:
        for way in declared(build):
            found = annotated(tmp_path, alleles, build, *way)
            expected = expected or found
            assert found == expected, way
    assert expected is not None and all("TP53_HGVSC=NM_000546.6:c." in info for _, info in expected)


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
def test_names_of_every_set_lead_back(kind: str) -> None:
    """c. and, of both builds, g. names; the g. names differ by the builds' offset alone."""
    wrong = []
    for allele in change_set(kind):
        names = [NAMER.describe(allele, isoforms=False).hgvs_c]
        names += [NAMER.hgvs_g(allele, build) for build in Build]
        if any(parse_change(name, NAMER, {}) != (allele,) for name in names):
            wrong.append(names)
    assert not wrong, (len(wrong), wrong[:10])


@pytest.mark.exhaustive
def test_names_on_every_other_transcript_lead_back() -> None:
    transcripts = {t.accession: t for t in NAMER.by_accession.values() if t is not MAIN and t.coding}
    assert len(transcripts) > 30
    wrong = []
    for accession, transcript in transcripts.items():
        for allele in distinct(short_changes(transcript))[::67]:
            name = f"{accession}:{NAMER.hgvs_c(gene_edit(allele, REF, NAMER.gene), transcript)}"
            if parse_change(name, NAMER, {}) != (allele,):
                wrong.append(name)
    assert not wrong, (len(wrong), wrong[:10])


@pytest.mark.exhaustive
def test_a_list_of_names_gives_the_changes_that_were_named(tmp_path: Path) -> None:
    """c. and g. names of either build as rows of a variant list; names too long for a cell are left out."""
    alleles = [allele for kind in KINDS for allele in change_set(kind)[::60] if len(allele.alt) < 40]
    spellings = itertools.cycle((None, *Build))
    names = [
        NAMER.hgvs_g(allele, build) if build else NAMER.describe(allele, isoforms=False).hgvs_c
        for allele, build in zip(alleles, spellings, strict=False)
    ]
    path = tmp_path / "list.tsv"
    path.write_text("sample\tvariant\n" + "".join(f"S{n}\t{name}\n" for n, name in enumerate(names)))
    found = listed_samples(path, interpreter_of(), None)
    assert [[c.allele for c in sample.candidates] for sample in found] == [[a] for a in alleles]


@pytest.mark.exhaustive
def test_protein_names_of_substitutions_lead_back() -> None:
    """Long, short and with accession: the change is among those that the name can mean."""
    checked, wrong = 0, []
    for allele in change_set("short"):
        named = NAMER.describe(allele, isoforms=False)
        if len(allele.ref) != 1 or len(allele.alt) != 1 or named.codon is None or named.hgvs_p == "p.(Met1?)":
            continue
        for name in (named.hgvs_p, named.hgvs_p_short, f"{named.protein}:{named.hgvs_p}"):
            checked += 1
            if allele not in parse_change(name, NAMER, {}):
                wrong.append((named.hgvs_c, name))
    assert checked > 10_000
    assert not wrong, wrong[:10]

"""Names against judges we did not write: Mutalyzer's 900 names and published alleles."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from tp53annot.core.allele import Allele, Build
from tp53annot.knowledge.resources import resources_of

RESOURCES = resources_of()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def test_mutalyzer(shared: Path) -> None:
    """c. and p. of all 900 but Mutalyzer's two-allele spelling of eight delins and p.? of c.1_2del."""
    differ_c, differ_p = [], []
    for row in rows(shared / "hgvs" / "mutalyzer_grch38_nm000546.tsv"):
        allele = Allele(pos=int(row["pos"]), ref=row["ref"], alt=row["alt"])
        named = RESOURCES.namer.describe(allele, isoforms=False)
        if named.hgvs_c != row["hgvs_c"]:
            differ_c.append((named.hgvs_c, row["hgvs_c"]))
        silent = row["hgvs_p"] == "p.(=)" and named.hgvs_p.endswith("=)")
        if row["hgvs_p"] and not silent and named.hgvs_p != row["hgvs_p"]:
            differ_p.append((named.hgvs_c, named.hgvs_p, row["hgvs_p"]))
    assert all(re.fullmatch(r"c\.\[\d+del;\d+del\]", theirs) for _, theirs in differ_c)
    assert all(re.fullmatch(r"c\.\d+_\d+delins[ACGT]", ours) for ours, _ in differ_c)
    assert len(differ_c) <= 8
    assert {theirs for _, _, theirs in differ_p} == {"p.?"}
    assert {ours for name, ours, _ in differ_p if "delins" not in name} == {"p.(Met1?)"}


def test_published_alleles_are_named_alike_or_3_prime_of_the_published_name(shared: Path) -> None:
    """Old tables keep names that are not 3'-shifted; parsed back they mean the same change."""
    from tp53annot.names.normalisation import normalise
    from tp53annot.names.parser import parse_change

    same = other = 0
    for row in rows(shared / "hgvs" / "published_names.tsv"):
        build = Build(row["build"])
        allele = Allele(
            pos=RESOURCES.reference.from_build(int(row["pos"]), build), ref=row["ref"], alt=row["alt"]
        )
        published = re.sub(r"(del|dup)[ACGT]+$", r"\1", row["hgvs_c"].split(":")[-1])
        named = RESOURCES.namer.describe(allele, isoforms=False)
        if named.hgvs_c == published:
            same += 1
            continue
        other += 1
        if re.match(r"c\.1-\d{4,}", published):  # counted over intron 1 from c.1: no HGVS name
            continue
        assert parse_change(published, RESOURCES.namer, {}) == (normalise(allele, RESOURCES.reference),), (
            published
        )
    assert same > 3_300
    assert other <= 40


def test_funk_protein_names(shared: Path) -> None:
    """Protein names of the saturation editing library, as its authors wrote them."""
    checked = 0
    for row in rows(shared / "hgvs" / "published_names.tsv"):
        if row["source"] != "TP53 SGE (Funk 2025)" or not row["hgvs_p"]:
            continue
        build = Build(row["build"])
        allele = Allele(
            pos=RESOURCES.reference.from_build(int(row["pos"]), build), ref=row["ref"], alt=row["alt"]
        )
        named = RESOURCES.namer.describe(allele, isoforms=False)
        ours = named.hgvs_p.replace("(", "").replace(")", "")
        theirs = row["hgvs_p"].split(":")[-1].replace("(", "").replace(")", "").replace("*", "Ter")
        if theirs in ("p.=", "p.?"):
            continue
        short = ours.split("fs")[0] + "fs" if "fs" in ours and theirs.endswith("fs") else ours
        assert short == theirs, (named.hgvs_c, theirs)
        checked += 1
    assert checked > 1_000

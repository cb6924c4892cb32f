"""Every substitution, short deletion, insertion, MNV and delins of the coding region, judged by
applying the change to the sequence and translating it: code that shares nothing with the names."""

from __future__ import annotations

import itertools
import re

import pytest
from change_sets import PAIR, change_set

from tp53annot.core.allele import Allele, Build
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.coding_change import coding_change
from tp53annot.names.hgvs_protein import ONE
from tp53annot.names.normalisation import Edit, normalise
from tp53annot.names.parser import parse_change

RESOURCES = resources_of()
NAMER = RESOURCES.namer
REF = RESOURCES.reference
MAIN = NAMER.main
CODE = dict(
    zip(
        ("".join(c) for c in itertools.product("TCAG", repeat=3)),
        "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        strict=True,
    )
)


def mutant_mrna(allele: Allele) -> str | None:
    """The mRNA after the change, spliced as before; None when an exon edge is touched."""
    pieces, touched = [], 0
    for low, high in MAIN.model.exons:
        if allele.pos >= low and allele.end <= high:
            exon = REF.bases(low, allele.pos - 1) if allele.pos > low else ""
            exon += allele.alt + (REF.bases(allele.end + 1, high) if allele.end < high else "")
            touched += 1
        elif allele.end < low or allele.pos > high:
            exon = REF.bases(low, high)
        else:
            return None
        pieces.append("".join(PAIR[b] for b in reversed(exon)))
    return "".join(pieces) if touched else None


def plain_translation(sequence: str) -> str:
    protein = ""
    for i in range(0, len(sequence) - 2, 3):
        protein += CODE[sequence[i : i + 3]]
        if protein[-1] == "*":
            break
    return protein


def apply_p(name: str, reference: str) -> str | None:
    """The protein a p. name describes, as far as the name tells (up to a frameshift's first residue)."""
    bare = re.sub("|".join(ONE), lambda m: ONE[m.group()], name[3:-1])
    if m := re.fullmatch(r"[A-Z*](\d+)(?:_[A-Z*]\d+)?=", bare):
        return reference
    if m := re.fullmatch(r"([A-Z])(\d+)\*", bare):
        return reference[: int(m[2]) - 1] + "*"
    if m := re.fullmatch(r"([A-Z])(\d+)([A-Z])", bare):
        return reference[: int(m[2]) - 1] + m[3] + reference[int(m[2]) :]
    if m := re.fullmatch(r"[A-Z](\d+)(?:_[A-Z](\d+))?(del|dup)", bare):
        a, b = int(m[1]), int(m[2] or m[1])
        middle = "" if m[3] == "del" else reference[a - 1 : b] * 2
        return reference[: a - 1] + middle + reference[b:]
    if m := re.fullmatch(r"[A-Z](\d+)(?:_[A-Z](\d+))?(delins|ins)([A-Z*]+)", bare):
        a, b = int(m[1]), int(m[2] or m[1])
        head, tail = (
            (reference[: a - 1], reference[b:]) if m[3] == "delins" else (reference[:a], reference[b - 1 :])
        )
        return head + m[4] if m[4].endswith("*") else head + m[4] + tail
    return None


ALL = change_set("short")


@pytest.mark.exhaustive
def test_protein_names_describe_the_translated_protein() -> None:
    checked = 0
    wrong = []
    for allele in ALL:
        mrna = mutant_mrna(allele)
        named = NAMER.describe(allele, isoforms=False)
        if mrna is None or not named.hgvs_p.startswith("p.(") or named.hgvs_p in ("p.(=)", "p.(Met1?)"):
            continue
        mutant = plain_translation(mrna[MAIN.cds_start :])
        said = apply_p(named.hgvs_p, MAIN.protein)
        if said is None:
            m = re.fullmatch(
                r"p\.\((?:Ter|[A-Z][a-z]{2})(\d+)([A-Z][a-z]{2})(fs|ext)Ter(\d+)\)", named.hgvs_p
            )
            assert m, named.hgvs_p
            first, length = int(m[1]), int(m[4])
            stop = first + length - (1 if m[3] == "fs" else 0)
            good = mutant[: first - 1] == MAIN.protein[: first - 1] and mutant[first - 1] == ONE[m[2]]
            good = (
                good
                and len(mutant) == stop
                and mutant.endswith("*")
                and mutant[first - 1] != MAIN.protein[first - 1]
            )
        else:
            good = said == mutant
        checked += 1
        if not good:
            wrong.append((named.hgvs_c, named.hgvs_p))
    assert checked > 80_000
    assert not wrong, wrong[:20]


@pytest.mark.exhaustive
def test_names_round_trip_and_spelling_does_not_matter() -> None:
    wrong = []
    for allele in ALL:
        minimal = normalise(allele, REF)
        named = NAMER.describe(allele, isoforms=False)
        back = parse_change(named.hgvs_c, NAMER, {})
        padded = Allele(
            pos=minimal.pos - 3,
            ref=REF.bases(minimal.pos - 3, minimal.end + 2),
            alt=REF.bases(minimal.pos - 3, minimal.pos - 1)
            + minimal.alt
            + REF.bases(minimal.end + 1, minimal.end + 2),
        )
        if back != (minimal,) or NAMER.describe(padded, isoforms=False).hgvs_c != named.hgvs_c:
            wrong.append((allele, named.hgvs_c, back))
    assert not wrong, wrong[:10]


@pytest.mark.exhaustive
def test_genomic_names_of_both_builds_lead_back() -> None:
    for allele in ALL[::7]:
        minimal = normalise(allele, REF)
        for build in Build:
            assert parse_change(NAMER.hgvs_g(allele, build), NAMER, {}) == (minimal,)


def test_short_cut_translation_equals_plain_translation() -> None:
    for start in range(MAIN.cds_start - 2, MAIN.cds_end + 2, 5):
        for size, new in (
            (1, "A"),
            (2, ""),
            (3, ""),
            (0, "TA"),
            (0, "GGA"),
            (4, "C"),
            (1, "TTTTTT"),
            (7, "AC"),
        ):
            if start + size <= MAIN.cds_start or start >= MAIN.cds_end:
                continue
            edit = Edit(start, start + size, new)
            change = coding_change(edit, MAIN)
            plain = plain_translation((MAIN.mrna[:start] + new + MAIN.mrna[start + size :])[MAIN.cds_start :])
            if not change.start_lost and start >= MAIN.cds_start:
                assert change.alternate == plain, (edit, change.alternate[-20:], plain[-20:])

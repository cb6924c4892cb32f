"""INFO values worked out beforehand: what is stored is what is computed, and holds for the tables it was made with."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from mutated import laid

from tp53annot.core.allele import Allele
from tp53annot.interpret.interpreter import Interpreter, interpreter_of
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.knowledge.store import BUNDLED, Store
from tp53annot.vcf.annotation import annotator
from tp53annot.vcf.annotation.annotator import AlleleAnnotator
from tp53annot.vcf.annotation.stored_values import STORED, fingerprint, key_of, stored_values, usual_alleles

REFERENCE = resources_of().reference


def differing(step: int) -> list[str]:
    """Rows, every ``step``-th, that say something else than the computation."""
    stored, annotate = stored_values(Store()), AlleleAnnotator(interpreter_of())
    alleles = usual_alleles(interpreter_of().resources.namer)
    assert {key_of(allele) for allele in alleles} == set(stored)
    return [
        key_of(a) for a in alleles[::step] if tuple(stored[key_of(a)].split("\t")) != annotate.computed(a)
    ]


def test_some_rows_are_what_is_computed() -> None:
    assert not differing(197)


@pytest.mark.exhaustive
def test_every_row_is_what_is_computed() -> None:
    assert not differing(1)


def test_the_file_is_of_the_tables_beside_it() -> None:
    """Made again after a change of tables or rules: ``scripts/build_resources.py --source . info_fields``."""
    first = gzip.decompress((BUNDLED / STORED).read_bytes()).split(b"\n", 1)[0].decode()
    assert first == fingerprint(Store())


def test_reading_begins_where_many_are_asked_for_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotator, "_READ_AFTER", 1)
    pos = 7675088
    plain, padded = (
        Allele(pos=pos, ref="C", alt="T"),
        Allele(pos=pos - 1, ref=REFERENCE.bases(pos - 1, pos), alt=REFERENCE.bases(pos - 1, pos - 1) + "T"),
    )
    rare = Allele(pos=pos, ref="C", alt="CACGTACGTACGT")
    annotate = AlleleAnnotator(interpreter_of())
    annotate(rare)
    for allele in (plain, padded, rare):
        assert tuple(annotate(allele)) == tuple(annotate.computed(allele))
    assert tuple(annotate(plain)) == tuple(annotate(padded)) and "c.524G>A" in annotate(plain)[0]


def test_other_tables_are_computed_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change's row in a table is gone; the manifest agrees with it."""
    monkeypatch.setattr(annotator, "_READ_AFTER", 0)

    def without(table: str) -> str:
        return "".join(line for line in table.splitlines(keepends=True) if "R175H" not in line)

    root = laid(tmp_path / "resources", "tables/kato.tsv", without)
    assert not stored_values(Store(root))
    other = AlleleAnnotator(Interpreter(Resources(root)))
    hotspot = Allele(pos=7675088, ref="C", alt="T")
    assert tuple(other(hotspot)) == other.computed(hotspot)
    assert other.computed(hotspot) != AlleleAnnotator(interpreter_of()).computed(hotspot)

"""Known polymorphisms and founder alleles, and exon-edge substitutions with a known effect on splicing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tp53annot.knowledge.tables.table import Fact, RowsOf, Table, TableFile, by_name

_KNOWN = TableFile(name="known_variants", columns=("hgvs_c", "label", "rsid", "kind", "description"))
_SPLICE = TableFile(name="splice_known", columns=("hgvs_c", "effect", "source"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChange:
    """A known polymorphism or founder allele."""

    label: str
    rsid: str
    kind: str
    description: str


def _known(rows: RowsOf) -> Mapping[str, KnownChange]:
    return {
        name: KnownChange(label=label, rsid=rsid, kind=kind, description=description)
        for name, label, rsid, kind, description in rows(_KNOWN)
    }


def _known_facts(row: KnownChange) -> Iterator[Fact]:
    yield Fact("known variant", row.description, _KNOWN.name)


def _splice(rows: RowsOf) -> Mapping[str, tuple[str, str]]:
    return {name: (effect, source) for name, effect, source in rows(_SPLICE)}


def _splice_facts(row: tuple[str, str]) -> Iterator[Fact]:
    effect, source = row
    yield Fact("known splice effect", effect, _SPLICE.name, source)


# By c. name.
KNOWN_VARIANTS = Table(files=(_KNOWN,), read=_known, facts=by_name(_known_facts))
# Effect and source, by c. name.
SPLICE_KNOWN = Table(files=(_SPLICE,), read=_splice, facts=by_name(_splice_facts))

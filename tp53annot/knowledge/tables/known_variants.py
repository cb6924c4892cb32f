"""Known polymorphisms and founder alleles, and exon-edge substitutions with a known effect on splicing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tp53annot.knowledge.tables.table import Fact, RowsOf, Table, TableFile, by_name

_KNOWN = TableFile(name="known_variants", columns=("hgvs_c", "label", "rsid", "kind", "description"))
_SPLICE = TableFile(name="splice_known", columns=("hgvs_c", "effect", "evidence", "source"))


class KnownChange(Struct, frozen=True, kw_only=True):
    """A known polymorphism or founder allele."""

    label: str
    rsid: str
    kind: str
    description: str


class SpliceEffect(Struct, frozen=True, kw_only=True):
    """An effect on splicing outside the canonical sites.

    Attributes:
        effect: in words.
        evidence: "RNA" (transcripts seen), "same base" (as one with RNA), "edited gene" (function lost where the
            gene itself was edited, kept where its cDNA was) or "prediction".
        source: citation.
    """

    effect: str
    evidence: str
    source: str

    @property
    def shown(self) -> bool:
        """Whether transcripts were seen."""
        return self.evidence == "RNA"


def _known(rows: RowsOf) -> Mapping[str, KnownChange]:
    return {
        name: KnownChange(label=label, rsid=rsid, kind=kind, description=description)
        for name, label, rsid, kind, description in rows(_KNOWN)
    }


def _known_facts(row: KnownChange) -> Iterator[Fact]:
    yield Fact("known variant", row.description, _KNOWN.name)


def _splice(rows: RowsOf) -> Mapping[str, SpliceEffect]:
    return {
        name: SpliceEffect(effect=effect, evidence=evidence, source=source)
        for name, effect, evidence, source in rows(_SPLICE)
    }


def _splice_facts(row: SpliceEffect) -> Iterator[Fact]:
    yield Fact("known splice effect", f"{row.effect} (evidence: {row.evidence})", _SPLICE.name, row.source)


# By c. name.
KNOWN_VARIANTS = Table(files=(_KNOWN,), read=_known, facts=by_name(_known_facts))
# By c. name.
SPLICE_KNOWN = Table(files=(_SPLICE,), read=_splice, facts=by_name(_splice_facts))

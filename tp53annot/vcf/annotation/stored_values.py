"""INFO values of the usual changes of the gene, worked out beforehand by the same code and read where many are asked for.

The file is written by ``scripts/build_resources.py`` and holds for the tables and rules that it was made with alone:
with others (imported ones, a folder of one's own) every change is computed.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence

from tp53annot.core.allele import Allele
from tp53annot.core.version import __version__
from tp53annot.knowledge.store import Store
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import normalise

STORED = "derived/info_fields.tsv.gz"
_DEPENDS_ON = ("reference/", "tables/", "rules/oncogenicity.toml", "rules/germline.toml")
_FLANK = 20  # bases into introns and untranslated regions, beside coding exons
_LONGEST_DELETION, _LONGEST_INSERTION = 4, 3
_BASES = "ACGT"
_BESIDE = 200  # bases beside the gene


def key_of(allele: Allele) -> str:
    """What the values of an allele (GRCh38, normalised) are found by."""
    return f"{allele.pos}:{allele.ref}:{allele.alt}"


def fingerprint(store: Store) -> str:
    """What the values depend on: version of the code, checksums of the tables and rules."""
    parts = [
        f"{name} {entry['sha256']}" for name, entry in store.manifest.items() if name.startswith(_DEPENDS_ON)
    ]
    return hashlib.sha256("\n".join((__version__, *sorted(parts))).encode()).hexdigest()


def stored_values(store: Store) -> Mapping[str, str]:
    """Values, joined by tabs, by :func:`key_of`; none where the file is not of these tables and rules.

    Raises:
        ResourceError: the file is missing or altered.
    """
    if STORED not in store.manifest:
        return {}
    with store.sound(STORED):
        first, *lines = gzip.decompress(store.read(STORED)).decode().splitlines()
        if first != fingerprint(store):
            return {}
        return dict(line.split("\t", 1) for line in lines)


def stored_text(store: Store, namer: Namer, values: Callable[[Allele], Sequence[str]]) -> bytes:
    """The file: a line for what it holds for, then a line an allele, by position."""
    lines = ["\t".join((key_of(allele), *values(allele))) for allele in usual_alleles(namer)]
    return gzip.compress("\n".join((fingerprint(store), *lines, "")).encode(), 9, mtime=0)


def usual_alleles(namer: Namer) -> list[Allele]:
    """Every single base of the gene; short deletions and insertions and two neighbouring bases in and beside coding exons."""
    found = {*_single_bases(namer), *_beside_exons(namer)}
    return sorted(found, key=lambda a: (a.pos, a.ref, a.alt))


def _single_bases(namer: Namer) -> Iterator[Allele]:
    exons = namer.main.model.exons
    low, high = min(a for a, _ in exons) - _BESIDE, max(b for _, b in exons) + _BESIDE
    for pos in range(low, high + 1):
        ref = namer.reference.bases(pos, pos)
        yield from (Allele(pos=pos, ref=ref, alt=alt) for alt in _BASES if alt != ref)


def _beside_exons(namer: Namer) -> Iterator[Allele]:
    reference = namer.reference
    inserted = [""]
    for _ in range(_LONGEST_INSERTION):
        inserted += [text + base for text in inserted for base in _BASES if text + base not in inserted]
    for low, high in namer.main.model.cds:
        for pos in range(low - _FLANK, high + _FLANK + 1):
            ref = reference.bases(pos, pos)
            raw = [Allele(pos=pos, ref=ref, alt=ref + new) for new in inserted if new]
            raw += [
                Allele(pos=pos, ref=reference.bases(pos, pos + size), alt=ref)
                for size in range(1, _LONGEST_DELETION + 1)
            ]
            two = reference.bases(pos, pos + 1)
            raw += [
                Allele(pos=pos, ref=two, alt=a + b)
                for a in _BASES
                for b in _BASES
                if a != two[0] and b != two[1]
            ]
            yield from (normalise(allele, reference) for allele in raw)

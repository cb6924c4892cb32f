"""The NCI TP53 Database: tumours and families with each change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.allele import Build
from tp53annot.knowledge.tables.tumours import NCI_GERMLINE_FILE, NCI_TUMOUR_FILE
from tp53annot.maintain.imported_rows import Import, Imported, catalogue, in_gene_order, name_of
from tp53annot.maintain.release_file import FileRow

_SUBSTITUTION = re.compile(r"[A-Z]\d+[A-Z]")
_UNSTATED = ("", "na", "nan", "none")


class _TumourSettings(Struct, frozen=True, kw_only=True):
    """What the tumour file publishes, and how it names it.

    Attributes:
        lymphoblastic: stands in the morphology of acute lymphoblastic leukaemias.
        protein: column of the protein change.
        published: columns of classes it publishes, by our names of the classes.
        same_as: our words for its words.
    """

    lymphoblastic: str
    protein: str
    published: Mapping[str, str]
    same_as: Mapping[str, str]


def nci_tumour(job: Import) -> Imported:
    """Tumours (samples) with each change, and those called lymphoblastic leukaemia."""
    settings = job.settings(_TumourSettings)
    left: Counter[str] = Counter()
    samples: dict[str, tuple[int, set[str]]] = {}
    leukaemias: dict[str, set[str]] = {}
    published: dict[tuple[str, str], str] = {}
    for name, position, row in _named(job, left):
        published |= _published(row, settings)
        samples.setdefault(name, (position, set()))[1].add(row["Sample_ID"])
        if settings.lymphoblastic in row["Morphology"].lower():
            leukaemias.setdefault(name, set()).add(row["Sample_ID"])
    rows = tuple(
        (name, str(len(found)), str(len(leukaemias.get(name, ())))) for name, found in in_gene_order(samples)
    )
    return replace(catalogue(job, NCI_TUMOUR_FILE, rows, left), published=published)


def _published(row: FileRow, settings: _TumourSettings) -> dict[tuple[str, str], str]:
    """The classes a row publishes for its substitution, in our words; NA and the like left out."""
    change = row.get(settings.protein, "").removeprefix("p.")
    found = {}
    for name, column in settings.published.items():
        word = row.get(column, "").strip()
        if _SUBSTITUTION.fullmatch(change) and word.lower() not in _UNSTATED:
            found[change, name] = settings.same_as.get(word, word)
    return found


def nci_germline(job: Import) -> Imported:
    """Families with each germline change."""
    left: Counter[str] = Counter()
    families: dict[str, tuple[int, set[str]]] = {}
    for name, position, row in _named(job, left):
        families.setdefault(name, (position, set()))[1].add(row["Family_ID"])
    rows = tuple((name, str(len(found))) for name, found in in_gene_order(families))
    return catalogue(job, NCI_GERMLINE_FILE, rows, left)


def _named(job: Import, left: Counter[str]) -> Iterator[tuple[str, int, FileRow]]:
    """Rows with the name and place of their GRCh38 change; each spelling is read once."""
    accession = job.namer.reference.builds[Build.GRCH38].accession
    known: dict[str, tuple[str, int] | None] = {}
    for row in job.release.rows():
        text = row["g_description_GRCh38"].strip().rpartition(":")[2]
        if not text.startswith("g."):
            left["no GRCh38 change given"] += 1
            continue
        if text not in known:
            known[text] = name_of(f"{accession}:{text}", job.namer)
        named = known[text]
        if named is None:
            left["change not understood, or against the reference"] += 1
        else:
            yield *named, row

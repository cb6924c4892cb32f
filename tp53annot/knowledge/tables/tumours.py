"""Where a change was seen in cancer or clonal haematopoiesis; NCI and CIViC where they were imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tp53annot.knowledge.tables.table import (
    ChangeKeys,
    Fact,
    FrequencyFact,
    RowsOf,
    Table,
    TableFile,
    by_name,
)

_TCGA = TableFile(name="tcga", columns=("hgvs_c", "patients"))
_DOCM = TableFile(name="docm", columns=("hgvs_c", "diseases", "pmids"))
_CELL_LINES = TableFile(name="cell_lines", columns=("hgvs_c", "cell_line", "disease", "depmap_id"))
_CHIP = TableFile(name="chip", columns=("aa_change",))
NCI_TUMOUR_FILE = TableFile(
    name="nci_tumour", columns=("hgvs_c", "tumours", "lymphoblastic_leukaemias"), imported=True
)
NCI_GERMLINE_FILE = TableFile(name="nci_germline", columns=("hgvs_c", "families"), imported=True)
CIVIC_FILE = TableFile(name="civic", columns=("hgvs_c", "variant", "civic_id"), imported=True)
_TUMOUR, _LEUKAEMIA = "tumour", "all"  # groups of a report's frequencies


# TCGA ------------------------------------------------------------------------------------


def _tcga(rows: RowsOf) -> Mapping[str, int]:
    return {name: int(patients) for name, patients in rows(_TCGA)}


def _tcga_facts(patients: int) -> Iterator[Fact]:
    yield Fact("TCGA patients", patients, _TCGA.name)


def _tcga_frequencies(patients: int) -> Iterator[FrequencyFact]:
    yield FrequencyFact("tumour", _TUMOUR, patients, _TCGA.name)


# Patients, by c. name.
TCGA = Table(files=(_TCGA,), read=_tcga, facts=by_name(_tcga_facts), frequencies=by_name(_tcga_frequencies))


# DoCM ------------------------------------------------------------------------------------


class CuratedMutation(Struct, frozen=True, kw_only=True):
    """A curated cancer mutation: diseases, and the PMIDs that say so."""

    diseases: str
    pmids: tuple[str, ...]


def _docm(rows: RowsOf) -> Mapping[str, CuratedMutation]:
    return {
        name: CuratedMutation(diseases=diseases, pmids=tuple(pmids.split(",")))
        for name, diseases, pmids in rows(_DOCM)
    }


def _docm_facts(row: CuratedMutation) -> Iterator[Fact]:
    addition = f"; rows from PMID {', '.join(row.pmids)}"
    yield Fact("DoCM diseases", row.diseases, _DOCM.name, addition=addition)


# By c. name.
DOCM = Table(files=(_DOCM,), read=_docm, facts=by_name(_docm_facts))


# Cell lines of acute lymphoblastic leukaemia -------------------------------------------------


class CellLine(Struct, frozen=True, kw_only=True):
    """A cell line that carries a change: name, disease, DepMap identifier."""

    name: str
    disease: str
    identifier: str


def _cell_lines(rows: RowsOf) -> Mapping[str, tuple[CellLine, ...]]:
    found: dict[str, tuple[CellLine, ...]] = {}
    for name, line, disease, identifier in rows(_CELL_LINES):
        found[name] = (*found.get(name, ()), CellLine(name=line, disease=disease, identifier=identifier))
    return found


def _cell_line_facts(lines: tuple[CellLine, ...]) -> Iterator[Fact]:
    for line in lines:
        yield Fact("ALL cell line", f"{line.name}, {line.disease} ({line.identifier})", _CELL_LINES.name)


def _cell_line_frequencies(lines: tuple[CellLine, ...]) -> Iterator[FrequencyFact]:
    for line in lines:
        yield FrequencyFact("cell_line", _LEUKAEMIA, 1, _CELL_LINES.name, {"line": line.name})


# By c. name.
CELL_LINES = Table(
    files=(_CELL_LINES,),
    read=_cell_lines,
    facts=by_name(_cell_line_facts),
    frequencies=by_name(_cell_line_frequencies),
)


# Clonal haematopoiesis ---------------------------------------------------------------------


def _chip(rows: RowsOf) -> frozenset[str]:
    return frozenset(change for (change,) in rows(_CHIP))


def _chip_facts(changes: frozenset[str], keys: ChangeKeys) -> Iterator[Fact]:
    if keys.change in changes:
        yield Fact("listed as driver of clonal haematopoiesis", keys.change, _CHIP.name)


# Protein changes counted as drivers.
CHIP = Table(files=(_CHIP,), read=_chip, facts=_chip_facts)


# NCI TP53 Database -------------------------------------------------------------------------


def _nci_tumour(rows: RowsOf) -> Mapping[str, tuple[int, int]]:
    return {name: (int(samples), int(leukaemias)) for name, samples, leukaemias in rows(NCI_TUMOUR_FILE)}


def _nci_tumour_facts(seen: tuple[int, int]) -> Iterator[Fact]:
    yield Fact("NCI TP53 Database tumours", seen[0], NCI_TUMOUR_FILE.name)


def _nci_tumour_frequencies(seen: tuple[int, int]) -> Iterator[FrequencyFact]:
    yield FrequencyFact("nci_tumour", _TUMOUR, seen[0], NCI_TUMOUR_FILE.name)
    yield FrequencyFact("nci_leukaemia", _LEUKAEMIA, seen[1], NCI_TUMOUR_FILE.name)


def _nci_families(rows: RowsOf) -> Mapping[str, int]:
    return {name: int(families) for name, families in rows(NCI_GERMLINE_FILE)}


def _nci_family_facts(families: int) -> Iterator[Fact]:
    yield Fact("NCI TP53 Database families", families, NCI_GERMLINE_FILE.name)


# Tumour samples and the lymphoblastic leukaemias among them, by c. name; imported.
NCI_TUMOUR = Table(
    files=(NCI_TUMOUR_FILE,),
    read=_nci_tumour,
    facts=by_name(_nci_tumour_facts),
    frequencies=by_name(_nci_tumour_frequencies),
)
# Families with a germline change, by c. name; imported.
NCI_FAMILIES = Table(files=(NCI_GERMLINE_FILE,), read=_nci_families, facts=by_name(_nci_family_facts))


# CIViC -----------------------------------------------------------------------------------


def _civic(rows: RowsOf) -> Mapping[str, tuple[str, str]]:
    return {name: (variant, identifier) for name, variant, identifier in rows(CIVIC_FILE)}


def _civic_facts(variant: tuple[str, str]) -> Iterator[Fact]:
    name, identifier = variant
    yield Fact("CIViC variant", f"{name} (variant {identifier})", CIVIC_FILE.name)


# Name and number of the variant, by c. name; imported.
CIVIC = Table(files=(CIVIC_FILE,), read=_civic, facts=by_name(_civic_facts))

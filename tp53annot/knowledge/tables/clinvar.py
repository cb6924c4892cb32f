"""ClinVar: published germline classifications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tp53annot.knowledge.tables.table import Fact, RowsOf, Table, TableFile, by_name

CLINVAR_FILE = TableFile(
    name="clinvar",
    columns=(
        "hgvs_c",
        "aa_change",
        "germline_classification",
        "germline_review_status",
        "accession",
        "rsid",
        "oncogenicity",
        "oncogenicity_review_status",
    ),
)
# Variants of uncertain significance of an older export; a full release holds them among the others.
CLINVAR_VUS_FILE = TableFile(
    name="clinvar_vus", columns=("hgvs_c", "germline_classification", "variation_id")
)

_ONCOGENIC = TableFile(
    name="clinvar_oncogenic",
    columns=("hgvs_c", "oncogenicity", "review_status", "evaluated", "accession"),
)


class ClinVarOncogenicity(Struct, frozen=True, kw_only=True):
    """A published oncogenicity, its review status, date of evaluation and accession, in ClinVar's words."""

    oncogenicity: str
    review: str
    evaluated: str
    accession: str


class ClinVar(Struct, frozen=True, kw_only=True):
    """A published germline classification (and oncogenicity, where one was submitted).

    Attributes:
        classification: germline, in ClinVar's words.
        review_status: in ClinVar's words; ``None`` where the export does not hold it.
        accession: of the variation.
        change: short protein name, where the export has it.
        rsid: of dbSNP.
        oncogenicity: in ClinVar's words.
        oncogenicity_review: review status of the oncogenicity.
        table: name of the file the row stands in.
    """

    classification: str
    review_status: str | None
    accession: str
    change: str | None = None
    rsid: str | None = None
    oncogenicity: str | None = None
    oncogenicity_review: str | None = None
    table: str = CLINVAR_FILE.name


def _read(rows: RowsOf) -> Mapping[str, ClinVar]:
    uncertain = {
        name: ClinVar(
            classification=classification,
            review_status=None,
            accession=f"VariationID {number}",
            table=CLINVAR_VUS_FILE.name,
        )
        for name, classification, number in rows(CLINVAR_VUS_FILE)
    }
    return uncertain | {
        name: ClinVar(
            classification=classification,
            review_status=review or None,
            accession=accession,
            change=change or None,
            rsid=rsid or None,
            oncogenicity=oncogenicity or None,
            oncogenicity_review=oncogenicity_review or None,
        )
        for name, change, classification, review, accession, rsid, oncogenicity, oncogenicity_review in rows(
            CLINVAR_FILE
        )
    }


def _facts(row: ClinVar) -> Iterator[Fact]:
    yield Fact("ClinVar germline classification", row.classification, row.table)
    if row.oncogenicity:
        review = row.oncogenicity_review or "review not stated"
        yield Fact("ClinVar oncogenicity", f"{row.oncogenicity} ({review})", row.table)


def _oncogenic(rows: RowsOf) -> Mapping[str, ClinVarOncogenicity]:
    return {
        name: ClinVarOncogenicity(oncogenicity=word, review=review, evaluated=date, accession=accession)
        for name, word, review, date, accession in rows(_ONCOGENIC)
    }


def _oncogenic_facts(row: ClinVarOncogenicity) -> Iterator[Fact]:
    shown = f"{row.oncogenicity} ({row.review}, {row.evaluated}, {row.accession})"
    yield Fact("ClinVar oncogenicity, export of oncogenic records", shown, _ONCOGENIC.name)


# Oncogenicity in a filtered export that holds frameshifts, too, by c. name.
CLINVAR_ONCOGENIC = Table(files=(_ONCOGENIC,), read=_oncogenic, facts=by_name(_oncogenic_facts))
# By c. name.
CLINVAR = Table(files=(CLINVAR_FILE, CLINVAR_VUS_FILE), read=_read, facts=by_name(_facts))

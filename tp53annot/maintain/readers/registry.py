"""Every reader by the name that a ``[[format]]`` of ``rules/sources.toml`` asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from tp53annot.maintain.imported_rows import FileReader
from tp53annot.maintain.readers.civic import civic_table, civic_vcf
from tp53annot.maintain.readers.clinvar import clinvar_search, clinvar_summary, clinvar_vcf
from tp53annot.maintain.readers.gnomad import gnomad_api, gnomad_table, gnomad_vcf
from tp53annot.maintain.readers.hotspots import hotspots, hotspots_api
from tp53annot.maintain.readers.nci import nci_germline, nci_tumour
from tp53annot.maintain.readers.predictors import score_table, spliceai

READERS: Mapping[str, FileReader] = {
    "civic_table": civic_table,
    "civic_vcf": civic_vcf,
    "clinvar_search": clinvar_search,
    "clinvar_summary": clinvar_summary,
    "clinvar_vcf": clinvar_vcf,
    "gnomad_api": gnomad_api,
    "gnomad_table": gnomad_table,
    "gnomad_vcf": gnomad_vcf,
    "hotspots": hotspots,
    "hotspots_api": hotspots_api,
    "nci_germline": nci_germline,
    "nci_tumour": nci_tumour,
    "score_table": score_table,
    "spliceai": spliceai,
}

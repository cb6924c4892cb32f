"""Every format of a report, rendered from its JSON document alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tp53annot.core.text import encode
from tp53annot.knowledge.resources import Resources
from tp53annot.report.document import dump
from tp53annot.report.formats.tsv import render_tsv

Document = Mapping[str, Any]
# File name ending of each format; the annotated VCF is no rendering: it needs the input's records.
ENDINGS = {
    "json": "json", "tsv": "tsv", "html": "html", "txt": "txt", "maf": "maf", "xlsx": "xlsx",
    "pdf": "pdf", "fhir": "fhir.json",
}  # fmt: skip
TEXT = ("json", "tsv", "html", "txt", "maf", "fhir")


def render(document: Document, name: str, resources: Resources, language: str) -> bytes:
    """The bytes of one format.

    Raises:
        UsageError: PDF without its optional library.
        ResourceError: the texts of a user's folder lack something.
    """
    with resources.guard():
        return _render(document, name, resources, language)


def _render(document: Document, name: str, resources: Resources, language: str) -> bytes:
    if name == "json":
        return encode(dump(document))
    if name == "tsv":
        return encode(render_tsv(document))
    if name == "maf":
        from tp53annot.report.formats.maf import render_maf

        return encode(render_maf(document))
    words = resources.texts(language)
    if name == "xlsx":
        from tp53annot.report.formats.xlsx import render_xlsx

        return render_xlsx(document, words)
    if name == "fhir":
        from tp53annot.report.formats.fhir import render_fhir

        return encode(render_fhir(document, words))
    if name == "txt":
        from tp53annot.report.formats.txt import render_summary

        return encode(render_summary(document, words))
    from tp53annot.report.formats.html import render_page

    page = render_page(document, words)
    if name == "pdf":
        from tp53annot.report.formats.pdf import render_pdf

        return render_pdf(page)
    return encode(page)

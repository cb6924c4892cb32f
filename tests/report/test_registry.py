"""The formats: each module declares one, unknown names are refused, lists and help follow."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rendered import render
from report_cases import report
from tp53annot_cli import tp53annot

from tp53annot.api import render_report
from tp53annot.errors import UsageError
from tp53annot.knowledge.resources import resources_of
from tp53annot.report import formats
from tp53annot.report.registry import DEFAULT_FORMATS, FORMATS, RENDERED, format_of

MODULES = {p.stem for p in Path(formats.__file__).parent.glob("*.py")} - {"__init__"}


def test_every_module_declares_the_format_of_its_name() -> None:
    assert set(FORMATS) == MODULES
    assert [form.rank for form in FORMATS.values()] == list(range(len(FORMATS)))
    assert len({form.ending for form in FORMATS.values()}) == len(FORMATS)
    assert DEFAULT_FORMATS == ("json", "tsv", "html", "vcf")
    assert set(FORMATS) - set(RENDERED) == {"vcf"}


@pytest.mark.parametrize("name", ["docx", "HTML", "", "html "])
def test_an_unknown_format_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(UsageError, match="json, tsv, html, vcf, xlsx, maf, pdf, fhir, txt"):
        format_of(name)
    document = report("not_detected")
    with pytest.raises(UsageError, match="is not one of json"):
        render(document, name, resources_of(), "en")
    with pytest.raises(UsageError, match="is not one of json, tsv, html, xlsx, maf, pdf, fhir, txt"):
        render_report(document, name)


def test_a_vcf_cannot_be_rendered() -> None:
    with pytest.raises(UsageError, match="vcf needs more than a report"):
        render(report("not_detected"), "vcf", resources_of(), "en")


@pytest.mark.parametrize("command", ["run", "render"])
def test_the_help_names_the_formats(command: str) -> None:
    shown = " ".join(tp53annot(command, "--help").stdout.split())
    assert f"list of {', '.join(FORMATS if command == 'run' else RENDERED)}." in shown


@pytest.mark.parametrize(
    "name", [name for name in RENDERED if name != "pdf"]
)  # that is tests/report/test_effects.py's
def test_text_formats_are_text(name: str) -> None:
    data = render(report("two_hit"), name, resources_of(), "en")
    if FORMATS[name].text:
        assert data.decode().endswith(("\n", "</html>"))
    else:
        assert data[:4] == b"PK\x03\x04"


def test_a_format_without_its_library_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"pip install 'tp53annot\[pdf\]'"):
        render(report("not_detected"), "pdf", resources_of(), "en")

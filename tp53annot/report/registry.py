"""Every format of a report, by name: what the modules of ``formats/`` declare."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tp53annot.errors import UsageError
from tp53annot.report import formats
from tp53annot.report.format import ReportFormat

if TYPE_CHECKING:
    from tp53annot.knowledge.resources import Resources
    from tp53annot.report.model.report import Report


def _declared() -> dict[str, ReportFormat]:
    modules = (
        importlib.import_module(m.name)
        for m in pkgutil.iter_modules(formats.__path__, f"{formats.__name__}.")
    )
    found: list[ReportFormat] = [module.FORMAT for module in modules]
    return {form.name: form for form in sorted(found, key=lambda form: form.rank)}


FORMATS: Mapping[str, ReportFormat] = _declared()
DEFAULT_FORMATS = tuple(name for name, form in FORMATS.items() if form.default)
RENDERED = tuple(name for name, form in FORMATS.items() if form.render is not None)


def format_of(name: str) -> ReportFormat:
    """The format of a name.

    Raises:
        UsageError: there is none of this name.
    """
    if name not in FORMATS:
        raise UsageError(f"{name!r} is not one of {', '.join(FORMATS)}")
    return FORMATS[name]


def rendered(report: Report, name: str, resources: Resources, language: str) -> bytes:
    """The bytes of one format.

    Raises:
        UsageError: an unknown format, one that needs more than the report, or PDF without its library.
        ResourceError: the texts of a user's folder lack something.
    """
    form = format_of(name)
    if form.render is None:
        raise UsageError(f"{name} needs more than a report; use {', '.join(RENDERED)}")
    with resources.guard():
        return form.render(report, resources.texts(language))

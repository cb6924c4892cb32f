"""tp53annot: TP53 in acute lymphoblastic leukaemia, from sequencing output to a sourced report.

The library is :func:`annotate_variant`, :func:`run_sample`, :func:`render_report` and :func:`cohort_table`; expected
failures raise :class:`Tp53AnnotError`. They are loaded when first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp53annot.core.version import __version__

if TYPE_CHECKING:
    from tp53annot.api import annotate_variant, cohort_table, render_report, run_sample
    from tp53annot.errors import InputError, Tp53AnnotError, UsageError

__all__ = [
    "InputError",
    "Tp53AnnotError",
    "UsageError",
    "__version__",
    "annotate_variant",
    "cohort_table",
    "render_report",
    "run_sample",
]
_HOMES = {
    "annotate_variant": "api",
    "cohort_table": "api",
    "render_report": "api",
    "run_sample": "api",
    "InputError": "errors",
    "Tp53AnnotError": "errors",
    "UsageError": "errors",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"tp53annot.{_HOMES[name]}"), name)

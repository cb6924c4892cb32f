"""Criteria of the ClinGen TP53 expert panel's germline rules, one evaluator a module.

A new criterion is a module of this package with a function under ``germline_criterion``, and its block in
``rules/germline.toml``, whose order is the order of evaluation and of the list in a report.
"""

import importlib
import pkgutil

from tp53annot.interpret.criteria.germline.case import GermlineCase, PanelChanges
from tp53annot.interpret.criteria.germline.registry import GERMLINE

for _module in pkgutil.iter_modules(__path__, f"{__name__}."):
    importlib.import_module(_module.name)

__all__ = ["GERMLINE", "GermlineCase", "PanelChanges"]

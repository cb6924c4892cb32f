"""Criteria of the ClinGen/CGC/VICC oncogenicity standards, one evaluator a module.

A new criterion is a module of this package with a function under ``evaluates``, and its block in
``rules/oncogenicity.toml``, whose order is the order of evaluation and of the list in a report.
"""

import importlib
import pkgutil

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.oncogenicity.registry import ONCOGENICITY

for _module in pkgutil.iter_modules(__path__, f"{__name__}."):
    importlib.import_module(_module.name)

__all__ = ["ONCOGENICITY", "Case"]

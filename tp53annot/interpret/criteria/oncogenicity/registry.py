"""The evaluators of the oncogenicity criteria."""

from __future__ import annotations

from tp53annot.interpret.criteria.oncogenicity.case import Case
from tp53annot.interpret.criteria.registry import CriterionRegistry

ONCOGENICITY = CriterionRegistry[Case]()
evaluates = ONCOGENICITY.evaluates

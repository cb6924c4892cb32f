"""The evaluators of the germline criteria."""

from __future__ import annotations

from tp53annot.interpret.criteria.germline.case import GermlineCase
from tp53annot.interpret.criteria.registry import CriterionRegistry

GERMLINE = CriterionRegistry[GermlineCase]()
germline_criterion = GERMLINE.evaluates

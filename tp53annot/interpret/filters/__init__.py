"""Named filters, one a module: a candidate that fails keeps every reason, and what is not known fails nothing.

A new filter is a module of this package with a function under ``filter_named``, which says what it looks at, and its
block in ``rules/filters.toml``, whose order is the order of the reasons.
"""

import importlib
import pkgutil

from tp53annot.interpret.filters.registry import FILTERS, FilterChain, LooksAt
from tp53annot.interpret.filters.subject import FilterSubject, Thresholds

for _module in pkgutil.iter_modules(__path__, f"{__name__}."):
    importlib.import_module(_module.name)

__all__ = ["FILTERS", "FilterChain", "FilterSubject", "LooksAt", "Thresholds"]

"""All rules of one resources folder, each file read and checked when it is first asked for."""

from __future__ import annotations

import functools
from typing import TypeVar

from tp53annot.errors import ResourceError
from tp53annot.knowledge.rules.amp_tier import AmpTierRules
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.rules.sources import SourcesRules
from tp53annot.knowledge.store import Store

T = TypeVar("T")


class Ruleset:
    """The files of ``rules/`` as typed values.

    Raises:
        ResourceError: on access, when the file is missing or altered or holds an unknown, missing or unfitting key.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def _read(self, name: str, kind: type[T]) -> T:
        try:
            return read_rules(kind, self.store.toml(f"rules/{name}.toml"))
        except RuleError as error:
            raise ResourceError(f"{self.store.root}/rules/{name}.toml: {error}; {self.store.mend}") from error

    @functools.cached_property
    def amp_tier(self) -> AmpTierRules:
        """AMP/ASCO/CAP tiers."""
        return self._read("amp_tier", AmpTierRules)

    @functools.cached_property
    def sources(self) -> SourcesRules:
        """Sources of newer tables."""
        return self._read("sources", SourcesRules)

"""All rules of one resources folder, each file read and checked when it is first asked for."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tp53annot.errors import ResourceError
from tp53annot.knowledge.rules.amp_tier import AmpTierRules
from tp53annot.knowledge.rules.filters import FilterRules
from tp53annot.knowledge.rules.oncogenicity import OncogenicityRules
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.store import Store, store

T = TypeVar("T")


class Ruleset:
    """The files of ``rules/`` as typed values.

    Raises:
        ResourceError: on access, when the file is missing or altered or holds an unknown, missing or unfitting key.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def _read(self, name: str, kind: type[T]) -> T:
        with self.faults_of(name):
            return read_rules(kind, self.store.toml(f"rules/{name}.toml"))

    @contextmanager
    def faults_of(self, name: str) -> Iterator[None]:
        """Name the file in a fault of its rules.

        Raises:
            ResourceError: the block met a :class:`RuleError`.
        """
        try:
            yield
        except RuleError as error:
            raise ResourceError(f"{self.store.root}/rules/{name}.toml: {error}; {self.store.mend}") from error

    @functools.cached_property
    def amp_tier(self) -> AmpTierRules:
        """AMP/ASCO/CAP tiers."""
        return self._read("amp_tier", AmpTierRules)

    @functools.cached_property
    def filters(self) -> FilterRules:
        """Limits and sentences of the filters."""
        return self._read("filters", FilterRules)

    @functools.cached_property
    def oncogenicity(self) -> OncogenicityRules:
        """Criteria, points and classes."""
        return self._read("oncogenicity", OncogenicityRules)


@functools.cache
def ruleset(root: Path | None = None) -> Ruleset:
    """The rules of a resources folder, shared in the process."""
    return Ruleset(store(root))

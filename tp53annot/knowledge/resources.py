"""One resources folder: its files, and what is made of them once in a process."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tp53annot.core.locus import Reference
from tp53annot.knowledge.languages import DEFAULT_LANGUAGE
from tp53annot.knowledge.protein_map import ProteinMap
from tp53annot.knowledge.reference import load_reference
from tp53annot.knowledge.rules.ruleset import Ruleset, ruleset
from tp53annot.knowledge.statements import Statement, load_statements
from tp53annot.knowledge.store import Store, open_store
from tp53annot.knowledge.tables.registry import Knowledge, load_knowledge
from tp53annot.knowledge.vocabulary import Vocabulary, load_vocabulary
from tp53annot.names.hgvs import Namer


class Resources:
    """Reference, tables, rules and texts of one folder, each read when it is first asked for.

    ``language``: of the sentences that rules and tables hold.
    """

    def __init__(self, root: Path | None, language: str = DEFAULT_LANGUAGE) -> None:
        self.root, self.language = root, language
        self._texts: dict[str, Mapping[str, Any]] = {}

    @functools.cached_property
    def store(self) -> Store:
        """The folder's files with their manifest."""
        return open_store(self.root)

    def guard(self) -> AbstractContextManager[None]:
        """Around work on tables: what a folder of the user's holds wrongly is its damage, not a fault of ours."""
        return nullcontext() if self.root is None else self.store.sound("tables, rules or texts")

    @functools.cached_property
    def reference(self) -> Reference:
        """Locus, builds, transcripts."""
        return load_reference(self.root)

    @functools.cached_property
    def namer(self) -> Namer:
        """HGVS names, the same in every language."""
        if self.language != DEFAULT_LANGUAGE:
            return resources_of(self.root).namer
        return Namer(self.reference)

    @functools.cached_property
    def knowledge(self) -> Knowledge:
        """All tables, with the rules and words of the language."""
        tables = load_knowledge(self.root)
        if self.language == DEFAULT_LANGUAGE:
            return tables
        words = self.texts(self.language)
        phrases = {**words["table_phrase"], **words["published_class"], **words["review_status"]}
        return replace(tables, rules=self.rules.oncogenicity, phrases=phrases)

    @functools.cached_property
    def rules(self) -> Ruleset:
        """The files of ``rules/`` as typed values."""
        return ruleset(self.root, self.language)

    def texts(self, language: str) -> Mapping[str, Any]:
        """``texts/<language>.toml``, with the axes of published effects, which are the same in every language."""
        if language not in self._texts:
            axes = {"effect_rules": self.rules.effects}
            self._texts[language] = {**self.store.toml(f"texts/{language}.toml"), **axes}
        return self._texts[language]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The evidence base."""
        return load_statements(self.root)

    @property
    def vocabulary(self) -> Vocabulary:
        """Clinical context fields."""
        return load_vocabulary(self.root)

    @functools.cached_property
    def protein(self) -> ProteinMap:
        """What the figures of the protein and its assays need, worked out once."""
        if self.language != DEFAULT_LANGUAGE:
            return resources_of(self.root).protein
        with self.store.sound("tables"):
            return ProteinMap.of(self.knowledge, len(self.namer.main.protein) - 1)

    def rsids(self) -> Mapping[str, tuple[str, ...]]:
        """c. names by bundled rsID."""
        return self._names_by_rsid

    @functools.cached_property
    def _names_by_rsid(self) -> Mapping[str, tuple[str, ...]]:
        return self.knowledge.names_by_rsid()

    def load(self) -> None:
        """Load what every report needs, so that damage shows before any work and forks share it.

        Raises:
            ResourceError: a file is missing or altered.
        """
        _ = (self.knowledge, self.namer, self.statements, self.vocabulary, self.protein)
        _ = (
            self.rules.amp_tier,
            self.rules.filters,
            self.rules.assessment(),
            self.rules.calling,
            self.rules.cohort,
        )


@functools.cache
def resources_of(root: Path | None = None, language: str = DEFAULT_LANGUAGE) -> Resources:
    """A folder's resources in a language, shared in the process."""
    return Resources(root, language)

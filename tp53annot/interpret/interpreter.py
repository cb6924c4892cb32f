"""Everything loaded once per process, and what is found out once per allele."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tp53annot.core.allele import Allele
from tp53annot.core.locus import Reference
from tp53annot.core.variant import AnnotatedVariant, Classification
from tp53annot.interpret.all_changes import GeneRow, gene_table
from tp53annot.interpret.annotation import annotate
from tp53annot.interpret.oncogenicity import amp_tier, classify, not_considered
from tp53annot.knowledge.protein_map import ProteinMap
from tp53annot.knowledge.reference import load_reference
from tp53annot.knowledge.statements import Statement, load_statements, load_vocabulary
from tp53annot.knowledge.store import Store, load_rules, store
from tp53annot.knowledge.table_files import load_knowledge, rsids
from tp53annot.knowledge.tables import Knowledge
from tp53annot.names.hgvs import Namer
from tp53annot.names.normalisation import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What holds for an allele in any sample."""

    annotated: AnnotatedVariant
    classification: Classification


class Kit:
    """Reference, tables, rules and texts of one resources folder."""

    def __init__(self, root: Path | None) -> None:
        self.root = root
        self._found: dict[tuple[Allele, bool], Finding] = {}
        self._texts: dict[str, Mapping[str, Any]] = {}

    @functools.cached_property
    def store(self) -> Store:
        """The folder's files with their manifest."""
        return store(self.root)

    def guard(self) -> AbstractContextManager[None]:
        """Around work on tables: what a folder of the user's holds wrongly is its damage, not a fault of ours."""
        return nullcontext() if self.root is None else self.store.sound("tables, rules or texts")

    @functools.cached_property
    def reference(self) -> Reference:
        """Locus, builds, transcripts."""
        return load_reference(self.root)

    @functools.cached_property
    def namer(self) -> Namer:
        """HGVS names."""
        return Namer(self.reference)

    @functools.cached_property
    def knowledge(self) -> Knowledge:
        """All tables."""
        return load_knowledge(self.root)

    @functools.cached_property
    def gene_rows(self) -> tuple[GeneRow, ...]:
        """Class of every change of the gene."""
        with self.guard():
            return gene_table(self.namer, self.knowledge)

    @functools.cached_property
    def _missing(self) -> tuple[str, ...]:
        return not_considered(self.knowledge, self.rules("oncogenicity"))

    def rules(self, name: str) -> Mapping[str, Any]:
        """``rules/<name>.toml``."""
        return load_rules(name, self.root)

    def assessment(self, language: str = "en") -> Mapping[str, Any]:
        """``rules/assessment.toml``, its sentences in a language where the catalogue has them."""
        return _overlaid(self.rules("assessment"), self.texts(language).get("assessment", {}))

    def texts(self, language: str) -> Mapping[str, Any]:
        """``texts/<language>.toml``."""
        if language not in self._texts:
            self._texts[language] = self.store.toml(f"texts/{language}.toml")
        return self._texts[language]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The evidence base."""
        return load_statements(self.root)

    @property
    def vocabulary(self) -> Mapping[str, Mapping[str, Any]]:
        """Clinical context fields."""
        return load_vocabulary(self.root)

    def load(self) -> None:
        """Load what every report needs, so that damage shows before any work and forks share it.

        Raises:
            ResourceError: a file is missing or altered.
        """
        _ = (self.knowledge, self.namer, self.statements, self.vocabulary, self.protein, self._missing)
        for name in ("filters", "assessment", "amp_tier", "calling", "cohort"):
            self.rules(name)

    @functools.cached_property
    def protein(self) -> ProteinMap:
        """What the figures of the protein and its assays need, worked out once."""
        with self.store.sound("tables"):
            return ProteinMap.of(self.knowledge, len(self.namer.main.protein) - 1)

    def rsids(self) -> Mapping[str, tuple[str, ...]]:
        """c. names by bundled rsID."""
        return rsids(self.root)

    def find(self, allele: Allele, *, isoforms: bool = True) -> Finding:
        """Name, annotate and classify an allele (any spelling), once.

        Without ``isoforms`` the claims are left out, too: enough for an INFO field, and quicker.
        """
        key = (allele, isoforms)
        finding = self._found.get(key)
        if finding is None:
            named = self.namer.describe(normalise(allele, self.reference), isoforms=isoforms)
            if named.hgvs_c in self.knowledge.splice_known:  # the field's short name says what it does
                named = replace(named, hgvs_p_short=f"{named.aa_ref}{named.aa_pos}_splice")
            annotated = annotate(named, self.knowledge, claims=isoforms)
            finding = Finding(
                annotated=annotated, classification=classify(annotated, self.knowledge, missing=self._missing)
            )
            if isoforms and len(self._found) < 200_000:  # bounds memory; without, the caller keeps the line
                self._found[key] = finding
        return finding

    def tier(self, classification: Classification, lineage: str | None) -> Mapping[str, object]:
        """AMP/ASCO/CAP tier."""
        return amp_tier(classification, lineage, self.rules("amp_tier"))


def _overlaid(rules: Mapping[str, Any], words: Mapping[str, Any]) -> Mapping[str, Any]:
    """Rules with the entries of ``words`` in place of theirs."""
    return {
        name: _overlaid(value, words[name])
        if isinstance(words.get(name), Mapping)
        else words.get(name, value)
        for name, value in rules.items()
    }


@functools.cache
def kit(root: Path | None = None) -> Kit:
    """The kit of a resources folder, shared in the process."""
    return Kit(root)

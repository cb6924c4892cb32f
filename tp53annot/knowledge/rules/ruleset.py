"""All rules of one resources folder, each file read and checked when it is first asked for."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tp53annot.errors import ResourceError
from tp53annot.knowledge.languages import DEFAULT_LANGUAGE
from tp53annot.knowledge.rules.amp_tier import AmpTierRules
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.knowledge.rules.cohort import CohortRules
from tp53annot.knowledge.rules.filters import FilterRules
from tp53annot.knowledge.rules.germline import GermlineRules
from tp53annot.knowledge.rules.oncogenicity import OncogenicityRules
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.knowledge.store import Store, open_store

if TYPE_CHECKING:  # few runs ask for these: no other pays for their types
    from tp53annot.knowledge.rules.copy_number import CopyNumberRules
    from tp53annot.knowledge.rules.effects import EffectRules
    from tp53annot.knowledge.rules.evidence import EvidenceRules
    from tp53annot.knowledge.rules.sources import SourcesRules
    from tp53annot.knowledge.rules.validation import ValidationRules
    from tp53annot.knowledge.rules.variant_list import VariantListRules
    from tp53annot.knowledge.rules.vcf import VcfRules

_T = TypeVar("_T")


class Ruleset:
    """The files of ``rules/`` as typed values, their sentences in one language.

    They are written in English; ``texts/<language>.toml`` has those of another under ``[rules.<file>]``.

    Raises:
        ResourceError: on access, when the file is missing or altered or holds an unknown, missing or unfitting key.
    """

    def __init__(self, store: Store, language: str = DEFAULT_LANGUAGE) -> None:
        self.store, self.language = store, language
        self._assessments: dict[str, AssessmentRules] = {}

    def _read(self, name: str, kind: type[_T]) -> _T:
        with self.faults_of(name):
            return read_rules(kind, self._in_language(name, self.store.toml(f"rules/{name}.toml")))

    def _in_language(self, name: str, rules: Mapping[str, object]) -> Mapping[str, object]:
        if self.language == DEFAULT_LANGUAGE:
            return rules
        return _overlaid(rules, self._translated.get(name, {}))

    @functools.cached_property
    def _translated(self) -> Mapping[str, Mapping[str, object]]:
        """The sentences of the language by the file of rules that they stand for."""
        file = f"texts/{self.language}.toml"
        return read_rules(
            dict[str, dict[str, object]], self.store.toml(file).get("rules", {}), f"{file}: rules"
        )

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

    def assessment(self, language: str | None = None) -> AssessmentRules:
        """A sample's answer, its sentences in a language where ``texts/<language>.toml`` has them."""
        language = language or self.language
        if language not in self._assessments:
            texts = self.store.toml(f"texts/{language}.toml")
            with self.faults_of("assessment"):
                words = read_rules(
                    dict[str, object], texts.get("assessment", {}), f"texts/{language}.toml: assessment"
                )
                raw = _overlaid(self.store.toml("rules/assessment.toml"), words)
                self._assessments[language] = read_rules(AssessmentRules, raw)
        return self._assessments[language]

    @functools.cached_property
    def amp_tier(self) -> AmpTierRules:
        """AMP/ASCO/CAP tiers."""
        return self._read("amp_tier", AmpTierRules)

    @functools.cached_property
    def cohort(self) -> CohortRules:
        """Figures, limits and published frequencies of a cohort."""
        return self._read("cohort", CohortRules)

    @functools.cached_property
    def effects(self) -> EffectRules:
        """Axes of published effects."""
        from tp53annot.knowledge.rules.effects import EffectRules

        return self._read("effects", EffectRules)

    @functools.cached_property
    def evidence(self) -> EvidenceRules:
        """What the evidence base must not hold, and the grid of its reach."""
        from tp53annot.knowledge.rules.evidence import EvidenceRules

        return self._read("evidence", EvidenceRules)

    @functools.cached_property
    def validation(self) -> ValidationRules:
        """Groups, bands and words of a validation."""
        from tp53annot.knowledge.rules.validation import ValidationRules

        return self._read("validation", ValidationRules)

    @functools.cached_property
    def variant_list(self) -> VariantListRules:
        """Columns of variant lists, and what is said of their rows."""
        from tp53annot.knowledge.rules.variant_list import VariantListRules

        return self._read("variant_list", VariantListRules)

    @functools.cached_property
    def calling(self) -> CallingRules:
        """Reads: what counts, callability, error model, reasons."""
        return self._read("calling", CallingRules)

    @functools.cached_property
    def copy_number(self) -> CopyNumberRules:
        """Copies of the gene, read where an input or the context states them."""
        from tp53annot.knowledge.rules.copy_number import CopyNumberRules

        return self._read("copy_number", CopyNumberRules)

    @functools.cached_property
    def filters(self) -> FilterRules:
        """Limits and sentences of the filters."""
        return self._read("filters", FilterRules)

    @functools.cached_property
    def germline(self) -> GermlineRules:
        """The expert panel's rules for the germline class."""
        return self._read("germline", GermlineRules)

    @functools.cached_property
    def oncogenicity(self) -> OncogenicityRules:
        """Criteria, points and classes."""
        return self._read("oncogenicity", OncogenicityRules)

    @functools.cached_property
    def sources(self) -> SourcesRules:
        """Sources of newer tables."""
        from tp53annot.knowledge.rules.sources import SourcesRules

        return self._read("sources", SourcesRules)

    @functools.cached_property
    def vcf(self) -> VcfRules:
        """How a VCF is taken: build, roles of columns, catalogues."""
        from tp53annot.knowledge.rules.vcf import VcfRules

        return self._read("vcf", VcfRules)


def _overlaid(rules: Mapping[str, object], words: Mapping[str, object]) -> Mapping[str, object]:
    """Rules with the entries of ``words`` in place of theirs, and those that they lack beside them.

    The tables of a list are taken in their order, so that both must have as many.
    """
    merged = {**rules, **words}
    for name, value in rules.items():
        own = words.get(name)
        if isinstance(value, Mapping) and isinstance(own, Mapping):
            merged[name] = _overlaid(value, own)
        elif isinstance(value, list) and isinstance(own, list):
            if len(value) != len(own):
                raise RuleError(f"{name} has {len(value)} entries, its translation {len(own)}")
            merged[name] = [_overlaid(*pair) for pair in zip(value, own, strict=True)]
    return merged


@functools.cache
def ruleset(root: Path | None = None, language: str = DEFAULT_LANGUAGE) -> Ruleset:
    """The rules of a resources folder in a language, shared in the process."""
    return Ruleset(open_store(root), language)

"""From an allele to its name, facts and class; what is found out is found out once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.allele import Allele
from tp53annot.core.variant import AnnotatedVariant, Classification, GermlineClass
from tp53annot.interpret.all_changes import GeneRow, gene_table
from tp53annot.interpret.amp_tier import amp_tier
from tp53annot.interpret.annotation import annotate
from tp53annot.interpret.filters import FilterChain
from tp53annot.interpret.germline_class import GermlineClassifier
from tp53annot.interpret.oncogenicity import Classifier
from tp53annot.interpret.published_class import BENIGN_SIDE
from tp53annot.knowledge.languages import DEFAULT_LANGUAGE
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.names.normalisation import normalise

_MOST_FINDINGS = 200_000  # kept at once: bounds memory


class Finding(Struct, frozen=True, kw_only=True):
    """What holds for an allele in any sample."""

    annotated: AnnotatedVariant
    classification: Classification
    germline: GermlineClass


class Interpreter:
    """Names, annotates and classifies alleles by one resources folder."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self._found: dict[tuple[Allele, bool], Finding] = {}

    def in_language(self, language: str) -> Interpreter:
        """The same tables and rules, reasons and remarks in another language."""
        if language == self.resources.language:
            return self
        return interpreter_of(self.resources.root, language)

    @functools.cached_property
    def gene_rows(self) -> tuple[GeneRow, ...]:
        """Class of every change of the gene."""
        with self.resources.guard(), self.resources.rules.faults_of("oncogenicity"):
            return gene_table(self.resources.namer, self.resources.knowledge)

    @functools.cached_property
    def classifier(self) -> Classifier:
        """What makes classes of facts.

        Raises:
            ResourceError: the rules do not fit the criteria.
        """
        knowledge = self.resources.knowledge
        with self.resources.rules.faults_of("oncogenicity"):
            return Classifier(knowledge)

    @functools.cached_property
    def germline_classifier(self) -> GermlineClassifier:
        """What makes germline classes of facts.

        Raises:
            ResourceError: the rules do not fit the criteria.
        """
        knowledge, rules = self.resources.knowledge, self.resources.rules
        with rules.faults_of("germline"):
            return GermlineClassifier(knowledge, rules.germline)

    @functools.cached_property
    def filters(self) -> FilterChain:
        """The filters in the order of their rules.

        Raises:
            ResourceError: the rules do not fit the filters.
        """
        with self.resources.rules.faults_of("filters"):
            return FilterChain(self.resources.rules.filters)

    def load(self) -> None:
        """Load what every report needs, so that damage shows before any work and forks share it.

        Raises:
            ResourceError: a file is missing or altered.
        """
        self.resources.load()
        _ = (self.classifier, self.germline_classifier, self.filters)

    def find(self, allele: Allele, *, isoforms: bool = True) -> Finding:
        """Name, annotate and classify an allele (any spelling), once.

        Without ``isoforms`` the claims are left out, too: enough for an INFO field, and quicker.
        """
        key = (allele, isoforms)
        finding = self._found.get(key)
        if finding is None:
            namer, knowledge = self.resources.namer, self.resources.knowledge
            named = namer.describe(normalise(allele, namer.reference), isoforms=isoforms)
            known = knowledge.splice_known.get(named.hgvs_c)
            # Known by its effect on splicing: T125_splice, not T125T; without RNA an exchange keeps its name.
            if known is not None and (known.shown or named.substitution is None):
                named = replace(named, hgvs_p_short=f"{named.aa_ref}{named.aa_pos}_splice")
            annotated = annotate(named, knowledge, claims=isoforms)
            finding = Finding(
                annotated=annotated,
                classification=self.classifier.classify(annotated),
                germline=self.germline_classifier.classify(annotated),
            )
            if isoforms and len(self._found) < _MOST_FINDINGS:  # without, the caller keeps the line
                self._found[key] = finding
        return finding

    def published_benign(self, finding: Finding) -> str | None:
        """The published (likely) benign class in force with its review, ``None`` without one."""
        published = finding.germline.published
        if published is None or published.side != BENIGN_SIDE:
            return None
        said = self.resources.knowledge.said
        return f"{said(published.name or '')} ({said(published.review or '')})"

    def tier(self, classification: Classification, lineage: str | None) -> Mapping[str, object] | None:
        """AMP/ASCO/CAP tier in a leukaemia of this lineage; ``lineage`` is ``None`` for a sample that is not of ALL."""
        return amp_tier(classification, lineage, self.resources.rules.amp_tier)


@functools.cache
def interpreter_of(root: Path | None = None, language: str = DEFAULT_LANGUAGE) -> Interpreter:
    """The interpreter of a resources folder, its reasons in a language, shared in the process."""
    return Interpreter(resources_of(root, language))

"""The calls of one sample, judged: each change once, parts in cis together, classified, filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, Flag, is_background
from tp53annot.core.variant import ClassifiedVariant, OncogenicityClass
from tp53annot.interpret.allele_frequency import population_frequency
from tp53annot.interpret.call_warnings import CallWarnings
from tp53annot.interpret.filters import FilterSubject, Thresholds
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.names.duplicates import OneChange, gathered, spelled
from tp53annot.names.neighbours import Haplotypes, Merge, resolve
from tp53annot.names.normalisation import normalise

_ORDER = list(OncogenicityClass)


class JudgedCalls(Struct, frozen=True, kw_only=True):
    """What became of a sample's calls.

    Attributes:
        variants: those that pass every filter, most important first.
        rejected: the others, with every reason.
        remarks: what must be said of records that disagree, and of neighbours that may be one change.
    """

    variants: tuple[ClassifiedVariant, ...]
    rejected: tuple[ClassifiedVariant, ...]
    remarks: tuple[Flag, ...]


class Judge(Struct, frozen=True, kw_only=True):
    """Judges calls by rules and limits.

    Attributes:
        lineage: of the leukaemia that the sample is of, "unknown" where not declared; ``None``: it is not one of ALL.
        in_target: whether an allele touches the regions asked for.
    """

    interpreter: Interpreter
    thresholds: Thresholds
    rules: AssessmentRules
    lineage: str | None
    in_target: Callable[[Allele], bool]

    def judged(self, candidates: Sequence[Candidate]) -> JudgedCalls:
        """Every call of a sample; nothing depends on the order of its records."""
        reference, limits = self.interpreter.resources.reference, self.thresholds.cis
        changes = gathered(candidates, reference, self._passes, limits.fractions)
        speakers = [change.speaker for change in changes]
        phased = resolve(
            [c for c in speakers if not _background(c)],
            self.interpreter.resources.namer,
            limits,
            self._passes,
        )
        background = [c for c in speakers if _background(c)]
        warnings = CallWarnings(self.interpreter, self.thresholds, self.rules)
        found = [
            *self._reported(phased, warnings),
            *(self._classified(c) for c in background),
            *self._parts(phased.merges),
            *self._others((*changes, *phased.doubles)),
        ]
        variants = _sorted(v for v in found if not v.failures)
        rejected = _sorted(v for v in found if v.failures)
        return JudgedCalls(
            variants=variants,
            rejected=rejected,
            remarks=(
                *warnings.of_records((*changes, *phased.doubles)),
                *warnings.of_callers(variants, rejected),
                *warnings.of_merges(phased.merges, self._alone),
                *warnings.of_pairs(phased.open_pairs, variants, rejected),
            ),
        )

    def _passes(self, candidate: Candidate) -> bool:
        return self.interpreter.filters.passes_record(candidate, self.thresholds)

    def _reported(self, phased: Haplotypes, warnings: CallWarnings) -> Iterator[ClassifiedVariant]:
        merge_of = {id(merge.together): merge for merge in phased.merges}
        for candidate in phased.candidates:
            merge = merge_of.get(id(candidate))
            if merge is None:
                yield self._classified(candidate)
                continue
            part = any(self._hits(self._alone(part)) for part in merge.parts)
            asked = any(self._asked(c) for c in (candidate, *merge.parts))
            remarks = (*candidate.remarks, warnings.combined(merge))
            yield self._classified(replace(candidate, remarks=remarks), oncogenic_part=part, in_target=asked)

    def _parts(self, merges: Iterable[Merge]) -> Iterator[ClassifiedVariant]:
        for merge in merges:
            yield from (self._classified(part, combined_into=merge.name) for part in merge.parts)

    def _others(self, changes: Iterable[OneChange]) -> Iterator[ClassifiedVariant]:
        """Records that another one speaks for."""
        for change in changes:
            yield from (self._classified(c, duplicate=True) for c in change.others)

    def _alone(self, candidate: Candidate) -> ClassifiedVariant:
        """As it would be judged by itself."""
        return self._classified(candidate)

    def _hits(self, variant: ClassifiedVariant) -> bool:
        return not variant.failures and variant.classification.is_oncogenic

    def _asked(self, candidate: Candidate) -> bool:
        return self.in_target(normalise(candidate.allele, self.interpreter.resources.reference))

    def _classified(
        self,
        candidate: Candidate,
        *,
        duplicate: bool = False,
        combined_into: str | None = None,
        oncogenic_part: bool = False,
        in_target: bool | None = None,
    ) -> ClassifiedVariant:
        interpreter = self.interpreter
        allele = normalise(candidate.allele, interpreter.resources.reference)
        finding = interpreter.find(allele)
        annotated, classification = finding.annotated, finding.classification
        known = annotated.known
        population = population_frequency(annotated.variant.hgvs_c, interpreter.resources.knowledge)
        subject = FilterSubject(
            candidate=candidate,
            polymorphism=str(known["description"]) if known and known["kind"] == "polymorphism" else None,
            population_fraction=population.fraction,
            published_benign=interpreter.published_benign(finding),
            oncogenicity=classification.oncogenicity,
            points=classification.points,
            duplicate=duplicate,
            combined_into=combined_into,
            oncogenic_part=oncogenic_part,
            in_target=self.in_target(allele) if in_target is None else in_target,
        )
        return ClassifiedVariant(
            candidate=replace(candidate, allele=allele),
            annotated=annotated,
            classification=classification,
            germline_class=finding.germline,
            amp_tier=interpreter.tier(classification, self.lineage),
            failures=interpreter.filters.failures(subject, self.thresholds, self.rules),
        )


def _background(candidate: Candidate) -> bool:
    """Genotyped as reference, or seen but not called: listed, never combined with a neighbour."""
    return is_background(r.id for r in candidate.remarks)


def _sorted(variants: Iterator[ClassifiedVariant]) -> tuple[ClassifiedVariant, ...]:
    """Most important first: class, points, VAF, position; the record's text makes the order certain."""

    def key(v: ClassifiedVariant) -> tuple[int, int, float, int, str, str]:
        c = v.classification
        return (
            _ORDER.index(c.oncogenicity),
            -c.points,
            -(v.candidate.support_in_force.vaf or 0),
            v.candidate.allele.pos,
            v.candidate.allele.alt,
            spelled(v.candidate),
        )

    return tuple(sorted(variants, key=key))

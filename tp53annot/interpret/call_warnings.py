"""What must be said of records that disagree, and of neighbours that are, or may be, one change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, Flag
from tp53annot.core.variant import Classification, ClassifiedVariant
from tp53annot.interpret.assessment.findings import short_name
from tp53annot.interpret.filters import Thresholds
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.names.duplicates import OneChange
from tp53annot.names.neighbours import Apart, Merge, OpenPair
from tp53annot.names.normalisation import normalise


class CallWarnings:
    """The sentences, in the language of the rules; changes stand in the order of the coding sequence."""

    def __init__(self, interpreter: Interpreter, thresholds: Thresholds, rules: AssessmentRules) -> None:
        self.interpreter, self.thresholds, self.rules = interpreter, thresholds, rules

    def of_records(self, changes: Iterable[OneChange]) -> Iterator[Flag]:
        """A warning for each change whose records state fractions that differ."""
        for change in changes:
            if change.differing:
                fractions = dict.fromkeys(map(self._fraction, (change.speaker, *change.differing)))
                yield self.rules.calls.fractions_differ.flag(
                    self.rules.sources.calls,
                    variant=self._name(change.speaker),
                    fractions=self._listed(list(fractions)),
                    spoken=self._fraction(change.speaker),
                    limit=self.thresholds.fractions_chance,
                )

    def of_callers(
        self, variants: Iterable[ClassifiedVariant], rejected: Iterable[ClassifiedVariant]
    ) -> Iterator[Flag]:
        """A warning for each change that is reported, or was too low to be, by counts that its caller's fraction contradicts."""
        low = (
            v for v in rejected if v.classification.is_oncogenic and {f.id for f in v.failures} == {"min_vaf"}
        )
        for variant in (*variants, *low):
            if variant.candidate.reads is not None:
                continue  # counted anew
            for remark in variant.candidate.remarks:
                if remark.id == "vaf_disagrees":
                    yield self.rules.calls.caller_disagrees.flag(
                        self.rules.sources.calls, variant=short_name(variant), remark=remark.text
                    )

    def combined(self, merge: Merge) -> Flag:
        """The remark of a combined change: its parts, their fractions and the test of them."""
        sentence, words = self.rules.calls.combined, self.rules.calls
        parts = self._listed([f"{self._c_name(c)} ({self._fraction(c)})" for c in _in_order(merge.parts)])
        test = words.test_none if merge.chance is None else self._test(merge.chance)
        return Flag(
            id="combined",
            text=sentence.text.format(parts=parts, test=test),
            source=self.rules.sources.calls,
        )

    def of_merges(
        self, merges: Iterable[Merge], alone: Callable[[Candidate], ClassifiedVariant]
    ) -> Iterator[Flag]:
        """A warning for each part that would be reported as oncogenic by itself, and is not what it became."""
        for merge in merges:
            found = self.interpreter.find(merge.together.allele)
            if found.classification.is_oncogenic:
                continue
            for part in map(alone, _in_order(merge.parts)):
                if part.failures or not part.classification.is_oncogenic:
                    continue
                yield self.rules.calls.combined_class.flag(
                    self.rules.sources.calls,
                    variant=short_name(part),
                    alone=self._class(part.classification),
                    combined=found.annotated.variant.short_name,
                    oncogenicity=self._class(found.classification),
                )

    def of_pairs(
        self,
        pairs: Iterable[OpenPair],
        variants: Sequence[ClassifiedVariant],
        rejected: Sequence[ClassifiedVariant],
    ) -> Iterator[Flag]:
        """A warning for each pair that may be one change: both reported, or one beside one that was held back."""
        shown = {v.candidate.allele for v in variants}
        held = {v.candidate.allele: v for v in rejected if not _elsewhere(v)}
        for pair in pairs:
            one, two = _in_order((pair.one, pair.two))
            reported = [self._allele(c) in shown for c in (one, two)]
            names = self._listed([self._name(one), self._name(two)])
            combined = self._together(pair)
            if pair.why is Apart.PHASE and all(reported):
                yield self.rules.warning.phase_unknown.flag(
                    self.rules.sources.status, variants=names, combined=combined
                )
            elif pair.why is Apart.FILTER and any(reported):
                other = held.get(self._allele(two if reported[0] else one))
                if other is not None:
                    yield self._apart(names, combined, self._held_back(other))
            elif pair.why in (Apart.FRACTIONS, Apart.THRESHOLD) and any(reported):
                fractions = self._listed([self._fraction(one), self._fraction(two)])
                yield self._apart(names, combined, self._unlike(pair, fractions))

    def _apart(self, names: str, combined: str, reason: str) -> Flag:
        return self.rules.calls.cis_apart.flag(
            self.rules.sources.calls, variants=names, combined=combined, reason=reason
        )

    def _unlike(self, pair: OpenPair, fractions: str) -> str:
        words = self.rules.calls
        if pair.why is Apart.THRESHOLD:
            return words.apart_threshold.format(fractions=fractions, threshold=self.thresholds.report_vaf)
        if pair.chance is None:
            return words.apart_untested.format(fractions=fractions)
        return words.apart_fractions.format(fractions=fractions, test=self._test(pair.chance))

    def _held_back(self, other: ClassifiedVariant) -> str:
        reasons = "; ".join(failure.text for failure in other.failures)
        return self.rules.calls.apart_filter.format(variant=short_name(other), reasons=reasons)

    def _together(self, pair: OpenPair) -> str:
        named = pair.together
        oncogenicity = self._class(self.interpreter.find(named.allele).classification)
        return f"{named.hgvs_p_short} ({named.hgvs_c}, {named.hgvs_p}; {oncogenicity})"

    def _test(self, chance: float) -> str:
        limit = self.thresholds.fractions_chance
        return self.rules.calls.test.format(chance=chance, limit=limit)

    def _fraction(self, candidate: Candidate) -> str:
        support, words = candidate.support_in_force, self.rules.calls
        if support.vaf is None:
            return words.fraction_none
        if support.alt_reads is None or support.depth is None:
            return words.fraction_alone.format(vaf=support.vaf)
        return words.fraction_counts.format(vaf=support.vaf, reads=support.alt_reads, depth=support.depth)

    def _listed(self, parts: Sequence[str]) -> str:
        *first, last = parts
        return f"{', '.join(first)} {self.rules.words.and_} {last}" if first else last

    def _class(self, classification: Classification) -> str:
        return self.rules.words.class_[classification.oncogenicity]

    def _allele(self, candidate: Candidate) -> Allele:
        return normalise(candidate.allele, self.interpreter.resources.reference)

    def _name(self, candidate: Candidate) -> str:
        return self.interpreter.find(self._allele(candidate)).annotated.variant.short_name

    def _c_name(self, candidate: Candidate) -> str:
        return self.interpreter.find(self._allele(candidate)).annotated.variant.hgvs_c


def _elsewhere(variant: ClassifiedVariant) -> bool:
    """A record that another one speaks for."""
    return any(failure.id == "duplicate_record" for failure in variant.failures)


def _in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """In the order of the coding sequence: the gene lies on the reverse strand."""
    return sorted(candidates, key=lambda c: c.allele, reverse=True)

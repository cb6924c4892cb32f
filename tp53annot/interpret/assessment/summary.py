"""The sentences at the top of a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp53annot.core.candidate import Flag
from tp53annot.core.report import ContextValue
from tp53annot.core.status import AllelicState, Status
from tp53annot.core.text import in_per_cent
from tp53annot.interpret.assessment.alleles.allelic_state import Alleles, loss_in_words
from tp53annot.interpret.assessment.alleles.second_hit import deletion_in_words
from tp53annot.interpret.assessment.coverage import gaps_in_words
from tp53annot.interpret.assessment.diagnosis import no_leukaemia_sample, other_diagnosis
from tp53annot.interpret.assessment.findings import Findings, names_with_vaf, unread_fields
from tp53annot.interpret.assessment.held_back import names_with_reasons, unread, unread_in_words
from tp53annot.interpret.assessment.splicing import splicing_sentences
from tp53annot.knowledge.rules.assessment import AssessmentRules

_MOST_HELD_BACK = 4  # named one by one; the warnings name all
_NOTHING_FOUND = (Status.NOT_DETECTED, Status.INCOMPLETE)


def summary_of_mutated(
    findings: Findings, alleles: Alleles, why_open: Flag | None, rules: AssessmentRules
) -> tuple[Flag, ...]:
    """The variants, the diagnosis or why TP53-mutated ALL is left open, the alleles."""
    words, source = rules.summary, rules.sources.status
    state = alleles.state
    sentences = [
        words.mutated.flag(source, variants=names_with_vaf(findings.above)),
        why_open or mutated_all_sentence(findings.context, rules),
    ]
    hits = {
        AllelicState.MULTI_HIT: words.allelic_multi_hit,
        AllelicState.POSSIBLE_MULTI_HIT: words.allelic_possible_multi_hit,
    }
    if state is AllelicState.SINGLE_HIT:
        sentences.append(words.allelic_single_hit.flag(source, loss=loss_in_words(findings, rules)))
    elif state in hits:
        sentences.append(hits[state].flag(source, basis="; ".join(f.text for f in alleles.basis)))
    return tuple(sentences)


def mutated_all_sentence(context: Mapping[str, ContextValue], rules: AssessmentRules) -> Flag:
    """That this is TP53-mutated ALL, and where the diagnosis comes from."""
    words = rules.words
    origins = {
        "declared": words.diagnosis_declared,
        "default": words.diagnosis_default,
        "unknown": words.diagnosis_unknown,
    }
    origin = origins[context["diagnosis"].origin if "diagnosis" in context else "unknown"]
    return rules.summary.mutated_all.flag(rules.sources.status, diagnosis_origin=origin)


def summary_of_others(findings: Findings, status: Status, rules: AssessmentRules) -> tuple[Flag, ...]:
    """Why the sample is not mutated, what a filter holds back, and what kind of sample or disease it is."""
    words, shallow = rules.summary, findings.too_shallow
    sentences = list(_unmutated(findings, status, rules))
    for sentence, held in (
        (words.too_shallow, shallow),
        (words.filtered, [v for v in findings.held_back if v not in shallow]),
    ):
        if held:
            shown, more = names_with_reasons(held[:_MOST_HELD_BACK]), len(held) - _MOST_HELD_BACK
            shown = rules.words.held_back_more.format(shown=shown, count=more) if more > 0 else shown
            sentences.append(sentence.flag(rules.sources.status, variants=shown))
    open_records = unread(findings)
    if open_records:
        shown = unread_in_words(open_records[:_MOST_HELD_BACK])
        sentences.append(words.unread.flag(rules.sources.status, count=len(open_records), records=shown))
    other = other_diagnosis(findings.word, rules) or no_leukaemia_sample(findings, rules)
    if other is not None and status not in _NOTHING_FOUND:
        sentences.append(other)
    return tuple(sentences)


def _unmutated(findings: Findings, status: Status, rules: AssessmentRules) -> tuple[Flag, ...]:
    words, source = rules.summary, rules.sources.status
    threshold = in_per_cent(findings.report_vaf)
    if status is Status.DELETION_ONLY:
        deletion = words.deletion_only.flag(source, evidence=deletion_in_words(findings))
        if not findings.oncogenic:
            return (deletion,)
        return (deletion, *_low_level(findings, rules))
    if status is Status.LOW_LEVEL:
        return tuple(_low_level(findings, rules))
    if status is Status.UNCERTAIN:
        uncertain = words.uncertain.flag(source, variants=names_with_vaf(findings.variants))
        return (uncertain, *_coverage_beside_uncertain(findings, rules))
    if status is Status.NOT_DETECTED:
        return (words.not_detected.flag(source, threshold=threshold),)
    if findings.coverage is None:
        return (words.incomplete_unknown.flag(source),)
    if findings.coverage.required_region_assessed and not findings.rna:
        held = findings.held_back
        why = words.incomplete_held_back if held else words.incomplete_unread
        return (why.flag(source, threshold=threshold),)
    gaps = gaps_in_words(findings.coverage, rules.words)
    if findings.rna:
        beside = (words.coverage_gaps.flag(source, threshold=threshold, gaps=gaps),) if gaps else ()
        return (rules.rna.nothing_found.flag(rules.sources.rna), *beside)
    return (words.incomplete_gaps.flag(source, threshold=threshold, gaps=gaps),)


def splicing_in_summary(findings: Findings, rules: AssessmentRules) -> tuple[Flag, ...]:
    """What RNA shows of splicing that differs from the known transcripts."""
    if not findings.splicing:
        return ()
    shown = "; ".join(f.text.rstrip(".") for f in splicing_sentences(findings, rules)[:_MOST_HELD_BACK])
    return (rules.rna.splicing.flag(rules.sources.splicing, events=shown),)


def _low_level(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """Variants below the threshold, and those whose VAF could not be read."""
    words, source = rules.summary, rules.sources.status
    unread = [v for v in findings.oncogenic if unread_fields(v)]
    low = [v for v in findings.oncogenic if not unread_fields(v)]
    if low:
        shown = names_with_vaf(low)
        yield words.low_level.flag(source, threshold=in_per_cent(findings.report_vaf), variants=shown)
    if unread:
        yield words.low_level_unread.flag(source, variants=names_with_vaf(unread))


def _coverage_beside_uncertain(findings: Findings, rules: AssessmentRules) -> tuple[Flag, ...]:
    coverage = findings.coverage
    if coverage is None:
        return (rules.limitation.no_coverage.flag(rules.sources.assay),)
    if coverage.required_region_assessed:
        return ()
    gaps, source = gaps_in_words(coverage, rules.words), rules.sources.status
    if not gaps:
        return ()
    threshold = in_per_cent(findings.report_vaf)
    return (rules.summary.coverage_gaps.flag(source, threshold=threshold, gaps=gaps),)

"""What the reader must not overlook."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.core.candidate import Flag
from tp53annot.core.copy_number import CopySource, CopyState
from tp53annot.core.status import Status
from tp53annot.interpret.assessment.alleles.ploidy import may_be_masked, ploidy_contradiction
from tp53annot.interpret.assessment.alleles.second_hit import contradictions
from tp53annot.interpret.assessment.coverage import doubts_in_words
from tp53annot.interpret.assessment.diagnosis import diagnosis_contradicts
from tp53annot.interpret.assessment.findings import Findings, short_name, unread_fields, vaf_of
from tp53annot.interpret.assessment.germline import contradicted, normal_alone
from tp53annot.interpret.assessment.matched_normal import in_normal
from tp53annot.interpret.assessment.splicing import splicing_sentences
from tp53annot.interpret.published_class import PATHOGENIC_SIDE
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.names.fractions import agreement


def warnings_of(findings: Findings, status: Status, rules: AssessmentRules) -> tuple[Flag, ...]:
    """Remarks from before, then those of variants, records and context."""
    return (
        *findings.remarks,
        *_of_rna(findings, rules),
        *_of_variants(findings, rules),
        *_of_sample(findings, status, rules),
        *contradictions(findings, rules),
        *_of_measured_copies(findings, rules),
        *contradicted(findings, rules),
        *normal_alone(findings, rules),
        *_of_normal(findings, rules),
    )


def _of_normal(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """A change that the matched normal has at a fraction that is neither a germline one nor absent, and not lower."""
    limits = rules.limits
    for variant in findings.variants:
        own, normal = variant.candidate.support_in_force, variant.candidate.normal
        if normal is None or normal.vaf is None or own.vaf is None or in_normal(variant, limits) is True:
            continue
        low = normal.vaf <= limits.germline_normal_absent_vaf
        if not low and agreement(own, normal, findings.cis.fractions).agree:
            yield rules.warning.normal_alike.flag(
                rules.sources.status, variant=short_name(variant), normal=normal.vaf, vaf=own.vaf
            )


def _of_rna(findings: Findings, rules: AssessmentRules) -> tuple[Flag, ...]:
    """What RNA cannot tell, and what it shows of splicing."""
    if not findings.rna:
        return ()
    return (rules.rna.reads.flag(rules.sources.rna), *splicing_sentences(findings, rules))


def _of_measured_copies(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """Exons, or the gene, of low depth, and polymorphisms in imbalance: each with what would confirm it."""
    for evidence in findings.copies.evidence:
        told = evidence.state is CopyState.LOSS or evidence.source is CopySource.ALLELE_BALANCE
        if told and evidence.source.is_weak:
            yield Flag(
                id=f"warning.{evidence.source.value}",
                text=evidence.text,
                source=rules.sources.measured_copies,
            )


def _of_variants(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    words, source = rules.warning, rules.sources.status
    too_shallow = findings.too_shallow
    for variant in findings.held_back:
        reasons = "; ".join(f.text for f in variant.failures)
        oncogenicity = rules.words.class_[variant.classification.oncogenicity]
        if variant in too_shallow:
            seen = variant.candidate.support_in_force
            yield words.too_shallow.flag(
                source,
                variant=short_name(variant),
                oncogenicity=oncogenicity,
                reads=seen.alt_reads,
                depth=seen.depth,
            )
            continue
        yield words.rejected_oncogenic.flag(
            source, variant=short_name(variant), oncogenicity=oncogenicity, reasons=reasons
        )
    for variant in findings.variants:
        if variant.classification.is_oncogenic and vaf_of(variant) is None:
            fields = ", ".join(unread_fields(variant))
            bare = words.vaf_unknown.flag(source, variant=short_name(variant))
            unreadable = words.vaf_unreadable.flag(source, variant=short_name(variant), fields=fields)
            yield unreadable if fields else bare
        for conflict in variant.classification.conflicts:
            yield words.conflict.flag(source, variant=short_name(variant), text=conflict.text)
    yield from _published(findings, rules)


def _published(findings: Findings, rules: AssessmentRules) -> Iterator[Flag]:
    """A published germline class on the other side of the computed one, or beside an uncertain one."""
    words = rules.warning
    set_aside = [v for v in findings.rejected if {f.id for f in v.failures} == {"benign"}]
    for variant in (*findings.variants, *set_aside):
        published = variant.germline_class.published if variant.germline_class else None
        oncogenic = variant.classification.is_oncogenic
        if published is None or published.side is None or oncogenic == (published.side == PATHOGENIC_SIDE):
            continue
        sentence = words.published_benign if oncogenic else words.published_pathogenic
        yield sentence.flag(
            rules.sources.published,
            variant=short_name(variant),
            oncogenicity=rules.words.class_[variant.classification.oncogenicity],
            published=rules.words.as_published(published.name),
            review=rules.words.as_published(published.review),
        )


def _of_sample(findings: Findings, status: Status, rules: AssessmentRules) -> Iterator[Flag]:
    words, source = rules.warning, rules.sources.status
    unjudged = [record for record in findings.uninterpreted if not record.counted]
    if unjudged:
        yield words.uninterpreted.flag(source, count=len(unjudged))
    told = status in (Status.INCOMPLETE, Status.UNCERTAIN)  # the summary names the gaps
    doubts = "" if told or findings.coverage is None else doubts_in_words(findings.coverage, rules.words)
    if doubts:
        yield words.not_assessed.flag(source, gaps=doubts)
    blasts = findings.number("blast_pct")
    if blasts is not None:
        expected = blasts / 100 / 2  # a heterozygous variant of every blast
        if expected < rules.limits.low_blasts_factor * findings.report_vaf:
            yield words.low_blasts.flag(source, blasts=blasts, expected=expected)
    if diagnosis_contradicts(findings, rules.groups):
        shown = {field: (findings.word(field) or "").replace("_", " ") for field in ("diagnosis", "lineage")}
        yield words.diagnosis_contradicts.flag(rules.sources.diagnosis, **shown)
    if status is Status.MUTATED and may_be_masked(findings, rules):
        yield words.masked_hypodiploidy.flag(source)
    yield from ploidy_contradiction(findings, rules)

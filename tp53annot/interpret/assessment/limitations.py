"""What the report cannot say."""

from __future__ import annotations

from tp53annot.core.candidate import Flag
from tp53annot.core.coverage import FROM_BLOCKS
from tp53annot.core.text import in_per_cent
from tp53annot.interpret.assessment.coverage import exons_in_words
from tp53annot.interpret.assessment.findings import Findings
from tp53annot.knowledge.rules.assessment import AssessmentRules


def limitations_of(findings: Findings, rules: AssessmentRules) -> tuple[Flag, ...]:
    """Those of every report, then those of this sample's input."""
    words, source, coverage = rules.limitation, rules.sources.assay, findings.coverage
    found = [words.fixed.flag(source), words.literature.flag(source), words.scope.flag(source)]
    if coverage is None:
        found.append(words.no_coverage.flag(source))
    elif coverage.source == FROM_BLOCKS:
        found.append(words.blocks.flag(source, threshold=in_per_cent(findings.report_vaf)))
    if not findings.has_normal:
        found.append(words.tumour_only.flag(source))
    unseen = [e for e in coverage.exons if not e.required and e.fraction_assessed < 1] if coverage else []
    if unseen:
        exons = exons_in_words(unseen, rules.words)
        found.append(words.listed_exons.flag(source, exons=exons, threshold=in_per_cent(findings.report_vaf)))
    missing = dict.fromkeys(item for v in findings.variants for item in v.classification.not_considered)
    if missing:
        found.append(words.not_considered.flag(rules.sources.status, items="; ".join(missing)))
    return tuple(found)

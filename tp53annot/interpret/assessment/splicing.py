"""What RNA shows of splicing, in words."""

from __future__ import annotations

from tp53annot.core.candidate import Flag
from tp53annot.core.molecules import EXON_SKIPPED, INTRON_RETAINED, NOVEL_JUNCTION, SplicingEvent
from tp53annot.core.text import in_per_cent
from tp53annot.interpret.assessment.findings import Findings
from tp53annot.knowledge.rules.assessment import AssessmentRules


def splicing_sentences(findings: Findings, rules: AssessmentRules) -> tuple[Flag, ...]:
    """A sentence for each event, that of the highest fraction first."""
    ordered = sorted(findings.splicing, key=lambda e: (-(e.fraction or 0.0), -e.end))
    return tuple(_sentence(event, rules) for event in ordered)


def _sentence(event: SplicingEvent, rules: AssessmentRules) -> Flag:
    words = rules.rna
    sentence = {
        EXON_SKIPPED: words.exon_skipped if len(event.exons) == 1 else words.exons_skipped,
        NOVEL_JUNCTION: words.novel_junction,
        INTRON_RETAINED: words.intron_retained,
    }[event.event]
    return sentence.flag(
        rules.sources.splicing,
        exons=_exons(event),
        intron=event.exons[0],
        name=f" ({event.hgvs_r})" if event.hgvs_r else "",
        reads=event.reads,
        of=event.of,
        fraction=in_per_cent(event.fraction or 0.0),
    )


def _exons(event: SplicingEvent) -> str:
    """``5/6`` of a junction between exons, ``6-8`` of skipped ones."""
    shown = (event.exons[0], event.exons[-1]) if len(event.exons) > 1 else event.exons
    return ("-" if event.event == EXON_SKIPPED else "/").join(shown)

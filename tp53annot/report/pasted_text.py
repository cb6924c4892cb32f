"""Plain text to paste: every figure with its caveats, level and citation, every variant with build and transcript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tp53annot.core.text import seen
from tp53annot.report.facts import sample_facts, transcript_of
from tp53annot.report.format import Words
from tp53annot.report.page_marks import report_id
from tp53annot.report.wording import (
    citation_text,
    effect_text,
    germline_text,
    local_date,
    local_number,
    notes_in_order,
    own_threshold_text,
    percent,
    stated,
    vaf_interval,
)

if TYPE_CHECKING:
    from tp53annot.core.molecules import SplicingEvent
    from tp53annot.core.report import Note
    from tp53annot.report.model.report import Report
    from tp53annot.report.model.variant import Variant


def pasted_text(report: Report, words: Words) -> str:
    """Conclusion, warnings, variants, what was assessed, notes that apply, limitations: lines of plain text."""
    a, w = report.assessment, words
    parts = (
        _letterhead(report, w),
        _head(report, w),
        [a.summary, *_beside_summary(report)],
        _listed(w["warnings"], [f.text for f in a.warnings]),
        _listed(w["plausibility"], [f.text for f in a.plausibility or ()]),
        _variants(report, w),
        _alleles(report, w),
        _splicing(report, w),
        _coverage(report, w),
        _course(report, w),
        _listed(w["sample_facts"], _facts(report, w)),
        _notes(report, w),
        _listed(w["limitations"], _limitations(report, w)),
        _signatures(report),
        [f"{w['generated_by']} {report.provenance.tool_version}", w["disclaimer"]],
    )
    return "\n\n".join("\n".join(seen(line) for line in part) for part in parts if part) + "\n"


def _facts(report: Report, w: Words) -> list[str]:
    assumed = f" ({w['default']})"
    return [f"{f.label}: {f.text}{assumed if f.assumed else ''}" for f in sample_facts(report, w)]


def _letterhead(report: Report, w: Words) -> list[str]:
    lab = report.laboratory
    if lab is None:
        return []
    date = f"{w['date']}: {local_date(lab.date, w)}" if lab.date else None
    return [line for line in (lab.name, *lab.address, lab.accreditation, date) if line]


def _signatures(report: Report) -> list[str]:
    lab = report.laboratory
    if lab is None:
        return []
    lines = [
        f"______________________________ {s.name}{f', {s.role}' if s.role else ''}" for s in lab.signatures
    ]
    return [*lines, lab.footer] if lab.footer else lines


def _limitations(report: Report, w: Words) -> list[str]:
    a, lab = report.assessment, report.laboratory
    limits = [f"{w['assay_limits']}: {lab.assay_limits}"] if lab and lab.assay_limits else []
    limits += [own_threshold_text(t, w) for t in lab.thresholds] if lab else []
    footers = [n for n in a.notes if n.publish == "footer"]
    return [
        *(f.text for f in a.limitations),
        *limits,
        *(f"{n.text} [{n.id}; {citation_text(n.citation)}]" for n in footers),
    ]


def _head(report: Report, w: Words) -> list[str]:
    build = f"{w['assembly']}: {report.assembly}"
    transcript = transcript_of(report)
    told = [build, f"{w['transcript']}: {transcript}"] if transcript else [build]
    told.append(f"{w['report_id']} {report_id(report)}")
    return [f"{w['title']}: {report.sample}", "; ".join(told), "", w["status"][report.assessment.status]]


def _beside_summary(report: Report) -> list[str]:
    reason = report.assessment.tp53_mutated_all_reason
    return [reason] if reason and reason not in report.assessment.summary else []


def _listed(heading: str, lines: list[str]) -> list[str]:
    return [f"{heading}:", *(f"- {line}" for line in lines)] if lines else []


def _variants(report: Report, w: Words) -> list[str]:
    if not report.variants:
        return [f"{w['variants']}: {w['no_variants']}"]
    return [f"{w['variants']}:", *(line for v in report.variants for line in _variant(v, report, w))]


def _variant(v: Variant, report: Report, w: Words) -> Iterator[str]:
    vaf = w["not_given"] if v.vaf is None else percent(v.vaf, w)
    if interval := vaf_interval(v):
        vaf += local_number(f" ({w['interval']} {interval})", w)
    reads = f"{v.alt_reads} {w['of']} {v.depth}" if v.alt_reads is not None and v.depth else w["not_given"]
    facts = [
        f"{v.transcript}:{v.hgvs_c}, {v.hgvs_p} ({v.hgvs_p_short})",
        f"{report.assembly} {v.chrom}:{v.pos} {v.ref}>{v.alt}",
        f"{w['vaf']} {vaf}",
        f"{w['reads']} {reads}",
        str(w["class"][v.classification.oncogenicity]),
    ]
    if v.amp_tier:
        level = f", {w['level']} {v.amp_tier.level}" if v.amp_tier.level else ""
        facts.append(f"{w['amp']} {w['tier']} {v.amp_tier.tier}{level}")
    yield f"- {'; '.join(facts)}"
    if v.germline_class:
        yield f"  {germline_text(v.germline_class, w)}"
    if v.history and v.history.of:
        yield f"  {w['history_seen'].format(seen=v.history.seen_in, of=v.history.of)}"


def _alleles(report: Report, w: Words) -> list[str]:
    a, copies = report.assessment, report.copy_number
    basis = "; ".join(f.text for f in a.allelic_state_basis)
    lines = [f"{w['allelic_state']}: {w['allelic'][a.allelic_state]}" + (f" ({basis})" if basis else "")]
    if copies and copies.basis:
        lines += [
            f"{w['copy_number']}: {w['copy_state'][copies.state]}",
            *(f"- {b.text}" for b in copies.basis),
        ]
    if report.variants or a.germline_flag != "not_suspected":
        lines.append(f"{w['germline']}: {w['germline_flag'][a.germline_flag]}")
        if a.germline_flag != "not_suspected":
            lines += [f"- {f.text}" for f in a.germline_reasons]
    if a.clonal_haematopoiesis_reasons:
        possible = f": {w['possible']}" if a.clonal_haematopoiesis_flag else ":"
        lines += [
            f"{w['haematopoiesis']}{possible}",
            *(f"- {f.text}" for f in a.clonal_haematopoiesis_reasons),
        ]
    return lines


def _splicing(report: Report, w: Words) -> list[str]:
    if report.splicing is None:
        return []
    events = [_event(event, w) for event in report.splicing]
    return _listed(w["splicing"], events) or [f"{w['splicing']}: {w['splicing_none']}"]


def _event(e: SplicingEvent, w: Words) -> str:
    shown = w["splicing_event"][e.event].format(exons=", ".join(e.exons))
    share = f" ({percent(e.fraction, w)})" if e.fraction is not None else ""
    return f"{shown}{f', {e.hgvs_r}' if e.hgvs_r else ''}: {e.reads} {w['of']} {e.of}{share}"


def _coverage(report: Report, w: Words) -> list[str]:
    coverage = report.coverage
    if coverage is None:
        return [f"{w['coverage']}: {w['coverage_unknown']}"]
    gaps = [g for g in coverage.gaps if g.required]
    told = [f"{g.c_start} – {g.c_end} (chr17:{g.start}-{g.end})" for g in gaps]
    shallow = any(e.fraction_assessed < 1 for e in coverage.exons)
    whole = w["required_assessed"] if shallow else w["all_assessed"]
    needed = f" ({coverage.min_depth_needed}×)" if coverage.min_depth_needed else ""
    return [
        f"{w['coverage']}: " + (f"{w['gaps']}: {', '.join(told)}" if told else whole),
        f"{w['coverage_threshold']}: {w['vaf']} {percent(coverage.threshold_vaf, w)}{needed}",
    ]


def _course(report: Report, w: Words) -> list[str]:
    if not report.serial:
        return []
    unavailable = [f"{w['course_unavailable']}: {name}" for name in report.serial.unavailable]
    return _listed(w["course"], [*(f.text for f in report.serial.summary), *unavailable])


def _notes(report: Report, w: Words) -> list[str]:
    notes = [n for n in notes_in_order(report.assessment.notes) if n.applies == "applies"]
    return [f"{w['notes']}:", w["notes_intro"], *(_note(n, w) for n in notes)] if notes else []


def _note(n: Note, w: Words) -> str:
    """A statement with its effect, the group studied, level of evidence, caveats and source."""
    told = [f"{w['direction'].get(n.direction, n.direction)}; {w['effect']}: {effect_text(n, w)}"]
    told += [f"{w['studied']}: {n.population}"] if stated(n.population) else []
    level = " ".join(x for x in (w["strength"].get(n.strength, ""), n.evidence_level) if stated(x))
    told += [f"{w['level_of_evidence']}: {level}"] if level else []
    told += [f"{w['caveats']}: {'; '.join(n.caveats)}"] if n.caveats else []
    return f"- {n.text} ({'; '.join(told)}) [{n.id}; {citation_text(n.citation)}]"

"""Plain text for a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp53annot.core.text import encode, seen
from tp53annot.report.format import ReportFormat, Words
from tp53annot.report.wording import citation_text, effect_text, germline_text, percent

if TYPE_CHECKING:
    from tp53annot.core.molecules import SplicingEvent
    from tp53annot.core.report import Note
    from tp53annot.report.model.report import Report


def _render(report: Report, words: Words) -> bytes:
    """Conclusion, variants, notes that apply, limitations: lines of plain text."""
    a, w = report.assessment, words
    lines = [f"{w['title']}: {seen(report.sample)}", w["status"][a.status], "", a.summary]
    if report.variants:
        lines += ["", f"{w['variants']}:"]
    for v in report.variants:
        vaf = w["not_given"] if v.vaf is None else percent(v.vaf)
        kind = w["class"][v.classification.oncogenicity]
        lines.append(f"- {v.transcript}:{v.hgvs_c}, {v.hgvs_p}; {w['vaf']} {vaf}; {kind}")
        if v.germline_class:
            lines.append(f"  {germline_text(v.germline_class, w)}")
        if v.history and v.history.of:
            lines.append(f"  {w['history_seen'].format(seen=v.history.seen_in, of=v.history.of)}")
    if a.tp53_mutated_all_reason and a.tp53_mutated_all_reason not in a.summary:
        lines.append(f"- {a.tp53_mutated_all_reason}")
    lines += [f"- {w['plausibility']}: {f.text}" for f in a.plausibility or ()]
    germline = () if a.germline_flag == "not_suspected" else a.germline_reasons
    for name, reasons in (
        ("germline", germline),
        ("haematopoiesis", a.clonal_haematopoiesis_reasons),
    ):
        lines += [f"- {w[name]}: {seen(f.text)}" for f in reasons]
    copies = report.copy_number
    if copies and copies.basis:
        lines += ["", f"{w['copy_number']}: {w['copy_state'][copies.state]}"]
        lines += [f"- {basis.text}" for basis in copies.basis]
    if report.splicing is not None:
        lines += ["", f"{w['splicing']}:", *(_splicing(e, w) for e in report.splicing)]
        lines += [] if report.splicing else [w["splicing_none"]]
    if report.serial:
        lines += ["", f"{w['course']}:", *(f"- {f.text}" for f in report.serial.summary)]
        lines += [f"- {w['course_unavailable']}: {name}" for name in report.serial.unavailable]
    notes = [n for n in a.notes if n.publish in ("note", "warn") and n.applies == "applies"]
    if notes:
        lines += ["", f"{w['notes']}:", w["notes_intro"]]
    lines += [_note(n, w) for n in notes]
    lines += ["", f"{w['limitations']}:", *(f"- {f.text}" for f in (*a.warnings, *a.limitations))]
    return encode("\n".join(seen(line) for line in [*lines, "", w["disclaimer"]]) + "\n")


def _splicing(e: SplicingEvent, w: Words) -> str:
    """An event with its name and its molecules."""
    shown = w["splicing_event"][e.event].format(exons=", ".join(e.exons))
    share = f" ({percent(e.fraction)})" if e.fraction is not None else ""
    return f"- {shown}{f', {e.hgvs_r}' if e.hgvs_r else ''}: {e.reads} {w['of']} {e.of}{share}"


def _note(n: Note, w: Words) -> str:
    """A statement with its effect, the group studied, its caveats and its source."""
    caveats = f"; {w['caveats']}: {'; '.join(n.caveats)}" if n.caveats else ""
    return f"- {n.text} ({effect_text(n, w)}; {n.population}{caveats}) [{n.id}; {citation_text(n.citation)}]"


FORMAT = ReportFormat(
    name="txt",
    ending="txt",
    description="plain text for a letter",
    rank=8,
    text=True,
    render=_render,
)

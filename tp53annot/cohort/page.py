"""The cohort page: self-contained, readable without JavaScript, links relative to the reports.

The one script sorts and filters the list; its checksum is in the page's content security policy, so
that no other script could run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from math import ceil
from pathlib import Path

from tp53annot.cohort.coverage import covered, heat_map, matrix, step_names
from tp53annot.cohort.figures import altered, mark_text, overview, protein_figure, vaf_histogram
from tp53annot.cohort.published import compare_published
from tp53annot.cohort.row import ReportRow
from tp53annot.cohort.tables import Entry
from tp53annot.core.statistics import wilson
from tp53annot.knowledge.rules.cohort import CohortRules
from tp53annot.knowledge.statements import Statement
from tp53annot.knowledge.vocabulary import sampled_on
from tp53annot.report.facts import context_value
from tp53annot.report.format import Words
from tp53annot.report.model.report import Protein
from tp53annot.report.templating import environment, style
from tp53annot.report.wording import citation_text, percent

_SHOWN_CONTEXT = ("lineage", "age_years", "disease_phase")
_TEMPLATES = Path(__file__).parents[1] / "report" / "templates"


def render_cohort(
    found: Sequence[Entry],
    words: Words,
    rules: CohortRules,
    statements: Sequence[Statement],
    shape: Protein,
    version: str,
) -> str:
    """The page of a cohort.

    Args:
        found: every sample.
        words: texts of the page's language.
        rules: ``rules/cohort.toml``.
        statements: the evidence base, for published frequencies.
        shape: length, domains and hotspots of p53.
        version: version of the tool.
    """
    from markupsafe import Markup

    limits = rules.limits
    changed = altered(found, rules)
    with_coverage = covered(found)
    script = (_TEMPLATES / "cohort.js").read_text(encoding="utf-8").strip()
    css = style() + (_TEMPLATES / "cohort.css").read_text(encoding="utf-8")
    one_in = ceil(len(changed) / limits.figure_samples)
    drawn = changed[:: max(one_in, 1)]
    patients = _patients(found)
    page = environment().get_template("cohort.html")
    return page.render(
        w=words,
        c=words["cohort"],
        css=Markup(css),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        counts={status: sum(e.row.status == status for e in found) for status in words["status"]},
        samples=len(found),
        units=len({e.row.unit for e in found}),
        altered=len(changed),
        one_in=one_in,
        strips=[Markup(strip) for strip in overview(drawn, rules, words)],
        lollipop=Markup(protein_figure(found, shape, words)),
        variants=sum(len(e.row.marks) for e in found),
        histogram=Markup(vaf_histogram(found, rules, words)),
        covered=len(with_coverage),
        steps=step_names(rules.lod_steps),
        matrix=Markup(matrix(with_coverage, rules.lod_steps, words)) if with_coverage else "",
        heat=Markup(heat_map(with_coverage, rules.lod_steps, words))
        if 0 < len(with_coverage) <= limits.heatmap_samples
        else "",
        limits=limits,
        listed=_listed(found, changed, limits.list_rows),
        shown_context=[n for n in _SHOWN_CONTEXT if any(n in e.row.context for e in found)],
        has_patients=any(e.row.patient for e in found),
        patients=patients[: limits.patients],
        patient_count=len(patients),
        comparisons=compare_published((e.row for e in found), rules, statements),
        citation=lambda s: citation_text(s.reference.stated),
        mark_text=mark_text,
        percent=percent,
        sampled_on=lambda e: sampled_on(e.row.context.get),
        context_value=lambda value: context_value(value, words),
        interval=lambda k, n: "–".join(f"{x * 100:.1f}" for x in wilson(k, n)) + " %",
        version=version,
        status_rank={status: rank for rank, status in enumerate(words["status"])},
    )


def _listed(found: Sequence[Entry], changed: Sequence[Entry], most: int) -> Sequence[Entry]:
    """All samples by name; of more than the page holds, the altered ones first."""
    if len(found) <= most:
        return found
    first = {id(entry) for entry in changed}
    return [*changed, *(e for e in found if id(e) not in first)][:most]


def _patients(found: Sequence[Entry]) -> list[tuple[str, list[Entry], list[tuple[str, list[str]]]]]:
    """Patients with several samples: their samples by date and name, and each change's VAF in them."""
    joined: dict[str, list[Entry]] = {}
    for entry in found:
        if entry.row.patient:
            joined.setdefault(entry.row.patient, []).append(entry)
    several = []
    for patient, samples in sorted(joined.items()):
        if len(samples) > 1:
            samples.sort(key=lambda e: (sampled_on(e.row.context.get) or "9999", e.label))
            several.append((patient, samples, _course(samples)))
    return several


def _course(samples: Sequence[Entry]) -> list[tuple[str, list[str]]]:
    """Each change with its VAF sample by sample; ``–``: not reported there, which is not its absence."""
    names = {m.hgvs_c: f"{m.name} ({m.hgvs_c})" for e in samples for m in e.row.marks}
    return [(name, [_vaf(entry.row, hgvs_c) for entry in samples]) for hgvs_c, name in names.items()]


def _vaf(row: ReportRow, hgvs_c: str) -> str:
    mark = next((m for m in row.marks if m.hgvs_c == hgvs_c), None)
    if mark is None:
        return "–"
    return "+" if mark.vaf is None else percent(mark.vaf)

"""docs/reference/rules.md and the generated blocks of docs/status.md, from resources/rules/."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from doc_pages.markdown import code, prose, table
from tp53annot.commands.options import analysis_options
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.rules.sentence import Sentence


def raw(value: Any) -> Any:
    """Typed rules as their file has them."""
    if isinstance(value, Sentence):
        return value.text
    if isinstance(value, Struct):
        return {name.removesuffix("_"): raw(part) for name, part in asdict(value).items()}
    if isinstance(value, Mapping):
        return {name: raw(entry) for name, entry in value.items()}
    return [raw(entry) for entry in value] if isinstance(value, tuple) else value


from tp53annot.knowledge.rules.validation import ReasonWords

RESOURCES = resources_of()
ASSESSMENT = raw(RESOURCES.rules.assessment())
_PLACED = {
    "basis",
    "hypothesis",
    "plausibility",
    "diagnosis",
    "germline",
    "ch",
    "limits",
    "warning",
    "limitation",
    "summary",
    "condition",
    "sources",
    "words",
}
_SWITCH = {"caller_filter": "--include-filtered", "target": "--target"}


def page() -> str:
    parts = [
        "# Every filter and rule",
        "Generated from `resources/rules/`. Words in braces are filled in by the report.",
        "## Filters",
        "In the order of the reasons in a report. A call that fails one stands under `rejected` with every reason; "
        "what is not known (no depth, no VAF) fails nothing.",
        filters(),
        "## Thresholds of the filters",
        thresholds(),
        "## Status and allelic state",
        status(),
        _sentences(ASSESSMENT, ("basis", "hypothesis", "diagnosis", "plausibility", "germline", "ch")),
        "Limits used by these rules:",
        _numbers(ASSESSMENT["limits"]),
        "## Warnings and limitations",
        _sentences(ASSESSMENT, ("warning", "limitation")),
        "## Sentences of the summary",
        _sentences(ASSESSMENT, ("summary",)),
        *_further(),
        *_oncogenicity(),
        *_germline(),
        "## AMP/ASCO/CAP tier",
        _tiers(),
        *_reads(),
        *_cohort(),
        *_sources(),
        *_validation(),
    ]
    return "\n\n".join(parts) + "\n"


def filters() -> str:
    rows = [
        (
            code(name),
            _braces(rule.text),
            code(_option(name)) if _option(name) else "",
            prose(rule.source),
        )
        for name, rule in RESOURCES.rules.filters.filter.items()
    ]
    return table(("filter", "sentence in a report", "option", "source"), rows)


def _option(name: str) -> str:
    options = {o.name for o in getattr(analysis_options(lambda: None), "__click_params__", ())}
    return _SWITCH.get(name) or (f"--{name.replace('_', '-')}" if name in options else "")


def thresholds() -> str:
    return _numbers(raw(RESOURCES.rules.filters.thresholds))


def _numbers(values: Mapping[str, Any]) -> str:
    return table(("name", "value"), [(code(name), _plain(value)) for name, value in values.items()])


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(v)}" for key, v in value.items())
    return f"{value:g}" if isinstance(value, float) else prose(value)


def _braces(text: str) -> str:
    return code(text) if "{" in text else prose(text)


def status() -> str:
    """The six statuses in order, with the numbers in force."""
    limit, cover = RESOURCES.rules.filters.thresholds, RESOURCES.rules.calling.coverage
    words = RESOURCES.texts("en")["status"]
    exons, report, least = cover.required_exons, limit.report_vaf, limit.min_vaf
    when = {
        "mutated": f"an oncogenic or likely oncogenic variant at a VAF of {report:g} or more (`--report-vaf`)",
        "deletion_only": "no such variant, but a TP53 deletion in a record or table, or declared",
        "low_level": f"such a variant only below {report:g}, but at {least:g} or more (`--min-vaf`)",
        "uncertain": "only variants of uncertain significance",
        "not_detected": f"nothing reportable, and every base of exons {exons[0]}–{exons[-1]} with "
        f"{cover.splice_bases} intronic bases on each side was assessed at {report:g}",
        "incomplete": "nothing reportable, but part of that region was not assessed, or coverage is unknown",
    }
    assert list(when) == list(words), "the statuses of the texts"
    return table(("", "status", "when", "in a report"),
                 [(n, code(s), when[s], words[s]) for n, s in enumerate(words, 1)])  # fmt: skip


def coverage() -> str:
    cover = RESOURCES.rules.calling.coverage
    return (
        f"A base is assessed at a VAF when its usable depth shows {cover.alt_reads} or more alternate fragments "
        f"with a probability of {cover.probability:g} ({prose(cover.source)})."
    )


def _sentences(rules: Mapping[str, Any], groups: tuple[str, ...]) -> str:
    rows = [
        (code(f"{group}.{key}"), _braces(str(text)))
        for group in groups
        for key, text in rules[group].items()
        if isinstance(text, str)
    ]
    return table(("id", "sentence"), rows)


def _further() -> list[str]:
    """Every group of the assessment's rules that has no place of its own above."""
    parts = []
    for name, group in ASSESSMENT.items():
        if not isinstance(group, dict) or name in _PLACED:
            continue
        values = {key: value for key, value in group.items() if not isinstance(value, (str, dict))}
        parts += [f"## {name.replace('_', ' ').capitalize()}", *([_numbers(values)] if values else [])]
        parts.append(_sentences(ASSESSMENT, (name,)))
    return parts


def _germline() -> list[str]:
    rules = RESOURCES.rules.germline
    classes = [(c.name.replace("_", " "), c.min_points) for c in rules.class_]
    strengths = [(name.replace("_", " "), points) for name, points in rules.strength_points.items()]
    criteria = [
        (
            code(entry.code or name),
            "benign" if entry.benign else "pathogenic",
            (entry.strength or "as the evidence is").replace("_", " "),
            _braces(entry.reason),
        )
        for name, entry in rules.criteria.items()
    ]
    limits = ("pp3_min", "bp4_max", "bp4_below", "bp4_moderate_max")
    predictors = [
        (code(p.predictor), *(_shown(getattr(p, name)) for name in limits), prose(p.source))
        for p in rules.protein
    ]
    return [
        "## Germline class",
        f"{prose(rules.standard)}; points: {prose(rules.points_source)}. "
        "[Classification](../classification.md) gives the reasons for the choices.",
        table(("class", "from this many points"), classes),
        table(("strength", "points, below zero for benign criteria"), strengths),
        table(("criterion", "side", "strength", "reason in a report"), criteria),
        "Hotspots and places of the splice criteria:",
        _numbers({k: v for k, v in raw(rules.hotspot).items() if isinstance(v, int)} | raw(rules.splicing)),
        "Predictors of the protein, the first that scores a change:",
        table(("predictor", "PP3 from", "BP4 to", "BP4 below", "BP4 moderate to", "source"), predictors),
        "Reviews whose published classes are in force: "
        + ", ".join(map(code, (*rules.published.panel_reviews, *rules.published.star_reviews)))
        + ".",
    ]


def _shown(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


def _oncogenicity() -> list[str]:
    rules = RESOURCES.rules.oncogenicity
    classes = [(c.name.replace("_", " "), c.min_points) for c in rules.class_]
    criteria = [
        (
            code(entry.code or name),
            f"{entry.points:+d}",
            prose(entry.words),
            _braces(entry.reason),
        )
        for name, entry in rules.criteria.items()
    ]
    excludes = [(code(e.met), ", ".join(code(name) for name in e.removes)) for e in rules.excludes]
    predictors = [
        (code(name), e.oncogenic_min, e.benign_max, prose(e.source)) for name, e in rules.predictor.items()
    ]
    cutoffs = {k: v for k, v in raw(rules.functional).items() if isinstance(v, float)}
    counts = raw(rules.population) | raw(rules.hotspot)
    return [
        "## Oncogenicity",
        f"{prose(rules.standard)}. [Classification](../classification.md) gives the reasons for the choices.",
        table(("class", "from this many points"), classes),
        table(("criterion", "points", "words of the standard", "reason in a report"), criteria),
        "Which criterion takes others away:",
        table(("met", "removes"), excludes),
        "Cut-offs of the functional assays, of population and of hotspots:",
        _numbers(cutoffs),
        _numbers({k: v for k, v in counts.items() if isinstance(v, (int, float))}),
        "Cut-offs of predictors; REVEL, BayesDel and SpliceAI are used where their scores are imported:",
        table(("predictor", "oncogenic from", "benign to", "source"), predictors),
    ]


def _tiers() -> str:
    rules = RESOURCES.rules.amp_tier
    rows = [
        (", ".join(t.classes).replace("_", " "), ", ".join(t.lineages) or "any", t.tier + t.level, prose(t.text))
        for t in rules.tier
    ]  # fmt: skip
    return table(("class", "lineage", "tier", "text"), rows) + f"\n\nSource: {prose(rules.source)}."


def _reads() -> list[str]:
    rules = raw(RESOURCES.rules.calling)
    parts = ["## Reads", "[Reads](../calling.md) explains these numbers.", coverage()]
    for name in ("usable", "coverage", "model", "realign", "complex", "report"):
        numbers = {k: v for k, v in rules[name].items() if not isinstance(v, str)}
        parts += [f"### {name.capitalize()}", _numbers(numbers)]
    parts += ["### Reasons and remarks", _sentences(rules, ("reasons", "remarks"))]
    return parts


def _cohort() -> list[str]:
    rules = RESOURCES.rules.cohort
    figures = [
        (
            p.group["en"],
            "not stated" if p.mutated is None else f"{p.mutated} of {p.total}",
            f"{p.percent:g} %",
            ", ".join(map(code, p.counts)),
            f"[{p.statement}](statements.md#{p.statement.lower()})",
        )
        for p in rules.published
    ]
    kinds = [(k.kind, ", ".join(map(code, k.terms))) for k in rules.kinds]
    return [
        "## Cohort",
        "Published frequencies that a cohort is set beside:",
        table(("group", "TP53-mutated", "share", "counted", "statement"), figures),
        "Rows of the overview; the first that holds a term of the variant:",
        table(("row", "terms"), kinds),
        "How much the page shows before it only counts:",
        _numbers(asdict(rules.limits)),
    ]


def _reasons(words: ReasonWords) -> list[tuple[str, str]]:
    """Reasons by their keys in the file."""
    return [(name.removesuffix("_"), text) for name, text in asdict(words).items()]


def _sources() -> list[str]:
    rules = RESOURCES.rules.sources
    places = [
        (code(name), prose(entry.title), prose(entry.licence), prose(entry.citation))
        for name, entry in rules.source.items()
    ]
    formats = [(code(f.source), prose(f.name)) for f in rules.format]
    return [
        "## Sources of newer tables",
        "[Newer tables](../updating.md) explains them.",
        table(("name", "what", "licence", "citation"), places),
        table(("name", "kind of file that is understood"), formats),
        _numbers(asdict(rules.limits)),
    ]


def _validation() -> list[str]:
    rules = RESOURCES.rules.validation
    kinds = [(k.label, ", ".join(k.terms) or k.shape) for k in rules.kind]
    bands = [(b.label, f"{b.range[0]:g}", f"{min(b.range[1], 1):g}") for b in rules.vaf_band]
    interval = rules.interval
    return [
        "## Validation",
        f"Interval: {interval.method} at {interval.level:g}. Source: {prose(interval.source)}.",
        table(("group of changes", "by"), kinds),
        table(("VAF band", "from", "to below"), bands),
        table(("id", "sentence"), [(code(f"reason.{k}"), _braces(v)) for k, v in _reasons(rules.reason)]),
    ]

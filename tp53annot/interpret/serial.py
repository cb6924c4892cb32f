"""Serial samples of one patient: which variants persisted, were gained or lost, and what cannot be told.

Works on report documents, because they hold all that a comparison may rest on. A variant counts as
lost, or as new, only where the other sample was assessed at its position; otherwise the comparison
says ``not_assessed``. Positions are compared on GRCh38. Sentences stand in ``rules/assessment.toml`` (``[serial]``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from tp53annot.core.candidate import is_background
from tp53annot.core.variant import in_short
from tp53annot.knowledge.rules.assessment import AssessmentRules, SerialRules
from tp53annot.knowledge.rules.sentence import Sentence
from tp53annot.knowledge.vocabulary import sampled_on

ReportDocument = Mapping[str, Any]
ToCore = Callable[[int, str], int]
PRESENT = ("reported", "filtered")


class Sighting(Struct, frozen=True, kw_only=True):
    """What one sample says about one change.

    Attributes:
        state: ``reported``, ``filtered`` (seen, but a filter holds it back), ``trace`` (reads, too few for a call),
            ``absent`` (assessed, not seen) or ``not_assessed``.
        vaf: in force (0..1), ``None`` where it is not stated.
        depth: reads or fragments, as the sample counts them.
        alt_reads: of them, with the change.
        excluded_vaf: for ``absent``, the lowest VAF (0..1) that the sample excludes at this position.
    """

    state: str
    vaf: float | None = None
    depth: int | None = None
    alt_reads: int | None = None
    excluded_vaf: float | None = None


class SerialChange(Struct, frozen=True, kw_only=True):
    """A change that at least one sample reports; GRCh38, 1-based inclusive."""

    hgvs_c: str
    hgvs_p_short: str
    oncogenicity: str
    start: int
    end: int


def compare_samples(
    documents: Sequence[ReportDocument],
    unavailable: Sequence[str],
    rules: AssessmentRules,
    to_core: ToCore,
    given: str = "sheet",
) -> dict[str, object]:
    """The course of one patient's samples, as the report document's ``serial`` object.

    Args:
        documents: reports of the patient's samples, in an order of their own.
        unavailable: names of samples that could not be analysed.
        rules: the sentences, and the order of time.
        to_core: position and assembly to GRCh38 position.
        given: what the order of ``documents`` is, where neither dates nor phases give another: ``sheet``, ``recorded``.
    """
    controls = [d for d in documents if _is_control(d, rules.serial)]
    followed = [d for d in documents if not _is_control(d, rules.serial)]
    basis, ordered = _in_order(followed, rules.serial, given)
    ordered += controls  # no time point: beside the course
    rows = [_row(change, ordered, rules, to_core) for change in changes_of(ordered, to_core)]
    return {
        "order": basis,
        "samples": [_sample(d) for d in ordered],
        "unavailable": list(unavailable),
        "variants": [row for row, _ in rows],
        "summary": [flag for _, flags in rows for flag in flags],
    }


def _is_control(document: ReportDocument, rules: SerialRules) -> bool:
    return stated_word(document, "sample_role") == rules.control_role


def _in_order(
    documents: Sequence[ReportDocument], rules: SerialRules, given: str
) -> tuple[str, list[ReportDocument]]:
    """By date where every sample has one, else by phase or role, else as they are given."""
    dated = [(date, d) for d in documents if (date := _date(d))]
    if len(dated) == len(documents):
        return "date", [d for _, d in sorted(dated, key=lambda pair: pair[0])]
    ranked = [(rank, d) for d in documents if (rank := _rank(d, rules.order)) is not None]
    if len(ranked) == len(documents):
        return "phase", [d for _, d in sorted(ranked, key=lambda pair: pair[0])]
    return given, list(documents)


def _rank(document: ReportDocument, order: Sequence[str]) -> int | None:
    """Place in the order of time, by phase, else by role."""
    known = (stated_word(document, field) for field in ("disease_phase", "sample_role"))
    return next((order.index(value) for value in known if value in order), None)


def _date(document: ReportDocument) -> str | None:
    return sampled_on(lambda field: stated_word(document, field))


def stated_word(document: ReportDocument, field: str) -> str | None:
    """The value of a context field that holds one word."""
    value = (document["context"].get(field) or {}).get("value")
    return value if isinstance(value, str) else None


def stated_therapies(document: ReportDocument) -> tuple[str, ...]:
    """The therapies of a report's context."""
    value = (document["context"].get("therapy") or {}).get("value")
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def _sample(document: ReportDocument) -> dict[str, object]:
    coverage = document["coverage"]
    return {
        "sample": document["sample"],
        "date": _date(document),
        "phase": stated_word(document, "disease_phase"),
        "role": stated_word(document, "sample_role"),
        "status": document["assessment"]["status"],
        "coverage_known": coverage is not None,
    }


def changes_of(documents: Sequence[ReportDocument], to_core: ToCore) -> list[SerialChange]:
    """Every change that some sample reports, in the order of the gene's reports."""
    found: dict[str, SerialChange] = {}
    for document in documents:
        for v in document["variants"]:
            if v["reportable"]:
                start = to_core(v["pos"], document["assembly"])
                change = SerialChange(
                    hgvs_c=v["hgvs_c"],
                    hgvs_p_short=v["hgvs_p_short"],
                    oncogenicity=v["classification"]["class"],
                    start=start,
                    end=start + len(v["ref"]) - 1,
                )
                found.setdefault(change.hgvs_c, change)
    return list(found.values())


# one sample, one change ---------------------------------------------------------------------


def sighting(change: SerialChange, document: ReportDocument, to_core: ToCore) -> Sighting:
    """What a sample's report says about a change."""
    for key, state in (("variants", "reported"), ("rejected", "filtered")):
        for v in document[key]:
            if v["hgvs_c"] != change.hgvs_c:
                continue
            if not is_background(r["id"] for r in v["remarks"]):
                return _seen(v, state)
            if v["alt_reads"] or v["vaf"]:
                return _seen(v, "trace")
    return _covered(change, document, to_core)


def _seen(v: ReportDocument, state: str) -> Sighting:
    return Sighting(state=state, vaf=v["vaf"], depth=v["depth"], alt_reads=v["alt_reads"])


def _covered(change: SerialChange, document: ReportDocument, to_core: ToCore) -> Sighting:
    """Absent where the sample's coverage says that every base of the change was assessed, and decay hides none."""
    coverage, assembly = document["coverage"], document["assembly"]
    if coverage is None or (document.get("platform") or {}).get("molecule") == "rna":
        return Sighting(state="not_assessed")
    gaps = [(to_core(g["start"], assembly), to_core(g["end"], assembly)) for g in coverage["gaps"]]
    if any(start <= change.end and change.start <= end for start, end in gaps):
        return Sighting(state="not_assessed")
    for e in coverage["exons"]:
        if to_core(e["start"], assembly) <= change.start and change.end <= to_core(e["end"], assembly):
            limits = [x for x in (coverage["threshold_vaf"], e["lod_vaf"]) if x is not None]
            return Sighting(state="absent", excluded_vaf=min(limits))
    return Sighting(state="not_assessed")


# the course ---------------------------------------------------------------------------------


def verdict(states: Sequence[str], index: int) -> str | None:
    """How a sample's state differs from the last earlier one that tells; ``None`` where nothing is to say.

    >>> verdict(["reported", "absent"], 1), verdict(["absent", "reported"], 1)
    ('lost', 'gained')
    >>> verdict(["reported", "not_assessed"], 1), verdict(["not_assessed", "reported"], 1)
    ('not_assessed', 'not_assessed')
    >>> verdict(["reported", "absent", "reported"], 2), verdict(["reported", "not_assessed", "reported"], 2)
    ('returned', 'persisted')
    """
    before = states[:index]
    telling = _telling(before)
    previous = None if telling is None else before[telling]
    state = states[index]
    if state in PRESENT:
        if previous in PRESENT:
            return "persisted"
        if previous == "absent":
            return "returned" if any(s in PRESENT for s in before) else "gained"
        return "not_assessed" if before else None
    if previous not in PRESENT:
        return None
    return {"absent": "lost", "trace": "trace"}.get(state, "not_assessed")


def _control(state: str) -> str | None:
    return "control" if state in (*PRESENT, "absent") else None


def _telling(states: Sequence[str]) -> int | None:
    """Index of the last state that says present or absent."""
    return next((i for i in range(len(states) - 1, -1, -1) if states[i] in (*PRESENT, "absent")), None)


def _row(
    change: SerialChange, documents: Sequence[ReportDocument], rules: AssessmentRules, to_core: ToCore
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """One change's line of the comparison, and its sentences."""
    seen = [sighting(change, d, to_core) for d in documents]
    states = [s.state for s in seen]
    points, flags = [], []
    for i, (document, s) in enumerate(zip(documents, seen, strict=True)):
        name = _control(s.state) if _is_control(document, rules.serial) else verdict(states, i)
        points.append({"sample": document["sample"]} | asdict(s) | {"change": name})
        if name is not None:
            flags.append(_sentence(change, name, documents, seen, i, rules))
    named = {"hgvs_c": change.hgvs_c, "hgvs_p_short": change.hgvs_p_short, "class": change.oncogenicity}
    return {**named, "points": points}, flags


def _sentence(
    change: SerialChange,
    name: str,
    documents: Sequence[ReportDocument],
    seen: Sequence[Sighting],
    index: int,
    rules: AssessmentRules,
) -> dict[str, object]:
    """The sentence of a verdict: this sample against the last earlier one that tells."""
    words = rules.serial
    telling = _telling([s.state for s in seen[:index]])
    earlier = index - 1 if telling is None else telling
    now, then = seen[index], seen[earlier]
    flag = _template(name, now, words).flag(
        rules.sources.serial,
        variant=f"{change.hgvs_p_short} ({in_short(change.hgvs_c)})",
        before=_named(documents[earlier], words),
        after=_named(documents[index], words),
        vaf_before=_vaf(then, words),
        vaf_after=_vaf(now, words),
        limit_before=_limit(then),
        limit_after=_limit(now),
        reads=now.alt_reads,
        depth=now.depth,
    )
    return asdict(flag)


def _template(name: str, now: Sighting, words: SerialRules) -> Sentence:
    present = now.state in PRESENT
    templates = {
        "persisted": words.persisted,
        "gained": words.gained,
        "returned": words.returned,
        "lost": words.lost,
        "trace": words.trace,
        "not_assessed": words.not_assessed_before if present else words.not_assessed_after,
        "control": words.control_present if present else words.control_absent,
    }
    return templates[name]


def _named(document: ReportDocument, words: SerialRules) -> str:
    """``R-02 (relapse)``."""
    for field in ("disease_phase", "sample_role"):
        value = stated_word(document, field)
        if value is not None:
            return f"{document['sample']} ({words.time.get(value, value.replace('_', ' '))})"
    return str(document["sample"])


def _vaf(s: Sighting, words: SerialRules) -> str:
    if s.vaf is None:
        return words.vaf_unknown
    filtered = f", {words.filtered}" if s.state == "filtered" else ""
    return _percent(s.vaf) + filtered


def _limit(s: Sighting) -> str:
    return "" if s.excluded_vaf is None else _percent(s.excluded_vaf)


def _percent(fraction: float) -> str:
    return f"{fraction:.1%}".replace("%", " %")

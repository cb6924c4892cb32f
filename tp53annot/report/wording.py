"""Words that several formats share: percentages, effects, citations and their links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from tp53annot.core.fields import Scalar
from tp53annot.core.statistics import wilson
from tp53annot.core.text import escape, seen
from tp53annot.report.format import Words

if TYPE_CHECKING:
    from tp53annot.core.report import Arm, Note
    from tp53annot.core.variant import GermlineClass
    from tp53annot.report.model.laboratory import LabThreshold
    from tp53annot.report.model.variant import Variant

_EDITORS_NOTE = re.compile(r"\s*\(to be verified\)")  # of reports of version 1
_LEVELS = {"A": 0, "B": 0, "C": 1}
_NUMBERED = re.compile(r"doi:(?P<doi>10\.\d{4,9}/[\w.()/-]*\w)|PMID (?P<pmid>\d{1,9})\b")
_NUMBER_OF_PATIENTS = re.compile(r"\bn\s*=\s*\d")


def percent(value: float, words: Words | None = None) -> str:
    """A fraction as per cent; two digits that count below 1 %; with the decimal mark of a language.

    >>> percent(0.0453), percent(0.0025), percent(0.0453, {"decimal": ","})
    ('4.5 %', '0.25 %', '4,5 %')
    """
    shown = value * 100
    text = f"{shown:.1f} %" if shown >= 1 or not shown else f"{shown:.2g} %"
    return text if words is None else local_number(text, words)


def local_number(text: str, words: Words) -> str:
    """A number's text with the decimal mark of a language.

    >>> local_number("41.6–47.7 %", {"decimal": ","})
    '41,6–47,7 %'
    """
    return text.replace(".", str(words["decimal"]))


def local_date(text: str, words: Words) -> str:
    """A date, ISO 8601, as the language writes it; other text as it is.

    >>> local_date("2026-03-31", {"date_form": "{day}.{month}.{year}"})
    '31.03.2026'
    """
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return str(words["date_form"].format(year=found[1], month=found[2], day=found[3])) if found else text


def own_threshold_text(threshold: LabThreshold, words: Words) -> str:
    """A laboratory's own threshold with its reason."""
    value = local_number(f"{threshold.value:g}", words)
    return str(words["own_threshold"].format(name=threshold.name, value=value, reason=threshold.reason))


def vaf_interval(v: Variant) -> str:
    """Wilson interval of a variant's VAF, ``41.6–47.7 %``; empty where its reads are not known."""
    if v.vaf is None or v.alt_reads is None or not v.depth:
        return ""
    low, high = wilson(min(v.alt_reads, v.depth), v.depth)
    return f"{100 * low:.1f}–{100 * high:.1f} %"


def notes_in_order(notes: Sequence[Note]) -> list[Note]:
    """Notes and warnings: those that apply first, the best published first; else as the report has them."""
    shown = [n for n in notes if n.publish in ("note", "warn")]
    return sorted(shown, key=lambda n: (n.applies != "applies", _strength(n)))


def _strength(note: Note) -> int:
    """0 for the best published; where a report of an earlier form does not say so, by the level of its evidence."""
    from tp53annot.knowledge.statements import Strength

    strengths = [strength.value for strength in Strength]
    if note.strength in strengths:
        return strengths.index(note.strength)
    return _LEVELS.get(note.evidence_level[:1], len(_LEVELS))


def stated(text: str | None) -> bool:
    """False for what a source does not give (empty or a dash)."""
    return bool(text) and text != "-"


def table_phrase(phrase: str, words: Words) -> str:
    """What a table says in words, in the language of the page; a phrase that it does not have stays as it is."""
    return str(words.get("table_phrase", {}).get(phrase, phrase))


def strength_text(strength: str, words: Words) -> str:
    """Strength of a germline criterion ("very strong") in the language of the page."""
    return str(words["criterion_strength"].get(strength.replace(" ", "_"), strength))


def germline_text(germline: GermlineClass, words: Words) -> str:
    """The germline class in one line: by the panel's rules, with its criteria, and the published one in force."""
    name = words["germline_open"] if germline.name is None else words["germline_name"][germline.name]
    reviews = words["review_status"]
    met = ", ".join(f"{c.code} {strength_text(c.strength, words)}" for c in germline.criteria) or "–"
    published = germline.published
    in_force = words["nothing_in_force"]
    if published:
        review = reviews.get(published.review, published.review)
        in_force = f"{words['published_class'].get(published.name, published.name)} ({review})"
    return str(words["germline_line"].format(name=name, criteria=met, published=in_force))


def effect_text(note: Note, words: Words) -> str:
    """Effect, interval, p and n as printed in the source; ``not reported`` where it gives none.

    Each arm of a comparison stands with its own interval and patients.
    """
    e, none = note.effect, words["not_reported"]
    measure, interval = e.get("measure"), e.get("ci")
    shown = None if measure in ("qualitative", "p only") else measure
    arms = e.get("arms") or ()
    if arms:
        figures = "; ".join(_arm_text(arm, arms, words) for arm in arms)
        parts = [f"{shown}: {figures}" if shown else figures]
    else:
        parts = [" ".join(str(x) for x in (shown, e.get("value")) if x not in (None, ""))]
    if e.get("comparator"):
        parts.append(words["versus"].format(comparator=e["comparator"]))
    if interval:
        parts.append(f"95 % CI {interval[0]}–{interval[1]}")
    if e.get("p"):
        parts.append(f"P {e['p']}")
    if not any(parts):
        return str(none)
    if e.get("n"):
        parts.append(f"n = {e['n']}")
    elif not _NUMBER_OF_PATIENTS.search(f"{note.population} {note.evidence_level}"):
        parts.append(f"n {none}")
    if not interval and not any(arm["interval"] for arm in arms):
        parts.append(f"CI {none}")
    text = ", ".join(part for part in parts if part)
    return "; ".join([text, *(e[key] for key in ("further", "note") if e.get(key))])


def patients_text(note: Note, words: Words) -> str:
    """How many patients were studied: ``n = 64``, or that the source does not say."""
    n = note.effect.get("n") or " + ".join(
        str(arm["n"]) for arm in note.effect.get("arms") or () if arm["n"] is not None
    )
    return f"n\u00a0=\u00a0{n}" if n else f"n {words['not_reported']}"


def _arm_text(arm: Arm, arms: Sequence[Arm], words: Words) -> str:
    """``no TP53 deletion 58.0 % (95 % CI 49.2–68.3)``; an arm beside one with an interval says that it has none."""
    inside = []
    if arm["interval"]:
        low, high = arm["interval"]
        inside.append(f"95 % CI {low}–{high}")
    elif any(other["interval"] for other in arms):
        inside.append(f"CI {words['not_reported']}")
    if arm["n"] is not None:
        inside.append(f"n = {arm['n']}")
    return f"{arm['group']} {arm['value']}" + (f" ({', '.join(inside)})" if inside else "")


def citation_text(citation: Mapping[str, Scalar]) -> str:
    """Short citation with DOI, PMID or address."""
    short = str(citation.get("short", ""))
    for key, label in (("doi", "doi:"), ("pmid", "PMID "), ("url", "")):
        if citation.get(key):
            return f"{short}, {label}{_EDITORS_NOTE.sub('', str(citation[key]))}"
    return f"{short}, {citation['no_record']}" if citation.get("no_record") else short


def linked_sources(text: str) -> str:
    """Sources as HTML, each DOI and PubMed number in them a link.

    >>> linked_sources("<x>, PMID 1")
    '&lt;x&gt;, <a href="https://pubmed.ncbi.nlm.nih.gov/1/" rel="noopener noreferrer">PMID 1</a>'
    """

    def link(found: re.Match[str]) -> str:
        doi, pmid = found["doi"], found["pmid"]
        address = f"https://doi.org/{quote(doi)}" if doi else f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
        return f'<a href="{address}" rel="noopener noreferrer">{found[0]}</a>'

    return _NUMBERED.sub(link, escape(seen(text)))


def citation_link(citation: Mapping[str, Scalar]) -> str | None:
    """Address of the source: DOI, PubMed, PubMed Central or the page itself; ``None`` without one.

    >>> citation_link({"doi": "10.1038/leu.2016.263 (to be verified)"})
    'https://doi.org/10.1038/leu.2016.263'
    """
    c = {key: str(value or "") for key, value in citation.items()}
    if doi := re.match(r"10\.\d{4,9}/\S+", c.get("doi", "")):
        return "https://doi.org/" + quote(doi[0])
    if pmid := re.fullmatch(r"\d{1,9}", c.get("pmid", "")):
        return f"https://pubmed.ncbi.nlm.nih.gov/{pmid[0]}/"
    if pmcid := re.fullmatch(r"PMC\d{1,9}", c.get("pmcid", "")):
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid[0]}/"
    return c["url"] if re.fullmatch(r"https?://[\w.-]+/[^\s\"'<>]*", c.get("url", "")) else None

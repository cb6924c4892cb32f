"""Texts of a report: each is used, each language is whole, each sentence has its source."""

from __future__ import annotations

import re
import string
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from one_sample import HEAD as VCF_HEAD
from one_sample import R175H, record
from rendered import render_page
from report_cases import ADULT, CASES, Document, course, report
from rule_files import written_rules

import tp53annot
from tp53annot.core.coverage import FROM_BLOCKS
from tp53annot.interpret.annotation import FUNCTIONAL, LOSS, NO_LOSS, NON_FUNCTIONAL, PARTIAL
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.knowledge.assays import ASSAYS
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.rules.assessment import AssessmentRules
from tp53annot.knowledge.statements import DERIVED_VALUES
from tp53annot.names.parser import parse_change
from tp53annot.run.analysis import analyse
from tp53annot.run.inputs.plan import plan
from tp53annot.run.settings import RunSettings

PACKAGE = Path(tp53annot.__file__).parent
TEXTS = PACKAGE / "resources" / "texts"
LANGUAGES = sorted(p.stem for p in TEXTS.glob("*.toml"))
ENGLISH = tomllib.loads((TEXTS / "en.toml").read_text())
RULES = written_rules("assessment")
SENTENCES = (
    *(
        "summary",
        "basis",
        "hypothesis",
        "plausibility",
        "diagnosis",
        "germline",
        "ch",
        "rna",
        "warning",
        "calls",
        "limitation",
    ),
    *("serial", "copies", "cytogenetics", "measured_copies", "words", "condition"),
)


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Texts of a catalogue by their dotted name."""
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            found[prefix + key] = value
    return found


def placeholders(text: str) -> set[tuple[str, str | None]]:
    return {(name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def source() -> str:
    """All code and templates that may use a text."""
    files = [*PACKAGE.rglob("*.py"), *(PACKAGE / "report" / "templates").iterdir()]
    return "\n".join(p.read_text() for p in files if "resources" not in p.parts)


@pytest.mark.parametrize("name", sorted(k for k, v in ENGLISH.items() if isinstance(v, str)))
def test_every_label_is_used(name: str, source: str) -> None:
    assert re.search(rf"""\bw\.{name}\b|\b(w|words)\[["']{name}["']\]""", source), name


@pytest.mark.parametrize("name", sorted(k for k, v in ENGLISH.items() if isinstance(v, dict)))
def test_every_group_of_labels_is_used(name: str, source: str) -> None:
    assert re.search(rf"""\bw\.{name}[.\[]|\b(w|words)\["{name}"\]""", source), name


@pytest.mark.parametrize("section", SENTENCES)
def test_every_sentence_of_the_assessment_is_used(section: str) -> None:
    """As an attribute, in a module that works with its section."""
    kind = AssessmentRules.__annotations__[section]
    modules = [p.read_text() for p in PACKAGE.rglob("*.py") if p.parent.name != "rules"]
    using = "\n".join(m for m in modules if f"rules.{section}" in m or kind in m)
    for name in RULES[section]:
        assert re.search(rf"\.{name}_?\b", using), name


def test_values_named_in_texts_exist() -> None:
    vocabulary = resources_of().vocabulary
    allowed = {v for field in vocabulary.values() for v in field.values}
    assert set(ENGLISH["context_value"]) <= allowed
    assert set(RULES["serial"]["time"]) <= allowed
    named = [k.split(".", 1) for k in RULES["condition"]["value"]]
    assert {field for field, _ in named} <= set(vocabulary) | set(DERIVED_VALUES)
    assert all(v in DERIVED_VALUES.get(field, allowed) for field, value in named for v in value.split("|"))
    assert set(ENGLISH["topic"]) == set(RULES["topic_order"])
    assert {s.topic for s in resources_of().statements} <= set(ENGLISH["topic"])
    assert {s.direction for s in resources_of().statements} <= set(ENGLISH["direction"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_hold_the_same_texts(language: str) -> None:
    other = tomllib.loads((TEXTS / f"{language}.toml").read_text())
    of_rules, of_tables = other.pop("rules", {}), other.pop("table_phrase", {})
    assert bool(of_rules) is bool(of_tables) is (language != "en")
    sentences = flat(other.pop("assessment", {}))
    citations = {name: sentences.pop(name) for name in list(sentences) if name.startswith("sources.")}
    assert {name.removeprefix("sources.") for name in citations} <= set(RULES["sources"])
    rules = flat({name: RULES[name] for name in SENTENCES})
    rules.pop("serial.control_role")
    rules.pop("serial.unclear")  # of the log, no sentence of a report
    filters = written_rules("filters")["filter"]
    rules |= {f"filter.{name}": entry["text"] for name, entry in filters.items()}
    assert set(flat(other)) == set(flat(ENGLISH))
    assert language == "en" or set(sentences) == set(rules)
    for translated, english in ((sentences, rules), (flat(other), flat(ENGLISH))):
        for name, text in translated.items():
            assert placeholders(text) == placeholders(english[name]), name


# Files of rules/ with sentences that reach a report, and the keys there that are none of a report: citations, what is
# said on the terminal, patterns and names of columns.
RULES_WITH_SENTENCES = (
    "amp_tier",
    "calling",
    "copy_number",
    "germline",
    "oncogenicity",
    "variant_list",
    "vcf",
)
NO_SENTENCE = re.compile(
    r"(^|\.)(source|points_source|standard|standard_url|version|pattern|line)$|^(why|carry_over|pile)\.|^platform\.(?!texts)"
    r"|^(columns|names|published|umi)\.|\.(terms|kind|splice_kind)$|elsewhere$|^labels\.cell_line\.name|^criteria\.\w+\.(code|strength)"
)


def flat_all(rules: object, place: str = "") -> set[str]:
    """Dotted keys of every text."""
    if isinstance(rules, str):
        return {place}
    entries: Any = (
        rules.items() if isinstance(rules, dict) else enumerate(rules if isinstance(rules, list) else ())
    )
    return {
        name for key, value in entries for name in flat_all(value, f"{place}.{key}" if place else str(key))
    }


def sentences_of(rules: object, place: str = "") -> dict[str, str]:
    """Texts of several words or with facts, by dotted key; entries of a list are numbered."""
    found: dict[str, str] = {}
    if isinstance(rules, str):
        return (
            {place: rules} if re.search(r"[a-z]{2,} |\{\w+", rules) and not NO_SENTENCE.search(place) else {}
        )
    entries: Any = (
        rules.items() if isinstance(rules, dict) else enumerate(rules if isinstance(rules, list) else ())
    )
    for key, value in entries:
        found |= sentences_of(value, f"{place}.{key}" if place else str(key))
    return found


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
@pytest.mark.parametrize("name", RULES_WITH_SENTENCES)
def test_sentences_of_the_rules_are_in_every_language(name: str, language: str) -> None:
    """A sentence without a word that could differ ("{counts}", "{residue} {role}") needs none."""
    rules = written_rules(name)
    words = tomllib.loads((TEXTS / f"{language}.toml").read_text())["rules"].get(name, {})
    english, translated = sentences_of(rules), sentences_of(words)
    needed = {key for key, text in english.items() if re.search("[a-z]{2,}", re.sub(r"\{[^}]*\}", "", text))}
    assert sorted(needed - set(flat_all(words))) == []
    for key, text in translated.items():
        assert placeholders(text) == placeholders(english[key]), key
    getattr(resources_of(None, language).rules, name)  # nothing that the rules do not know


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_phrases_of_tables_are_in_every_language(language: str) -> None:
    knowledge = resources_of().knowledge
    said = {assay.name for assay in ASSAYS} | {assay.unit for assay in ASSAYS}
    said |= {role for role, _ in knowledge.critical.values()} | {
        row.description for row in knowledge.known.values()
    }
    said |= {text for row in knowledge.splice_known.values() for text in (row.effect, row.evidence)}
    finder = interpreter_of()
    for change in ("R175H", "P72R", "R337C", "R248L", "V143A"):
        (allele, *_) = parse_change(change, finder.resources.namer, finder.resources.rsids(), None)
        said |= {r.assay_class for r in finder.find(allele).annotated.functional if r.assay_class}
    said |= {NON_FUNCTIONAL, PARTIAL, FUNCTIONAL, LOSS, NO_LOSS, FROM_BLOCKS}
    phrases = tomllib.loads((TEXTS / f"{language}.toml").read_text())["table_phrase"]
    assert set(phrases) == said


class Told(HTMLParser):
    """What a page says in its own language: no quotations (``lang``), sources, names of files and settings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._quiet: list[bool] = [False]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            quoted = tag != "html" and "lang" in given
            self._quiet.append(self._quiet[-1] or quoted or tag in ("style", "script"))
        if not self._quiet[-1]:
            self.parts += [text for name in ("aria-label", "title", "alt") if (text := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._quiet.pop()

    def handle_data(self, data: str) -> None:
        if not self._quiet[-1] and data.strip():
            self.parts.append(data.strip())


VOID = {"meta", "link", "br", "img", "input", "hr", "wbr"}
# Words of English sentences that no German one has.
ENGLISH_WORDS = re.compile(
    r"\b(the|of|is|are|were|not|and|with|by|at|to|no|as|for|from|that|this|which|only|below|above|loss|function)\b"
)


CALLS = (
    "chr17\t7670000\t.\tN\t<INV>\t.\tPASS\tSVTYPE=INV;END=7676000\tGT:AD\t0/1:50,50\n",
    "chr17\t7670000\t.\tN\t<DEL>\t.\tlowq\tSVTYPE=DEL;END=7680000\tGT:AD\t0/1:50,50\n",
    "chr17\t7672000\t.\tN\t<DEL>\t.\tPASS\tSVTYPE=DEL;END=7676100\tGT:AD\t0/1:50,50\n",
    "chr17\t7678000\t.\tN\t<DEL>\t.\tPASS\tSVTYPE=DEL;END=7680000\tGT:AD\t0/1:50,50\n",
    "chr17\t7673803\t.\tG\tR\t.\tPASS\t.\tGT:AD\t0/1:500,500\n",
    "chr17\t7673804\t.\tN\tG\t.\tPASS\t.\tGT:AD\t0/1:500,500\n",
    record(R175H, 0.01),
    record((7676154, "G", "C"), 0.5),  # P72R
    record((7674894, "G", "A"), 0.4),  # a stop
)


@pytest.mark.parametrize("name", [*CASES, "course", "calls"])
def test_no_english_sentence_is_left_on_a_german_page(name: str, tmp_path: Path) -> None:
    if name == "calls":
        (tmp_path / "S.vcf").write_text(f"{VCF_HEAD}\tFORMAT\tS\n{''.join(CALLS)}")
        jobs = plan([tmp_path / "S.vcf"], bam=None, context={}).jobs
        (found,) = analyse(jobs[0], RunSettings(language="de"), interpreter_of())
        document: Document = dict(found.document)
        assert len(document["uninterpreted"]) == 5 and len(document["rejected"]) == 3
    else:
        document = course("de")[-1] if name == "course" else report(name, language="de")
    page = render_page(document, resources_of().texts("de"))
    left = [part for part in Told(page).parts if ENGLISH_WORDS.search(part)]
    assert left == []


@pytest.fixture(scope="module")
def reports() -> dict[str, Document]:
    return {name: report(name) for name in CASES} | {d["sample"]: d for d in course()}


def test_a_german_report_has_german_sentences(reports: dict[str, Document]) -> None:
    german = course("de")[-1]
    english = reports["P-REL"]
    for key in ("summary", "warnings", "limitations", "germline_reasons", "allelic_state_basis"):
        assert german["assessment"][key] != english["assessment"][key] or not english["assessment"][key]
    assert german["assessment"]["summary_ids"] == english["assessment"]["summary_ids"]
    assert [f["id"] for f in german["serial"]["summary"]] == [f["id"] for f in english["serial"]["summary"]]
    assert "ist neu" in str(german["serial"]["summary"])
    notes = [(n["text"], n["condition_text"]) for n in german["assessment"]["notes"]]
    assert [t for t, _ in notes] == [n["text"] for n in english["assessment"]["notes"]]
    assert any("im Rezidiv" in condition or "Jahren" in condition for _, condition in notes)
    page = render_page(german, resources_of().texts("de"))
    assert '<html lang="de">' in page and page.count('<p class="claim" lang="en">') == page.count(
        'class="claim"'
    )


def test_each_sentence_of_a_note_stands_in_its_statement(reports: dict[str, Document]) -> None:
    statements = {s.id: s for s in resources_of().statements}
    seen = set()
    for document in reports.values():
        for n in document["assessment"]["notes"]:
            s = statements[n["id"]]
            seen.add(n["id"])
            assert (n["text"], n["population"], n["endpoint"], n["evidence_level"]) == (
                s.claim, s.population, s.endpoint, s.evidence_level)  # fmt: skip
            assert tuple(n["caveats"]) == s.caveats and n["citation"] == dict(s.reference.stated)
            whole = {key: value for key, value in n["effect"].items() if key != "arms"}
            assert whole == dict(s.effect.stated) | ({"value": s.effect.value} if s.effect.arms else {})
            assert [(a["group"], a["value"]) for a in n["effect"].get("arms", ())] == [
                (a.group, a.value) for a in s.effect.arms
            ]
    assert len(seen) > 20


def test_each_note_on_the_page_shows_id_effect_and_source(reports: dict[str, Document]) -> None:
    words = resources_of().texts("en")
    for document in reports.values():
        articles = re.findall(r'<article class="note.*?</article>', render_page(document, words), re.DOTALL)
        shown = [n for n in document["assessment"]["notes"] if n["publish"] != "footer"]
        assert len(articles) == len(shown)
        for n in shown:
            own = next(a for a in articles if f"; {n['id']}<" in a)
            assert "Effect:" in own and '<span class="source">[' in own and "For: " in own
            if n["citation"].get("doi") or n["citation"].get("pmid") or n["citation"].get("url"):
                assert re.search(r'<a href="https?://', own), n["id"]


def test_no_context_still_says_whom_notes_are_for() -> None:
    bare, told = (report("two_hit", context=c)["assessment"]["notes"] for c in ({}, ADULT))
    assert {"S000-01", "S000-04"} <= {n["id"] for n in bare}
    assert all(n["condition_text"] for n in bare)
    applies = [sum(n["applies"] == "applies" for n in notes) for notes in (bare, told)]
    assert applies[0] < applies[1] and len(told) < len(bare)
    verdicts = [n["applies"] for n in told if n["publish"] == "note"]
    assert verdicts == sorted(verdicts)  # those that apply stand first


def test_words_of_the_project_in_no_source() -> None:
    """A web page without author is called that."""
    for s in resources_of().statements:
        words = f"{s.evidence_level} {s.reference.short} {s.reference.kind} {s.caveats} {s.claim}"
        assert not re.search(r"\bAI\b|stored summary|\bseed\b", words), s.id

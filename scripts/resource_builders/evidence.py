"""The evidence base: statements as plain, hand-editable TOML, one file a source document."""

from __future__ import annotations

import json
import re
from pathlib import Path

FILES = {
    "S000": ("mustafa_ali_2025", "Mustafa Ali, Cleveland Clinic Cancer Advances podcast, 2025"),
    "S001": (
        "b_all_page_2025",
        "B-ALL treatment page, 2025, marked by its publisher as pending review: low certainty",
    ),
    "S002": ("aldoss_2025", "Aldoss et al., Blood Adv 2025;9(9):2159-2172"),
    "S003": ("daver_2025", "Daver, New Standards in Ph+ and High-Risk ALL, 2025"),
    "S004": ("liu_2026", "Liu et al., Clin Lymphoma Myeloma Leuk, as summarised by ALL Hub, 2026"),
    "L": ("literature", "Wider literature on TP53 in ALL"),
    "G": ("gaps", "Gaps and conflicts of the evidence, stated by the tool"),
}
# Statements that tell what to do. The report gives no advice, so they never reach a default report.
ADVICE = {
    *(f"S001-{n:02d}" for n in (7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24)),
    *("S000-06", "S003-02", "S003-04"),
}
# Wording as printed, where the recorded claim holds a figure that must not be printed.
TEXTS = {
    "L23": "CD19 CAR-T cells for relapsed/refractory B-ALL: responses were seen in all subgroups, TP53-mutated "
    "included; in multivariable analysis a TP53 mutation was associated with worse outcome",
    "S002-09": "The title states inferior outcomes after blinatumomab in TP53-mutated ALL; the abstract gives no figure",
    "L18": "More than half of TP53 mutations in childhood low-hypodiploid ALL are present in non-tumour cells; the "
    "authors write that hypodiploidy mandates offering germline TP53 testing",
}
NO_EFFECT = {"L23"}
CAVEATS = {
    "S000-01": [
        "spoken figure, no CI/p/n",
        "an odds ratio is not a rate: 0.1 corresponds to 9/13/19/29/47 % for a wild-type rate of 50/60/70/80/90 %",
        "the only traceable dataset of this group is n=72 with 11 TP53-mutated (ASH 2024 #4221)",
    ],
    "L23": [
        "the printed hazard ratio is coded in the opposite direction and is therefore not shown",
        "comparisons with and without later transplantation were not randomised",
    ],
    "S002-09": ["effect size not in the abstract"],
    "S003-04": ["emerging; other sources describe CAR-T cells followed by transplantation"],
    "L34": ["response and survival lines of the abstract could not be read"],
}
# What a source document is, and what was not recorded from it, in the words of a report.
WORDING = {
    "from memory": "to be verified",
    "AI-generated Q&A, 'pending human review'": "question-and-answer web page without named author or peer review",
    "AI-generated Q&A, 'content is pending human review'": "question-and-answer web page without named author or "
    "peer review; its publisher marks it as pending review",
    "Dr.Oracle AI Q&A, 'B-ALL with a TP53 mutation' 2025": "Dr.Oracle, 'B-ALL with a TP53 mutation', web page, 2025",
    "numbers not in stored summary": "figures not recorded in this evidence base",
    "tool statement (evidence gap found in this review)": "tp53annot: a gap in the published evidence",
}
STATUS = {"seed_only": "source_document_only"}


def build(source: Path, output: Path) -> list[Path]:
    """Write evidence/*.toml and evidence/vocabulary.toml."""
    folder = source / "evidence" if (source / "evidence").is_dir() else source.parent / "evidence"
    document = json.loads((folder / "statements.json").read_text())
    written = []
    for prefix, (name, title) in FILES.items():
        chosen = [s for s in document["statements"] if s["id"].startswith(prefix)]
        path = output / "evidence" / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = "\n\n".join(_statement(s) for s in chosen)
        path.write_text(f"# {title}\n# How to read, add and correct statements: docs/evidence.md\n\n{body}\n")
        written.append(path)
    path = output / "evidence" / "vocabulary.toml"
    path.write_text(_vocabulary(document["vocabulary"]))
    return [*written, path]


def _statement(s: dict) -> str:  # type: ignore[type-arg]
    identifier = s["id"]
    lines = ["[[statement]]"]
    fields = {
        "id": identifier,
        "publish": s["publish"],
        "advice": identifier in ADVICE,
        "topic": s["topic"],
        "note_class": s["note_class"],
        "claim": TEXTS.get(identifier, s["claim"]),
        "endpoint": s["endpoint"],
        "direction": s["direction"],
        "population": s["population"],
        "therapy_context": s["therapy_context"],
        "tp53_scope": s["tp53_scope"],
        "evidence_level": s["evidence_level"],
        "caveats": CAVEATS.get(identifier, s["caveats"]),
    }
    lines += [f"{key} = {_value(_neutral(value))}" for key, value in fields.items() if value is not None]
    lines.append("when = [")
    for condition in s["applies_when"]["all"]:
        lines.append(
            f'  {{ field = "{condition["f"]}", op = "{condition["op"]}", value = {_value(condition["v"])} }},'
        )
    lines.append("]")
    assert not s["applies_when"]["none"], "the grammar's 'none' is not used by any statement"
    effect = {"measure": None} if identifier in NO_EFFECT else s["effect"]
    verification = dict(s["verification"])
    verification["status"] = STATUS.get(verification["status"], verification["status"])
    for name, table in (("effect", effect), ("reference", s["reference"]), ("verification", verification)):
        pairs = [f"{key} = {_value(_neutral(value))}" for key, value in table.items() if value is not None]
        if pairs:
            lines += [f"[statement.{name}]", *pairs]
    return "\n".join(lines)


def _neutral(value: object) -> object:
    if isinstance(value, list):
        return [_neutral(item) for item in value]
    if isinstance(value, str):
        value = re.sub(r"\bnot in the seed\b", "not in the source document", value)
        value = re.sub(
            r"\bin the seed page\b|\bthe seed page itself\b|\bseed page itself\b", "the source page", value
        )
        for printed, written in WORDING.items():
            value = value.replace(printed, written)
        return re.sub(r"\b[Ss]eeds?( \d+)?\b", "source document", value)
    return value


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)


def _vocabulary(words: dict) -> str:  # type: ignore[type-arg]
    lines = [
        "# Clinical context fields: columns of a sample sheet and keys of --context.",
        '# kind: "choice" (one of values), "list" (several of values, separated by ;), "number", "integer",',
        '# "date" (ISO 8601) or "text". An empty cell or "unknown" means not known.',
    ]
    numbers = {"blast_pct": (0, 100), "age_years": (0, 120), "mrd_level": (0, 1)}
    for name, described in words.items():
        if name in ("derived_by_tool", "sample_id", "patient_id"):
            continue
        lines.append(f"\n[{name}]")
        if isinstance(described, list):
            values = [re.sub(r" \(.*", "", value) for value in described]
            lines += ['kind = "choice"', f"values = {_value(values)}"]
        elif name == "therapy":
            values = [part.strip() for part in described.split(":", 1)[1].split(";")]
            lines += ['kind = "list"', f"values = {_value(values)}"]
        elif name in numbers:
            low, high = numbers[name]
            lines += ['kind = "number"', f"min = {low}", f"max = {high}"]
        elif "integer" in described:
            lines += ['kind = "integer"', "min = 0", "max = 100"]
        else:
            lines.append('kind = "date"' if "date" in described else 'kind = "text"')
    return "\n".join(lines) + "\n"

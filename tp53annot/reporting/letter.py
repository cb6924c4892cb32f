"""Plain text for a letter, and the page as PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tp53annot.core.text import seen
from tp53annot.errors import UsageError
from tp53annot.reporting.page import style
from tp53annot.reporting.wording import citation_text, effect_text, percent


def render_summary(document: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """Conclusion, variants, notes that apply, limitations: lines of plain text."""
    a, w = document["assessment"], words
    lines = [f"{w['title']}: {seen(document['sample'])}", w["status"][a["status"]], "", a["summary"]]
    if document["variants"]:
        lines += ["", f"{w['variants']}:"]
    for v in document["variants"]:
        vaf = w["not_given"] if v["vaf"] is None else percent(v["vaf"])
        kind = w["class"][v["classification"]["class"]]
        lines.append(f"- {v['transcript']}:{v['hgvs_c']}, {v['hgvs_p']}; {w['vaf']} {vaf}; {kind}")
    for name in ("germline", "clonal_haematopoiesis"):
        heading = w["germline"] if name == "germline" else w["haematopoiesis"]
        lines += [f"- {heading}: {seen(f['text'])}" for f in a[f"{name}_reasons"]]
    if document["serial"]:
        lines += ["", f"{w['course']}:", *(f"- {f['text']}" for f in document["serial"]["summary"])]
        lines += [f"- {w['course_unavailable']}: {name}" for name in document["serial"]["unavailable"]]
    notes = [n for n in a["notes"] if n["publish"] in ("note", "warn") and n["applies"] == "applies"]
    if notes:
        lines += ["", f"{w['notes']}:", w["notes_intro"]]
    lines += [
        f"- {n['text']} ({effect_text(n, w)}; {n['population']}) [{n['id']}; {citation_text(n)}]"
        for n in notes
    ]
    lines += ["", f"{w['limitations']}:", *(f"- {f['text']}" for f in (*a["warnings"], *a["limitations"]))]
    return "\n".join(seen(line) for line in [*lines, "", w["disclaimer"]]) + "\n"


def render_pdf(page: str) -> bytes:
    """A rendered page as PDF.

    Raises:
        UsageError: the optional library is not installed.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise UsageError(f"pdf needs the extra 'pdf': pip install 'tp53annot[pdf]' ({error})") from error
    return bytes(HTML(string=_styled_figures(page)).write_pdf())


def _styled_figures(page: str) -> str:
    """The page with its figures' rules inside each figure: the library does not apply the page's to them."""
    sheet = style()
    colours = dict(re.findall(r"(--\w+):(#\w+)", sheet[: sheet.index("@media")]))
    rules = re.findall(
        r"(?:^|\})\s*(svg [^{}@]*\{[^{}]*)(?=\})", sheet[: sheet.index("@media (max")], re.MULTILINE
    )
    text = "}".join(rule.replace("svg ", "") for rule in rules) + "}"
    text = re.sub(
        r"paint-order:stroke;.*?(?=text-anchor)", "", text
    )  # not known to it: the halo would cover the words
    for name, colour in colours.items():
        text = text.replace(f"var({name})", colour)
    return re.sub(r"(<svg [^>]*>)", lambda m: f"{m[1]}<style>{text}</style>", page)

"""Plain text for a letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tp53annot.core.text import encode, seen
from tp53annot.report.format import Format, Words
from tp53annot.report.wording import citation_text, effect_text, percent


def _render(document: Mapping[str, Any], words: Words) -> bytes:
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
    return encode("\n".join(seen(line) for line in [*lines, "", w["disclaimer"]]) + "\n")


FORMAT = Format(
    name="txt",
    ending="txt",
    description="plain text for a letter",
    rank=8,
    text=True,
    render=_render,
)

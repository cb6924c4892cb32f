"""Pages judged by a browser: accessibility (axe-core), phone width, print, nothing over something else."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from conftest import require_library, require_program
from rendered import render_page
from report_cases import ADULT, CASES, course, report

from tp53annot.knowledge.resources import resources_of

pytestmark = pytest.mark.peer
PAGES = [*CASES, "course", "two_hit_de", "no_context", "deletion_only", "laboratory"]
LABORATORY = {
    "name": "Laboratory of Haematology", "address": ["1 Example Street", "Exampletown"], "accreditation": "ISO 15189, No. 4711",
    "logo": {"media_type": "image/svg+xml", "data": "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI2MCIgaGVpZ2h0PSIzMCIvPg=="},
    "date": "2026-03-31", "assay": "Panel A v3", "assay_limits": "exons 2-11", "footer": "Valid with signature only.",
    "signatures": [{"name": "Dr A", "role": "head"}, {"name": "Dr B", "role": None}],
    "thresholds": [{"name": "min_vaf", "value": 0.02, "reason": "validated in 2025"}],
}  # fmt: skip
LETTERS = re.compile(r"[^\W\d_]{3}")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    words, german = resources_of().texts("en"), resources_of().texts("de")
    documents: dict[str, Any] = {name: report(name) for name in CASES}
    assert documents["uncertain"]["assessment"]["status"] == "uncertain"
    texts = {name: render_page(document, words) for name, document in documents.items()}
    texts["course"] = render_page(course()[-1], words)
    texts["two_hit_de"] = render_page(report("two_hit", language="de"), german)
    texts["no_context"] = render_page(report("two_hit", context={}), words)
    lost = report("not_detected", context=ADULT | {"del17p_status": "present"})
    assert lost["assessment"]["status"] == "deletion_only"
    texts["deletion_only"] = render_page(lost, words)
    texts["laboratory"] = render_page(report("low_level") | {"laboratory": LABORATORY}, words)
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text)
    return {name: folder / f"{name}.html" for name in texts}


def pages_of(facts: str) -> int:
    """The number of pages that pdfinfo tells."""
    (number,) = re.findall(r"Pages:\s+(\d+)", facts)
    return int(number)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    window = Browser()
    yield window
    window.close()


def axe_faults(browser: Browser) -> list[str]:
    import axe_core_python

    browser.call("Page.setBypassCSP", enabled=True)
    browser.run((Path(axe_core_python.__file__).parent / "axe.min.js").read_text() + "; 0")
    found = browser.run(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.impact + ' ' + v.id + ': '"
        " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | ')))"
    )
    return list(found)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_fault(name: str, dark: bool, pages: dict[str, Path], browser: Browser) -> None:
    browser.open(pages[name], dark=dark)
    assert axe_faults(browser) == []


def test_axe_would_find_a_fault(pages: dict[str, Path], browser: Browser, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    page = pages["two_hit"].read_text().replace('lang="en"', "").replace("--soft:#4d5763", "--soft:#c8ccd0")
    broken.write_text(page)
    browser.open(broken)
    assert {fault.split()[1].rstrip(":") for fault in axe_faults(browser)} >= {
        "html-has-lang",
        "color-contrast",
    }


@pytest.mark.parametrize("variants", [3, 8])
def test_no_heading_ends_a_printed_page(variants: int, browser: Browser, tmp_path: Path) -> None:
    require_program("pdftotext")
    document = report("two_hit")
    text = render_page(
        document | {"variants": (document["variants"] * variants)[:variants]}, resources_of().texts("en")
    )
    (tmp_path / "page.html").write_text(text)
    browser.open(tmp_path / "page.html")
    browser.print(tmp_path / "page.pdf")
    read = ["pdftotext", "-layout", tmp_path / "page.pdf", "-"]
    printed = subprocess.run(read, capture_output=True, text=True, check=True).stdout.split("\f")
    headings = {
        " ".join(re.sub("<[^>]+>", "", h).split()) for h in re.findall(r"<h[23].*?</h[23]>", text, re.DOTALL)
    }
    last = [[" ".join(line.split()) for line in page.splitlines() if line.strip()][-2:-1] for page in printed]
    assert len(last) > 3 and "Reads at the variants" in headings
    assert [line for lines in last for line in lines if line in headings or "NP_000537" in line] == []


OUTSIDE = """[...document.querySelectorAll('main *, header *, footer *')].filter(e => {
  const r = e.getBoundingClientRect(); let p = e.parentElement;
  while (p) { if (getComputedStyle(p).overflowX === 'auto') return false; p = p.parentElement }
  return r.width && (r.right > innerWidth + 1 || r.left < -1)
}).map(e => e.outerHTML.slice(0, 80))"""
CUT = """[...document.querySelectorAll('p, li, td, th, dd, dt, h1, h2, h3, figcaption, span')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width && e.scrollWidth > e.clientWidth + 1 && e.clientWidth && getComputedStyle(e).display !== 'inline'
}).map(e => e.outerHTML.slice(0, 80))"""
OVERLAPS = """[...document.querySelectorAll('svg.figure')].filter(s => s.getBoundingClientRect().width).flatMap(s => {
  const t = [...s.querySelectorAll('text')].filter(e => e.textContent.trim()).map(e => [e.textContent, e.getBoundingClientRect()]);
  const frame = s.getBoundingClientRect();
  const out = t.filter(([, r]) => r.left < frame.left - 1 || r.right > frame.right + 1).map(([x]) => 'out ' + x);
  for (let i = 0; i < t.length; i++) for (let j = i + 1; j < t.length; j++) {
    const [a, p] = t[i], [b, q] = t[j];
    const w = Math.min(p.right, q.right) - Math.max(p.left, q.left), h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (w > 1 && h > 4) out.push(a + ' over ' + b)
  }
  return out
})"""
SMALL = """[...document.querySelectorAll('svg.figure')].filter(s => s.getBoundingClientRect().width).flatMap(s => {
  const scale = s.getBoundingClientRect().width / s.viewBox.baseVal.width;
  return [...s.querySelectorAll('text')].map(t => parseFloat(getComputedStyle(t).fontSize) * scale).filter(x => x < 9)
})"""


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_or_overlaps(name: str, width: int, pages: dict[str, Path], browser: Browser) -> None:
    browser.open(pages[name], width=width)
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run("innerWidth") == width
    for script in (OUTSIDE, CUT, OVERLAPS, SMALL):
        assert browser.run(script) == []


@pytest.mark.parametrize("name", PAGES)
def test_print_is_short_and_legible(
    name: str, pages: dict[str, Path], browser: Browser, tmp_path: Path
) -> None:
    """Few A4 pages, results and survival on the first, no words below 7 points, no figure label below 6."""
    require_program("pdftotext")
    pdf_of = tmp_path / "page.pdf"
    browser.open(pages[name])
    browser.print(pdf_of)
    facts = subprocess.run(["pdfinfo", pdf_of], capture_output=True, text=True, check=True).stdout
    most = 4 if name == "two_hit_de" else 3  # German words are longer
    assert pages_of(facts) <= most
    assert "(A4)" in facts
    first = subprocess.run(
        ["pdftotext", "-l", "1", pdf_of, "-"], capture_output=True, text=True, check=True
    ).stdout
    if name == "two_hit":  # the answer and the picture of effects, which is not split
        for part in ("TP53 mutated", "Survival, %", "OS at 12 months", "6.84", "What could be assessed"):
            assert part in first
    for number in range(1, pages_of(facts) + 1):
        one = ["pdftotext", "-f", str(number), "-l", str(number), "-layout", pdf_of, "-"]
        text = subprocess.run(one, capture_output=True, text=True, check=True).stdout
        title, page = ("TP53-Befund", "Seite") if name.endswith("_de") else ("TP53 report", "Page")
        assert re.match(rf"\s*{title}: [\w-]+ +(Report|Befund-Nr\.) [0-9a-f]{{12}}\n", text)
        assert re.search(rf"{page} {number} (of|von) \d+\s*$", text)
    assert "Tagged:          yes" in facts
    fonts = subprocess.run(["pdftohtml", "-xml", "-i", "-zoom", "1", "-stdout", pdf_of], capture_output=True,
                           text=True, check=True).stdout  # fmt: skip
    sizes = {m[1]: int(m[2]) for m in re.finditer(r'<fontspec id="(\d+)" size="(\d+)"', fonts)}
    words = [(sizes[m[1]], m[2]) for m in re.finditer(r'<text [^>]*font="(\d+)">(.*?)</text>', fonts)]
    assert sorted({w for size, w in words if size < 7 and LETTERS.search(re.sub("<.*?>", "", w))}) == []
    assert min(size for size, _ in words) >= 6


def test_pdf_of_the_optional_library(pages: dict[str, Path], tmp_path: Path) -> None:
    """The PDF format holds the page's words on few pages."""
    require_program("pdftotext")
    require_library("weasyprint")
    from tp53annot.report.formats.pdf import pdf_of

    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_of(pages["two_hit"].read_text()))
    facts = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert "(A4)" in facts and pages_of(facts) <= 4
    words = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    applying = [n for n in report("two_hit")["assessment"]["notes"] if n["applies"] == "applies"]
    assert len([n for n in applying if n["citation"].get("doi")]) > 1
    for part in ("TP53 mutated", "c.524G>A", "Limitations", "Page 1 of", *(n["id"] for n in applying)):
        assert part in words or part.startswith(("S001", "S000-05", "G")), part

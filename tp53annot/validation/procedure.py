"""``validate``: a laboratory's own truth table against reports, as figures with intervals.

Reads the truth table and the reports, compares them (:mod:`tp53annot.validation.agreement`), counts
(:mod:`tp53annot.validation.performance`) and gives one value that text, TSV, Markdown and HTML render.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import to_builtins
from msgspec.structs import replace

from tp53annot.core.allele import Allele, Build
from tp53annot.core.coverage import ExonCoverage
from tp53annot.core.variant import OncogenicityClass, in_short
from tp53annot.errors import InputError, printable
from tp53annot.knowledge.resources import Resources
from tp53annot.names.normalisation import normalise
from tp53annot.names.parser import parse_change
from tp53annot.report.document import dump
from tp53annot.report.model.report import Report
from tp53annot.report.model.variant import Variant
from tp53annot.report.stored import load_report
from tp53annot.system.files import refuse_overwrite, sha256_file, write_text
from tp53annot.system.tables import read_table
from tp53annot.validation import performance
from tp53annot.validation.agreement import (
    Exon,
    Expected,
    Observed,
    ReportedChange,
    Stretch,
    Truth,
    compare_sample,
    group_of,
)
from tp53annot.validation.figures import TruthTable, Validation
from tp53annot.validation.pages import (
    discordance_tsv,
    figures_tsv,
    render_html,
    render_markdown,
    render_text,
)

_SCHEMA_VERSION = "1.0"


def validate(
    truth: Path, reports: Sequence[Path], resources: Resources, *, method: str | None = None
) -> Validation:
    """Figures of the reports against the truth table.

    Args:
        truth: TSV, CSV or XLSX with the columns of ``rules/validation.toml``.
        reports: report JSONs, or folders that are searched for them.
        resources: reference, tables and rules.
        method: interval, in place of the one in the rules.

    Raises:
        InputError: line and column of what the truth table has wrong, or a report that cannot be used.
    """
    rules = resources.rules.validation
    known = _truth_table(truth, resources)
    judged = _reports(reports)
    observed = {name: _observed(report, resources) for name, report in judged.items()}
    found = [compare_sample(t, observed[name], rules) for name, t in known.items() if name in observed]
    interval = replace(rules.interval, method=method or rules.interval.method)
    return Validation(
        schema_version=_SCHEMA_VERSION,
        truth=TruthTable(
            file=truth.name,
            sha256=sha256_file(truth),
            samples=len(known),
            changes=sum(len(t.changes) for t in known.values()),
            negatives=sum(t.negative for t in known.values()),
        ),
        reports=len(judged),
        tool_versions=tuple(sorted({r.provenance.tool_version for r in judged.values()})),
        settings={name: _values(name, judged.values()) for name in ("min_vaf", "report_vaf")},
        interval=interval,
        changes=performance.change_tables(found, rules, interval),
        samples=performance.sample_figures(found, rules, interval),
        exons=performance.exon_figures(found, interval),
        vaf=performance.vaf_figures(found, rules, interval.level),
        status=performance.status_figures(found, rules),
        classes=performance.class_figures(found),
        discordances=performance.discordances(found, rules),
        no_report=tuple(name for name in known if name not in observed),
        not_judged=tuple(name for name in judged if name not in known),
    )


def _values(setting: str, reports: Iterable[Report]) -> tuple[str, ...]:
    """Every value that a setting has in the reports."""
    return tuple(sorted({str(r.provenance.settings.get(setting)) for r in reports}))


def as_json(found: Validation) -> str:
    """``validation.json``."""
    return dump(to_builtins(found))


def write(found: Validation, folder: Path, resources: Resources, *, force: bool) -> list[Path]:
    """All files of a validation under a folder.

    Raises:
        OutputError: one of them is there, without ``force``.
    """
    rules = resources.rules.validation
    texts = {
        "validation.json": as_json(found),
        "validation.tsv": figures_tsv(found, rules),
        "discordances.tsv": discordance_tsv(found),
        "validation.md": render_markdown(found, rules),
        "validation.html": render_html(found, rules, resources.texts("en")["language"]),
    }
    paths = [folder / name for name in texts]
    for path in paths:
        refuse_overwrite(path, force=force)
    for path, text in zip(paths, texts.values(), strict=True):
        write_text(path, text)
    return paths


def as_text(found: Validation, resources: Resources) -> str:
    """The figures as tables for a terminal."""
    return render_text(found, resources.rules.validation)


# the truth table ----------------------------------------------------------------------------


def _truth_table(path: Path, resources: Resources) -> dict[str, Truth]:
    """The truth table, by sample in its order.

    Raises:
        InputError: with the line of what cannot be used.
    """
    columns = resources.rules.validation.truth.columns
    header, rows = read_table(path)
    for name in header:
        if name not in columns:
            raise _fault(path, 1, f"column {name!r} is not known", f"columns are {', '.join(columns)}")
    for name in columns[:2]:
        if name not in header:
            raise _fault(path, 1, f"there is no column {name!r}", "add it")
    found: dict[str, Truth] = {}
    for number, row in rows:
        truth = _truth_row(path, number, row, resources)
        before = found.get(truth.sample)
        found[truth.sample] = truth if before is None else _joined(path, number, before, truth)
    if not found:
        raise InputError("there is no sample in it", path=str(path), fix="add a row per known change")
    return found


def _truth_row(path: Path, number: int, row: Mapping[str, str], resources: Resources) -> Truth:
    rules = resources.rules.validation
    if not row["sample"]:
        raise _fault(path, number, "the sample has no name", "fill in the column 'sample'")
    status = row.get("status") or None
    allowed = resources.texts("en")["status"]
    if status is not None and status not in allowed:
        raise _fault(path, number, f"status {status!r} is not known", f"it is one of {', '.join(allowed)}")
    text = row["variant"]
    if text.lower() in rules.truth.negative_words:
        none = None if status == rules.detection.negative_status else status
        return Truth(sample=row["sample"], changes=(), status=none)
    try:
        alleles = parse_change(text, resources.namer, resources.rsids())
    except InputError as error:
        raise _fault(path, number, str(error), "correct the cell") from error
    normal = tuple(dict.fromkeys(normalise(a, resources.reference) for a in alleles))
    expected = Expected(
        text=text,
        alleles=normal,
        kind=_kind(normal[0], resources),
        vaf=_vaf(path, number, row.get("vaf", "")),
        oncogenicity=_oncogenicity(path, number, row.get("class", "")),
    )
    return Truth(sample=row["sample"], changes=(expected,), status=status)


def _joined(path: Path, number: int, before: Truth, row: Truth) -> Truth:
    """A further row of a sample."""
    if not before.changes or not row.changes:
        raise _fault(path, number, f"sample {row.sample!r} is both negative and not", "keep one of the rows")
    twice = set(row.changes[0].alleles) & {a for e in before.changes for a in e.alleles}
    if twice:
        raise _fault(
            path, number, f"{row.changes[0].text} stands twice for {row.sample!r}", "drop one of the rows"
        )
    if row.status is not None and before.status not in (None, row.status):
        raise _fault(path, number, f"sample {row.sample!r} has two statuses", "keep one of them")
    return Truth(
        sample=row.sample, changes=(*before.changes, *row.changes), status=before.status or row.status
    )


def _vaf(path: Path, number: int, text: str) -> float | None:
    if not text:
        return None
    plain = text.removesuffix("%").strip()
    try:
        vaf = float(plain) / (100 if text.endswith("%") else 1)
    except ValueError:
        vaf = -1.0
    if not 0 <= vaf <= 1:
        raise _fault(path, number, f"VAF {text!r} is not within 0 and 1", "write 0.12 or 12%")
    return vaf


def _oncogenicity(path: Path, number: int, text: str) -> str | None:
    name = text.strip().lower().replace(" ", "_")
    allowed = [c.value for c in OncogenicityClass]
    if name and name not in allowed:
        raise _fault(path, number, f"class {text!r} is not known", f"it is one of {', '.join(allowed)}")
    return name or None


def _fault(path: Path, number: int, cause: str, fix: str) -> InputError:
    return InputError(cause, path=str(path), place=f"line {number}", fix=fix)


# the reports --------------------------------------------------------------------------------


def _reports(paths: Sequence[Path]) -> dict[str, Report]:
    """Reports by sample, in the order given; folders are searched.

    Raises:
        InputError: none found, one that cannot be read, or two of one sample.
    """
    found: dict[str, Report] = {}
    origin: dict[str, Path] = {}
    for path in _report_files(paths):
        report = load_report(path)
        name = report.sample
        if name in found:
            raise InputError(
                f"sample {printable(name)!r} is also in {origin[name]}",
                path=str(path),
                fix="give one report of each sample; name replicates apart",
            )
        found[name], origin[name] = report, path
    return found


def _report_files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        files = sorted(path.rglob("*.tp53.json"))
        if not files:
            raise InputError("the folder holds no report (*.tp53.json)", path=str(path), fix="check the path")
        yield from files


def _observed(report: Report, resources: Resources) -> Observed:
    build, coverage = report.assembly, report.coverage
    place = functools.partial(resources.reference.from_build, build=build)
    threshold = report.provenance.settings["report_vaf"]
    if not isinstance(threshold, int | float):
        raise InputError(
            f"the report of {printable(report.sample)} states no report_vaf", fix="run the sample again"
        )
    return Observed(
        sample=report.sample,
        status=report.assessment.status,
        seen=tuple(_seen(v, build, resources) for v in (*report.variants, *report.rejected)),
        threshold=threshold,
        exons=None if coverage is None else tuple(_exon(e, place) for e in coverage.exons),
        gaps=tuple(
            Stretch(start=place(g.start), end=place(g.end), text=str(g.exon), depth=g.min_depth)
            for g in (coverage.gaps if coverage else ())
        ),
        unread=tuple(
            Stretch(start=place(u.start), end=place(u.end), text=u.reason)
            for u in report.uninterpreted
            if u.start is not None and u.end is not None
        ),
    )


def _exon(e: ExonCoverage, place: Callable[[int], int]) -> Exon:
    whole = e.fraction_assessed == 1
    return Exon(exon=e.exon, start=place(e.start), end=place(e.end), assessed=whole, required=e.required)


def _seen(v: Variant, build: Build, resources: Resources) -> ReportedChange:
    start = resources.reference.from_build(v.pos, build)
    allele = Allele(pos=start, ref=v.ref, alt=v.alt)
    return ReportedChange(
        allele=allele,
        name=f"{v.hgvs_p_short} ({in_short(v.hgvs_c)})",
        kind=group_of(allele, v.consequence, resources.rules.validation.kind),
        oncogenicity=v.classification.oncogenicity,
        vaf=v.vaf,
        filters=v.filters_failed,
        combined=any(f.id == "combined" for f in v.remarks),
    )


def _kind(allele: Allele, resources: Resources) -> str:
    named = resources.namer.describe(allele, isoforms=False)
    return group_of(allele, named.consequences, resources.rules.validation.kind)

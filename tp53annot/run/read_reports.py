"""``coverage`` and ``call``: what the reads show, as text, JSON or VCF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from tp53annot.calling.callability import CallNeed, lowest_vaf
from tp53annot.calling.pileup import ReadChange
from tp53annot.core.allele import Allele
from tp53annot.core.fields import Json
from tp53annot.core.text import cell, seen, tsv
from tp53annot.core.version import __version__
from tp53annot.errors import InputError
from tp53annot.interpret.filters import Thresholds
from tp53annot.knowledge.resources import Resources, resources_of
from tp53annot.names.normalisation import normalise
from tp53annot.names.parser import parse_change
from tp53annot.reads.evidence import (
    Reads,
    build_of_reads,
    caller_of,
    candidates_of_reads,
    coverage_of_reads,
    read_reads,
)
from tp53annot.report.composition import Composer
from tp53annot.report.document import dump
from tp53annot.report.model.json_form import to_json
from tp53annot.run.jobs import stem_of
from tp53annot.run.settings import RunSettings
from tp53annot.system.files import atomic_path, refuse_overwrite
from tp53annot.system.workers import contained
from tp53annot.vcf import calls
from tp53annot.vcf.index import write_index
from tp53annot.vcf.output_form import write_lines


def _open(path: Path, settings: RunSettings, resources: Resources, extra: Sequence[Allele] = ()) -> Reads:
    asked = [settings.sample] if settings.sample else []
    return read_reads(
        path, resources, fasta=settings.reference, assembly=settings.assembly, extra=extra, asked=asked
    )


def coverage_text(path: Path, settings: RunSettings, *, as_json: bool) -> str:
    """Callability per exon and the gaps, in the reads' own build.

    Raises:
        InputError: the reads cannot be used.
    """
    resources = resources_of(settings.resources)
    return contained(lambda: _coverage(path, settings, resources, as_json), str(path))


def _coverage(path: Path, settings: RunSettings, resources: Resources, as_json: bool) -> str:
    reads = _open(path, settings, resources)
    thresholds = Thresholds.from_rules(resources.rules.filters, report_vaf=settings.report_vaf)
    found = coverage_of_reads(
        reads,
        resources,
        thresholds.report_vaf,
        caller_of(reads, resources),
        primers_trimmed=settings.primers_trimmed,
    )
    shown = Composer(resources.namer, reads.build, resources.protein).coverage(found)
    if as_json:
        depth = reads.pileup.assessed
        per_base = [
            {"pos": resources.reference.to_build(reads.pileup.start + i, reads.build), "depth": int(d)}
            for i, d in enumerate(depth)
        ]
        head = {"sample": reads.sample or stem_of(path), "assembly": reads.build.value}
        return dump(head | cast(dict[str, Json], to_json(shown)) | {"per_base": per_base})
    header = ("exon", "start", "end", "required", "mean_depth", "min_depth", "fraction_assessed", "lod_vaf")
    lines = [
        f"# {seen(reads.sample or stem_of(path))} {reads.build} ({reads.basis})",
        f"# assessed at a VAF of {found.threshold_vaf:g} from {found.min_depth_needed} usable fragments; "
        f"exons 4-10 {'assessed' if found.required_region_assessed else 'NOT fully assessed'}",
        *(f"# {remark}" for remark in reads.pileup.remarks.values()),
    ]
    body = [[_yes_no(getattr(e, name)) for name in header] for e in shown.exons]
    gaps = [
        f"# gap exon {g.exon} {g.c_start}..{g.c_end} chr17:{g.start}-{g.end} lowest depth {g.min_depth}"
        for g in shown.gaps
    ]
    return "\n".join(lines) + "\n" + tsv(header, body) + "".join(f"{line}\n" for line in gaps)


def _yes_no(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return cell(value)


def call_file(path: Path, output: Path, settings: RunSettings, *, force: bool) -> None:
    """Call variants from reads into a VCF (``-`` is stdout; indexed when it ends in .gz).

    Raises:
        InputError: the reads cannot be used.
        OutputError: the output exists, without ``force``.
    """
    if str(output) != "-":
        refuse_overwrite(output, force=force)
    resources = resources_of(settings.resources)
    lines = contained(lambda: _call_lines(path, settings, resources), str(path))
    if str(output) == "-":
        write_lines(output, lines)
        return
    with atomic_path(output) as temporary:
        write_lines(temporary, lines)
        write_index(temporary)


def _call_lines(path: Path, settings: RunSettings, resources: Resources) -> tuple[bytes, ...]:
    """Header and lines of the VCF of calls (PASS) and near-calls (reasons in FILTER)."""
    reads = _open(path, settings, resources)
    sample = settings.sample or reads.sample or stem_of(path)
    caller = caller_of(reads, resources, min_alt_reads=settings.min_alt_reads, min_vaf=settings.min_vaf)
    found = candidates_of_reads(reads, sample, resources, caller)
    header = calls.header(sample, reads.contig, resources.reference, reads.build, __version__)
    return (header.raw, *calls.candidate_lines(found))


def why_text(path: Path, change: str, settings: RunSettings) -> str:
    """Why a change is or is not called in these reads, whether any read shows it or not.

    Raises:
        InputError: the change is not understood.
    """
    resources = resources_of(settings.resources)
    return contained(lambda: _reasons(path, change, settings, resources), str(path))


def _reasons(path: Path, change: str, settings: RunSettings, resources: Resources) -> str:
    if not path.is_file():
        raise InputError("standard input and pipes are read once", path=str(path), fix="--why needs a file")
    build = build_of_reads(path, resources, fasta=settings.reference, assembly=settings.assembly)
    alleles = [
        normalise(a, resources.reference)
        for a in parse_change(
            change, resources.namer, resources.rsids(), None if change.upper().startswith("NC_") else build
        )
    ]
    reads = _open(path, settings, resources, alleles)
    return "".join(f"{_why(allele, reads, settings, resources)}\n" for allele in alleles)


def _why(allele: Allele, reads: Reads, settings: RunSettings, resources: Resources) -> str:
    named = resources.namer.describe(allele, isoforms=False)
    head = f"{named.short_name} chr17:{resources.reference.to_build(allele.pos, reads.build)}"
    pileup, words = reads.pileup, resources.rules.calling.why
    if not pileup.holds(ReadChange.of(allele)):
        first, last = (
            resources.reference.to_build(p, reads.build)
            for p in (pileup.start, pileup.start + pileup.length - 1)
        )
        return f"{head}: {words.outside.format(first=first, last=last)}"
    rules = resources.rules.calling
    caller = caller_of(reads, resources, min_alt_reads=settings.min_alt_reads, min_vaf=settings.min_vaf)
    found = caller.judge(allele)
    s = found.support
    if not s.depth:
        return f"{head}: {words.uncovered}"
    assessed = min(s.depth, int(pileup.assessed[allele.pos - pileup.start]))
    need = CallNeed(alt_reads=int(caller.fewest_by_place()[allele.pos - pileup.start]) or caller.min_alt)
    lowest = lowest_vaf(assessed, need, rules.coverage.probability)
    counts = words.counts.format(
        alt=s.alt_reads,
        depth=s.depth,
        vaf=s.vaf or 0.0,
        forward=s.alt_forward,
        reverse=s.alt_reverse,
        p=found.p,
    )
    if not found.reasons:
        verdict = words.called
    else:
        verdict = words.not_called.format(reasons="; ".join(f.text for f in found.reasons))
    seen = words.excluded.format(vaf=lowest) if lowest else words.too_shallow
    return f"{head}: {counts}; {verdict}; {seen}"

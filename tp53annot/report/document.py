"""The JSON document of a report: the one source of every other format.

Keys are always present; ``null`` means not stated. Floats are rounded, nothing depends on time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tp53annot.core.allele import Build
from tp53annot.core.candidate import Flag, InputRecord, Phase, ReadSupport, Uninterpreted
from tp53annot.core.coverage import Coverage
from tp53annot.core.report import Note, SampleReport
from tp53annot.core.variant import ClassifiedVariant
from tp53annot.knowledge.assays import Histogram
from tp53annot.knowledge.protein_map import ProteinMap
from tp53annot.names.hgvs import Namer

SCHEMA_VERSION = "1.1"
CHROMOSOME = "chr17"
# Characters that steer a terminal or turn text around, and bytes that are no UTF-8: escaped in JSON.
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
Document = dict[str, Any]


class Writer:
    """Turns reports of one build into documents."""

    def __init__(self, namer: Namer, build: Build, protein: ProteinMap) -> None:
        self.namer, self.build, self.protein = namer, build, protein

    def document(self, report: SampleReport, provenance: Mapping[str, object]) -> Document:
        """The whole report as plain JSON values."""
        a = report.assessment
        return {
            "schema_version": SCHEMA_VERSION,
            "sample": report.sample,
            "patient": report.patient,
            "assembly": report.build.value,
            "assembly_basis": report.build_basis,
            "context": {
                name: {"value": list(v.value) if isinstance(v.value, tuple) else v.value, "origin": v.origin}
                for name, v in sorted(report.context.items())
            },
            "assessment": {
                "status": a.status,
                "tp53_mutated_all": a.tp53_mutated_all,
                "allelic_state": a.allelic_state,
                "allelic_state_basis": flags(a.allelic_state_basis),
                "germline_flag": a.germline_flag,
                "germline_reasons": flags(a.germline_reasons),
                "clonal_haematopoiesis_flag": a.clonal_haematopoiesis_flag,
                "clonal_haematopoiesis_reasons": flags(a.clonal_haematopoiesis_reasons),
                "clonality": a.clonality,
                "summary": " ".join(f.text for f in a.summary),
                "summary_ids": [f.id for f in a.summary],
                "status_basis": flags(a.status_basis),
                "notes": [_note(note) for note in a.notes],
                "warnings": flags(a.warnings),
                "limitations": flags(a.limitations),
            },
            "variants": [self.variant(v) for v in report.variants],
            "rejected": [self.variant(v) for v in report.rejected],
            "uninterpreted": [self._uninterpreted(u) for u in report.uninterpreted],
            "coverage": self.coverage(report.coverage),
            "serial": None,  # filled in when all samples of the patient are there
            "protein": {
                "length": self.protein.length,
                "domains": [dict(zip(("name", "label", "start", "end"), d, strict=True)) for d in self.protein.domains],
                "hotspots": [{"residue": r, "samples": n} for r, n in self.protein.hotspots],
                "assays": {name: _histogram(scores) for name, scores in sorted(self.protein.assays.items())},
            },
            "provenance": {
                **provenance,
                "settings": dict(report.settings),
                "inputs": [dict(i) for i in report.inputs],
                "tables": [{"name": t.name, "version": t.version, "sha256": t.sha256} for t in report.tables],
            },
        }  # fmt: skip

    def variant(self, v: ClassifiedVariant) -> Document:
        """One variant with its names, reads, class and facts."""
        annotated, candidate = v.annotated, v.candidate
        named = annotated.variant
        support = candidate.support_in_force
        allele = named.allele
        c = v.classification
        return {
            "chrom": CHROMOSOME,
            "pos": self.namer.reference.to_build(allele.pos, self.build),
            "ref": allele.ref,
            "alt": allele.alt,
            "input": _record(candidate.record),
            "hgvs_g": self.namer.hgvs_g(allele, self.build),
            "hgvs_c": named.hgvs_c,
            "hgvs_p": named.hgvs_p,
            "hgvs_p_short": named.hgvs_p_short,
            "transcript": named.transcript,
            "protein": named.protein,
            "isoforms": [
                {"transcript": i.transcript, "protein": i.protein, "name": i.name, "hgvs_c": i.hgvs_c,
                 "hgvs_p": i.hgvs_p, "consequence": list(i.consequences)}
                for i in named.isoforms
            ],
            "exon": named.exon,
            "intron": named.intron,
            "codon": named.codon,
            "domain": annotated.domain,
            "consequence": list(named.consequences),
            "nmd": named.nmd,
            **_support(support),
            "caller_support": _support(candidate.support) if candidate.reads else None,
            "normal": _support(candidate.normal) if candidate.normal else None,
            "caller_filters": None if candidate.caller_filters is None else list(candidate.caller_filters),
            "remarks": flags(candidate.remarks),
            "phase": _phase(candidate.phase),
            "read_pile": None,  # filled in where there are reads
            "classification": {
                "class": c.oncogenicity.value,
                "points": c.points,
                "criteria": [
                    {"code": k.code, "points": k.points, "reason": k.reason, "source": k.source} for k in c.criteria
                ],
                "conflicts": flags(c.conflicts),
                "not_considered": list(c.not_considered),
            },
            "germline_classification": annotated.germline and dict(annotated.germline),
            "functional": [
                {"assay": r.assay, "value": _round(r.value), "unit": r.unit, "class": r.assay_class,
                 "source": r.source, "table": r.table}
                for r in annotated.functional
            ],
            "functional_summary": annotated.functional_summary and dict(annotated.functional_summary),
            "hotspot": annotated.hotspot and dict(annotated.hotspot),
            "frequencies": dict(annotated.frequencies),
            "known_variant": annotated.known and dict(annotated.known),
            "rsid": annotated.rsid,
            "amp_tier": v.amp_tier and dict(v.amp_tier),
            "claims": [
                {"field": k.field, "value": _round(k.value), "table": k.table, "version": k.version,
                 "citation": k.citation}
                for k in annotated.claims
            ],
            "filters_failed": flags(v.failures),
            "reportable": v.reportable,
        }  # fmt: skip

    def _uninterpreted(self, u: Uninterpreted) -> Document:
        place = self.namer.reference.to_build
        return {
            "input": _record(u.record),
            "code": u.code,
            "reason": u.reason,
            "deletion": u.deletion,
            "hgvs_c": u.hgvs_c,
            "start": None if u.start is None else place(u.start, self.build),
            "end": None if u.end is None else place(u.end, self.build),
        }

    def coverage(self, coverage: Coverage | None) -> Document | None:
        """Callability, positions on the report's build."""
        if coverage is None:
            return None
        place = self.namer.reference.to_build
        return {
            "source": coverage.source,
            "threshold_vaf": coverage.threshold_vaf,
            "min_depth_needed": coverage.min_depth_needed,
            "required_region_assessed": coverage.required_region_assessed,
            "exons": [
                {"exon": e.exon, "start": place(e.start, self.build), "end": place(e.end, self.build),
                 "required": e.required, "mean_depth": _round(e.mean_depth, 1), "min_depth": e.min_depth,
                 "fraction_assessed": _round(e.fraction_assessed), "lod_vaf": _round(e.lod_vaf)}
                for e in coverage.exons
            ],
            "gaps": [
                {"start": place(g.start, self.build), "end": place(g.end, self.build), "c_start": g.c_start,
                 "c_end": g.c_end, "exon": g.exon, "min_depth": g.min_depth, "required": g.required}
                for g in coverage.gaps
            ],
        }  # fmt: skip


def dump(document: object) -> str:
    """JSON text of a document, the same bytes for the same content."""
    plain = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", plain) + "\n"


def flags(items: Sequence[Flag]) -> list[Document]:
    """Flags as objects."""
    return [{"id": f.id, "text": f.text, "source": f.source} for f in items]


def _round(value: Any, digits: int = 6) -> Any:
    return round(value, digits) if isinstance(value, float) else value


def _histogram(h: Histogram) -> Document:
    return {"n": h.n, "low": h.low, "high": h.high, "bins": list(h.bins)}


def _support(s: ReadSupport) -> Document:
    return {
        "vaf": _round(s.vaf),
        "depth": s.depth,
        "alt_reads": s.alt_reads,
        "ref_reads": s.ref_reads,
        "alt_forward": s.alt_forward,
        "alt_reverse": s.alt_reverse,
        "vaf_source": s.vaf_source,
    }


def _phase(phase: Phase | None) -> Document | None:
    if phase is None:
        return None
    return {
        "genotype": phase.genotype,
        "phased": phase.phased,
        "phase_set": phase.phase_set,
        "haplotypes": list(phase.haplotypes),
        "source": phase.source,
    }


def _record(r: InputRecord) -> Document:
    return {
        "file": r.file, "ordinal": r.ordinal, "chrom": r.chrom, "pos": r.pos, "id": r.id, "ref": r.ref,
        "alt": r.alt, "qual": r.qual, "filter": None if r.filters is None else list(r.filters),
        "info": r.info, "format": r.format, "sample": r.sample,
    }  # fmt: skip


def _note(n: Note) -> Document:
    return {
        "id": n.id, "topic": n.topic, "text": n.text, "effect": dict(n.effect), "population": n.population,
        "direction": n.direction, "evidence_level": n.evidence_level, "citation": dict(n.citation),
        "caveats": list(n.caveats), "applies": n.applies, "missing_fields": list(n.missing_fields),
        "publish": n.publish, "condition_text": n.condition_text, "endpoint": n.endpoint,
        "therapy_context": n.therapy_context,
    }  # fmt: skip

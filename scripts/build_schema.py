"""The JSON Schema of a report, generated from one compact description of its keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "tp53annot" / "report" / "schema" / "report.schema.json"
STATUS = ["mutated", "deletion_only", "low_level", "uncertain", "not_detected", "incomplete"]
CLASSES = ["oncogenic", "likely_oncogenic", "uncertain", "likely_benign", "benign"]


def text(null: bool = False) -> dict[str, Any]:
    return {"type": ["string", "null"] if null else "string"}


def number(null: bool = True, **limits: float) -> dict[str, Any]:
    return {"type": ["number", "null"] if null else "number", **limits}


def whole(null: bool = True, minimum: int = 0, maximum: int = 10**15) -> dict[str, Any]:
    return {"type": ["integer", "null"] if null else "integer", "minimum": minimum, "maximum": maximum}


def choice(*values: str | None) -> dict[str, Any]:
    return {"enum": list(values)}


def items(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def record(null: bool = False, **keys: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": ["object", "null"] if null else "object",
        "properties": keys,
        "required": sorted(keys),
    }


def mapping(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": of}


POINTS: dict[str, Any] = {"type": "integer", "minimum": -1000, "maximum": 1000}
SCALAR = {"type": ["string", "number", "boolean", "null"]}
FLAG = record(id=text(), text=text(), source=text(null=True))
ANY: dict[str, Any] = {}
INPUT = record(
    file=text(), ordinal=whole(), chrom=text(), pos=whole(null=False), id=text(True), ref=text(), alt=text(),
    qual=number(), filter={"type": ["array", "null"], "items": text()}, info=text(True), format=text(True), sample=text(True),
)  # fmt: skip
COUNTS = items(whole(null=False))
STRAND = mapping(COUNTS)
SUPPORT = {
    "vaf": number(minimum=0, maximum=1), "depth": whole(), "alt_reads": whole(), "ref_reads": whole(),
    "alt_forward": whole(), "alt_reverse": whole(), "vaf_source": text(True),
}  # fmt: skip
FACT = record(name=text(), value=number(null=False), unit=text(), source=text())
VARIANT = record(
    chrom=text(), pos=whole(null=False, minimum=1), ref=text(), alt=text(), input=INPUT, hgvs_g=text(), hgvs_c=text(),
    hgvs_p=text(), hgvs_p_short=text(), transcript=text(), protein=text(),
    isoforms=items(record(transcript=text(), protein=text(True), name=text(True), hgvs_c=text(True),
                          hgvs_p=text(True), consequence=items(text()))),
    exon=text(True), intron=text(True), codon=whole(), domain=text(True), consequence=items(text()), nmd=text(True),
    **SUPPORT,
    caller_support=record(null=True, **SUPPORT), normal=record(null=True, **SUPPORT),
    caller_filters={"type": ["array", "null"], "items": text()}, remarks=items(FLAG),
    phase=record(null=True, genotype=text(True), phased={"type": "boolean"}, phase_set=text(True),
                 haplotypes=items(whole(null=False)), source=text(True)),
    read_pile=record(null=True, start=whole(null=False), reference=text(), forward=STRAND, reverse=STRAND,
                     quality=items(number())),
    classification=record(
        **{"class": choice(*CLASSES)}, points=POINTS,
        criteria=items(record(code=text(), points=POINTS, reason=text(), source=text())),
        conflicts=items(FLAG), not_considered=items(text()),
    ),
    germline_classification=record(
        null=True, significance=text(True), review_status=text(True), accession=text(True), oncogenicity=text(True),
        source=text(True), frequency_criterion=text(True), frequency_source=text(True),
    ),
    functional=items(record(**{"class": text(True)}, assay=text(), value=number(), unit=text(), source=text(), table=text())),
    functional_summary={"type": ["object", "null"]},
    hotspot=record(null=True, residue=text(), residue_count=whole(), same_change_count=whole(), kind=text(),
                   in_3d_cluster={"type": "boolean"}, source=text()),
    frequencies=record(population=items(FACT), tumour=items(FACT), all=items(FACT)),
    known_variant=record(null=True, label=text(), kind=text(), description=text(), rsid=text(True)), rsid=text(True),
    amp_tier=record(null=True, tier=text(), level=text(True), text=text(), source=text()),
    claims=items(record(field=text(), value=ANY, table=text(), version=text(), citation=text())),
    filters_failed=items(FLAG), reportable={"type": "boolean"},
)  # fmt: skip
EFFECT = {
    "type": "object",
    "properties": {"measure": text(True), "value": {"type": ["string", "number", "null"]}, "p": text(True),
                   "ci": {"type": ["array", "null"], "items": number(null=False), "minItems": 2, "maxItems": 2},
                   "n": {"type": ["string", "integer", "null"]}},
}  # fmt: skip
NOTE = record(
    id=text(), topic=text(), text=text(), effect=EFFECT, population=text(), direction=text(),
    evidence_level=text(), citation=mapping(SCALAR), caveats=items(text()),
    applies=choice("applies", "context_missing"), missing_fields=items(text()), publish=text(),
    condition_text=text(), endpoint=text(), therapy_context=text(),
)  # fmt: skip
ASSESSMENT = record(
    status=choice(*STATUS), tp53_mutated_all={"type": ["boolean", "null"]},
    allelic_state=choice("multi_hit", "possible_multi_hit", "single_hit", "none", "unknown"),
    allelic_state_basis=items(FLAG), germline_flag=choice("suspected", "confirmed", "excluded", "not_suspected"),
    germline_reasons=items(FLAG), clonal_haematopoiesis_flag={"type": "boolean"},
    clonal_haematopoiesis_reasons=items(FLAG), clonality=text(True), summary=text(), summary_ids=items(text()),
    status_basis=items(FLAG), notes=items(NOTE), warnings=items(FLAG), limitations=items(FLAG),
)  # fmt: skip
COVERAGE = record(
    null=True, source=text(), threshold_vaf=number(null=False), min_depth_needed=whole(),
    required_region_assessed={"type": "boolean"},
    exons=items(record(exon=text(), start=whole(), end=whole(), required={"type": "boolean"}, mean_depth=number(),
                       min_depth=whole(), fraction_assessed=number(minimum=0, maximum=1), lod_vaf=number())),
    gaps=items(record(start=whole(), end=whole(), c_start=text(), c_end=text(), exon=text(True), min_depth=whole(),
                      required={"type": "boolean"})),
)  # fmt: skip
SERIAL = record(
    null=True, order=choice("date", "phase", "sheet"), unavailable=items(text()), summary=items(FLAG),
    samples=items(record(sample=text(), date=text(True), phase=text(True), role=text(True), status=choice(*STATUS),
                         coverage_known={"type": "boolean"})),
    variants=items(record(
        **{"class": choice(*CLASSES)}, hgvs_c=text(), hgvs_p_short=text(),
        points=items(record(
            sample=text(), state=choice("reported", "filtered", "trace", "absent", "not_assessed"),
            change=choice(None, "persisted", "gained", "returned", "lost", "trace", "not_assessed", "control"),
            vaf=number(minimum=0, maximum=1), depth=whole(), alt_reads=whole(),
            excluded_vaf=number(minimum=0, maximum=1),
        )),
    )),
)  # fmt: skip
REPORT = record(
    schema_version={"type": "string", "pattern": r"^1\."}, sample=text(), patient=text(True),
    assembly=choice("GRCh37", "GRCh38"),
    assembly_basis=text(),
    context=mapping(record(value={"type": ["string", "number", "array", "null"], "items": text()},
                           origin=choice("declared", "default", "unknown"))),
    assessment=ASSESSMENT, variants=items(VARIANT), rejected=items(VARIANT),
    uninterpreted=items(record(input=INPUT, code=text(), reason=text(), deletion={"type": "boolean"}, hgvs_c=text(True),
                               start=whole(), end=whole())),
    coverage=COVERAGE, serial=SERIAL,
    protein=record(
        length=whole(null=False, minimum=1, maximum=10_000),
        domains=items(record(name=text(), label=text(), start=whole(null=False), end=whole(null=False))),
        hotspots=items(record(residue=whole(null=False), samples=whole(null=False))),
        assays=mapping(record(n=whole(), low=number(null=False), high=number(null=False),
                              bins={**items(whole(null=False)), "minItems": 1})),
    ),
    provenance=record(tool=text(), tool_version=text(), settings=mapping(SCALAR), inputs=items(record(name=text(), sha256=text())),
                      tables=items(record(name=text(), version=text(), sha256=text()))),
)  # fmt: skip


def build() -> Path:
    """Write the schema next to the code that writes reports."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tp53annot report",
        "description": "One sample's report. Keys are always present; null means not stated or not applicable.",
        **REPORT,
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(schema, indent=1) + "\n")
    return TARGET


if __name__ == "__main__":
    print(build())

"""FHIR R4 bundle in the shape of the HL7 Genomics Reporting guide (STU2): report, variants, region, notes.

Codes are LOINC and HL7's; the report is ``preliminary`` because a person has to sign it. No time
stamps, and identifiers derive from content, so that the same report gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tp53annot.core.text import encode, seen
from tp53annot.report.format import Format, Words
from tp53annot.report.wording import citation_link, citation_text, effect_text

if TYPE_CHECKING:
    from tp53annot.core.report import Note
    from tp53annot.report.model.report import Report
    from tp53annot.report.model.variant import Variant


Json = dict[str, Any]
LOINC, HGVS, REFSEQ, HGNC = (
    "http://loinc.org", "http://varnomen.hgvs.org", "http://www.ncbi.nlm.nih.gov/refseq",
    "http://www.genenames.org/geneId",
)  # fmt: skip
TBD = "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/tbd-codes-cs"
RELATED = "http://hl7.org/fhir/StructureDefinition/workflow-relatedArtifact"
PROFILE = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/"
GENE = {"coding": [{"system": HGNC, "code": "HGNC:11998", "display": "TP53"}]}
ASSEMBLY = {"GRCh37": "LA14029-5", "GRCh38": "LA26806-2"}
INTERPRETATION = {
    "mutated": ("LA6576-8", "Positive"),
    "deletion_only": ("LA6576-8", "Positive"),
    "not_detected": ("LA6577-6", "Negative"),
}
INCONCLUSIVE = ("LA9663-1", "Inconclusive")
COUNT = {"unit": "reads", "system": "http://unitsofmeasure.org", "code": "{reads}"}
SHARE = {"unit": "relative frequency of a particular allele in the specimen",
         "system": "http://unitsofmeasure.org", "code": "1"}  # fmt: skip


def _render(report: Report, words: Words) -> bytes:
    """The bundle as JSON text."""
    from tp53annot.report.document import dump

    a = report.assessment
    patient = _entry(report, "patient", {"resourceType": "Patient", "identifier": [_patient(report)]})
    specimen = _entry(report, "specimen", _specimen(report, patient))
    seen: list[Json] = [
        _entry(report, f"variant-{i}", _variant(v, report, specimen)) for i, v in enumerate(report.variants)
    ]
    seen.append(_entry(report, "overall", _overall(report, words, specimen)))
    seen.append(_entry(report, "region", _region(report, words, specimen)))
    for n in a.notes:
        # An implication is derived from a variant; without one the notes stay in the other formats.
        if report.variants and n.publish in ("note", "warn") and n.applies == "applies":
            seen.append(
                _entry(report, f"note-{n.id}", _note(n, specimen, seen[: len(report.variants)], words))
            )
    diagnosis = {
        "resourceType": "DiagnosticReport",
        "meta": {"profile": [PROFILE + "genomics-report"]},
        "status": "preliminary",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "GE"}]}],
        "code": _loinc("51969-4", "Genetic analysis report"),
        "subject": {"reference": patient["fullUrl"]},
        "specimen": [{"reference": specimen["fullUrl"]}],
        "result": [{"reference": e["fullUrl"]} for e in seen],
        "conclusion": _clean(a.summary),
    }  # fmt: skip
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [_entry(report, "report", diagnosis), patient, specimen, *seen],
    }
    return encode(dump(bundle))


def _clean(value: object) -> str:
    """FHIR strings hold no control characters and are not blank."""
    return seen(value).strip() or "-"


def _entry(report: Report, name: str, resource: Json) -> Json:
    import uuid

    inputs = ";".join(i.sha256 for i in report.provenance.inputs)
    sample = report.sample.encode("utf-8", "backslashreplace").decode()
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"tp53annot|{sample}|{inputs}|{name}")
    return {"fullUrl": f"urn:uuid:{key}", "resource": resource}


def _loinc(code: str, display: str) -> Json:
    return {"coding": [{"system": LOINC, "code": code, "display": display}]}


def _patient(report: Report) -> Json:
    """The patient as the sample sheet names him, else known only as the one the sample is from."""
    return {"value": _clean(report.patient or f"patient of sample {report.sample}")}


def _specimen(report: Report, patient: Json) -> Json:
    return {
        "resourceType": "Specimen",
        "meta": {"profile": [PROFILE + "specimen"]},
        "identifier": [{"value": _clean(report.sample)}],
        "subject": {"reference": patient["fullUrl"]},
    }


def _observation(profile: str, code: Json, specimen: Json) -> Json:
    return {
        "resourceType": "Observation",
        "meta": {"profile": [PROFILE + profile]},
        "status": "preliminary",
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                         "code": "laboratory"}]},
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "GE"}]},
        ],
        "code": code,
        "subject": specimen["resource"]["subject"],
        "specimen": {"reference": specimen["fullUrl"]},
    }  # fmt: skip


def _part(code: str, display: str, kind: str, value: Any) -> Json:
    return {"code": _loinc(code, display), f"value{kind}": value}


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": _clean(code)}]}


def _variant(v: Variant, report: Report, specimen: Json) -> Json:
    accession = v.hgvs_g.split(":")[0]
    parts = [
        _part("48018-6", "Gene studied [ID]", "CodeableConcept", GENE),
        _assembly(report),
        _part("48013-7", "Genomic reference sequence [ID]", "CodeableConcept", _coded(REFSEQ, accession)),
        _part("51958-7", "Transcript reference sequence [ID]", "CodeableConcept", _coded(REFSEQ, v.transcript)),
        _part("81290-9", "Genomic DNA change (gHGVS)", "CodeableConcept", _coded(HGVS, v.hgvs_g)),
        _part("48004-6", "DNA change (c.HGVS)", "CodeableConcept", _coded(HGVS, f"{v.transcript}:{v.hgvs_c}")),
        _part("48005-3", "Amino acid change (pHGVS)", "CodeableConcept", _coded(HGVS, f"{v.protein}:{v.hgvs_p}")),
        _part("69547-8", "Genomic ref allele [ID]", "String", v.ref),
        _part("69551-0", "Genomic alt allele [ID]", "String", v.alt),
        _one_based(),
        _part("81254-5", "Genomic allele start-end", "Range", _range(v.pos, v.pos + len(v.ref) - 1)),
    ]  # fmt: skip
    if v.vaf is not None:
        parts.append(
            _part("81258-6", "Sample variant allelic frequency", "Quantity", {"value": v.vaf, **SHARE})
        )
    if v.alt_reads is not None:  # the guide's allelic read depth counts the reads of the allele
        parts.append(_part("82121-5", "Allelic read depth", "Quantity", {"value": v.alt_reads, **COUNT}))
    kind = v.classification
    found = _observation("variant", _loinc("69548-6", "Genetic variant assessment"), specimen)
    return found | {
        "valueCodeableConcept": _coded(LOINC, "LA9633-4"),
        "note": [{"text": _clean(f"{kind.oncogenicity}, {kind.points}")}]
        + [{"text": _clean(f"{c.code} ({c.points:+d}): {c.reason} [{c.source}]")} for c in kind.criteria],
        "component": parts,
    }  # fmt: skip


def _overall(report: Report, words: Words, specimen: Json) -> Json:
    a = report.assessment
    code, display = INTERPRETATION.get(a.status, INCONCLUSIVE)
    found = _observation(
        "overall-interpretation", _loinc("51968-6", "Genetic variation's overall interpretation"), specimen
    )
    found["valueCodeableConcept"] = {
        "coding": [{"system": LOINC, "code": code, "display": display}],
        "text": _clean(words["status"][a.status]),
    }
    course = report.serial.summary if report.serial else ()
    remarks = [
        *a.warnings,
        *course,
        *a.germline_reasons,
        *a.clonal_haematopoiesis_reasons,
        *a.limitations,
    ]
    return found | ({"note": [{"text": _clean(f.text)} for f in remarks]} if remarks else {})


def _region(report: Report, words: Words, specimen: Json) -> Json:
    """What was studied; what was not assessed stands as uncallable regions, or in words when unknown."""
    found = _observation("region-studied", _loinc("53041-0", "DNA region of interest panel"), specimen)
    parts = [_part("48018-6", "Gene studied [ID]", "CodeableConcept", GENE), _assembly(report)]
    coverage = report.coverage
    if coverage is None:
        return found | {"note": [{"text": _clean(words["coverage_unknown"])}], "component": parts}
    parts.append(_one_based())
    parts += [
        _part("51959-5", "Range(s) of DNA sequence examined", "Range", _range(e.start, e.end))
        for e in coverage.exons
    ]
    gaps = coverage.gaps
    parts += [{"code": _tbd("uncallable-regions"), "valueRange": _range(g.start, g.end)} for g in gaps]
    told = "; ".join(f"{g.c_start} – {g.c_end}" for g in gaps)
    remark = [{"text": _clean(f"{words['gaps']}: {told}")}] if gaps else []
    return found | ({"note": remark} if remark else {}) | {"component": parts}


def _assembly(report: Report) -> Json:
    code = _coded(LOINC, ASSEMBLY[report.assembly])
    return _part("62374-4", "Human reference sequence assembly version", "CodeableConcept", code)


def _one_based() -> Json:
    return _part("92822-6", "Genomic coordinate system", "CodeableConcept", _coded(LOINC, "LA30102-0"))


def _range(start: int, end: int) -> Json:
    return {"low": {"value": start}, "high": {"value": end}}


def _note(n: Note, specimen: Json, variants: list[Json], words: Words) -> Json:
    """A statement as an implication of the variants: its text, level, source and caveats."""
    artifact: Json = {"type": "citation", "citation": _clean(citation_text(n.citation))}
    if address := citation_link(n.citation):
        artifact["url"] = address
    remark = f"{n.id}: {effect_text(n, words)}. {n.population}. {'; '.join(n.caveats)}"
    return _observation("diagnostic-implication", _tbd("diagnostic-implication"), specimen) | {
        "extension": [{"url": RELATED, "valueRelatedArtifact": artifact}],
        "derivedFrom": [{"reference": v["fullUrl"]} for v in variants],
        "note": [{"text": _clean(remark)}],
        "component": [
            {"code": _tbd("conclusion-string"), "valueString": _clean(n.text)},
            _part("93044-6", "Level of evidence", "CodeableConcept", {"text": _clean(n.evidence_level)}),
        ],
    }


def _tbd(code: str) -> Json:
    return {"coding": [{"system": TBD, "code": code}]}


FORMAT = Format(
    name="fhir",
    ending="fhir.json",
    description="FHIR R4 bundle (Genomics Reporting, STU2)",
    rank=7,
    text=True,
    render=_render,
)

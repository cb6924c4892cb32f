"""FHIR R4 bundle in the shape of the HL7 Genomics Reporting guide (STU2): report, variants, region, notes.

Codes are LOINC and HL7's; the report is ``preliminary`` because a person has to sign it. No time
stamps, and identifiers derive from content, so that the same report gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from tp53annot.core.fields import Json
from tp53annot.core.text import encode, seen
from tp53annot.report.format import ReportFormat, Words
from tp53annot.report.wording import citation_link, citation_text, effect_text

if TYPE_CHECKING:
    from tp53annot.core.report import Note
    from tp53annot.report.model.report import Report
    from tp53annot.report.model.variant import Variant


Resource = dict[str, Json]
LOINC = "http://loinc.org"
HGVS = "http://varnomen.hgvs.org"
REFSEQ = "http://www.ncbi.nlm.nih.gov/refseq"
_HGNC_SYSTEM = "http://www.genenames.org/geneId"
UNITS = "http://unitsofmeasure.org"
TERMS = "http://terminology.hl7.org/CodeSystem/"
TBD = "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/tbd-codes-cs"
RELATED = "http://hl7.org/fhir/StructureDefinition/workflow-relatedArtifact"
PROFILE = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/"
_GENE = {"coding": [{"system": _HGNC_SYSTEM, "code": "HGNC:11998", "display": "TP53"}]}
ASSEMBLY = {"GRCh37": "LA14029-5", "GRCh38": "LA26806-2"}
INTERPRETATION = {
    "mutated": ("LA6576-8", "Positive"),
    "deletion_only": ("LA6576-8", "Positive"),
    "not_detected": ("LA6577-6", "Negative"),
}
INCONCLUSIVE = ("LA9663-1", "Inconclusive")
COUNT = {"unit": "reads", "system": UNITS, "code": "{reads}"}
SHARE = {"unit": "relative frequency of a particular allele in the specimen", "system": UNITS, "code": "1"}
LABORATORY: Resource = {"coding": [{"system": f"{TERMS}observation-category", "code": "laboratory"}]}
GENETICS: Resource = {"coding": [{"system": f"{TERMS}v2-0074", "code": "GE"}]}


class _Entry(Struct, frozen=True, kw_only=True):
    """A resource of the bundle and the address that the others call it by."""

    url: str
    resource: Resource

    @property
    def reference(self) -> Resource:
        return {"reference": self.url}

    @property
    def as_json(self) -> Resource:
        return {"fullUrl": self.url, "resource": self.resource}


class _About(Struct, frozen=True, kw_only=True):
    """Whom and what an observation is about."""

    patient: _Entry
    specimen: _Entry


def _render(report: Report, words: Words) -> bytes:
    """The bundle as JSON text."""
    from tp53annot.report.document import dump

    patient = _entry(report, "patient", {"resourceType": "Patient", "identifier": [_patient(report)]})
    specimen = _entry(report, "specimen", _specimen(report, patient))
    about = _About(patient=patient, specimen=specimen)
    variants = [
        _entry(report, f"variant-{i}", _variant(v, report, about)) for i, v in enumerate(report.variants)
    ]
    results = [
        *variants,
        _entry(report, "overall", _overall(report, words, about)),
        _entry(report, "region", _region(report, words, about)),
    ]
    for n in report.assessment.notes:
        # An implication is derived from a variant; without one the notes stay in the other formats.
        if variants and n.publish in ("note", "warn") and n.applies == "applies":
            results.append(_entry(report, f"note-{n.id}", _note(n, about, variants, words)))
    diagnosis: Resource = {
        "resourceType": "DiagnosticReport",
        "meta": {"profile": [PROFILE + "genomics-report"]},
        "status": "preliminary",
        "category": [GENETICS],
        "code": _loinc("51969-4", "Genetic analysis report"),
        "subject": patient.reference,
        "specimen": [specimen.reference],
        "result": [entry.reference for entry in results],
        "conclusion": _clean(report.assessment.summary),
    }
    entries = [_entry(report, "report", diagnosis), patient, specimen, *results]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [entry.as_json for entry in entries]}
    return encode(dump(bundle))


def _clean(value: object) -> str:
    """FHIR strings hold no control characters and are not blank."""
    return seen(value).strip() or "-"


def _entry(report: Report, name: str, resource: Resource) -> _Entry:
    import uuid

    inputs = ";".join(i.sha256 for i in report.provenance.inputs)
    sample = report.sample.encode("utf-8", "backslashreplace").decode()
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"tp53annot|{sample}|{inputs}|{name}")
    return _Entry(url=f"urn:uuid:{key}", resource=resource)


def _loinc(code: str, display: str) -> Resource:
    return {"coding": [{"system": LOINC, "code": code, "display": display}]}


def _patient(report: Report) -> Resource:
    """The patient as the sample sheet names him, else known only as the one the sample is from."""
    return {"value": _clean(report.patient or f"patient of sample {report.sample}")}


def _specimen(report: Report, patient: _Entry) -> Resource:
    return {
        "resourceType": "Specimen",
        "meta": {"profile": [PROFILE + "specimen"]},
        "identifier": [{"value": _clean(report.sample)}],
        "subject": patient.reference,
    }


def _observation(profile: str, code: Resource, about: _About) -> Resource:
    return {
        "resourceType": "Observation",
        "meta": {"profile": [PROFILE + profile]},
        "status": "preliminary",
        "category": [LABORATORY, GENETICS],
        "code": code,
        "subject": about.patient.reference,
        "specimen": about.specimen.reference,
    }


def _part(code: str, display: str, kind: str, value: Json) -> Resource:
    return {"code": _loinc(code, display), f"value{kind}": value}


def _concept(code: str, display: str, value: Json) -> Resource:
    return _part(code, display, "CodeableConcept", value)


def _coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": _clean(code)}]}


def _variant(v: Variant, report: Report, about: _About) -> Resource:
    accession = v.hgvs_g.split(":")[0]
    parts = [
        _concept("48018-6", "Gene studied [ID]", _GENE),
        _assembly(report),
        _concept("48013-7", "Genomic reference sequence [ID]", _coded(REFSEQ, accession)),
        _concept("51958-7", "Transcript reference sequence [ID]", _coded(REFSEQ, v.transcript)),
        _concept("81290-9", "Genomic DNA change (gHGVS)", _coded(HGVS, v.hgvs_g)),
        _concept("48004-6", "DNA change (c.HGVS)", _coded(HGVS, f"{v.transcript}:{v.hgvs_c}")),
        _concept("48005-3", "Amino acid change (pHGVS)", _coded(HGVS, f"{v.protein}:{v.hgvs_p}")),
        _part("69547-8", "Genomic ref allele [ID]", "String", v.ref),
        _part("69551-0", "Genomic alt allele [ID]", "String", v.alt),
        _one_based(),
        _part("81254-5", "Genomic allele start-end", "Range", _range(v.pos, v.pos + len(v.ref) - 1)),
    ]
    if v.vaf is not None:
        parts.append(
            _part("81258-6", "Sample variant allelic frequency", "Quantity", {"value": v.vaf, **SHARE})
        )
    if v.alt_reads is not None:  # the guide's allelic read depth counts the reads of the allele
        parts.append(_part("82121-5", "Allelic read depth", "Quantity", {"value": v.alt_reads, **COUNT}))
    kind = v.classification
    found = _observation("variant", _loinc("69548-6", "Genetic variant assessment"), about)
    return found | {
        "valueCodeableConcept": _coded(LOINC, "LA9633-4"),
        "note": [{"text": _clean(f"{kind.oncogenicity}, {kind.points}")}]
        + [{"text": _clean(f"{c.code} ({c.points:+d}): {c.reason} [{c.source}]")} for c in kind.criteria],
        "component": parts,
    }


def _overall(report: Report, words: Words, about: _About) -> Resource:
    a = report.assessment
    code, display = INTERPRETATION.get(a.status, INCONCLUSIVE)
    found = _observation(
        "overall-interpretation", _loinc("51968-6", "Genetic variation's overall interpretation"), about
    )
    found["valueCodeableConcept"] = {
        "coding": [{"system": LOINC, "code": code, "display": display}],
        "text": _clean(words["status"][a.status]),
    }
    course = report.serial.summary if report.serial else ()
    texts = [f.text for f in (*a.warnings, *course, *a.germline_reasons, *a.clonal_haematopoiesis_reasons)]
    reason = a.tp53_mutated_all_reason
    texts = [
        *([reason] if reason and reason not in a.summary else []),
        *(f.text for f in a.plausibility or ()),
        *texts,
        *(f.text for f in a.limitations),
    ]
    return found | ({"note": [{"text": _clean(text)} for text in texts]} if texts else {})


def _region(report: Report, words: Words, about: _About) -> Resource:
    """What was studied; what was not assessed stands as uncallable regions, or in words when unknown."""
    found = _observation("region-studied", _loinc("53041-0", "DNA region of interest panel"), about)
    parts = [_concept("48018-6", "Gene studied [ID]", _GENE), _assembly(report)]
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


def _assembly(report: Report) -> Resource:
    code = _coded(LOINC, ASSEMBLY[report.assembly])
    return _concept("62374-4", "Human reference sequence assembly version", code)


def _one_based() -> Resource:
    return _concept("92822-6", "Genomic coordinate system", _coded(LOINC, "LA30102-0"))


def _range(start: int, end: int) -> Resource:
    return {"low": {"value": start}, "high": {"value": end}}


def _note(n: Note, about: _About, variants: Sequence[_Entry], words: Words) -> Resource:
    """A statement as an implication of the variants: its text, level, source and caveats."""
    artifact: Resource = {"type": "citation", "citation": _clean(citation_text(n.citation))}
    if address := citation_link(n.citation):
        artifact["url"] = address
    remark = f"{n.id}: {effect_text(n, words)}. {n.population}. {'; '.join(n.caveats)}"
    return _observation("diagnostic-implication", _tbd("diagnostic-implication"), about) | {
        "extension": [{"url": RELATED, "valueRelatedArtifact": artifact}],
        "derivedFrom": [v.reference for v in variants],
        "note": [{"text": _clean(remark)}],
        "component": [
            {"code": _tbd("conclusion-string"), "valueString": _clean(n.text)},
            _concept("93044-6", "Level of evidence", {"text": _clean(n.evidence_level)}),
        ],
    }


def _tbd(code: str) -> Resource:
    return {"coding": [{"system": TBD, "code": code}]}


FORMAT = ReportFormat(
    name="fhir",
    ending="fhir.json",
    description="FHIR R4 bundle (Genomics Reporting, STU2)",
    rank=7,
    text=True,
    render=_render,
)

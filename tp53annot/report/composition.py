"""From a sample's answer to its report: positions on the report's build, floats rounded, nothing of the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

from msgspec.structs import replace

from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import ReadSupport, Uninterpreted
from tp53annot.core.copy_number import ExonDepth, GeneCopies
from tp53annot.core.coverage import Coverage
from tp53annot.core.fields import Json
from tp53annot.core.hypotheses import AllelicHypothesis
from tp53annot.core.molecules import SplicingEvent
from tp53annot.core.report import SampleAssessment, SampleReport
from tp53annot.core.variant import AssayResult, Claim, ClassifiedVariant
from tp53annot.core.version import __version__
from tp53annot.knowledge.protein_map import ProteinMap
from tp53annot.names.hgvs import Namer
from tp53annot.report.document import SCHEMA_VERSION
from tp53annot.report.model.assessment import Assessment, Remark
from tp53annot.report.model.json_form import from_json
from tp53annot.report.model.report import (
    HotspotResidue,
    Protein,
    ProteinDomain,
    Provenance,
    Report,
    Spread,
)
from tp53annot.report.model.sample import CopyNumber, CopyNumberBasis, ExonRatio
from tp53annot.report.model.variant import (
    AmpTier,
    Frequencies,
    FunctionalSummary,
    GermlineClassification,
    KnownVariantEntry,
    ReadPile,
    ReportedHotspot,
    Variant,
)

CHROMOSOME = "chr17"
_DIGITS = 6  # of fractions and measured values behind the point
Pile = Callable[[Allele, Sequence[Allele]], ReadPile | None]  # of a variant, beside the other ones
_T = TypeVar("_T")


class Composer:
    """Makes reports of one build."""

    def __init__(self, namer: Namer, build: Build, protein: ProteinMap) -> None:
        self.namer, self.build, self.protein = namer, build, protein

    def report(self, sample: SampleReport, pile: Pile | None = None) -> Report:
        """The report of a sample.

        Args:
            sample: the answer with all that it rests on.
            pile: the reads around a reported variant, where there are reads.
        """
        return Report(
            schema_version=SCHEMA_VERSION,
            sample=sample.sample,
            patient=sample.patient,
            assembly=sample.build,
            assembly_basis=sample.build_basis,
            context=dict(sorted(sample.context.items())),
            assessment=_assessment(sample.assessment),
            variants=tuple(self.variant(v, pile, _others(v, sample)) for v in sample.variants),
            rejected=tuple(self.variant(v) for v in sample.rejected),
            uninterpreted=tuple(self._uninterpreted(u) for u in sample.uninterpreted),
            coverage=self.coverage(sample.coverage) if sample.coverage else None,
            copy_number=_copy_number(sample.copies),
            molecules=sample.molecules,
            platform=sample.platform,
            splicing=None if sample.splicing is None else tuple(map(self._splicing, sample.splicing)),
            serial=None,  # filled in when all samples of the patient are there
            protein=protein_of(self.protein, self.namer.main.accession),
            provenance=Provenance(
                tool="tp53annot",
                tool_version=__version__,
                settings=sample.settings,
                inputs=sample.inputs,
                tables=sample.tables,
            ),
        )

    def variant(
        self, v: ClassifiedVariant, pile: Pile | None = None, others: Sequence[Allele] = ()
    ) -> Variant:
        """One variant with its names, reads, class and facts."""
        annotated, candidate = v.annotated, v.candidate
        named = annotated.variant
        allele, support = named.allele, _rounded(candidate.support_in_force)
        return Variant(
            chrom=CHROMOSOME,
            pos=self._place(allele.pos),
            ref=allele.ref,
            alt=allele.alt,
            record=candidate.record,
            hgvs_g=self.namer.hgvs_g(allele, self.build),
            hgvs_c=named.hgvs_c,
            hgvs_p=named.hgvs_p,
            hgvs_p_short=named.hgvs_p_short,
            transcript=named.transcript,
            protein=named.protein,
            isoforms=named.isoforms,
            exon=named.exon,
            intron=named.intron,
            codon=named.codon,
            domain=annotated.domain,
            consequence=named.consequences,
            nmd=named.nmd,
            vaf=support.vaf,
            depth=support.depth,
            alt_reads=support.alt_reads,
            ref_reads=support.ref_reads,
            alt_forward=support.alt_forward,
            alt_reverse=support.alt_reverse,
            vaf_source=support.vaf_source,
            caller_support=_rounded(candidate.support) if candidate.reads else None,
            normal=_rounded(candidate.normal) if candidate.normal else None,
            caller_filters=candidate.caller_filters,
            remarks=candidate.remarks,
            phase=candidate.phase,
            read_pile=pile(allele, others) if pile else None,
            classification=v.classification,
            germline_classification=_fact(GermlineClassification, annotated.germline),
            germline_class=v.germline_class,
            functional=tuple(_result(r) for r in annotated.functional),
            functional_summary=_fact(FunctionalSummary, annotated.functional_summary),
            hotspot=_fact(ReportedHotspot, annotated.hotspot),
            frequencies=from_json(Frequencies, cast(Json, annotated.frequencies)),
            known_variant=_fact(KnownVariantEntry, annotated.known),
            rsid=annotated.rsid,
            amp_tier=_fact(AmpTier, v.amp_tier),
            claims=tuple(_claim(c) for c in annotated.claims),
            filters_failed=v.failures,
            reportable=v.reportable,
        )

    def coverage(self, coverage: Coverage) -> Coverage:
        """Callability, positions on the report's build."""
        return replace(
            coverage,
            exons=tuple(
                replace(
                    e,
                    start=self._place(e.start),
                    end=self._place(e.end),
                    mean_depth=_short(e.mean_depth, 1),
                    fraction_assessed=round(e.fraction_assessed, _DIGITS),
                    lod_vaf=_short(e.lod_vaf),
                )
                for e in coverage.exons
            ),
            gaps=tuple(replace(g, start=self._place(g.start), end=self._place(g.end)) for g in coverage.gaps),
        )

    def _splicing(self, e: SplicingEvent) -> SplicingEvent:
        return replace(e, start=self._place(e.start), end=self._place(e.end), fraction=_short(e.fraction))

    def _uninterpreted(self, u: Uninterpreted) -> Uninterpreted:
        return replace(
            u,
            start=None if u.start is None else self._place(u.start),
            end=None if u.end is None else self._place(u.end),
        )

    def _place(self, position: int) -> int:
        return self.namer.reference.to_build(position, self.build)


def _others(v: ClassifiedVariant, sample: SampleReport) -> tuple[Allele, ...]:
    """The alleles of the sample's other reported variants."""
    alleles = (other.annotated.variant.allele for other in sample.variants)
    return tuple(a for a in alleles if a != v.annotated.variant.allele)


def exon_ratios(exons: Sequence[ExonDepth]) -> tuple[ExonRatio, ...]:
    """The depth of exons as a report shows it."""
    return tuple(ExonRatio(exon=e.exon, ratio=_short(e.ratio, 3), z=_short(e.z, 2)) for e in exons)


def _copy_number(copies: GeneCopies) -> CopyNumber:
    return CopyNumber(
        state=copies.state.value,
        basis=tuple(CopyNumberBasis(source=e.source.value, text=e.text) for e in copies.evidence),
        exons=exon_ratios(copies.exons),
    )


def _assessment(a: SampleAssessment) -> Assessment:
    return Assessment(
        status=a.status,
        tp53_mutated_all=a.tp53_mutated_all,
        tp53_mutated_all_reason=a.tp53_mutated_all_reason.text if a.tp53_mutated_all_reason else None,
        allelic_state=a.allelic_state,
        allelic_state_basis=a.allelic_state_basis,
        allelic_hypotheses=tuple(_hypothesis(h) for h in a.allelic_hypotheses),
        germline_flag=a.germline_flag,
        germline_reasons=a.germline_reasons,
        clonal_haematopoiesis_flag=a.clonal_haematopoiesis_flag,
        clonal_haematopoiesis_reasons=a.clonal_haematopoiesis_reasons,
        clonality=a.clonality,
        summary=" ".join(f.text for f in a.summary),
        summary_ids=tuple(f.id for f in a.summary),
        status_basis=a.status_basis,
        plausibility=tuple(Remark(id=f.id, text=f.text) for f in a.plausibility),
        notes=a.notes,
        warnings=a.warnings,
        limitations=a.limitations,
    )


def _hypothesis(h: AllelicHypothesis) -> AllelicHypothesis:
    return replace(
        h, predicted_vaf_low=_short(h.predicted_vaf_low), predicted_vaf_high=_short(h.predicted_vaf_high)
    )


def protein_of(shape: ProteinMap, transcript: str | None = None) -> Protein:
    """What the figures of the protein and its assays need."""
    return Protein(
        transcript=transcript,
        length=shape.length,
        domains=tuple(ProteinDomain(name=n, label=label, start=a, end=b) for n, label, a, b in shape.domains),
        hotspots=tuple(HotspotResidue(residue=r, samples=n) for r, n in shape.hotspots),
        assays={
            name: Spread(n=h.n, low=h.low, high=h.high, bins=h.bins)
            for name, h in sorted(shape.assays.items())
        },
    )


def _fact(kind: type[_T], fact: Mapping[str, object] | None) -> _T | None:
    return None if fact is None else from_json(kind, cast(Json, fact))


def _rounded(s: ReadSupport) -> ReadSupport:
    return replace(s, vaf=_short(s.vaf))


def _result(r: AssayResult) -> AssayResult:
    return replace(r, value=_short(r.value))


def _claim(c: Claim) -> Claim:
    return replace(c, value=_short(c.value)) if isinstance(c.value, float) else c


def _short(value: float | None, digits: int = _DIGITS) -> float | None:
    return round(value, digits) if isinstance(value, float) else value

"""INFO values of the annotated VCF for an allele."""

from __future__ import annotations

from tp53annot.core.allele import Allele
from tp53annot.interpret.interpreter import Interpreter


class InfoAnnotator:
    """Callable that gives the values of ``vcf_write.FIELDS`` in their order."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter

    def __call__(self, allele: Allele) -> tuple[str, ...]:
        """Names with accession, terms, class, points, criteria, assays, hotspot, ClinVar, reportable."""
        with self.interpreter.resources.guard():
            finding = self.interpreter.find(allele, isoforms=False)
        a, c = finding.annotated, finding.classification
        v, spot, germline = a.variant, a.hotspot, a.germline or {}
        return (
            f"{v.transcript}:{v.hgvs_c}",
            f"{v.protein}:{v.hgvs_p}",
            "&".join(v.consequences),
            c.oncogenicity.value,
            str(c.points),
            "&".join(f"{k.code}:{k.points:+d}" for k in c.criteria) or ".",
            "&".join(f"{r.assay}:{r.value:g}:{r.assay_class}" for r in a.functional if r.assay_class) or ".",
            f"{spot['same_change_count']}/{spot['residue_count']}" if spot else ".",
            str(germline.get("significance") or "."),
            "0" if c.oncogenicity.is_benign else "1",
        )

"""INFO/CSQ in the layout of the Ensembl Variant Effect Predictor, as split-vep and its like read it.

One entry an ALT, on the reference transcript; what each part means:
https://www.ensembl.org/info/docs/tools/vep/vep_formats.html#output (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tp53annot.interpret.interpreter import Finding
from tp53annot.names.consequence import impact
from tp53annot.vcf.header import FieldDefinition

_FORBIDDEN = str.maketrans({";": "%3B", "=": "%3D", ",": "&", "|": "&", " ": "_", "\t": "_"})
_GENE: Mapping[str, str] = {
    "SYMBOL": "TP53",
    "Gene": "7157",
    "SYMBOL_SOURCE": "HGNC",
    "HGNC_ID": "HGNC:11998",
}


def _same(value: str) -> Callable[[Finding], str]:
    return lambda _found: value


# After the allele; the names and their order are VEP's, with our own at the end.
_PARTS: Mapping[str, Callable[[Finding], str]] = {
    "Consequence": lambda f: "&".join(f.annotated.variant.consequences),
    "IMPACT": lambda f: impact(f.annotated.variant.consequences),
    "SYMBOL": _same(_GENE["SYMBOL"]),
    "Gene": _same(_GENE["Gene"]),
    "Feature_type": _same("Transcript"),
    "Feature": lambda f: f.annotated.variant.transcript,
    "BIOTYPE": _same("protein_coding"),
    "EXON": lambda f: f.annotated.variant.exon or "",
    "INTRON": lambda f: f.annotated.variant.intron or "",
    "HGVSc": lambda f: f"{f.annotated.variant.transcript}:{f.annotated.variant.hgvs_c}",
    "HGVSp": lambda f: f"{f.annotated.variant.protein}:{f.annotated.variant.hgvs_p}",
    "Protein_position": lambda f: str(f.annotated.variant.codon or ""),
    "Existing_variation": lambda f: f.annotated.rsid or "",
    "STRAND": _same("-1"),
    "SYMBOL_SOURCE": _same(_GENE["SYMBOL_SOURCE"]),
    "HGNC_ID": _same(_GENE["HGNC_ID"]),
    "CLIN_SIG": lambda f: str(f.germline.published.name).lower() if f.germline.published else "",
    "TP53_CLASS": lambda f: f.classification.oncogenicity.value,
    "TP53_POINTS": lambda f: str(f.classification.points),
    "TP53_CRITERIA": lambda f: "&".join(f"{k.code}:{k.points:+d}" for k in f.classification.criteria),
}
CSQ = FieldDefinition(
    kind="INFO",
    id="CSQ",
    number=".",
    type="String",
    description=f"Consequence annotations from tp53annot. Format: {'|'.join(('Allele', *_PARTS))}",
)


def consequence_parts(found: Finding) -> str:
    """The entry of an allele, from the part after the allele on."""
    return "|".join(value(found).translate(_FORBIDDEN) for value in _PARTS.values())


def allele_labels(ref: str, alts: Sequence[str]) -> tuple[str, ...]:
    """How VEP names the ALTs of a record: without the base that all alleles share before an insertion or deletion.

    >>> allele_labels("CG", ["C"]), allele_labels("C", ["CA", "T"]), allele_labels("C", ["CA"])
    (('-',), ('CA', 'T'), ('A',))
    """
    plain = [alt for alt in alts if alt != "*" and not alt.startswith("<")]
    indel = any(len(alt) != len(ref) for alt in plain)
    if not indel or any(alt[:1] != ref[:1] for alt in plain):
        return tuple(alts)
    return tuple((alt[1:] or "-") if alt in plain else alt for alt in alts)

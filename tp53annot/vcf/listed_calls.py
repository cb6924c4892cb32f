"""The changes of a variant list as lines of a VCF: what the list states, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import Candidate
from tp53annot.core.locus import Reference
from tp53annot.vcf.header import Header, format_field, header_of_calls

_FORMATS = (
    format_field("AF", "A", "Float", "Fraction of the change, as the list states it or its counts give it"),
    format_field("DP", "1", "Integer", "Depth, as the list states it"),
    format_field("AO", "A", "Integer", "Reads of the change, as the list states them"),
)


def calls_of_list(
    candidates: Sequence[Candidate], build: Build, reference: Reference, sample: str
) -> tuple[Header, tuple[bytes, ...]]:
    """Header and lines, by position."""
    info = reference.builds[build]
    contig = next(name for name in info.contig_names if name.startswith("chr"))
    filters = dict.fromkeys(_filters(candidates), "As the list states it")
    header = header_of_calls(sample, contig, info.length, f"{build}", _FORMATS, filters)
    ordered = sorted(candidates, key=lambda c: (c.allele.pos, c.allele.ref, c.allele.alt))
    rows = tuple(_row(c, c.allele, contig, build, reference) for c in ordered)
    return header, rows


def _row(call: Candidate, allele: Allele, contig: str, build: Build, reference: Reference) -> bytes:
    s = call.support
    if call.caller_filters is None:
        filters = "."
    else:
        filters = ";".join(map(_word, call.caller_filters)) or "PASS"
    values = (f"{s.vaf:.5g}" if s.vaf is not None else ".", s.depth, s.alt_reads)
    sample = ":".join("." if value is None else str(value) for value in values)
    place = str(reference.to_build(allele.pos, build))
    names = ":".join(field.id for field in _FORMATS)
    cells = (contig, place, ".", allele.ref, allele.alt, ".", filters, ".", names, sample)
    return ("\t".join(cells) + "\n").encode()


def _filters(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """The filters that are named, in their order."""
    return tuple(dict.fromkeys(_word(f) for c in candidates for f in c.caller_filters or ()))


def _word(filter: str) -> str:
    """A filter's name as VCF allows it."""
    return "".join("_" if ch.isspace() or ch in ';,"<>=' else ch for ch in filter)

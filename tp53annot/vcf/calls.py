"""Calls from reads as VCF lines."""

from __future__ import annotations

from collections.abc import Sequence

from tp53annot.calling.reasons import REASONS, reason_names
from tp53annot.core.allele import Build
from tp53annot.core.candidate import Candidate
from tp53annot.core.locus import Reference
from tp53annot.vcf.header import FieldDefinition, Header, format_field, header_of_calls

_FORMATS = (
    format_field("GT", "1", "String", "0/1: seen in the reads; the model does not genotype"),
    format_field("AD", "R", "Integer", "Usable fragments with REF and ALT"),
    format_field("DP", "1", "Integer", "Usable fragments that can show the change"),
    format_field("AF", "A", "Float", "AD of ALT divided by DP"),
    format_field("ADF", "R", "Integer", "Fragments on the forward strand"),
    format_field("ADR", "R", "Integer", "Fragments on the reverse strand"),
)
_ONLY_IN_READS = FieldDefinition(
    kind="INFO",
    id="TP53_ONLY_IN_READS",
    number="0",
    type="Flag",
    description="Called from the reads beside the VCF, no record of its own",
)


def header(sample: str, contig: str, reference: Reference, build: Build, tool: str) -> Header:
    """Header of a file of calls. ``tool``: version of this tool."""
    reasons = dict.fromkeys(REASONS, "See rules/calling.toml")
    length, source = reference.builds[build].length, f"##source=tp53annot {tool}"
    return header_of_calls(sample, contig, length, f"{build}", _FORMATS, reasons, source)


def candidate_lines(candidates: Sequence[Candidate]) -> list[bytes]:
    """One line per candidate, by position; what is not called carries its reasons in FILTER."""
    ordered = sorted(candidates, key=lambda c: (c.record.pos, c.record.ref, c.record.alt))
    return [_row(candidate) for candidate in ordered]


def beside(
    header: Header, lines: Sequence[bytes], candidates: Sequence[Candidate], chrom: str, *, column: bool
) -> tuple[Header, tuple[bytes, ...]]:
    """Lines of a VCF joined, by position, by calls that only the reads beside it show.

    Args:
        header: the VCF's own; what the added lines need is declared in it unless it is already.
        lines: the VCF's own lines, by position.
        candidates: the calls to add.
        chrom: the VCF's name of the chromosome.
        column: whether the lines have a sample column.
    """
    if not candidates:
        return header, tuple(lines)
    declared = {line.partition(",")[0] for line in header.lines}
    needed = (_ONLY_IN_READS, *(_FORMATS if column else ()))
    missing = [field.line for field in needed if field.start not in declared]
    added = [_row(c, chrom=chrom, info=_ONLY_IN_READS.id, column=column) for c in candidates]
    joined = sorted((*lines, *added), key=lambda line: int(line.split(b"\t", 2)[1]))
    return Header.of((*header.lines, *missing), header.columns), tuple(joined)


def _row(call: Candidate, *, chrom: str | None = None, info: str = ".", column: bool = True) -> bytes:
    record = call.record
    fields = [chrom or record.chrom, str(record.pos), ".", record.ref, record.alt, f"{record.qual:g}"]
    fields += [";".join(reason_names(call.remarks)) or "PASS", info]
    if column:
        fields += [":".join(field.id for field in _FORMATS), _sample(call)]
    return ("\t".join(fields) + "\n").encode()


def _sample(call: Candidate) -> str:
    """The values of the FORMAT fields, in their order."""
    s = call.support
    pairs = ((s.ref_reads, s.alt_reads), (s.ref_forward, s.alt_forward), (s.ref_reverse, s.alt_reverse))
    depths, forward, reverse = (f"{ref},{alt}" for ref, alt in pairs)
    return f"0/1:{depths}:{s.depth}:{s.vaf:.5g}:{forward}:{reverse}"

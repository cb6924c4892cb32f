"""Calls from reads as VCF lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tp53annot.calling.reasons import REASONS, reason_names
from tp53annot.core.candidate import Candidate
from tp53annot.core.locus import Reference
from tp53annot.vcf.reader import Header

_HEAD = ("##fileformat=VCFv4.2", '##FILTER=<ID=PASS,Description="All filters passed">')
_ONLY = "TP53_ONLY_IN_READS"
_ONLY_LINE = f'##INFO=<ID={_ONLY},Number=0,Type=Flag,Description="Called from the reads beside the VCF, no record of its own">'
_FORMATS = (
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="0/1: seen in the reads; the model does not genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Usable fragments with REF and ALT">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Usable fragments that can show the change">',
    '##FORMAT=<ID=AF,Number=A,Type=Float,Description="AD of ALT divided by DP">',
    '##FORMAT=<ID=ADF,Number=R,Type=Integer,Description="Fragments on the forward strand">',
    '##FORMAT=<ID=ADR,Number=R,Type=Integer,Description="Fragments on the reverse strand">',
)


def header(sample: str, contig: str, reference: Reference, build: str, tool: str) -> Header:
    """Header of a file of calls."""
    info = next(i for b, i in reference.builds.items() if b == build)
    filters = [f'##FILTER=<ID={name},Description="See rules/calling.toml">' for name in REASONS]
    lines = (
        *_HEAD, *_FORMATS, *filters, f"##source=tp53annot {tool}",
        f"##contig=<ID={contig},length={info.length},assembly={build}>",
    )  # fmt: skip
    column = re.sub(r"[\x00-\x1f\x7f]", "_", sample)  # a tab would make two columns
    columns = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", column)
    return Header.of(lines, columns)


def rows(candidates: Sequence[Candidate]) -> list[bytes]:
    """One line per candidate, by position; what is not called carries its reasons in FILTER."""
    ordered = sorted(candidates, key=lambda c: (c.record.pos, c.record.ref, c.record.alt))
    return [_row(c) for c in ordered]


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
    wanted = (_ONLY_LINE, *(_FORMATS if column else ()))
    missing = [line for line in wanted if line.partition(",")[0] not in declared]
    added = [_row(c, chrom=chrom, info=_ONLY, column=column) for c in candidates]
    joined = sorted((*lines, *added), key=lambda line: int(line.split(b"\t", 2)[1]))
    return Header.of((*header.lines, *missing), header.columns), tuple(joined)


def _row(c: Candidate, *, chrom: str | None = None, info: str = ".", column: bool = True) -> bytes:
    r, s = c.record, c.support
    values = ":".join(
        (
            "0/1",
            f"{s.ref_reads},{s.alt_reads}",
            str(s.depth),
            f"{s.vaf:.5g}",
            f"{s.ref_forward},{s.alt_forward}",
            f"{s.ref_reverse},{s.alt_reverse}",
        )
    )
    fields = [chrom or r.chrom, str(r.pos), ".", r.ref, r.alt, f"{r.qual:g}"]
    fields += [";".join(reason_names(c.remarks)) or "PASS", info]
    if column:
        fields += ["GT:AD:DP:AF:ADF:ADR", values]
    return ("\t".join(fields) + "\n").encode()

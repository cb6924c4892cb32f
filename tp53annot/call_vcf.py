"""Calls from reads as VCF lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tp53annot.model import Candidate
from tp53annot.reference import Reference
from tp53annot.vcf_text import Header

_META = (
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=PASS,Description="All filters passed">',
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
    reasons = ("few_reads", "low_vaf", "error_model", "one_strand", "read_ends")
    filters = [f'##FILTER=<ID={name},Description="See rules/calling.toml">' for name in reasons]
    lines = (
        *_META, *filters, f"##source=tp53annot {tool}",
        f"##contig=<ID={contig},length={info.length},assembly={build}>",
    )  # fmt: skip
    column = re.sub(r"[\x00-\x1f\x7f]", "_", sample)  # a tab would make two columns
    columns = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", column)
    return Header(lines=lines, columns=columns)


def rows(candidates: Sequence[Candidate]) -> list[bytes]:
    """One line per candidate, by position; what is not called carries its reasons in FILTER."""
    ordered = sorted(candidates, key=lambda c: (c.record.pos, c.record.ref, c.record.alt))
    return [_row(c) for c in ordered]


def _row(c: Candidate) -> bytes:
    r, s = c.record, c.support
    reasons = [f.id.removeprefix("call.") for f in c.remarks if f.id.startswith("call.")]
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
    fields = (
        r.chrom, str(r.pos), ".", r.ref, r.alt, f"{r.qual:g}", ";".join(reasons) or "PASS", ".",
        "GT:AD:DP:AF:ADF:ADR", values,
    )  # fmt: skip
    return ("\t".join(fields) + "\n").encode()

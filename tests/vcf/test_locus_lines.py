"""The block scan finds every line that begins with a name of the chromosome, as splitting the lines would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from vcf_files import reference

from tp53annot.vcf.reader import locus_lines

NAMES = sorted({name for info in reference().builds.values() for name in info.contig_names})
PREFIXES = [f"{name}\t".encode() for name in NAMES]
STARTS = [*NAMES, "117", "xchr17", "chr170", "1", "chr1", "NC_000017.9", "NC_000017", "17chr17", "\t17"]
LINE = st.tuples(
    st.sampled_from(STARTS), st.sampled_from(["5", "17", "chr17\t17", "0/1:17\t17", ""]), st.booleans()
)


@given(st.lists(LINE, max_size=12), st.booleans())
def test_the_same_lines_as_by_splitting(lines: list[tuple[str, str, bool]], ends: bool) -> None:
    texts = [f"{start}\t{rest}{chr(13) if crlf else ''}" for start, rest, crlf in lines]
    block = ("\n".join(texts) + ("\n" if ends and texts else "")).encode()
    naive = [line for line in block.split(b"\n") if line.startswith(tuple(PREFIXES))]
    assert [block[a:b].removesuffix(b"\n") for a, b in locus_lines(block, PREFIXES)] == naive

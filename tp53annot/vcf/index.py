"""Indexes (.tbi, .csi) of bgzipped VCF and of BCF: records by position, and the index of a new file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tp53annot.errors import InputError
from tp53annot.system.descriptors import quiet_stderr
from tp53annot.system.index_file import whole_index
from tp53annot.vcf.index_fit import is_index_of
from tp53annot.vcf.output_form import OutputForm, form_of
from tp53annot.vcf.reader import Reader

INDEX_ENDINGS = (".tbi", ".csi")
# SVLEN of VCF 4.4, LEN of 4.5, and the symbolic alleles that need a length.
_LENGTH = re.compile(r"##(INFO|FORMAT)=<.*\bID=(SVLEN|LEN)\b|##ALT=<ID=(DEL|DUP|INV|CNV)\b")
# Breakends: a record one base long whose mate may lie across the locus.
_JOINS = re.compile(r"##INFO=<.*\bID=MATEID\b|##ALT=<ID=BND\b|##source=(GRIDSS|GenerateSVCandidates)", re.I)
_MATE = re.compile(r"[\[\]][^\t:]+:\d+[\[\]]")
_STATED_LENGTH = re.compile(r"\bSVLEN=|[\t:]LEN[\t:]")
_LAST = 1 << 29  # more than a chromosome's last base, the most that a .tbi holds
_ANY = re.compile("")
_BYTES = "latin-1"  # one character a byte: what goes in comes out


def fetch_lines(reader: Reader, contigs: Sequence[str], low: int, high: int) -> list[bytes] | None:
    """Lines whose records overlap low..high (1-based inclusive) on any of the contigs; ``None``: scan the file.

    A scan loses nothing, so it follows wherever the index is in doubt: there is none, it is older than the file,
    damaged, or finds nothing (an index of another file must not make records vanish). Where the header declares
    lengths of records beside END, lines before ``low`` that state one come, too: an index by htslib 1.16 or earlier
    takes such a record for one base long, and would lose it. Where it declares breakends, those on either side come,
    too.
    """
    endings = {"bgzf": INDEX_ENDINGS, "bcf": INDEX_ENDINGS[1:]}.get(reader.kind, ())
    index = next((p for end in endings if (p := Path(f"{reader.path}{end}")).is_file()), None)
    if index is None or not reader.seekable:
        return None
    fetch = _fetch_bcf if reader.kind == "bcf" else _fetch_vcf
    first = 1 if any(map(_LENGTH.match, reader.header.lines)) else low
    try:
        whole = whole_index(index)
        if whole is None or index.stat().st_mtime < reader.path.stat().st_mtime:
            return None
        with quiet_stderr():
            if not is_index_of(reader.path, whole, contigs):
                return None
            found = fetch(reader.path, index, contigs, low - 1, high)
            if found and first < low:
                known = set(found)
                before = fetch(reader.path, index, contigs, first - 1, low - 1, _STATED_LENGTH)
                found = [*(line for line in before if line not in known), *found]
            if any(map(_JOINS.search, reader.header.lines)):
                sides = ((0, low - 1), (high, _LAST))
                joins = [line for a, b in sides for line in fetch(reader.path, index, contigs, a, b, _MATE)]
                found += [line for line in joins if line not in found]
            return found or None
    except (OSError, ValueError, EOFError, MemoryError):  # what pysam raises for damaged indexes and files
        return None


def _fetch_vcf(
    path: Path, index: Path, contigs: Sequence[str], start_0: int, end: int, only: re.Pattern[str] = _ANY
) -> list[bytes]:
    import pysam

    with pysam.TabixFile(str(path), index=str(index), encoding=_BYTES) as source:
        known = [contig for contig in contigs if contig in source.contigs]
        return [
            line.encode(_BYTES) + b"\n"
            for contig in known
            for line in source.fetch(contig, start_0, end)
            if only.search(line)
        ]


def _fetch_bcf(
    path: Path, index: Path, contigs: Sequence[str], start_0: int, end: int, only: re.Pattern[str] = _ANY
) -> list[bytes]:
    import pysam

    with pysam.VariantFile(str(path), index_filename=str(index)) as source:
        known = [contig for contig in contigs if contig in source.header.contigs]
        lines = (str(record) for contig in known for record in source.fetch(contig, start_0, end))
        return [line.encode("utf-8", "surrogateescape") for line in lines if only.search(line)]


def write_index(path: Path, form: OutputForm | None = None, *, wanted_of: str | None = None) -> None:
    """Write the .tbi of a bgzipped VCF, or the .csi of a BCF where an index is asked for.

    Args:
        path: the finished file.
        form: its form; ``None``: by its name.
        wanted_of: the file's name in a message where an index is asked for; ``None``: only a bgzipped VCF gets one,
            and none where its records are unsorted.

    Raises:
        InputError: an index is wanted and the records are not sorted.
    """
    form = form_of(path, form)
    if form.index_ending is None or (form is OutputForm.BCF and wanted_of is None):
        return
    import pysam

    with quiet_stderr():
        try:
            if form is OutputForm.BCF:
                pysam.tabix_index(str(path), preset="bcf", force=True)  # type: ignore[arg-type]  # pysam knows it, its stubs do not
            else:
                pysam.tabix_index(str(path), preset="vcf", force=True)
        except OSError as error:
            Path(f"{path}{form.index_ending}").unlink(missing_ok=True)
            if wanted_of is not None:
                cause = "the records are not sorted, so that no index can be written"
                raise InputError(cause, path=wanted_of, fix="sort them first (bcftools sort)") from error

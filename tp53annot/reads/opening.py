"""Opening reads, whatever the container: BAM, CRAM, SAM text, a file, a pipe or standard input."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

import pysam
from msgspec import Struct

from tp53annot.errors import InputError
from tp53annot.system.descriptors import quiet_stderr
from tp53annot.system.index_file import whole_index
from tp53annot.system.magic import first_bytes, kind_of_reads

_CHUNK = 1 << 16
_HTSLIB = "pysam."
_INDEX_ENDINGS = (".bai", ".csi", ".crai")
_SAME_TIME = 1.0  # seconds by which a copied index may be older
_AGAIN = "copy or produce the file again"


class OpenedReads(Struct, frozen=True, kw_only=True):
    """An open file of reads.

    Attributes:
        file: of htslib.
        cram: whether it is a CRAM.
        index: its index, where there is a usable one.
        stale: an index that is older than the reads, and was not used.
        stream: whether it can be read once only.
    """

    file: pysam.AlignmentFile
    cram: bool
    index: Path | None
    stale: Path | None
    stream: bool


def open_reads(path: Path, fasta: Path | None) -> OpenedReads:
    """Open reads; nothing is written beside them, and no server is asked for a reference.

    Args:
        path: the file; ``-`` is standard input.
        fasta: the genome of a CRAM.

    Raises:
        InputError: missing, empty, no reads, truncated.
    """
    name = "standard input" if str(path) == "-" else str(path)
    stream = _stream(path)
    try:
        source = path.open("rb") if stream is None else stream
        first = first_bytes(source)
        if stream is None:
            source.close()
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise InputError(cause, path=name, fix="check path and permissions") from error
    kind = kind_of_reads(first)
    if kind is None:
        cause = "is neither BAM, CRAM nor SAM with a header" if first else "the file is empty"
        raise InputError(cause, path=name, fix="give a BAM or CRAM file" if first else "produce it again")
    if fasta is not None and kind == "cram" and not Path(f"{fasta}.fai").is_file():
        # htslib would write one beside the user's file
        raise InputError("the genome has no index", path=f"{fasta}.fai", fix=f"samtools faidx {fasta}")
    index, stale = (None, None) if stream is not None or kind == "sam" else _index(path)
    if index is not None and index.suffix != ".crai" and whole_index(index) is None:
        index = None
    pysam.set_verbosity(0)
    os.environ["REF_PATH"] = os.devnull  # else htslib may ask a server for CRAM's reference
    opened = None
    if index is not None:
        with suppress(InputError):  # of a damaged .crai htslib tells; of all else opening without an index
            opened = _opened(name, name, fasta, index)
    if stream is not None:
        opened = _opened(_fed(stream), name, fasta, None)
    elif opened is None:
        index = None
        with path.open("rb") as plain:  # of a path htslib would look for an index by itself
            opened = _opened(plain.fileno(), name, fasta, None)
    return OpenedReads(file=opened, cram=kind == "cram", index=index, stale=stale, stream=stream is not None)


def _opened(source: str | int, name: str, fasta: Path | None, index: Path | None) -> pysam.AlignmentFile:
    try:
        with quiet_stderr():  # pysam prints what a file that failed to open has to say on closing
            return pysam.AlignmentFile(
                source,
                "r",
                check_sq=False,
                reference_filename=str(fasta) if fasta else None,
                index_filename=str(index) if index else None,
            )
    except (OSError, ValueError, NotImplementedError) as error:
        cause = "the file is truncated" if "truncat" in str(error) or "EOF" in str(error) else str(error)
        if "Could not open" in str(error):  # pysam's words, with any system error, for what it cannot read
            cause = "damaged: htslib cannot read its header"
        raise InputError(cause.splitlines()[0], path=name, fix=_AGAIN) from error


def _stream(path: Path) -> IO[bytes] | None:
    """Standard input, or a pipe; ``None`` for a file."""
    if str(path) == "-":
        return sys.stdin.buffer
    return path.open("rb") if path.is_fifo() else None


def _fed(stream: IO[bytes]) -> int:
    """A descriptor that gives what a stream has left, what Python has already taken in of it first."""
    ours, theirs = os.pipe()

    def feed() -> None:
        with suppress(BrokenPipeError), os.fdopen(theirs, "wb") as out:
            while chunk := stream.read(_CHUNK):
                out.write(chunk)

    threading.Thread(target=feed, daemon=True).start()
    return ours


def _index(path: Path) -> tuple[Path | None, Path | None]:
    """An index that is not older than the reads; one that is may miss reads, and is not used."""
    names = [*(f"{path}{end}" for end in _INDEX_ENDINGS), str(path.with_suffix(".bai"))]
    there = [i for i in map(Path, names) if i.is_file()]
    written = path.stat().st_mtime - _SAME_TIME
    usable = [i for i in there if i.stat().st_mtime >= written]
    return (usable[0], None) if usable else (None, there[0] if there else None)


def told_by_htslib(error: BaseException) -> bool:
    """Whether an error was raised by pysam, of what it reads; any other one is a fault of this program or the system's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__", "")).startswith(_HTSLIB)


def wrong_genome(fasta: Path, contigs: Mapping[str, int | None], name: str) -> str | None:
    """Why a FASTA cannot be the genome that a CRAM was written with, by its index; ``None`` where it can.

    Args:
        fasta: the genome, indexed.
        contigs: of the CRAM, with their lengths.
        name: the contig that is read.
    """
    rows = (line.split("\t") for line in Path(f"{fasta}.fai").read_text("utf-8", "replace").splitlines())
    lengths = {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdigit()}
    if name not in lengths:
        return f"it has no contig {name}"
    stated = contigs.get(name)
    if stated is not None and lengths[name] != stated:
        return f"its {name} has {lengths[name]} bases, that of the CRAM {stated}"
    return f"the bases of its {name} are not those of the CRAM"

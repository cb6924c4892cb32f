"""Forms a VCF is written in: text, bgzip, BCF, to a file or to standard output."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from tp53annot.errors import UsageError
from tp53annot.system.files import scratch
from tp53annot.vcf.htslib import Sink, bgzip, convert_to_bcf

_STDOUT = "-"


class OutputForm(StrEnum):
    """The forms by the letters of ``bcftools view --output-type``."""

    TEXT = "v"
    BGZIP = "z"
    BCF = "b"
    PLAIN_BCF = "u"

    @property
    def index_ending(self) -> str | None:
        """Ending of the index a file of this form can have."""
        return {OutputForm.BGZIP: ".tbi", OutputForm.BCF: ".csi"}.get(self)


_BY_ENDING = {".gz": OutputForm.BGZIP, ".bgz": OutputForm.BGZIP, ".bcf": OutputForm.BCF}


def form_of(output: Path, stated: OutputForm | None = None) -> OutputForm:
    """The form of an output: the stated one, else the one its name says; ``-`` is text.

    >>> form_of(Path("a.vcf.gz")).value, form_of(Path("-")).value, form_of(Path("a.vcf"), OutputForm.BCF).value
    ('z', 'v', 'b')
    """
    return stated or _BY_ENDING.get(output.suffix.lower(), OutputForm.TEXT)


def check_indexable(output: Path, form: OutputForm) -> None:
    """Refuse to index what cannot have an index.

    Raises:
        UsageError: standard output, text or uncompressed BCF.
    """
    if str(output) == _STDOUT:
        raise UsageError("--write-index needs a file: standard output has no index; name one with -o")
    if form.index_ending is None:
        raise UsageError("--write-index needs compressed output: -O z (.vcf.gz) or -O b (.bcf)")


@contextmanager
def sink(output: Path, form: OutputForm, name: str) -> Iterator[Sink]:
    """A binary stream of VCF text that arrives in ``output`` (``-``: standard output) in its form.

    ``name``: the file in a message.

    Raises:
        InputError: htslib cannot write a record as BCF.
    """
    if form is OutputForm.BGZIP:
        with bgzip(output) as stream:
            yield stream
    elif form is OutputForm.TEXT:
        if str(output) == _STDOUT:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        else:
            with output.open("wb") as plain:
                yield plain
    else:
        folder = Path(tempfile.gettempdir()) if str(output) == _STDOUT else output.parent
        with scratch(folder, ".vcf") as text:
            with text.open("wb") as plain:
                yield plain
            convert_to_bcf(text, output, name, compressed=form is OutputForm.BCF)


def write_lines(output: Path, lines: Iterable[bytes]) -> None:
    """Finished VCF lines to standard output (``-``) or a file, in the form its name says."""
    with sink(output, form_of(output), str(output)) as stream:
        for line in lines:
            stream.write(line)

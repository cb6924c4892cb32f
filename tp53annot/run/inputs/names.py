"""Names of samples as files hold them: sample columns of a VCF, SM of read groups."""

from __future__ import annotations

import functools
import stat
from pathlib import Path

from tp53annot.errors import InputError
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.sheet_words import load_sheet_words, plain_word
from tp53annot.run.jobs import kind_of


def names_within(path: Path) -> tuple[str, ...]:
    """The samples that a VCF or a file of reads names itself, normals beside a tumour left out.

    Names that any sample may have (TUMOR, sample) are none; so is the file that cannot be read. A caller that found no
    read group writes the reads' file name as sample, which then stands for reads without a sample.
    """
    try:
        state = path.stat()
    except OSError:
        return ()
    return _names(path, state.st_size, state.st_mtime_ns) if stat.S_ISREG(state.st_mode) else ()


@functools.cache
def _names(path: Path, _size: int, _time: int) -> tuple[str, ...]:
    """Asked for several times in a run; a file that was written anew is another."""
    try:
        found = _of_reads(path) if kind_of(path) == "reads" else _of_calls(path)
    except InputError:
        return ()
    common = load_sheet_words().common_names
    return tuple(name for name in found if plain_word(name) not in common)


def _of_calls(path: Path) -> tuple[str, ...]:
    from tp53annot.vcf.identity.header_names import header_columns

    found = header_columns(path, resources_of(None).rules.vcf)
    return tuple(Path(name).name if kind_of(Path(name)) == "reads" else name for name in found)


def _of_reads(path: Path) -> tuple[str, ...]:
    from tp53annot.reads.header import header_samples

    return header_samples(path) or (path.name,)

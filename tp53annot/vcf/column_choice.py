"""A choice of a VCF's sample columns, as ``bcftools view --samples`` makes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from tp53annot.core.text import seen
from tp53annot.errors import InputError
from tp53annot.vcf.header import Header

_FIXED = 9  # columns before the samples
_ALLELES = re.compile(rb"[/|]")


class ColumnChoice(Struct, frozen=True, kw_only=True):
    """Columns kept of each line, in this order (from 0 among the samples); INFO/AC and AN are counted anew."""

    kept: tuple[int, ...]

    @classmethod
    def of(cls, header: Header, names: Sequence[str], *, without: bool, file: str) -> ColumnChoice:
        """The columns of these names, or all others (``without``).

        Raises:
            InputError: a name that the file does not have, or one named twice.
        """
        there = header.samples
        for name in names:
            if name not in there:
                fix = (
                    f"its samples: {', '.join(seen(n) for n in there)}"
                    if there
                    else "it has no sample column"
                )
                raise InputError(f"no sample {seen(name)}", path=file, fix=fix)
        if len(set(names)) < len(names):
            raise InputError("a sample is asked for twice", path=file, fix="name each sample once")
        if without:
            return cls(kept=tuple(i for i, name in enumerate(there) if name not in names))
        return cls(kept=tuple(there.index(name) for name in names))

    def names(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The names of the #CHROM line that stay; without samples FORMAT goes as well."""
        if not self.kept:
            return tuple(columns[: _FIXED - 1])
        return (*columns[:_FIXED], *(columns[_FIXED + i] for i in self.kept))

    def block(self, block: bytes) -> bytes:
        """Whole lines with these columns only."""
        return b"".join(self._line(line) for line in block.splitlines(keepends=True))

    def _line(self, line: bytes) -> bytes:
        body = line.rstrip(b"\r\n")
        end = line[len(body) :]
        columns = body.split(b"\t")
        if len(columns) < _FIXED:
            return line
        try:
            samples = [columns[_FIXED + i] for i in self.kept]
        except IndexError:
            return line  # a broken record stays as it stands
        columns[7] = _counted(columns[7], columns[8], samples, columns[4])
        fixed = columns[:_FIXED] if samples else columns[: _FIXED - 1]
        return b"\t".join((*fixed, *samples)) + end


def _counted(info: bytes, form: bytes, samples: Sequence[bytes], alts: bytes) -> bytes:
    """INFO with AC and AN, where it has them, as the genotypes of these samples give them."""
    parts = info.split(b";")
    if not form.startswith(b"GT") or not any(part.startswith((b"AC=", b"AN=")) for part in parts):
        return info
    called = [
        int(allele)
        for sample in samples
        for allele in _ALLELES.split(sample.partition(b":")[0])
        if allele.isdigit()
    ]
    counts = (str(called.count(i)).encode() for i in range(1, alts.count(b",") + 2))
    values = {b"AC": b",".join(counts), b"AN": str(len(called)).encode()}
    return b";".join(
        key + b"=" + values[key] if sign and key in values else part
        for part in parts
        for key, sign, _ in (part.partition(b"="),)
    )

"""Which columns of a VCF are tumours, and which is their matched normal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tp53annot.errors import InputError
from tp53annot.vcf.dialects.dialect import Dialect
from tp53annot.vcf.header import Header

_TUMOUR_NAME = re.compile(r"(^|[_.\-])(tumou?r|t)$|^tumou?r([_.\-]|$)", re.IGNORECASE)
_NORMAL_NAME = re.compile(r"(^|[_.\-])(normal|n)$|^normal([_.\-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleColumns:
    """Columns counted from 0 among the samples; the tumour is ``None`` in a file without sample columns."""

    tumours: tuple[int | None, ...]
    normal: int | None = None


def sample_columns(
    header: Header, spoken: Sequence[Dialect], name: str, asked: str | None, normal: str | None
) -> SampleColumns:
    """The columns to report, and the normal beside them.

    Args:
        header: the file's.
        spoken: the dialects of the file's header and records.
        name: the file, for messages.
        asked: the sample the user asked for, if any.
        normal: the normal the user named, if any.

    Raises:
        InputError: the file has no sample of the name asked for.
    """
    names = header.samples
    for option, wanted in (("--sample", asked), ("--normal", normal)):
        if wanted is not None and wanted not in names:
            shown = ", ".join(names[:10]) or "none"
            cause, fix = f"{option} {wanted!r} is not in the file", f"its samples are: {shown}"
            raise InputError(cause, path=name, place="#CHROM line", fix=fix)
    if not names:
        return SampleColumns(tumours=(None,))
    roles = _roles(header, spoken)
    tumour = names.index(asked) if asked else roles.get("tumor")
    control = names.index(normal) if normal else roles.get("normal")
    if control == tumour:
        control = None
    if tumour is not None:
        return SampleColumns(tumours=(tumour,), normal=control)
    return SampleColumns(tumours=tuple(i for i in range(len(names)) if i != control), normal=control)


def _roles(header: Header, spoken: Sequence[Dialect]) -> dict[str, int]:
    """Columns by role: as header lines say, else as two names say; the order of columns says nothing."""
    names = header.samples
    stated: dict[str, int] = {}
    for dialect in spoken:
        for role, name in dialect.stated_roles(header).items():
            if name in names:
                stated.setdefault(role, names.index(name))
    if "tumor" in stated:
        return stated
    if len(names) != 2:
        return {}
    tumours = [i for i, name in enumerate(names) if _TUMOUR_NAME.search(name)]
    normals = [i for i, name in enumerate(names) if _NORMAL_NAME.search(name)]
    if len(tumours) == 1 and len(normals) == 1 and tumours != normals:
        return {"tumor": tumours[0], "normal": normals[0]}
    return {}

"""Which columns of a VCF are tumours, and which are their matched normals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from tp53annot.errors import InputError
from tp53annot.knowledge.rules.vcf import RoleRules
from tp53annot.vcf.dialects.dialect import Dialect, StatedRoles
from tp53annot.vcf.header import Header


class SampleColumn(Struct, frozen=True, kw_only=True):
    """A column to report.

    Attributes:
        column: counted from 0 among the samples; ``None`` in a file without sample columns.
        normals: columns of its matched normals.
        role: ``"tumor"`` or ``"normal"`` as file or user say (who asks for a sample by name reports it as a tumour);
            ``None`` where nothing says.
    """

    column: int | None
    normals: tuple[int, ...] = ()
    role: str | None = None


class _Sample(Struct, frozen=True, kw_only=True):
    """A column with what is known of it: its patient as its name says, and whether file or name say normal or tumour."""

    column: int
    patient: str | None = None
    role: str | None = None


def sample_columns(
    header: Header,
    spoken: Sequence[Dialect],
    rules: RoleRules,
    name: str,
    asked: str | None,
    normal: str | None,
) -> tuple[SampleColumn, ...]:
    """The columns to report, and the normals beside them: every column but those that are normals beyond doubt.

    Nothing is inferred from the order of columns. A file of normals alone is reported as that.

    Args:
        header: the file's.
        spoken: the dialects of the file's header and records.
        rules: names that say what a sample is.
        name: the file, for messages.
        asked: the sample the user asked for, if any.
        normal: the normal the user named, if any.

    Raises:
        InputError: the file has no sample of the name asked for.
    """
    names = header.samples
    for option, wanted in (("--sample", asked), ("--normal, or column normal of a sheet", normal)):
        if wanted is not None and wanted not in names:
            shown = ", ".join(names[:10]) or "none"
            cause, fix = f"the sample {wanted!r} ({option}) is not in the file", f"its samples are: {shown}"
            raise InputError(cause, path=name, place="#CHROM line", fix=fix)
    if not names:
        return (SampleColumn(column=None),)
    stated = StatedRoles.joined(dialect.stated_roles(header) for dialect in spoken)
    samples = [_known(i, names, stated, rules, normal) for i in range(len(names))]
    chosen = [s for s in samples if s.role != "normal"] or samples
    if asked is not None:
        chosen = [samples[names.index(asked)]]
    pairs = {(names.index(t), names.index(n)) for t, n in stated.pairs}
    return tuple(
        SampleColumn(
            column=s.column,
            normals=_normals_of(s, samples, pairs, names.index(normal) if normal else None),
            role="tumor" if asked is not None and s.role is None else s.role,
        )
        for s in chosen
    )


def _known(
    column: int, names: Sequence[str], stated: StatedRoles, rules: RoleRules, normal: str | None
) -> _Sample:
    """What user, header and name say of a column, in this order."""
    name = names[column]
    patient, role = _barcode(name, rules) or _worded(name, names, rules)
    if name in stated.tumours:
        role = "tumor"
    elif name in stated.normals:
        role = "normal"
    if normal is not None:  # who names the normal says what the others are
        role = "normal" if name == normal else role or "tumor"
    return _Sample(column=column, patient=patient, role=role)


def _barcode(name: str, rules: RoleRules) -> tuple[str | None, str | None] | None:
    """Patient and role by a name's own grammar; ``None`` for a name without one."""
    for barcode in rules.barcode:
        match = re.fullmatch(barcode.pattern, name)
        if match is not None:
            kinds = {**dict.fromkeys(barcode.normals, "normal"), **dict.fromkeys(barcode.tumours, "tumor")}
            return match["patient"], kinds.get(match["type"])
    return None


def _worded(name: str, names: Sequence[str], rules: RoleRules) -> tuple[str | None, str | None]:
    """What is left of a name without the word for its role, and the role.

    The word alone is enough; a name with more in it needs a partner that differs in the word only ("P1_normal" beside
    "P1_tumor"), for "normal" can mean a karyotype.
    """
    own = _split(name, rules)
    if own is None:
        return None, None
    rest, role = own
    partners = {found[1] for other in names if (found := _split(other, rules)) and found[0] == rest}
    return (rest or None, role) if not rest or len(partners) == 2 else (None, None)


def _split(name: str, rules: RoleRules) -> tuple[str, str] | None:
    """A name without the one word that says its role, and that role."""
    parts = re.split(r"[_.\- ]", name.lower())
    roles = {
        **dict.fromkeys(rules.tumour_words, "tumor"),
        **dict.fromkeys(rules.normal_words, "normal"),
    }
    words = [i for i, part in enumerate(parts) if part in roles]
    if len(words) != 1:
        return None
    (i,) = words
    return "_".join((*parts[:i], *parts[i + 1 :])), roles[parts[i]]


def _normals_of(
    sample: _Sample, samples: Sequence[_Sample], pairs: set[tuple[int, int]], named: int | None
) -> tuple[int, ...]:
    """A sample's matched normals: the user's, the header's pairs, the patient's, else all where only one case is there.

    Several tumours against several normals without a statement of pairs have none.
    """
    if named is not None:
        return () if named == sample.column else (named,)
    paired = tuple(n for t, n in sorted(pairs) if t == sample.column)
    if paired:
        return paired
    taken = {n for _, n in pairs}
    normals = [s for s in samples if s.role == "normal" and s.column != sample.column]
    own = [s for s in normals if s.patient is not None and s.patient == sample.patient]
    if own:
        return tuple(s.column for s in own)
    tumours = [s for s in samples if s.role != "normal"]
    free = [s for s in normals if s.column not in taken and (s.patient is None or sample.patient is None)]
    one_case = len(normals) == 1 or len(tumours) == 1
    return tuple(s.column for s in free) if one_case and sample.role != "normal" else ()

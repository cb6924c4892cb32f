"""Any other caller: AD, or a count of ALT beside DP, or a fraction under one of its usual names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf.dialects.dialect import (
    Call,
    Dialect,
    StatedRoles,
    allelic_depths,
    four_counts,
    of_depth,
)
from tp53annot.vcf.header import Header

_PAIR = re.compile(r'([A-Za-z_]+)=("[^"]*"|[^,>]*)')
_STATED = re.compile(
    r"(?:the |matched |primary )*(tumou?r|normal|germline)(?: sample| genome)?", re.IGNORECASE
)
_OPTION = re.compile(
    r"--?(?:sample[-_]name[-_])?(tumou?r|normal)(?:[-_]sample(?:[-_]name)?)?[ =]+\"?([^\s\",>]+)",
    re.IGNORECASE,
)
_WORD = {"tumor": "tumor", "tumour": "tumor", "normal": "normal", "germline": "normal"}
_BESIDE_DEPTH = ("BD", "AD", "AO", "DV")
_ROLES = ("tumor", "normal")


class Generic(Dialect):
    """What the VCF specification and most callers agree on; every record is in this dialect, last."""

    name = "generic"
    callers = "any other; files prepared for other report tools"
    reads = "`AD`, `DP4`, `BD`, `AO`, `DV`; else the fraction `AF`, `VAF`, `VF`, `FA` or `FREQ`; prepared files: `TVAF`/`TDP`, `ADT`"
    depth = "sum of the counts, else `DP`, `DPT`, `TDP`"
    roles = "`##SAMPLE`, `##PEDIGREE`, options such as `--tumor-sample` in a command line, names"
    mind = "what is not understood is named in a warning, and the variant counts as low-level at most"
    keys = (frozenset(),)
    own_info = ("VAF", "VF", "DP")
    fractions = ("AF", "VAF", "VF", "FA", "FREQ", "ALT_FREQ", "TVAF")
    blocks = (
        "`GT` 0/0, FILTER `.` or PASS, the lowest of `GQ`, `GQX`, `RGQ` (else by `PL`, else `QUAL` where ALT is `.`), "
        "the least of `MIN_DP` and `DP`, else the sum of `AD`, reads of other bases by `AD` (and `DP`) or `DP4`"
    )

    def counts(self, call: Call) -> ReadSupport | None:
        """AD, ADT or DPR of one number an allele, DP4, else BD, AD, AO or DV of one number beside DP."""
        return (
            super().counts(call)
            or allelic_depths(call, "ADT")
            or allelic_depths(call, "DPR")
            or four_counts(call)
            or next((found for key in _BESIDE_DEPTH if (found := of_depth(call, key)) is not None), None)
        )

    def stated_roles(self, header: Header) -> StatedRoles:
        """``##SAMPLE`` and ``##PEDIGREE`` lines, and options of a command line that name a tumour or normal sample."""
        columns: dict[str, str] = {name: name for name in header.samples}
        found: list[tuple[str, str]] = []
        for line in header.lines:
            if line.startswith("##SAMPLE=<"):
                fields = _pairs(line)
                column = next((fields[k] for k in ("SampleName", "ID") if fields.get(k) in columns), "")
                columns.setdefault(fields.get("ID", ""), column)
                found.append((_role_of(fields), column))
            elif not line.startswith("##PEDIGREE"):
                found += [(_WORD[word.lower()], name) for word, name in _OPTION.findall(line)]
        pairs = [pair for line in header.lines for pair in _pedigree(line, columns)]
        found += [(role, name) for pair in pairs for role, name in zip(_ROLES, pair, strict=True)]
        return replace(StatedRoles.among(header.samples, found), pairs=tuple(pairs))


def _pairs(line: str) -> dict[str, str]:
    """The keys and values of a structured header line."""
    return dict(_PAIR.findall(line.partition("=<")[2]))


def _role_of(fields: Mapping[str, str]) -> str:
    """The role that a ``##SAMPLE`` line states in so many words; empty for none or two."""
    said = {
        _WORD[match[1].lower()] for value in fields.values() if (match := _STATED.fullmatch(value.strip('"')))
    }
    return said.pop() if len(said) == 1 else ""


def _pedigree(line: str, columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pair (tumour, normal) of a ``##PEDIGREE`` line whose names are columns or IDs of ``##SAMPLE`` lines."""
    if not line.startswith("##PEDIGREE=<"):
        return []
    fields = _pairs(line)
    derived, original = (columns.get(fields.get(key, ""), "") for key in ("Derived", "Original"))
    derived = derived or columns.get(fields.get("ID", ""), "")
    return [(derived, original)] if derived and original and derived != original else []

"""Files of published variants (ClinVar, gnomAD ...), which are no sample's calls."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tp53annot.errors import InputError
from tp53annot.knowledge.rules.vcf import CatalogueRule
from tp53annot.vcf.dialects.registry import FileDialects
from tp53annot.vcf.header import Header

_INFO = re.compile(r"##INFO=<ID=([^,>]+)")


def refuse_catalogue(
    header: Header, dialects: FileDialects, rules: Sequence[CatalogueRule], name: str
) -> None:
    """Refuse a file of published variants; one with a sample column is taken as that sample's.

    Args:
        header: the file's.
        dialects: those of its callers; a file that names one is its calls, whatever annotates them.
        rules: how the catalogues are known.
        name: the file, for messages.

    Raises:
        InputError: the file is one of them.
    """
    if header.samples:
        return
    declared = {match[1] for line in header.lines if (match := _INFO.match(line))}
    a_callers = bool(dialects.named) or "DP" in declared
    for rule in rules:
        pattern = re.compile(rule.line, re.IGNORECASE)
        by_fields = declared.issuperset(rule.info) and not (rule.copied and a_callers)
        if by_fields or any(pattern.match(line) for line in header.lines):
            raise InputError(
                f"this is {rule.name}, a catalogue of variants, not the calls of a sample",
                path=name,
                place="header",
                fix="give the VCF of a sample; newer tables are taken over by 'resources update'",
            )

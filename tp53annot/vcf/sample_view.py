"""One record as one sample sees it."""

from __future__ import annotations

import re

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, Flag, ReadSupport, Uninterpreted
from tp53annot.core.coverage import Block
from tp53annot.vcf.dialects.dialect import Call
from tp53annot.vcf.phasing import phases_of
from tp53annot.vcf.record import Origin, Record
from tp53annot.vcf.reference_blocks import names_no_change, reference_block
from tp53annot.vcf.structural_records import obstacle, uninterpreted

_OVERLAPPED = frozenset({"*", "<*:DEL>"})  # a deletion stated by another record
_FRACTIONS_DIFFER = 0.1
_SEPARATOR = re.compile(r"[/|]")


class SampleView:
    """What a record says about one sample.

    Args:
        origin: the file.
        record: the record.
        column: the sample's column, from 0; ``None`` in a file without samples.
        name: the sample's name in the report.
    """

    def __init__(self, origin: Origin, record: Record, column: int | None, name: str) -> None:
        self.origin, self.record, self.column, self.name = origin, record, column, name
        self.info = record.info_fields()
        self.fields = record.sample_fields(column)

    def block(self) -> Block | None:
        """The reference stretch this record states for the sample, if it does."""
        return reference_block(self.origin, self.record, self.fields)

    def read(self) -> tuple[list[Candidate], list[Uninterpreted]]:
        """Candidates for every plain ALT this sample carries; the rest is listed."""
        candidates: list[Candidate] = []
        others: list[Uninterpreted] = []
        for index, alt in enumerate(self.record.alts):
            if names_no_change(alt) or alt in _OVERLAPPED:
                continue
            carried = self._carried(index)
            if carried is False:
                continue
            why = obstacle(self.origin, self.record, alt)
            if why is None:
                if carried or self.column is None or self._seen(index):
                    candidates.append(self._candidate(index, alt, by_genotype=carried is True))
            elif carried or self._seen(index):
                others.append(uninterpreted(self.origin, self.record, index, self.column, why))
        return candidates, others

    def _genotype(self) -> list[str]:
        genotype = self.fields.get("GT")
        return _SEPARATOR.split(genotype) if genotype else []

    def _carried(self, index: int) -> bool | None:
        """Whether the genotype has the ALT; ``None`` when the reads have to tell."""
        called = [allele for allele in self._genotype() if allele not in (".", "")]
        if str(index + 1) in called:
            return True
        return None if not called or self._seen(index) else False

    def _seen(self, index: int) -> bool:
        """Whether the sample's own fields show the ALT; without a sample column the record itself does."""
        if self.column is None or not self.fields:
            return self.column is None
        support = self._support(self.fields, index)
        if support.alt_reads is None and support.vaf is None:
            return "GT" not in self.fields  # a genotype without ALT and without counts is no call
        return bool(support.alt_reads) or bool(support.vaf)

    def _candidate(self, index: int, alt: str, *, by_genotype: bool) -> Candidate:
        support = self._support(self.fields, index)
        phases = phases_of(self.fields, index)
        normal = self.record.sample_fields(self.origin.normal)
        has_normal = self.origin.normal is not None and self.origin.normal < len(self.record.samples)
        return Candidate(
            sample=self.name,
            allele=Allele(pos=self.origin.start(self.record), ref=self.origin.bases(self.record), alt=alt),
            support=support,
            record=self.origin.as_input(self.record, index, self.column),
            caller_filters=self._filters(),
            phase=phases[0] if phases else None,
            other_phases=phases[1:],
            normal=self._support(normal, index) if has_normal else None,
            remarks=self._remarks(index, support, by_genotype=by_genotype),
        )

    def _remarks(self, index: int, support: ReadSupport, *, by_genotype: bool) -> tuple[Flag, ...]:
        remarks = []
        genotype = self.fields.get("GT", "")
        if not by_genotype and any(ch.isdigit() for ch in genotype):
            text = f"the caller's genotype is {genotype}, without this ALT"
            remarks.append(Flag(id="genotype_reference", text=text))
        stated = self.origin.dialects.stated_fraction(self._call(self.fields, index))
        if stated is not None and support.vaf is not None and abs(stated - support.vaf) > _FRACTIONS_DIFFER:
            text = f"the caller states a fraction of {stated:.3f}, its read counts give {support.vaf:.3f}"
            remarks.append(Flag(id="vaf_disagrees", text=text))
        return tuple(remarks)

    def _call(self, fields: dict[str, str], index: int) -> Call:
        return Call(fields=fields, info=self.info, ref=self.record.ref, alts=self.record.alts, index=index)

    def _support(self, fields: dict[str, str], index: int) -> ReadSupport:
        return self.origin.dialects.read_support(self._call(fields, index))

    def _filters(self) -> tuple[str, ...] | None:
        if self.record.filter in (".", ""):
            return None
        return () if self.record.filter == "PASS" else self.record.filters()

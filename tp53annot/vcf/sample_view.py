"""One record as one sample sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from tp53annot.core.allele import Allele
from tp53annot.core.candidate import Candidate, Flag, ReadSupport, Uninterpreted
from tp53annot.core.copy_number import CopyKind, kind_of_copies
from tp53annot.core.coverage import Block
from tp53annot.core.structural import Carriage, StructuralCall
from tp53annot.core.text import whole
from tp53annot.vcf.dialects.dialect import NOT_STATED, Call
from tp53annot.vcf.fields.allele_filters import failed_by_allele
from tp53annot.vcf.fields.copy_numbers import stated_copies
from tp53annot.vcf.local_alleles import with_global_alleles
from tp53annot.vcf.phasing import phases_of
from tp53annot.vcf.record import Origin, Record
from tp53annot.vcf.reference_blocks import names_no_change, says_nothing, stated_reference
from tp53annot.vcf.structural_records import (
    Obstacle,
    carriage_without_genotype,
    copies_of,
    failed_filters,
    hints_of,
    imputed,
    is_precise,
    is_segment,
    is_structural,
    names_of,
    obstacle,
    span_of,
    spelled_out,
    uninterpreted,
    untold,
)

_OVERLAPPED = frozenset({"*", "<*:DEL>"})  # a deletion stated by another record
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
        self.fields = with_global_alleles(record.sample_fields(column), len(record.alts))
        self._supports: dict[int, ReadSupport] = {}

    def block(self) -> Block | None:
        """What this record says of the reference in the sample, if it does: a segment with copies says nothing of bases."""
        if stated_copies(self.fields).speaks and is_segment(self.record, self.info):
            return None
        return stated_reference(self.origin, self.record, self.fields)

    def read(self) -> tuple[list[Candidate], list[Uninterpreted]]:
        """Candidates for every plain ALT this sample carries; what is no sequence change is listed.

        Symbols, breakends and deletions that leave the locus are not here but in :meth:`structural`.
        """
        candidates: list[Candidate] = []
        others: list[Uninterpreted] = []
        for index, alt in enumerate(self.record.alts):
            if names_no_change(alt) or alt in _OVERLAPPED or is_structural(alt):
                continue
            carried = self._carried(index)
            why = obstacle(self.origin, self.record, alt) or self._filled_in(index)
            if not (carried or self._seen(index)) and why is None and self._normal_has(index):
                candidates.append(self._of_normal(index, self._allele(alt)))
                continue
            if carried is False and not self._untold(index):
                continue
            if carried or self._seen(index):
                if why is None:
                    candidates.append(self._candidate(index, self._allele(alt), by_genotype=carried is True))
                elif not self._leaves_locus(index):
                    others.append(uninterpreted(self.origin, self.record, index, self.column, why))
            elif self._untold(index):
                others.append(
                    uninterpreted(self.origin, self.record, index, self.column, untold(self.origin))
                )
        return candidates, others

    def _filled_in(self, index: int) -> Obstacle | None:
        """Why the genotype shows nothing of the sample: it is imputed, and no reads speak."""
        why = imputed(self.origin, self.info)
        return why if why is not None and self._own_support(index).vaf is None else None

    def structural(self) -> StructuralCall | None:
        """What the record's symbols, breakends or a deletion that leaves the locus state for this sample.

        ``None``: it has none, or another sample has them.
        """
        if self.record.alts == (".",):
            return self._unaltered()
        indexes = [
            i for i, alt in enumerate(self.record.alts) if is_structural(alt) and alt not in _OVERLAPPED
        ]
        indexes = [i for i in indexes if not names_no_change(self.record.alts[i])]
        indexes += [i for i in range(len(self.record.alts)) if self._leaves_locus(i)]
        carriage, carried = self._carriage(indexes)
        return self._structural_call(carriage, carried) if carried else self._not_altered(indexes)

    def _unaltered(self) -> StructuralCall | None:
        """A segment without ALT whose copies are stated (``DRAGEN:REF``)."""
        copies = copies_of(self.fields, self.info, alone=len(self.record.samples) <= 1)
        if not (copies.speaks and is_segment(self.record, self.info)):
            return None
        called = any(allele not in (".", "") for allele in self._genotype())
        altered = called and copies.total not in (None, 2)  # against the genotype
        return self._structural_call(Carriage.REFERENCE if altered else Carriage.OPEN, [0])

    def _not_altered(self, indexes: Sequence[int]) -> StructuralCall | None:
        """What a record of altered copies says of a sample that it states to have two: what it is named for is not there."""
        copies = stated_copies(self.fields)
        kind = kind_of_copies(copies.total, copies.minor)
        if not indexes or kind not in (CopyKind.NORMAL, CopyKind.NORMAL_LOH_OPEN):
            return None
        call = self._structural_call(Carriage.OPEN, indexes)
        return replace(call, listed=(), names=(), hints=(), junction=False, change=None)

    def _leaves_locus(self, index: int) -> bool:
        alt = self.record.alts[index]
        why = obstacle(self.origin, self.record, alt) if len(self.record.ref) > len(alt) else None
        return why is not None and why.code == "beyond_locus"

    def _carriage(self, indexes: Sequence[int]) -> tuple[Carriage, list[int]]:
        """Whether the sample has the structural ALTs, and those it has, or which its record is listed for."""
        called = [allele for allele in self._genotype() if allele not in (".", "")]
        if called:
            carried = [i for i in indexes if str(i + 1) in called]
            if carried:
                return Carriage.CALLED, carried
            altered = stated_copies(self.fields).total not in (None, 2)  # against the genotype
            return Carriage.REFERENCE, [i for i in indexes if altered or self._seen(i)]
        alone = len(self.record.samples) <= 1
        by_index = {
            i: carriage_without_genotype(self.fields, self._own_support(i).alt_reads, alone=alone)
            for i in indexes
        }
        shown = [i for i, carriage in by_index.items() if carriage is Carriage.OPEN]
        return (Carriage.OPEN, shown) if shown else (Carriage.NOT_SHOWN, list(indexes))

    def _structural_call(self, carriage: Carriage, indexes: Sequence[int]) -> StructuralCall:
        record, alts = self.record, [self.record.alts[i] for i in indexes]
        whys = [None if alt == "." else obstacle(self.origin, record, alt) for alt in alts]
        copies = copies_of(self.fields, self.info, alone=len(record.samples) <= 1)
        start, end = span_of(self.origin, record, alts)
        precise = is_precise(self.info, self.fields)
        return StructuralCall(
            listed=tuple(
                uninterpreted(self.origin, record, i, self.column, why)
                for i, why in zip(indexes, whys, strict=True)
                if why is not None
            ),
            names=tuple(names_of(record, alt) for alt in alts),
            hints=hints_of(record, self.info),
            junction=not any(alt == "." or alt.startswith("<") for alt in alts),
            start=start,
            end=end,
            precise=precise,
            carriage=carriage,
            failed=failed_filters(record, self.fields),
            heterozygous="0" in self._genotype(),
            on_both=self._on_both(indexes),
            total=copies.total,
            minor=copies.minor,
            figures=copies.figures,
            change=self._spelled_out(indexes[0], carriage) if precise and len(indexes) == 1 else None,
        )

    def _spelled_out(self, index: int, carriage: Carriage) -> Candidate | None:
        """The structural ALT as a candidate of its sequence change, where its bases are known."""
        alt = self.record.alts[index]
        allele = spelled_out(self.origin, self.record, alt, self.info) if is_structural(alt) else None
        if allele is None:
            return None
        return self._candidate(index, allele, by_genotype=carriage is Carriage.CALLED)

    def _on_both(self, indexes: Sequence[int]) -> bool:
        genotype = self._genotype()
        return len(genotype) > 1 and len(indexes) == 1 and set(genotype) == {str(indexes[0] + 1)}

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
        """Whether the sample's own fields show the ALT; without a sample column the record itself does.

        Where no count is understood, a record without genotype is the call of the only sample that the file is about; of
        several samples it may be any.
        """
        if self.column is None:
            return True
        if says_nothing(self.fields):
            return False  # as merging writes it for a sample whose own file has no such record
        support = self._own_support(index)
        if support.alt_reads is None and support.vaf is None:
            return self.origin.single and "GT" not in self.fields
        return bool(support.alt_reads) or bool(support.vaf)

    def _allele(self, alt: str) -> Allele:
        return Allele(pos=self.origin.start(self.record), ref=self.origin.bases(self.record), alt=alt)

    def _untold(self, index: int) -> bool:
        """Whether the sample has values here, but none that says whether it has the ALT."""
        if says_nothing(self.fields):
            return False
        if any(not self._is_allele(allele) for allele in self._genotype()):
            return self._own_support(index).alt_reads != 0
        if "GT" not in self.fields:
            support = self._own_support(index)
            return support.alt_reads is None and support.vaf is None and support.depth != 0
        return "." in self.fields["GT"] and any(ch in "123456789" for ch in self.fields.get("LGT", ""))

    def _is_allele(self, allele: str) -> bool:
        """Whether an allele of a genotype is one of the record, or missing; a split record may have kept another's number."""
        number = whole(allele)
        return allele in NOT_STATED or (number is not None and number <= len(self.record.alts))

    def _candidate(self, index: int, allele: Allele, *, by_genotype: bool) -> Candidate:
        support = self._own_support(index)
        phases = phases_of(self.fields, index)
        return Candidate(
            sample=self.name,
            allele=allele,
            support=support,
            record=self.origin.as_input(self.record, index, self.column),
            caller_filters=self._filters(index),
            phase=phases[0] if phases else None,
            other_phases=phases[1:],
            normal=self._normal(index),
            remarks=self._remarks(index, support, by_genotype=by_genotype),
        )

    def _normal(self, index: int) -> ReadSupport | None:
        """What the matched normal shows of the ALT; of several normals, the one that shows most."""
        alts = len(self.record.alts)
        fields = (
            with_global_alleles(self.record.sample_fields(column), alts) for column in self.origin.normals
        )
        found = [self._support(of_normal, index) for of_normal in fields if of_normal]
        return max(found, key=lambda support: support.vaf if support.vaf is not None else -1.0, default=None)

    def _normal_has(self, index: int) -> bool:
        """Whether a matched normal is called with the ALT, or shows it without a genotype as its own."""
        for column in self.origin.normals:
            fields = with_global_alleles(self.record.sample_fields(column), len(self.record.alts))
            called = _SEPARATOR.split(fields.get("GT", "."))
            if str(index + 1) in called:
                return True
            vaf = self._support(fields, index).vaf if set(called) <= {".", ""} and fields else None
            if vaf is not None and vaf >= self.origin.normal_vaf:
                return True
        return False

    def _of_normal(self, index: int, allele: Allele) -> Candidate:
        """An ALT of the matched normal alone: listed with what the normal shows, and no call of this sample."""
        candidate = self._candidate(index, allele, by_genotype=True)
        told = Flag(id="genotype_reference", text=self.origin.remarks.normal_alone)
        return replace(candidate, remarks=(*candidate.remarks, told))

    def _remarks(self, index: int, support: ReadSupport, *, by_genotype: bool) -> tuple[Flag, ...]:
        remarks, words = [], self.origin.remarks
        genotype = self.fields.get("GT", "")
        if not by_genotype and any(ch.isdigit() for ch in genotype):
            text = words.genotype_reference.format(genotype=genotype)
            remarks.append(Flag(id="genotype_reference", text=text))
        stated = self.origin.dialects.stated_fraction(self._call(self.fields, index))
        counted = support.vaf
        if stated is not None and counted is not None and abs(stated - counted) > words.vaf_difference:
            text = words.vaf_disagrees.format(stated=stated, counted=counted)
            remarks.append(Flag(id="vaf_disagrees", text=text))
        return tuple(remarks)

    def _call(self, fields: dict[str, str], index: int) -> Call:
        return Call(
            fields=fields,
            info=self.info,
            ref=self.record.ref,
            alts=self.record.alts,
            index=index,
            percent=self.origin.dialects.percent,
            by_allele=self.origin.dialects.by_allele,
        )

    def _own_support(self, index: int) -> ReadSupport:
        """What the sample's own fields say of an ALT, read once."""
        if index not in self._supports:
            self._supports[index] = self._support(self.fields, index)
        return self._supports[index]

    def _support(self, fields: dict[str, str], index: int) -> ReadSupport:
        return self.origin.dialects.read_support(self._call(fields, index))

    def _filters(self, index: int) -> tuple[str, ...] | None:
        """What the record failed, what this ALT of it did, and what the sample's own genotype did (``FT``)."""
        genotype = self.fields.get("GT", "")
        beside = self.origin.allele_filters.get(self.record.pos, "")
        of_allele = failed_by_allele(self.info, self.record.alts, index, genotype, beside)
        own = tuple(name for name in self.fields.get("FT", "").split(";") if not _passes(name))
        found = tuple(dict.fromkeys((*of_allele, *own)))
        if self.record.filter in NOT_STATED:
            return found or None
        stated = (name for name in self.record.filters() or () if not _passes(name))
        return tuple(dict.fromkeys((*stated, *found)))


def _passes(name: str) -> bool:
    return name in NOT_STATED or name.strip().upper() == "PASS"

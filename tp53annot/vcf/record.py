"""One VCF record, and what it says about one sample."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from tp53annot.core.allele import Allele, Build
from tp53annot.core.candidate import Candidate, Flag, InputRecord, Phase, ReadSupport, Uninterpreted
from tp53annot.core.coverage import Block
from tp53annot.core.locus import Reference
from tp53annot.core.text import whole
from tp53annot.vcf.dialects import Call, read_support, stated_fraction

PLAIN = re.compile(r"[ACGTN]+\Z")
BASES = re.compile(r"[ACGT]+\Z")
IUPAC = str.maketrans("RYSWKMBDHV", "NNNNNNNNNN")
_NON_REF = ("<NON_REF>", "<*>", "<M>")
_FRACTIONS_DIFFER = 0.1


def _quality(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line near TP53, split; positions are the file's."""

    ordinal: int | None
    chrom: str
    pos: int
    id: str
    ref: str
    alts: tuple[str, ...]
    qual: str
    filter: str
    info: str
    format: str
    samples: tuple[str, ...]
    stated: tuple[str, ...] = ()  # REF and ALT columns as they stood (case, ambiguity codes)

    def line(self, column: int | None) -> bytes:
        """The record as a VCF line with at most one sample column."""
        fields = [
            self.chrom,
            str(self.pos),
            self.id,
            *(self.stated or (self.ref, ",".join(self.alts))),
            self.qual,
            self.filter,
            self.info,
        ]
        if column is not None:
            fields += [self.format, self.samples[column]]
        return ("\t".join(fields) + "\n").encode("utf-8", "surrogateescape")

    def info_fields(self) -> dict[str, str]:
        """INFO as a mapping; flags map to an empty string."""
        pairs = (part.partition("=") for part in self.info.split(";") if part and part != ".")
        return {key: value for key, _, value in pairs}

    def end(self) -> int:
        """Last reference position: INFO/END for symbolic alleles and blocks, else by REF."""
        fields = self.info_fields()
        end = whole(fields.get("END", ""))
        if end is not None and any(alt.startswith("<") or alt == "." for alt in self.alts or (".",)):
            return max(end, self.pos)
        length = whole(fields.get("SVLEN", "").split(",")[0].lstrip("-"))
        if length is not None and any(alt.startswith("<DEL") for alt in self.alts):
            return self.pos + length
        return self.pos + len(self.ref) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a record comes from: file, build and the column of the matched normal."""

    name: str
    reference: Reference
    build: Build
    normal: int | None


class RecordView:
    """One record as one sample sees it."""

    def __init__(self, source: Origin, record: Record, column: int | None, name: str) -> None:
        self.source, self.record, self.name = source, record, name
        self.info = record.info_fields()
        self.text = record.samples[column] if column is not None and column < len(record.samples) else ""
        self.fields = self._fields(self.text)
        normal = source.normal
        self.normal_text = (
            record.samples[normal] if normal is not None and normal < len(record.samples) else None
        )
        self.has_column = column is not None

    def _fields(self, text: str) -> dict[str, str]:
        return dict(zip(self.record.format.split(":"), text.split(":"), strict=False)) if text else {}

    def block(self) -> Block | None:
        """The reference stretch this record states for the sample, if it does."""
        if not all(alt in (*_NON_REF, ".") for alt in self.record.alts):
            return None
        depths = [self.fields.get(key, "") for key in ("MIN_DP", "DP")] + [self.info.get("DP", "")]
        depth = next((d for text in depths if (d := whole(text)) is not None), None)
        place = self.source.reference.from_build
        return Block(
            start=place(self.record.pos, self.source.build), end=place(self.record.end(), self.source.build),
            depth=depth,
        )  # fmt: skip

    def read(self) -> tuple[list[Candidate], list[Uninterpreted]]:
        """Candidates for every plain ALT this sample carries; the rest is listed."""
        found: list[Candidate] = []
        unread: list[Uninterpreted] = []
        for index, alt in enumerate(self.record.alts):
            if alt in (*_NON_REF, ".", "*", "<*:DEL>"):
                continue
            carried = self._carried(index)
            if carried is False:
                continue
            problem = self._problem(alt)
            if problem is not None:
                if carried or self._seen(index):
                    unread.append(self._uninterpreted(index, alt, *problem))
                continue
            candidate = self._candidate(index, alt, carried)
            if candidate is not None:
                found.append(candidate)
        return found, unread

    def _carried(self, index: int) -> bool | None:
        """True/False by the genotype; ``None`` when there is none (then the reads decide)."""
        genotype = self.fields.get("GT")
        alleles = re.split(r"[/|]", genotype) if genotype else []
        called = [a for a in alleles if a not in (".", "")]
        if str(index + 1) in called:
            return True
        if not called:
            return None
        return None if self._seen(index) else False

    def _seen(self, index: int) -> bool:
        support = self._support(self.fields, index)
        if not self.has_column or not self.fields:
            return not self.has_column
        if support.alt_reads is None and support.vaf is None:
            return "GT" not in self.fields  # a genotype without ALT and without counts is no call
        return bool(support.alt_reads) or bool(support.vaf)

    def _problem(self, alt: str) -> tuple[str, str] | None:
        if alt.startswith("<") or "[" in alt or "]" in alt:
            kind = "breakend" if "[" in alt or "]" in alt else "symbolic"
            return kind, f"{kind} allele {alt[:80]}: not a sequence change that can be named"
        if len(alt) > len(self.source.reference.sequence):
            return "too_long", f"ALT has {len(alt)} bases, more than the stored TP53 locus"
        if not BASES.match(alt):
            return "ambiguous_base", f"ALT {alt[:40]} is not written in the bases A, C, G, T"
        if not PLAIN.match(self.record.ref.translate(IUPAC)):
            return "malformed", f"REF {self.record.ref[:40]} is not written in bases"
        place = self.source.reference.from_build
        start = place(self.record.pos, self.source.build)
        if not self.source.reference.covers(start - 1, start + len(self.record.ref)):
            return "beyond_locus", "the change leaves the stored TP53 locus"
        if self._true_ref(start) == alt:
            return "no_change", "REF and ALT are the same bases"
        return None

    def _true_ref(self, start: int) -> str:
        return self.source.reference.bases(start, start + len(self.record.ref) - 1)

    def _uninterpreted(self, index: int, alt: str, code: str, reason: str) -> Uninterpreted:
        place = self.source.reference.from_build
        deletion = alt.startswith(("<DEL", "<CN0", "<CN1>")) or (
            code == "beyond_locus" and len(self.record.ref) > len(alt)
        )
        return Uninterpreted(
            record=self._record(index), reason=reason, code=code, deletion=deletion,
            start=place(self.record.pos, self.source.build), end=place(self.record.end(), self.source.build),
        )  # fmt: skip

    def _candidate(self, index: int, alt: str, carried: bool | None) -> Candidate | None:
        support = self._support(self.fields, index)
        remarks: list[Flag] = []
        if carried is None and self.has_column:
            if not self._seen(index):
                return None
            genotype = self.fields.get("GT", "")
            if any(ch.isdigit() for ch in genotype):
                remarks.append(
                    Flag(
                        id="genotype_reference", text=f"the caller's genotype is {genotype}, without this ALT"
                    )
                )
        stated = stated_fraction(self._call(self.fields, index))
        if stated is not None and support.vaf is not None and abs(stated - support.vaf) > _FRACTIONS_DIFFER:
            remarks.append(
                Flag(id="vaf_disagrees",
                     text=f"the caller states a fraction of {stated:.3f}, "
                     f"its read counts give {support.vaf:.3f}")
            )  # fmt: skip
        normal = None
        if self.normal_text is not None:
            normal = self._support(self._fields(self.normal_text), index)
        start = self.source.reference.from_build(self.record.pos, self.source.build)
        return Candidate(
            sample=self.name, allele=Allele(pos=start, ref=self._true_ref(start), alt=alt), support=support,
            record=self._record(index), caller_filters=self._filters(), phase=self._phase(index),
            normal=normal, remarks=tuple(remarks),
        )  # fmt: skip

    def _call(self, fields: dict[str, str], index: int) -> Call:
        return Call(fields=fields, info=self.info, ref=self.record.ref, alts=self.record.alts, index=index)

    def _support(self, fields: dict[str, str], index: int) -> ReadSupport:
        return read_support(self._call(fields, index), samples=len(self.record.samples))

    def _filters(self) -> tuple[str, ...] | None:
        names = self.record.filter
        if names in (".", ""):
            return None
        return () if names == "PASS" else tuple(names.split(";"))

    def _phase(self, index: int) -> Phase | None:
        genotype = self.fields.get("GT")
        if not genotype:
            return None
        alleles = re.split(r"[/|]", genotype)
        block = next((v for key in ("PS", "PID") if (v := self.fields.get(key, ".")) not in (".", "")), None)
        physical = self.fields.get("PGT")
        text = physical if physical and "|" in physical else genotype
        return Phase(
            genotype=genotype, phased="|" in text, phase_set=block,
            haplotypes=tuple(i for i, a in enumerate(re.split(r"[/|]", text)) if a == str(index + 1)),
            ploidy=len(alleles), source="PGT" if text is not genotype else "GT",
        )  # fmt: skip

    def _record(self, index: int) -> InputRecord:
        record, most = self.record, len(self.source.reference.sequence)
        ref, alts = record.stated or (record.ref, ",".join(record.alts))
        alt = alts.split(",")[index]
        return InputRecord(
            file=Path(self.source.name).name, ordinal=record.ordinal, chrom=record.chrom, pos=record.pos,
            ref=ref if len(ref) <= most else f"{ref[:40]}...", alt=alt if len(alt) <= most else f"{alt[:40]}...",
            id=None if record.id == "." else record.id, qual=_quality(record.qual),
            filters=None if record.filter == "." else tuple(record.filter.split(";")),
            info=record.info[:400], format=record.format or None, sample=self.text or None,
        )  # fmt: skip

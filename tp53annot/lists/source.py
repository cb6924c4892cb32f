"""A variant list as the samples it names: candidates, rows that are no change, remarks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.allele import Build
from tp53annot.core.candidate import Candidate, Flag, InputRecord, Phase, Uninterpreted
from tp53annot.core.text import whole
from tp53annot.errors import InputError
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.lists.numbers import normal_support, read_support
from tp53annot.lists.statement import OtherGeneError, StatedAllele, Statements, UnreadableError
from tp53annot.lists.table import ListLine, read_list
from tp53annot.names.exon_event import ExonEvent

_NAME = "name"  # stands where a record has its chromosome


class ListedSample(Struct, frozen=True, kw_only=True):
    """One sample of a list.

    Attributes:
        name: as the list calls it; ``None`` in a list without a column of samples.
        build: the build its places are on; ``None`` where it states names only.
        candidates: its changes.
        uninterpreted: rows that are no change that can be reported.
        remarks: warnings.
        has_normal: whether its rows count the reads of a matched normal sample.
    """

    name: str | None
    build: Build | None
    candidates: tuple[Candidate, ...]
    uninterpreted: tuple[Uninterpreted, ...]
    remarks: tuple[Flag, ...]
    has_normal: bool


def listed_samples(path: Path, interpreter: Interpreter, assembly: Build | None) -> tuple[ListedSample, ...]:
    """The samples of a variant list, in the order of their first rows.

    Raises:
        InputError: unreadable, no column of variants, or not one row that can be understood.
    """
    rules = interpreter.resources.rules.variant_list
    rows = read_list(path, rules)
    if not rows:
        raise InputError("the table has no row below its header", path=str(path), fix="add a row a variant")
    reader = _Reader(path.name, interpreter, assembly)
    by_sample: dict[str | None, list[ListLine]] = {}
    for row in rows:
        by_sample.setdefault(row.fields.get("sample"), []).append(row)
    if len(by_sample) > 1 and None in by_sample:
        line = by_sample[None][0].line
        raise InputError(
            "the row names no sample", path=str(path), place=f"line {line}", fix="fill in the column"
        )
    samples = tuple(reader.sample(name, of_sample) for name, of_sample in by_sample.items())
    listed = [u for s in samples for u in s.uninterpreted]
    understood = any(s.candidates for s in samples) or any(u.hgvs_c is not None for u in listed)
    if listed and not understood:
        raise InputError(
            f"not one row can be understood: {listed[0].reason}",
            path=str(path),
            place=f"line {listed[0].row}",
            fix="check the columns, the genome build and the names",
        )
    return samples


class _Reader:
    def __init__(self, file: str, interpreter: Interpreter, assembly: Build | None) -> None:
        self.file, self.interpreter = file, interpreter
        self.rules = interpreter.resources.rules.variant_list
        self.statements = Statements(interpreter, self.rules, assembly)

    def sample(self, name: str | None, rows: Sequence[ListLine]) -> ListedSample:
        """One sample's rows."""
        candidates: list[Candidate] = []
        others: list[Uninterpreted] = []
        remarks: list[Flag] = []
        builds: list[Build] = []
        passed = 0
        for row in rows:
            try:
                found = self.statements.of(row)
            except OtherGeneError:
                passed += 1
                continue
            except UnreadableError as error:
                others.append(self._not_read(row, str(error)))
                continue
            if isinstance(found, ExonEvent):
                others.append(self._exons(row, found))
                continue
            for stated in found:
                candidates.append(self._candidate(name, row, stated))
                if stated.build is not None:
                    builds.append(stated.build)
                if stated.others:
                    remarks.append(
                        self.rules.remarks.protein_only.flag(
                            self.rules.source,
                            change=stated.text,
                            row=row.line,
                            count=len(stated.others),
                            names=", ".join(stated.others),
                        )
                    )
        build = max(set(builds), key=lambda b: (builds.count(b), b)) if builds else None
        if len(set(builds)) > 1:
            remarks.append(self.rules.remarks.several_builds.flag(self.rules.source, build=build))
        if passed:
            remarks.append(self.rules.remarks.other_genes.flag(self.rules.source, count=passed))
        return ListedSample(
            name=name,
            build=build,
            candidates=tuple(candidates),
            uninterpreted=tuple(others),
            remarks=tuple(remarks),
            has_normal=any(c.normal is not None for c in candidates),
        )

    def _candidate(self, name: str | None, row: ListLine, stated: StatedAllele) -> Candidate:
        return Candidate(
            sample=name or self.file,
            allele=stated.allele,
            support=read_support(row, self.rules),
            record=self._record(row, stated.text),
            caller_filters=self._filters(row),
            phase=_phase(row, stated),
            normal=normal_support(row),
        )

    def _filters(self, row: ListLine) -> tuple[str, ...] | None:
        text = row.fields.get("filter")
        if text is None:
            return None
        parts = [part.strip() for part in text.replace(",", ";").split(";") if part.strip()]
        return tuple(part for part in parts if part.lower() not in self.rules.passed)

    def _record(self, row: ListLine, text: str) -> InputRecord:
        """The row as it stood: its place, or its name in place of the ALT."""
        fields = row.fields
        pos = fields.get("pos", "").replace(",", "").removesuffix(".0")
        if whole(pos) is not None and "ref" in fields and "alt" in fields and "chrom" in fields:
            chrom, ref, alt = fields["chrom"], fields["ref"], fields["alt"]
        else:
            chrom, pos, ref, alt = _NAME, "0", "", text
        return InputRecord(
            file=self.file,
            ordinal=None,
            chrom=chrom,
            pos=int(pos),
            ref=ref,
            alt=alt,
            filters=self._filters(row),
        )

    def _not_read(self, row: ListLine, reason: str) -> Uninterpreted:
        text = row.first((*self.rules.names.dna, *self.rules.names.protein), self.rules.absent)
        record = self._record(row, text or "?")
        return Uninterpreted(record=record, code="not_understood", reason=reason, row=row.line, open=True)

    def _exons(self, row: ListLine, event: ExonEvent) -> Uninterpreted:
        text = row.first(self.rules.names.dna, self.rules.absent) or event.hgvs_c
        record, lost = self._record(row, text), event.kind == "deletion"
        return Uninterpreted(
            record=record,
            code="exons",
            reason=self.rules.reasons.exons[event.kind].text(event.numbers, of=event.exons),
            deletion=lost,
            hgvs_c=event.hgvs_c,
            start=event.start,
            end=event.end,
            row=row.line,
            counted=lost and not record.filters,
        )


def _phase(row: ListLine, stated: StatedAllele) -> Phase | None:
    """Molecules of a bracketed name, within its row."""
    if stated.molecule is None:
        return None
    copies, phase_set = range(max(2, stated.molecule + 1)), f"row {row.line}"
    return Phase(
        genotype="|".join("1" if i == stated.molecule else "0" for i in copies),
        phased=True,
        phase_set=phase_set,
        haplotypes=(stated.molecule,),
        ploidy=len(copies),
        source="name",
        carrying=(f"{phase_set}:{stated.molecule}",),
        free=tuple(f"{phase_set}:{i}" for i in copies if i != stated.molecule),
    )


def renamed(sample: ListedSample, name: str) -> ListedSample:
    """The sample under the name its report gets."""
    return replace(sample, candidates=tuple(replace(c, sample=name) for c in sample.candidates))

"""Recognising the platform of reads: by what the file states, the reads' form, and the sample's own errors.

A read group may state anything (many pipelines write ILLUMINA whatever they are given): what the reads themselves
show goes before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pysam
from msgspec import Struct
from msgspec.structs import replace

from tp53annot.calling.arrays import BASES, Floats, codes_of
from tp53annot.calling.pileup import Pileup
from tp53annot.core.locus import Reference
from tp53annot.core.platform import Platform
from tp53annot.knowledge.rules.reads.platform import PlatformRules

_SKIP, _PAIRED = 3, 0x1
_MISMATCH_FLOOR = 1e-6  # of a sample without a mismatch
_UNKNOWN = "unknown"


class Told(Struct, frozen=True, kw_only=True):
    """A platform, and what tells it, in words."""

    name: str
    source: str


class OwnIndels(Struct, frozen=True, kw_only=True):
    """One-base insertions and deletions, and mismatches, per base; without the places that may hold a change.

    Attributes:
        indels: rate.
        mismatches: rate.
        bases: bases they were seen among.
    """

    indels: float
    mismatches: float
    bases: int

    @classmethod
    def of(cls, pileup: Pileup, reference: Reference, left_out: float) -> OwnIndels:
        """Of counted reads; ``left_out``: share (0..1) of the places, the highest, that are left out."""
        depth = pileup.depth.astype(float)
        codes = codes_of(reference.bases(pileup.start, pileup.start + pileup.length - 1))
        totals = pileup.bases.sum(axis=0).astype(float)
        same = np.zeros(pileup.length)
        for b in range(len(BASES)):
            same[codes == b] = totals[b, codes == b]
        slipped = np.zeros(pileup.length)
        for change, count in pileup.indels.items():
            at = change.pos - pileup.start
            if abs(change.net) == 1 == min(len(change.ref), len(change.alt)) and 0 <= at < pileup.length:
                slipped[at] += count.total
        covered = depth > 0
        wrong = (totals.sum(axis=0) - same)[covered]
        return cls(
            indels=_rate(slipped[covered], depth[covered], left_out),
            mismatches=_rate(wrong, depth[covered], left_out),
            bases=int(depth.sum()),
        )

    def slip(self, rules: PlatformRules) -> bool:
        """Whether these are the errors of a machine that loses and gains bases."""
        return self.indels >= rules.indel_errors and self.bases >= rules.indel_bases


def _rate(seen: Floats, depth: Floats, left_out: float) -> float:
    """Errors per base, without the places of the highest share."""
    if not len(seen):
        return 0.0
    kept = np.argsort(seen / depth, kind="stable")[: max(len(seen) - int(np.ceil(left_out * len(seen))), 1)]
    return float(seen[kept].sum() / max(depth[kept].sum(), 1.0))


class PlatformFinder:
    """What the header and the first usable reads of a sample tell.

    Args:
        header: of the file, its lines by kind.
        groups: read groups of the sample; all where ``None``.
        first: the first usable reads on the locus.
        rules: ``rules/calling.toml`` ``[platform]``.
    """

    def __init__(
        self,
        header: Mapping[str, object],
        groups: frozenset[str] | None,
        first: Sequence[pysam.AlignedSegment],
        rules: PlatformRules,
    ) -> None:
        self._rules, self._first = rules, first[: rules.looked_at]
        self._stated = [line for line in _lines(header, "RG") if groups is None or line.get("ID") in groups]
        self._programs = [
            " ".join(str(line.get(k, "")) for k in ("PN", "ID", "CL", "DS")) for line in _lines(header, "PG")
        ]
        lengths = sorted(r.query_length for r in self._first)
        self.long = bool(lengths) and lengths[len(lengths) // 2] >= rules.long

    def platform(self) -> Platform:
        """By header and first reads alone; ``unknown`` where nothing tells."""
        told = list(self._told())
        if not self.long:
            fitting = told
        else:
            fitting = [t for t in told if t.name in self._rules.long_platforms or t.name == "other"]
            fitting.append(self._by_accuracy())
        found = fitting[0] if fitting else Told(name=_UNKNOWN, source="")
        molecule, why = self._molecule()
        source = "; ".join(s for s in (found.source, why) if s) or None
        return Platform(name=found.name, molecule=molecule, source=source, note=self._against(found))

    def _against(self, found: Told) -> str | None:
        """What the file states that does not fit its reads."""
        for stated in self._by_group():
            if stated.name != found.name:
                return self._rules.texts["against"].format(stated=stated.source, found=found.source)
        return None

    def _told(self) -> Iterator[Told]:
        """What tells of a platform, the surest first: names that only one machine gives, tags, the file's own word."""
        yield from self._by_names()
        yield from self._by_tags()
        yield from self._by_group()
        for name, pattern in self._rules.programs.items():
            for text in self._programs:
                if re.search(pattern, text, re.IGNORECASE):
                    yield Told(name=name, source=f"@PG {text.split(' ')[0]}")

    def _by_group(self) -> Iterator[Told]:
        for line in self._stated:
            stated = str(line.get("PL", "")).strip()
            name = self._rules.stated.get(stated.upper())
            if name is not None:
                yield Told(name=self._pacbio(name), source=f"@RG PL:{stated}")

    def _pacbio(self, name: str) -> str:
        """Reads of PacBio that are no consensus are too poor for HiFi."""
        return name if name != "hifi" or self._accurate() else "other"

    def _by_names(self) -> Iterator[Told]:
        for name, pattern in self._rules.names.items():
            fitting = sum(bool(re.search(pattern, r.query_name or "", re.IGNORECASE)) for r in self._first)
            if self._many(fitting):
                yield Told(name=name, source=self._rules.texts["of_names"])

    def _by_tags(self) -> Iterator[Told]:
        for name, tags in self._rules.tags.items():
            for tag in tags:
                if self._many(sum(r.has_tag(tag) for r in self._first)):
                    yield Told(name=self._pacbio(name), source=self._rules.texts["of_tag"].format(tag=tag))

    def _many(self, count: int) -> bool:
        return bool(self._first) and count >= self._rules.carried * len(self._first)

    def _by_accuracy(self) -> Told:
        length = sorted(r.query_length for r in self._first)[len(self._first) // 2]
        return Told(
            name="hifi" if self._accurate() else "ont",
            source=self._rules.texts["of_length"].format(bases=length),
        )

    def _accurate(self) -> bool:
        """Whether the stated qualities are those of HiFi reads."""
        wrong = bases = 0.0
        for read in self._first:
            qualities = read.query_qualities
            if qualities is not None:
                wrong += float((10.0 ** (-np.asarray(qualities, np.float64) / 10.0)).sum())
                bases += len(qualities)
        return bool(bases) and wrong / bases <= 10.0 ** (-self._rules.accurate / 10.0)

    def _molecule(self) -> tuple[str, str]:
        """RNA by spliced reads, the strand of a transcript in a tag, or a program that splices."""
        if not self._first:
            return "unknown", ""
        spliced = sum(any(op == _SKIP for op, _ in r.cigartuples or ()) for r in self._first)
        if spliced and spliced >= self._rules.spliced * len(self._first):
            return "rna", self._rules.texts["of_splicing"].format(spliced=spliced, reads=len(self._first))
        for tag in self._rules.rna_tags:
            shown = sum(
                r.has_tag(tag) and r.get_tag(tag, with_value_type=True)[1] == "A" for r in self._first
            )
            if shown and shown >= self._rules.spliced * len(self._first):
                return "rna", self._rules.texts["of_tag"].format(tag=tag)
        for pattern in self._rules.rna_programs:
            for text in self._programs:
                if re.search(pattern, text, re.IGNORECASE):
                    return "rna", f"@PG {text.split(' ')[0]}"
        return "dna", ""


def by_own_errors(known: Platform, own: OwnIndels, rules: PlatformRules) -> Platform:
    """The platform of short reads as their own errors show it, where nothing or something else was stated.

    Args:
        known: by header and first reads.
        own: errors of all reads.
        rules: ``rules/calling.toml`` ``[platform]``.
    """
    if known.name not in ("illumina", _UNKNOWN) or not own.slip(rules) or known.molecule == "rna":
        return known
    name = "ion" if own.indels >= rules.indel_excess * max(own.mismatches, _MISMATCH_FLOOR) else "ont"
    source = rules.texts["own_errors"].format(indels=own.indels, mismatches=own.mismatches)
    note = (
        rules.texts["against"].format(stated=known.source, found=source) if known.name != _UNKNOWN else None
    )
    return replace(known, name=name, source=source, note=note)


def _lines(header: Mapping[str, object], kind: str) -> list[Mapping[str, object]]:
    lines = header.get(kind, ())
    return [line for line in lines if isinstance(line, Mapping)] if isinstance(lines, list) else []

"""The door to reads (BAM, CRAM): usable bases of fragments on the TP53 locus, counted with numpy.

Duplicates, secondary, supplementary and QC-failed reads are left out, as samtools does; overlapping
mates count once. Nothing is written beside the user's file.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pysam

from tp53annot.bam_header import group_sample, header_of
from tp53annot.call_complex import merge
from tp53annot.call_realign import Cigar, realign
from tp53annot.errors import InputError
from tp53annot.model import Allele, Build
from tp53annot.normalise import normalise
from tp53annot.pileup import FORWARD, REVERSE, IndelCount, Pileup
from tp53annot.reference import Reference

_CODE = np.full(256, 4, np.uint8)
for _i, _base in enumerate(b"ACGT"):
    _CODE[_base] = _i
_MATCH, _INS, _DEL, _SKIP, _SOFT = (0, 7, 8), 1, 2, 3, 4
_END = (-1, 0)
_ON_REFERENCE = (0, 2, 3, 7, 8)
_LEFT_OUT = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
_MAX_QUALITY = 93
_ERROR = 10.0 ** (-np.arange(256) / 10.0)
Rules = Mapping[str, Any]
# An indel in a read: GRCh38 position, REF, ALT, read bases before and after it.
Seen = tuple[int, str, str, int, int]


class ReadsSource:
    """Reads of one file on TP53.

    Raises:
        InputError: unreadable, truncated, wrong build, no chromosome 17, CRAM without reference.
    """

    def __init__(
        self, path: Path, reference: Reference, rules: Rules, *,
        fasta: Path | None = None, assembly: Build | None = None,
    ) -> None:  # fmt: skip
        self.path, self.reference, self.rules = path, reference, rules
        self.name = str(path)
        self._usable = rules["usable"]
        self._file = self._open(fasta)
        self.contig, self.build, self.basis = self._contig(assembly)
        self.remarks: dict[str, str] = {}

    # opening ------------------------------------------------------------------------------

    def _bad(self, cause: str, fix: str) -> InputError:
        return InputError(cause, path=self.name, fix=fix)

    def _open(self, fasta: Path | None) -> pysam.AlignmentFile:
        try:
            with self.path.open("rb") as handle:
                magic = handle.read(4)
        except OSError as error:
            raise self._bad(error.strerror or str(error), "check path and permissions") from error
        if not magic:
            raise self._bad("the file is empty", "produce it again")
        cram = magic == b"CRAM"
        if not cram and magic[:2] != b"\x1f\x8b":
            raise self._bad("is neither BAM nor CRAM", "give a BAM or CRAM file")
        if cram and fasta is None:
            raise self._bad("CRAM needs the genome it was written with", "give it with --reference FASTA")
        if cram and not Path(f"{fasta}.fai").is_file():  # htslib would write one beside the user's file
            raise InputError("the genome has no index", path=f"{fasta}.fai", fix=f"samtools faidx {fasta}")
        index = self._index()
        pysam.set_verbosity(0)
        os.environ["REF_PATH"] = os.devnull  # else htslib may ask a server for CRAM's reference
        try:
            return pysam.AlignmentFile(
                self.name, "rc" if cram else "rb", check_sq=False,
                reference_filename=str(fasta) if fasta else None,
                index_filename=str(index) if index else None,
            )  # fmt: skip
        except (OSError, ValueError, NotImplementedError) as error:
            cause = "the file is truncated" if "truncat" in str(error) or "EOF" in str(error) else str(error)
            raise self._bad(cause.splitlines()[0], "copy or produce the file again") from error

    def _index(self) -> Path | None:
        """An index that is not older than the reads."""
        for name in (
            f"{self.path}.bai",
            f"{self.path}.csi",
            f"{self.path}.crai",
            str(self.path.with_suffix(".bai")),
        ):
            index = Path(name)
            if index.is_file() and index.stat().st_mtime >= self.path.stat().st_mtime - 1:
                return index
        return None

    def _contig(self, assembly: Build | None) -> tuple[str, Build, str]:
        try:
            lines = header_of(self._file).get("SQ", [])
        except ValueError as error:
            raise self._bad(str(error), "produce the file again") from error
        for line in lines:
            name, length = line.get("SN", ""), line.get("LN")
            if not self.reference.is_chromosome(name):
                continue
            by_sum = [
                b for b, info in self.reference.builds.items() if info.md5 == line.get("M5", "").lower()
            ]
            build = by_sum[0] if by_sum else self.reference.build_of_contig(name, length)
            if build is None:
                raise self._bad(
                    f"contig {name} of length {length} is neither GRCh37 nor GRCh38", "align to one of them"
                )
            if assembly is not None and assembly != build:
                raise self._bad(f"the header says {build}, --assembly says {assembly}", "drop --assembly")
            how = "checksum" if by_sum else f"length {length}"
            return name, build, f"header: contig {name} by {how}"
        raise self._bad("the header has no chromosome 17 of human", "give reads aligned to GRCh37 or GRCh38")

    def sample_name(self) -> str | None:
        """The sample of the read groups, when they agree."""
        return group_sample(self._file)

    # reading ------------------------------------------------------------------------------

    def pileup(self, start: int, end: int) -> Pileup:
        """Counts over GRCh38 positions start..end (inclusive)."""
        counter = _Counter(self, Pileup.empty(start, end))
        try:
            for read in self._reads(start, end):
                counter.add(read)
        except (OSError, ValueError, NotImplementedError) as error:
            text = str(error).splitlines()[0]
            cause = "the file is truncated or damaged" if "truncat" in text or "read" in text else text
            raise self._bad(f"{cause} ({text})", "copy or produce the file again") from error
        counter.pileup.remarks = self.remarks | counter.remarks()
        return counter.pileup

    def _reads(self, start: int, end: int) -> Iterator[pysam.AlignedSegment]:
        first = self.reference.to_build(start, self.build) - 1
        last = self.reference.to_build(end, self.build)
        if self._file.has_index():
            yield from self._file.fetch(self.contig, max(first, 0), last)
            return
        self.remarks["no_index"] = self.rules["remarks"]["no_index"]
        tid = self._file.get_tid(self.contig)
        for read in self._file.fetch(until_eof=True):
            if read.reference_id == tid and read.reference_start < last and (read.reference_end or 0) > first:
                yield read


class _Counter:
    """Adds reads to a pileup, mates once."""

    def __init__(self, source: ReadsSource, pileup: Pileup) -> None:
        self.pileup, self.reference = pileup, source.reference
        self.rules = source.rules
        self.offset = source.reference.builds[source.build].offset
        usable = source.rules["usable"]
        self.min_base, self.min_map = usable["min_base_quality"], usable["min_mapping_quality"]
        self.unstated, self.assumed = usable["unstated_mapping_quality"], usable["assumed_base_quality"]
        self.end_bases = source.rules["model"]["end_bases"]
        self._mates: dict[object, list[tuple[int, np.ndarray]]] = {}
        self._alleles: dict[tuple[int, str, str], tuple[int, str, str] | None] = {}
        self._without_quality = self._spliced = self._tags = 0
        self._tag_names: set[str] = set()
        self._ref_codes = _CODE[np.frombuffer(
            self.reference.bases(pileup.start, pileup.start + pileup.length - 1).encode(), np.uint8)]  # fmt: skip

    def add(self, read: pysam.AlignedSegment) -> None:
        """Count one read, if it is usable."""
        if read.flag & _LEFT_OUT or (
            read.mapping_quality < self.min_map and read.mapping_quality != self.unstated
        ):
            return
        sequence = read.query_sequence
        if not sequence or read.cigartuples is None:
            return
        pileup = self.pileup
        pileup.reads += 1
        codes = _CODE[np.frombuffer(sequence.encode(), np.uint8)]
        if read.query_qualities is None:
            qualities = np.full(len(codes), self.assumed, np.uint8)
            self._without_quality += 1
        else:
            qualities = np.asarray(read.query_qualities, np.uint8)
        start, cigar = self._layout(read)
        if self._suspect(read, cigar):
            cigar = merge(
                start - pileup.start, cigar, codes, qualities, self._ref_codes, self.rules["complex"]
            )
        first = max(start - pileup.start, 0)
        last = min(start - pileup.start + sum(n for op, n in cigar if op in _ON_REFERENCE), pileup.length)
        if first >= last:
            return
        # What this read shows from index ``first`` on: 5 = deleted, 254 = not usable, 255 = nothing.
        shown = np.full(last - first, 255, np.uint8)
        quality = np.zeros(last - first, np.uint8)
        near = np.zeros(last - first, bool)
        indels = self._walk(start, cigar, codes, qualities, first, shown, quality, near)
        touched = np.flatnonzero(shown != 255)
        if not touched.size:
            return
        kept = slice(int(touched[0]), int(touched[-1]) + 1)
        low, part, part_quality, part_near = first + kept.start, shown[kept].copy(), quality[kept], near[kept]
        self._once(read, low, part)
        self._count(read, low, part, part_quality, part_near, indels)
        self._note_tags(read)

    def _walk(
        self, start: int, cigar: Cigar, codes: np.ndarray, qualities: np.ndarray, first: int,
        shown: np.ndarray, quality: np.ndarray, near: np.ndarray,
    ) -> list[Seen]:  # fmt: skip
        """Lay the read on arrays that begin at index ``first``; returns its indels (normalised)."""
        at = start - self.pileup.start  # 0-based index into the pileup
        q, size, limit = 0, len(codes), self.pileup.length
        indels: list[Seen] = []
        before = _MATCH[0]
        for (op, length), (after, next_length) in zip(cigar, (*cigar[1:], _END), strict=True):
            if op in _MATCH:
                a, b = max(at, 0), min(at + length, limit)
                if a < b:
                    segment = slice(q + a - at, q + b - at)
                    good = (qualities[segment] >= self.min_base) & (codes[segment] < 4)
                    there = slice(a - first, b - first)
                    shown[there] = np.where(good, codes[segment], 254)
                    quality[there] = qualities[segment]
                    place = np.arange(q + a - at, q + b - at)
                    near[there] = (place < self.end_bases) | (place >= size - self.end_bases)
                at, q = at + length, q + length
            elif op == _INS:
                gone = next_length if after == _DEL else 0
                indels += self._change(at, gone, q, length, codes) if before != _DEL else []
                q += length
            elif op == _DEL:
                shown[max(at - first, 0) : max(min(at + length, limit) - first, 0)] = 5
                new = next_length if after == _INS else 0
                indels += self._change(at, length, q, new, codes) if before != _INS else []
                at += length
            elif op == _SKIP:
                self._spliced += 1
                at += length
            elif op == _SOFT:
                q += length
            before = op
        return indels

    def _suspect(self, read: pysam.AlignedSegment, cigar: Cigar) -> bool:
        """Worth a look for a change written in pieces: an indel with mismatches, or several mismatches."""
        indel = any(op in (_INS, _DEL) for op, _ in cigar)
        edits = read.get_tag("NM") if read.has_tag("NM") else None
        gapped = sum(n for op, n in cigar if op in (_INS, _DEL))
        if edits is None:
            return True
        return int(edits) > gapped if indel else int(edits) >= self.rules["complex"]["mismatches"]

    def _layout(self, read: pysam.AlignedSegment) -> tuple[int, Cigar]:
        """Start (GRCh38, 1-based) and CIGAR, clips explained where they can be."""
        start, cigar = read.reference_start + 1 - self.offset, tuple(read.cigartuples or ())
        if cigar[0][0] != _SOFT and cigar[-1][0] != _SOFT:
            return start, cigar
        return realign(start, cigar, read.query_sequence or "", self.reference, self.rules["realign"])

    def _change(self, at: int, gone: int, q: int, new: int, codes: np.ndarray) -> list[Seen]:
        """``gone`` reference bases from index ``at`` replaced by ``new`` read bases from ``q``."""
        if at < 1 or at + gone >= self.pileup.length or (codes[q : q + new] > 3).any():
            return []
        start = self.pileup.start + at - 1
        ref = self.reference.bases(start, start + gone)
        alt = ref[0] + "".join("ACGT"[c] for c in codes[q : q + new])
        key = self._normal(start, ref, alt)
        return [(*key, q, len(codes) - q - new)] if key else []

    def _normal(self, pos: int, ref: str, alt: str) -> tuple[int, str, str] | None:
        key = (pos, ref, alt)
        if key not in self._alleles:
            try:
                allele = normalise(Allele(pos=pos, ref=ref, alt=alt), self.reference)
                self._alleles[key] = (allele.pos, allele.ref, allele.alt)
            except ValueError:
                self._alleles[key] = None
        return self._alleles[key]

    def _once(self, read: pysam.AlignedSegment, low: int, part: np.ndarray) -> None:
        """Blank what the mate has already shown; where mates disagree neither counts."""
        if not read.is_paired or read.mate_is_unmapped or read.next_reference_id != read.reference_id:
            return
        name = read.query_name
        key: object = name
        if name in (None, "*"):
            ends = (read.reference_start, read.next_reference_start)
            key = (min(ends), max(ends), abs(read.template_length))
        waiting = self._mates.get(key)
        if not waiting:
            if read.next_reference_start >= read.reference_start and read.next_reference_start < (
                read.reference_end or 0
            ):
                self._mates.setdefault(key, []).append((low, part.copy()))
            return
        other_low, other = waiting.pop()
        a, b = max(low, other_low), min(low + len(part), other_low + len(other))
        if a >= b:
            return
        mine, theirs = part[a - low : b - low], other[a - other_low : b - other_low]
        counted = theirs < 6
        clash = counted & (mine < 4) & (theirs < 4) & (mine != theirs)
        if clash.any():
            self._take_back(read, a + np.flatnonzero(clash), theirs[clash])
        mine[counted] = 254

    def _take_back(self, read: pysam.AlignedSegment, index: np.ndarray, codes: np.ndarray) -> None:
        strand = FORWARD if read.is_reverse else REVERSE  # the mate's strand
        self.pileup.bases[strand, codes, index] -= 1
        self.pileup.spans[strand, index] -= 1

    def _count(
        self, read: pysam.AlignedSegment, low: int, part: np.ndarray, quality: np.ndarray, near: np.ndarray,
        indels: list[Seen],
    ) -> None:  # fmt: skip
        strand = REVERSE if read.is_reverse else FORWARD
        pileup = self.pileup
        based = np.flatnonzero(part < 4)
        index, codes = low + based, part[based]
        pileup.bases[strand, codes, index] += 1
        pileup.errors[index] += _ERROR[np.minimum(quality[based], _MAX_QUALITY)]
        ends = near[based]
        pileup.ends[codes[ends], index[ends]] += 1
        covered = low + np.flatnonzero(part < 6)
        pileup.spans[strand, covered] += 1
        if covered.size:
            pileup.stretches.append((int(covered[0]), int(covered[-1]), strand))
        different = index[codes != self._ref_codes[index]]
        if different.size > 1:
            self._pair(different, part, low)
        for pos, ref, alt, before, after in indels:
            place = pos + 1 - pileup.start - low
            if 0 <= place < len(part) and part[place] == 254 and part[max(place - 1, 0)] == 254:
                continue  # the mate has shown it already
            entry = pileup.indels.setdefault((pos, ref, alt), IndelCount())
            if strand == FORWARD:
                entry.forward += 1
            else:
                entry.reverse += 1
            entry.near_end += min(before, after) < self.end_bases
            entry.reads.append((before, after, low, low + len(part) - 1))

    def _pair(self, different: np.ndarray, part: np.ndarray, low: int) -> None:
        for a, b in itertools.pairwise(different):
            if b - a <= 2:
                one, two = int(a), int(b)
                key = (
                    self.pileup.start + one,
                    "ACGT"[part[one - low]],
                    self.pileup.start + two,
                    "ACGT"[part[two - low]],
                )
                self.pileup.pairs[key] = self.pileup.pairs.get(key, 0) + 1

    def _note_tags(self, read: pysam.AlignedSegment) -> None:
        if self.pileup.reads <= 200:
            self._tag_names |= {t for t in ("RX", "MI", "cD", "cE") if read.has_tag(t)}

    def remarks(self) -> dict[str, str]:
        """What the reader must know about these reads."""
        texts, found = self.rules["remarks"], {}
        if self._without_quality:
            found["assumed_quality"] = texts["assumed_quality"].format(quality=self.assumed)
        if self.pileup.reads and self._spliced / self.pileup.reads > self.rules["model"]["rna_n_share"]:
            found["spliced"] = texts["spliced"]
        consensus = sorted(self._tag_names & {"cD", "cE"})
        if consensus:
            found["consensus"] = texts["consensus"].format(tags=", ".join(consensus))
        elif self._tag_names:
            found["umi"] = texts["umi"].format(tags=", ".join(sorted(self._tag_names)))
        return found

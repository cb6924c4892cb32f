"""Simulated reads of nanopore, HiFi and Ion on TP53, with the errors that each platform is known for.

Errors depend on the length of the run of one base that a base stands in (one base lost or gained), on the five bases
around it as the strand that was read has them (each such word errs more or less often, always alike, so that errors
gather at places and on one strand), and on the change (transitions more often). Some reads are chimeras of two molecules.
Reads are aligned by minimap2 to the locus and moved to chromosome 17. Several changes are planted in a sample, each on
molecules of its own.
"""

from __future__ import annotations

import random
import shutil
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TextIO

import numpy as np
import pysam
from msgspec import Struct

from benchmarks.simulate import MAIN, REF, run
from tp53annot.core.allele import Allele, Build

BASES = "ACGT"
_COMPLEMENT = str.maketrans("ACGT", "TGCA")
_FLANK = 60  # bases of an amplicon beyond the coding bases
_WORD = 5


class Profile(Struct, frozen=True, kw_only=True):
    """A platform's reads.

    Attributes:
        name: for tables.
        stated: PL of the read group.
        preset: of minimap2.
        mismatch: wrong bases per base.
        lost: single bases lost per base outside runs.
        gained: single bases gained per base.
        run: share of reads in which a run of four loses or gains a base.
        growth: factor for each base more (or less).
        gains: share of these that gain one.
        uneven: standard deviation of the logarithm of how often words err.
        chimeras: share of the reads that go on with another molecule.
        transitions: share of the mismatches that are transitions.
        quality: stated quality (Phred-scaled) of right bases, its spread, and that of wrong ones.
        size: shortest and longest read of capture.
        amplicon: longest amplicon.
    """

    name: str
    stated: str
    preset: str
    mismatch: float
    lost: float
    gained: float
    run: float
    growth: float
    gains: float
    uneven: float
    chimeras: float
    transitions: float
    quality: tuple[float, float, float]
    size: tuple[int, int]
    amplicon: int


PROFILES = {
    p.name: p
    for p in (
        Profile(
            name="ONT Q10", stated="ONT", preset="map-ont", mismatch=0.030, lost=0.030, gained=0.020, run=0.10,
            growth=1.6, gains=0.3, uneven=0.7, chimeras=0.02, transitions=0.6, quality=(14, 4, 7),
            size=(800, 6000), amplicon=1800,
        ),
        Profile(
            name="ONT Q20", stated="ONT", preset="map-ont", mismatch=0.0035, lost=0.0025, gained=0.0015, run=0.016,
            growth=1.9, gains=0.3, uneven=0.7, chimeras=0.02, transitions=0.6, quality=(26, 7, 12),
            size=(800, 6000), amplicon=1800,
        ),
        Profile(
            name="ONT Q25", stated="ONT", preset="map-ont", mismatch=0.0011, lost=0.0007, gained=0.0004, run=0.007,
            growth=1.9, gains=0.3, uneven=0.7, chimeras=0.02, transitions=0.6, quality=(31, 7, 14),
            size=(800, 6000), amplicon=1800,
        ),
        Profile(
            name="HiFi", stated="PACBIO", preset="map-hifi", mismatch=0.0001, lost=0.00005, gained=0.00005,
            run=0.0025, growth=1.9, gains=0.45, uneven=0.5, chimeras=0.005, transitions=0.5, quality=(36, 5, 18),
            size=(2000, 9000), amplicon=1800,
        ),
        Profile(
            name="Ion", stated="IONTORRENT", preset="sr", mismatch=0.0008, lost=0.0007, gained=0.0005, run=0.012,
            growth=2.0, gains=0.45, uneven=0.8, chimeras=0.002, transitions=0.5, quality=(28, 4, 17),
            size=(110, 280), amplicon=190,
        ),
    )
}  # fmt: skip


class Planted(Struct, frozen=True, kw_only=True):
    """A change on GRCh38, the VAF asked for, and its kind."""

    allele: Allele
    vaf: float
    kind: str


class Sample(Struct, frozen=True, kw_only=True):
    """A simulated sample: its reads, and for each change the share of the molecules over it that carry it."""

    bam: Path
    realised: dict[Allele, float]


def exons() -> list[tuple[int, int]]:
    """Coding parts of exons 2 to 11 with the splice bases, GRCh38."""
    return [(a - 2, b + 2) for a, b in sorted(MAIN.model.cds)]


def amplicons(longest: int) -> list[tuple[int, int]]:
    """Amplicons over the coding exons, several exons in one where they fit, overlapping tiles of longer exons."""
    found: list[tuple[int, int]] = []
    for low, high in exons():
        a, b = low - _FLANK, high + _FLANK
        if found and b - found[-1][0] < longest:
            found[-1] = (found[-1][0], b)
            continue
        step = longest - 2 * _FLANK
        while b - a > longest:
            found.append((a, a + longest - 1))
            a += step
        found.append((a, b))
    return found


@lru_cache(maxsize=8)
def _word_factors(uneven: float, salt: int) -> np.ndarray:
    """How much more often than on the whole each word of five bases errs; 1 on average."""
    rng = np.random.default_rng(salt)
    return np.asarray(np.exp(rng.normal(-uneven * uneven / 2, uneven, 4**_WORD)))


class _Rates(Struct, frozen=True, kw_only=True):
    """Chances at each base of a molecule, as one strand is read (5' to 3' of that strand)."""

    codes: np.ndarray
    mismatch: np.ndarray
    lost: np.ndarray
    gained: np.ndarray


def _rates(sequence: str, profile: Profile) -> _Rates:
    codes = np.frombuffer(sequence.encode(), np.uint8)
    codes = np.searchsorted(np.frombuffer(BASES.encode(), np.uint8), codes)
    padded = np.concatenate([[0, 0], codes, [0, 0]])
    words = sum(padded[i : i + len(codes)] * 4**i for i in range(_WORD))
    salt = zlib.crc32(profile.name.encode())
    mismatch = profile.mismatch * _word_factors(profile.uneven, salt)[words]
    slip = _word_factors(profile.uneven / 2, salt + 1)[words]
    change = np.flatnonzero(np.diff(codes)) + 1
    begins = np.concatenate([[0], change])
    sizes = np.diff(np.concatenate([begins, [len(codes)]]))
    lost, gained = np.zeros(len(codes)), np.zeros(len(codes))
    by_run = np.minimum(profile.run * profile.growth ** (sizes - 4.0), 0.4) * (sizes > 1)
    lost[begins] = (by_run * (1 - profile.gains) + profile.lost) * slip[begins]
    gained[begins] = (by_run * profile.gains + profile.gained) * slip[begins]
    return _Rates(
        codes=codes, mismatch=mismatch, lost=np.minimum(lost, 0.45), gained=np.minimum(gained, 0.45)
    )


def _read(
    rates: _Rates, first: int, last: int, profile: Profile, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Codes and qualities of a read of bases ``first``..``last - 1`` of a molecule."""
    part = slice(first, last)
    codes, size = rates.codes[part].copy(), last - first
    wrong = rng.random(size) < rates.mismatch[part]
    at = np.flatnonzero(wrong)
    if at.size:
        # A<->G and C<->T are two codes apart.
        step = np.where(rng.random(at.size) < profile.transitions, 2, rng.choice((1, 3), at.size))
        codes[at] = (codes[at] + step) % 4
    mean, spread, low = profile.quality
    qualities = rng.normal(mean, spread, size)
    qualities[at] = rng.normal(low, spread, at.size)
    kept = rng.random(size) >= rates.lost[part]
    gained = kept & (rng.random(size) < rates.gained[part])
    times = kept.astype(np.int64) + gained
    near = np.roll(~kept, 1) | gained  # a lost or gained base lowers what stands beside it
    qualities[near] = rng.normal(low, spread, int(near.sum()))
    codes, qualities = np.repeat(codes, times), np.repeat(qualities, times)
    stray = np.flatnonzero(rng.random(len(codes)) < rates.gained[part].min() / 3)
    codes = np.insert(codes, stray, rng.integers(0, 4, stray.size))
    qualities = np.insert(qualities, stray, rng.normal(low, spread, stray.size))
    return codes, np.clip(np.rint(qualities), 3, 50).astype(np.int64)


class _Molecules:
    """The wild type and each change, on a stretch, as either strand is read."""

    def __init__(self, low: int, high: int, planted: Sequence[Planted], profile: Profile) -> None:
        self.low, self.high = low, high
        self.inside = [p for p in planted if low < p.allele.pos and p.allele.end < high]
        self._profile = profile
        self._known: dict[tuple[int, int], _Rates] = {}

    def rates(self, which: int, strand: int) -> _Rates:
        """Of the change number ``which`` (-1: wild type)."""
        if (which, strand) not in self._known:
            text = REF.bases(self.low, self.high)
            if which >= 0:
                a = self.inside[which].allele
                text = REF.bases(self.low, a.pos - 1) + a.alt + REF.bases(a.end + 1, self.high)
            if strand:
                text = text.translate(_COMPLEMENT)[::-1]
            self._known[which, strand] = _rates(text, self._profile)
        return self._known[which, strand]


def make_sample(
    folder: Path, name: str, profile: Profile, design: str, planted: Sequence[Planted], depth: int, seed: int,
    stretch: tuple[int, int] | None = None,
) -> Sample:  # fmt: skip
    """Simulate, align and index; ``design`` is ``amplicon`` or ``capture``, ``stretch`` the only amplicon."""
    rng, work = np.random.default_rng(seed), folder / f"{name}.work"
    work.mkdir(parents=True)
    parts = [stretch] if stretch else amplicons(profile.amplicon)
    whole = [(min(a for a, _ in parts) - 1500, max(b for _, b in parts) + 1500)]
    seen: dict[Allele, list[int]] = {p.allele: [0, 0] for p in planted}
    fastq = work / "reads.fq"
    with fastq.open("w") as out:
        for number, (low, high) in enumerate(parts if design == "amplicon" else whole):
            molecules = _Molecules(low, high, planted, profile)
            for n, (first, last) in enumerate(_places(low, high, design, profile, depth, rng)):
                _write(out, f"{name}_{number}_{n}", molecules, first, last, profile, rng, seen)
    sam = work / "aligned.sam"
    run(
        "minimap2", "-ax", profile.preset, "-R", rf"@RG\tID:g\tSM:S\tPL:{profile.stated}", str(_locus(folder)),
        str(fastq), stdout=sam,
    )  # fmt: skip
    bam = _moved(sam, folder / f"{name}.bam")
    shutil.rmtree(work)
    return Sample(bam=bam, realised={a: n[0] / max(sum(n), 1) for a, n in seen.items()})


def _places(
    low: int, high: int, design: str, profile: Profile, depth: int, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """First index and index behind the last of each read on the molecules of a stretch."""
    span = high - low + 1
    if design == "amplicon":
        return [(0, span)] * depth
    found, covered = [], 0
    while covered < depth * (span - profile.size[0]):
        size = int(rng.integers(*profile.size))
        first = int(rng.integers(-size + 500, span - 500))
        a, b = max(first, 0), min(first + size, span)
        found.append((a, b))
        covered += b - a
    return found


def _write(
    out: TextIO, name: str, molecules: _Molecules, first: int, last: int, profile: Profile, rng: np.random.Generator,
    seen: Mapping[Allele, list[int]],
) -> None:  # fmt: skip
    """One read: of the wild type or of one change, of either strand, perhaps a chimera."""
    low = molecules.low
    which, draw = -1, rng.random()
    for n, planted in enumerate(molecules.inside):
        draw -= planted.vaf
        if draw < 0:
            which = n
            break
    for n, planted in enumerate(molecules.inside):
        if low + first + 10 < planted.allele.pos and planted.allele.end < low + last - 10:
            seen[planted.allele][0 if n == which else 1] += 1
    strand = int(rng.integers(0, 2))
    rates = molecules.rates(which, strand)
    size = len(rates.codes)
    longer = size - (molecules.high - low + 1)
    last = last + longer if last == molecules.high - low + 1 else last
    if strand:
        first, last = size - last, size - first
    codes, qualities = _read(rates, max(first, 0), min(last, size), profile, rng)
    if rng.random() < profile.chimeras:
        other = molecules.rates(-1, int(rng.integers(0, 2)))
        begin = int(rng.integers(0, max(len(other.codes) - 50, 1)))
        more = _read(other, begin, min(begin + len(codes), len(other.codes)), profile, rng)
        cut = int(rng.integers(len(codes) // 4, len(codes)))
        codes, qualities = np.concatenate([codes[:cut], more[0]]), np.concatenate([qualities[:cut], more[1]])
    text = np.frombuffer(BASES.encode(), np.uint8)[codes].tobytes().decode()
    out.write(f"@{name}\n{text}\n+\n{(qualities + 33).astype(np.uint8).tobytes().decode()}\n")


def _locus(folder: Path) -> Path:
    path = folder / "locus.fa"
    if not path.is_file():
        path.write_text(f">locus\n{REF.sequence}\n")
    return path


def _moved(sam: Path, target: Path) -> Path:
    """The alignments on chromosome 17 of GRCh38, sorted and indexed."""
    shift, loose = REF.to_build(REF.start, Build.GRCH38) - 1, sam.with_name("moved.bam")
    with pysam.AlignmentFile(str(sam)) as source:
        header = source.header.to_dict()
        header["SQ"] = [{"SN": "chr17", "LN": REF.builds[Build.GRCH38].length}]
        with pysam.AlignmentFile(str(loose), "wb", header=header) as out:
            for read in source:
                if read.is_unmapped:
                    continue
                read.reference_start += shift
                read.set_tag("SA", None)
                out.write(read)
    pysam.sort("-o", str(target), str(loose))
    pysam.index(str(target))
    return target


# changes -------------------------------------------------------------------------------------


def random_changes(kinds: Sequence[str], vafs: Sequence[float], rng: random.Random) -> list[Planted]:
    """One change in each coding exon (or less), in random order of kinds and VAFs."""
    found = []
    wide = [(a, b) for a, b in sorted(MAIN.model.cds) if b - a > 40]
    rng.shuffle(wide)
    for (low, high), kind, vaf in zip(wide, kinds, vafs, strict=False):
        found.append(Planted(allele=_change(kind, low, high, rng), vaf=vaf, kind=kind))
    return found


def _change(kind: str, low: int, high: int, rng: random.Random) -> Allele:
    while True:
        pos = rng.randrange(low + 2, high - 12)
        ref = REF.bases(pos, pos)
        size = rng.randint(1, 12)
        if kind == "snv":
            return Allele(pos=pos, ref=ref, alt=rng.choice([b for b in BASES if b != ref]))
        if kind == "mnv":
            old = REF.bases(pos, pos + rng.randint(1, 2))
            return Allele(
                pos=pos, ref=old, alt="".join(rng.choice([b for b in BASES if b != o]) for o in old)
            )
        if kind == "del":
            found = Allele(pos=pos, ref=REF.bases(pos, pos + size), alt=ref)
        elif kind == "ins":
            new = "".join(rng.choice(BASES) for _ in range(size))
            found = Allele(pos=pos, ref=ref, alt=ref + new)
        elif kind == "event":
            size = rng.randint(50, 400)
            if rng.random() < 0.5:
                found = Allele(pos=pos, ref=REF.bases(pos, pos + size), alt=ref)
            else:
                found = Allele(pos=pos, ref=ref, alt=ref + REF.bases(pos + 1, pos + size))
            return found
        else:
            raise ValueError(kind)
        if not beside_run(found):
            return found


def beside_run(allele: Allele, length: int = 4) -> bool:
    """Whether a change stands in, beside, or makes a run of one base of so many or more."""
    around = REF.bases(allele.pos - 3, allele.end + 4)
    after = REF.bases(allele.pos - 3, allele.pos - 1) + allele.alt + REF.bases(allele.end + 1, allele.end + 4)
    return any(base * length in text for text in (around, after) for base in BASES)

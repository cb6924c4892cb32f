"""Reads of one molecule made one: copies that share a UMI, or the ends of their fragment, and their consensus."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pysam
from msgspec import Struct, field

from tp53annot.calling.cigar import HARD_CLIP, MATCHES, SOFT_CLIP
from tp53annot.calling.molecules.consensus import consensus
from tp53annot.calling.molecules.duplication import FragmentEnds, hidden_molecules, one_end, shared_out
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.umi import Umis, misread
from tp53annot.reads.usable import faces_mate

_PAIRED, _MATE_UNMAPPED, _REVERSE, _MATE_REVERSE = 0x1, 0x8, 0x10, 0x20
_READ_TWO, _DUPLICATE = 0x80, 0x400
_CLIPS = (SOFT_CLIP, HARD_CLIP)
_LEADING, _TRAILING = re.compile(r"^(?:\d+H)?(\d+)S"), re.compile(r"(\d+)S(?:\d+H)?$")
_SAME_NUMBER = 4096  # bases within which a molecule's number stands for one molecule
# What tells a fragment's ends: its lower and its upper one, or one end, strand and place of a mate that faces nothing.
FragmentPlace = tuple[int, ...]
# A molecule's reads of one side: number of the molecule, strand, and whether it is the second of two on one strand.
_Side = tuple[int, int, bool]


class _Fragment(Struct):
    """A read, or two of one name.

    Attributes:
        name: of its reads.
        place: its ends.
        umi: as stated.
        molecule: the number of its molecule, once that is known.
    """

    name: str
    place: FragmentPlace
    umi: str | None
    molecule: int = -1


class MoleculeTable(Struct):
    """Which molecule each fragment of a file stems from.

    Attributes:
        fragments: by what the reads of each share.
        molecules: how many there are.
        reads: reads in all.
    """

    fragments: dict[object, _Fragment] = field(default_factory=dict)
    molecules: int = 0
    reads: int = 0


class _Shape(NamedTuple):
    """What reads of one molecule that can be compared base by base have in common: where and how they are aligned."""

    end: int
    operations: tuple[tuple[int, int], ...]


def table_of_molecules(
    reads: Iterable[pysam.AlignedSegment], umis: Umis | None, rules: CallingRules
) -> MoleculeTable:
    """The molecules of reads, by their UMIs where they state any, else by the ends of fragments.

    Args:
        reads: usable ones.
        umis: where they state UMIs.
        rules: ``rules/calling.toml``.
    """
    table = MoleculeTable()
    for read in reads:
        key = _key(read, table.reads)
        table.reads += 1
        known = table.fragments.get(key)
        if known is None:
            umi = umis.of(read) if umis else None
            table.fragments[key] = _Fragment(read.query_name or "", fragment_ends(read), umi)
        elif len(known.place) > 1:
            known.place = _surer(known.place, read)
    groups = _by_umi(table, umis, rules) if umis else _by_ends(table, rules)
    for number, group in enumerate(groups):
        table.molecules = number + 1
        for fragment in group:
            fragment.molecule = number
    return table


def _key(read: pysam.AlignedSegment, number: int) -> object:
    """What the reads of a fragment share; one without a name is a fragment of its own."""
    name = read.query_name
    return number if name in (None, "*") else name


def fragment_ends(read: pysam.AlignedSegment) -> FragmentPlace:
    """The ends of a read's fragment, 0-based, clipped bases included: as far as the read tells."""
    own = _own_end(read)
    if not faces_mate(read):
        reverse = bool(read.flag & _REVERSE)
        if read.flag & _PAIRED:
            return (own, reverse, read.next_reference_id, read.next_reference_start)
        return (one_end(own, reverse=reverse),)
    mate = str(read.get_tag("MC")) if read.has_tag("MC") else ""
    if read.flag & _REVERSE:
        clip = _LEADING.search(mate)
        return (read.next_reference_start - (int(clip[1]) if clip else 0), own)
    clip = _TRAILING.search(mate)
    return (own, read.reference_start + abs(read.template_length) - 1 + (int(clip[1]) if clip else 0))


def _own_end(read: pysam.AlignedSegment) -> int:
    """Where the read begins, had its clipped bases been aligned."""
    cigar = read.cigartuples or ()
    if not read.flag & _REVERSE:
        return read.reference_start - sum(n for op, n in cigar[:2] if op in _CLIPS)
    return (read.reference_end or 0) - 1 + sum(n for op, n in cigar[-2:] if op in _CLIPS)


def _surer(place: FragmentPlace, mate: pysam.AlignedSegment) -> FragmentPlace:
    """The ends with the second read's own one, which the first knew from its tags alone."""
    if len(place) != 2 or not faces_mate(mate):
        return place
    return (place[0], _own_end(mate)) if mate.flag & _REVERSE else (_own_end(mate), place[1])


def _by_umi(table: MoleculeTable, umis: Umis, rules: CallingRules) -> Iterator[list[_Fragment]]:
    """Fragments of one molecule together; one without a UMI is alone."""
    groups: dict[tuple[object, ...], list[_Fragment]] = defaultdict(list)
    for number, fragment in enumerate(table.fragments.values()):
        if fragment.umi is None:
            groups["alone", number].append(fragment)
        elif umis.numbered:
            groups[fragment.umi, fragment.place[0] // _SAME_NUMBER].append(fragment)
        else:
            groups[fragment.place].append(fragment)
    for key, group in groups.items():
        if umis.numbered or key[0] == "alone":
            yield group
            continue
        counts = Counter(str(f.umi) for f in group)
        meant, by_umi = misread(counts, rules.umi), defaultdict(list)
        for fragment in group:
            by_umi[meant.get(str(fragment.umi), fragment.umi)].append(fragment)
        yield from by_umi.values()


def _by_ends(table: MoleculeTable, rules: CallingRules) -> Iterator[list[_Fragment]]:
    """Fragments with the same ends together, but as many more molecules as share them by chance."""
    groups: dict[FragmentPlace, list[_Fragment]] = defaultdict(list)
    for fragment in table.fragments.values():
        groups[fragment.place].append(fragment)
    told = sorted(p for p in groups if len(p) < 3)
    sizes = [p[1] - p[0] + 1 if len(p) == 2 else 0 for p in told]
    if not told:
        yield from groups.values()
        return
    ends = FragmentEnds(start=np.array([p[0] for p in told]), size=np.maximum(np.array(sizes), 0))
    copies = np.array([len(groups[p]) for p in told])
    further = shared_out(hidden_molecules(ends, rules.duplicates), copies)
    for place, more in zip(told, further.tolist(), strict=True):
        group = sorted(groups.pop(place), key=lambda f: f.name)
        for n in range(more + 1):
            yield group[n :: more + 1]
    yield from groups.values()


def molecule_reads(
    reads: Callable[[], Iterable[pysam.AlignedSegment]], table: MoleculeTable, rules: CallingRules
) -> Iterator[pysam.AlignedSegment]:
    """One read of each side of each molecule, not in order of position.

    Args:
        reads: gives the reads of the table again, in the same order.
        table: their molecules.
        rules: ``rules/calling.toml``.
    """
    expected: Counter[_Side] = Counter()
    names: dict[int, str] = {}
    for number, read in enumerate(reads()):
        fragment = table.fragments[_key(read, number)]
        expected[_side(read, fragment)] += 1
        names[fragment.molecule] = min(names.get(fragment.molecule, fragment.name), fragment.name)
    waiting: dict[_Side, list[pysam.AlignedSegment]] = defaultdict(list)
    for number, read in enumerate(reads()):
        fragment = table.fragments[_key(read, number)]
        side = _side(read, fragment)
        waiting[side].append(read)
        if len(waiting[side]) == expected[side]:
            one = _one_read(waiting.pop(side), rules)
            one.query_name = names[fragment.molecule] or "*"
            one.flag &= ~_DUPLICATE
            yield one


def _side(read: pysam.AlignedSegment, fragment: _Fragment) -> _Side:
    second = bool(read.flag & _READ_TWO) and not faces_mate(read)
    return fragment.molecule, read.flag & _REVERSE, second


def _one_read(reads: Sequence[pysam.AlignedSegment], rules: CallingRules) -> pysam.AlignedSegment:
    """The consensus of a molecule's reads that most are aligned like; a single read as it is."""
    if len(reads) == 1:
        return reads[0]
    alike: dict[_Shape, list[pysam.AlignedSegment]] = defaultdict(list)
    for read in reads:
        alike[_shape(read)].append(read)
    chosen = max(alike.values(), key=len)
    template = max(chosen, key=lambda r: (r.query_alignment_length, r.query_length))
    if len(chosen) == 1:
        return template
    reverse = bool(template.flag & _REVERSE)
    assumed = chr(rules.usable.assumed_base_quality + 33)
    bases, qualities = consensus(
        [r.query_sequence or "" for r in chosen],
        [r.query_qualities_str or assumed * r.query_length for r in chosen],
        rules.duplicates.most_quality,
        from_right=reverse,
    )
    size = template.query_length
    part = slice(-size, None) if reverse else slice(size)
    template.query_sequence = bases[part]
    template.query_qualities = pysam.qualitystring_to_array(qualities[part])
    return template


def _shape(read: pysam.AlignedSegment) -> _Shape:
    """Where the read begins and its operations, without the last one, which ends where the read was cut."""
    operations = list(read.cigartuples or ())
    reverse = bool(read.flag & _REVERSE)
    if not reverse:
        operations.reverse()
    while operations and operations[0][0] in _CLIPS:
        operations.pop(0)
    if operations and operations[0][0] in MATCHES:
        operations[0] = (operations[0][0], 0)
    return _Shape((read.reference_end or 0) if reverse else read.reference_start, tuple(operations))

"""From reads to counts: molecules told apart first, then counted, then changes counted anew by sequence."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import pysam
from msgspec.structs import replace

from tp53annot.calling.arrays import Counts
from tp53annot.calling.clusters import clusters
from tp53annot.calling.echoes import echoes
from tp53annot.calling.fragments import shares
from tp53annot.calling.molecules.duplication import has_duplicates
from tp53annot.calling.pileup import LongGroup, Pileup, ReadChange
from tp53annot.calling.slip_noise import SlipNoise
from tp53annot.calling.splicing.junctions import KnownJunctions
from tp53annot.core.molecules import Molecules
from tp53annot.core.platform import Platform
from tp53annot.knowledge.rules.reads.calling import CallingRules
from tp53annot.reads.counter import ReadCounter
from tp53annot.reads.counting.unlike import UnlikeMolecules
from tp53annot.reads.left_out import LeftOut
from tp53annot.reads.locus_reads import LocusReads
from tp53annot.reads.molecules import molecule_reads, table_of_molecules
from tp53annot.reads.platform import OwnIndels, PlatformFinder, by_own_errors
from tp53annot.reads.read_table import table_of_reads
from tp53annot.reads.spliced.junction_reads import junction_counts
from tp53annot.reads.spliced.recognition import with_molecule
from tp53annot.reads.spliced.transcript_laying import TranscriptLaying
from tp53annot.reads.straight.long_indels import long_groups
from tp53annot.reads.straight.straightening import Straightener
from tp53annot.reads.straight.survey import Survey, WrittenForms, rules_of_slips
from tp53annot.reads.umi import Umis, are_consensus, find_umis
from tp53annot.reads.usable import usable


class LocusCounter:
    """Counts the reads of one sample on a stretch.

    Args:
        reads: by place.
        start: first GRCh38 position, 1-based.
        end: last one, inclusive.
        rules: ``rules/calling.toml``.

    Attributes:
        left_out: reads that do not count.
    """

    def __init__(self, reads: LocusReads, start: int, end: int, rules: CallingRules) -> None:
        self.reads, self.start, self.end, self.rules = reads, start, end, rules
        self.left_out = LeftOut()
        self._long: tuple[LongGroup, ...] = ()
        self._unlike: UnlikeMolecules | None = None
        self._slips = False  # whether errors shift the ends of reads, too
        self._known = Platform(name="unknown", molecule="unknown", source=None)

    def pileup(self, extra: Iterable[ReadChange] = ()) -> Pileup:
        """The counts of molecules; ``extra`` changes are counted by sequence.

        Raises:
            OSError, ValueError: damaged.
            UngroupedReadError: a read is of no sample, where there are several.
        """
        first = self._first()
        header, slips = self.reads.file.header.to_dict(), self.rules.slips
        known = self._known = PlatformFinder(header, self.reads.groups, first, self.rules.platform).platform()
        noise, as_filed = None, self.reads
        found = self._unspliced(first)
        if found is None:
            junctions = KnownJunctions(self.reads.reference)
            known = self._known = with_molecule(known, self.reads, junctions, self.rules)
            if known.molecule == "rna":
                self.reads = TranscriptLaying(self.reads, self.start, self.end, junctions, self.rules).reads()
            as_filed = self.reads
            noise = self._straighten() if known.name in slips.platforms else None
            found = self._of_molecules(first)
        own = OwnIndels.of(found, self.reads.reference, self.rules.platform.left_out)
        shown = known if noise else by_own_errors(known, own, self.rules.platform)
        if noise is None and found.reads and own.slip(self.rules.platform):
            self.reads, self.left_out, self._unlike = as_filed, LeftOut(), None
            noise = self._straighten()
            found = self._of_molecules(first)
        found.platform, found.noise, found.long_groups = self._noted(shown), noise, self._long
        self._by_sequence(found, extra)
        offset = self.reads.reference.builds[self.reads.build].offset
        unlike = 0 if found.unsure is None else found.unsure
        found.unsure = self._unsure(found, offset) + unlike
        if found.rna:
            found.junctions = junction_counts(self.reads.fetch(self.start, self.end), offset, self.rules)
        return found

    def _unsure(self, found: Pileup, offset: int) -> Counts:
        """Molecules that do not count for their mapping quality; their copies are as many as those of the others."""
        reads, told = self.left_out.unsure_over(found.start, found.length, offset), found.molecules
        if told is None or told.counted_by not in ("umi", "ends") or not told.reads:
            return reads
        return np.asarray(reads * (found.reads / told.reads), np.int32)

    def _unspliced(self, first: Sequence[pysam.AlignedSegment]) -> Pileup | None:
        """Counts of DNA, where reads are counted as they are filed and hardly one is spliced.

        ``None``: whether they are RNA's is to be asked before they are counted. That takes a pass over the reads for
        each of some introns, and cannot be answered with yes where so few have a skip at all.
        """
        if self._known.molecule == "rna" or self._known.name in self.rules.slips.platforms:
            return None
        umis, consensus = find_umis(first, self.rules.umi), are_consensus(first, self.rules.umi)
        if umis is not None and (umis.numbered or not consensus):
            return None
        counter = self._counter()
        coming = self.reads.fetch(self.start, self.end)
        while counter.take(coming):
            if counter.skipping >= self.rules.splicing.fewest:
                self.left_out = LeftOut()
                return None
        return self._told_apart(*self._like(counter.finish(), counter), consensus=consensus)

    def _noted(self, platform: Platform) -> Platform:
        """What it means that the reads slip."""
        if not self._slips:
            return platform
        notes = (platform.note, self.rules.platform.texts["slips"])
        return replace(platform, note=" ".join(note for note in notes if note))

    def _straighten(self) -> SlipNoise:
        """Lay the reads straight; how often they lose and gain bases."""
        reads, rules = self.reads, self.rules.slips
        self._slips = True
        offset, normal = reads.reference.builds[reads.build].offset, WrittenForms(reads.reference)
        bases = sum(r.reference_length or 0 for r in self._usable(reads, copies=False))
        step = bases // (rules.depth * (self.end - self.start + 1)) + 1
        some = islice(self._usable(reads, copies=False), 0, None, step)
        survey = Survey.of(some, offset, self.start, self.end, normal, rules.similar_long)
        self._long = long_groups(survey, reads.reference, normal, rules)
        noise = survey.noise(reads.reference, rules)
        kept = survey.beyond_errors(noise, rules)
        again = islice(self._usable(reads, copies=False), 0, None, step)
        self.rules = rules_of_slips(self.rules, again)
        straightener = Straightener(reads.reference, offset, kept, self._long, normal, rules)
        self.reads = reads.copied(straightener.straight(reads.fetch(self.start, self.end)), ordered=True)
        return noise

    def _of_molecules(self, first: Sequence[pysam.AlignedSegment]) -> Pileup:
        """Counts of molecules, by their UMIs or as they are."""
        umis, consensus = find_umis(first, self.rules.umi), are_consensus(first, self.rules.umi)
        if umis is not None and (umis.numbered or not consensus):
            return self._by_umi(umis, consensus=consensus)
        return self._told_apart(*self._count(), consensus=consensus)

    def _first(self) -> list[pysam.AlignedSegment]:
        """The first usable reads, which tell what the file is like."""
        return list(islice(self._usable(self.reads, copies=True), self.rules.umi.looked_at))

    def _usable(self, reads: LocusReads, *, copies: bool) -> Iterator[pysam.AlignedSegment]:
        use = self.rules.usable
        return (r for r in reads.fetch(self.start, self.end) if usable(r, use, copies=copies))

    def _noted_usable(self) -> Iterator[pysam.AlignedSegment]:
        """Usable reads, copies among them; the others are noted."""
        for read in self.reads.fetch(self.start, self.end):
            if usable(read, self.rules.usable, copies=True):
                yield read
            else:
                self.left_out.add(read)

    def _counter(self, unlike: UnlikeMolecules | None = None) -> ReadCounter:
        counts = Pileup.empty(self.start, self.end)
        counts.platform = self._known
        return ReadCounter(self.reads, counts, self.rules, self.left_out, unlike)

    def _count(self) -> tuple[Pileup, ReadCounter]:
        counter = self._counter(self._unlike)
        return self._like(counter.count(self.reads.fetch(self.start, self.end)), counter)

    def _like(self, found: Pileup, counter: ReadCounter) -> tuple[Pileup, ReadCounter]:
        """The counts again without molecules that are not of the gene, where there are many: clips and all."""
        unlike, reads = counter.unlike, self.reads
        if not unlike.enough or unlike is self._unlike:
            return found, counter
        self._unlike = unlike
        offset = reads.reference.builds[reads.build].offset
        others = unlike.without(reads.fetch(self.start, self.end), offset, self.rules.usable)
        self.reads = reads.copied(others, ordered=True)
        counter = self._counter(unlike)
        return counter.count(self.reads.fetch(self.start, self.end)), counter

    def _by_umi(self, umis: Umis, *, consensus: bool) -> Pileup:
        table = table_of_molecules(self._noted_usable(), umis, self.rules)
        if table.molecules == len(table.fragments):
            self.left_out = LeftOut()  # the same reads are counted once more
        else:
            again = functools.partial(self._usable, self.reads, copies=True)
            self.reads = self.reads.copied(molecule_reads(again, table, self.rules))
        found, _ = self._count()
        found.molecules = Molecules(counted_by="umi", reads=table.reads, molecules=table.molecules)
        texts = self.rules.remarks
        place = texts.umi_name if umis.place == "name" else umis.place
        text = texts.consensus if consensus else texts.umi
        found.remarks["umi"] = text.format(place=place, reads=table.reads, molecules=table.molecules)
        return found

    def _told_apart(self, found: Pileup, counter: ReadCounter, *, consensus: bool) -> Pileup:
        """The counts of reads as they are, if each is a molecule; else those of molecules by their ends."""
        traits, duplicates = counter.traits, self.left_out.duplicates
        reads = found.reads + duplicates
        known = found.reads > 0
        if consensus:
            found.molecules = Molecules(counted_by="umi", reads=reads, molecules=traits.fragments)
            found.remarks["umi"] = self.rules.remarks.consensus.format(
                place="", reads=reads, molecules=traits.fragments
            )
        elif self._slips or not traits.ends_tell(found, self.rules):
            told = None if known else 0
            found.molecules = (
                Molecules(counted_by="flags", reads=reads, molecules=traits.fragments)
                if duplicates
                else Molecules(counted_by="none", reads=reads, molecules=told)
            )
        elif has_duplicates(traits.ends(), self.rules.duplicates):
            return self._by_ends(duplicates)
        elif duplicates:
            found.molecules = Molecules(counted_by="flags", reads=reads, molecules=traits.fragments)
        elif traits.single > traits.fragments / 2:  # one end tells duplicates, not that there are none
            found.molecules = Molecules(counted_by="none", reads=reads, molecules=None)
        else:
            found.molecules = Molecules(counted_by="ends", reads=reads, molecules=traits.fragments)
        return found

    def _by_ends(self, flagged: int) -> Pileup:
        """Copies of a molecule are not flagged, but for so many reads: those with the same ends become one."""
        again = functools.partial(self._usable, self.reads, copies=False)
        table = table_of_molecules(again(), None, self.rules)
        self.reads = self.reads.copied(molecule_reads(again, table, self.rules))
        found, _ = self._count()
        reads, texts = table.reads + flagged, self.rules.remarks
        found.molecules = Molecules(counted_by="ends", reads=reads, molecules=table.molecules)
        found.remarks["unflagged"] = (texts.partly_flagged if flagged else texts.unflagged).format(
            flagged=flagged, fragments=len(table.fragments), molecules=table.molecules
        )
        return found

    def _by_sequence(self, found: Pileup, extra: Iterable[ReadChange]) -> None:
        """Count longer changes and what lies beside them by sequence."""
        reference, rules = self.reads.reference, self.rules
        offset = reference.builds[self.reads.build].offset
        found.echoes = echoes(found, reference, rules)
        for cluster in clusters(found, reference, rules, extra):
            reads = self.reads.fetch(cluster.first, cluster.last)
            table = table_of_reads(reads, cluster, offset, rules, found.least_quality)
            found.shares |= shares(cluster, table, reference, rules.haplotype)

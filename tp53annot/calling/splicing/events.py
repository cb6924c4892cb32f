"""Skipped exons, novel junctions and retained introns, by the molecules that show them and those that could."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tp53annot.calling.splicing.counts import JunctionCounts
from tp53annot.calling.splicing.junctions import Junction, KnownJunctions
from tp53annot.core.molecules import EXON_SKIPPED, INTRON_RETAINED, NOVEL_JUNCTION, SplicingEvent
from tp53annot.knowledge.rules.reads.splicing import SplicingRules
from tp53annot.names.spliced_rna import IntronPart, retention_name, rna_name
from tp53annot.names.transcript import Transcript


def splicing_events(
    counts: JunctionCounts, known: KnownJunctions, transcript: Transcript, rules: SplicingRules
) -> tuple[SplicingEvent, ...]:
    """What differs from the known transcripts in molecules enough, in the order of the gene.

    Args:
        counts: of one sample.
        known: junctions of the gene.
        transcript: the reference transcript; names are given on it.
        rules: ``rules/calling.toml`` ``[splicing]``.
    """
    finder = _Finder(counts, known, transcript, rules)
    found = [*finder.of_junctions(), *finder.of_introns()]
    return tuple(sorted(found, key=lambda e: (-e.end, -e.start, e.event)))


class _Finder:
    def __init__(
        self, counts: JunctionCounts, known: KnownJunctions, transcript: Transcript, rules: SplicingRules
    ) -> None:
        self._counts, self._known, self._transcript, self._rules = counts, known, transcript, rules
        exons = transcript.model.exons
        self._begins = {high: n for n, (_, high) in enumerate(exons, 1)}  # the gene runs down
        self._ends = {low: n for n, (low, _) in enumerate(exons, 1)}

    def of_junctions(self) -> Iterator[SplicingEvent]:
        """Skipped exons and junctions that no reviewed transcript has."""
        for junction, reads in self._counts.junctions.items():
            skipped = self._skipped(junction)
            if not skipped and (junction in self._known.reviewed or not self._known.canonical(junction)):
                continue
            if not skipped and not self._coding(junction):
                continue
            of = max(self._could(junction, both=bool(skipped)), reads)
            if reads < self._rules.list_reads or reads < self._rules.list_fraction * of:
                continue
            yield SplicingEvent(
                event=EXON_SKIPPED if skipped else NOVEL_JUNCTION,
                exons=skipped or self._beside(junction),
                start=junction.first,
                end=junction.last,
                hgvs_r=self._name(junction),
                reads=reads,
                of=of,
                fraction=reads / of,
            )

    def of_introns(self) -> Iterator[SplicingEvent]:
        """Introns that are not cut out, more of them than of the sample's others."""
        shares = {n: self._kept(j) for n, j in enumerate(self._known.main, 1)}
        fractions = {n: reads / of if of else 0.0 for n, (reads, of) in shares.items()}
        for n, junction in enumerate(self._known.main, 1):
            reads, of = shares[n]
            others = [f for m, f in fractions.items() if m != n and shares[m][1] >= self._rules.list_reads]
            usual = self._rules.retained_excess * (median(others) if others else 0.0)
            if junction in self._known.retained or reads < self._rules.list_reads:
                continue
            if fractions[n] < max(self._rules.retained_fraction, usual):
                continue
            yield SplicingEvent(
                event=INTRON_RETAINED,
                exons=(str(n), str(n + 1)),
                start=junction.first,
                end=junction.last,
                hgvs_r=retention_name(self._transcript, n),
                reads=reads,
                of=of,
                fraction=reads / of,
            )

    def _coding(self, junction: Junction) -> bool:
        """Whether what a junction joins is more than an untranslated end."""
        cds = self._transcript.model.cds
        return junction.first - 1 <= cds[0][1] and junction.last + 1 >= cds[-1][0]

    # counts --------------------------------------------------------------------------------

    def _could(self, junction: Junction, *, both: bool) -> int:
        """Molecules that show either site of a junction, used or run over: on average, or at the site with more."""
        counts = self._counts
        one = counts.at_first(junction.first) + counts.run_on(junction.first)
        two = counts.at_last(junction.last) + counts.run_on(junction.last + 1)
        return round((one + two) / 2) if both else max(one, two)

    def _kept(self, junction: Junction) -> tuple[int, int]:
        """Molecules that run on over the edge of an intron where fewer do, and those that show that edge."""
        counts = self._counts
        edges = (
            (counts.run_on(junction.first), counts.at_first(junction.first)),
            (counts.run_on(junction.last + 1), counts.at_last(junction.last)),
        )
        kept, spliced = min(edges, key=lambda e: (e[0] / max(sum(e), 1), e))
        return kept, kept + spliced

    # names ---------------------------------------------------------------------------------

    def _skipped(self, junction: Junction) -> tuple[str, ...]:
        """Exons left out between two of the main transcript's splice sites."""
        upstream, downstream = self._ends.get(junction.last + 1), self._begins.get(junction.first - 1)
        if upstream is None or downstream is None:
            return ()
        return tuple(str(n) for n in range(upstream + 1, downstream))

    def _beside(self, junction: Junction) -> tuple[str, ...]:
        """The exons that hold the bases beside a junction, or lie next to them."""
        exons = self._transcript.model.exons
        upstream = [n for n, (_, high) in enumerate(exons, 1) if high > junction.last]
        downstream = [n for n, (low, _) in enumerate(exons, 1) if low < junction.first]
        return tuple(dict.fromkeys(str(n) for n in (*upstream[-1:], *downstream[:1])))

    def _name(self, junction: Junction) -> str | None:
        if self._leaves_isoform(junction):
            return None
        offset = self._transcript.last_position
        before, after = offset - (junction.last + 1), offset - (junction.first - 1)
        exon = self._pseudo_exon(junction)
        if exon is not None:
            begin, end = self._transcript.introns[exon[0]]
            return rna_name(self._transcript, begin - 1, end, exon[1])
        return rna_name(self._transcript, before, after) if self._runs_on(junction) else None

    def _runs_on(self, junction: Junction) -> bool:
        """Whether molecules run on from the exons into what a junction adds of an intron."""
        for whole in self._known.main:
            edges = (
                (whole.first, whole.first <= junction.first - 1 <= whole.last),
                (whole.last + 1, whole.first <= junction.last + 1 <= whole.last),
            )
            if any(within and self._counts.run_on(edge) < self._rules.list_reads for edge, within in edges):
                return False
        return True

    def _leaves_isoform(self, junction: Junction) -> bool:
        """Whether a site is another isoform's within an intron of the main transcript: what lies beside is open."""
        theirs = self._known.all - set(self._known.main)
        first = self._intronic(junction.first - 1) and any(junction.first == j.first for j in theirs)
        last = self._intronic(junction.last + 1) and any(junction.last == j.last for j in theirs)
        return first or last

    def _intronic(self, position: int) -> bool:
        return not any(low <= position <= high for low, high in self._transcript.model.exons)

    def _pseudo_exon(self, junction: Junction) -> tuple[int, IntronPart] | None:
        """An exon within an intron (index), where the junctions on both its sides are seen; gene-strand offsets."""
        offset = self._transcript.last_position
        for n, whole in enumerate(self._known.main):
            for other in self._counts.junctions:
                upstream, downstream = max(junction, other), min(junction, other)
                size = upstream.first - 1 - downstream.last
                if (
                    upstream.last == whole.last
                    and downstream.first == whole.first
                    and 0 < size <= self._rules.pseudo_exon
                    and junction not in self._known.all
                    and self._counts.junctions[other] >= self._rules.list_reads
                ):
                    return n, (offset - (upstream.first - 1), offset - downstream.last)
        return None

"""What a reader must know about the reads of a file: no qualities, RNA, UMIs, amplicons."""

from __future__ import annotations

import pysam

from tp53annot.calling.pileup import Pileup
from tp53annot.knowledge.rules.calling import CallingRules

_UMI, _CONSENSUS = {"RX", "MI"}, {"cD", "cE"}
_TAGGED_READS = 200  # the first reads tell whether a file carries these tags


class ReadTraits:
    """Notes what usable reads have in common.

    Attributes:
        without_quality: reads that state no base qualities.
        spliced: skips in alignments, as of introns in RNA.
    """

    def __init__(self) -> None:
        self.without_quality = self.spliced = 0
        self._seen = 0
        self._tags: set[str] = set()

    def add(self, read: pysam.AlignedSegment, qualities: str | None) -> None:
        """Note one read with its qualities, if it states any."""
        self.without_quality += qualities is None
        if self._seen < _TAGGED_READS:
            self._tags |= {t for t in (*_UMI, *_CONSENSUS) if read.has_tag(t)}
        self._seen += 1

    def remarks(self, pileup: Pileup, rules: CallingRules) -> dict[str, str]:
        """The sentences for these reads, by the remark's name.

        Args:
            pileup: all of them, counted.
            rules: ``rules/calling.toml``.
        """
        texts, use, found = rules.remarks, rules.usable, {}
        if self.without_quality:
            found["assumed_quality"] = texts.assumed_quality.format(quality=use.assumed_base_quality)
        if pileup.primers is not None and pileup.primers.most:
            found["amplicons"] = texts.amplicons
        if pileup.firm is not None:
            found["low_quality"] = texts.low_quality.format(
                stated=use.min_base_quality, low=pileup.least_quality
            )
        if pileup.reads and self.spliced / pileup.reads > rules.model.rna_n_share:
            found["spliced"] = texts.spliced
        if consensus := sorted(self._tags & _CONSENSUS):
            found["consensus"] = texts.consensus.format(tags=", ".join(consensus))
        elif self._tags:
            found["umi"] = texts.umi.format(tags=", ".join(sorted(self._tags)))
        return found

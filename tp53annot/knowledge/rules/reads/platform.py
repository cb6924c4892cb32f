"""Table of ``rules/calling.toml`` on the platforms: how they are recognised."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.core.platform import MOLECULES, PLATFORMS
from tp53annot.knowledge.rules.checks import check_fractions


class PlatformRules(Struct, frozen=True, kw_only=True):
    """``[platform]``: what tells the platform of the reads, and whether they are RNA's.

    Patterns are regular expressions, searched for without regard to case.

    Attributes:
        looked_at: first usable reads on the locus that tell.
        carried: share (0..1) of them that must show a tag or a form of name, or be longer than ``long``.
        stated: platform by what ``PL`` of a read group holds (in capitals).
        programs: platform by pattern of a program line (name and command).
        tags: platform by tags of reads, any of which tells.
        names: platform by pattern of the reads' names.
        long: bases from which a read is a long one.
        long_platforms: platforms of long reads.
        accurate: quality (Phred-scaled) that the mean error of long reads corresponds to, from which they are HiFi
            where nothing else tells.
        indel_errors: one-base insertions and deletions per base, of single short reads of which nothing else tells,
            from which they are Ion's or nanopore's.
        indel_bases: bases from which that can be told.
        indel_excess: as many times more indels than mismatches are Ion's, fewer nanopore's.
        left_out: share (0..1) of the places, the highest, that may hold a change and tell nothing of errors.
        rna_programs: patterns of a program line that aligns RNA.
        rna_tags: tags of spliced reads that hold the strand of a transcript (as a character).
        spliced: share (0..1) of the reads that are spliced, from which they are RNA's.
        texts: sentences, by name.
    """

    looked_at: int
    carried: float
    stated: Mapping[str, str]
    programs: Mapping[str, str]
    tags: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    long: int
    long_platforms: tuple[str, ...]
    accurate: float
    indel_errors: float
    indel_bases: int
    indel_excess: float
    left_out: float
    rna_programs: tuple[str, ...]
    rna_tags: tuple[str, ...]
    spliced: float
    texts: Mapping[str, str]

    def __post_init__(self) -> None:
        check_fractions(self, "carried", "indel_errors", "left_out", "spliced")
        named = {*self.stated.values(), *self.programs, *self.tags, *self.names, *self.long_platforms}
        strange = sorted(named - set(PLATFORMS))
        if strange:
            raise ValueError(f"{strange[0]} is none of {', '.join(PLATFORMS)}")
        missing = {f"molecule_{name}" for name in MOLECULES} - self.texts.keys()
        if missing:
            raise ValueError(f"texts has no {min(missing)}")


class SlipRules(Struct, frozen=True, kw_only=True):
    """``[slips]``: reads that lose and gain bases by errors (Ion, nanopore, PacBio).

    Attributes:
        platforms: whose reads do; others where their own errors show it.
        depth: of the reads that tell how often, over the whole locus, about (evenly of all).
        single: stated rate at which a single base outside runs is lost or gained.
        longer: stated rate of insertions and deletions of several kinds of bases.
        growth: stated factor of the rate for each further base of a run.
        step: stated factor for two bases at once, and for three.
        most: highest rate that is reckoned with (0..1).
        fragments: weight of a stated rate beside the sample's own, as fragments seen at it.
        spread: stated variance between runs of a length, as a share of the rate squared.
        spread_prior: expected errors (sum of squares) that weigh as much as the stated spread.
        spread_factor: by what the sample's own spread is raised, because the highest places are left out.
        left_out: share (0..1) of the places, the highest, that may hold a change.
        seen: fewest reads that must show an insertion or deletion for it to stay in the reads.
        share: smallest share (0..1) of the reads of it.
        p: probability (0..1) by errors alone above which it does not stay.
        long: bases from which it always stays.
        similar: bases from which it stays within ``near`` bases of one that stays and is as long, too.
        near: bases.
        similar_long: bases from which those of one place and about one length are taken together.
        mismatch: what a wrong base costs, where an inserted stretch is moved to the left (a right one gives 1).
        drop: by how much the score may fall below the best for this to go on.
        words: share (0..1) of the words of eight bases that two inserted sequences must have in common.
        noise: share (0..1) of the bases of a copied stretch that may be errors.
        least_quality: lowest quality from which bases count, at the least.
        kept_bases: share (0..1) of the bases that must count, so that the lowest quality is lowered down to that.
        background_vaf: as of the error model: VAF (0..1) from which a place tells nothing of errors.
        family_error: as of the error model: false calls expected in the whole target, at most.
        changed_share: smallest share (0..1) of the reads of what is counted by sequence.
        flank: bases compared on either side then.
        strand_share: share (0..1) of the reads that must be on either strand for both to be looked at alone.
        strand_p: probability (0..1) by errors, above which what the rarer strand shows is theirs.
        told_share: share (0..1) of the reads over a place that must tell of a change seen there, and of the threshold from
            which it is looked at.
        run: bases of a run from which one lost or gained base must be assessed at the threshold.
        outside_vaf: VAF (0..1) at which it must be outside such runs.
    """

    platforms: tuple[str, ...]
    depth: int
    single: float
    longer: float
    growth: float
    step: float
    most: float
    fragments: float
    spread: float
    spread_prior: float
    spread_factor: float
    left_out: float
    seen: int
    share: float
    p: float
    long: int
    similar: int
    near: int
    similar_long: int
    mismatch: int
    drop: int
    words: float
    noise: float
    least_quality: int
    kept_bases: float
    background_vaf: float
    family_error: float
    changed_share: float
    flank: int
    strand_share: float
    strand_p: float
    told_share: float
    run: int
    outside_vaf: float

    def __post_init__(self) -> None:
        check_fractions(
            self, "single", "longer", "step", "most", "left_out", "share", "p", "told_share", "outside_vaf"
        )
        check_fractions(
            self,
            "words",
            "noise",
            "kept_bases",
            "background_vaf",
            "changed_share",
            "strand_share",
            "strand_p",
        )

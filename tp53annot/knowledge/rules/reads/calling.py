"""``rules/calling.toml``: which reads count, how deep is deep enough, when a difference is a call."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tp53annot.knowledge.rules.checks import check_fractions
from tp53annot.knowledge.rules.reads.long_events import BridgeRules, LongEventRules
from tp53annot.knowledge.rules.reads.molecules import DuplicateRules, UmiRules
from tp53annot.knowledge.rules.reads.platform import PlatformRules, SlipRules
from tp53annot.knowledge.rules.reads.proof import ProofRules
from tp53annot.knowledge.rules.reads.read_layout import (
    AdapterRules,
    ClipRules,
    ComplexRules,
    EndRules,
    HaplotypeRules,
    PrimerRules,
    RealignRules,
)
from tp53annot.knowledge.rules.reads.splicing import SplicingRules


class UsableRules(Struct, frozen=True, kw_only=True):
    """``[usable]``: which reads and bases count. Qualities are Phred-scaled.

    Attributes:
        min_base_quality: lowest quality of a base that counts.
        low_share: share (0..1) of the bases below which, when fewer reach that, ``low_base_quality`` does for calls.
        low_base_quality: lowest quality of a base then.
        min_mapping_quality: lowest mapping quality of a read that counts.
        unsure_share: share (0..1) of the molecules over a place, or the threshold where that is higher, from which those
            of lower mapping quality may hide a change.
        unsure_molecules: so many of them, at least.
        unstated_mapping_quality: mapping quality that means "not stated" (SAM specification) and is used.
        assumed_base_quality: quality of every base of a read that states none.
    """

    min_base_quality: int
    low_share: float
    low_base_quality: int
    min_mapping_quality: int
    unsure_share: float
    unsure_molecules: int
    unstated_mapping_quality: int
    assumed_base_quality: int

    def __post_init__(self) -> None:
        check_fractions(self, "low_share", "unsure_share")


class UnlikeRules(Struct, frozen=True, kw_only=True):
    """``[unlike]``: molecules that differ from the gene in so many places that they are of something else.

    Attributes:
        places: places at which they differ, at least.
        apart: bases, at most, between two differences of one place.
        share: places a base (0..1), at least.
        deviations: and so many standard deviations more than the errors of the sample's other molecules give.
        molecules: so many of them, at least, are told.
        shared: so many of them, at least, show a base that is theirs.
        kinds: so many such bases, at least, are told.
        known: bases that are theirs, from which a molecule is one of them, too.
        most: bases that are theirs are so for all, where not more than so many times as many others show them.
    """

    places: int
    apart: int
    share: float
    deviations: float
    molecules: int
    shared: int
    kinds: int
    known: int
    most: int

    def __post_init__(self) -> None:
        check_fractions(self, "share")


class BuildRules(Struct, frozen=True, kw_only=True):
    """``[build]``: how the bases of reads tell the build of a contig of unknown length.

    Attributes:
        stretch: first and last position looked at, GRCh38, 1-based inclusive.
        reads: reads compared, at most.
        bases: bases compared, at least.
        share: share (0..1) of them that must be the reference's.
        chromosome: that of the gene, without "chr".
        contigs: lengths of the other chromosomes by build and name, without "chr".
    """

    stretch: tuple[int, int]
    reads: int
    bases: int
    share: float
    chromosome: str
    contigs: Mapping[str, Mapping[str, int]]

    def __post_init__(self) -> None:
        check_fractions(self, "share")


class CoverageRules(Struct, frozen=True, kw_only=True):
    """``[coverage]``: when a base is assessed at a VAF.

    Attributes:
        alt_reads: alternate fragments that must be seen, at least.
        probability: with which they must be (0..1).
        required_exons: exons of NM_000546.6 that must be assessed for "not detected".
        listed_exons: further exons that are listed.
        splice_bases: intronic bases beside each exon that count with it.
        source: citation.
        of_reads, of_depths, of_regions: what a coverage rests on, in words.
    """

    alt_reads: int
    probability: float
    required_exons: tuple[int, ...]
    listed_exons: tuple[int, ...]
    splice_bases: int
    source: str
    of_reads: str
    of_depths: str
    of_regions: str

    def __post_init__(self) -> None:
        check_fractions(self, "probability")


class BlockRules(Struct, frozen=True, kw_only=True):
    """``[blocks]``: when a stretch that a caller states to be reference counts as assessed.

    Attributes:
        min_quality: lowest quality of the genotype (Phred-scaled, inclusive).
        max_odds: highest log10 odds of a change, where a caller states those (inclusive).
        source: citation.
    """

    min_quality: float
    max_odds: float
    source: str


class ErrorModelRules(Struct, frozen=True, kw_only=True):
    """``[model]``: which errors are expected, and what is held against a call. Rates are per base or fragment.

    Attributes:
        error_floor: lowest rate of single-base errors and of one-base indels, per base and strand.
        rare_floor: the same of other changes of several bases.
        least_errors: errors expected at the least of an indel or a change of several bases, fragments.
        end_bases: bases from a read's end that count as end bases.
        family_error: false calls expected in the whole target, at most.
        min_alt_fragments: fewest fragments of a call, unless the user says.
        min_vaf: lowest VAF (0..1) of a call, unless the user says.
        damage_floor: stated rate of C>T, G>A, G>T and C>A.
        background_bases: weight of a stated rate beside the sample's own, as bases seen at it.
        background_vaf: VAF (0..1) from which a place may hold a variant and tells nothing of errors.
        left_out: share (0..1) of the places, the highest, that tell nothing either.
        cpg_places: places in CpG, at least, that tell of their damage.
        cpg_left_out: share (0..1) of them, the highest, that may hold variants.
        cpg_rate: rate of C>T and G>A in CpG from which it is damage.
        cpg_factor: by what it is raised, because the highest places are left out.
        background_factor: by what the sample's own rate is raised, because places differ.
        spread_prior: expected errors (sum of squares) that weigh as much as the stated spread.
        background_depth: depth over other samples from which their rate at a place counts.
        strand_vaf: VAF (0..1) up to which strands and ends of reads are judged.
        strand_min_share: share (0..1) of fragments up to which the rarer strand counts as not seen.
        one_strand_p: chance (0..1) of seeing one strand alone, below which it is held against a call.
        max_end_share: share (0..1) of supporting bases near a read's end from which it is held against a call.
        homopolymer_length: bases of one kind from which they slip.
        repeat_units: units of several bases from which they slip.
        slippage: rate at which the shortest run of one base loses or gains a base.
        slippage_growth: factor for each further base of the run.
        slippage_fragments: weight of that rate beside the sample's own, as fragments seen at it.
        repeat_slippage: rate at which a repeat of several bases loses or gains a unit.
        slippage_step: factor for each further unit lost or gained.
        source: citation.
    """

    error_floor: float
    rare_floor: float
    least_errors: float
    end_bases: int
    family_error: float
    min_alt_fragments: int
    min_vaf: float
    damage_floor: float
    background_bases: int
    background_vaf: float
    left_out: float
    cpg_places: int
    cpg_left_out: float
    cpg_rate: float
    cpg_factor: float
    background_factor: float
    spread_prior: float
    background_depth: int
    strand_vaf: float
    strand_min_share: float
    one_strand_p: float
    max_end_share: float
    homopolymer_length: int
    repeat_units: int
    slippage: float
    slippage_growth: float
    slippage_fragments: int
    repeat_slippage: float
    slippage_step: float
    source: str

    def __post_init__(self) -> None:
        check_fractions(
            self, "error_floor", "rare_floor", "min_vaf", "damage_floor", "background_vaf", "left_out"
        )
        check_fractions(self, "cpg_left_out", "cpg_rate")
        check_fractions(self, "strand_vaf", "strand_min_share", "one_strand_p", "max_end_share")
        check_fractions(self, "slippage", "repeat_slippage", "slippage_step")


class ReadPileRules(Struct, frozen=True, kw_only=True):
    """``[pile]``: the picture of the reads around a variant.

    Attributes:
        margin: bases on either side.
        width: bases in all, at most.
        most: fragments, at most.
    """

    margin: int
    width: int
    most: int


class ForeignRules(Struct, frozen=True, kw_only=True):
    """``[foreign]``: common polymorphisms that may be another person's DNA.

    Attributes:
        population: population frequency (0..1) from which a change is common.
        highest_vaf: VAF (0..1) up to which it is remarked upon.
        text: the remark.
    """

    population: float
    highest_vaf: float
    text: str

    def __post_init__(self) -> None:
        check_fractions(self, "population", "highest_vaf")


class CarryOverRules(Struct, frozen=True, kw_only=True):
    """``[carry_over]``: rare changes that may come from another sample of the run.

    Attributes:
        population: frequency (0..1) in every population below which a change is rare.
        low_vaf: VAF (0..1) up to which it may be carried over.
        high_vaf: VAF (0..1) from which it may be where it comes from.
        text: the remark.
        named: samples that are named, at most.
        more: what follows when there are more.
    """

    population: float
    low_vaf: float
    high_vaf: float
    text: str
    named: int
    more: str

    def __post_init__(self) -> None:
        check_fractions(self, "population", "low_vaf", "high_vaf")


class WhyTexts(Struct, frozen=True, kw_only=True):
    """``[why]``: sentences of the answer of ``call --why``."""

    outside: str
    uncovered: str
    counts: str
    called: str
    not_called: str
    excluded: str
    too_shallow: str


class ListingRules(Struct, frozen=True, kw_only=True):
    """``[report]``: which of what the reads show stands in a report.

    Attributes:
        exon_margin: bases beside the coding exons.
        list_fragments: fragments from which what is not called is listed.
        list_vaf: VAF (0..1) from which it is.
        list_vaf_fragments: fewest fragments of what is listed by its VAF.
        seen_fragments: fragments from which the reads do not contradict a call of the VCF.
    """

    exon_margin: int
    list_fragments: int
    list_vaf: float
    list_vaf_fragments: int
    seen_fragments: int

    def __post_init__(self) -> None:
        check_fractions(self, "list_vaf")


class ReadRemarkTexts(Struct, frozen=True, kw_only=True):
    """``[remarks]``: what a report says of the reads as a whole, and where VCF and reads disagree."""

    only_in_reads: str
    not_in_reads: str
    other_name: str
    no_index: str
    stale_index: str
    amplicons: str
    low_quality: str
    assumed_quality: str
    spliced: str
    umi: str
    umi_name: str
    consensus: str
    unflagged: str
    partly_flagged: str
    unlike: str
    several: str


class NoReadsTexts(Struct, frozen=True, kw_only=True):
    """``[no_reads]``: why a file that can be read shows no usable read on the gene.

    Attributes:
        text: the sentence around a cause.
        empty: no reads at all.
        unmapped: none is aligned.
        elsewhere: all lie elsewhere.
        other_contigs: the header lacks the chromosome.
        foreign_index: an index shows none although the file has some.
        sample: none is of the sample, where there are several.
        left_out: none of those there counts.
        named: contigs that are named, at most.
        most: reads looked through for the cause, at most.
        causes: why single reads do not count, by cause.
    """

    text: str
    empty: str
    unmapped: str
    elsewhere: str
    other_contigs: str
    foreign_index: str
    sample: str
    left_out: str
    named: int
    most: int
    causes: Mapping[str, str]


class CallingRules(Struct, frozen=True, kw_only=True):
    """The file, a field for each of its tables.

    Attributes:
        version: of the file.
        reasons: sentence of each reason against a call, by its name (``tp53annot.calling.reasons``).
    """

    version: str
    usable: UsableRules
    build: BuildRules
    umi: UmiRules
    duplicates: DuplicateRules
    coverage: CoverageRules
    blocks: BlockRules
    model: ErrorModelRules
    proof: ProofRules
    platform: PlatformRules
    slips: SlipRules
    splicing: SplicingRules
    realign: RealignRules
    adapters: AdapterRules
    unlike: UnlikeRules
    primers: PrimerRules
    clips: ClipRules
    long_events: LongEventRules
    bridge: BridgeRules
    ends: EndRules
    complex: ComplexRules
    haplotype: HaplotypeRules
    reasons: Mapping[str, str]
    pile: ReadPileRules
    foreign: ForeignRules
    carry_over: CarryOverRules
    why: WhyTexts
    report: ListingRules
    remarks: ReadRemarkTexts
    no_reads: NoReadsTexts

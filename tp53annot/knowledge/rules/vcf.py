"""``rules/vcf.toml``: on which evidence a VCF's build, the roles of its columns and its nature rest."""

from __future__ import annotations

from msgspec import Struct

from tp53annot.knowledge.rules.checks import check_fractions


class BuildLimits(Struct, frozen=True, kw_only=True):
    """``[build]``.

    Attributes:
        most_chance: chance (0..1) that REF bases agree by accident, below which they prove a build of their own.
        bad_records_per_agreeing: records outside the gene whose REF contradicts the build, for each that agrees, up to
            which (inclusive) they are faults of their own.
        overruling_bases: reference bases, at least, that contradict a header on whose build no record lies on the gene;
            a single one does where it is a coding base of the gene.
    """

    most_chance: float
    bad_records_per_agreeing: float
    overruling_bases: int

    def __post_init__(self) -> None:
        check_fractions(self, "most_chance", "bad_records_per_agreeing")


class BarcodeRule(Struct, frozen=True, kw_only=True):
    """``[[roles.barcode]]``: names whose own grammar says what a sample is.

    Attributes:
        name: of the programme.
        pattern: expression that a whole name fits, with the groups ``patient`` and ``type``.
        tumours: types that are tumours.
        normals: types that are normals.
        source: of the code table.
    """

    name: str
    pattern: str
    tumours: tuple[str, ...]
    normals: tuple[str, ...]
    source: str


class RoleRules(Struct, frozen=True, kw_only=True):
    """``[roles]``: names of columns that say what a sample is.

    Attributes:
        tumour_words, normal_words: a name that is one of them, or two names that differ in nothing else (lower case).
        normal_vaf: VAF (0..1, inclusive) from which a normal without a genotype has an ALT.
        barcode: names with a grammar of their own.
    """

    tumour_words: tuple[str, ...]
    normal_words: tuple[str, ...]
    normal_vaf: float
    barcode: tuple[BarcodeRule, ...]

    def __post_init__(self) -> None:
        check_fractions(self, "normal_vaf")


class CatalogueRule(Struct, frozen=True, kw_only=True):
    """``[[catalogue]]``: files of published variants.

    Attributes:
        name: as people call it.
        line: expression that one of its header lines fits, any case.
        info: INFO fields that it declares, all of them.
        copied: whether annotation brings these fields into files of samples, too.
    """

    name: str
    line: str
    info: tuple[str, ...]
    copied: bool = False


class ObstacleTexts(Struct, frozen=True, kw_only=True):
    """``[obstacles]``: why an allele cannot be named, facts in braces; the field is the code of a report.

    ``no_record`` is of a line that has not the columns of a record (code ``malformed``).
    """

    breakend: str
    symbolic: str
    too_long: str
    ambiguous_base: str
    malformed: str
    beyond_locus: str
    ref_mismatch: str
    no_change: str
    sample_untold: str
    imputed: str
    no_record: str


class CallRemarkTexts(Struct, frozen=True, kw_only=True):
    """``[remarks]``: what a report remarks of a call, facts in braces; the field is the id of the remark.

    ``normal_alone`` is of a genotype without the ALT, too (id ``genotype_reference``). A fraction (0..1) that is further
    from the counts than ``vaf_difference`` disagrees.
    """

    genotype_reference: str
    normal_alone: str
    vaf_disagrees: str
    vaf_difference: float

    def __post_init__(self) -> None:
        check_fractions(self, "vaf_difference")


class VcfRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        build: evidence for a genome build.
        obstacles: why an allele cannot be named.
        remarks: what is remarked of a call.
        roles: columns by name.
        catalogue: files that are no sample's calls.
    """

    version: str
    build: BuildLimits
    obstacles: ObstacleTexts
    remarks: CallRemarkTexts
    roles: RoleRules
    catalogue: tuple[CatalogueRule, ...]

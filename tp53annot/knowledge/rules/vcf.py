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
    """

    most_chance: float
    bad_records_per_agreeing: float

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
        barcode: names with a grammar of their own.
    """

    tumour_words: tuple[str, ...]
    normal_words: tuple[str, ...]
    barcode: tuple[BarcodeRule, ...]


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


class VcfRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        build: evidence for a genome build.
        roles: columns by name.
        catalogue: files that are no sample's calls.
    """

    version: str
    build: BuildLimits
    roles: RoleRules
    catalogue: tuple[CatalogueRule, ...]

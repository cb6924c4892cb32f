"""What a record says about the haplotypes of a call: GT with PS, PGT with PID, HP, and PSL of VCF 4.4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from tp53annot.core.candidate import Phase
from tp53annot.core.text import number

_SIGNED = re.compile(r"([/|]?)([^/|]+)")
_UNSTATED = (".", "")


class Genotype(Struct, frozen=True, kw_only=True):
    """A GT or PGT, split.

    Attributes:
        alleles: allele numbers as text, "." where one is missing.
        phased: of each allele, whether the sign before it is ``|``; a first sign that is left out is ``|`` where all
            others are (VCF 4.4).
        signed: whether a sign of phase stands anywhere.
    """

    alleles: tuple[str, ...]
    phased: tuple[bool, ...]
    signed: bool

    @classmethod
    def of(cls, text: str) -> Genotype:
        """The genotype that a text states.

        >>> Genotype.of("/0|1").phased, Genotype.of("0|1").phased, Genotype.of("0/1").phased
        ((False, True), (True, True), (False, False))
        """
        pairs = _SIGNED.findall(text)
        implied = "/" if any(sign == "/" for sign, _ in pairs) else "|"
        return cls(
            alleles=tuple(allele for _, allele in pairs),
            phased=tuple((sign or implied) == "|" for sign, _ in pairs),
            signed="|" in text,
        )

    def with_alt(self, index: int) -> tuple[int, ...]:
        """Indexes of the alleles that are this ALT (counted from 0)."""
        return tuple(i for i, allele in enumerate(self.alleles) if allele == str(index + 1))


def phases_of(fields: Mapping[str, str], index: int) -> tuple[Phase, ...]:
    """Everything a sample's fields say about the haplotypes of one ALT, what names them first; empty without GT.

    Where PSL stands, it alone speaks: the specification keeps it apart from PS.

    Args:
        fields: the sample's values by FORMAT key.
        index: which ALT, from 0.
    """
    text = fields.get("GT")
    if not text:
        return ()
    genotype = Genotype.of(text)
    listed = _list(fields, "PSL", genotype)
    if listed is not None:
        return (_by_names("PSL", text, genotype, index, listed, _least(fields, "PSQ", genotype, index)),)
    found = (*_physical(fields, text, index), *_read_backed(fields, text, genotype, index))
    own = _by_sets("GT", text, genotype, index, _set_of(fields), _quality(fields.get("PQ")))
    if found and own.phase_set is None:  # the field that names the group says it, not the bare sign
        own = _unnamed(own)
    return tuple(sorted((*found, own), key=lambda phase: not phase.carrying))


def _physical(fields: Mapping[str, str], text: str, index: int) -> Iterator[Phase]:
    """PGT, whose group is PID or PS; without either the group is not named."""
    physical = fields.get("PGT", "")
    if "|" in physical:
        found = _by_sets("PGT", text, Genotype.of(physical), index, _set_of(fields), None)
        yield found if found.phase_set is not None else _unnamed(found)


def _read_backed(fields: Mapping[str, str], text: str, genotype: Genotype, index: int) -> Iterator[Phase]:
    """HP of GATK 3 and WhatsHap: for each allele of GT the group and the number of its copy (``7675088-2``)."""
    names = _list(fields, "HP", genotype)
    if names is not None:
        yield _by_names("HP", text, genotype, index, names, _quality(fields.get("PQ")))


def _by_sets(
    source: str, text: str, genotype: Genotype, index: int, phase_set: str | None, quality: float | None
) -> Phase:
    """Copies named by their place in the genotype, within a phase set."""
    ploidy = len(genotype.alleles)
    named = [f"{phase_set or ''}:{ploidy}:{i}" if phased else "." for i, phased in enumerate(genotype.phased)]
    if phase_set is None and not genotype.signed:  # one allele without a sign says nothing of phase
        named = ["."] * ploidy
    return _phase(source, text, genotype, index, named, phase_set, quality)


def _by_names(
    source: str, text: str, genotype: Genotype, index: int, names: Sequence[str], quality: float | None
) -> Phase:
    """Copies that the field itself names, one name an allele."""
    own = next((names[i] for i in genotype.with_alt(index) if names[i] != "."), None)
    phase_set = own.rpartition("-")[0] if own and source == "HP" else own
    return _phase(source, text, genotype, index, names, phase_set or own, quality)


def _phase(
    source: str,
    text: str,
    genotype: Genotype,
    index: int,
    names: Sequence[str],
    phase_set: str | None,
    quality: float | None,
) -> Phase:
    places = genotype.with_alt(index)
    carrying = {names[i] for i in places} - {"."}
    known = (i for i, allele in enumerate(genotype.alleles) if allele not in _UNSTATED)
    free = {names[i] for i in known if i not in places} - {"."}
    doubtful = (
        carrying & free
    )  # a name that stands for two copies (a duplicated stretch) tells them not apart
    return Phase(
        genotype=text,
        phased=bool(carrying - doubtful),
        phase_set=phase_set,
        haplotypes=places,
        ploidy=len(genotype.alleles),
        source=source,
        carrying=tuple(sorted(carrying - doubtful)),
        free=tuple(sorted(free - doubtful)),
        quality=quality,
    )


def _unnamed(phase: Phase) -> Phase:
    """The statement without names of copies: its group is not known."""
    return Phase(
        genotype=phase.genotype,
        phased=phase.phased and phase.source != "GT",
        haplotypes=phase.haplotypes,
        ploidy=phase.ploidy,
        source=phase.source,
    )


def _set_of(fields: Mapping[str, str]) -> str | None:
    stated = (fields.get(key, ".") for key in ("PS", "PID"))
    return next((value for value in stated if value not in _UNSTATED), None)


def _list(fields: Mapping[str, str], key: str, genotype: Genotype) -> list[str] | None:
    """One value an allele of GT; ``None`` where the field is missing or of another length."""
    text = fields.get(key, "")
    values = [value or "." for value in text.split(",")]
    return values if text not in _UNSTATED and len(values) == len(genotype.alleles) else None


def _least(fields: Mapping[str, str], key: str, genotype: Genotype, index: int) -> float | None:
    """Lowest quality of the alleles with the ALT."""
    values = _list(fields, key, genotype)
    stated = (_quality(values[i]) for i in genotype.with_alt(index)) if values is not None else ()
    return min((value for value in stated if value is not None), default=None)


def _quality(text: str | None) -> float | None:
    return None if text in (None, *_UNSTATED) else number(str(text))

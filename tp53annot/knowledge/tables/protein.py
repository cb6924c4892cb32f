"""The protein: domains, residues with a role, UniProt features, and properties of amino acids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tp53annot.knowledge.tables.table import ChangeKeys, Fact, RowsOf, Table, TableFile, by_position

_DOMAINS = TableFile(name="domains", columns=("name", "label", "start_residue", "end_residue", "source"))
_CRITICAL = TableFile(name="critical_residues", columns=("residue", "role", "source"))
_FEATURES = TableFile(
    name="uniprot_features", columns=("type", "start_residue", "end_residue", "description")
)
_AMINO_ACIDS = TableFile(name="amino_acids", columns=("residue", "composition", "polarity", "volume_a3"))


class Domain(Struct, frozen=True, kw_only=True):
    """A domain of p53; residues 1-based inclusive."""

    name: str
    label: str
    start: int
    end: int
    source: str


class ProteinFeature(Struct, frozen=True, kw_only=True):
    """A feature of UniProt; residues 1-based inclusive."""

    kind: str
    start: int
    end: int
    description: str


def _domains(rows: RowsOf) -> tuple[Domain, ...]:
    return tuple(
        Domain(name=name, label=label, start=int(start), end=int(end), source=source)
        for name, label, start, end, source in rows(_DOMAINS)
    )


def domain_of(domains: tuple[Domain, ...], keys: ChangeKeys) -> Domain | None:
    """The domain a change lies in; ``None`` outside the protein."""
    place = keys.place
    return None if place is None else next((d for d in domains if d.start <= place <= d.end), None)


def _domain_facts(domains: tuple[Domain, ...], keys: ChangeKeys) -> Iterator[Fact]:
    domain = domain_of(domains, keys)
    if domain:
        yield Fact("domain", domain.name, _DOMAINS.name, domain.source)


def _critical(rows: RowsOf) -> Mapping[int, tuple[str, str]]:
    return {int(residue): (role, source) for residue, role, source in rows(_CRITICAL)}


def _critical_facts(row: tuple[str, str]) -> Iterator[Fact]:
    role, source = row
    yield Fact("residue role", role, _CRITICAL.name, source)


def _features(rows: RowsOf) -> Mapping[int, tuple[ProteinFeature, ...]]:
    found: dict[int, tuple[ProteinFeature, ...]] = {}
    for kind, start, end, description in rows(_FEATURES):
        feature = ProteinFeature(kind=kind, start=int(start), end=int(end), description=description)
        for position in range(feature.start, feature.end + 1):
            found[position] = (*found.get(position, ()), feature)
    return found


def _feature_facts(features: tuple[ProteinFeature, ...]) -> Iterator[Fact]:
    for feature in features:
        label = f"UniProt {feature.kind} {feature.start}-{feature.end}"
        yield Fact(label, feature.description, _FEATURES.name)


def _amino_acids(rows: RowsOf) -> Mapping[str, tuple[float, float, float]]:
    return {
        residue: (float(composition), float(polarity), float(volume))
        for residue, composition, polarity, volume in rows(_AMINO_ACIDS)
    }


DOMAINS = Table(files=(_DOMAINS,), read=_domains, facts=_domain_facts)
# Role and source, by number of the residue.
CRITICAL_RESIDUES = Table(files=(_CRITICAL,), read=_critical, facts=by_position(_critical_facts))
# By number of a residue.
UNIPROT_FEATURES = Table(files=(_FEATURES,), read=_features, facts=by_position(_feature_facts))
# Composition, polarity and volume (cubic angstrom), by one-letter code: Grantham 1974.
AMINO_ACIDS = Table(files=(_AMINO_ACIDS,), read=_amino_acids)

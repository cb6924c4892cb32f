"""The INFO fields that are added to a VCF: what they are, their values for an allele, and lines that carry them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tp53annot.core.allele import Allele, Build
from tp53annot.core.locus import Reference
from tp53annot.interpret.interpreter import Finding, Interpreter
from tp53annot.names.normalisation import normalise
from tp53annot.vcf.annotation.consequence_field import CSQ, allele_labels, consequence_parts
from tp53annot.vcf.annotation.stored_values import key_of, stored_values
from tp53annot.vcf.header import FieldDefinition
from tp53annot.vcf.record import is_sequence, stated_bases

_FORBIDDEN = {ord(c): f"%{ord(c):02X}" for c in " %;=,\t\n\r"}
_SPECIAL = re.compile(r"[ %;=,\t\n\r]")
_MOST_REMEMBERED = 300_000  # lines
_READ_AFTER = 1_000  # alleles; to compute so many takes as long as to read those worked out beforehand
Values = Sequence[str]


class AddedField(FieldDefinition, frozen=True, kw_only=True):
    """A field that is added, and how its value is read from what is known of an allele."""

    value: Callable[[Finding], str]


def _added(name: str, description: str, value: Callable[[Finding], str], type: str = "String") -> AddedField:
    return AddedField(
        kind="INFO", id=f"TP53_{name}", number="A", type=type, description=description, value=value
    )


def _criteria(found: Finding) -> str:
    return "&".join(f"{k.code}:{k.points:+d}" for k in found.classification.criteria) or "."


def _assays(found: Finding) -> str:
    classed = (r for r in found.annotated.functional if r.assay_class)
    return "&".join(f"{r.assay}:{r.value:g}:{r.assay_class}" for r in classed) or "."


def _hotspot(found: Finding) -> str:
    spot = found.annotated.hotspot
    return f"{spot['same_change_count']}/{spot['residue_count']}" if spot else "."


def _clinvar(found: Finding) -> str:
    published = found.germline.published
    return str(published.name) if published else "."


def _reportable(found: Finding) -> str:
    return "0" if found.classification.oncogenicity.is_benign else "1"


ADDED_FIELDS = (
    _added(
        "HGVSC",
        "HGVS c. name on the reference transcript",
        lambda f: f"{f.annotated.variant.transcript}:{f.annotated.variant.hgvs_c}",
    ),
    _added(
        "HGVSP",
        "Predicted HGVS p. name",
        lambda f: f"{f.annotated.variant.protein}:{f.annotated.variant.hgvs_p}",
    ),
    _added(
        "CSQ",
        "Sequence Ontology consequences, most severe first, joined by &",
        lambda f: "&".join(f.annotated.variant.consequences),
    ),
    _added(
        "CLASS",
        "Oncogenicity class (ClinGen/CGC/VICC 2022)",
        lambda f: f.classification.oncogenicity.value,
    ),
    _added("POINTS", "Oncogenicity points", lambda f: str(f.classification.points), "Integer"),
    _added("CRITERIA", "Oncogenicity criteria met with their points, joined by &", _criteria),
    _added("FUNC", "Functional assays with value and class, joined by &", _assays),
    _added("HOTSPOT", "Samples with this change of samples at the residue (cancerhotspots.org)", _hotspot),
    _added(
        "CLINVAR",
        "ClinVar germline classification of the expert panel or of two stars and more, as published",
        _clinvar,
    ),
    _added(
        "REPORTABLE",
        "1 when oncogenic, likely oncogenic or uncertain, else 0",
        _reportable,
        "Integer",
    ),
)
_MISSING = (".",) * len(ADDED_FIELDS)
_STARTS = tuple(f"{field.id}=".encode() for field in ADDED_FIELDS)
_CSQ_START = f"{CSQ.id}=".encode()


class AlleleAnnotator:
    """Gives the values of :data:`ADDED_FIELDS`, in their order, for an allele; with ``csq`` its CSQ entry last.

    After so many alleles that reading is quicker, those worked out beforehand are read.
    """

    def __init__(self, interpreter: Interpreter, *, csq: bool = False) -> None:
        self.interpreter, self.csq = interpreter, csq
        self._computed = 0
        self._stored: Mapping[str, str] | None = {} if csq else None

    def __call__(self, allele: Allele) -> Values:
        """Names with accession, terms, class, points, criteria, assays, hotspot, ClinVar, reportable."""
        if self._computed >= _READ_AFTER:
            stored = self._from_file(allele)
            if stored is not None:
                return stored
        self._computed += 1
        return self.computed(allele)

    def computed(self, allele: Allele) -> Values:
        """The same, whatever is stored."""
        with self.interpreter.resources.guard():
            found = self.interpreter.find(allele, isoforms=False)
            last = (consequence_parts(found),) if self.csq else ()
        return (*(field.value(found) for field in ADDED_FIELDS), *last)

    def _from_file(self, allele: Allele) -> Values | None:
        resources = self.interpreter.resources
        if self._stored is None:
            self._stored = stored_values(resources.store)
        line = self._stored.get(key_of(allele)) or self._stored.get(
            key_of(normalise(allele, resources.reference))
        )
        return line.split("\t") if line else None


def encode_info(value: str) -> str:
    """Percent-encode what VCF forbids inside an INFO value.

    >>> encode_info("p.(Thr125=)")
    'p.(Thr125%3D)'
    """
    return value.translate(_FORBIDDEN) if _SPECIAL.search(value) else value


def position(column: bytes) -> int | None:
    """The number in a POS column; ``None`` when it holds none."""
    return int(column) if column.isdigit() and len(column) <= 15 else None


class LineAnnotator:
    """Adds the fields to lines of one build; remembers what an allele gave.

    ``values`` gives those of :data:`ADDED_FIELDS` for an allele, and with ``csq`` its CSQ entry as the last;
    ``None`` when it cannot be named.
    """

    def __init__(
        self,
        reference: Reference,
        build: Build,
        values: Callable[[Allele], Values | None],
        *,
        csq: bool = False,
    ) -> None:
        self.reference, self.build, self.values, self.csq = reference, build, values, csq
        self._starts = (*_STARTS, _CSQ_START) if csq else _STARTS
        self.low, self.high = reference.window(build)
        self.prefixes = tuple(f"{n}\t".encode() for n in reference.builds[build].contig_names)
        self._known: dict[tuple[bytes, bytes, bytes], bytes] = {}

    def line(self, line: bytes, columns: list[bytes]) -> bytes:
        """The line, annotated when it lies on the locus; otherwise the same object.

        ``columns``: the first eight and the rest of the line, where it has them.
        """
        if len(columns) < 8:
            return line
        key = (columns[1], columns[3], columns[4])
        added = self._known.get(key)
        if added is None or not line.startswith(self.prefixes):
            added = self._added(line, columns)
        if not added:
            return line
        info, end = columns[7], b""
        if len(columns) == 8:
            body = info.rstrip(b"\r\n")
            info, end = body, info[len(body) :]
        info = self._without_added(info)
        columns[7] = added + end if info in (b".", b"") else info + b";" + added + end
        return b"\t".join(columns)

    def _added(self, line: bytes, columns: Sequence[bytes]) -> bytes:
        """What a line gets; empty where it is none of the locus."""
        pos = position(columns[1])
        if not line.startswith(self.prefixes) or pos is None or not self.low <= pos <= self.high:
            return b""
        key = (columns[1], columns[3], columns[4])
        added = self._info(pos, *(column.decode("ascii", "replace").upper() for column in key[1:]))
        if len(self._known) < _MOST_REMEMBERED:
            self._known[key] = added
        return added

    def _without_added(self, info: bytes) -> bytes:
        """INFO without the fields an earlier run added."""
        if b"TP53_" not in info:
            return info
        return b";".join(part for part in info.split(b";") if not part.startswith(self._starts)) or b"."

    def _info(self, pos: int, ref: str, alts: str) -> bytes:
        """The added part of INFO, a value an ALT; empty when none can be named."""
        stated = alts.split(",")
        values = [self._of(pos, ref, alt) for alt in stated]
        if all(of_alt is _MISSING for of_alt in values):
            return b""
        parts = [
            f"{field.id}={','.join(encode_info(of_alt[i]) or '.' for of_alt in values)}"
            for i, field in enumerate(ADDED_FIELDS)
        ]
        if self.csq:
            named = zip(allele_labels(ref, stated), values, strict=True)
            entries = (f"{label}|{of_alt[-1]}" for label, of_alt in named if of_alt is not _MISSING)
            parts.append(f"{CSQ.id}={','.join(entries)}")
        return ";".join(parts).encode()

    def _of(self, pos: int, ref: str, alt: str) -> Values:
        stated = stated_bases(ref)
        start = self.reference.from_build(pos, self.build)
        if not is_sequence(alt) or stated is None or not self.reference.covers(start - 1, start + len(ref)):
            return _MISSING
        true = self.reference.bases(start, start + len(ref) - 1)
        if alt == true or any(a not in (b, "N") for a, b in zip(stated, true, strict=True)):
            return _MISSING
        return self.values(Allele(pos=start, ref=true, alt=alt)) or _MISSING

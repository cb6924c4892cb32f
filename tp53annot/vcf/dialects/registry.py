"""The dialects there are, and those that may speak in one file."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from tp53annot.core.candidate import ReadSupport
from tp53annot.vcf import dialects
from tp53annot.vcf.dialects.dialect import Call, Dialect, Fields, Strands, rounded
from tp53annot.vcf.header import Header

_TUMOUR_INFO = ("TVAF", "TDP")  # keys of INFO that name the tumour, however many samples there are
_PERCENT = re.compile(r'##(?:FORMAT|INFO)=<ID=([^,>]+),.*Description="[^"]*(?:percent|%)', re.IGNORECASE)
_BY_ALLELE = re.compile(r"##FORMAT=<ID=([^,>]+),Number=R\b")
# Numbers that say nothing of the reads of the change itself: names of phase sets.
_NAMES = frozenset({"GT", "PS", "PID", "PGT", "PSL", "PSO", "HP", "LAA"})


def _subclasses(kind: type[Dialect]) -> Iterator[type[Dialect]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _subclasses(inner)


def _all() -> tuple[Dialect, ...]:
    """One of each dialect by name: one that builds on another goes before it, the generic one, which fits all, last."""
    for module in pkgutil.iter_modules(dialects.__path__, f"{dialects.__name__}."):
        importlib.import_module(module.name)
    found = [kind() for kind in _subclasses(Dialect)]
    return tuple(sorted(found, key=lambda d: (frozenset() in d.keys, -len(type(d).__mro__), d.name)))


DIALECTS = _all()
_OWN_INFO = frozenset(key for dialect in DIALECTS for key in dialect.own_info)
_READS_IN_INFO = _OWN_INFO | {"DP", *_TUMOUR_INFO}
# Names in INFO, without signs and in lower case, by which tools state the reads or the fraction of a tumour or an ALT.
_SAYS_READS = re.compile(
    r"(?:(?:t|tumou?r|sample|somatic|alt|var|variant|mut|mutant)(?:allele)?"
    r"(?:vaf|af|aaf|freq|frequency|fraction)|vaf|freq|variantallele(?:freq|fraction)|allelefraction)(?:pct|percent)?"
    r"|(?:(?:t|tumou?r|alt|var|variant)(?:alt|var|ref|variant|allele)?(?:ad|ao|dp|depth|counts?|reads?|obs))|ad|dv|nv|vd"
)
_FIGURE = re.compile(r"[\d.,eE+-]*\d[\d.,eE+-]*\s*%?")
_MOST_COPIED = 1.5  # times the depth
_MOST_OTHER = 10  # times as many reads as are counted for the alleles may be of others


class FileDialects:
    """The dialects of one file: those its header names, and for each record those its keys show."""

    def __init__(self, header: Header) -> None:
        self.samples = len(header.samples)
        self.percent = frozenset(match[1] for line in header.lines if (match := _PERCENT.match(line)))
        self.by_allele = frozenset(match[1] for line in header.lines if (match := _BY_ALLELE.match(line)))
        self.named = tuple(dialect for dialect in DIALECTS if dialect.wrote(header))
        lines = ((dialect.unfiltered, line) for dialect in self.named for line in header.lines)
        self.unfiltered = next((line for words, line in lines if words and words.match(line)), None)
        self._named_info = frozenset(key for dialect in self.named for key in dialect.own_info_if_named)
        self._by_keys: dict[tuple[str, ...], tuple[Dialect, ...]] = {}

    def of(self, keys: Iterable[str]) -> tuple[Dialect, ...]:
        """The dialects a record with these FORMAT or INFO keys may be in.

        What the record shows goes before what the header names (a merged file has the headers of several callers), and
        the generic dialect comes last.
        """
        known = tuple(keys)
        found = self._by_keys.get(known)
        if found is None:
            *shown, generic = (dialect for dialect in DIALECTS if dialect.speaks(known))
            named = (dialect for dialect in self.named if dialect not in shown)
            found = self._by_keys[known] = (*shown, *named, generic)
        return found

    def read_support(self, call: Call) -> ReadSupport:
        """Support of one ALT; INFO's counts are used where they can only be this sample's.

        Without sample columns all of INFO speaks for the sample; with one, INFO's read counts do, but not its AF (a
        fraction of called alleles); with more, only keys that name the tumour.
        """
        found = self._support(call)
        if found is None:
            of_info = replace(call, fields=self._own_info(call.info), info={})
            found = self._support(of_info) if of_info.fields else None
        if found is None:
            return ReadSupport(depth=rounded(call.one("DP")), unread=self._unread(call))
        if found.vaf is None:
            return replace(found, unread=self._unread(call))
        if self.samples == 1 and found.alt_forward is None:
            found = self._with_strands_of_info(call, found)
        return self._with_stated_depth(call, found)

    def stated_fraction(self, call: Call) -> float | None:
        """The fraction the caller itself wrote, to compare with the counts."""
        if not call.fields:  # a file without samples states it in INFO
            call = replace(call, fields=self._own_info(call.info), info={})
        stated = (dialect.fraction(call) for dialect in self.of(call.fields))
        return next((fraction.value for fraction in stated if fraction is not None), None)

    def of_reference(self, keys: Iterable[str]) -> Dialect:
        """The dialect in which a reference block with these FORMAT keys is read: the first it may be in."""
        return self.of(keys)[0]

    def _unread(self, call: Call) -> tuple[str, ...]:
        """Fields with numbers for the sample; of INFO, which may be another's, those that callers state reads in."""
        stated = {k: v for k, v in call.fields.items() if k not in _NAMES}
        if self.samples <= 1:
            stated |= {
                f"INFO/{k}": v for k, v in call.info.items() if k in _READS_IN_INFO or _says_reads(k, v)
            }
        return tuple(key for key, text in stated.items() if any(map(str.isdigit, text)))

    def _support(self, call: Call) -> ReadSupport | None:
        """Counts in any dialect are preferred to a stated fraction."""
        spoken = self.of(call.fields)
        for dialect in spoken:
            found = dialect.counts(call)
            if found is not None:
                return (
                    found if found.alt_forward is not None else _with_strands(found, call, dialect, *spoken)
                )
        return next((s for dialect in spoken if (s := _of_fraction(dialect, call)) is not None), None)

    def _own_info(self, info: Fields) -> Fields:
        if not self.samples:
            return info
        usable = {*_TUMOUR_INFO, *((*_OWN_INFO, *self._named_info) if self.samples == 1 else ())}
        return {key: value for key, value in info.items() if key in usable}

    def _with_strands_of_info(self, call: Call, found: ReadSupport) -> ReadSupport:
        """Strand counts from INFO, if they add up to the reads of this ALT."""
        of_info = replace(call, fields=self._own_info(call.info), info={})
        stated = _with_strands(found, of_info, *self.of(of_info.fields))
        forward, reverse = stated.alt_forward, stated.alt_reverse
        if forward is None or reverse is None or forward + reverse != found.alt_reads:
            return found
        return stated

    def _with_stated_depth(self, call: Call, found: ReadSupport) -> ReadSupport:
        """Depth DP in place of the sum of the counts where it is larger: reads of other alleles count, too.

        A record split from a site of several ALTs keeps the site's depth, and its AD has lost the other ALTs' reads;
        VarDict counts reads with other bases in DP and AF. Where the caller states a fraction, that tells which of the
        two it is of; where none is stated and the two are far apart, the numbers contradict each other and give none.
        """
        depth, stated = call.one("DP"), self.stated_fraction(call)
        if depth and stated is None and _copied(found, depth):
            return ReadSupport(unread=self._unread(call))
        if not depth or found.alt_reads is None or found.depth is None or depth <= found.depth:
            return found
        by_depth, by_counts = found.alt_reads / depth, found.vaf or 0.0
        if stated is not None and abs(by_depth - stated) >= abs(by_counts - stated):
            return found
        if self.of(call.fields)[0].counts_all:
            return found
        if stated is None and depth > _MOST_OTHER * found.depth:  # neither fraction can be believed
            return ReadSupport(unread=self._unread(call))
        source = f"{found.vaf_source}/DP"
        return replace(found, vaf=by_depth, depth=rounded(depth), vaf_source=source)


def _copied(found: ReadSupport, depth: float) -> bool:
    """Whether REF and ALT have the same count, and together far more reads than there are.

    bcftools 1.12 put the count of REF in the place of the ALT's when it split a record (samtools/bcftools issue 1499).
    """
    together = (found.alt_reads or 0) + (found.ref_reads or 0)
    return found.alt_reads == found.ref_reads and together > _MOST_COPIED * depth


def _says_reads(key: str, value: str) -> bool:
    """Whether a field of INFO states, by its name and value, reads or a fraction of the sample's."""
    name = re.sub("[^a-z]", "", key.lower())
    return _SAYS_READS.fullmatch(name) is not None and _FIGURE.fullmatch(value) is not None


def _with_strands(found: ReadSupport, call: Call, *spoken: Dialect) -> ReadSupport:
    """The support with the strands of the first dialect that states them."""
    sides = (dialect.strands(call) for dialect in spoken)
    strands = next((stated for stated in sides if stated != Strands()), Strands())
    return replace(
        found,
        alt_forward=rounded(strands.alt_forward),
        alt_reverse=rounded(strands.alt_reverse),
        ref_forward=rounded(strands.ref_forward),
        ref_reverse=rounded(strands.ref_reverse),
    )


def _of_fraction(dialect: Dialect, call: Call) -> ReadSupport | None:
    """The caller's fraction, and the reads it is of a stated depth."""
    fraction = dialect.fraction(call)
    if fraction is None:
        return None
    depth = next((d for key in ("DP", "DPT", "TDP") if (d := call.one(key)) is not None), None)
    if depth is None:
        return ReadSupport(vaf=fraction.value, vaf_source=fraction.source)
    return ReadSupport(
        vaf=fraction.value,
        depth=rounded(depth),
        alt_reads=round(fraction.value * depth),
        vaf_source=f"{fraction.source} (reads from {fraction.source} x depth)",
    )

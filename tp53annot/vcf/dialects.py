"""Read support of one ALT from the fields of any caller.

Counts are preferred to a stated fraction; what was used is said in ``vaf_source``. A missing
number is ``None``, never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tp53annot.core.candidate import ReadSupport
from tp53annot.core.text import number

Fields = Mapping[str, str]
_STRELKA_SNV = ("AU", "CU", "GU", "TU")
_TUMOUR_KEYS = ("TVAF", "TDP")
_COUNT_KEYS = ("DP4", "AO", "RO", "FAO", "FRO", "SAF", "SAR", "SRF", "SRR")
_ROUNDING = 0.001  # callers print fractions with three or four digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One ALT as a sample (or, without samples, the INFO column) states it."""

    fields: Fields
    info: Fields
    ref: str
    alts: Sequence[str]
    index: int

    @property
    def alt(self) -> str:
        """The ALT in question."""
        return self.alts[self.index]

    def numbers(self, key: str) -> list[float | None]:
        """A field's comma-separated numbers; empty when the field is missing."""
        text = self.fields.get(key)
        return [] if text in (None, "", ".") else [number(part) for part in str(text).split(",")]

    def per_alt(self, key: str) -> float | None:
        """The value of this ALT in a Number=A (or single) field."""
        values = self.numbers(key)
        if len(values) == len(self.alts):
            return values[self.index]
        return values[0] if len(values) == 1 and len(self.alts) == 1 else None

    def one(self, key: str) -> float | None:
        """A single number."""
        values = self.numbers(key)
        return values[0] if len(values) == 1 else None


def percent(text: str | None) -> float | None:
    """A fraction from ``12.5%`` or ``12,5%`` (VarScan writes the system's decimal comma).

    >>> percent("12,5%")
    0.125
    """
    if text is None or "%" not in text:
        return None
    value = number(text.replace("%", "").replace(",", "."))
    return None if value is None else min(value / 100, 1.0)


def _strelka(call: Call) -> ReadSupport | None:
    if all(key in call.fields for key in _STRELKA_SNV) and len(call.ref) == len(call.alt) == 1:
        counts = {key[0]: (call.numbers(key) or [None])[0] for key in _STRELKA_SNV}
        seen = sum(value for value in counts.values() if value is not None)
        return _support(counts.get(call.alt), counts.get(call.ref), seen, "AU:CU:GU:TU tier 1")
    if "TIR" in call.fields and "TAR" in call.fields:
        alt, ref = (call.numbers("TIR") or [None])[0], (call.numbers("TAR") or [None])[0]
        other = (call.numbers("TOR") or [None])[0]
        total = None if alt is None or ref is None else alt + ref + (other or 0.0)
        return _support(alt, ref, total, "TAR:TIR tier 1")
    return None


def _varscan(call: Call) -> ReadSupport | None:
    if "FREQ" not in call.fields and not ("RD" in call.fields and len(call.numbers("AD")) == 1):
        return None
    alt, ref = call.per_alt("AD"), call.one("RD")
    if alt is None or ref is None:
        return None
    strands = {
        "alt_forward": call.one("ADF"), "alt_reverse": call.one("ADR"),
        "ref_forward": call.one("RDF"), "ref_reverse": call.one("RDR"),
    }  # fmt: skip
    return _support(alt, ref, alt + ref, "RD:AD", strands)


def _allelic_depths(call: Call) -> ReadSupport | None:
    for key in ("AD", "ADT"):
        counts = call.numbers(key)
        if len(counts) == len(call.alts) + 1:
            alt, ref = counts[call.index + 1], counts[0]
            known = [value for value in counts if value is not None]
            return _support(alt, ref, sum(known) if alt is not None else None, key, _strands(call))
    return None


def _observations(alt_key: str, ref_key: str) -> Callable[[Call], ReadSupport | None]:
    def read(call: Call) -> ReadSupport | None:
        alt, ref = call.per_alt(alt_key), call.one(ref_key)
        if alt is None or ref is None:
            return None
        every = call.numbers(alt_key)
        total = ref + sum(value for value in every if value is not None)
        return _support(alt, ref, total, f"{ref_key}:{alt_key}", _strands(call))

    return read


def _platypus(call: Call) -> ReadSupport | None:
    alt, depth = call.per_alt("NV"), call.per_alt("NR")
    return None if alt is None or depth is None else _support(alt, None, depth, "NR:NV")


def _counted(alt_key: str) -> Callable[[Call], ReadSupport | None]:
    def read(call: Call) -> ReadSupport | None:
        alt, depth = call.per_alt(alt_key), call.one("DP")
        return (
            None
            if alt is None or depth is None
            else _support(alt, None, depth, f"{alt_key}/DP", _strands(call))
        )

    return read


def _dp4(call: Call) -> ReadSupport | None:
    counts = call.numbers("DP4")
    if len(counts) != 4 or None in counts or len(call.alts) != 1:
        return None
    rf, rr, af, ar = (value or 0.0 for value in counts)
    strands = {"alt_forward": af, "alt_reverse": ar, "ref_forward": rf, "ref_reverse": rr}
    return _support(af + ar, rf + rr, rf + rr + af + ar, "DP4", strands)


def _fraction(call: Call) -> ReadSupport | None:
    vaf, source = percent(call.fields.get("FREQ")), "FREQ"
    for key in ("AF", "VAF", "VF", "FA", "TVAF"):
        if vaf is None:
            vaf, source = call.per_alt(key), key
    if vaf is None or vaf > 1:
        return None
    depth = next((d for key in ("DP", "DPT", "TDP") if (d := call.one(key)) is not None), None)
    alt = None if depth is None else round(vaf * depth)
    return ReadSupport(
        vaf=vaf, depth=_whole(depth), alt_reads=_whole(alt),
        vaf_source=source if alt is None else f"{source} (reads from {source} x depth)",
    )  # fmt: skip


# Tried in this order; the first that is complete is used.
_READERS: tuple[Callable[[Call], ReadSupport | None], ...] = (
    _strelka,
    _varscan,
    _observations("FAO", "FRO"),
    _allelic_depths,
    _observations("AO", "RO"),
    _platypus,
    _counted("VD"),
    _dp4,
    _counted("BD"),
    _counted("AD"),
    _fraction,
)


def read_support(call: Call, *, samples: int) -> ReadSupport:
    """Support of one ALT; INFO's counts are used where they can only be this sample's.

    ``samples``: sample columns of the file. Without any, all of INFO speaks for the sample; with
    one, INFO's read counts do, but not its AF (a fraction of called alleles); with more, only keys
    that name the tumour.
    """
    found = _first(call)
    if found is None:
        keys = call.info if not samples else {k: v for k, v in call.info.items() if k in _usable(samples)}
        found = _first(replace(call, fields=keys, info={})) if keys else None
    if found is None:
        return ReadSupport(depth=_whole(call.one("DP")))
    if samples == 1 and found.alt_forward is None:
        found = _info_strands(call, found)
    return _stated_depth(call, found)


def _usable(samples: int) -> tuple[str, ...]:
    return (*_TUMOUR_KEYS, *_COUNT_KEYS) if samples == 1 else _TUMOUR_KEYS


def _info_strands(call: Call, found: ReadSupport) -> ReadSupport:
    """Strand counts from INFO (freebayes), if they add up to the reads of this ALT."""
    keys = {k: call.info[k] for k in ("SAF", "SAR", "SRF", "SRR") if k in call.info}
    sides = {k: _whole(v) for k, v in _strands(replace(call, fields=keys, info={})).items()}
    forward, reverse = sides.get("alt_forward"), sides.get("alt_reverse")
    if forward is None or reverse is None or forward + reverse != found.alt_reads:
        return found
    return replace(
        found, alt_forward=forward, alt_reverse=reverse,
        ref_forward=sides.get("ref_forward"), ref_reverse=sides.get("ref_reverse"),
    )  # fmt: skip


def _stated_depth(call: Call, found: ReadSupport) -> ReadSupport:
    """Depth DP in place of the sum of AD where the caller's own fraction is ALT reads by DP.

    VarDict counts reads with other bases in DP and in AF, so the sum of AD would overstate.
    """
    depth, stated = call.one("DP"), stated_fraction(call)
    if not depth or stated is None or found.alt_reads is None or found.depth is None or found.vaf is None:
        return found
    by_depth = found.alt_reads / depth
    if depth > found.depth and abs(by_depth - stated) < _ROUNDING < abs(found.vaf - stated):
        return replace(
            found, vaf=by_depth, depth=_whole(depth), vaf_source=f"{found.vaf_source}/DP, as the caller's AF"
        )
    return found


def _first(call: Call) -> ReadSupport | None:
    for reader in _READERS:
        support = reader(call)
        if support is not None:
            return support
    return None


def stated_fraction(call: Call) -> float | None:
    """The fraction the caller itself wrote, to compare with the counts."""
    support = _fraction(call)
    return None if support is None else support.vaf


def _strands(call: Call) -> dict[str, float | None]:
    if "SAF" in call.fields:
        return {
            "alt_forward": call.per_alt("SAF"), "alt_reverse": call.per_alt("SAR"),
            "ref_forward": call.one("SRF"), "ref_reverse": call.one("SRR"),
        }  # fmt: skip
    for forward, reverse in (("ADF", "ADR"), ("FSAF", "FSAR")):
        plus, minus = call.numbers(forward), call.numbers(reverse)
        if len(plus) == len(minus) == len(call.alts) + 1:
            i = call.index + 1
            return {
                "alt_forward": plus[i],
                "alt_reverse": minus[i],
                "ref_forward": plus[0],
                "ref_reverse": minus[0],
            }
    sb, ald, rd = call.numbers("SB"), call.numbers("ALD"), call.numbers("RD")
    if len(sb) == 4 and len(call.alts) == 1:
        return {"ref_forward": sb[0], "ref_reverse": sb[1], "alt_forward": sb[2], "alt_reverse": sb[3]}
    if len(ald) == 2 and len(rd) == 2:
        return {"ref_forward": rd[0], "ref_reverse": rd[1], "alt_forward": ald[0], "alt_reverse": ald[1]}
    return {}


def _support(
    alt: float | None,
    ref: float | None,
    total: float | None,
    source: str,
    strands: Mapping[str, float | None] | None = None,
) -> ReadSupport | None:
    if alt is None:
        return None
    sides = strands or {}
    return ReadSupport(
        vaf=min(alt / total, 1.0) if total else None,
        depth=_whole(total),
        alt_reads=_whole(alt),
        ref_reads=_whole(ref),
        vaf_source=source,
        alt_forward=_whole(sides.get("alt_forward")),
        alt_reverse=_whole(sides.get("alt_reverse")),
        ref_forward=_whole(sides.get("ref_forward")),
        ref_reverse=_whole(sides.get("ref_reverse")),
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)

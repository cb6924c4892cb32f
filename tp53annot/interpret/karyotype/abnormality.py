"""One abnormality of a karyotype: how many copies of 17p (with TP53 in 17p13.1) it takes and carries."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

_CHROMOSOME = "17"
_NUMERIC = re.compile(r"(?P<sign>[+-])(?P<chromosome>\d{1,2}|X|Y)(x(?P<times>\d))?\Z")
_EXTRA = re.compile(
    r"(?P<sign>[+-]?)(?P<low>\d{0,2})(~(?P<high>\d{1,2}))?(?P<what>mar|r|dmin|ace|min|dm)\d*(x(?P<times>\d))?\Z"
)
_STRUCTURAL = re.compile(r"(?P<sign>[+-]?)(?P<body>(psu)?[a-z].*?)(x(?P<times>\d))?\Z")
_PART = re.compile(r"(?P<type>psudic|psuidic|[a-z]+)\((?P<chromosomes>[^()]*)\)(\((?P<bands>[^()]*)\))?")
_BAND = re.compile(r"(?P<arm>[pq])(?P<band>ter|\d{1,2}(\.\d+)?)?(~(?P<other>\d{1,2}(\.\d+)?))?")
_INFORMAL = re.compile(r"(?P<sign>[+-]?)(?P<type>del|i|idic|add)\(?17(?P<arm>[pq])\)?\Z|17(?P<minus>[pq])-\Z")
_SEX = re.compile(r"[XYU?]{1,5}c?\Z")
_TWO_CENTRES = ("dic", "psudic", "tdic")
_ISO = ("i", "idic", "ider", "psuidic")
_KEEPING = ("inv", "ins", "t", "dup", "trp", "qdp", "fra", "dir", "rcp")
_KNOWN = {
    *_TWO_CENTRES,
    *_ISO,
    *_KEEPING,
    "del",
    "add",
    "der",
    "r",
    "rob",  # of acrocentric chromosomes: one that names 17 is open
    "hsr",
    "tas",
    "trc",
    "upd",
    "rec",
    "cx",
    "fis",
    "neo",
    "amp",
}


class Break(StrEnum):
    """Where on chromosome 17 a break lies, seen from TP53."""

    LONG_ARM = "long_arm"
    BELOW = "below"  # between the centromere and 17p13
    BAND = "band"  # in 17p13 itself
    ARM = "arm"  # 17p, no band stated
    END = "end"  # pter
    OPEN = "open"


class Doubt(StrEnum):
    """Why an abnormality leaves its copies of 17p open."""

    BREAK = "break_in_band"
    UNCERTAIN = "uncertain"
    ORIGIN = "open_origin"
    UNREAD = "not_understood"


_Carried = tuple[int, int, Doubt | None]  # fewest and most copies of 17p on an abnormal chromosome
_GONE: _Carried = (0, 0, None)
_KEPT: _Carried = (1, 1, None)
_TWICE: _Carried = (2, 2, None)


def _open(doubt: Doubt) -> _Carried:
    return 0, 1, doubt


class Abnormality(Struct, frozen=True, kw_only=True):
    """What one abnormality does.

    Attributes:
        text: as it stands.
        chromosomes: change of the number of chromosomes.
        taken: chromosomes 17 that it takes out, or (negative) adds, as whole ones.
        carried_low: fewest copies of 17p that its own chromosome carries.
        carried_high: most copies.
        structural: a change of structure, not of number.
        constitutional: stated as such (c).
        doubt: why the copies are open.
        cells: cells it was counted in within a composite clone.
    """

    text: str
    chromosomes: int = 0
    taken: int = 0
    carried_low: int = 0
    carried_high: int = 0
    structural: bool = False
    constitutional: bool = False
    doubt: Doubt | None = None
    cells: int | None = None

    @property
    def touches_17p(self) -> bool:
        """Whether the copies of 17p are not what they would be without it."""
        return (
            self.doubt is not None or self.taken != self.carried_low or self.carried_low != self.carried_high
        )


def read_abnormality(text: str) -> Abnormality:
    """An item of a karyotype after the sex chromosomes.

    >>> read_abnormality("i(17)(q10)").carried_high, read_abnormality("del(17)(p13)").doubt.value
    (0, 'break_in_band')
    """
    body, cells = text, None
    counted = re.search(r"\[(\d+)\]\Z", text)
    if counted:
        body, cells = text[: counted.start()], int(counted[1])
    constitutional = body.endswith("c") and len(body) > 1
    body = body[:-1] if constitutional else body
    found = _read(body)
    return replace(found, text=text, cells=cells, constitutional=constitutional)


def _read(text: str) -> Abnormality:
    if " or " in text:
        return _doubtful(text, Doubt.UNCERTAIN)
    sure = text.replace("?", "")
    found = _numeric(sure) or _extra(sure) or _informal(sure) or _structural(sure)
    if found is None:
        return Abnormality(text=text, carried_low=-1, carried_high=1, doubt=Doubt.UNREAD)
    if sure != text and _names_17(sure):
        low, high = sorted((found.carried_low - found.taken, 0))
        return replace(found, taken=0, carried_low=low, carried_high=high, doubt=Doubt.UNCERTAIN)
    return found


def _names_17(text: str) -> bool:
    return re.search(r"(?<!\d)17(?!\d)", text) is not None


def _doubtful(text: str, doubt: Doubt) -> Abnormality:
    """Of an alternative: whether 17 is concerned decides whether it matters."""
    if not _names_17(text):
        return Abnormality(text=text, structural=True)
    return Abnormality(text=text, taken=1, carried_high=1, structural=True, doubt=doubt)


def _numeric(text: str) -> Abnormality | None:
    found = _NUMERIC.match(text)
    if found is None or (found["chromosome"].isdigit() and not 1 <= int(found["chromosome"]) <= 22):
        return None
    change = int(found["times"] or 1) * (1 if found["sign"] == "+" else -1)
    return Abnormality(
        text=text, chromosomes=change, taken=-change if found["chromosome"] == _CHROMOSOME else 0
    )


def _extra(text: str) -> Abnormality | None:
    """Markers and rings of unknown origin, which may hold 17p, and small pieces without a centromere."""
    found = _EXTRA.match(text)
    if found is None:
        return None
    if found["what"] in ("dmin", "ace", "min", "dm"):
        return Abnormality(text=text)
    times = int(found["times"] or found["high"] or found["low"] or 1)
    change = times if found["sign"] != "-" else -times
    return Abnormality(text=text, chromosomes=change, carried_high=max(change, 0), doubt=Doubt.ORIGIN)


def _informal(text: str) -> Abnormality | None:
    """``del(17p)``, ``i(17q)``, ``17p-``: an arm without a band."""
    found = _INFORMAL.match(text)
    if found is None:
        return None
    kind, arm = found["type"] or "del", found["arm"] or found["minus"]
    extra = found["sign"] == "+"
    if found["sign"] == "-":
        return Abnormality(
            text=text, chromosomes=-1, taken=0, carried_low=-1, doubt=Doubt.UNCERTAIN, structural=True
        )
    if kind == "add" and arm == "p":
        low, high, doubt = _open(Doubt.UNCERTAIN)
    elif kind in ("i", "idic"):
        low, high, doubt = _GONE if arm == "q" else _TWICE
    else:
        low, high, doubt = _GONE if arm == "p" else _KEPT
    return Abnormality(
        text=text,
        chromosomes=int(extra),
        taken=0 if extra else 1,
        carried_low=low,
        carried_high=high,
        doubt=doubt,
        structural=True,
    )


def _structural(text: str) -> Abnormality | None:
    found = _STRUCTURAL.match(text)
    if found is None:
        return None
    body, times = found["body"], int(found["times"] or 1)
    parts = list(_PART.finditer(body))
    if not parts or any(part["type"] not in _KNOWN for part in parts) or _left_over(body, parts):
        return None
    first = parts[0]
    chromosomes = first["chromosomes"].split(";")
    joined = len(chromosomes) - 1 if first["type"] in (*_TWO_CENTRES, "der", "rob", "trc") else 0
    sign = {"+": 1, "-": -1, "": 0}[found["sign"]]
    change = times * (sign if sign else -joined)
    if not _names_17(body):
        return Abnormality(text=text, chromosomes=change, structural=True)
    low, high, doubt = _carried(parts)
    if sign < 0:  # an abnormal chromosome of the clone before is lost again
        return Abnormality(
            text=text,
            chromosomes=change,
            carried_low=-high * times,
            carried_high=-low * times,
            structural=True,
            doubt=doubt,
        )
    takes = 0 if sign else _takes(first, chromosomes)
    return Abnormality(
        text=text,
        chromosomes=change,
        taken=takes * times,
        carried_low=low * times,
        carried_high=high * times,
        structural=True,
        doubt=doubt,
    )


def _left_over(body: str, parts: list[re.Match[str]]) -> bool:
    """Whether something stands between the parts or after them."""
    return "".join(part[0] for part in parts) != body


def _takes(first: re.Match[str], chromosomes: list[str]) -> int:
    """Normal chromosomes 17 that an abnormal one stands in place of; one of another centromere takes none."""
    if first["type"] == "der" and len(chromosomes) == 1:
        return int(chromosomes[0] == _CHROMOSOME)
    return int(_CHROMOSOME in chromosomes)


def _carried(parts: list[re.Match[str]]) -> _Carried:
    """Fewest and most copies of 17p on the abnormal chromosome (of a balanced exchange, on both)."""
    first = parts[0]
    kind, chromosomes = first["type"], first["chromosomes"].split(";")
    if kind == "der" and len(chromosomes) == 1:
        own = chromosomes[0] == _CHROMOSOME
        return _of_derivative(parts, own=own)
    if len(parts) > 1 and kind not in ("ider",):
        return _open(Doubt.UNREAD)
    return _of_part(first, chromosomes)


def _of_part(part: re.Match[str], chromosomes: list[str]) -> _Carried:
    kind, breaks = part["type"], breaks_of(part, _CHROMOSOME)
    if chromosomes.count(_CHROMOSOME) > 1:
        return _open(Doubt.UNCERTAIN)
    if kind in _ISO:
        return _of_isochromosome(kind, breaks)
    if kind == "der":  # der(17;18)(q10;q10): whole arms
        return _of_whole_arm(part, chromosomes)
    if kind in ("del", "add", *_TWO_CENTRES):
        return _ended_at(breaks, interstitial=kind == "del")
    if kind in _KEEPING:
        return _kept_through(breaks)
    return _open(Doubt.ORIGIN if kind == "r" else Doubt.UNCERTAIN)


def _ended_at(breaks: tuple[Break, ...], *, interstitial: bool) -> _Carried:
    """What is left of 17p where it ends at a break, or lacks what lies between two."""
    if Break.BAND in breaks:
        return _open(Doubt.BREAK)
    if not breaks or Break.OPEN in breaks or len(breaks) > 2:
        return _open(Doubt.UNCERTAIN)
    if all(b is Break.LONG_ARM for b in breaks):
        return _KEPT
    if len(breaks) == 1:
        gone = breaks[0] is Break.BELOW or (
            interstitial and breaks[0] is Break.ARM
        )  # del(17)(p), the arm alone
        return _GONE if gone else _open(Doubt.UNCERTAIN)
    if interstitial and set(breaks) == {Break.BELOW}:
        return _KEPT
    return _GONE if set(breaks) == {Break.BELOW, Break.END} else _open(Doubt.UNCERTAIN)


def _kept_through(breaks: tuple[Break, ...]) -> _Carried:
    """Balanced changes and gains of pieces lose nothing, unless a break may lie in the gene."""
    if Break.BAND in breaks:
        return _open(Doubt.BREAK)
    if Break.OPEN in breaks or Break.ARM in breaks:
        return _open(Doubt.UNCERTAIN)
    return _KEPT


def _of_isochromosome(kind: str, breaks: tuple[Break, ...]) -> _Carried:
    """Two of one arm: i(17)(q10) and idic(17)(p11.2) have no 17p with TP53, i(17)(p10) has it twice."""
    if Break.BAND in breaks:
        return 0, 2, Doubt.BREAK
    if len(breaks) != 1 or breaks[0] in (Break.OPEN, Break.END):
        return 0, 2, Doubt.UNCERTAIN
    dicentric = kind in ("idic", "psuidic")
    long_arms = breaks[0] is Break.LONG_ARM
    lost = not long_arms if dicentric else long_arms
    return _GONE if lost else _TWICE


def _of_whole_arm(part: re.Match[str], chromosomes: list[str]) -> _Carried:
    bands = (part["bands"] or "").split(";")
    band = bands[chromosomes.index(_CHROMOSOME)] if len(bands) == len(chromosomes) else ""
    if band in ("q10", "p10"):
        return _GONE if band == "q10" else _KEPT
    return _open(Doubt.UNCERTAIN)


def _of_derivative(parts: list[re.Match[str]], *, own: bool) -> _Carried:
    """A derivative of 17, by what is stated of it, or one of another chromosome that holds a piece of 17."""
    changes = [part for part in parts[1:] if _CHROMOSOME in part["chromosomes"].split(";")]
    if own and not changes:
        return _open(Doubt.UNCERTAIN)
    if not own:
        return _of_foreign(changes)
    results = [_on_own(part) for part in changes]
    if _GONE in results:
        return _GONE
    return next((r for r in results if r != _KEPT), _KEPT)


def _on_own(part: re.Match[str]) -> _Carried:
    """One change of a derivative 17: an exchange leaves it without what lies beyond the break."""
    chromosomes = part["chromosomes"].split(";")
    if part["type"] == "t" and chromosomes.count(_CHROMOSOME) == 1:
        return _ended_at(breaks_of(part, _CHROMOSOME), interstitial=False)
    return _of_part(part, chromosomes)


def _of_foreign(changes: list[re.Match[str]]) -> _Carried:
    """A derivative of another chromosome carries what lies beyond the break of 17."""
    if (
        len(changes) != 1
        or changes[0]["type"] != "t"
        or changes[0]["chromosomes"].split(";").count(_CHROMOSOME) != 1
    ):
        return _open(Doubt.UNCERTAIN)
    low, high, doubt = _ended_at(breaks_of(changes[0], _CHROMOSOME), interstitial=False)
    return 1 - high, 1 - low, doubt


def breaks_of(part: re.Match[str], chromosome: str) -> tuple[Break, ...]:
    """The breaks of a chromosome, as the bands in the second brackets give them; none stated: none."""
    chromosomes, bands = part["chromosomes"].split(";"), (part["bands"] or "").split(";")
    if chromosome not in chromosomes or len(bands) != len(chromosomes):
        return ()
    text = bands[chromosomes.index(chromosome)].replace("cen", "p10").replace(">", "")
    found = list(_BAND.finditer(text))
    if "".join(m[0] for m in found) != text:
        return (Break.OPEN,)
    return tuple(_place(m) for m in found)


def _place(found: re.Match[str]) -> Break:
    arm, bands = found["arm"], [b for b in (found["band"], found["other"]) if b]
    if arm == "q":
        return Break.LONG_ARM
    if not bands:
        return Break.ARM
    if bands == ["ter"]:
        return Break.END
    numbers = [int(band.split(".")[0]) for band in bands if band != "ter"]
    if any(number >= 13 or number == 1 for number in numbers):
        return Break.BAND
    return Break.BELOW


def is_sex(text: str) -> bool:
    """Whether an item states the sex chromosomes."""
    return _SEX.match(text) is not None

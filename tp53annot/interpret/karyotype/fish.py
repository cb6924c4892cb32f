"""FISH results in ISCN: signals of TP53 beside those of a control, with the nuclei that have them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from tp53annot.core.copy_number import CopySource
from tp53annot.core.karyotype import CytogeneticKind, CytogeneticReading
from tp53annot.interpret.karyotype.spelling import plain, split_outside
from tp53annot.knowledge.rules.copy_number import CytogeneticRules

_METHOD = re.compile(r"(nucish|ish)", re.IGNORECASE)
_COUNT = re.compile(r"\[(?:(?P<cells>\d+)(?:/(?P<of>\d+))?|(?P<percent>\d+(?:\.\d+)?)%|cp\d*)\]\Z")
_SIGNAL = re.compile(
    r"(?P<probe>[A-Z0-9][A-Z0-9.\-]*?)(x(?P<low>\d)(~(?P<high>\d))?|(?P<mark>[+-]{1,2}|amp))\Z", re.IGNORECASE
)
_SHARED = re.compile(r"\A\((?P<probes>[^()]*)\)x(?P<low>\d)(~(?P<high>\d))?\Z")
_CUTOFF = re.compile(
    r"[,;(]?\(?(?:lab(?:oratory)?)?cut-?off(?:of|:|=|<|≤)*(?P<percent>\d+(?:[.,]\d+)?)%?\)?", re.IGNORECASE
)


class SignalPattern(Struct, frozen=True, kw_only=True):
    """Nuclei with one pattern.

    Attributes:
        text: as it stands.
        gene: signals of TP53 (fewest, most).
        control: signals of the control of chromosome 17, ``None`` where none is stated.
        cells: nuclei with the pattern, ``None`` where not stated.
        of: nuclei looked at, ``None`` where not stated.
        percent: of the nuclei, where so stated or worked out.
    """

    text: str
    gene: tuple[int, int]
    control: int | None
    cells: int | None
    of: int | None
    percent: float | None


def read_fish(text: str, rules: CytogeneticRules) -> CytogeneticReading:
    """The reading of a FISH text; what is not understood is a reading, too.

    Args:
        text: as it was reported; the laboratory's own cut-off may stand in it (``cut-off 8 %``).
        rules: the share of nuclei from which a pattern counts where the laboratory states none.

    >>> from tp53annot.knowledge.resources import resources_of
    >>> found = read_fish("nuc ish(TP53x1,D17Z1x2)[180/200]", resources_of().rules.copy_number.cytogenetics)
    >>> found.kind.value, found.cells
    ('loss', '180/200')
    """
    body = plain(text)
    stated = _CUTOFF.search(body)
    cutoff = float(stated["percent"].replace(",", ".")) / 100 if stated else rules.fish_cutoff
    body = _CUTOFF.sub("", body).rstrip(".,; ")
    try:
        patterns = _patterns(body, rules)
    except ValueError:
        patterns = ()
    if not patterns:
        return CytogeneticReading(
            source=CopySource.FISH, kind=CytogeneticKind.NOT_UNDERSTOOD, quote=text.strip()
        )
    return _reading(patterns, cutoff)


def _reading(patterns: Sequence[SignalPattern], cutoff: float) -> CytogeneticReading:
    counted = [p for p in patterns if p.percent is None or p.percent >= 100 * cutoff]
    lost = [p for p in counted if p.gene[1] <= 1]
    if lost:
        both = next((p for p in lost if p.gene[1] == 0), None)
        return _of(both or lost[0], CytogeneticKind.BOTH_LOST if both else CytogeneticKind.LOSS)
    for kind, holds in (
        (CytogeneticKind.UNCERTAIN, lambda p: p.gene[0] <= 1),
        (CytogeneticKind.GAIN, lambda p: p.gene[0] > 2 and (p.control is None or p.gene[0] >= p.control)),
        (CytogeneticKind.TWO_OF_MORE, lambda p: p.control is not None and p.gene[0] < p.control),
    ):
        found = next((p for p in counted if holds(p)), None)
        if found is not None:
            return _of(found, kind)
    normal = next((p for p in counted if p.gene == (2, 2)), None)
    below = next((p for p in patterns if p not in counted), None)
    if normal is not None:
        return _of(normal, CytogeneticKind.NORMAL)
    return _of(below or patterns[0], CytogeneticKind.BELOW_CUTOFF if below else CytogeneticKind.UNCERTAIN)


def _of(pattern: SignalPattern, kind: CytogeneticKind) -> CytogeneticReading:
    if pattern.cells is not None:
        cells = f"{pattern.cells}/{pattern.of}" if pattern.of else str(pattern.cells)
    else:
        cells = f"{pattern.percent:g} %" if pattern.percent is not None else ""
    total = pattern.gene[0] if len(set(pattern.gene)) == 1 else None
    return CytogeneticReading(source=CopySource.FISH, kind=kind, quote=pattern.text, cells=cells, total=total)


def _patterns(body: str, rules: CytogeneticRules) -> tuple[SignalPattern, ...]:
    """Every pattern that states signals of TP53.

    Raises:
        ValueError: a part is not written as ISCN has it.
    """
    start = _METHOD.search(body)
    found = []
    for part in split_outside(body[start.end() :] if start else body, "/"):
        found += [p for group in _groups(part) if (p := _pattern(*group, rules))]
    nuclei = [p.cells for p in found if p.cells is not None and p.of is None]
    if len(nuclei) < len(found) or len(found) < 2:
        return tuple(found)
    of = sum(nuclei)  # each pattern with its own count: together they are all
    return tuple(replace(p, of=of, percent=100 * (p.cells or 0) / of) for p in found)


def _groups(part: str) -> list[tuple[str, str]]:
    """Signals in brackets with the count behind them; probes of one count may stand in several brackets."""
    part = _METHOD.sub("", part).lstrip(".,")
    groups: list[tuple[str, str]] = []
    waiting: list[str] = []
    for item in split_outside(part, ","):
        counted = re.search(r"\[[^\]]*\]\Z", item)
        waiting.append(item[: counted.start()] if counted else item)
        if counted:
            groups.append((",".join(waiting), counted[0]))
            waiting = []
    return [*groups, (",".join(waiting), "")] if waiting else groups


def _pattern(signals: str, count: str, rules: CytogeneticRules) -> SignalPattern | None:
    stated: dict[str, tuple[int, int]] = {}
    for item in split_outside(signals, ","):
        stated |= _signals(item)
    gene = next((stated[probe] for probe in stated if probe in rules.gene_probes), None)
    if gene is None:
        return None
    control = next((stated[probe][0] for probe in stated if probe in rules.control_probes), None)
    cells, of, percent = _counted(count)
    return SignalPattern(
        text=signals + count, gene=gene, control=control, cells=cells, of=of, percent=percent
    )


def _signals(item: str) -> dict[str, tuple[int, int]]:
    """``(TP53x1,D17Z1x2)``, ``(TP53,D17Z1)x1``, ``17p13.1(TP53x1)``, ``del(17)(p13.1p13.1)(TP53-)``, ``17p13.1x1``."""
    bare = item
    shared = _SHARED.match(item[item.rfind("(") :]) if ")x" in item else None
    if shared is not None:
        low = int(shared["low"])
        signals = (low, int(shared["high"] or low))
        return {
            _probe(p): signals for part in shared["probes"].split(",") for p in re.split(r"con|sep", part)
        }
    if "(" in item:
        bare = item[item.rfind("(") + 1 :].rstrip(")")
    found = {}
    for part in re.split(r",", bare):
        for piece in re.split(r"(?<=\d)(?:con|sep)", part):
            signal = _SIGNAL.match(piece)
            if signal is None:
                raise ValueError(item)
            found[_probe(signal["probe"])] = _number(signal)
    return found


def _number(signal: re.Match[str]) -> tuple[int, int]:
    if signal["mark"]:
        return {"-": (1, 1), "--": (0, 0), "+": (2, 2), "++": (3, 3)}.get(signal["mark"], (3, 9))
    low = int(signal["low"])
    return low, int(signal["high"] or low)


def _probe(text: str) -> str:
    return text.upper().strip()


def _counted(count: str) -> tuple[int | None, int | None, float | None]:
    """Nuclei with a pattern, nuclei looked at, and their share in percent."""
    found = _COUNT.match(count)
    if count and found is None:
        raise ValueError(count)
    if found is None or not (found["cells"] or found["percent"]):
        return None, None, None
    if found["percent"]:
        return None, None, float(found["percent"])
    cells, of = int(found["cells"]), int(found["of"]) if found["of"] else None
    if of is not None and not 0 < of >= cells:
        raise ValueError(count)
    return cells, of, 100 * cells / of if of else None

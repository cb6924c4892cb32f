"""Where judges of names differ from us by a rule: one line each, by its number in docs/name-disagreements.md.

A difference that no line covers fails the tests. Lines are read in order; the first that fits is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from change_sets import MAIN, NAMER
from msgspec import Struct, field

from tp53annot.core.allele import Allele, Build
from tp53annot.core.variant import TranscriptVariant
from tp53annot.names.consequence import effect
from tp53annot.names.normalisation import Edit, gene_edit, shift_left
from tp53annot.names.parser import parse_change
from tp53annot.names.transcript import CPosition, Transcript

ANY = r".*"
_NONE = r"p\.None|p\.\?|!none|!edge or intron"
_STOP = r"(11(69|7\d|8[0-2])|\*\d+)"  # a change that ends beside or behind the stop codon
_OVER_STOP = rf"c\.(\d+(-\d+)?_)?{_STOP}[^0-9].*"
_AT_STOP = r"c\.(\d+_)?(11(69|7\d|8[0-2]))(_\d+)?(ins|dup|del|inv|[ACGT]).*"


class Rule(Struct, frozen=True):
    """A difference that is explained: number in the document, then what all three texts look like."""

    number: int
    ours_c: str
    ours_p: str
    theirs_p: str
    also: Callable[[str, str, str], bool] = lambda name, ours, theirs: True

    def holds(self, ours_c: str, ours_p: str, theirs_p: str) -> bool:
        """Whether it covers a difference of p. names."""
        texts = ((self.ours_c, ours_c), (self.ours_p, ours_p), (self.theirs_p, theirs_p))
        return all(re.fullmatch(pattern, text) for pattern, text in texts) and self.also(
            ours_c, ours_p, theirs_p
        )


def _goes_on(_: str, ours: str, theirs: str) -> bool:
    """Ours ends at a stop; theirs says the same and names residues behind it."""
    return "Ter" in ours and theirs[:-1].startswith(ours[:-1])


def _same_residues(_: str, ours: str, theirs: str) -> bool:
    """The same new residues up to the stop, as an insertion or replaced."""
    return re.split(r"ins|delins", ours)[-1] == re.split(r"delins|ins", theirs)[-1]


def _to_the_end(_: str, ours: str, theirs: str) -> bool:
    """Theirs replaces all that follows, as if the old protein's end were named."""
    return "Ter" in ours and theirs.endswith(")") and "Ter" not in theirs


def _copies_edge(name: str, _ours: str, _theirs: str) -> bool:
    """A duplication that copies bases on both sides of an exon's edge, or ends at one."""
    places = [MAIN.offset_of(CPosition.read(place)) for place in re.findall(r"[*-]?\d+(?:[+-]\d+)?", name)]
    first, behind = places[0], places[-1] + 1
    ends = {end for exon in MAIN.exons for end in exon}
    return behind in ends or any(first < edge < behind for edge in ends)


# Rules that every judge follows alike, then those of each.
_COMMON = (
    Rule(1, ANY, r"p\.\?|p\.\(=\)", _NONE),
    Rule(33, r"c\..*dup", r"p\.\?", ANY, _copies_edge),
)
P_RULES: dict[str, tuple[Rule, ...]] = {
    "hgvs": (
        *_COMMON,
        Rule(2, r"c\..*dup", ANY, r"p\.None"),
        Rule(3, ANY, r"p\.\(Met1\?\)", r"p\.Met1\?"),
        Rule(4, r"c\.-1_1ins.*", r"p\.\(=\)", ANY),
        Rule(5, ANY, r"p\.\(Ter394=\)", r"p\.\(Ter39[45]Ter\)"),
        Rule(5, _AT_STOP, r"p\.\(Asp393=\)", r"!IndexError"),
        Rule(18, ANY, ANY, ANY, _goes_on),
        Rule(18, r"c\.1179_1180ins.*", r"p\.\(Ter394.*extTer\d+\)", r"p\.\(Ter394.*extTer\d+\)"),
        Rule(19, _OVER_STOP, r"p\.\(.*(fsTer\d+|delins.*)\)", r"p\.\(.*(fsTer\d+|delins.*)\)"),
        Rule(30, ANY, r"p\.\(([A-Z][a-z]{2}\d+)_.*=\)", r"p\.\([A-Z][a-z]{2}\d+=\)"),
        Rule(31, r"c\.-\d+_\d+delins.*", r"p\.\(Met1\?\)", ANY),
    ),
    "ferro": (
        Rule(9, r"c\.(\d+_)?(74|96|375|559|672|782|919|993|1100)dup", r"p\.\?", r"p\.\(.*"),
        *_COMMON,
        Rule(2, r"c\.[-\d]+-\d+_\d+dup", ANY, "!none"),
        Rule(6, r"c\.\*[123].*|c\..*_\*[123].*", r"p\.\(=\)", r"p\.\(Met1\?\)"),
        Rule(7, r"c\..*_\*\d+(del|inv|dup).*", r"p\.\(.*", "!none"),
        Rule(5, r"c\.(\d+_)?11(79|80|81|82).*", ANY, r"p\.\(Ter394extTer0\)"),
        Rule(5, _AT_STOP, r"p\.\((Ter394|Asp393)=\)", r"p\.\(=\)"),
        Rule(8, r"c\.117[6789]_.*", r"p\.\((Asp393|Ter394).*", r"p\.\((Asp393|Xaa394).*"),
        Rule(10, r"c\..*dup", r"p\.\((Ser|Arg)\d+dup\)", r"p\.\((Ser|Arg)\d+dup\)"),
        Rule(12, r"c\.(-\d+|[123])_\d+dup", ANY, r"p\.\(Met1\?\)"),
        Rule(13, r"c\.\d+-\d+_\d+\+\d+del", r"p\.\?", r"p\.\(.*fsTer\d+\)"),
        Rule(17, _AT_STOP, r"p\.\(Ter394.*ext.*", r"p\.\(Asp393_Ter394ins.*"),
        Rule(19, _OVER_STOP, r"p\.\(.*(fsTer\d+|delins.*)\)", r"p\.\(.*(fsTer\d+|delins.*)\)"),
        Rule(34, ANY, r"p\.\(.*ins.*Ter\)", r"p\.\(.*delins.*Ter\)", _same_residues),
    ),
    "weaver": (
        *_COMMON,
        Rule(5, r"c\..*dup", r"p\.\(=\)", r"p\.\(.*Ter394=\)"),
        Rule(8, r"c\.117[6-8]_117[89]del", r"p\.\(Asp393Ter\)", r"p\.\(Asp393del\)"),
        Rule(17, _AT_STOP, r"p\.\(Ter394.*ext.*", r"p\.\((Asp393_Ter394ins|Asp393dup|Ter394delins).*"),
        Rule(17, r"c\..*(dup|ins.*)", r"p\.\(Ter394.*ext.*", r"p\.\((Asp393_Ter394ins|Ter394delins).*"),
        Rule(19, _OVER_STOP, r"p\.\(.*(fsTer\d+|delins.*)\)", r"p\.\(.*delins.*\)"),
        Rule(24, r"c\.-\d+_1del", r"p\.\(Met1\?\)", r"p\.\?"),
        Rule(32, ANY, r"p\.\(.*fsTer\d+\)", r"p\.\(.*delins.*Ter\)"),
        Rule(34, ANY, r"p\.\(.*ins.*Ter\)", r"p\.\(.*delins.*Ter\)", _same_residues),
    ),
    "mutalyzer": (
        *_COMMON,
        Rule(3, ANY, r"p\.\(Met1\?\)", r"!start"),
        Rule(19, _OVER_STOP, r"p\.\(.*fsTer\d+\)", r"p\.\(.*delins.*\)"),
        Rule(37, r"c\.-2[78]_-\d+(dup|ins.*)", r"p\.\?", r"p\.\(=\)"),
        Rule(35, ANY, r"p\.\(.*=\)", r"p\.\(=\)"),
        Rule(36, ANY, r"p\.\(.*Ter\)", r"p\.\(.*\)", _to_the_end),
    ),
}  # fmt: skip


class Comparison(Struct):
    """What a judge says beside us.

    Attributes:
        changes: how many were judged.
        same_c, same_p, same_g: names that are equal, or not made by this judge.
        rules: differences that a rule explains, by kind of name (c, p, g) and the rule's number.
        unexplained: the others: ``kind, our c. name, ours, theirs``.
    """

    changes: int = 0
    same_c: int = 0
    same_p: int = 0
    same_g: int = 0
    rules: Counter[tuple[str, int]] = field(default_factory=Counter)
    unexplained: list[tuple[str, str, str, str]] = field(default_factory=list)


def compare(judge: str, alleles: Iterable[Allele], theirs: Iterable[tuple[str, str, str]]) -> Comparison:
    """Each change named by us, beside the judge's c., p. and g. names ("-": it makes none)."""
    found = Comparison()
    for allele, (c, p, g) in zip(alleles, theirs, strict=True):
        ours = NAMER.describe(allele, isoforms=False)
        found.changes += 1
        for kind, number in _differences(judge, ours, c, p, g):
            if number is None:
                said = {"c": c, "p": p, "g": g}[kind]
                mine = {"c": ours.hgvs_c, "p": ours.hgvs_p, "g": _g(allele)}[kind]
                found.unexplained.append((kind, ours.hgvs_c, mine, said))
            elif number:
                found.rules[kind, number] += 1
            else:
                setattr(found, f"same_{kind}", getattr(found, f"same_{kind}") + 1)
    return found


def _g(allele: Allele) -> str:
    return NAMER.hgvs_g(allele, Build.GRCH38).split(":")[1]


def _differences(
    judge: str, ours: TranscriptVariant, c: str, p: str, g: str
) -> Iterator[tuple[str, int | None]]:
    """For each kind of name 0 where it is equal, a rule's number, or ``None`` where no rule explains it."""
    by_c = 0 if c in (ours.hgvs_c, "-") else c_rule(judge, ours, c)
    yield "c", by_c
    outside = by_c == 27 or not within(ours.hgvs_c)
    if ours.hgvs_p == p or p == "-":
        yield "p", 0
    elif outside and ours.hgvs_p in ("p.(=)", "p.?"):
        yield "p", 27
    else:
        rules = P_RULES[judge]
        yield "p", next((r.number for r in rules if r.holds(ours.hgvs_c, ours.hgvs_p, p)), None)
    if g == "-" or g == _g(ours.allele):
        yield "g", 0
    else:
        yield "g", 27 if by_c == 27 and g.startswith("!") else None


def within(hgvs_c: str) -> bool:
    """Whether a c. name lies within the transcript."""
    first, last = MAIN.c_position(MAIN.exons[0][0]), MAIN.c_position(MAIN.exons[-1][1] - 1)
    before = (int(n) for n in re.findall(r"[._](-\d+)", hgvs_c))
    behind = (int(n) for n in re.findall(r"[._]\*(\d+)", hgvs_c))
    return all(n >= first.base for n in before) and all(n <= last.base for n in behind)


def c_rule(judge: str, ours: TranscriptVariant, theirs: str) -> int | None:
    """The rule that explains a c. name that differs; ``None``: none does."""
    if theirs.startswith("!"):
        return 27 if not within(ours.hgvs_c) and judge in ("hgvs", "ferro") else None
    plain = _counted_on(theirs)
    if plain == ours.hgvs_c:
        return 27
    if parse_change(plain, NAMER, {}) != (ours.allele,):
        return None
    kinds = [re.sub(r"c\.[-*+\d_]+", "", name) for name in (ours.hgvs_c, plain)]
    if kinds[0] == kinds[1]:
        return 28
    spelled = (kinds[0] == "dup" and kinds[1].startswith("ins")) or (
        kinds[0] == "inv" and kinds[1].startswith("delins")
    )
    return 29 if spelled else None


def _counted_on(name: str) -> str:
    """A name whose places outside the transcript hang on its ends, with places counted on."""
    first, last = MAIN.c_position(MAIN.exons[0][0]), MAIN.c_position(MAIN.exons[-1][1] - 1)
    name = re.sub(rf"{first}-(\d+)", lambda m: str(first.base - int(m[1])), name)
    return re.sub(rf"{re.escape(str(last))}\+(\d+)", lambda m: f"*{last.base + int(m[1])}", name)


def isoform_differences(
    transcript: Transcript, alleles: Iterable[Allele], theirs: Iterable[tuple[str, str, str]]
) -> list[tuple[str, str, str, str]]:
    """Names on another transcript that differ by none of these rules: ``our c. name, our p. name, theirs``.

    1, 2: no protein name given; 28, 29: spelling of a c. name; 5, 6, 8, 17, 19: at the stop codon; 3, 12, 24: at the
    start codon; 9, 33: a copied exon edge; 10: residue of a run; 32, 34: a stop within what is inserted; 38: places in
    an intron of the 3' UTR.
    """
    found = []
    for allele, (c, p, _) in zip(alleles, theirs, strict=True):
        edit = gene_edit(allele, NAMER.reference, NAMER.gene)
        outcome = effect(edit, transcript, shift_left(edit, NAMER.gene).start)
        ours_c, ours_p = NAMER.hgvs_c(edit, transcript), NAMER.hgvs_p(outcome, edit, transcript)
        same_c = c == ours_c or _another_spelling(c, ours_c, allele, transcript)
        if not same_c or not (p == ours_p or _isoform_rule(edit, transcript, ours_c, ours_p, p)):
            found.append((ours_c, ours_p, c, p))
    return found


def _another_spelling(theirs: str, ours: str, allele: Allele, transcript: Transcript) -> bool:
    if _kind(theirs) == _kind(ours):
        return all(re.search(r"\*\d+[+-]\d", name) for name in (ours, theirs))  # 38
    return parse_change(f"{transcript.accession}:{theirs}", NAMER, {}) == (allele,)


def _kind(name: str) -> str:
    return re.sub(r"c\.[-*+\d_]+", "", name)


def _isoform_rule(edit: Edit, transcript: Transcript, ours_c: str, ours_p: str, theirs: str) -> bool:
    dup = ours_c.endswith("dup")
    first = edit.start - (len(edit.inserted) if dup else 0)
    start, stop = transcript.gene_offset(transcript.cds_start), transcript.gene_offset(transcript.cds_end - 1)
    if first <= start + 3 and ("p.(Met1?)" in (ours_p, theirs)):
        return True
    if edit.end > stop - 12 and edit.start < stop + 14:
        return True
    ends = {end for exon in transcript.exons for end in exon}
    if re.fullmatch(_NONE, theirs):
        return ours_p in ("p.?", "p.(=)") or (dup and any(first <= end < edit.start for end in ends))
    if ours_p == "p.?" and dup and any(first < end <= edit.start for end in ends):
        return True
    run = re.fullmatch(r"p\.\(([A-Z][a-z]{2})\d+dup\)", ours_p)
    if run and re.fullmatch(rf"p\.\({run[1]}\d+dup\)", theirs):
        return True
    inserted = ours_p.endswith("Ter)") or "fsTer" in ours_p
    return inserted and theirs.endswith("Ter)") and "delins" in theirs

"""What a cell of a sheet or a ``--context`` says, as the vocabulary writes it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from tp53annot.core.text import number
from tp53annot.knowledge.sheet_words import UNKNOWN, SheetLanguage, plain_word
from tp53annot.knowledge.vocabulary import ContextField, FieldKind, ShareUnit, Vocabulary
from tp53annot.system.grid import CellKind, SheetCell, number_text

_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?\Z")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\Z")
_SLASHED = re.compile(r"\d{1,4}[/\\]\d{1,2}[/\\]\d{2,4}\Z")
_DAY_NUMBER = re.compile(r"\d{5}\Z")
_WRITE_DATE = "write it as 2024-03-31 or 31.03.2024"


class WordError(ValueError):
    """A cell that is not understood: ``cause``, and how to mend it."""

    def __init__(self, cause: str, fix: str) -> None:
        super().__init__(f"{cause}; {fix}")
        self.cause, self.fix = cause, fix


def canonical(
    name: str, cell: SheetCell, field: ContextField, language: SheetLanguage, *, sheet: bool = True
) -> str:
    """The value of a context field as the vocabulary writes it; empty where the cell states nothing.

    Args:
        name: of the field.
        cell: as it stands.
        field: what the field may hold. Whether a number or date is within its limits is not looked at here.
        language: words of sheets.
        sheet: whether it is a cell; a share of a sheet below 1 needs its per-cent sign.

    Raises:
        WordError: a word that is not known, or one that may mean two things.
    """
    word = plain_word(cell.text)
    if field.values:
        return _choices(name, cell.text, field, language)
    if word in language.absent or word in language.unclear:
        return ""
    if field.is_number:
        return _number(cell.text, field, sheet=sheet)
    if field.kind is FieldKind.DATE:
        return _date(cell)
    return cell.text


def canonical_context(
    declared: Mapping[str, str], vocabulary: Vocabulary, language: SheetLanguage
) -> dict[str, str]:
    """Declared fields, each as the vocabulary writes it; a field that it does not have stays as it is.

    Raises:
        WordError: as :func:`canonical`.
    """
    found: dict[str, str] = {}
    for stated, text in declared.items():
        name = stated if stated in vocabulary else language.context_keys.get(stated, stated)
        if name in found:
            raise WordError(f"{stated} is {name}, which is given twice", "keep one of them")
        if name not in vocabulary:
            found[stated] = text
            continue
        try:
            found[name] = canonical(
                name, SheetCell(text=text.strip()), vocabulary[name], language, sheet=False
            )
        except WordError as error:
            raise WordError(f"{stated}: {error.cause}", error.fix) from error
    return found


def _choices(name: str, text: str, field: ContextField, language: SheetLanguage) -> str:
    whole = _choice(name, text, field, language)
    if whole is not None:
        return whole
    parts = (
        [part for part in re.split(r"[;,\n]", text) if part.strip()] if field.kind is FieldKind.LIST else []
    )
    found = [_choice(name, part, field, language) for part in parts]
    for part, value in zip(parts or [text], found or [None], strict=True):
        if value is None:
            raise _unknown(name, part.strip(), field, language)
    return ";".join(value for value in found if value)


def _choice(name: str, text: str, field: ContextField, language: SheetLanguage) -> str | None:
    """The one value that a word stands for; empty where it states nothing, ``None`` where it is not known."""
    word = plain_word(text)
    value = language.meanings[name].get(word)
    if value is not None:
        return "" if value == UNKNOWN else value
    silent = word in language.absent or (word in language.unclear and not language.has_no(field))
    return "" if silent else None


def _unknown(name: str, text: str, field: ContextField, language: SheetLanguage) -> WordError:
    shown = ", ".join(value for value in field.values if value != UNKNOWN)
    if plain_word(text) in language.unclear:
        return WordError(f"{text!r} may mean no, or not known", f"write one of {shown}, or empty the cell")
    meanings = language.meanings[name]
    near = difflib.get_close_matches(plain_word(text), list(meanings), n=2, cutoff=0.6)
    values = list(dict.fromkeys(meanings[word] for word in near))
    hint = f"did you mean {' or '.join(values)}? Write" if values else "write"
    return WordError(f"{text!r} is not understood", f"{hint} one of {shown}, or empty the cell")


def _number(text: str, field: ContextField, *, sheet: bool) -> str:
    percent = text.endswith("%")
    value = number(text.removesuffix("%").strip().removeprefix("+").replace(",", "."))
    if value is None:
        raise WordError(f"{text!r} is not a number", "write the number alone, or empty the cell")
    if percent and field.unit is None:
        raise WordError(
            f"{text!r} has a per-cent sign, but the field is no share", "correct the cell or its format"
        )
    if percent and field.unit is ShareUnit.FRACTION:
        return number_text(round(value / 100, 12))
    if sheet and not percent and field.unit is ShareUnit.PERCENT and 0 < value < 1:
        shown, whole = number_text(value), number_text(round(value * 100, 12))
        raise WordError(f"{text!r} may be {shown} % or {whole} %", f"write {shown}% or {whole}%")
    return number_text(value)


def _date(cell: SheetCell) -> str:
    """A date as it stands; nothing is guessed where day and month may be changed over."""
    for form, order in ((_ISO, (1, 2, 3)), (_DOTTED, (3, 2, 1))):
        match = form.match(cell.text)
        if match is not None:
            year, month, day = (int(match[i]) for i in order)
            return f"{year:04}-{month:02}-{day:02}"
    if _SLASHED.match(cell.text):
        cause = f"{cell.text!r} leaves open which number is the day, which the month"
        raise WordError(cause, _WRITE_DATE)
    if cell.kind is CellKind.NUMBER or _DAY_NUMBER.match(cell.text):
        cause = f"{cell.text!r} is a number, perhaps a spreadsheet's count of days"
        raise WordError(cause, f"format the column as date; or {_WRITE_DATE}")
    raise WordError(f"{cell.text!r} is not a date", _WRITE_DATE)

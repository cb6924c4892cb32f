"""``rules/sample_sheet.toml``: words of sample sheets for columns and values, checked against the vocabulary."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from tp53annot.errors import ResourceError
from tp53annot.knowledge.rules.reading import RuleError, read_rules
from tp53annot.knowledge.store import open_store
from tp53annot.knowledge.vocabulary import ContextField, Vocabulary, load_vocabulary

FILE_COLUMNS = ("sample", "vcf", "bam", "cnv", "normal", "patient")
UNKNOWN = "unknown"
_NOT_DONE = ("not_tested", "not_assessed")
_NO = ("no", "negative", "absent", "not_rearranged", "none", "excluded")  # values that "-" may mean
_FILE = "rules/sample_sheet.toml"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_BETWEEN = re.compile(r"(?<=[^\s_-])[\s_-]+(?=[^\s_-])")
_BRACKETS = re.compile(r"[\[\](){}:]+")


def plain_word(text: str) -> str:
    """A word as words are compared: without case, umlauts written out, one space between its parts.

    >>> plain_word("  Männlich"), plain_word("c-ALL"), plain_word("Ph-"), plain_word("BCR__ABL1")
    ('maennlich', 'c all', 'ph-', 'bcr abl1')
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip().translate(_UMLAUTS)
    return _BETWEEN.sub(" ", folded)


def plain_heading(text: str) -> str:
    """A column's name as names are compared: as words, but without brackets and colons around its parts.

    >>> plain_heading("Blasten [%]"), plain_heading("BCR::ABL1"), plain_heading("age_years")
    ('blasten %', 'bcr abl1', 'age years')
    """
    return " ".join(plain_word(_BRACKETS.sub(" ", plain_word(text))).strip("-_ .").split())


class SheetWords(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        source: where the words are from.
        absent: words of a cell that states nothing.
        not_done: words for a test that was not made.
        unclear: words that mean "no" to one laboratory and "not stated" to another.
        common_names: names of samples that files of any sample may hold.
        leftovers: whose leftover a file is, by the pattern of its name.
        context_keys: further names of a field for ``--context``.
        options: names of columns that say what an option sets for the whole run, by the option.
        columns: names of a column, by field.
        shared: words by value, in every field that has the value.
        values: words by field and value.
    """

    version: str
    source: str
    absent: tuple[str, ...]
    not_done: tuple[str, ...]
    unclear: tuple[str, ...]
    common_names: tuple[str, ...]
    leftovers: Mapping[str, str]
    context_keys: Mapping[str, str]
    options: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, tuple[str, ...]]
    shared: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]


class SheetLanguage(Struct, frozen=True, kw_only=True):
    """What words of a sheet mean; built once, every word with one meaning.

    Attributes:
        headings: field by the plain name of a column.
        meanings: for each choice or list, the vocabulary's value by plain word.
        absent: plain words that state nothing, where a field has no other meaning for them.
        unclear: plain words that may mean no or not stated.
        common_names: plain names that prove nothing.
        leftovers: whose leftover a file is, by the pattern of its name in small letters.
        context_keys: field by a further name for ``--context``.
        options: option by the plain name of a column that would set it.
    """

    headings: Mapping[str, str]
    meanings: Mapping[str, Mapping[str, str]]
    absent: frozenset[str]
    unclear: frozenset[str]
    common_names: frozenset[str]
    leftovers: Mapping[str, str]
    context_keys: Mapping[str, str]
    options: Mapping[str, str]

    def has_no(self, field: ContextField) -> bool:
        """Whether the field has a value that an unclear word may mean."""
        return any(value in _NO for value in field.values)


@functools.cache
def load_sheet_words(root: Path | None = None) -> SheetLanguage:
    """The words of a resources folder.

    Raises:
        ResourceError: the file is missing or altered, names a field or value that the vocabulary does not have, or
            gives one word two meanings.
    """
    source = open_store(root)
    try:
        words = read_rules(SheetWords, source.toml(_FILE))
        return _language(words, load_vocabulary(root))
    except RuleError as error:
        raise ResourceError(f"{source.root / _FILE}: {error}; {source.mend}") from error


def _language(words: SheetWords, vocabulary: Vocabulary) -> SheetLanguage:
    for field in (*words.columns, *words.values, *words.context_keys.values()):
        if field not in vocabulary and field not in FILE_COLUMNS:
            raise RuleError(f"{field} is no column and no field of the vocabulary")
    headings: dict[str, str] = {}
    for field in (*FILE_COLUMNS, *vocabulary):
        for name in (field, *words.columns.get(field, ())):
            _give(headings, plain_heading(name), field, "columns")
    options: dict[str, str] = {}
    for option, names in words.options.items():
        for name in map(plain_heading, names):
            _give(options, name, option, "options")
            if name in headings:
                raise RuleError(f"options: {name!r} means {headings[name]} and {option}")
    choices = {name: field for name, field in vocabulary.items() if field.values}
    return SheetLanguage(
        headings=headings,
        meanings={name: _meanings(name, field, words) for name, field in choices.items()},
        absent=frozenset(map(plain_word, ("", *words.absent, *words.not_done))),
        unclear=frozenset(map(plain_word, words.unclear)),
        common_names=frozenset(map(plain_word, words.common_names)),
        leftovers=words.leftovers,
        context_keys=words.context_keys,
        options=options,
    )


def _meanings(name: str, field: ContextField, words: SheetWords) -> dict[str, str]:
    own = words.values.get(name, {})
    for value in own:
        if value not in field.values:
            raise RuleError(f"values.{name}.{value} is no value of the field")
    found: dict[str, str] = {}
    for value in field.values:
        _give(found, plain_word(value), value, f"values.{name}")
    for value in field.values:
        for word in own.get(value, ()):
            _give(found, plain_word(word), value, f"values.{name}")
    for word, value in _common(field, words):
        found.setdefault(plain_word(word), value)
    return found


def _common(field: ContextField, words: SheetWords) -> Iterator[tuple[str, str]]:
    """Words that fields have in common; a field's own words go before them."""
    for value in field.values:
        yield from ((word, value) for word in words.shared.get(value, ()))
    not_done = next((value for value in _NOT_DONE if value in field.values), None)
    if not_done is not None:
        yield from ((word, not_done) for word in words.not_done)


def _give(found: dict[str, str], word: str, meaning: str, place: str) -> None:
    if found.setdefault(word, meaning) != meaning:
        raise RuleError(f"{place}: {word!r} means {found[word]} and {meaning}")

"""A sentence of a report, as the rules hold it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tp53annot.core.candidate import Flag


class Sentence(Struct, frozen=True, kw_only=True):
    """A template with the id under which a report shows it.

    Attributes:
        id: its key in the rules file ("warning.conflict").
        text: the words, facts in braces.
    """

    id: str
    text: str

    def flag(self, source: str, /, **facts: object) -> Flag:
        """The sentence with its facts and source.

        Raises:
            KeyError: the template asks for a fact that is not given.
        """
        return Flag(id=self.id, text=self.text.format(**facts), source=source)


class ExonWords(Struct, frozen=True, kw_only=True):
    """A text about one exon, and the same about several; ``{exons}`` are their numbers, other facts in braces."""

    one: str
    several: str

    def text(self, exons: Sequence[int], /, **facts: object) -> str:
        """The text about exons that follow each other, of which there is one at least."""
        if len(exons) == 1:
            return self.one.format(exons=exons[0], **facts)
        return self.several.format(exons=f"{exons[0]}-{exons[-1]}", **facts)

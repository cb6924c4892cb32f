"""A sentence of a report, as the rules hold it."""

from __future__ import annotations

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

"""Names replaced by keyed hashes: the same name and key give the same pseudonym, and without the key none a name.

HMAC-SHA-256 (RFC 2104, FIPS 198-1) of the name in UTF-8, Unicode form NFC; of it the first 20 hexadecimal digits
(80 bits), behind a letter for what is named.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import unicodedata
from pathlib import Path

from tp53annot.errors import InputError
from tp53annot.system.files import read_limited

FEWEST_BYTES = 16  # of a key; shorter ones can be tried out
_MOST_BYTES = 1 << 16
_DIGITS = 20


class Pseudonyms:
    """Pseudonyms under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sample(self, name: str) -> str:
        """Pseudonym of a sample."""
        return self._of("s", name)

    def patient(self, name: str) -> str:
        """Pseudonym of a patient."""
        return self._of("p", name)

    def file(self, name: str) -> str:
        """Pseudonym of a file name (without folder), with the endings that say what it is."""
        stem, endings = split_endings(name)
        return f"{self._of('f', stem)}{endings}"

    def _of(self, kind: str, name: str) -> str:
        message = unicodedata.normalize("NFC", name).encode("utf-8", "surrogateescape")
        return f"{kind}-{hmac.new(self._key, message, hashlib.sha256).hexdigest()[:_DIGITS]}"


_ENDINGS = frozenset(
    (
        *(".vcf", ".gz", ".bgz", ".bcf", ".g", ".bam", ".cram", ".sam", ".tsv", ".csv", ".txt", ".maf"),
        *(".xlsx", ".ods", ".bed", ".seg", ".cns", ".cnr", ".call", ".toml", ".fa", ".fasta"),
    )
)


def split_endings(name: str) -> tuple[str, str]:
    """A file name as its stem and the endings that say what kind of file it is.

    >>> split_endings("Anna.M.vcf.gz"), split_endings("Anna"), split_endings(".gz")
    (('Anna.M', '.vcf.gz'), ('Anna', ''), ('.gz', ''))
    """
    stem, endings = name, ""
    while "." in stem[1:]:
        rest, dot, last = stem.rpartition(".")
        if f"{dot}{last}".lower() not in _ENDINGS:
            break
        stem, endings = rest, f"{dot}{last}{endings}"
    return stem, endings


def pseudonyms_of(keyfile: Path | None) -> Pseudonyms | None:
    """Pseudonyms under the key in a file (without white space around it); ``None`` without a file.

    Raises:
        InputError: it cannot be read, or the key is too short to keep a secret.
    """
    return None if keyfile is None else _read(keyfile)


@functools.cache
def _read(keyfile: Path) -> Pseudonyms:
    key = read_limited(keyfile, _MOST_BYTES).strip()
    if len(key) < FEWEST_BYTES:
        raise InputError(
            f"a key of {len(key)} bytes, at least {FEWEST_BYTES} are needed",
            path=str(keyfile),
            fix="make one: openssl rand -hex 32 > key",
        )
    return Pseudonyms(key)

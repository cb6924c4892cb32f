"""``rules/sources.toml``: where newer tables come from, which files are understood, limits of a download."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class DownloadLimits(Struct, frozen=True, kw_only=True):
    """Limits of a download; times in seconds, sizes in bytes.

    Attributes:
        schemes: of the addresses that are fetched.
        connect_s: for a connection.
        read_s: between two pieces of an answer.
        total_s: for the whole file with every attempt.
        attempts: in all, the first included.
        backoff_s: the first pause; each further one is twice as long.
        backoff_max_s: the longest pause.
        retry_after_max_s: the longest pause that a server may ask for.
        max_redirects: that are followed.
        max_checksum_bytes: of a published checksum.
        max_unpacked_bytes: of a file once it is unpacked.
        max_document_bytes: of a JSON document.
        min_share_of_rows: a table below this share of the rows it replaces looks incomplete.
    """

    schemes: tuple[str, ...]
    connect_s: float
    read_s: float
    total_s: float
    attempts: int
    backoff_s: float
    backoff_max_s: float
    retry_after_max_s: float
    max_redirects: int
    max_checksum_bytes: int
    max_unpacked_bytes: int
    max_document_bytes: int
    min_share_of_rows: float


class Download(Struct, frozen=True, kw_only=True):
    """One file of a source.

    Attributes:
        url: its address.
        max_bytes: a larger one is refused.
        label: its version, where the file does not state it; empty: the server's date of the file.
        checksum_url: where its md5 or sha256 is published; empty: nowhere.
        query: a GraphQL question that is posted; empty: the file is asked for as it is.
    """

    url: str
    max_bytes: int
    label: str = ""
    checksum_url: str = ""
    query: str = ""


class DataSource(Struct, frozen=True, kw_only=True):
    """A database that newer tables come from, with the pedigree its tables get.

    Attributes:
        title: what it is.
        publisher: who publishes it.
        licence: of the data.
        citation: what to cite.
        download: its files; none: it is imported from a file only.
        predictor: name of the predictor whose scores it holds; empty: none.
    """

    title: str
    publisher: str
    licence: str
    citation: str
    download: tuple[Download, ...] = ()
    predictor: str = ""


class GeneIdentity(Struct, frozen=True, kw_only=True):
    """How other databases name the gene: symbol, and Ensembl identifier of the reference transcript."""

    symbol: str
    transcript: str


class FileFormat(Struct, frozen=True, kw_only=True):
    """A kind of file that is understood, told by its INFO fields, its columns or its keys (one of them).

    Attributes:
        source: name of the source it is of.
        name: as messages call it.
        reader: the function that reads it, by name.
        info: INFO fields that the header of a VCF declares.
        columns: of the header of a table.
        keys: of a JSON object, or of the first one of a list.
        meta_words: a header line of the VCF holds them, too.
        only_with: only rows that hold this text are looked at (other genes and chromosomes cost time).
        named_only: it says nothing of its origin, so that the source has to be named.
        settings: of the reader: each reader has its own.
    """

    source: str
    name: str
    reader: str
    info: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    meta_words: str = ""
    only_with: str = ""
    named_only: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sum(map(bool, (self.info, self.columns, self.keys))) != 1:
            raise ValueError(f"{self.name} must be told by info, columns or keys, and by one of them")


class SourcesRules(Struct, frozen=True, kw_only=True):
    """The file.

    Attributes:
        version: of the file.
        limits: of downloads and of the files read.
        source: the databases, by the name that ``resources update`` takes.
        gene: how they name the gene.
        format: kinds of files; the first that fits is taken.
    """

    version: str
    limits: DownloadLimits
    source: Mapping[str, DataSource]
    gene: GeneIdentity
    format: tuple[FileFormat, ...]

    def __post_init__(self) -> None:
        for form in self.format:
            if form.source not in self.source:
                raise ValueError(f"format {form.name!r} is of no source: {form.source!r}")

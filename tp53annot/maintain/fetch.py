"""The door to the network: one file fetched with time-outs, retries and limits. Nothing else connects.

Every fetch goes to a file beside which nothing else is touched; what is done with it is decided
elsewhere. Addresses and limits are data (``rules/sources.toml``).
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from msgspec import Struct
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError
from urllib3.util import Retry

from tp53annot.core.version import __version__
from tp53annot.errors import InputError
from tp53annot.knowledge.rules.sources import DownloadLimits

_BLOCK = 1 << 16
_RETRY = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_SECURE = "https"
_OK = 200
_BY_HAND = "check the address, or download the file and give it with --from"


class Fetched(Struct, frozen=True, kw_only=True):
    """A file as it came: checksum and size in bytes of what was sent, and the server's date of it."""

    path: Path
    url: str
    sha256: str
    md5: str
    size: int
    date: str | None

    def check(self, published: str) -> None:
        """Compare with a published md5 or sha256 (``<hex>  <name>``).

        Raises:
            InputError: the file is another one, or no checksum can be read.
        """
        words = published.split()
        digest = words[0].lower() if words else ""
        ours = {len(self.md5): self.md5, len(self.sha256): self.sha256}.get(len(digest))
        if ours is None or not all(letter in "0123456789abcdef" for letter in digest):
            raise InputError("the published checksum cannot be read", path=self.url, fix="try again later")
        if ours != digest:
            raise InputError(
                f"checksum differs from the published one ({ours} instead of {digest})",
                path=self.url,
                fix="the file was damaged or replaced on the way; try again later",
            )


class _PassingError(Exception):
    """A failure that may pass: what happened, and the seconds the server asked to wait."""

    def __init__(self, cause: str, wait_s: float | None = None) -> None:
        super().__init__(cause)
        self.wait_s = wait_s


class _Patience(Retry):
    """urllib3's account of attempts and pauses; its first pause is none, ours is.

    Asked by hand, not given to the session: a session that tries again by itself reads each failed answer to
    its end, however long, and does not see that a file breaks off.
    """

    def get_backoff_time(self) -> float:
        """Seconds: doubling from the first pause."""
        return min(self.backoff_factor * 2.0 ** (len(self.history) - 1), float(self.backoff_max))


class Fetcher:
    """Fetches files within the limits of ``rules/sources.toml``.

    Args:
        limits: times in seconds, sizes in bytes.
        any_scheme: also allow plain http, for an address the user gave.
    """

    def __init__(self, limits: DownloadLimits, *, any_scheme: bool = False) -> None:
        self.limits = limits
        self.schemes = {*limits.schemes, *(["http"] if any_scheme else [])}

    def fetch(self, url: str, target: Path, *, max_bytes: int, query: str = "") -> Fetched:
        """The file behind ``url`` as ``target``; ``query`` is posted as a GraphQL question.

        Raises:
            InputError: not reachable, refused, too large, cut off, or slower than the total limit.
        """
        deadline = time.monotonic() + self.limits.total_s
        patience: Retry = _Patience(
            total=self.limits.attempts - 1,
            backoff_factor=self.limits.backoff_s,
            backoff_max=self.limits.backoff_max_s,
        )
        while True:
            try:
                return self._once(url, target, max_bytes, query, deadline)
            except _PassingError as failure:
                tried = len(patience.history) + 1
                with contextlib.suppress(MaxRetryError):
                    patience = patience.increment(url=url, error=failure)
                    pause = patience.get_backoff_time() if failure.wait_s is None else failure.wait_s
                    if time.monotonic() + pause < deadline:
                        time.sleep(pause)
                        continue
                raise InputError(
                    f"{failure} (tried {tried} times)",
                    path=url,
                    fix="try again later, or download the file and give it with --from",
                ) from failure

    def text(self, url: str, target: Path) -> str:
        """A small text file (a published checksum)."""
        self.fetch(url, target, max_bytes=self.limits.max_checksum_bytes)
        return target.read_text(encoding="utf-8", errors="replace")

    def _once(self, url: str, target: Path, max_bytes: int, query: str, deadline: float) -> Fetched:
        try:
            with requests.Session() as session:
                session.headers.update(
                    {"User-Agent": f"tp53annot/{__version__}", "Accept-Encoding": "identity"}
                )
                with self._open(session, url, query) as response:
                    return self._save(response, target, max_bytes, deadline)
        except requests.Timeout as error:
            raise _PassingError("the server did not answer in time") from error
        except requests.exceptions.SSLError as error:
            raise InputError(
                f"no secure connection: {_reason(error)}",
                path=url,
                fix="a site with its own certificates names them in REQUESTS_CA_BUNDLE",
            ) from error
        except (requests.ConnectionError, HTTPError, OSError) as error:
            raise _PassingError(f"the connection failed or broke off: {_reason(error)}") from error
        except requests.RequestException as error:
            raise InputError(f"cannot be fetched: {error}", path=url, fix=_BY_HAND) from error

    def _open(self, session: requests.Session, url: str, query: str) -> requests.Response:
        """The answer with status 200, redirects followed within the allowed schemes."""
        timeout = (self.limits.connect_s, self.limits.read_s)
        first = self._scheme(url, url)
        for _ in range(self.limits.max_redirects + 1):
            if not query:
                response = session.get(url, stream=True, timeout=timeout, allow_redirects=False)
            else:
                response = session.post(
                    url, json={"query": query}, stream=True, timeout=timeout, allow_redirects=False
                )
            if response.status_code not in _REDIRECT:
                self._check_status(response)
                return response
            response.close()
            onward = urljoin(url, response.headers.get("Location", ""))
            if self._scheme(onward, url) != _SECURE and first == _SECURE:
                raise InputError(f"refused: a redirect leaves https for {onward}", path=url, fix=_BY_HAND)
            url = onward
        raise InputError("refused: too many redirects", path=url, fix=_BY_HAND)

    def _scheme(self, url: str, asked: str) -> str:
        scheme = urlsplit(url).scheme.lower()
        if scheme not in self.schemes or not urlsplit(url).hostname:
            raise InputError(
                f"refused: {url} is not an address of the kind {' or '.join(sorted(self.schemes))}",
                path=asked,
                fix=_BY_HAND,
            )
        return scheme

    def _check_status(self, response: requests.Response) -> None:
        code = response.status_code
        if code == _OK:
            return
        wait = _retry_after(response.headers.get("Retry-After"))
        response.close()
        if code not in _RETRY:
            raise InputError(
                f"the server answered {code} {response.reason}",
                path=response.url,
                fix="the address may have changed; download the file and give it with --from",
            )
        if wait is not None and wait > self.limits.retry_after_max_s:
            raise InputError(
                f"the server answered {code} and asks to wait {wait:.0f} s",
                path=response.url,
                fix="try later",
            )
        raise _PassingError(f"the server answered {code}", wait)

    def _save(self, response: requests.Response, target: Path, max_bytes: int, deadline: float) -> Fetched:
        announced = _length(response.headers.get("Content-Length"))
        if announced is not None and announced > max_bytes:
            raise _too_large(response.url, announced, max_bytes)
        size, sha256, md5 = 0, hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        with target.open("wb") as out:
            # Bytes as sent: a checksum is of the file, not of what a server packed it into.
            # read1 returns what is there, so that a trickle cannot outlast the total limit.
            while block := response.raw.read1(_BLOCK, decode_content=False):
                size += len(block)
                if size > max_bytes:
                    raise _too_large(response.url, size, max_bytes)
                if time.monotonic() > deadline:
                    raise InputError(
                        f"not complete after {self.limits.total_s:.0f} s",
                        path=response.url,
                        fix="try later",
                    )
                sha256.update(block)
                md5.update(block)
                out.write(block)
        if announced is not None and size != announced:
            raise _PassingError(f"{size} of {announced} announced bytes came")
        if not size:
            raise _PassingError("the answer was empty")
        date = _date(response.headers.get("Last-Modified"))
        return Fetched(
            path=target,
            url=response.url,
            sha256=sha256.hexdigest(),
            md5=md5.hexdigest(),
            size=size,
            date=date,
        )


def _reason(error: BaseException) -> str:
    """What the system said, under the layers of libraries."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    said = error.strerror if isinstance(error, OSError) else None
    return said or type(error).__name__


def _too_large(url: str, size: int, limit: int) -> InputError:
    return InputError(
        f"larger than allowed ({size} bytes, at most {limit})",
        path=url,
        fix="download it by hand and give it with --from",
    )


def _length(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdigit() else None


def _retry_after(text: str | None) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date."""
    parser = Retry()
    parser.retry_after_max = 10**9  # urllib3 would call a longer time this long; ours is refused
    try:
        return None if text is None else float(parser.parse_retry_after(text))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def _date(text: str | None) -> str | None:
    try:
        return parsedate_to_datetime(text).date().isoformat() if text else None
    except (TypeError, ValueError):
        return None

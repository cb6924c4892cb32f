"""Fetching, against a real server on loopback: what is retried, what is refused, what is kept."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import release_files as files
import release_server as web
from msgspec.structs import replace
from release_server import Server, serving
from tp53annot_cli import in_a_process, tp53annot

from tp53annot.errors import InputError
from tp53annot.knowledge.resources import resources_of
from tp53annot.knowledge.rules.sources import DownloadLimits
from tp53annot.knowledge.store import Store
from tp53annot.knowledge.tables.registry import load_knowledge
from tp53annot.maintain.fetch import Fetcher

DATA = b"one\ntwo\n" * 1000
SOURCES = resources_of().rules.sources
QUICK = replace(
    SOURCES.limits,
    connect_s=2.0,
    read_s=0.8,
    total_s=10.0,
    attempts=3,
    backoff_s=0.05,
    backoff_max_s=0.1,
    retry_after_max_s=1.0,
)


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between us and loopback."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def fetch(url: str, folder: Path, limits: DownloadLimits = QUICK, most: int = 10**6) -> bytes:
    return Fetcher(limits, any_scheme=True).fetch(url, folder / "got", max_bytes=most).path.read_bytes()


def fails(url: str, folder: Path, reason: str, most: int = 10**6) -> str:
    with pytest.raises(InputError, match=reason) as caught:
        fetch(url, folder, most=most)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_comes_as_it_is_with_checksums_and_date(server: Server, tmp_path: Path) -> None:
    url = server.put("/f", web.sends(DATA, Last_Modified="Mon, 16 Nov 2026 10:00:00 GMT"))
    got = Fetcher(QUICK, any_scheme=True).fetch(url, tmp_path / "f", max_bytes=10**6)
    assert got.path.read_bytes() == DATA and got.size == len(DATA)
    assert (got.sha256, got.md5) == (hashlib.sha256(DATA).hexdigest(), hashlib.md5(DATA).hexdigest())
    assert got.date == "2026-11-16"
    got.check(f"{got.md5}  f\n")
    got.check(got.sha256.upper())


@pytest.mark.parametrize("code", [500, 502, 503, 504, 429, 408])
def test_passing_failures_are_tried_again(code: int, server: Server, tmp_path: Path) -> None:
    url = server.put("/f", web.fails(code), web.fails(code), web.sends(DATA))
    assert fetch(url, tmp_path) == DATA
    assert len(server.seen) == 3
    first, second = (b - a for a, b in zip(server.times, server.times[1:], strict=False))
    assert first >= 0.05 and second >= 0.1  # the pause doubles


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
def test_lasting_failures_are_not(code: int, server: Server, tmp_path: Path) -> None:
    line = fails(server.put("/f", web.fails(code)), tmp_path, f"the server answered {code}")
    assert len(server.seen) == 1 and "--from" in line


def test_attempts_end(server: Server, tmp_path: Path) -> None:
    fails(server.put("/f", web.fails(503)), tmp_path, r"answered 503 \(tried 3 times\)")
    assert len(server.seen) == 3


@pytest.mark.parametrize("how", ["seconds", "date"])
def test_retry_after_is_honoured(how: str, server: Server, tmp_path: Path) -> None:
    # A date has whole seconds: two from now is between one and two.
    later = datetime.now(UTC) + timedelta(seconds=2)
    asked = "1" if how == "seconds" else format_datetime(later, usegmt=True)
    limits = replace(QUICK, retry_after_max_s=3.0)
    url = server.put("/f", web.fails(503, Retry_After=asked), web.sends(DATA))
    assert fetch(url, tmp_path, limits) == DATA
    assert server.times[1] - server.times[0] >= 0.9


def test_a_long_retry_after_is_said_not_waited_for(server: Server, tmp_path: Path) -> None:
    fails(server.put("/f", web.fails(429, Retry_After="86400")), tmp_path, "asks to wait 86400 s")
    assert len(server.seen) == 1


@pytest.mark.parametrize("answer", [web.silent, web.stalls(b"part"), web.hangs_up, web.chunks_cut_off])
def test_silence_and_broken_connections_are_tried_again(
    answer: web.Answer, server: Server, tmp_path: Path
) -> None:
    assert fetch(server.put("/f", answer, web.sends(DATA)), tmp_path) == DATA
    server.seen.clear()
    fails(server.put("/g", answer), tmp_path, "tried [23] times")


def test_a_trickle_ends_at_the_total_limit(server: Server, tmp_path: Path) -> None:
    begin = time.monotonic()
    with pytest.raises(InputError, match="not complete after 1 s"):
        fetch(server.put("/f", web.trickles), tmp_path, replace(QUICK, total_s=1.0))
    assert time.monotonic() - begin < 5


def test_fewer_bytes_than_announced(server: Server, tmp_path: Path) -> None:
    url = server.put("/f", web.sends(DATA, length=len(DATA) + 7), web.sends(DATA))
    assert fetch(url, tmp_path) == DATA and len(server.seen) == 2
    fails(server.put("/g", web.sends(DATA, length=len(DATA) + 7)), tmp_path, "tried 3 times")


def test_more_bytes_than_announced_do_not_pass_a_checksum(server: Server, tmp_path: Path) -> None:
    url = server.put("/f", web.sends(DATA, length=100))
    got = Fetcher(QUICK, any_scheme=True).fetch(url, tmp_path / "f", max_bytes=10**6)
    assert got.path.read_bytes() == DATA[:100]
    with pytest.raises(InputError, match="checksum differs"):
        got.check(hashlib.md5(DATA).hexdigest())


def test_size_limit_announced_or_not(server: Server, tmp_path: Path) -> None:
    fails(server.put("/f", web.sends(DATA)), tmp_path, "larger than allowed", most=100)

    def unannounced(handler: web.Handler) -> None:
        handler.head(200, {})
        handler.wfile.write(DATA)

    fails(server.put("/g", unannounced), tmp_path, "larger than allowed", most=100)


def test_an_empty_answer(server: Server, tmp_path: Path) -> None:
    fails(server.put("/f", web.sends(b"")), tmp_path, "the answer was empty")


def test_redirects_are_followed_within_limits(server: Server, tmp_path: Path) -> None:
    server.put("/end", web.sends(DATA))
    assert fetch(server.put("/f", web.redirects("/end")), tmp_path) == DATA
    assert fetch(server.put("/g", web.redirects(server.url + "/end", 308)), tmp_path) == DATA
    fails(server.put("/h", web.redirects("/h")), tmp_path, "too many redirects")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/", "data:,x"])
def test_redirects_to_other_schemes_are_refused(target: str, server: Server, tmp_path: Path) -> None:
    fails(server.put("/f", web.redirects(target)), tmp_path, "refused: .* is not an address")
    assert not (tmp_path / "got").exists()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/x", "clinvar.vcf.gz", "http://127.0.0.1:1/x"]
)
def test_only_https_unless_the_user_gives_the_address(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="refused"):
        Fetcher(QUICK).fetch(url, tmp_path / "f", max_bytes=10)


def test_nobody_there(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/f"
    fails(url, tmp_path, r"the connection failed or broke off: Connection refused \(tried 3 times\)")


def test_no_secure_connection_is_not_tried_again(server: Server, tmp_path: Path) -> None:
    url = server.put("/f", web.sends(DATA)).replace("http:", "https:")
    line = fails(url, tmp_path, "no secure connection: ")
    assert "REQUESTS_CA_BUNDLE" in line and server.seen == []


@pytest.mark.parametrize("published", ["", "not a checksum", "zz" * 16, "0" * 40])
def test_a_published_checksum_that_cannot_be_read(published: str, server: Server, tmp_path: Path) -> None:
    url = server.put("/f", web.sends(DATA))
    got = Fetcher(QUICK, any_scheme=True).fetch(url, tmp_path / "f", max_bytes=10**6)
    with pytest.raises(InputError, match="cannot be read"):
        got.check(published)


# the whole command ---------------------------------------------------------------------------


def path_of(source: str, number: int = 0, key: str = "url") -> str:
    return urlsplit(getattr(SOURCES.source[source].download[number], key)).path


def serve_everything(server: Server) -> None:
    clinvar = files.packed(files.clinvar_vcf(), "gz")
    server.put(path_of("clinvar"), web.sends(clinvar))
    server.put(path_of("clinvar", key="checksum_url"), web.sends(hashlib.md5(clinvar).hexdigest().encode()))
    server.put(path_of("gnomad"), web.sends(files.gnomad_api().encode()))
    server.put(
        path_of("civic"), web.sends(files.civic_tsv().encode(), Last_Modified="Mon, 16 Nov 2026 10:00:00 GMT")
    )
    server.put(path_of("nci"), web.sends(files.nci_tumour().encode()))
    server.put(path_of("nci", 1), web.sends(files.nci_germline().encode()))
    server.put(path_of("hotspots"), web.sends(files.hotspots_single().encode()))
    server.put(path_of("hotspots", 1), web.sends(files.hotspots_3d().encode()))


def test_everything_is_brought_and_used_only_when_asked_for(server: Server, tmp_path: Path) -> None:
    serve_everything(server)
    home = {"XDG_DATA_HOME": str(tmp_path), "NO_PROXY": "127.0.0.1"}
    before = in_a_process("explain", "R175H", env=home).stdout
    done = in_a_process("resources", "update", "--url", server.url, env=home)
    assert done.returncode == 0, done.stderr
    data = tmp_path / "tp53annot"
    for source in ("clinvar", "gnomad", "civic", "nci", "hotspots"):
        assert f"{source}: " in done.stdout
    assert "CIViC VariantSummaries 2026-11-16" in done.stdout and "gnomad_r4" in done.stdout
    assert f"--resources-dir {data}" in done.stdout
    method, _, body = next(item for item in server.seen if item[1] == path_of("gnomad"))
    assert method == "POST" and b"TP53" in body
    assert in_a_process("resources", "verify", "--resources-dir", data).returncode == 0
    # Installed is not used: only on request.
    assert in_a_process("explain", "R175H", env=home).stdout == before
    asked = in_a_process("explain", "R175H", env={"TP53ANNOT_RESOURCES_DIR": str(data)}).stdout
    assert "imported gnomAD table (5 alleles seen)" in asked and "NCI TP53 Database" in asked
    assert asked == in_a_process("explain", "R175H", "--resources-dir", data).stdout != before
    knowledge = load_knowledge(Store(data).root)
    assert len(knowledge.clinvar) == 3654 and len(knowledge.spatial_hotspots) == len(
        load_knowledge().spatial_hotspots
    )


BROKEN = {
    "404": (web.fails(404), "the server answered 404"),
    "page": (web.sends(b"<!doctype html><title>Moved</title>"), "is a web page, not data"),
    "other data": (web.sends(files.civic_tsv().encode()), "checksum differs"),
    "cut short": (web.sends(files.packed(files.clinvar_vcf(), "gz"), length=9000), "checksum differs"),
    "redirect": (web.redirects("file:///etc/passwd"), "refused"),
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_a_failed_update_leaves_the_old_tables(case: str, server: Server, tmp_path: Path) -> None:
    serve_everything(server)
    if case == "page":  # a page with a checksum that fits it
        page = b"<!doctype html><title>Moved</title>"
        server.put(path_of("clinvar", key="checksum_url"), web.sends(hashlib.md5(page).hexdigest().encode()))
    data = tmp_path / "data"
    assert (
        tp53annot("resources", "update", "civic", "--url", server.url, "--resources-dir", data).returncode
        == 0
    )
    before = {p.relative_to(data): p.read_bytes() for p in data.rglob("*") if p.is_file()}
    answer, reason = BROKEN[case]
    server.put(path_of("clinvar"), answer)
    done = tp53annot("resources", "update", "clinvar", "--url", server.url, "--resources-dir", data)
    assert done.returncode == 3 and done.stdout == ""
    assert reason in done.stderr and server.url in done.stderr and done.stderr.count("\n") == 2
    assert {p.relative_to(data): p.read_bytes() for p in data.rglob("*") if p.is_file()} == before
    assert Store(data).problems() == []


def test_one_source_of_two_that_fails_is_named_and_the_other_taken(server: Server, tmp_path: Path) -> None:
    serve_everything(server)
    server.put(path_of("civic"), web.fails(404))
    data = tmp_path / "data"
    done = tp53annot("resources", "update", "civic", "nci", "--url", server.url, "--resources-dir", data)
    assert done.returncode == 5 and "404" in done.stderr and "nci: 2 TP53 rows" in done.stdout
    assert load_knowledge(Store(data).root).nci_tumour and not load_knowledge(Store(data).root).civic
    server.put(path_of("nci"), web.fails(404))
    done = tp53annot("resources", "update", "civic", "nci", "--url", server.url, "--resources-dir", data)
    assert done.returncode == 3 and done.stderr.count("404") == 2


def test_a_source_of_two_files_is_taken_whole_or_not_at_all(server: Server, tmp_path: Path) -> None:
    serve_everything(server)
    server.put(path_of("nci", 1), web.fails(404))
    done = tp53annot("resources", "update", "nci", "--url", server.url, "--resources-dir", tmp_path / "data")
    assert done.returncode == 3 and not (tmp_path / "data").exists()


def test_the_data_folder_is_a_file(tmp_path: Path) -> None:
    path = files.put(tmp_path / "bd.gz", files.bayesdel())
    done = tp53annot("resources", "update", "--from", path, "--resources-dir", path)
    assert done.returncode == 3 and "cannot write" in done.stderr

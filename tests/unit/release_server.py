"""A real web server on loopback that serves, fails, stalls, cuts off, redirects and lies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler"], None]


class Server(ThreadingHTTPServer):
    """Answers by path; ``seen`` holds (method, path, body) of every request, ``times`` when."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.seen: list[tuple[str, str, bytes]] = []
        self.times: list[float] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def put(self, path: str, *answers: Answer) -> str:
        """Answers to the first, second ... request; the last one stays. Returns the address."""
        self.answers[path] = list(answers)
        return self.url + path


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def do_GET(self) -> None:
        self.reply()

    def do_POST(self) -> None:
        self.reply()

    def reply(self) -> None:
        """The answer that is due."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, body))
        self.server.times.append(time.monotonic())
        answers = self.server.answers.get(self.path)
        if answers is None:
            self.send_error(404)
            return
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def head(self, code: int, headers: dict[str, str]) -> None:
        """Status line and headers."""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def sends(data: bytes, *, code: int = 200, length: int | None = None, **headers: str) -> Answer:
    """The data, with a true Content-Length or the one given."""

    def answer(handler: Handler) -> None:
        size = len(data) if length is None else length
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.head(code, {"Content-Length": str(size), **named})
        handler.wfile.write(data)

    return answer


def fails(code: int, **headers: str) -> Answer:
    """A status and a short page."""
    return sends(b"<html>no</html>", code=code, **headers)


def redirects(target: str, code: int = 302) -> Answer:
    """To another address."""
    return sends(b"", code=code, Location=target)


def stalls(data: bytes = b"") -> Answer:
    """Part of the data, then silence until the client leaves."""

    def answer(handler: Handler) -> None:
        handler.head(200, {"Content-Length": str(len(data) + 1000)})
        handler.wfile.write(data)
        handler.wfile.flush()
        handler.server.closing.wait(5)

    return answer


def silent(handler: Handler) -> None:
    """No answer at all."""
    handler.server.closing.wait(5)


def hangs_up(handler: Handler) -> None:
    """Closes without a word."""
    handler.close_connection = True


def trickles(handler: Handler) -> None:
    """A byte now and then, forever: each arrives in time, the whole never."""
    handler.head(200, {"Content-Length": "1000000"})
    while not handler.server.closing.wait(0.05):
        try:
            handler.wfile.write(b"x")
        except OSError:
            return


def chunks_cut_off(handler: Handler) -> None:
    """Chunked transfer that ends within a chunk."""
    handler.protocol_version = "HTTP/1.1"
    handler.head(200, {"Transfer-Encoding": "chunked"})
    handler.wfile.write(b"64\r\nshort")
    handler.close_connection = True


@contextmanager
def serving() -> Iterator[Server]:
    """A server for the length of a block."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()

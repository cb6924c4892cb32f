"""Compressed containers as streams of bytes: BGZF (blocked gzip, SAM specification 4.1) and gzip.

Damage raises ``zlib.error``, a cut-off file ``EOFError``.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator
from typing import IO

EOF_BLOCK = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_READ = 1 << 20


def block_size(head: bytes) -> int | None:
    """Length in bytes of the BGZF block that ``head`` begins, ``None`` when it begins none."""
    if len(head) < 18 or head[:4] != b"\x1f\x8b\x08\x04":
        return None
    extra = head[12 : 12 + int.from_bytes(head[10:12], "little")]
    while len(extra) >= 4:
        size = int.from_bytes(extra[2:4], "little")
        if extra[:2] == b"BC" and size == 2 and len(extra) >= 6:
            return int.from_bytes(extra[4:6], "little") + 1
        extra = extra[4 + size :]
    return None


def inflate(block: bytes) -> bytes:
    """The data of one whole BGZF block, its checksum verified."""
    skip = 12 + int.from_bytes(block[10:12], "little")
    data = zlib.decompress(block[skip:-8], wbits=-15)
    if zlib.crc32(data) != int.from_bytes(block[-8:-4], "little"):
        raise zlib.error("checksum of a block is wrong")
    return data


def _inflate_all(blocks: list[bytes]) -> bytes:
    return b"".join(map(inflate, blocks))


def _raw_blocks(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """Whole blocks in groups; the last must be the end-of-file marker."""
    rest, last = b"", b""
    while True:
        piece = stream.read(_READ)
        rest += piece
        at, blocks = 0, []
        while (size := block_size(rest[at : at + 64])) is not None and at + size <= len(rest):
            blocks.append(rest[at : at + size])
            at += size
        if blocks:
            last = blocks[-1]
            yield blocks
        rest = rest[at:]
        if not piece:
            break
        if len(rest) >= 1 << 17 and block_size(rest) is None:
            raise zlib.error("not a block where one must begin")
    if rest or last != EOF_BLOCK:
        raise EOFError


def bgzf_chunks(stream: IO[bytes], threads: int = 2) -> Iterator[bytes]:
    """The data of a BGZF stream in order; blocks are decompressed ahead in ``threads`` threads."""
    groups = _raw_blocks(stream)
    first = next(groups, None)
    if first is None:
        return
    yield _inflate_all(first)
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[bytes]] = deque()
        for group in groups:
            waiting.append(pool.submit(_inflate_all, group))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def gzip_chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """The data of a gzip stream of one or several members, in pieces of at most 1 MiB."""
    member = zlib.decompressobj(31)
    ended = False
    while piece := stream.read(_READ):
        while piece:
            if ended:
                piece = piece.lstrip(b"\0")
                if not piece:
                    break
                member, ended = zlib.decompressobj(31), False
            data = member.decompress(piece, _READ)
            if data:
                yield data
            ended = member.eof
            piece = member.unused_data if ended else member.unconsumed_tail
    while not ended and (data := member.decompress(member.unconsumed_tail, _READ)):
        yield data
        ended = member.eof
    if not ended:
        raise EOFError

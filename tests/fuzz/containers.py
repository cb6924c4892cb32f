"""Containers made by hand, so that they can be made wrong."""

from __future__ import annotations

import struct
import zlib

EOF = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def bgzip(data: bytes, size: int = 60_000) -> bytes:
    """BGZF blocks of ``size`` bytes each as the SAM specification lays them out."""
    blocks = []
    for at in range(0, len(data), size):
        piece = data[at : at + size]
        deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
        body = deflate.compress(piece) + deflate.flush()
        head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(body) + 25)
        blocks.append(head + body + struct.pack("<2I", zlib.crc32(piece), len(piece)))
    return b"".join(blocks) + EOF

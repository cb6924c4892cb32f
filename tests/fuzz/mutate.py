"""Mutations of bytes, of tab-separated text and of JSON values, all from one random generator."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

NUMBERS = (
    "0", "-1", "1", "2147483647", "2147483648", "-2147483648", "4294967296", "9223372036854775807", "1e308",
    "1e999", "-0.0", "nan", "NaN", "inf", "-inf", "1_0", "0x10", "²", "１２", "9" * 30, "9" * 400, "0.5", "1e-320", "",
)  # fmt: skip
WORDS = (
    "\0", "\x1b[31m", "\x1b]0;x\x07", "\r", "\n", "\t", "\t\t", "\u202e", "\u2028", "\x85", "é", "\U0001f9ec", "\ud800",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0",
    "-2+3", "{{7*7}}", "%s%n", "%00", "../../../etc/passwd", "/dev/zero", "A" * 5000, "ACGT" * 700, "N" * 300,
    ".", "*", "<DEL>", "<NON_REF>", "<*>", "<", ">", "[", "]", "N[chr17:7675088[", "]chr17:7[A", ",", ",,", ";",
    ";;", "=", ":", "::", "|", "/", "0/1", "0|1", "1/1", "./.", "./1", "0/99", "-1/1", "0/1/2/3/4/5", "1", "PASS",
    "END=1", "END=99999999999", "SVLEN=-9999999999", "SVTYPE=DEL", "AD", "DP", "AF", "GT:AD", "chr17", "17",
    "NC_000017.11", "CM000679.2", "chrM", "##contig=<ID=chr17,length=83257441>", "##contig=<ID=17,length=81195210>",
    "#CHROM", "##fileformat=VCFv4.2", "##reference=hg19", "##reference=GRCh38", '"', "'", "\\", "`", "#", "BAM\1",
    "\x1f\x8b\x08\x04", "BCF\2\2", "TBI\1",
)  # fmt: skip
_NUMBER = re.compile(rb"\d+(\.\d+)?")
Mutator = Callable[[bytearray, random.Random], bytearray]


def _token(rng: random.Random) -> bytes:
    word = rng.choice(WORDS) if rng.random() < 0.6 else rng.choice(NUMBERS)
    return word.encode("utf-8", "surrogatepass")


def _place(data: bytearray, rng: random.Random) -> int:
    return rng.randrange(len(data) + 1)


def flip(data: bytearray, rng: random.Random) -> bytearray:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def overwrite(data: bytearray, rng: random.Random) -> bytearray:
    at = _place(data, rng)
    width = rng.choice((1, 2, 4, 8))
    value = rng.choice((0, 1, 0x7F, 0x80, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, rng.getrandbits(32)))
    data[at : at + width] = (value & (1 << (8 * width)) - 1).to_bytes(width, "little")
    return data


def truncate(data: bytearray, rng: random.Random) -> bytearray:
    return data[: _place(data, rng)]


def remove(data: bytearray, rng: random.Random) -> bytearray:
    at = _place(data, rng)
    del data[at : at + rng.choice((1, 2, 10, 100, 1000))]
    return data


def repeat(data: bytearray, rng: random.Random) -> bytearray:
    at = _place(data, rng)
    piece = data[at : at + rng.choice((1, 5, 50, 500))]
    data[at:at] = piece * rng.choice((1, 2, 10, 200))
    return data


def insert(data: bytearray, rng: random.Random) -> bytearray:
    at = _place(data, rng)
    data[at:at] = _token(rng)
    return data


def number(data: bytearray, rng: random.Random) -> bytearray:
    found = list(_NUMBER.finditer(data))
    if found:
        match = rng.choice(found)
        data[match.start() : match.end()] = rng.choice(NUMBERS).encode()
    return data


def cell(data: bytearray, rng: random.Random) -> bytearray:
    """Replace, empty or double one field between separators."""
    separator = rng.choice((b"\t", b"\t", b";", b":", b",", b"="))
    parts = bytes(data).split(separator)
    at = rng.randrange(len(parts))
    parts[at] = rng.choice((_token(rng), b"", parts[at] + parts[at], parts[rng.randrange(len(parts))]))
    return bytearray(separator.join(parts))


def line(data: bytearray, rng: random.Random) -> bytearray:
    """Drop, double, move or make up one line."""
    lines = bytes(data).split(b"\n")
    at = rng.randrange(len(lines))
    how = rng.randrange(4)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(at, lines[at])
    elif how == 2:
        lines.insert(rng.randrange(len(lines)), lines.pop(at))
    else:
        lines.insert(at, _token(rng))
    return bytearray(b"\n".join(lines))


BYTES: tuple[Mutator, ...] = (flip, overwrite, truncate, remove, repeat, insert)
TEXT: tuple[Mutator, ...] = (cell, cell, cell, number, number, line, insert, remove, repeat, flip, truncate)


def mutated(
    data: bytes, rng: random.Random, how: tuple[Mutator, ...], others: tuple[bytes, ...] = ()
) -> bytes:
    """One to six mutations, now and then spliced with another seed."""
    work = bytearray(data)
    if others and rng.random() < 0.08:
        other = rng.choice(others)
        work = work[: _place(work, rng)] + other[rng.randrange(len(other) + 1) :]
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        work = rng.choice(how)(work, rng)
    return bytes(work[: 4 << 20])


def wild(rng: random.Random) -> Any:
    """A JSON value of any type."""
    deep: Any = []
    for _ in range(rng.choice((1, 50, 900))):
        deep = [deep]
    values: tuple[Any, ...] = (
        None, True, False, 0, -1, 10**30, 1e308, float("nan"), float("inf"), "", [], {}, [None], {"x": 1}, deep,
        rng.choice(WORDS), rng.choice(NUMBERS), [1, 2], ["a"], {"value": None}, 0.5,
    )  # fmt: skip
    return rng.choice(values)


def mutated_json(value: Any, rng: random.Random) -> Any:
    """One to four keys or items of a JSON value dropped, doubled or replaced, at any depth."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        holder = value
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = rng.choice(keys)
            if isinstance(holder[key], dict | list) and holder[key] and rng.random() < 0.8:
                holder = holder[key]
                continue
            how = rng.randrange(4)
            if how == 0:
                del holder[key]
            elif how == 1 and isinstance(holder, list):
                holder.append(holder[key])
            elif how == 2 and isinstance(holder, dict):
                holder[rng.choice(WORDS)] = wild(rng)
            else:
                holder[key] = wild(rng)
            break
    return value

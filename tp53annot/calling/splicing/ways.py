"""Where bases beyond a splice site may lie: stretches of the reference, one after the other."""

from __future__ import annotations

# First position and size of each stretch.
Way = tuple[tuple[int, int], ...]


def joined_ways(before: Way, way: Way) -> Way:
    """Stretches that touch as one."""
    if before and way and before[-1][0] + before[-1][1] == way[0][0]:
        return ((before[-1][0], before[-1][1] + way[0][1]), *way[1:])
    return (*before, *way)


def common_bases(one: Way, two: Way) -> int:
    """Bases up to which two ways are the same."""
    size = 0
    for (first, length), (other, theirs) in zip(one, two, strict=False):
        if first != other:
            break
        size += min(length, theirs)
        if length != theirs:
            break
    return size


def shortened(way: Way, size: int) -> Way:
    """The first bases of a way."""
    found: list[tuple[int, int]] = []
    for first, length in way:
        if size <= 0:
            break
        found.append((first, min(length, size)))
        size -= length
    return tuple(found)

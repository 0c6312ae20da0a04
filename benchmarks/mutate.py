"""Mutations of bytes that do for every format.

A mutation takes the bytes of a seed, those of another seed, and the source of chance; it returns
new bytes. It draws from that source alone, so that a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, bytes, Random], bytes]
_MAGIC = (
    b"\0",
    b"\xff",
    b"\x7f",
    b"-1",
    b"0",
    b"4294967296",
    b"9" * 40,
    b"\xff\xfe",
    b"%s",
    b"<",
    b"(",
)


def cut_span(data: bytes, chance: Random, *, most: int = 2000) -> tuple[int, int]:
    """Return a random span of ``data``, short as a rule.

    >>> cut_span(b"", Random(1))
    (0, 0)
    """
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + int(most ** chance.random()))


def change_bytes(data: bytes, _other: bytes, chance: Random) -> bytes:
    """Replace a few single bytes."""
    held = bytearray(data)
    for _ in range(int(200 ** chance.random()) if held else 0):
        held[chance.randrange(len(held))] = chance.randrange(256)
    return bytes(held)


def drop_span(data: bytes, _other: bytes, chance: Random) -> bytes:
    """Leave out a span."""
    start, end = cut_span(data, chance)
    return data[:start] + data[end:]


def repeat_span(data: bytes, _other: bytes, chance: Random) -> bytes:
    """Repeat a span up to a thousand times."""
    start, end = cut_span(data, chance, most=300)
    return data[:end] + data[start:end] * int(1000 ** chance.random()) + data[end:]


def truncate(data: bytes, _other: bytes, chance: Random) -> bytes:
    """Cut the end off, or the beginning."""
    at = chance.randrange(len(data) + 1)
    return data[at:] if chance.random() < 0.2 else data[:at]


def splice(data: bytes, other: bytes, chance: Random) -> bytes:
    """Put a span of another file over or into this one."""
    start, end = cut_span(other, chance, most=20_000)
    at = chance.randrange(len(data) + 1)
    rest = at if chance.random() < 0.5 else at + end - start
    return data[:at] + other[start:end] + data[rest:]


def insert_magic(data: bytes, _other: bytes, chance: Random) -> bytes:
    """Put bytes in that readers stumble over."""
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) + 1)
        over = chance.choice((0, 1, 4))
        data = data[:at] + chance.choice(_MAGIC) + data[at + over :]
    return data


def swap_spans(data: bytes, _other: bytes, chance: Random) -> bytes:
    """Exchange two spans."""
    a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    c = min(len(data), b + b - a)
    return data[:a] + data[b:c] + data[a:b] + data[c:]


BYTE_MUTATIONS: tuple[Mutation, ...] = (
    *(change_bytes, drop_span, repeat_span, truncate, splice, insert_magic, swap_spans),
)

"""A head and parts in one value, so that reading one part doesn't unpack the others."""

import json
import zlib
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

# No value that earlier releases packed begins with these bytes.
_MARK, _LENGTH = b"FB1", 4
# Four times as fast as the default 6, for 20 % more bytes.
_LEVEL = 1


class PackingError(Exception):
    """The content of an import can't be unpacked: it is damaged, missing, or packed by another release."""


class Frame:
    """The head and the parts of a value that `join` made. Raises PackingError if it is no such value."""

    def __init__(self, content: bytes | None) -> None:
        if not is_frame(content):
            raise PackingError("no frame")
        self._content = bytes(content or b"")
        start = len(_MARK) + _LENGTH
        end = start + int.from_bytes(self._content[len(_MARK) : start], "big")
        self.head, lengths = unpack(self._content[start:end])
        self._ends = [*accumulate(lengths, initial=end)]

    def __len__(self) -> int:
        return len(self._ends) - 1

    def raw(self, number: int) -> bytes:
        return self._content[self._ends[number] : self._ends[number + 1]]

    def part(self, number: int) -> Any:
        return unpack(self.raw(number))


def is_frame(content: bytes | None) -> bool:
    return bool(content) and bytes(content or b"")[: len(_MARK)] == _MARK


def join(head: Any, parts: Sequence[bytes]) -> bytes:
    """Join a head, which JSON can hold, and parts."""
    packed = pack([head, [*map(len, parts)]])
    return b"".join((_MARK, len(packed).to_bytes(_LENGTH, "big"), packed, *parts))


def pack(value: Any) -> bytes:
    """Compress a value as JSON. Lone surrogates, which JSON files may contain, become question marks."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(errors="replace"), _LEVEL)


def unpack(content: bytes | None) -> Any:
    """Reverse `pack`. Raises PackingError if the content is damaged."""
    try:
        return json.loads(zlib.decompress(content or b""))
    except (zlib.error, ValueError) as error:
        raise PackingError from error

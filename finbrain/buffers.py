"""What a worker keeps of requests while they arrive, and of answers while they leave."""

import errno
import re
import select
import socket
import tempfile
import time
from collections.abc import Callable
from typing import Any

AT_ONCE = 256 * 1024
# What is kept in memory of each request and each answer. Every page is smaller.
IN_MEMORY, _ANSWER_IN_MEMORY = 64 * 1024, 512 * 1024
_MOST_HEAD = 128 * 1024
# More than the largest upload that FinBrain explains is too large.
_MOST_BODY = 60 * 1024 * 1024
_HEAD_END, _CHUNKS_END = b"\r\n\r\n", b"0\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
# How long a thread waits for a client, which happens only while the worker keeps too much.
_READ_SECONDS = 30


class Incoming:
    """A request while it arrives, large ones in a file. Once it is whole, gunicorn's parser receives it from here.

    size: the bytes so far. head: empty until it is complete. whole_size: None while it is unknown.
    """

    def __init__(self) -> None:
        self.kept = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when the request has ended
        self.size, self.start, self.head, self.end = 0, b"", b"", b""
        self.whole_size: int | None = None

    def add(self, data: bytes) -> None:
        self.kept.write(data)
        self.size += len(data)
        self.end = (self.end + data)[-len(_CHUNKS_END) :]
        if not self.head:
            self.start += data
            before, found, _after = self.start.partition(_HEAD_END)
            if found:
                self.head, self.start = before + b"\r\n", b""
                self.whole_size = self._whole_size(len(before) + len(found))

    def _whole_size(self, head_size: int) -> int | None:
        if _CHUNKED.search(self.head):
            return None
        found = _LENGTH.search(self.head)
        return head_size + int(found[1] if found else 0)

    def is_whole(self) -> bool:
        """Whether nothing more will come. A head that is too long is whole, because gunicorn refuses it anyway."""
        if not self.head:
            return self.size > _MOST_HEAD
        return self.end == _CHUNKS_END if self.whole_size is None else self.size >= self.whole_size

    def is_too_large(self) -> bool:
        return max(self.size, self.whole_size or 0) > _MOST_HEAD + _MOST_BODY

    def recv(self, size: int) -> bytes:
        """Return up to `size` bytes like a socket, and none after the last: no thread waits for a client."""
        return self.kept.read(size)


class Outgoing:
    """The connection of an answer. What the client doesn't read at once is kept, large answers in a file.

    A thread uses it as a socket, and the main thread sends what is kept. keeps_too_much: whether the worker does, so
    that the thread waits for the client instead.
    """

    def __init__(self, sock: socket.socket, keeps_too_much: Callable[[], bool]) -> None:
        self.sock, self.keeps_too_much = sock, keeps_too_much
        self.kept = tempfile.SpooledTemporaryFile(_ANSWER_IN_MEMORY)  # noqa: SIM115 - closed when the answer has ended
        self.size, self.sent = 0, 0
        sock.setblocking(False)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)

    def is_sent(self) -> bool:
        return self.sent == self.size

    def sendall(self, data: bytes) -> None:
        """Send or keep data. Raises OSError if the client has gone."""
        self.send_kept()
        rest = memoryview(data)
        if self.is_sent():
            rest = rest[self._send(rest) :]
        if rest and self.size + len(rest) > _ANSWER_IN_MEMORY and self.keeps_too_much():
            self._send_waiting(rest)
        elif rest:
            self.kept.seek(self.size)
            self.kept.write(rest)
            self.size += len(rest)

    def _send_waiting(self, rest: memoryview) -> None:
        """Send what is kept, and the rest. Raises ConnectionResetError if the client reads too slowly."""
        deadline = time.monotonic() + _READ_SECONDS
        while rest or not self.is_sent():
            if not select.select([], [self.sock], [], max(0, deadline - time.monotonic()))[1]:
                raise ConnectionResetError(errno.ECONNRESET, "The client reads too slowly")
            self.send_kept()
            if self.is_sent():
                rest = rest[self._send(rest) :]

    def send_kept(self) -> None:
        """Send as much of what is kept as the client reads at once. Raises OSError if it has gone."""
        while not self.is_sent():
            self.kept.seek(self.sent)
            sent = self._send(self.kept.read(AT_ONCE))
            self.sent += sent
            if not sent:
                return
        if self.size:
            self.discard()

    def _send(self, data: bytes | memoryview) -> int:
        try:
            return self.sock.send(data)
        except BlockingIOError:
            return 0

    def discard(self) -> None:
        """Forget what is kept."""
        self.kept.seek(0)
        self.kept.truncate()
        self.size = self.sent = 0

"""gunicorn's worker with threads, hardened: threads see only whole requests, and it survives without file descriptors.

It speaks plain HTTP, one request for each connection.
"""

import errno
import re
import selectors
import socket
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, cast

from gunicorn.workers.gthread import TConn, ThreadWorker

# A connection is closed if its head takes longer than this, or its body, or the client's closing of it.
HEAD_SECONDS, BODY_SECONDS, LINGER_SECONDS = 30, 300, 2
_MOST_HEAD = 128 * 1024
# More than the largest upload that FinBrain explains is too large.
_MOST_BODY = 60 * 1024 * 1024
# What a worker keeps of all requests together, and of each in memory.
_MOST_KEPT, _IN_MEMORY = 256 * 1024 * 1024, 64 * 1024
_AT_ONCE = 256 * 1024
_HEAD_END, _CHUNKS_END = b"\r\n\r\n", b"0\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_NO_DESCRIPTOR = (errno.EMFILE, errno.ENFILE)
_PAUSE_SECONDS = 0.1


class Incoming:
    """A request while it arrives, large ones in a file. Once it is whole, gunicorn's parser receives it from here.

    size: the bytes so far. head: empty until it is complete. whole_size: None while it is unknown.
    """

    def __init__(self) -> None:
        self.kept = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when the request has ended
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


class Worker(ThreadWorker):
    """The main thread collects requests, so that clients that send slowly occupy no other thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incoming: dict[TConn, Incoming] = {}
        self.searched_at = 0.0

    def accept(self, listener: Any) -> None:
        """Accept a connection. Without a file descriptor for it, let it wait until other connections end."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in _NO_DESCRIPTOR:
                raise
            self.log.warning("No file descriptor is free: new connections wait")
            time.sleep(_PAUSE_SECONDS)

    def enqueue_req(self, conn: TConn) -> None:
        """Wait for the request of a new connection."""
        self.incoming[conn] = Incoming()
        self._watch(conn, HEAD_SECONDS, self.on_pending_socket_readable)

    def _watch(self, conn: TConn, seconds: float, callback: Callable[[TConn, Any], None]) -> None:
        """Call back when the client sends something or closes the connection. Close it after so many seconds."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + seconds
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(callback, conn))

    def _unwatch(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def on_pending_socket_readable(self, conn: TConn, client: Any) -> None:
        """Receive a part of a request. Give the request to a thread if it is whole, or will never be."""
        incoming = self.incoming[conn]
        had_head = bool(incoming.head)
        try:
            data = client.recv(_AT_ONCE)
            incoming.add(data)
            if incoming.head and not had_head:
                conn.timeout = time.monotonic() + BODY_SECONDS
                if _EXPECTS.search(incoming.head):
                    client.send(_CONTINUE)
        except BlockingIOError:
            return
        except OSError:  # the client has gone, or there is no room for the file
            self.drop(conn)
            return
        if incoming.is_too_large() or (incoming.size > _IN_MEMORY and self._keeps_too_much()):
            self.drop(conn)
        elif not data or incoming.is_whole():
            self._give_to_thread(conn, incoming)

    def _keeps_too_much(self) -> bool:
        return sum(one.size for one in self.incoming.values()) > _MOST_KEPT

    def _give_to_thread(self, conn: TConn, incoming: Incoming) -> None:
        self._unwatch(conn)
        incoming.kept.seek(0)
        conn.init()
        cast(Any, conn.parser).unreader.sock = incoming
        super().enqueue_req(conn)

    def drop(self, conn: TConn) -> None:
        """Close a connection that is watched."""
        self._unwatch(conn)
        self._forget(conn)

    def _forget(self, conn: TConn) -> None:
        self.incoming.pop(conn).kept.close()
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Once a second, close the connections whose clients take too long."""
        now = time.monotonic()
        if now < self.searched_at + 1:
            return
        self.searched_at = now
        for conn in [one for one in self.pending_conns if (one.timeout or now) < now]:
            self.drop(conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Wait a little for the client to close the connection. gunicorn would keep all others waiting for it."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self._watch(conn, LINGER_SECONDS, self.on_rest)
        except OSError:
            self._forget(conn)

    def on_rest(self, conn: TConn, client: Any) -> None:
        """Discard what a client sends after its request. Close the connection once the client has."""
        try:
            if client.recv(_AT_ONCE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.drop(conn)

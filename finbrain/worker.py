"""gunicorn's worker with threads, hardened: no thread waits for a client, and it survives without file descriptors.

It speaks plain HTTP, one request for each connection.
"""

import errno
import re
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, cast

from gunicorn.errors import ConfigError
from gunicorn.workers.gthread import TConn, ThreadWorker

from finbrain.buffers import AT_ONCE, IN_MEMORY, Incoming, Outgoing

# A connection is closed if its head takes longer than this, or its body, its answer, or the client's closing of it.
_HEAD_SECONDS, _BODY_SECONDS, _ANSWER_SECONDS, _LINGER_SECONDS = 30, 300, 600, 2
# What a worker keeps of all requests and answers together.
_MOST_KEPT = 256 * 1024 * 1024
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_NO_DESCRIPTOR = (errno.EMFILE, errno.ENFILE)
_PAUSE_SECONDS = 0.1


class Worker(ThreadWorker):
    """The main thread collects requests and sends what is left of answers, so that slow clients occupy no other."""

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Raise ConfigError if gunicorn is to speak TLS: a request is read here before it could be decrypted."""
        if cfg.is_ssl:
            raise ConfigError("FinBrain speaks plain HTTP. Let a proxy in front of it speak TLS, and set no certfile.")
        super().check_config(cfg, log)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incoming: dict[TConn, Incoming] = {}
        self.outgoing: dict[TConn, Outgoing] = {}
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
        self._watch(conn, _HEAD_SECONDS, self.on_pending_socket_readable)

    def _watch(
        self, conn: TConn, seconds: float, callback: Callable[[TConn, Any], None], event: int = selectors.EVENT_READ
    ) -> None:
        """Call back when the client sends something or closes the connection. Close it after so many seconds."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + seconds
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, event, partial(callback, conn))

    def _unwatch(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def on_pending_socket_readable(self, conn: TConn, client: Any) -> None:
        """Receive a part of a request. Give the request to a thread if it is whole, or will never be."""
        incoming = self.incoming[conn]
        had_head = bool(incoming.head)
        try:
            data = client.recv(AT_ONCE)
            incoming.add(data)
            if incoming.head and not had_head:
                conn.timeout = time.monotonic() + _BODY_SECONDS
                if _EXPECTS.search(incoming.head):
                    client.send(_CONTINUE)
        except BlockingIOError:
            return
        except OSError:  # the client has gone, or there is no room for the file
            self.drop(conn)
            return
        if incoming.is_too_large() or (incoming.size > IN_MEMORY and self._keeps_too_much()):
            self.drop(conn)
        elif not data or incoming.is_whole():
            self._give_to_thread(conn, incoming)

    def _keeps_too_much(self) -> bool:
        return sum(one.size for one in [*self.incoming.values(), *self.outgoing.values()]) > _MOST_KEPT

    def _give_to_thread(self, conn: TConn, incoming: Incoming) -> None:
        self._unwatch(conn)
        incoming.kept.seek(0)
        conn.init()
        cast(Any, conn.parser).unreader.sock = incoming
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """Answer a request, in a thread. An answer that breaks off ends with what the client has read."""
        sock = conn.sock
        outgoing = cast(Any, conn).sock = self.outgoing[conn] = Outgoing(sock, self._keeps_too_much)
        try:
            return super().handle_request(req, conn)
        except BaseException:
            outgoing.discard()
            raise
        finally:
            conn.sock = sock

    def drop(self, conn: TConn) -> None:
        """Close a connection that is watched."""
        self._unwatch(conn)
        self._forget(conn)

    def _forget(self, conn: TConn) -> None:
        for kept in (self.incoming, self.outgoing):
            if one := kept.pop(conn, None):
                one.kept.close()
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
        """Send the rest of the answer."""
        if conn in self.outgoing and not self.outgoing[conn].is_sent():
            self._watch(conn, _ANSWER_SECONDS, self.on_writable, selectors.EVENT_WRITE)
        else:
            self._linger(conn)

    def on_writable(self, conn: TConn, client: Any) -> None:
        """Send as much of the rest as the client reads."""
        try:
            self.outgoing[conn].send_kept()
        except OSError:
            self.drop(conn)
            return
        if self.outgoing[conn].is_sent():
            self._unwatch(conn)
            self._linger(conn)

    def _linger(self, conn: TConn) -> None:
        """Wait a little for the client to close the connection. gunicorn would keep all others waiting for it."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self._watch(conn, _LINGER_SECONDS, self.on_rest)
        except OSError:
            self._forget(conn)

    def on_rest(self, conn: TConn, client: Any) -> None:
        """Discard what a client sends after its request. Close the connection once the client has."""
        try:
            if client.recv(AT_ONCE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.drop(conn)

"""gunicorn's worker with threads, hardened: it waits for silent clients, and survives without free file descriptors."""

import errno
import selectors
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

# A connection that sends nothing for so long is closed.
SILENT_SECONDS = 30
_NO_DESCRIPTOR = (errno.EMFILE, errno.ENFILE)
_PAUSE_SECONDS = 0.1


class Worker(ThreadWorker):
    """A thread is occupied from the first byte of a request, not from the connection on, as in gunicorn's own."""

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
        """Give a connection that has sent something to a thread."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + SILENT_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

"""A proxy with TLS in front of a site of our own: FinBrain's worker speaks plain HTTP, one request a connection."""

import asyncio
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_HEAD_END = b"\r\n\r\n"
# Tells the site that the browser's connection is encrypted.
_ADDED = b"\r\nX-Forwarded-Proto: https"
_AT_ONCE = 65_536


@contextmanager
def tls_front(port: int, site_port: int, certificate: str, key: str) -> Iterator[None]:
    """Context manager that passes on what arrives at `port` by TLS to the site at `site_port`.

    certificate, key: paths of PEM files.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop = asyncio.new_event_loop()
    running: set[Any] = set()  # asyncio itself would forget a connection that a client has closed

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        running.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
                await _pass_on(reader, writer, site_port)
        finally:
            writer.close()
            running.discard(task)

    # A thread of its own, as that of the caller may have a loop already.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        opened = asyncio.start_server(serve, "localhost", port, ssl=context)
        server = asyncio.run_coroutine_threadsafe(opened, loop).result()
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(_end(server, running), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server, tasks: Iterable[Any]) -> None:
    server.close()
    left = [*tasks]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, site_port: int) -> None:
    head = await reader.readuntil(_HEAD_END)
    line, _, headers = head.partition(b"\r\n")
    from_site, to_site = await asyncio.open_connection("localhost", site_port)
    to_site.write(line + _ADDED + b"\r\n" + headers)
    both = [asyncio.ensure_future(_copy(reader, to_site)), asyncio.ensure_future(_copy(from_site, writer))]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)  # the answer, or the client has gone
    finally:
        for each in both:
            each.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        to_site.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_AT_ONCE):
        writer.write(data)
        await writer.drain()

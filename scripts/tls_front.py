"""A proxy with TLS in front of a site of our own: FinBrain's worker speaks plain HTTP, one request a connection."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await _pass_on(reader, writer, site_port)
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "localhost", port, ssl=context))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, site_port: int) -> None:
    head = await reader.readuntil(_HEAD_END)
    line, _, headers = head.partition(b"\r\n")
    from_site, to_site = await asyncio.open_connection("localhost", site_port)
    to_site.write(line + _ADDED + b"\r\n" + headers)
    sending = asyncio.ensure_future(_copy(reader, to_site))
    try:
        await _copy(from_site, writer)
    finally:
        sending.cancel()
        to_site.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_AT_ONCE):
        writer.write(data)
        await writer.drain()

"""A FinBrain for a script: with databases of its own in a temporary folder, on a free port, and gone at the end."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from finbrain.embedded import DATA_DIR, engines, process, state
from finbrain.run import prepare, services, wait_for_web
from scripts.tls_front import tls_front


def running_site() -> str | None:
    """The address of the site that `make run` serves from this checkout; None when it serves none."""
    return state.read_state(DATA_DIR).get("site") if state.is_locked(DATA_DIR) else None


@contextmanager
def own_site(certificate: str = "", key: str = "") -> Iterator[str]:
    """The address of a new site that is ready. Raises EngineError when it cannot be served.

    certificate, key: paths. With them, the site is in production mode and speaks HTTPS.
    """
    with (
        tempfile.TemporaryDirectory(prefix="finbrain-site-") as folder,
        engines(Path(folder), scratch=True) as addresses,
    ):
        port = process.free_port()
        public = process.free_port() if certificate else port
        site = f"{'https' if certificate else 'http'}://localhost:{public}"
        os.environ |= addresses
        os.environ |= {
            "FINBRAIN_ENV": "development",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "STATIC_ROOT": f"{folder}/static",
            "DEBUG": "false",
            "LOG_LEVEL": "WARNING",
            "DEMO_RATE_LIMIT": "1000/h/ip",
            "PORT": str(port),
            "SITE_URL": site,
        }
        if certificate:
            os.environ |= {
                "FINBRAIN_ENV": "production",
                "ALLOWED_HOSTS": "localhost",
                "EMAIL_URL": "dummymail://",
                "SSL_CERT_FILE": certificate,  # for wait_for_web
            }
        prepare("--model")
        web = services(port, dev=False)[0]
        front = tls_front(public, port, certificate, key) if certificate else nullcontext()
        try:
            web.start()
            with front:
                wait_for_web(web, site)
                yield site
        finally:
            web.stop()

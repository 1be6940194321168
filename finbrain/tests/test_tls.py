"""FinBrain speaks plain HTTP. A site of our own that speaks HTTPS, as `make scan` needs it, has a proxy in front."""

import asyncio
import http.client
import http.server
import os
import ssl
import subprocess
import sys
import threading
from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone

from finbrain.embedded import process
from scripts.tls_front import tls_front


@pytest.fixture
def certificate(tmp_path):
    """The paths of a certificate for localhost and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    hosts = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(hosts, critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kind = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *kind))
    return tuple(map(str, paths))


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the scheme that the proxy reported, and with the body."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["X-Forwarded-Proto"].encode() + b" " + body)

    def log_message(self, *args: object) -> None:
        pass


def test_the_proxy_passes_requests_on_and_says_that_they_were_encrypted(certificate):
    site = http.server.ThreadingHTTPServer(("localhost", 0), Echo)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    port = process.free_port()
    trusting = ssl.create_default_context(cafile=certificate[0])
    sent = b"x" * 300_000
    with tls_front(port, site.server_port, *certificate):
        for _ in range(2):
            browser = http.client.HTTPSConnection("localhost", port, context=trusting)
            browser.request("POST", "/", body=sent)
            assert browser.getresponse().read() == b"https " + sent
            browser.close()
    site.shutdown()
    site.server_close()


def test_the_proxy_starts_beside_another_loop(certificate):
    """Playwright keeps one in the thread of the tests."""

    async def start() -> None:
        with tls_front(process.free_port(), process.free_port(), *certificate):
            pass

    asyncio.run(start())


def test_gunicorn_refuses_to_start_with_a_certificate(certificate):
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "finbrain.wsgi"]
    keys = ["--certfile", certificate[0], "--keyfile", certificate[1]]
    own = {"PORT": str(process.free_port()), "WEB_CONCURRENCY": "1"}
    ended = subprocess.run(
        [*command, *keys], cwd=settings.BASE_DIR, env=os.environ | own, capture_output=True, check=False, text=True
    )
    assert ended.returncode != 0
    assert "FinBrain speaks plain HTTP" in ended.stderr

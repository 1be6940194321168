"""Scans a site in production mode with its own databases over HTTPS: `scripts/scan.sh site` and `headers` run this."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from finbrain.embedded import EngineError
from scripts.own_site import own_site

OBSERVATORY = Path(__file__).with_name("observatory.mjs")
# Wapiti must not sign out, delete the person whose session it has, or end that session.
NOT_VISITED = ("/accounts/logout/", "/accounts/delete/", "/accounts/sessions/", "/accounts/password/change/")
# Not those that need a server on the internet, nor those that look for other people's software.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,permanentxss,redirect,shellshock,"
)
MODULES += "sql,timesql,upload,xss"
# static/js/dom.js reads this cookie, to send it back with forms. It proves nothing by itself.
ACCEPTED = {"HttpOnly flag is not set in the cookie : csrftoken"}
# To look for pages; then each kind of attack has a sixth of it.
MINUTES = int(os.environ.get("SCAN_MINUTES") or 30)


def make_certificate(folder: str) -> tuple[str, str]:
    """Make a certificate for localhost that is valid for two days. Returns the paths of certificate and key."""
    certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)  # noqa: S603
    return certificate, key


def signed_in() -> str:
    """Add a person with expenses, and return the cookies of their session, with the one that forms need."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "finbrain.settings"
    django.setup()
    from django.test import Client

    from expenses.people.demo import start_demo

    user = start_demo()
    user.email, user.demo_expires_at = "wapiti@example.com", None
    user.save()
    client = Client()
    client.force_login(user)
    client.get("/accounts/settings/", secure=True, headers={"Host": "localhost"})
    return "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())


def run_wapiti(program: str, site: str, results: Path, cookies: str) -> bool:
    """Let wapiti attack every form and link. Returns whether it found nothing."""
    report = results / "wapiti.json"
    hidden = [part for path in NOT_VISITED for part in ("--exclude", f"{site}{path}")]
    seconds = MINUTES * 60
    limits = ["--max-scan-time", str(seconds), "--max-attack-time", str(seconds // 6), "--depth", "6"]
    calmly = ["--tasks", "4", "--timeout", "30", "--level", "2", "--module", MODULES]
    session = ["--header", f"Cookie: {cookies}", "--flush-session", "--store-session", str(results / "wapiti")]
    output = ["--format", "json", "--output", str(report), "--no-bugreport"]
    subprocess.run([program, "--url", f"{site}/", *hidden, *limits, *calmly, *session, *output], check=True)  # noqa: S603
    told = json.loads(report.read_text())
    kinds = told["vulnerabilities"] | told["anomalies"]
    found = [(kind, each) for kind, all_found in kinds.items() for each in all_found if each["info"] not in ACCEPTED]
    print(f"wapiti visited {told['infos']['crawled_pages_nbr']} pages and found {len(found)} weaknesses.")
    for kind, each in found:
        print(f"  {kind}: {each['method']} {each['path']} {each['parameter']}: {each['info']}")
    return not found


def run_observatory(package: str, site: str, certificate: str) -> bool:
    """Let MDN's scanner grade the start page. Returns whether the grade is A+."""
    environment = os.environ | {"NODE_EXTRA_CA_CERTS": certificate}
    command = ["node", str(OBSERVATORY), str(Path(package).resolve()), site.removeprefix("https://")]
    return subprocess.run(command, env=environment, check=False).returncode == 0  # noqa: S603


def main() -> None:
    scanner, folder, program = sys.argv[1:]
    results = Path(folder)
    with tempfile.TemporaryDirectory() as keys:
        certificate, key = make_certificate(keys)
        with own_site(certificate, key) as site:
            if scanner == "wapiti":
                is_clean = run_wapiti(program, site, results, signed_in())
            else:
                is_clean = run_observatory(program, site, certificate)
    sys.exit(not is_clean)


if __name__ == "__main__":
    try:
        main()
    except EngineError as error:
        sys.exit(str(error))

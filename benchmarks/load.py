"""Measures requests: how many wrk reaches per second, and how long single ones take."""

import json
import re
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

_CONNECTIONS = 8
_WARM_UP_SECONDS = 1
_FORM = """
local bodies = {bodies}
local cookies = {cookies}
local n = 0
request = function()
  n = n + 1
  wrk.headers["Cookie"] = cookies[n % #cookies + 1]
  wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", n / 65536 % 256, n / 256 % 256, n % 256)
  return wrk.format("POST", nil, nil, (string.gsub(bodies[n % #bodies + 1], "NUMBER", tostring(n))))
end
"""


@dataclass(frozen=True)
class Load:
    """A request that is repeated. bodies, cookies: for forms, used in turn."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    bodies: Sequence[str] = ()
    cookies: Sequence[str] = ()

    def command(self, seconds: int, script: str) -> list[str]:
        given = [part for name, value in self.headers.items() for part in ("-H", f"{name}: {value}")]
        given += ["-H", "Content-Type: application/x-www-form-urlencoded", "-s", script] if self.bodies else []
        return ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", *given, self.url]


def requests_a_second(load: Load, seconds: int) -> float:
    """Measure requests per second after a short warm-up. Exits if an answer is not 2xx or 3xx."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_FORM.format(bodies=_lua(load.bodies), cookies=_lua(load.cookies)))
        script.flush()
        for span in (_WARM_UP_SECONDS, seconds):
            command = load.command(span, script.name)
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"{load.url} answered with errors:\n{said}")
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])


def _lua(texts: Sequence[str]) -> str:
    return "{" + ",".join(map(json.dumps, texts)) + "}"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


opener = urllib.request.build_opener(NoRedirect)


def milliseconds(load: Load) -> tuple[float, dict[str, str]]:
    """The milliseconds that one request takes, and the headers of its answer."""
    body = load.bodies[0].encode() if load.bodies else None
    cookie = {"Cookie": load.cookies[0]} if load.cookies else {}
    asked = urllib.request.Request(load.url, body, load.headers | cookie)
    start = time.perf_counter()
    try:
        with opener.open(asked) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        if error.code >= 400:
            raise SystemExit(f"{load.url} answered with {error.code}.") from error
        with error as answer:  # gunicorn waits two seconds for clients that don't close the connection
            answer.read()
    return (time.perf_counter() - start) * 1000, dict(answer.headers)


def median_milliseconds(load: Load, times: int = 60) -> float:
    return median(milliseconds(load)[0] for _ in range(times))

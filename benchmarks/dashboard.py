"""How fast the dashboard is: `python -m benchmarks.dashboard [--expenses 1000 50000] [--seconds 3]`.

Two gunicorn workers and eight connections, as in the design; needs `wrk` on PATH. Uses the embedded engines,
in a database of its own. Prints one line an operation: requests a second, and milliseconds right after an expense was
added. The first line, a page without database or template, tells how fast the machine is at the moment.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from datetime import date

from finbrain.embedded import ensure_engines, process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")
os.environ.setdefault("FINBRAIN_ENV", "development")
os.environ["MONGODB_NAME"] = "finbrain_benchmark"
ensure_engines()

import django  # noqa: E402 - needs the engines' addresses

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks.seed import seed_person  # noqa: E402
from expenses.dashboard.query import DashboardQuery  # noqa: E402
from expenses.models import Expense  # noqa: E402
from expenses.months import touch_months  # noqa: E402
from expenses.period import Period, add_months, month_range  # noqa: E402

MONTHS_SPENT = 24
CONNECTIONS = "8"


def url(base: str, today: date, months: int) -> str:
    last = today.replace(day=1)
    period = Period(tuple(month_range(add_months(last, 1 - months), last)))
    return base + DashboardQuery(period).url("/dashboard/")


def session_cookie(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def get(address: str, cookie: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Cookie": cookie})) as response:
        return response.read()


def requests_a_second(address: str, cookie: str, seconds: int) -> float:
    get(address, cookie)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", f"Cookie: {cookie}", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"The server answered with errors:\n{said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def milliseconds_after_add(address: str, cookie: str, user: User, today: date, times: int = 20) -> float:
    """The median of pages asked for right after an expense of this month was stored."""
    taken = []
    template = Expense.objects.filter(owner=user).first()
    for _ in range(times):
        template.pk, template.entry_key, template.spent_on = None, os.urandom(12).hex(), today
        template.save(force_insert=True)
        touch_months(user.pk, [today])
        start = time.perf_counter()
        get(address, cookie)
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)[times // 2]


def measure(base: str, expenses: list[int], seconds: int) -> None:
    today = date.today()
    print(f"nothing at all: {requests_a_second(f'{base}/healthz', '', seconds):.0f} requests/s")
    for count in expenses:
        user = seed_person(f"benchmark-{count}@example.com", count, MONTHS_SPENT, today)
        cookie = session_cookie(user)
        for months in (1, 12, 24):
            address = url(base, today, months)
            rate = requests_a_second(address, cookie, seconds)
            after = milliseconds_after_add(address, cookie, user, today)
            size = len(get(address, cookie)) / 1000
            speed = f"{rate:5.0f} requests/s warm, {after:6.1f} ms after an add"
            print(f"{count:6} expenses, {months:2} months: {speed}, {size:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--expenses", type=int, nargs="+", default=[1_000, 50_000])
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed (Debian, Ubuntu: apt-get install wrk).")
    connection.database.client.drop_database(os.environ["MONGODB_NAME"])
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    port = process.free_port()
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--preload", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "--log-level", "warning", "finbrain.wsgi"])
    try:
        if not process.wait_until(lambda: not process.port_is_free(port), 20):
            raise SystemExit("gunicorn did not start.")
        measure(f"http://127.0.0.1:{port}", options.expenses, options.seconds)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()

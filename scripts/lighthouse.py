"""Measures the list and the dashboard with Lighthouse, as on a phone: `python -m scripts.lighthouse PROGRAM`.

PROGRAM is `lighthouse` of the npm package lighthouse@12, installed anywhere. The site is one of its own, as production
serves it. Its person has 200 expenses a month. Prints the medians, and fails if one misses its goal. Leave the machine
alone while it runs: Lighthouse measures time.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from scripts.own_site import own_site

PAGES = {"list": "/expenses/?month={month}", "dashboard": "/dashboard/?month={month}"}
A_MONTH, MONTHS = 200, 12
# The least score of each category, and the most milliseconds that scripts may block the page.
GOALS = {"performance": 95, "accessibility": 100}
MOST_BLOCKED = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with own_site() as site, tempfile.TemporaryDirectory() as folder:
        cookies, month = signed_in()
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookies}))
        good = True
        for name, path in PAGES.items():
            url = site + path.format(month=month)
            good &= report(name, [measure(options.program, url, headers) for _ in range(options.runs)])
    return 0 if good else 1


def signed_in() -> tuple[str, str]:
    """Add the person. Returns the cookie of their session, and the last whole month of their expenses."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "finbrain.settings"
    django.setup()
    from django.test import Client
    from django.utils import timezone

    from benchmarks.seed import seed_person
    from expenses.months import add_months, month_of, month_text

    today = timezone.localdate()
    user = seed_person("lighthouse@example.com", A_MONTH * MONTHS, MONTHS, today)
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}", month_text(add_months(month_of(today), -1))


def measure(program: str, url: str, headers: Path) -> dict[str, Any]:
    """Let Lighthouse load the page once. Returns its report."""
    chrome = os.environ.get("CHROME_PATH") or shutil.which("chromium") or ""
    flags = "--headless=new" + (" --no-sandbox" if os.geteuid() == 0 else "")
    command = [program, url, "--quiet", "--output=json", f"--extra-headers={headers}", f"--chrome-flags={flags}"]
    done = subprocess.run(command, env=os.environ | {"CHROME_PATH": chrome}, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return json.loads(done.stdout)


def report(name: str, reports: list[dict[str, Any]]) -> bool:
    """Print the medians of the runs, and what Lighthouse complains about. Returns whether all goals are met."""
    scores = {
        category: round(median(one["categories"][category]["score"] for one in reports) * 100)
        for category in reports[0]["categories"]
    }
    blocked = median(one["audits"]["total-blocking-time"]["numericValue"] for one in reports)
    shown = ", ".join(f"{category} {score}" for category, score in scores.items())
    print(f"{name}: {shown}; blocked {blocked:.0f} ms (medians of {len(reports)})")
    for audit in reports[-1]["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9:
            print(f"  {audit['title']}: {audit.get('displayValue', '')}")
    return blocked < MOST_BLOCKED and all(scores[category] >= least for category, least in GOALS.items())


if __name__ == "__main__":
    sys.exit(main())

"""Measures how long a demo takes from the click to the first page, for one visitor and for many at once.

    DEMO_RATE_LIMIT=100000/h/ip make run        in one terminal
    .venv/bin/python benchmarks/demo.py         in another

Prints one JSON object: seconds from the click to the complete dashboard, `first` for one visitor after another, `many`
for 200 demos, 20 at a time, and the number of answers other than 200.
"""

import argparse
import json
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import requests

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def _click_demo(site: str) -> tuple[float, bool]:
    """Seconds from the click to the dashboard, and whether the dashboard appeared."""
    visitor = requests.Session()
    token = TOKEN.findall(visitor.get(site, timeout=30).text)[0]
    start = time.perf_counter()
    page = visitor.post(f"{site}/accounts/demo/", data={"csrfmiddlewaretoken": token}, timeout=60)
    return time.perf_counter() - start, page.status_code == 200 and 'id="chart-data"' in page.text


def figures(measured: list[tuple[float, bool]]) -> dict[str, float]:
    seconds = sorted(second for second, _ in measured)
    return {
        "n": len(seconds),
        "p50": round(statistics.median(seconds), 3),
        "p95": round(seconds[int(len(seconds) * 0.95) - 1], 3),
        "errors": sum(not right for _, right in measured),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default="http://localhost:8000")
    parser.add_argument("--demos", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=20)
    options = parser.parse_args()
    first = [_click_demo(options.site) for _ in range(20)]
    with ThreadPoolExecutor(options.at_once) as crowd:
        many = list(crowd.map(_click_demo, [options.site] * options.demos))
    print(json.dumps({"first": figures(first), "many": figures(many)}))


if __name__ == "__main__":
    main()

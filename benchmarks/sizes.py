"""What people cost: `python -m benchmarks.sizes [--requests 200] [--people 5000]`. Prints one JSON object.

Measures on engines and a database of its own: CPU time of the web processes and of MongoDB for each kind of request,
and the bytes that an expense, a person, a session and so on take. From that and from what is ASSUMED of people follows
what 1,000, 100,000 and 10 million of them need: the figures of docs/operations.md, under "How big". CPU time grows by
up to a half where other work shares the processors: look for a quiet machine.
"""

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.load import Load, milliseconds
from benchmarks.pages import SETTINGS, WRITERS, Measuring
from benchmarks.site import MONTHS_SPENT, gunicorn, make_person, make_visitors, prepared_engines, tell
from finbrain.embedded import EngineError

PEOPLE = (1_000, 100_000, 10_000_000)
DATABASE = "sizes"
_WARM_UP = 30
# Requests; of several rounds the one counts that the machine disturbed least.
_ROUND = 40
_ASSUMED = {
    "expenses_a_month": 60,
    "share_of_people_on_a_day": 0.25,
    "share_of_a_day_in_its_busiest_hour": 0.15,
    "devices": 1.5,
    "months_kept_hot": 3,
    "share_of_people_in_a_week": 0.5,
    "pages_kept": 9,
}
# What somebody asks for on a day on which they come. Pages that did not change within an hour are kept ready to send.
_VISIT = {"list": 6, "dashboard, one month": 2, "dashboard, 12 months": 1, "page kept ready": 6}
_VISIT |= {"add": 2, "suggestion": 4, "heartbeat": 10, "sign-in": 1}

Figures = dict[str, float]


def _cpu_seconds(processes: list[str]) -> float:
    """Spent so far by all threads of these processes."""
    tasks = [task for pid in processes for task in Path("/proc", pid, "task").iterdir()]
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def kinds(measuring: Measuring, expenses: int) -> Iterator[tuple[str, Load]]:
    """Of requests, by the names of VISIT."""
    person = measuring.people[expenses]
    # A page is made for the look that the cookie names: with one that is new each time, none is kept ready.
    anew = replace(person, cookie=f"{person.cookie}; theme=NUMBER")
    yield "list", measuring.get(f"/expenses/?month={measuring.month(2)}", anew)
    yield "dashboard, one month", measuring.get(f"/dashboard/?month={measuring.month(2)}", anew)
    yield "dashboard, 12 months", measuring.get(f"/dashboard/?{measuring.months(12)}", anew)
    yield "page kept ready", measuring.get(f"/expenses/?month={measuring.month(2)}", person)
    yield "add", measuring.add()
    yield "suggestion", measuring.get("/expenses/suggest/?title=Taxi+home+NUMBER", person)
    yield "heartbeat", measuring.post("/accounts/heartbeat/", {})
    yield "sign-in", measuring.sign_in()


def ask(load: Load, number: int) -> None:
    """The request that has this number, of those that `load` stands for; each from another address."""
    bodies = [load.bodies[number % len(load.bodies)].replace("NUMBER", str(number))] if load.bodies else ()
    cookies = [load.cookies[number % len(load.cookies)]] if load.cookies else ()
    headers = {name: value.replace("NUMBER", str(number)) for name, value in load.headers.items()}
    headers["X-Forwarded-For"] = f"10.1.{number // 256}.{number % 256}"
    url = load.url.replace("NUMBER", str(number))
    milliseconds(replace(load, url=url, headers=headers, bodies=bodies, cookies=cookies))


def _measure_requests(measuring: Measuring, expenses: int, master: int, times: int) -> dict[str, Figures]:
    """CPU milliseconds of a request of each kind, in the web processes and in MongoDB."""
    from django.db import connection

    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    watched = {"web": workers, "mongodb": [str(connection.database.command("serverStatus")["pid"])]}
    measured = {}
    for kind, load in kinds(measuring, expenses):
        for number in range(_WARM_UP):
            ask(load, number)
        rounds = [
            spent(load, range(start, start + _ROUND), watched) for start in range(_WARM_UP, _WARM_UP + times, _ROUND)
        ]
        measured[kind] = {name: round(min(each[name] for each in rounds) * 1000, 2) for name in watched}
        tell(f"{kind}: {json.dumps(measured[kind])} ms of CPU time")
    return measured


def spent(load: Load, numbers: range, watched: dict[str, list[str]]) -> Figures:
    """CPU seconds of one of these requests, the mean, in each of the groups of processes."""
    before = {name: _cpu_seconds(processes) for name, processes in watched.items()}
    for number in numbers:
        ask(load, number)
    return {name: (_cpu_seconds(processes) - before[name]) / len(numbers) for name, processes in watched.items()}


def _visit(cpu: dict[str, Figures]) -> Figures:
    """What one person's day costs."""
    total = {
        process: sum(times * cpu[kind][process] for kind, times in _VISIT.items()) for process in ("web", "mongodb")
    }
    return {"requests": sum(_VISIT.values()), **{f"{name}_cpu_ms": round(ms, 1) for name, ms in total.items()}}


def needed(people: int, day: Figures, kept: Figures) -> Figures:
    """What that many people need, as ASSUMED."""
    busy_second = people * _ASSUMED["share_of_people_on_a_day"] * _ASSUMED["share_of_a_day_in_its_busiest_hour"] / 3_600
    month = people * _ASSUMED["expenses_a_month"]
    least, most = (kept[name] + kept["expense_indexes"] for name in ("expense_compressed", "expense"))
    hot = _ASSUMED["months_kept_hot"]
    figures = {
        "requests_a_second": busy_second * day["requests"],
        "web_cores_busy": busy_second * day["web_cpu_ms"] / 1000,
        "mongodb_cores_busy": busy_second * day["mongodb_cpu_ms"] / 1000,
        "disk_gb_a_year_at_least": 12 * month * least / 1e9,
        "disk_gb_a_year_at_most": 12 * month * most / 1e9,
        "people_gb": people * kept["person"] / 1e9,
        "hot_gb": hot * month * most / 1e9,
        "sessions_gb": people * _ASSUMED["devices"] * kept["session"] / 1e9,
        "cached_months_gb": people * _ASSUMED["share_of_people_in_a_week"] * hot * kept["cached_month"] / 1e9,
        "cached_pages_gb": busy_second * 3_600 * _ASSUMED["pages_kept"] * kept["cached_page"] / 1e9,
    }
    return {name: float(f"{figure:.2g}") for name, figure in figures.items()}


def measure(requests: int, people: int) -> dict[str, object]:
    from benchmarks.kept import cached_per_month, kept_bytes, session_bytes

    today = date.today()
    expenses = _ASSUMED["expenses_a_month"] * MONTHS_SPENT
    persons = {expenses: make_person(expenses, today)}
    writers = [make_person(100 + n, today) for n in range(WRITERS)]
    with gunicorn() as (site, master):
        measuring = Measuring(site, "", persons, writers, today)
        measuring.visitors = make_visitors(_WARM_UP + requests)
        cached = cached_per_month(measuring, persons[expenses], writers[0])
        cpu = _measure_requests(measuring, expenses, master, requests)
    kept = kept_bytes(people, today) | session_bytes() | cached
    day = _visit(cpu)
    sizes = {f"{count:,}": needed(count, day, kept) for count in PEOPLE}
    return {"cpu_ms": cpu, "bytes": kept, "assumed": _ASSUMED | {"visit": _VISIT}, "a_visit": day, "needed": sizes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=200, help="of each kind")
    parser.add_argument("--people", type=int, default=5_000, help="whose stored bytes are averaged")
    options = parser.parse_args()
    os.environ.update(SETTINGS, MONGODB_NAME=DATABASE)
    try:
        with prepared_engines():
            from django.db import connection

            try:
                print(json.dumps(measure(options.requests, options.people), indent=1))
            finally:
                connection.database.client.drop_database(DATABASE)
    except EngineError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()

"""Measures what people cost: `python -m benchmarks.sizes [--requests 200] [--people 5000]`. Prints one JSON object.

Uses its own engines and database. Measures the CPU time of the web processes and of MongoDB for each kind of request,
and the bytes per expense, person, session and so on. From these and the ASSUMED behaviour of people, it computes what
1,000, 100,000 and 10 million people need: the figures in docs/operations.md, "How big". Other work on the machine can
raise CPU time by half, so use an idle one.
"""

import argparse
import json
import os
from collections.abc import Iterator, Mapping
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
# Requests are sent in several rounds, of which the one that the machine disturbed least counts.
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
# A person's requests on a day on which they visit. Pages that did not change within an hour are served from the cache.
_VISIT = {"list": 6, "dashboard, one month": 2, "dashboard, 12 months": 1, "page kept ready": 6}
_VISIT |= {"add": 2, "suggestion": 4, "heartbeat": 10, "sign-in": 1}

Figures = dict[str, float]


def _cpu_seconds(processes: list[str]) -> float:
    """The CPU seconds of all threads of these processes so far."""
    tasks = [task for pid in processes for task in Path("/proc", pid, "task").iterdir()]
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def kinds(measuring: Measuring, expenses: int) -> Iterator[tuple[str, Load]]:
    """The kinds of requests: (name in _VISIT, request)."""
    person = measuring.people[expenses]
    # Pages are cached per theme cookie, so a new cookie each time avoids the cache.
    changed = replace(person, cookie=f"{person.cookie}; theme=NUMBER")
    yield "list", measuring.get(f"/expenses/?month={measuring.month(2)}", changed)
    yield "dashboard, one month", measuring.get(f"/dashboard/?month={measuring.month(2)}", changed)
    yield "dashboard, 12 months", measuring.get(f"/dashboard/?{measuring.months(12)}", changed)
    yield "page kept ready", measuring.get(f"/expenses/?month={measuring.month(2)}", person)
    yield "add", measuring.add()
    yield "suggestion", measuring.get("/expenses/suggest/?title=Taxi+home+NUMBER", person)
    yield "heartbeat", measuring.post("/accounts/heartbeat/", {})
    yield "sign-in", measuring.sign_in()


def ask(load: Load, number: int) -> None:
    """Send request `number` of `load`. Each comes from a different address."""
    bodies = [load.bodies[number % len(load.bodies)].replace("NUMBER", str(number))] if load.bodies else ()
    cookies = [load.cookies[number % len(load.cookies)]] if load.cookies else ()
    headers = {name: value.replace("NUMBER", str(number)) for name, value in load.headers.items()}
    headers["X-Forwarded-For"] = f"10.1.{number // 256}.{number % 256}"
    url = load.url.replace("NUMBER", str(number))
    milliseconds(replace(load, url=url, headers=headers, bodies=bodies, cookies=cookies))


def _measure_requests(measuring: Measuring, expenses: int, master: int, times: int) -> dict[str, Figures]:
    """The CPU milliseconds of each kind of request, in the web processes and in MongoDB."""
    from finbrain.core.mongodb import database

    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    watched = {"web": workers, "mongodb": [str(database().command("serverStatus")["pid"])]}
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
    """The mean CPU seconds of one of these requests in each group of processes."""
    before = {name: _cpu_seconds(processes) for name, processes in watched.items()}
    for number in numbers:
        ask(load, number)
    return {name: (_cpu_seconds(processes) - before[name]) / len(numbers) for name, processes in watched.items()}


def _visit(cpu: dict[str, Figures]) -> Figures:
    """The CPU time of one person's day."""
    total = {
        process: sum(times * cpu[kind][process] for kind, times in _VISIT.items()) for process in ("web", "mongodb")
    }
    return {"requests": sum(_VISIT.values()), **{f"{name}_cpu_ms": round(ms, 1) for name, ms in total.items()}}


def needed(people: int, day: Figures, kept: Mapping[str, float]) -> Figures:
    """What that many people need, with the ASSUMED behaviour."""
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
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=200, help="requests of each kind")
    parser.add_argument("--people", type=int, default=5_000, help="people whose stored bytes are averaged")
    options = parser.parse_args()
    os.environ.update(SETTINGS, MONGODB_NAME=DATABASE)
    try:
        with prepared_engines():
            from finbrain.core.mongodb import client

            try:
                print(json.dumps(measure(options.requests, options.people), indent=1))
            finally:
                client().drop_database(DATABASE)
    except EngineError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()

"""Measures the forecast of the month's end: `python benchmarks/forecast.py [--people 4] [--seed 1] [--kind ordinary]`.

Prints a line for each kind of made-up people, and one for all. months: tried. inside: the share of months whose end was
in the 80 % range, by day of the month on which it was given. The errors are means of the distance from the true end in
percent of it: of the forecast, of "as last month" and of "as the mean of three months". ahead: the share inside for the
month after. early: inside in months of people with less than seven months of history. ms: CPU time of a forecast
with its past hits.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.forecast_histories import KINDS, make_history
from expenses.forecast.due import Payment, Regular, known_on, usual_of
from expenses.forecast.months_ahead import Past, hits, month_end, months_ahead
from expenses.months import add_months, month_of
from expenses.recurring.chains import SeriesEntry
from expenses.recurring.detection import detect

DAYS = (1, 8, 15, 22)
# Months of history before the months that are tried, and how many months of it count.
_TRIED = (4, 5, 6, 8, 11, 14, 17, 20, 23, 26, 29)
_LOOKED_BACK = 24
_EARLY = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS)
    options = parser.parse_args()
    every: list[dict[str, float]] = []
    for kind in [options.kind] if options.kind else KINDS:
        rows: list[dict[str, float]] = []
        for seed in range(options.seed, options.seed + options.people):
            rows += try_person(make_history(KINDS[kind], seed, max(_TRIED) + 2))
        print(json.dumps({"kind": kind} | summed_up(rows)), flush=True)
        every += rows
    print(json.dumps({"kind": "all"} | summed_up(every)))


def try_person(entries: Sequence[SeriesEntry]) -> list[dict[str, float]]:
    """Return what became of the forecasts of one person: a row for each day tried."""
    rows = []
    began = month_of(entries[0].day)
    for count in _TRIED:
        month = add_months(began, count)
        totals = [_total(entries, add_months(month, n)) for n in (-3, -2, -1, 0, 1)]
        known = past_of([entry for entry in entries if entry.day < month.replace(day=max(DAYS) + 1)], month)
        for number in DAYS:
            rows.append(_try_day(known, month.replace(day=number), totals) | {"history": count})
    return rows


def _try_day(known: Past, today: date, totals: Sequence[float]) -> dict[str, float]:
    series = tuple(each for one in known.series if (each := known_on(one, today)))
    past = Past(known.first, known.values[: (today - known.first).days + 1], series)
    *before, actual, following = totals
    start = time.process_time()
    found = month_end(past, today)
    hits(past, today)
    spent = time.process_time() - start
    ahead = months_ahead(past, today)[add_months(month_of(today), 1)]
    return {
        "day": today.day,
        "inside": found.holds(actual),
        "ahead": ahead.holds(following),
        "forecast": abs(found.point - actual) / actual,
        "last month": abs(before[-1] - actual) / actual,
        "three months": abs(sum(before) / len(before) - actual) / actual,
        "ms": spent * 1000,
    }


def past_of(entries: Sequence[SeriesEntry], month: date) -> Past:
    """Return what FinBrain knows in a month: day sums of two years, and the series that it finds by itself."""
    first = max(entries[0].day, add_months(month, -_LOOKED_BACK))
    today = entries[-1].day
    values = np.zeros((today - first).days + 1)
    for entry in entries:
        if entry.day >= first:
            values[(entry.day - first).days] += float(entry.amount)
    series = []
    for found in detect(entries, today):
        payments = [Payment(entry.day, float(entry.amount)) for entry in found.entries]
        usual = usual_of([each.value for each in payments])
        series.append(Regular(found.cycle, payments, None if found.is_over else found.next, usual))
    return Past(first, values, tuple(series))


def _total(entries: Iterable[SeriesEntry], month: date) -> float:
    end = add_months(month, 1) - timedelta(days=1)
    return sum(float(entry.amount) for entry in entries if month <= entry.day <= end)


def summed_up(rows: Sequence[dict[str, float]]) -> dict[str, object]:
    """Return the figures of many rows."""
    by_day: dict[float, list[float]] = defaultdict(list)
    for row in rows:
        by_day[row["day"]].append(row["inside"])
    early = [row["inside"] for row in rows if row["history"] < _EARLY]
    errors = {name: _percent(row[name] for row in rows) for name in ("forecast", "last month", "three months")}
    return {
        "months": len(rows) // len(DAYS),
        "inside": _percent(row["inside"] for row in rows),
        "by day": {day: _percent(values) for day, values in by_day.items()},
        "early": _percent(early),
        "ahead": _percent(row["ahead"] for row in rows),
        "error": errors,
        "ms": round(sum(row["ms"] for row in rows) / len(rows), 1),
    }


def _percent(values: Iterable[float]) -> float:
    found = list(values)
    return round(100 * sum(found) / len(found), 1)


if __name__ == "__main__":
    main()

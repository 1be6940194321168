"""Measures what FinBrain finds in made-up histories: `python benchmarks/series.py [--histories 40] [--seed 1]`.

Prints one JSON object for each way to make them up; shares from 0 to 1. found: of the planted series. false: of the
series shown. cycle: right ones of those found. next: those found whose next day is within the tolerance. seconds: CPU
time for the first detection in a ledger of --entries entries.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import series_histories, series_holdout
from benchmarks.series_histories import LAST, History
from expenses.recurring.detection import Found, detect

MAKERS: dict[str, Callable[[int], History]] = {
    "histories": series_histories.make_history,
    "holdout": series_holdout.make_history,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--entries", type=int, default=50_000)
    options = parser.parse_args()
    for name, make in MAKERS.items():
        seeds = range(options.seed, options.seed + options.histories)
        print(json.dumps({"made": name} | measure(map(make, seeds))))
    print(json.dumps(measure_speed(options.entries)))


def measure(histories: Iterable[History]) -> dict[str, float | int]:
    """Return the figures for histories."""
    planted = shown = matched = right = in_time = 0
    for history in histories:
        found = detect(history.entries, LAST)
        planted += len(history.planted)
        shown += len(found)
        free = list(found)
        for series in history.planted:
            if best := matching(series.ids, free):
                free.remove(best)
                matched += 1
                right += best.cycle == series.cycle
                in_time += abs((best.next - series.next).days) <= series.tolerance
    return {
        "planted": planted,
        "found": share(matched, planted),
        "false": share(shown - matched, shown),
        "cycle": share(right, matched),
        "next": share(in_time, matched),
    }


def matching(ids: set[int], found: Iterable[Found]) -> Found | None:
    """Return the series that has most of these entries, and little else."""
    for each in found:
        both = len(ids & {entry.id for entry in each.entries})
        if both * 2 > len(ids) and both * 2 > len(each.entries):
            return each
    return None


def share(some: int, every: int) -> float:
    return round(some / every, 4) if every else 0.0


def measure_speed(entries: int) -> dict[str, float | int]:
    """Return the CPU time of the first detection in a ledger with that many entries, most of them in merchants."""
    rows = list(series_histories.make_history(0).entries)
    seed = 0
    while len(rows) < entries:
        seed += 1
        maker = series_histories.Maker(seed)
        maker.noise()
        rows += [entry._replace(id=len(rows) + number) for number, entry in enumerate(maker.entries)]
    start = time.process_time()
    found = detect(rows[:entries], LAST)
    return {"entries": entries, "series": len(found), "seconds": round(time.process_time() - start, 2)}


if __name__ == "__main__":
    main()

"""Measures how the cost of requests grows with the data: `python -m benchmarks.growth [--times 20] [--rounds 5]`.

Compares people with 1,000, 10,000 and 100,000 expenses over two years, and a site with 100 and 10,000 people, as
`benchmarks.bench` measures: CPU of the web process, the median of alternating rounds. Writes its table in
docs/benchmarks.md, or prints it if the sizes aren't the usual ones.
"""

import argparse
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date

from benchmarks.bench import DOCS, ENDS, Figures, machine, measure
from benchmarks.cases import Case, pages
from benchmarks.costs import be_patient
from benchmarks.floors import SETTINGS, quietly
from benchmarks.site import keep_as_workers_do, make_person, make_visitors, prepared_engines
from finbrain.embedded import EngineError

EXPENSES, PEOPLE = [1_000, 10_000, 100_000], [100, 10_000]
BEGINS = "<!-- made by benchmarks.growth -->\n"
# The requests to compare, with the number of expenses in their names.
COMPARED = (
    "list, {}, page not kept",
    "list, {}, right after an add",
    "dashboard, one month, {}, page not kept",
    "add, answered with the row, {}",
    "search all time, a rare word, {}",
)


def compared(expenses: int) -> list[Case]:
    """Make a person with this many expenses, and return the requests to compare."""
    today, size = date.today(), f"{expenses:,}"
    named = {case.name: case for case in pages(make_person(expenses, today), size, today)}
    return [named[name.format(size)] for name in COMPARED]


def measure_growth(expenses: Sequence[int], people: Sequence[int], times: int, rounds: int) -> dict[str, list[float]]:
    """The milliseconds of each request, for each number of expenses and then for each number of people."""
    cases = {count: compared(count) for count in expenses}
    keep_as_workers_do()
    by_size: Figures = measure([case for each in cases.values() for case in each], times, rounds)
    columns = [[by_size[case.name] for case in each] for each in cases.values()]
    for count in people:
        make_visitors(count)
        columns.append([*measure(cases[expenses[0]], times, rounds).values()])
    return {name.format("…"): list(row) for name, *row in zip(COMPARED, *columns, strict=True)}


def table(expenses: Sequence[int], people: Sequence[int], figures: Mapping[str, Sequence[float]]) -> str:
    """The table as Markdown. "grows" is the last figure divided by the first."""
    heads = [
        *(f"{count:,} expenses" for count in expenses),
        "grows",
        *(f"{count:,} people" for count in people),
        "grows",
    ]
    lines = ["| " + " | ".join(["Request", *heads]) + " |", "|---" * (len(heads) + 1) + "|"]
    for name, row in figures.items():
        cells = [name.replace(", …", "")]
        for part in (row[: len(expenses)], row[len(expenses) :]):
            cells += [*(f"{value:.1f} ms" for value in part), f"{part[-1] / part[0]:.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=20, help="requests in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--expenses", type=int, nargs="+", default=EXPENSES)
    parser.add_argument("--people", type=int, nargs="+", default=PEOPLE)
    options = parser.parse_args(arguments)
    sizes = options.expenses, options.people
    try:
        with tempfile.TemporaryDirectory() as counters:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = counters
            with prepared_engines(SETTINGS):
                from accounts import afterwards

                be_patient()
                quietly()
                afterwards.start = afterwards.do  # so that what an answer leaves for later counts, too
                made = table(*sizes, measure_growth(*sizes, options.times, options.rounds))
    except EngineError as error:
        raise SystemExit(str(error)) from error
    if sizes != (EXPENSES, PEOPLE):
        print(made)
        return
    said = f"{machine()}: {options.rounds} rounds of {options.times} requests.\n\n{made}"
    DOCS.write_text(re.sub(f"(?s)(?<={BEGINS}).*?(?={ENDS})", lambda _: said, DOCS.read_text(), count=1))


if __name__ == "__main__":
    main()

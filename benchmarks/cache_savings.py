"""Measures what each cache and shortcut saves: `python -m benchmarks.cache_savings [--times 10] [--rounds 5]`.

Calls the WSGI handler in this process, with production's settings, on its own engines, for a person with 1,000
expenses, whose titles are remembered. Each page is requested in turn with and without a shortcut. Prints JSON, and a
table on stderr: milliseconds of CPU, and the percent of the page's CPU that the shortcut saves. What saves less than 15
% isn't worth its code.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from statistics import median
from types import ModuleType
from typing import Any
from unittest.mock import patch

from benchmarks.floors import EXPENSES, SETTINGS, Ask, asker, cpu_milliseconds, quietly
from benchmarks.site import Person, make_person, prepared_engines, tell
from finbrain.embedded import EngineError

WORTH_IT = 15
Forget = Callable[[], object]


@dataclass(frozen=True)
class Shortcut:
    """A shortcut on one page.

    without: a context in which it isn't there. forget: empties a memory before each request instead. both: a context
    for both measurements, such as one without kept pages, which would hide everything else.
    """

    name: str
    page: str
    without: Callable[[], AbstractContextManager[Any]] = nullcontext
    forget: Forget = bool
    both: Callable[[], AbstractContextManager[Any]] = nullcontext


def shortcuts(today: date) -> list[Shortcut]:
    from allauth.account.auth_backends import AuthenticationBackend

    from accounts.backend import Backend
    from classifier import recall
    from expenses import rates
    from expenses.listing import rows
    from expenses.money import formatting
    from expenses.months import add_months
    from expenses.sums.loading_figures import forget_figures
    from expenses.templatetags import page
    from finbrain.core import tolerant_cache

    expenses, suggestion = "/expenses/", "/expenses/suggest/?title=Aurora+Market"
    month = f"/dashboard/?month={today:%Y-%m}"
    year = f"/dashboard/?from={add_months(today.replace(day=1), -11):%Y-%m}&to={today:%Y-%m}"

    no_page = partial(patch.multiple, tolerant_cache, get_bytes=lambda key: None, set_bytes=lambda *kept: None)
    no_sums = partial(patch.multiple, tolerant_cache, get_many=lambda keys: {}, set_many=lambda *kept: None)
    by_orm = partial(patch.object, Backend, "get_user", AuthenticationBackend.get_user)
    by_template = partial(patch.object, page, "render_rows", _rows_by_template)
    no_formats = partial(_uncached, formatting, rows)
    get_many = tolerant_cache.get_many
    but_hits = partial(filter, lambda key: not key.startswith("hits:"))
    no_hits = partial(patch.object, tolerant_cache, "get_many", lambda keys: get_many(but_hits(keys)))
    cold = partial(Shortcut, both=no_page)
    return [
        Shortcut("kept pages", expenses, no_page),
        Shortcut("kept pages", year, no_page),
        Shortcut("the person read past the ORM", expenses, by_orm),
        Shortcut("row_html", expenses, by_template, both=no_page),
        cold("formats of amounts and dates", expenses, no_formats),
        cold("formats of amounts and dates", year, no_formats),
        cold("menus of categories and currencies", expenses, partial(_uncached, page)),
        Shortcut("how often forecasts held", month, no_hits, both=partial(_on_the_15th, today, no_page)),
        cold("figures in this process", expenses, forget=forget_figures),
        cold("figures in this process", year, forget=forget_figures),
        Shortcut("sums in Redis and this process", year, no_sums, forget_figures, no_page),
        cold("rates in this process", expenses, forget=rates.forget_rates),
        cold("rates in this process", year, forget=rates.forget_rates),
        Shortcut("memory in this process", suggestion, forget=recall.here.clear),
    ]


@contextmanager
def _on_the_15th(today: date, no_page: Callable[[], AbstractContextManager[Any]]) -> Iterator[None]:
    """Context manager without kept pages, in the middle of the month: the less of it is left, the less is forecast."""
    with no_page(), patch("django.utils.timezone.localdate", lambda *_: today.replace(day=15)):
        yield


@contextmanager
def _uncached(*modules: ModuleType) -> Iterator[None]:
    """Context manager in which the modules' functions with a cache have none."""
    with ExitStack() as stack:
        for module in modules:
            cached = {name: each for name, each in vars(module).items() if hasattr(each, "cache_clear")}
            for name, each in cached.items():
                stack.enter_context(patch.object(module, name, each.__wrapped__))
        yield


def _rows_by_template(rows: Any) -> Any:
    """Render the rows, and about as many templates as without `row_html`: one for each row."""
    from django.template.loader import render_to_string

    from expenses.listing import row_html

    rows = list(rows)
    for row in rows:
        render_to_string(row_html._TEMPLATE, {**row, "part": "row"})
    return row_html.render_rows(rows)


def measure(shortcut: Shortcut, ask: Ask, times: int, rounds: int) -> dict[str, Any]:
    """Measure a page with and without the shortcut, in turn."""

    def without() -> None:
        shortcut.forget()
        ask()

    taken: tuple[list[float], list[float]] = [], []
    with shortcut.both():
        ask()
        for _ in range(rounds):
            taken[0].append(cpu_milliseconds(ask, times))
            with shortcut.without():
                taken[1].append(cpu_milliseconds(without, times))
            ask()
    with_it, without_it = map(median, taken)
    return {
        "shortcut": shortcut.name,
        "page": shortcut.page.partition("?")[0],
        "with_ms": round(with_it, 2),
        "without_ms": round(without_it, 2),
        "saves_percent": round(100 * (1 - with_it / without_it)),
    }


def _remember_all(person: Person) -> None:
    """Remember the category of every title, as if the person had confirmed each."""
    from accounts.models import User
    from expenses.ledger.teaching import Lesson, teach
    from expenses.models import Expense

    ledger_id = User.objects.get(email=person.email).pk
    rows = Expense.objects.filter(ledger_id=ledger_id)
    teach(ledger_id, (Lesson(row.title, row.category, row.amount) for row in rows))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=10, help="requests in each round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as counters:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = counters
            with prepared_engines(SETTINGS, model=False):
                rows = list(_measure_all(options.times, options.rounds))
    except EngineError as error:
        raise SystemExit(str(error)) from error
    print(json.dumps(rows, indent=1))


def _measure_all(times: int, rounds: int) -> list[dict[str, Any]]:
    from finbrain.incoming import Handler

    today = date.today()
    person, handler = make_person(EXPENSES, today), Handler()
    _remember_all(person)
    quietly()
    found = []
    for shortcut in shortcuts(today):
        ask = asker(handler, shortcut.page, {"HTTP_COOKIE": person.cookie})
        found.append(row := measure(shortcut, ask, times, rounds))
        mark = "" if row["saves_percent"] >= WORTH_IT else "  less than it should"
        tell("{shortcut:32} {page:20} {with_ms:8} {without_ms:8} {saves_percent:4} %".format(**row) + mark)
    return found


if __name__ == "__main__":
    main()

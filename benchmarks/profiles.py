"""Prints what requests spend their CPU time on: `python -m benchmarks.profiles [--seconds 4] [--expenses 50000]`.

Calls the WSGI handler in this process, as `benchmarks.bench` does, and samples the stack after every millisecond of CPU
time. The time since the last sample counts for the innermost function of FinBrain, allauth, WhiteNoise, django-htmx, or
Django's middleware, contrib apps and templates, with all that it calls in other libraries. Prints a table with the ten
largest of each request, as Markdown.
"""

import argparse
import os
import signal
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import FrameType

from benchmarks.cases import Case, pages
from benchmarks.costs import be_patient
from benchmarks.floors import EXPENSES, SETTINGS, floors, quietly
from benchmarks.open_page import forget_sessions, sign_in
from benchmarks.site import make_person, prepared_engines
from finbrain.embedded import EngineError

SHOWN = 10
LOOK_EVERY = 0.001
ROOT = Path(__file__).resolve().parent.parent
_OURS = ("accounts", "classifier", "expenses", "finbrain")
_THEIRS = ("django/middleware/", "django/contrib/", "allauth/", "whitenoise/", "django_htmx/", "django/template/")


def part_of(frame: FrameType | None) -> str:
    """The innermost function to count a look for, as `folder/file.py function`."""
    while frame:
        path = frame.f_code.co_filename
        if path.startswith(str(ROOT)) and (name := path.removeprefix(f"{ROOT}/")).startswith(_OURS):
            return f"{name} {frame.f_code.co_qualname}"
        _, found, library = path.partition("site-packages/")
        if found and library.startswith(_THEIRS):
            return f"{library} {frame.f_code.co_qualname}"
        frame = frame.f_back
    return "other"


def looked_at(case: Case, seconds: float) -> tuple[dict[str, float], float]:
    """Repeat a request for some seconds of CPU time.

    Return the seconds of each part, and the milliseconds of one request.
    """
    parts: dict[str, float] = defaultdict(float)
    asking, last = False, time.process_time()

    def look(_signal: int, frame: FrameType | None) -> None:
        nonlocal last
        before, last = last, time.process_time()
        if asking:
            parts[part_of(frame)] += last - max(before, began)  # Python looks only after a long call of C

    case.ask()
    spent, times, began = 0.0, 0, 0.0
    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, LOOK_EVERY, LOOK_EVERY)  # never stops, so that looks fall anywhere
    while spent < seconds:
        case.before()
        began, asking = time.process_time(), True
        case.ask()
        asking = False
        spent += time.process_time() - began
        times += 1
    signal.setitimer(signal.ITIMER_PROF, 0)
    return parts, 1000 * spent / times


def row(name: str, parts: Mapping[str, float], milliseconds: float) -> str:
    """A row of the table."""
    largest, total = sorted(parts.items(), key=lambda part: -part[1])[:SHOWN], sum(parts.values())
    shares = (f"{100 * seconds / total:.0f} % `{part}`" for part, seconds in largest)
    return f"| {name} | {milliseconds:.1f} ms | {'<br>'.join(shares)} |"


def cases(expenses: int) -> Iterator[Case]:
    """The requests to look at."""
    today = date.today()
    floor = floors(make_person(EXPENSES + 1, today))
    for name in ('signed in, "ok"', "unchanged list (304)", "list, page kept"):
        yield Case(name, floor[name])
    person = make_person(expenses, today)
    wanted = ("list, ", "dashboard, one", "add, ")
    yield from (case for case in pages(person, f"{expenses:,}", today) if case.name.startswith(wanted))
    yield Case("sign-in", sign_in(person.email), partial(forget_sessions, person.email))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=4, help="of CPU time for each request")
    parser.add_argument("--expenses", type=int, default=50_000)
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as counters:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = counters
            with prepared_engines(SETTINGS):
                from accounts import afterwards

                be_patient()
                afterwards.start = afterwards.do  # so that what an answer leaves for later counts, too
                asked = list(cases(options.expenses))
                quietly()
                print("| Request | CPU | The largest parts |\n|---|---|---|")
                for case in asked:
                    print(row(case.name, *looked_at(case, options.seconds)), flush=True)
    except EngineError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()

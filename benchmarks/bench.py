"""Measures what requests cost: `make bench`, or `python -m benchmarks.bench [--times 20] [--rounds 5]`.

Calls the WSGI handler in this process, with production's settings, on its own engines, for people with 1,000 and 50,000
expenses. Counts the CPU time of the process, which other programs hardly change. Each figure is the median of
alternating rounds, is given as a multiple of an empty view behind Django's own middleware, and is compared with the
least that the same request could cost (`stand_in.py`). Writes the table in docs/benchmarks.md.

`--against COMMIT` measures that commit as well, in turns with this checkout, and prints both instead.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.cases import Case, cases
from benchmarks.costs import be_patient
from benchmarks.floors import ARGON2, SETTINGS, STOCK, quietly
from benchmarks.site import keep_as_workers_do, prepared_engines, tell
from finbrain.embedded import EngineError

TURNS = 3
ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "benchmarks.md"
BEGINS, ENDS = "<!-- made by benchmarks.bench -->\n", "<!-- end -->\n"

Figures = dict[str, float]


def measure(asked: Sequence[Case], times: int, rounds: int) -> Figures:
    """The milliseconds of CPU of each request: the medians of alternating rounds."""
    taken: dict[str, list[float]] = {case.name: [] for case in asked}
    for turn in range(rounds):
        tell(f"Round {turn + 1} of {rounds}")
        for case in asked:
            taken[case.name].append(_milliseconds(case, times))
    return {name: round(median(each), 3) for name, each in taken.items()}


def _milliseconds(case: Case, times: int) -> float:
    case.ask()
    seconds = 0.0
    for _ in range(times if case.name != ARGON2 else 3):
        case.before()
        began = time.process_time()
        case.ask()
        seconds += time.process_time() - began
    return 1000 * seconds / (times if case.name != ARGON2 else 3)


def measure_here(times: int, rounds: int) -> tuple[Figures, dict[str, str]]:
    """Measure this checkout. Returns the figures, and the stand-in of each request that has one."""
    imported = imports(min(rounds, TURNS))  # before the variables of these engines are set
    with tempfile.TemporaryDirectory() as counters:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counters
        with prepared_engines(SETTINGS):
            from accounts import afterwards

            be_patient()
            afterwards.start = afterwards.do  # so that what an answer leaves for later counts, too
            asked = cases()
            quietly()
            keep_as_workers_do()
            figures = measure(asked, times, rounds)
    return figures | imported, {case.name: case.least for case in asked if case.least}


def table(figures: Mapping[str, float], least: Mapping[str, str]) -> str:
    """The table as Markdown."""
    lines = ["| Request | CPU | Of the empty view | Of the stand-in |", "|---|---|---|---|"]
    for name, value in figures.items():
        compared = f"{value / figures[least[name]]:.2f}" if name in least else ""
        lines.append(f"| {name} | {value:.2f} ms | {value / figures[STOCK]:.1f} | {compared} |")
    return "\n".join(lines) + "\n"


def compared(here: Mapping[str, float], there: Mapping[str, float], commit: str) -> str:
    """A table of both commits' figures. The ratio is of the multiples of the empty view, so the machine cancels out."""
    lines = [f"| Request | {commit} | this checkout | ratio |", "|---|---|---|---|"]
    for name in here:
        if name in there:
            ratio = here[name] / here[STOCK] / (there[name] / there[STOCK])
            lines.append(f"| {name} | {there[name]:.2f} ms | {here[name]:.2f} ms | {ratio:.2f} |")
    return "\n".join(lines) + "\n"


def measure_both(commit: str, times: int, rounds: int) -> tuple[Figures, Figures]:
    """Measure this checkout and a commit in turns, with this checkout's benchmarks and environment."""
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "other"
        _git("worktree", "add", "--detach", str(other), commit)
        try:
            shutil.copytree(ROOT / "benchmarks", other / "benchmarks", dirs_exist_ok=True)
            runs = [[_run(place, times, rounds) for place in (ROOT, other)] for _ in range(TURNS)]
        finally:
            _git("worktree", "remove", "--force", str(other))
    here, there = ([run[side] for run in runs] for side in (0, 1))
    return _medians(here), _medians(there)


def _run(folder: Path, times: int, rounds: int) -> Figures:
    command = [sys.executable, "-m", "benchmarks.bench", "--json", "--times", str(times), "--rounds", str(rounds)]
    return json.loads(subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _medians(runs: Sequence[Figures]) -> Figures:
    return {name: round(median(run[name] for run in runs), 3) for name in runs[0]}


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def imports(rounds: int) -> Figures:
    """The milliseconds for the preview of a statement with 10,000 rows, and for saving it.

    Starts engines of its own.
    """
    command = [sys.executable, "-m", "benchmarks.imports", "--rows", "10000"]
    runs = [json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout) for _ in range(rounds)]
    stages = {"preview": ("upload", "preview"), "save": ("save",)}
    return {
        f"import of 10,000 rows, {name}": 1000 * median(sum(run[stage]["cpu_s"] for stage in names) for run in runs)
        for name, names in stages.items()
    }


def machine() -> str:
    """The date, commit and machine of a measurement."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    commit = _git("rev-parse", "--short", "HEAD") + (
        " with changes" if _git("status", "--porcelain", "--", ".", ":!docs/benchmarks.md") else ""
    )
    cores = f"{os.cpu_count()} cores ({model[1] if model else 'unknown'}), load {os.getloadavg()[2]:.0f}"
    return f"Measured on {date.today()} at commit {commit}, on {cores}"


def write_table(made: str, times: int, rounds: int) -> None:
    """Write the table into the docs, with the machine, the day, the commit and the number of requests."""
    said = f"{machine()}: {rounds} rounds of {times} requests.\n\n{made}"
    DOCS.write_text(re.sub(f"(?s)(?<={BEGINS}).*?(?={ENDS})", lambda _: said, DOCS.read_text(), count=1))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=20, help="requests in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print the figures, and write nothing")
    parser.add_argument("--against", metavar="COMMIT", help="compare this checkout with a commit")
    options = parser.parse_args(arguments)
    try:
        if options.against:
            figures = measure_both(options.against, options.times, max(1, options.rounds // TURNS))
            print(compared(*figures, options.against))
            return
        found, least = measure_here(options.times, options.rounds)
    except EngineError as error:
        raise SystemExit(str(error)) from error
    if options.json:
        print(json.dumps(found))
    else:
        write_table(table(found, least), options.times, options.rounds)


if __name__ == "__main__":
    main()

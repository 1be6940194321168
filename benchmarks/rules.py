"""How much processor time rules cost an import: rows that look like a bank's lines, with and without rules.

python -m benchmarks.rules [--rows 10000] [--rules 100]
"""

import argparse
import random
import time
from collections.abc import Callable
from decimal import Decimal

from benchmarks.prepared import set_up


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rules", type=int, default=100)
    options = parser.parse_args()
    set_up()

    from classifier.text import normalise
    from classifier.training_files import read_training_data
    from expenses.models.rules import How, Rule, read_rules
    from expenses.rules.matching import EntryFacts, Matcher

    chance = random.Random(7)
    names = [entry.text for entry in read_training_data().merchants]
    lines = [f"{chance.choice(names).upper()} {chance.randrange(1000, 9999)} GB" for _ in range(options.rows)]
    rows = [EntryFacts(line, Decimal(chance.randrange(-900, 9000)) / 7, "GBP", "", imported=True) for line in lines]
    texts = chance.sample(names, options.rules)

    def rules(hows: list[str]) -> tuple[Rule, ...]:
        return tuple(Rule(str(at), hows[at % len(hows)], text, category="other") for at, text in enumerate(texts))

    print(f"{options.rows} rows, {options.rules} rules, seconds of processor time (rows that a rule decides)")
    print(f"{'normalising all titles':30} {seconds(lambda: [normalise(line) for line in lines]):6.3f}")
    for how in [*How.values, "all four"]:
        matcher = Matcher(rules(How.values if how == "all four" else [how]))
        met = sum(matcher.first(row) is not None for row in rows)
        print(f"{how:30} {seconds(lambda matcher=matcher: [matcher.first(row) for row in rows]):6.3f} ({met})")
    stored = [rule.to_stored() for rule in rules(How.values)]
    print(f"{'reading them, in every request':30} {seconds(lambda: read_rules(stored)):6.4f}")
    print(f"{'preparing them':30} {seconds(lambda: Matcher(rules(How.values))):6.4f}")


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()

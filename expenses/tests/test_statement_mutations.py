"""Every whole file, changed in each way that keeps its movements: it is read to the same ones, or FinBrain asks.

Changes that destroy what tells the movements are left out where they are made (`need`, `Unfair`).
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random

import pytest

from expenses.tests.statement_changes import (
    delimit,
    encode,
    leave_empty,
    quote,
    rename,
    reverse,
    rewrite_days,
    shuffle,
    space,
    swap_decimals,
    write_above,
    write_below,
)
from expenses.tests.statement_documents import Document, Unfair, document_of, outcome
from expenses.tests.statement_sign_changes import flag, flip, join, split, style_signs
from expenses.tests.test_statement_whole import FILES, File

Change = Callable[[Document, Random], None]
# In the order in which two are made of one file: those that need its cells as they were come first.
CHANGES: tuple[Change, ...] = (
    *(swap_decimals, rewrite_days, style_signs, flip, split, flag, join, reverse, rename, shuffle, leave_empty, space),
    *(write_below, write_above, delimit, encode, quote),
)
# Those that are made twice of each file, because there are many ways.
TWICE = (shuffle, rename, rewrite_days, write_above, write_below)
PARTS = 8
# The share of the files that are rows and columns, and of these the number of changes that at least one is fair for.
LEAST, EACH = 0.85, 14
SEED = 1
# The files and changes that are still read differently, with the reason.
_BE = "BE a card with the amount in euro beside the one abroad"
_EXCHANGE = "XX Revolut Business, fees, refunds, exchange, reverted and card checks"
_PAYPAL = "DE PayPal full activity with Absender, Empfänger and Auswirkung auf Guthaben"
_ETSY = "GB Etsy, fees and taxes in a column, nets, dashes, days with commas"
KNOWN: dict[tuple[str, str], str] = {
    (_BE, "flag"): "the other amounts are in both ways' columns, which count more than a name with the currency",
    ("IT Fineco of sheets, Entrate, Uscite, Stato, Moneymap, autorizzato", "encode"): "a sign alone is ø in cp1252",
    ("DE SumUp, billed and paid amounts in pairs", "shuffle"): "only its place says whose currency one is",
    (_EXCHANGE, "flip"): "an exchange is read as spent if its amount has a plus",
    (_EXCHANGE, "flag"): "an exchange is read as spent if its amount has no sign",
    (_PAYPAL, "split"): "fees of either sign beside amounts without signs",
    (_ETSY, "swap_decimals"): "one column keeps its notation, so the file has two",
    ("RU CoinKeeper, unsigned amounts, from and to, notes rarely filled", "shuffle"): "their order tells the two sides",
    ("RU 1Money, names in Russian capitals, two amounts", "shuffle"): "their order tells the two sides",
}


def jobs(file: File) -> Iterator[tuple[Change, ...]]:
    """Every change alone, and one pair of them."""
    yield from ((change,) for change in (*CHANGES, *TWICE))
    yield tuple(sorted(Random(f"{SEED} {file.name}").sample(CHANGES, 2), key=CHANGES.index))


def named(job: tuple[Change, ...]) -> str:
    return " and ".join(change.__name__ for change in job)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_a_changed_file_is_read_to_the_same_movements_or_asked_about(part):
    files, documents, tried, silent = FILES[part::PARTS], 0, 0, []
    for file in files:
        document = document_of(file)
        documents += document is not None
        for number, job in enumerate(jobs(file) if document else ()):
            changed, random = deepcopy(document), Random(f"{SEED} {file.name} {number}")
            assert changed
            try:
                for change in job:
                    change(changed, random)
                data = changed.data()
            except Unfair:
                continue
            tried += 1
            found = outcome(data, file.home)
            is_same = found.asks or found.movements == changed.read.movements
            if not is_same and (file.name, named(job)) not in KNOWN:
                silent.append((file.name, named(job), *changed.changes, data.decode(changed.encoding)))
    assert silent == []
    assert documents > len(files) * LEAST
    assert tried > documents * EACH

"""Changes of how a statement says whether an amount was spent or received."""

import re
from collections.abc import Callable
from random import Random

from expenses.statements.apply import TableReader
from expenses.statements.header_words import currency_named, rank_role
from expenses.statements.notation import is_negative, is_number, is_zero
from expenses.statements.plain_words import plain_header
from expenses.statements.statement import Column, Sign
from expenses.tests.statement_documents import Document, need

# Of a bare amount, whether it had a minus, and whether it was spent.
STYLES: dict[str, Callable[[str, bool, bool], str]] = {
    "trailing": lambda size, minus, _spent: f"{size}-" if minus else size,
    "brackets": lambda size, minus, _spent: f"({size})" if minus else size,
    "DR and CR": lambda size, _minus, spent: f"{size} DR" if spent else f"{size} CR",
    "CR": lambda size, _minus, spent: size if spent else f"{size}CR",
    "plus": lambda size, minus, _spent: f"-{size}" if minus else f"+{size}",
    "blank": lambda size, minus, _spent: f"- {size}" if minus else size,
    "typographic": lambda size, minus, _spent: f"−{size}" if minus else size,
}
PAIRS = [
    *(("Debit", "Credit"), ("Withdrawal", "Deposit"), ("Money out", "Money in"), ("Soll", "Haben")),
    *(("Débit", "Crédit"), ("Paid out", "Paid in"), ("Cargo", "Abono"), ("חובה", "זכות")),
]
FLAGS = [
    *(("D/C", "D", "C"), ("Type", "Debit", "Credit"), ("Soll/Haben", "S", "H"), ("Debit/Credit", "DR", "CR")),
    *(("Af Bij", "Af", "Bij"), ("+/-", "-", "+"), ("Cr/Dr", "Dr", "Cr"), ("借贷标志", "借", "贷")),
]
AMOUNTS = ["Amount", "Betrag", "Importe", "Montant", "Kwota", "סכום"]
# An amount with a sign at one end, or none.
_SIGNED = re.compile(r"[-+−]?[^-−+()]*|\([^-−]*\)|[^-−+()]*-")
_NUMBER = re.compile(r"\d[\d.,'’ \u00a0\u202f]*")


def bare(cell: str) -> str:
    return re.sub(r"[-−–+()]", "", cell).strip()


def _signed_amount(doc: Document) -> int:
    """The place of amounts whose signs alone say the direction of each."""
    place = doc.place(Column.AMOUNT)
    cells = {at: cell for at, cell in doc.cells(place).items() if not is_zero(cell)}
    need(all(is_number(cell) and _SIGNED.fullmatch(cell) for cell in cells.values()))
    need(all(len(_NUMBER.findall(cell)) == 1 for cell in cells.values()))
    need({is_negative(cell) for cell in cells.values()} == {True, False})
    need(all(_is_spent(doc, cell) == doc.is_spent.get(at, _is_spent(doc, cell)) for at, cell in cells.items()))
    need(not doc.has_sections())
    return place


def _is_spent(doc: Document, cell: str) -> bool:
    return is_negative(cell) == (doc.mapping.sign == Sign.SPENT_IS_NEGATIVE)


def _alike(doc: Document, place: int) -> list[int]:
    """The columns of money with the sign that the amount of each row has, with its own: a bank writes them alike."""
    amounts, found = doc.cells(place), list[int]()
    for other in range(doc.width):
        pairs = [(cell, amounts.get(at, "")) for at, cell in doc.cells(other).items()]
        filled = [(cell, amount) for cell, amount in pairs if not is_zero(cell)]
        is_money = bool(filled) and all(is_number(cell) for cell, _amount in pairs)
        signs = [(is_negative(cell), is_negative(amount)) for cell, amount in filled]
        if is_money and (True, True) in signs and all(mine == theirs for mine, theirs in signs):
            found.append(other)
    return found


def style_signs(doc: Document, rng: Random) -> None:
    place, style = _signed_amount(doc), rng.choice(sorted(STYLES))
    amounts = doc.cells(place)
    for one in _alike(doc, place):
        for at, cell in doc.cells(one).items():
            if not is_zero(cell):
                need(at in amounts)
                amount = amounts[at]
                doc.rows[at][one] = STYLES[style](bare(cell), is_negative(cell), _is_spent(doc, amount))
    doc.changes.append(style)


def flip(doc: Document, _rng: Random) -> None:
    place = _signed_amount(doc)
    analysis = TableReader(doc.read.table, doc.mapping).analysis if doc.read.table else None
    chain = analysis.chain if analysis else None
    need(analysis and chain and chain.share == 1 and chain.count > 2 and chain.sign)
    alike = _alike(doc, place)
    need(analysis and doc.places[analysis.balance_at or 0] not in alike)  # the balance would say the opposite
    for one in alike:
        for at, cell in doc.cells(one).items():
            if not is_zero(cell):
                doc.rows[at][one] = bare(cell) if is_negative(cell) else f"-{bare(cell)}"


def split(doc: Document, rng: Random) -> None:
    place, pair = _signed_amount(doc), rng.choice(PAIRS)
    names = {*map(plain_header, doc.name_row)}
    need(names.isdisjoint(map(plain_header, pair)))
    need(not currency_named(doc.header[doc.mapping.columns[Column.AMOUNT]], ""))  # it would be lost
    spent = {at: _is_spent(doc, cell) for at, cell in doc.cells(place).items()}
    _without_signs(doc, place)
    for row in doc.table_rows:
        row[place : place + 1] = [row[place], ""]
    for at, is_spent in spent.items():
        if not is_spent:
            doc.rows[at][place : place + 2] = ["", doc.rows[at][place]]
    doc.name_row[place : place + 2] = pair
    _moved(doc, place, 1)
    doc.changes.append(pair[0])


def flag(doc: Document, rng: Random) -> None:
    place, (name, out, came) = _signed_amount(doc), rng.choice(FLAGS)
    need(plain_header(name) not in map(plain_header, doc.name_row))
    spent = {at: _is_spent(doc, cell) for at, cell in doc.cells(place).items() if not is_zero(cell)}
    _without_signs(doc, place)
    for row in doc.table_rows:
        row.insert(place + 1, "")
    for at, is_spent in spent.items():
        doc.rows[at][place + 1] = out if is_spent else came
    doc.name_row[place + 1] = name
    _moved(doc, place, 1)
    doc.changes.append(name)


def join(doc: Document, rng: Random) -> None:
    out, came, name = doc.place(Column.MONEY_OUT), doc.place(Column.MONEY_IN), rng.choice(AMOUNTS)
    need(not any(rank_role(one, "amount 1") for one in doc.name_row) and not doc.has_sections())
    spent, received = ({at: c for at, c in doc.cells(place).items() if not is_zero(c)} for place in (out, came))
    need(not spent.keys() & received.keys() and not any(map(is_negative, received.values())))
    need(len({*map(is_negative, spent.values())}) == 1)
    for at, cell in spent.items():
        doc.rows[at][out] = f"-{bare(cell)}"
    for at, cell in received.items():
        doc.rows[at][out] = bare(cell)
    doc.name_row[out] = name
    for row in doc.table_rows:
        del row[came]
    _moved(doc, came, -1)
    doc.changes.append(name)


def _without_signs(doc: Document, place: int) -> None:
    for one in _alike(doc, place):
        for at, cell in doc.cells(one).items():
            doc.rows[at][one] = bare(cell)


def _moved(doc: Document, place: int, by: int) -> None:
    """Note that the columns behind a place were moved."""
    doc.places = [one + by * (one > place) for one in doc.places]

"""Reads the rows of one table."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from classifier.categories import Kind
from expenses.statements import own_exports
from expenses.statements.cells import (
    CellError,
    category_named,
    check_currency,
    check_day,
    currency_of,
    day_of,
    money_of,
    title_and_note,
)
from expenses.statements.days import read_count, read_day, years_before
from expenses.statements.directions import Directions
from expenses.statements.header_words import is_balance_name, is_footer_name, is_footer_text
from expenses.statements.notation import (
    credit_or_debit,
    has_digits,
    is_negative,
    is_zero,
    says_no_money,
    without_minus,
)
from expenses.statements.roles import STATUSES, Roles
from expenses.statements.row_texts import note_of, states_balance, title_of, without_entities
from expenses.statements.statement import MONEY, Column, Entry, Mapping, Status
from expenses.statements.title_status import status_beside
from expenses.statements.tracker_categories import named_by_app
from expenses.statements.transfers import Transfers
from expenses.statements.vocabulary import is_exactly, says

# Text of this length in the column of days is a remark of the bank.
_REMARK = 25
_KINDS = {
    **dict.fromkeys(("moving", "neutral"), Kind.MOVED),
    **dict.fromkeys(("spending", "refunding", "out"), Kind.SPENT),
    "receiving": Kind.RECEIVED,
}

_HEADINGS = ("section out", "section in")

Row = Sequence[str]


class RowReader:
    """Reads the rows of one table. roles: its further columns. sample: some of its rows."""

    def __init__(
        self,
        header: Row,
        mapping: Mapping,
        roles: Roles,
        transfers: Transfers,
        sample: Sequence[Row],
        has_balance: bool = False,
    ) -> None:
        self.mapping, self.roles, self.at = mapping, roles, mapping.columns
        self.header, self.transfers = header, transfers
        names = [name.lower() for name in header] if own_exports.is_own_table(tuple(header)) else []
        self.own_at = {name: place for place, name in enumerate(names)}
        self.trash_at = self.own_at.get(own_exports.TRASH)
        self.money_at = [*(self.at[column] for column in MONEY if column in self.at), *(at for at, _ in roles.more)]
        days = [cell for row in sample if (cell := self.cell(row, Column.DATE))]
        self.counts_days = not any(read_day(cell, mapping.date_order) for cell in days)
        movements = [row for row in sample if tuple(row) != tuple(header) and not self.is_no_movement(row)]
        out = [cell for row in movements if not is_zero(cell := self.cell(row, Column.MONEY_OUT))]
        self.out_is_negative = bool(out) and all(map(is_negative, out))
        self.directions = Directions(header, movements, mapping.columns, mapping.sign, has_balance)
        if names:
            self.directions.only_signs()
        self.section_status, self.account = Status.BOOKED, ""

    def cell(self, row: Row, column: Column) -> str:
        at = self.at.get(column)
        return "" if at is None else row[at]

    def entries(self, line: int, row: Row, change: Decimal | None, below: str) -> list[Entry]:
        """Read one row: a movement, and its fees if it has any. Raises CellError if a cell is invalid.

        change: what came in by the running balance. below: text that continues the title.
        """
        fees = [at for at in self.roles.fees if not is_zero(row[at])]
        if fees and all(is_zero(row[at]) for at in self.money_at):
            entries, like = [], self._entry(line, row, change, below, row[fees[0]])
        else:
            like = self._entry(line, row, change, below)
            entries = [like]
        return [*entries, *(self._fee(like, at, self._money(row[at], like.currency)[0]) for at in fees)]

    def _fee(self, like: Entry, at: int, amount: Decimal) -> Entry:
        """Return the fee in the row of another entry. Its note is the column's name if there are several."""
        note = self.header[at] if len(self.roles.fees) > 1 else _("Fee")
        charged = amount * self.roles.fee_signs[at] if at in self.roles.fee_signs else abs(amount)
        return like._replace(amount=charged, note=note, kind=Kind.SPENT, category="", file_category="")

    def _entry(self, line: int, row: Row, change: Decimal | None, below: str, fee: str = "") -> Entry:
        day = self._day(row)
        currency = currency_of(self.cell(row, Column.CURRENCY), self.mapping.currency)
        amount, currency = self._money(without_minus(fee), currency) if fee else self.spent(row, currency, change)
        check_currency(currency, day)
        title = title_of(row, self.roles, received=amount < 0)
        note = self.cell(row, Column.NOTE) if self.own_at else note_of(row, self.roles, title, currency)
        title = f"{title} {below}".strip()
        if not self.own_at:
            title, note = without_entities(title), without_entities(note)
        title, note = title_and_note(title, note)
        named = self.cell(row, Column.CATEGORY)
        category = category_named(named)
        if self.own_at:
            base = self.own_at.get(own_exports.BASE_CATEGORY)
            category = own_exports.category_in(named, "" if base is None else row[base])
            return self._own_entry(Entry(line, day, title, amount, currency, category, note=note), row)
        is_transfer = self.transfers.is_transfer(row, (title, named, note))
        kind = Kind.MOVED.value if is_transfer else self._kind(row, amount)
        if not kind and self.roles.account is not None:
            kind, by_app = named_by_app(named, amount)
            category = by_app or category
        return Entry(
            *(line, day, title, amount, currency, category, False, note),
            kind=kind,
            status=self._status(row),
            account=row[self.roles.account] if self.roles.account is not None else self.account,
            file_category=named,
        )

    def _own_entry(self, entry: Entry, row: Row) -> Entry:
        """Complete an entry of FinBrain's own export."""
        names = ("reviewed", own_exports.ONE_OFF, "kind", "account")
        reviewed, one_off, kind, account = (row[self.own_at[name]] if name in self.own_at else "" for name in names)
        is_reviewed, is_one_off = (cell.lower() in own_exports.YES for cell in (reviewed, one_off))
        return own_exports.complete(entry._replace(reviewed=is_reviewed), kind, account, is_one_off)

    def _money(self, text: str, currency: str) -> tuple[Decimal, str]:
        return money_of(text, currency, self.mapping.decimal)

    def _day(self, row: Row) -> date:
        text = self.cell(row, Column.DATE)
        others = [row[place] for place in self.roles.days if row[place]] if not text else []
        text = others[0] if others else text
        counted = read_count(text) if self.counts_days else None
        day = counted or day_of(text, self.mapping.date_order)
        return check_day(years_before(day, self.mapping.years_back) if self.mapping.years_back else day, text)

    def spent(self, row: Row, currency: str, change: Decimal | None) -> tuple[Decimal, str]:
        """The row's amount and currency; positive for money spent, negative for money received."""
        if Column.AMOUNT in self.at:
            return self._one_amount(row, currency, change)
        out, came = (self.cell(row, column) for column in (Column.MONEY_OUT, Column.MONEY_IN))
        if not is_zero(out) and not is_zero(came):
            raise CellError(
                Column.MONEY_OUT,
                f"{out} / {came}",
                _("This row has both money out and money in. FinBrain needs exactly one of them."),
            )
        if is_zero(out) and not is_zero(came):
            amount, currency = money_of(came, currency, self.mapping.decimal, Column.MONEY_IN)
            return -abs(amount), currency
        amount, currency = money_of(out or came, currency, self.mapping.decimal, Column.MONEY_OUT)
        return -amount if self.out_is_negative else amount, currency

    def _one_amount(self, row: Row, currency: str, change: Decimal | None) -> tuple[Decimal, str]:
        text, _mark = credit_or_debit(self.cell(row, Column.AMOUNT))
        others = [(row[place], code) for place, code in self.roles.more if not is_zero(row[place])]
        if others and is_zero(text):
            text, currency = others[0]
            row = [*row[: self.at[Column.AMOUNT]], text, *row[self.at[Column.AMOUNT] + 1 :]]
        amount, currency = self._money(text, currency)
        is_spent = self.directions.is_spent(row, change)
        if is_spent is None:
            message = _("The row doesn't say whether this amount was spent or received.")
            raise CellError(Column.AMOUNT, self.directions.flag_cell(row), message)
        return abs(amount) if is_spent else -abs(amount), currency

    def _kind(self, row: Row, amount: Decimal) -> str:
        if self.directions.is_neither(row) or self.roles.say_moved(row):
            return Kind.MOVED
        for place in self.roles.kinds:
            meaning = next((one for one in _KINDS if row[place] and is_exactly(row[place], one)), "")
            kind = _KINDS.get(meaning)
            if meaning == "neutral" and self.directions.words_say(row) is False:
                continue
            if kind and not (kind == Kind.RECEIVED and amount > 0):
                return kind
        return ""

    def _status(self, row: Row) -> str:
        said = says(status := row[self.roles.status] if self.roles.status is not None else "", *STATUSES)
        if not said and is_exactly(status, "refunded") and self.directions.only_flag_says_spent(row):
            return Status.CANCELLED
        if not said and self.roles.titles:
            said = status_beside(row[self.roles.titles[0]])
        if not said and self.roles.say_pending(row):
            return Status.PENDING
        return Status(said) if said else self.section_status

    def note_heading(self, row: Row) -> None:
        """Remember the status or the direction that a heading between rows gives to the rows below it."""
        filled = [cell for cell in row if cell]
        if len(filled) != 1 or len(filled[0]) >= _REMARK * 2:
            return
        if said := says(filled[0], *STATUSES):
            self.section_status = Status(said)
        if is_exactly(filled[0], *_HEADINGS):
            self.directions.section_is_spent = is_exactly(filled[0], "section out")

    def is_no_movement(self, row: Row) -> bool:
        """Whether a row is a total, a balance or its correction, a heading, a remark, or in the trash of FinBrain.

        Totals and balances lack a date or an amount. A row with both is a balance only if that is exactly its title.
        """
        in_trash = self.trash_at is not None and row[self.trash_at]
        if in_trash or any(is_exactly(row[place], "adjusting") for place in self.roles.kinds):
            return True
        day = self.cell(row, Column.DATE)
        amounts = [row[place] for place in self.money_at if row[place] and not says_no_money(row[place])]
        titles = [place for place in self.roles.titles if place != self.at.get(Column.NOTE)]
        title = next((row[place] for place in titles if row[place]), "")
        if read_day(day, self.mapping.date_order) or read_count(day):
            if self.own_at:
                return False
            if is_balance_name(title) or (not title and self._says_balance(row)):
                return not amounts or all(map(has_digits, amounts))
            return not amounts and states_balance(row, title, day)
        if is_balance_name(title):
            return True
        filled = [cell for cell in row if cell]
        if not amounts and (len(filled) < 2 or not day or len(day) >= _REMARK):
            return True
        is_remark = len(day) >= _REMARK and not any(map(str.isdecimal, day))
        return is_remark or ((not day or is_footer_text(day)) and any(map(is_footer_text, (filled[0], title))))

    def _says_balance(self, row: Row) -> bool:
        """Whether a row without a title names a balance, or a total in its note."""
        return is_footer_name(self.cell(row, Column.NOTE)) or any(map(is_balance_name, row))

    def continuation(self, row: Row) -> str:
        """The text of a line that continues the movement above it; "" if it doesn't."""
        if self.cell(row, Column.DATE) or any(self.cell(row, column) for column in MONEY):
            return ""
        texts = [row[place] for place in dict.fromkeys((*self.roles.titles, *self.roles.notes)) if row[place]]
        is_other = len(texts) != sum(map(bool, row)) or any(map(is_footer_text, texts))
        return "" if is_other or is_exactly(texts[0], *_HEADINGS) else " ".join(texts)

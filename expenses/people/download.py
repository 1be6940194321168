"""Download of everything FinBrain stores about a person, as a ZIP file with CSV and JSON."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any

from bson import Decimal128, ObjectId
from django.db.models import BinaryField, Model
from django.utils.translation import gettext as _

from accounts.models import User
from classifier.categories import Kind
from classifier.models import Memory, MemoryState
from expenses.export.csv_and_json import BYTE_ORDER_MARK, csv_lines, in_pieces, json_list
from expenses.ledger.whole_ledger import ledger_models
from expenses.models import Expense, Fingerprint, MonthVersion, StoredSums
from expenses.models.kinds import stored_kind
from expenses.people.account_facts import account_facts, shared_rows
from expenses.people.ledger_settings import personal_ledger
from expenses.people.own_rates import write_rates
from finbrain.core.past_the_orm import LEDGER, collection, column_of
from finbrain.core.scratch import scratch_folder

_COLUMNS = {
    "id": "_id",
    "date": "spent_on",
    **{name: name for name in ("title", "amount", "currency", "category", "category_source", "confidence", "reviewed")},
    **{name: name for name in ("kind", "kind_source", "kind_confidence", "one_off", "account", "pair")},
    **{name: name for name in ("note", "own_rate", "own_rate_currency", "created_at", "updated_at", "deleted_at")},
    **{name: name for name in ("model_version", "alternatives", "import_batch", "rule", "shown_title")},
}
_LEARNED = ("title", "category", "counts", "kinds")
# Models that have a file of their own, or that are internal.
OF_NO_USE = (Expense, Memory, MemoryState, MonthVersion, StoredSums, Fingerprint)

_Row = Mapping[str, Any]


def write_archive(user: User) -> IO[bytes]:
    """Write the ZIP; returns it as an open file at its start, which is deleted when it is closed."""
    with scratch_folder() as folder:
        path = folder / "download.zip"
        _write_zip(path, user)
        return path.open("rb")


def _write_zip(path: Path, user: User) -> None:
    ledger = personal_ledger(user)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme())
        _write_csv_file(archive, "expenses.csv", _expense_rows(ledger.id))
        _write_json_file(archive, "expenses.json", _expense_rows(ledger.id))
        _write_json_file(archive, "account.json", [account_facts(user)])
        archive.writestr("rates.csv", write_rates(ledger.own_rates))
        _write_json_file(archive, "rules.json", [rule.to_stored() for rule in ledger.rules])
        _write_json_file(archive, "learned.json", _learned_rows(ledger.id))
        _write_json_file(archive, "shared.json", shared_rows(user))
        for model in ledger_models():
            if model not in OF_NO_USE:
                _write_json_file(archive, f"{model._meta.model_name}.json", _stored_rows(model, ledger.id))


def _readme() -> str:
    lines = (
        _("Everything FinBrain stores about you."),
        "",
        "expenses.csv, expenses.json: " + _("your expenses, including those in the trash (they have a deleted_at)"),
        "account.json: "
        + _("your name, email addresses, settings, rights, sessions and second steps, without secrets"),
        "rules.json: " + _("your rules, in their order"),
        "rates.csv: " + _("your exchange rates, which you can import in the settings"),
        "learned.json: " + _("the titles FinBrain has learned from you"),
        "shared.json: " + _("the corrections you shared that are still linked to you"),
        "importbatch.json: " + _("your imports: file names, states and counts"),
        "categorychange.json: " + _("categories you changed in the last week, as they were before"),
        "rulechange.json: " + _("expenses that your rules filed in the last week, as they were before"),
        "pair.json: " + _("movements between your accounts that FinBrain found in two imports"),
        "series.json: " + _("subscriptions, bills and income that come again, also those you dismissed"),
        "columnmapping.json: " + _("the columns you chose for each kind of statement"),
        "",
        _("In the CSV file, text that a spreadsheet would run as a formula starts with an apostrophe."),
    )
    return "\n".join(lines) + "\n"


def _expense_rows(ledger_id: ObjectId) -> Iterator[_Row]:
    """Yield the person's expenses, oldest first, with the names of COLUMNS. Income is positive, as in exports."""
    stored = collection(Expense)
    for row in stored.find({LEDGER: ledger_id}).sort([("spent_on", 1), ("_id", 1)]):
        values = {name: _plain_value(row.get(column), column) for name, column in _COLUMNS.items()}
        if stored_kind(row) == Kind.RECEIVED and isinstance(row.get("amount"), Decimal128):
            values["amount"] = _plain_value(Decimal128(-row["amount"].to_decimal()), "amount")
        yield values


def _learned_rows(ledger_id: ObjectId) -> Iterator[_Row]:
    for row in collection(Memory).find({LEDGER: ledger_id}):
        yield {name: row.get(name) for name in _LEARNED}


def _stored_rows(model: type[Model], ledger_id: ObjectId) -> Iterable[_Row]:
    """Read a model's documents as stored, without binary fields: they are packed files. Suits future models too."""
    column = column_of(model, "ledger_id")
    packed = [field.column for field in model._meta.fields if isinstance(field, BinaryField)]
    return collection(model).find({column: ledger_id}, dict.fromkeys((column, *packed), 0))


def _write_csv_file(archive: zipfile.ZipFile, name: str, rows: Iterable[_Row]) -> None:
    _write_lines(archive, name, chain([BYTE_ORDER_MARK], csv_lines(chain([_COLUMNS], (row.values() for row in rows)))))


def _write_json_file(archive: zipfile.ZipFile, name: str, rows: Iterable[_Row]) -> None:
    _write_lines(archive, name, chain(json_list(rows, _plain_value), ["\n"]))


def _write_lines(archive: zipfile.ZipFile, name: str, lines: Iterable[str]) -> None:
    """Write the lines in pieces, so that only some of them are in memory."""
    with archive.open(name, "w") as file:
        file.writelines(in_pieces(lines))


def _plain_value(value: Any, column: str = "") -> Any:
    """Convert a stored value for JSON and CSV. Amounts keep every digit; dates have no time."""
    if column == "spent_on" and isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, Decimal128):
        return str(value.to_decimal())
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)

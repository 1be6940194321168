"""`manage.py import_statement`: imports a file as the pages do, and can say as JSON what it read."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pymongo.errors import PyMongoError

from accounts.models import User
from expenses.importing.at_once import Outcome, Report, ReportedProblem, as_json, import_at_once
from expenses.importing.choices import ASKS
from expenses.importing.past import import_summary
from expenses.models.ledger import Ledger
from expenses.money import KNOWN
from expenses.people.ledger_settings import personal_ledger
from expenses.statements import MAX_BYTES, StatementError

_UNREADABLE, _UNDECIDED = 3, 4
_ANSWERS = [f"{name}:{which}" for name in ASKS for which in ("this", "other")]
_BAR = 30


def _a_currency(text: str) -> str:
    code = text.upper()
    if code not in KNOWN:
        raise ArgumentTypeError(f"{text!r} is not a currency. Write its code, like ILS")
    return code


class Command(BaseCommand):
    help = (
        "Import a statement for a person. Imports nothing while FinBrain can't tell how to read the file: then it says "
        "what is undecided and exits with 4. It exits with 3 if it can't read the file."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose ledger gets the entries")
        parser.add_argument("--dry-run", action="store_true", help="import nothing, only say what would be imported")
        parser.add_argument("--json", action="store_true", help="print all rows as JSON")
        parser.add_argument(
            "--currency", type=_a_currency, metavar="ILS", help="default currency, instead of the home currency"
        )
        parser.add_argument(
            "--answer", action="append", default=[], choices=_ANSWERS, metavar="sign:other",
            help="keep the reading of what is undecided (this), or use the other one; repeatable",
        )  # fmt: skip

    def handle(self, *args: Any, file: Path, user: str, currency: str | None, **options: Any) -> None:
        try:
            person = User.objects.get_by_natural_key(user)
            ledger = personal_ledger(person)
            self._import(replace(ledger, home_currency=currency or ledger.home_currency), file, options)
        except User.DoesNotExist:
            raise CommandError(f"Nobody has signed up as {user}. Check the email.") from None
        except OSError as error:
            raise CommandError(f"{file} can't be opened: {error.strerror}.") from None
        except PyMongoError as error:
            raise CommandError(f"The database doesn't answer: {error}") from None

    def _import(self, ledger: Ledger, file: Path, options: dict[str, Any]) -> None:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
        dry_run, answers = options["dry_run"], options["answer"]
        try:
            outcome = import_at_once(ledger, file.name, data, answers, self._draw, dry_run=dry_run)
        except StatementError as error:
            if options["json"]:
                problem: ReportedProblem = {"line": None, "column": None, "value": file.name, "reason": str(error)}
                self._print({"entries": [], "problems": [problem], "asks": [], "added": 0, "format": ""})
            raise CommandError(str(error), returncode=_UNREADABLE) from None
        if options["json"]:
            self._print(as_json(ledger, outcome, self._draw))
        else:
            self.stdout.write(f"{_would_do(outcome) if dry_run or outcome.asks else import_summary(outcome.batch)}.")
        if outcome.asks and not dry_run:
            raise CommandError(_undecided(outcome.asks), returncode=_UNDECIDED)

    def _print(self, found: Report) -> None:
        self.stdout.write(json.dumps(found))

    def _draw(self, done: int, total: int) -> None:
        """Draw the progress bar over the last one."""
        filled = _BAR * done // max(total, 1)
        end = "\n" if done >= total else ""
        self.stderr.write(f"\r[{'#' * filled:-<{_BAR}}] {done:,} of {total:,} rows", self.style.NOTICE, ending=end)


def _would_do(outcome: Outcome) -> str:
    counts = outcome.plan.counts
    named = {"new": "to import", "alike": "possible duplicates", "known": "already imported"}
    named |= {"unbooked": "pending or cancelled", "unreadable": "could not be read"}
    parts = [f"{counts[group]} {name}" for group, name in named.items() if counts.get(group)]
    parts += [f"undecided: {', '.join(outcome.asks)}"] if outcome.asks else []
    return ", ".join(parts) or "Nothing to import"


def _undecided(asks: tuple[str, ...]) -> str:
    answers = [name for name in asks if name in ASKS]
    how = f"Decide with --answer {answers[0]}:this or --answer {answers[0]}:other, or" if answers else "To decide,"
    return (
        f"Nothing was imported. FinBrain can't tell how to read: {', '.join(asks)}. {how} import the file on the page."
    )

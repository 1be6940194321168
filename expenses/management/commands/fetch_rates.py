"""`manage.py fetch_rates`: what a daily cron job or the scheduler calls."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from expenses.rates.updates import load_bundled_history, update_rates


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date. Write it like 2026-08-20") from None


class Command(BaseCommand):
    help = "Store the ECB history that comes with FinBrain, then fetch newer exchange rates from Frankfurter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=a_day, metavar="YYYY-MM-DD", help="fetch again from this day on")
        parser.add_argument("--offline", action="store_true", help="store the history only; no network")

    def handle(self, *args: Any, since: date | None, offline: bool, **options: Any) -> None:
        if offline:
            self.stdout.write(f"{load_bundled_history()} days stored from the ECB history")
            return
        result = update_rates(since)
        if result.error:
            raise CommandError(f"Frankfurter failed: {result.error}. The rates up to {result.newest} stay in use.")
        self.stdout.write(
            f"{result.days} days stored or changed, {result.held} rates set aside, {result.rejected} refused, "
            f"{result.disagreements} different from the ECB history. The newest day is {result.newest}."
        )

"""`manage.py fetch_rates`: what a daily cron job or the scheduler calls."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from expenses.ledger.order_values import fill_order_values
from expenses.money import EUR, KNOWN
from expenses.rates.other_updates import fetch_histories, update_others
from expenses.rates.updates import load_bundled_history, update_rates


def _a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date. Write it like 2026-08-20") from None


def _a_rated_currency(text: str) -> str:
    code = text.upper()
    if code not in KNOWN or code == EUR:
        raise ArgumentTypeError(f"{text!r} is not a currency with rates. Write its code, like UAH")
    return code


class Command(BaseCommand):
    help = "Store the ECB history that comes with FinBrain, then fetch newer exchange rates from Frankfurter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=_a_day, metavar="YYYY-MM-DD", help="fetch again from this day on")
        parser.add_argument(
            "--currency",
            action="append",
            type=_a_rated_currency,
            metavar="UAH",
            help="fetch its whole history; repeatable",
        )
        parser.add_argument("--accept-jumps", action="store_true", help="with --currency: use what was set aside")
        parser.add_argument("--offline", action="store_true", help="store the history only; no network")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["offline"]:
            self.stdout.write(f"{load_bundled_history()} days stored from the ECB history")
        elif options["currency"]:
            self._fetch_histories(options["currency"], options["accept_jumps"])
        else:
            self._fetch_newer(options["since"])

    def _fetch_histories(self, codes: list[str], accept_jumps: bool) -> None:
        result = fetch_histories(codes, accept_jumps=accept_jumps)
        if result.error:
            raise CommandError(f"Frankfurter failed: {result.error}. The stored rates stay in use.")
        if result.unknown:
            raise CommandError(f"Frankfurter doesn't know {', '.join(result.unknown)}.")
        fill_order_values(timezone.localdate())
        self.stdout.write(str(result))

    def _fetch_newer(self, since: date | None) -> None:
        result, others = update_rates(since), update_others()
        if result.error:
            raise CommandError(f"Frankfurter failed: {result.error}. The rates up to {result.newest} stay in use.")
        self.stdout.write(
            f"{result.days} days stored or changed, {result.held} rates set aside, {result.rejected} refused, "
            f"{result.disagreements} different from the ECB history. The newest day is {result.newest}."
        )
        if others.codes:
            self.stdout.write(str(others))
        if others.error:
            raise CommandError(f"Frankfurter failed for {', '.join(others.codes)}: {others.error}.")

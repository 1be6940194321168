import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from expenses.people.ledger_settings import personal_ledger
from expenses.recurring.listed import listed_series
from expenses.recurring.refreshing import refresh
from finbrain.core.locks import BusyError


class Command(BaseCommand):
    help = "Look through a person's entries for series, and print all series with the proposed ones."

    def add_arguments(self, parser):
        parser.add_argument("--user", required=True, metavar="EMAIL", help="the email address of the person")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args, user, **options):
        person = User.objects.filter(email__iexact=user).first()
        if person is None:
            raise CommandError(f"Nobody has the email address {user}.")
        ledger = personal_ledger(person)
        try:
            refresh(ledger.id, timezone.localdate())
        except BusyError:
            raise CommandError("FinBrain is looking through these entries already. Try again in a moment.") from None
        series = listed_series(ledger.id)
        if options["json"]:
            self.stdout.write(json.dumps({"series": series}, ensure_ascii=False))
            return
        for each in series:
            self.stdout.write("\t".join(map(str, each.values())))

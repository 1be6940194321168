"""Adds a sample person for development: `make seed` (ARGS="--expenses 50000").

Prints how to sign in. Running it again replaces the person and touches nobody else.
"""

import argparse
import os
import sys

import django

EMAIL = "sample@example.com"
MONTHS = 12


class NotHereError(RuntimeError):
    """Raised outside development, because the sample person's password is public."""


def _refuse_elsewhere() -> None:
    """Raise NotHereError outside development."""
    from django.conf import settings

    if settings.ENVIRONMENT != "development":
        raise NotHereError(f"The sample person is only for development, but FINBRAIN_ENV is {settings.ENVIRONMENT}.")


def add_sample(expenses: int) -> str:
    """Add the person with that many expenses over a year. Returns how to sign in; raises NotHereError."""
    from django.utils import timezone

    from accounts.models import User
    from benchmarks.seed import PASSWORD, seed_person
    from expenses.people.deletion import delete_people

    _refuse_elsewhere()
    delete_people(list(User.objects.filter(email=EMAIL)))
    seed_person(EMAIL, expenses, MONTHS, timezone.localdate())
    return f"{EMAIL} has {expenses:,} expenses. Password: {PASSWORD}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--expenses", type=int, default=1_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")
    django.setup()
    from finbrain.operations import prepare

    try:
        _refuse_elsewhere()
        prepare.migrate_database(lambda line: None)
        prepare.load_rates(lambda line: None)
        print(add_sample(options.expenses))
    except NotHereError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

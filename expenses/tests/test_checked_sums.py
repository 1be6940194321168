"""Every night, the sums that are kept are compared with those of the entries."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bson import Decimal128, ObjectId

from expenses.listing.list_page import match_of
from expenses.listing.list_query import ListQuery
from expenses.listing.totals import TotalsAsked, list_totals
from expenses.models import Expense, MonthVersion, month_key
from expenses.people.checked_sums import check_sums
from expenses.people.ledger_settings import personal_ledger, showing_ledger
from expenses.sums.month_tokens import all_tokens
from expenses.tests.making import make_expense
from finbrain.core.past_the_orm import collection

AUGUST = date(2026, 8, 1)


def test_the_nightly_check_mends_sums_of_all_time(alice, caplog):
    """Also of months that nobody wrote in the last day."""
    ledger, query, now = personal_ledger(alice), ListQuery(None), datetime.now(UTC)

    def total() -> Decimal:
        asked = TotalsAsked(ledger, query, match_of(ledger, query), "ILS", all_tokens(ledger.id))
        return list_totals(asked)[0].total

    with showing_ledger(ledger):
        old = make_expense(alice, spent_on=date(2026, 8, 3))
        token = str(ObjectId.from_datetime(now - timedelta(days=9)))
        collection(MonthVersion).update_one({"_id": month_key(alice.pk, AUGUST)}, {"$set": {"token": token}})
        make_expense(alice, spent_on=date(2026, 9, 3))
        assert total() == 116
        collection(Expense).update_one({"_id": old.pk}, {"$set": {"amount": Decimal128("8.00")}})
        assert total() == 116
        check_sums(now)
        assert "The sums of all time differ" in caplog.text
        assert total() == 66

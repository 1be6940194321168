"""Rates that the ECB doesn't publish: whose they are, how they are checked, and everything that may be wrong."""

import io
import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from expenses import rates
from expenses.models import CurrencyInUse, Expense, YearOfRates
from expenses.rates import ecb_history, frankfurter
from expenses.rates.in_use import want
from expenses.rates.other_updates import fetch_histories, fetch_new, update_others
from expenses.rates.updates import load_bundled_history
from expenses.tests import ecb, stand_in
from expenses.tests.making import make_expense
from expenses.tests.stand_in import StandIn, days
from finbrain.operations import jobs

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 16, 15, 0, tzinfo=UTC)
LAST = "2026-10-16"
FIRST = "2026-09-21"


@pytest.fixture(autouse=True)
def history(settings, monkeypatch, tmp_path):
    """The ECB's rates of a few weeks, and a client that doesn't wait between attempts."""
    settings.FRANKFURTER_URL = stand_in.URL
    monkeypatch.setattr(frankfurter, "PAUSES", ())
    ecb.use_history(monkeypatch, tmp_path, FIRST, LAST)
    load_bundled_history()
    rates.forget_rates()
    yield
    rates.forget_rates()
    ecb_history.forget_history()


@pytest.fixture
def service():
    """A national bank that quotes the hryvnia as its own, and another bank that quotes it, too."""
    service = StandIn(
        banks={"nbu": {"UAH": days(FIRST, 26)}, "cnb": {"UAH": days(FIRST, 26, "48.6"), "AED": days(FIRST, 26, "4.3")}},
        own={"nbu": "UAH", "cnb": "CZK"},
    )
    with stand_in.serving(service):
        yield service


def need(*codes):
    """Let somebody need these currencies at NOW."""
    want(codes)
    CurrencyInUse.objects.update(wanted_at=NOW, try_at=NOW)


def rate(code, day=LAST):
    rates.forget_rates()
    found = rates.rates_for([(ecb.day(day), code)]).rate(code, ecb.day(day))
    return found and (str(found.rate), str(found.day), found.source, found.kind)


def held(code="UAH", year=2026):
    return {day: quote[0] for day, quote in YearOfRates.objects.get(key=f"{code}:{year}").held.items()}


def test_the_central_banks_own_rate_comes_before_blended_ones(service):
    fetch_histories(["UAH"], NOW)
    assert rate("UAH") == ("48.75", LAST, "NBU", "published")
    assert rate("UAH", "2026-10-01") == ("48.6", "2026-10-01", "NBU", "published")


def test_without_a_bank_of_its_own_a_currency_has_blended_rates_with_their_members(service):
    service.banks["nbu"]["AED"] = days(FIRST, 26, "4.5")
    fetch_histories(["AED"], NOW)
    assert rate("AED") == ("4.65", LAST, "CNB,NBU", "blended")


def test_a_pegged_rate_has_no_members(service):
    service.pegged["BMD"] = days(FIRST, 26, "1.17")
    fetch_histories(["BMD"], NOW)
    assert rate("BMD")[2:] == ("", "pegged")


def test_the_ecb_comes_first_for_what_it_quotes(service):
    service.banks["cnb"]["ILS"] = days("1999-01-01", 30, "4.8") | days(FIRST, 26, "9.99")
    fetch_histories(["ILS"], NOW)
    assert rate("ILS") == (ecb.table()[LAST]["ILS"], LAST, "ecb-bundle", "published")
    assert rate("ILS", "1999-01-20") == ("4.99", "1999-01-20", "CNB", "blended")


@pytest.mark.parametrize(("code", "day", "digits"), [("DEM", "2001-05-05", "1.95583"), ("GRD", "2001-01-01", "340.75")])
def test_what_the_euro_replaced_has_the_rate_of_the_law_without_network(code, day, digits):
    found = rate(code, day)
    assert (Decimal(found[0]), found[2:]) == (Decimal(digits), ("EU", "pegged"))
    assert rate(code, "2002-06-01") is None


def test_a_currency_used_for_the_first_time_is_fetched_by_the_next_run(service):
    assert rate("UAH") is None
    assert [row.code for row in CurrencyInUse.objects.all()] == ["UAH"]
    assert rates.is_awaited("UAH")
    result = fetch_new()
    assert (result.codes, result.days, result.error) == (("UAH",), 26, "")
    assert rate("UAH")[0] == "48.75"
    assert not rates.is_awaited("UAH")
    assert fetch_new().codes == ()
    [job] = [job for job in jobs.JOBS if job.name == "currencies"]
    assert job.times == "* * * * *"


def test_the_job_values_what_was_stored_without_a_rate(service, alice):
    expense = make_expense(alice, amount="97.4", currency="UAH", spent_on=date(2026, 10, 15))
    assert expense.order_value is None
    assert "UAH: 26 rates" in jobs.fetch_new_currencies()
    assert abs(Expense.objects.get(pk=expense.pk).order_value - 2) < Decimal("0.01")
    assert jobs.fetch_new_currencies() == ""


def test_requests_grow_with_banks_and_never_with_days_currencies_or_people(service):
    many = ["AED", "ALL", "AMD", "AZN", "BAM", "BDT", "BHD", "BOB", "BYN", "CLP", "COP", "CRC"]
    need(*many, "UAH")
    fetch_new(NOW)
    kinds = [request.partition("?")[0] + ("+bank" if "providers=nbu" in request else "") for request in service.asked]
    assert kinds == ["/v2/providers", "/v2/rates", "/v2/rates", "/v2/rates+bank"]
    service.asked.clear()
    update_others(NOW + timedelta(days=1))
    assert len(service.asked) == 3
    service.asked.clear()
    update_others(NOW + timedelta(days=200))
    assert len(service.asked) == 3
    service.asked.clear()
    fetch_new(NOW)
    assert service.asked == []


def test_the_daily_job_asks_for_everything_once(service):
    service.ecb = ecb.between(FIRST, LAST)
    fetch_histories(["UAH", "AED"], NOW)
    service.asked.clear()
    with pytest.raises(jobs.TryAgainError, match="no rates for"):
        jobs.fetch_rates()
    assert len(service.asked) == 4, service.asked
    assert sum("quotes=UAH%2CAED" in request or "quotes=AED%2CUAH" in request for request in service.asked) == 1


def test_by_hand(service):
    out = io.StringIO()
    call_command("fetch_rates", "--currency", "uah", stdout=out)
    assert "UAH: 26 rates stored or changed" in out.getvalue()
    assert rate("UAH")[2] == "NBU"
    for refused in ("XAU", "EUR", "QQQ"):
        with pytest.raises(CommandError, match="is not a currency"):
            call_command("fetch_rates", "--currency", refused)


def test_gaps_at_the_borders_of_a_window_are_filled_by_the_next_one(service):
    complete = dict(service.banks["nbu"]["UAH"])
    for gone in (FIRST, "2026-10-15", LAST):
        service.banks["nbu"]["UAH"].pop(gone)
    fetch_histories(["UAH"], NOW)
    assert rate("UAH")[1] == "2026-10-14"
    service.banks["nbu"]["UAH"] = {**complete, **days("2026-10-17", 3, "48.76")}
    service.banks["nbu"]["UAH"].pop("2026-10-07")
    update_others(NOW + timedelta(days=3))
    assert rate("UAH")[1] == LAST
    assert rate("UAH", "2026-10-07")[1] == "2026-10-07", "a stored rate is not lost to a gap"


@pytest.mark.parametrize("units", [10, 100, 1000])
def test_a_rate_that_suddenly_counts_in_other_units_is_never_used(service, units, caplog):
    """Per 10, 100 or 1000 units, or redenominated under the old code: the next day doesn't confirm it."""
    del service.banks["cnb"]
    changed = {day: f"{float(digits) / units:.8g}" for day, digits in days("2026-10-10", 40, "48.7").items()}
    service.banks["nbu"]["UAH"] |= changed
    with caplog.at_level(logging.WARNING):
        fetch_histories(["UAH"], NOW)
    assert rate("UAH") == ("48.68", "2026-10-09", "NBU", "published")
    assert set(held()) == {day for day in changed if day <= LAST}
    assert "an unconfirmed jump: set aside" in caplog.text
    update_others(NOW + timedelta(days=30))
    assert len(YearOfRates.objects.get(key="UAH:2026").rates) == 19, "not after ten days either"


def test_a_true_change_of_a_thousand_to_one_counts_when_other_banks_confirm_it(service):
    for bank in service.banks.values():
        bank["UAH"] |= days("2026-10-10", 7, "0.0487", "0.00001")
    fetch_histories(["UAH"], NOW)
    assert rate("UAH")[0] == "0.04876"
    assert held() == {}


def test_an_operator_may_accept_what_was_set_aside(service):
    del service.banks["cnb"]
    service.banks["nbu"]["UAH"] |= days("2026-10-10", 7, "0.0487", "0.00001")
    fetch_histories(["UAH"], NOW)
    call_command("fetch_rates", "--currency", "UAH", "--accept-jumps", stdout=io.StringIO())
    assert rate("UAH")[0] == "0.04876"
    assert held() == {}


@pytest.mark.parametrize("wrong", ["nbu", "cnb"])
def test_a_bank_that_always_counted_in_other_units_makes_nobody_trusted(service, wrong, caplog):
    """The blend has the wrong rates in it, so it is no help either."""
    service.banks[wrong]["UAH"] = days(FIRST, 26, "4850", "1")
    with caplog.at_level(logging.WARNING):
        fetch_histories(["UAH"], NOW)
    assert "far from the blended rate, so neither is used" in caplog.text
    assert rate("UAH") is None
    assert "far apart" in CurrencyInUse.objects.get(code="UAH").outcome
    fetch_histories(["UAH"], NOW, accept_jumps=True)
    assert rate("UAH")[2:] == ("NBU", "published")


def test_a_service_that_lists_no_banks_still_has_blended_rates(service):
    service.missing = {"/v2/providers"}
    assert fetch_histories(["UAH"], NOW).error == ""
    assert rate("UAH")[2:] == ("CNB,NBU", "blended")


def test_stored_rates_that_are_damaged_are_missing(service):
    fetch_histories(["UAH"], NOW)
    year = YearOfRates.objects.get(key="UAH:2026")
    year.rates |= {LAST: ["x", "published", "NBU"], "2026-10-15": None, "2026-99-99": ["48", "published", "NBU"]}
    year.rates |= {"2026-10-14": ["0", "published", "NBU"], "2026-10-13": ["48.1", None, 7]}
    year.save()
    assert rate("UAH") == ("48.1", "2026-10-13", "", "")


def test_two_rates_of_a_day_are_both_left_out(service, caplog):
    del service.banks["nbu"]
    service.doubled = [{"date": LAST, "base": "EUR", "quote": "UAH", "digits": "52.5", "providers": ["CNB"]}]
    with caplog.at_level(logging.WARNING):
        fetch_histories(["UAH", "AED"], NOW)
    assert rate("UAH")[1] == "2026-10-15"
    assert rate("AED")[1] == LAST
    assert f"two rates of UAH for {LAST}" in caplog.text


@pytest.mark.parametrize("bad", ["0", "-48.5", "0.0"])
def test_zero_and_less_are_refused_and_the_last_good_rate_stays(service, bad, caplog):
    service.banks["nbu"]["UAH"][LAST] = bad
    with caplog.at_level(logging.WARNING):
        assert fetch_histories(["UAH"], NOW).rejected == 1
    assert rate("UAH")[1] == "2026-10-15"
    assert f"UAH of {LAST} is {bad}: refused" in caplog.text


@pytest.mark.parametrize("bad", ["NaN", "null", '"48.5"', "[]", "true", "Infinity"])
def test_what_is_no_number_changes_nothing(service, bad):
    fetch_histories(["UAH"], NOW)
    service.banks["nbu"]["UAH"] |= {"2026-10-17": bad}
    assert update_others(NOW + timedelta(days=1)).error
    assert rate("UAH")[0] == "48.75"


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_a_service_that_fails_changes_nothing_and_is_asked_again_later(service, status, caplog):
    need("UAH")
    service.failing = status
    with caplog.at_level(logging.WARNING):
        assert fetch_new(NOW).error == f"status {status}"
    assert "Frankfurter failed" in caplog.text
    assert fetch_new(NOW + timedelta(minutes=4)).codes == ()
    assert fetch_new(NOW + timedelta(minutes=6)).codes == ("UAH",)
    assert fetch_new(NOW + timedelta(minutes=20)).codes == ()
    service.failing = None
    assert fetch_new(NOW + timedelta(minutes=60)).error == ""
    assert rate("UAH")[0] == "48.75"


def test_a_bank_that_vanishes_is_replaced_by_the_others_after_ten_days(service):
    fetch_histories(["UAH"], NOW)
    service.ended["nbu"] = LAST
    service.banks["cnb"]["UAH"] |= days("2026-10-17", 60, "48.9")
    update_others(NOW + timedelta(days=9))
    stored = YearOfRates.objects.get(key="UAH:2026").rates
    assert max(stored) == LAST
    update_others(NOW + timedelta(days=50))
    stored = YearOfRates.objects.get(key="UAH:2026").rates
    assert stored[LAST] == ["48.75", "published", "NBU"], "what the bank published stays"
    assert "2026-10-26" not in stored
    assert stored["2026-10-27"][1:] == ["blended", "CNB"]


def test_a_bank_that_the_service_drops_is_no_failure(service, caplog):
    fetch_histories(["UAH"], NOW)
    del service.banks["nbu"]
    service.own.pop("nbu")
    assert update_others(NOW + timedelta(days=1)).error == ""
    assert rate("UAH")[2:] == ("NBU", "published")


def test_a_jump_of_a_blend_that_changed_its_members_waits_for_ten_days(service):
    del service.banks["nbu"]
    for day in days("2026-09-30", 17):
        del service.banks["cnb"]["UAH"][day]
    service.banks["new"] = {"UAH": days("2026-09-30", 17, "70")}
    fetch_histories(["UAH"], NOW)
    assert min(held()) == "2026-09-30"
    assert rate("UAH", "2026-10-05") == ("48.68", "2026-09-29", "CNB", "blended")
    assert rate("UAH")[0] == "70.16"


def test_a_jump_of_a_blend_with_the_same_members_counts_when_the_next_day_confirms_it(service):
    del service.banks["nbu"]
    service.banks["cnb"]["UAH"] |= days("2026-10-10", 7, "70")
    fetch_histories(["UAH"], NOW)
    assert held() == {}
    assert rate("UAH")[0] == "70.06"


def test_a_false_jump_of_one_day_is_set_aside(service):
    service.banks["nbu"]["UAH"]["2026-10-10"] = "70.5"
    fetch_histories(["UAH"], NOW)
    assert held() == {"2026-10-10": "70.5"}
    assert rate("UAH", "2026-10-10")[1] == "2026-10-09"


def test_banks_that_disagree_a_little_are_counted_and_the_own_bank_wins(service, caplog):
    service.banks["cnb"]["UAH"] = days(FIRST, 26, "55")
    with caplog.at_level(logging.WARNING):
        assert fetch_histories(["UAH"], NOW).apart == 26
    assert "UAH differs from the blended rate on 26 of 26 days" in caplog.text
    assert rate("UAH")[2] == "NBU"


def test_a_code_that_the_service_does_not_know_spoils_no_other(service):
    service.unknown = {"KPW"}
    result = fetch_histories(["KPW", "AED"], NOW)
    assert (result.unknown, result.error) == (["KPW"], "")
    assert rate("AED")[1] == LAST
    assert not rates.is_awaited("KPW"), "nobody will fetch it within a minute"
    service.asked.clear()
    update_others(NOW + timedelta(days=1))
    assert not any("KPW" in request for request in service.asked)
    with pytest.raises(CommandError, match="doesn't know KPW"):
        call_command("fetch_rates", "--currency", "KPW")


def test_a_retired_code_has_rates_only_up_to_its_end(service):
    service.banks["cnb"]["VEF"] = days("2018-08-01", 60, "4.2")
    fetch_histories(["VEF"], NOW)
    assert rate("VEF", "2018-08-19")[1] == "2018-08-19"
    assert rate("VEF", "2018-09-10") is None
    assert rate("VEF") is None


def test_another_base_is_refused(service):
    service.doubled = [{"date": LAST, "base": "USD", "quote": "UAH", "digits": "41.5", "providers": ["CNB"]}]
    assert "not based on the euro" in fetch_histories(["UAH"], NOW).error
    assert rate("UAH") is None


def test_a_chain_without_rates_is_a_missing_rate(service):
    fetch_histories(["UAH"], NOW)
    day = ecb.day(LAST)
    book = rates.rates_for([(day, "UAH"), (day, "AED")])
    assert book.convert(Decimal(10), "UAH", "AED", day) is None
    made = book.convert(Decimal("48.75"), "UAH", "USD", day)
    assert made.amount == Decimal(ecb.table()[LAST]["USD"])
    assert made.origins == (("NBU", "published"), ("ecb-bundle", "published"))

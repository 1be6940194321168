"""`manage.py fetch_rates`: rates it stores, rates it sets aside, and a service that fails without doing damage."""

import io
import logging
from datetime import timedelta
from decimal import Decimal

import pytest
import requests
import responses
from django.core.management import CommandError, call_command

from expenses import rates
from expenses.models import Rate
from expenses.rates import ecb_history, frankfurter
from expenses.rates import updates as rate_updates
from expenses.rates.updates import load_bundled_history, update_rates
from expenses.tests import ecb

pytestmark = pytest.mark.django_db

V2 = "https://rates.example.com/v2/rates"
BUNDLE = ("2026-09-21", "2026-10-09")
NEWER = ecb.between("2026-09-21", "2026-10-16")
LAST = "2026-10-16"
GOOD = ecb.v2_body(NEWER)


@pytest.fixture(autouse=True)
def history(settings, monkeypatch, tmp_path):
    """A bundled history of three weeks, and a client that does not wait between attempts."""
    settings.FRANKFURTER_URL = "https://rates.example.com"
    monkeypatch.setattr(frankfurter, "PAUSES", ())
    ecb.use_history(monkeypatch, tmp_path, *BUNDLE)
    rates.forget_rates()
    yield
    rates.forget_rates()
    ecb_history.forget_history()


@pytest.fixture
def service():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def stored():
    return {str(row.day): row for row in Rate.objects.all()}


def serve(service, days):
    service.upsert("GET", V2, body=ecb.v2_body(days))


def rate_of(code, day):
    return rates.rates_for([(ecb.day(day), code)]).rate(code, ecb.day(day))


def test_the_bundled_history_is_stored_once():
    assert load_bundled_history() == len(ecb.between(*BUNDLE))
    assert load_bundled_history() == 0
    rows = stored()
    assert {day: row.rates for day, row in rows.items()} == ecb.between(*BUNDLE)
    assert {row.source for row in rows.values()} == {"ecb-bundle"}


def test_a_load_that_was_interrupted_is_completed():
    load_bundled_history()
    Rate.objects.filter(day__lt=ecb.day("2026-09-25")).delete()
    Rate.objects.filter(day=ecb.day("2026-10-07")).delete()
    assert load_bundled_history() == 5
    assert {day: row.rates for day, row in stored().items()} == ecb.between(*BUNDLE)


def test_a_newer_package_brings_newer_days(monkeypatch, tmp_path):
    load_bundled_history()
    ecb.use_history(monkeypatch, tmp_path, BUNDLE[0], LAST)
    assert load_bundled_history() == 5
    assert list(stored()) == list(reversed(NEWER))


def test_offline_stores_the_history_without_network():
    out = io.StringIO()
    with responses.RequestsMock():
        call_command("fetch_rates", offline=True, stdout=out)
    assert "15 days stored" in out.getvalue()


def test_newer_days_come_from_frankfurter_in_one_request_and_the_source_is_kept(service):
    service.get(V2, body=GOOD)
    out = io.StringIO()
    call_command("fetch_rates", stdout=out)
    assert len(service.calls) == 1
    rows = stored()
    assert {day: row.rates for day, row in rows.items()} == NEWER
    assert {day for day, row in rows.items() if row.source == "frankfurter"} == set(ecb.between("2026-10-12", LAST))
    assert "5 days stored or changed, 0 rates set aside" in out.getvalue()
    assert rate_of("ILS", LAST) == (Decimal(NEWER[LAST]["ILS"]), ecb.day(LAST), "frankfurter", "published")


def test_since_reaches_back(service):
    service.get(V2, body=GOOD)
    call_command("fetch_rates", "--since", "2026-01-15", stdout=io.StringIO())
    assert service.calls[0].request.params["from"] == "2026-01-05"


def test_a_since_that_is_no_day_is_said(service):
    with pytest.raises(CommandError, match="'2026-13-01' is not a date"):
        call_command("fetch_rates", "--since=2026-13-01")


def test_a_later_since_leaves_no_gap(service):
    service.get(V2, body=GOOD)
    update_rates(since=ecb.day("2026-10-14"))
    assert service.calls[0].request.params["from"] == "2026-09-29"


def test_fetching_again_changes_nothing(service):
    service.get(V2, body=GOOD)
    update_rates()
    assert update_rates().days == 0


FAILURES = {
    "down": {"body": requests.ConnectionError("refused")},
    "slow": {"body": requests.ReadTimeout("slow")},
    "status 500": {"status": 500, "body": "oops"},
    "HTML": {"body": "<!doctype html><title>Maintenance</title>"},
    "empty body": {"body": ""},
    "truncated": {"body": GOOD[:-40]},
    "blend of banks": {"body": ecb.v2_body({day: dict.fromkeys(row, "1.07") for day, row in NEWER.items()})},
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_a_failing_service_changes_nothing_and_the_log_says_so(service, failure, caplog):
    load_bundled_history()
    before = {day: (row.rates, row.held, row.source) for day, row in stored().items()}
    service.get(V2, **failure)
    with caplog.at_level(logging.WARNING), pytest.raises(CommandError, match="up to 2026-10-09 stay in use"):
        call_command("fetch_rates")
    assert {day: (row.rates, row.held, row.source) for day, row in stored().items()} == before
    assert any("Frankfurter failed" in record.getMessage() for record in caplog.records)
    assert rate_of("ILS", LAST) == (
        Decimal(NEWER["2026-10-09"]["ILS"]),
        ecb.day("2026-10-09"),
        "ecb-bundle",
        "published",
    )


@pytest.mark.parametrize("bad", ["0", "-3.9", "0.0"])
def test_a_rate_of_zero_or_below_is_refused_and_the_rest_of_the_day_is_used(service, bad, caplog):
    serve(service, ecb.altered(NEWER, LAST, ILS=bad))
    with caplog.at_level(logging.WARNING):
        assert update_rates().rejected == 1
    row = stored()[LAST]
    assert "ILS" not in row.rates
    assert row.rates["USD"] == NEWER[LAST]["USD"]
    assert any(f"ILS of {LAST}" in record.getMessage() for record in caplog.records)
    assert rate_of("ILS", LAST).day == ecb.day("2026-10-15")


def test_a_good_rate_is_not_lost_to_a_bad_one(service):
    serve(service, NEWER)
    update_rates()
    serve(service, ecb.altered(NEWER, LAST, ILS="0"))
    update_rates()
    assert stored()[LAST].rates == NEWER[LAST]


def test_rates_of_the_running_day_may_change(service):
    serve(service, ecb.altered(NEWER, LAST, ILS="3.5001"))
    update_rates()
    assert rate_of("ILS", LAST).rate == Decimal("3.5001")
    serve(service, NEWER)
    assert update_rates().days == 1
    assert rate_of("ILS", LAST).rate == Decimal(NEWER[LAST]["ILS"])


def test_a_false_jump_is_set_aside_and_never_used(service, caplog):
    slip = ecb.altered(NEWER, "2026-10-14", ILS="35.9")
    serve(service, {day: row for day, row in slip.items() if day <= "2026-10-14"})
    with caplog.at_level(logging.WARNING):
        assert update_rates().held == 1
    assert any("set aside" in record.getMessage() for record in caplog.records)
    assert rate_of("ILS", "2026-10-14").day == ecb.day("2026-10-13")
    serve(service, slip)
    update_rates()
    row = stored()["2026-10-14"]
    assert row.held == {"ILS": "35.9"}
    assert "ILS" not in row.rates
    assert rate_of("ILS", LAST).rate == Decimal(NEWER[LAST]["ILS"])


JUMP = ecb.between("2001-02-12", "2001-02-23")


@pytest.fixture
def before_the_jump(monkeypatch, tmp_path):
    """The days before 2001-02-22, when the Turkish lira fell by 68 %. Frankfurter delivers that day."""
    ecb.use_history(monkeypatch, tmp_path, "2001-02-12", "2001-02-21")


@pytest.mark.usefixtures("before_the_jump")
def test_a_true_jump_counts_when_the_next_day_confirms_it(service):
    serve(service, {day: row for day, row in JUMP.items() if day <= "2001-02-22"})
    assert update_rates(today=ecb.day("2001-02-22")).held == 1
    assert stored()["2001-02-22"].held == {"TRL": "1050000"}
    assert rate_of("TRL", "2001-02-22").rate == 624367
    serve(service, JUMP)
    assert update_rates(today=ecb.day("2001-02-23")).held == 0
    assert stored()["2001-02-22"].held == {}
    assert rate_of("TRL", "2001-02-22").rate == 1050000


@pytest.mark.usefixtures("before_the_jump")
def test_a_true_jump_counts_when_the_other_source_confirms_it(service, monkeypatch, tmp_path):
    serve(service, {day: row for day, row in JUMP.items() if day <= "2001-02-22"})
    update_rates(today=ecb.day("2001-02-22"))
    ecb.use_history(monkeypatch, tmp_path, "2001-02-12", "2001-02-22")
    assert load_bundled_history() == 1
    row = stored()["2001-02-22"]
    assert (row.rates["TRL"], row.held, row.source) == ("1050000", {}, "ecb-bundle")


def test_a_jump_in_the_history_is_confirmed_by_frankfurter(service, monkeypatch, tmp_path):
    ecb.use_history(monkeypatch, tmp_path, "2001-02-12", "2001-02-22")
    load_bundled_history()
    assert stored()["2001-02-22"].held == {"TRL": "1050000"}
    serve(service, ecb.altered({d: row for d, row in JUMP.items() if d <= "2001-02-22"}, "2001-02-22", TRL="624400"))
    update_rates(today=ecb.day("2001-02-22"))
    assert stored()["2001-02-22"].held == {"TRL": "1050000"}, "the other source says something else"
    serve(service, {day: row for day, row in JUMP.items() if day <= "2001-02-22"})
    update_rates(today=ecb.day("2001-02-22"))
    row = stored()["2001-02-22"]
    assert (row.rates["TRL"], row.held, row.source) == ("1050000", {}, "ecb-bundle")


def test_where_the_sources_differ_the_ecbs_own_file_wins_and_the_log_says_so(service, caplog):
    serve(service, ecb.altered(NEWER, "2026-10-08", ILS="3.6"))
    with caplog.at_level(logging.WARNING):
        assert update_rates().disagreements == 1
    assert stored()["2026-10-08"].rates == NEWER["2026-10-08"]
    assert any("ILS of 2026-10-08 is 3.6" in record.getMessage() for record in caplog.records)


def test_a_newer_package_corrects_what_frankfurter_said(service, monkeypatch, tmp_path, caplog):
    serve(service, ecb.altered(NEWER, "2026-10-13", ILS="3.6"))
    update_rates()
    ecb.use_history(monkeypatch, tmp_path, BUNDLE[0], LAST)
    with caplog.at_level(logging.WARNING):
        load_bundled_history()
    row = stored()["2026-10-13"]
    assert (row.rates, row.source) == (NEWER["2026-10-13"], "ecb-bundle")
    assert any("ILS of 2026-10-13" in record.getMessage() for record in caplog.records)


def test_other_processes_hear_of_new_rates(service, monkeypatch):
    load_bundled_history()
    assert rate_of("ILS", LAST).day == ecb.day("2026-10-09")
    remembered = dict(vars(rates.rate_series._memory))
    serve(service, NEWER)
    update_rates()
    vars(rates.rate_series._memory).update(remembered)  # what another process would still have cached
    assert rate_of("ILS", LAST).day == ecb.day("2026-10-09")
    monkeypatch.setattr(rates.rate_series, "STATE_SECONDS", 0)
    assert rate_of("ILS", LAST).day == ecb.day(LAST)


def test_two_processes_may_load_at_once(monkeypatch):
    real_write = rate_updates._write

    def raced(documents):
        real_write(documents[:4])
        real_write(documents)

    monkeypatch.setattr(rate_updates, "_write", raced)
    load_bundled_history()
    assert {day: row.rates for day, row in stored().items()} == ecb.between(*BUNDLE)


def test_the_end_of_the_history_is_asked_again_to_compare_the_sources(service):
    serve(service, NEWER)
    update_rates()
    update_rates()
    assert ecb.day(service.calls[1].request.params["from"]) == ecb.day(BUNDLE[1]) - timedelta(days=10)

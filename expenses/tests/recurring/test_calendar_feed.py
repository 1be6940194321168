"""The calendar feed: a valid calendar at a secret address, which can be replaced and turned off."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import vobject
from django.utils import timezone

from accounts.models import User
from conftest import PASSWORD
from expenses.models import Series
from expenses.people.calendar_address import address_of
from expenses.people.deletion import delete_person
from expenses.recurring import feed
from finbrain.core.past_the_orm import collection

pytestmark = pytest.mark.django_db
PAGE = "/expenses/recurring/calendar/"


def make_series(person, name="Netflix", **changes) -> Series:
    about = {"next_on": timezone.localdate(), "low": Decimal("17.99"), "high": Decimal("17.99"), "currency": "EUR"}
    return Series.objects.create(ledger_id=person.pk, name=name, **{"state": "kept", **about, **changes})


def path_of(person) -> str:
    """The path of a person's current address, "" if there is none."""
    return address_of(User.objects.get(pk=person.pk)).removeprefix("http://localhost:8000")


@pytest.fixture
def url(client_alice, alice) -> str:
    assert client_alice.post(PAGE, {"action": "make"}).status_code == 302
    return path_of(alice)


def events(answer) -> list:
    """The events of a feed, read and checked by a second library."""
    calendar = vobject.readOne(answer.content.decode())
    assert calendar.validate(raiseException=True)
    return [*calendar.contents.get("vevent", [])]


class TestCalendar:
    def test_an_event_for_each_day_that_something_kept_is_due(self, url, client, alice):
        series = make_series(alice)
        for number, state in enumerate(("proposed", "paused", "ended", "dismissed")):
            make_series(alice, f"Other {number}", state=state)
        found = events(client.get(url))
        today = timezone.localdate()
        days = [each.dtstart.value for each in found]
        assert days[0] == today
        assert all(isinstance(day, date) for day in days)
        assert len(days) in (13, 14)
        assert days == sorted(days)
        assert today + timedelta(days=365) < days[-1] <= today + feed.AHEAD
        assert {each.summary.value for each in found} == {"Netflix"}
        assert {each.transp.value for each in found} == {"TRANSPARENT"}
        assert found[0].url.value == f"http://localhost:8000/expenses/recurring/{series.pk}/"

    def test_what_is_late_stays_on_its_day(self, url, client, alice):
        due = timezone.localdate() - timedelta(days=3)
        make_series(alice, next_on=due)
        assert events(client.get(url))[0].dtstart.value == due

    def test_an_event_keeps_its_uid(self, url, client, alice):
        series = make_series(alice)
        before = {each.dtstart.value: each.uid.value for each in events(client.get(url))}
        assert len(set(before.values())) == len(before)
        Series.objects.filter(pk=series.pk).update(name="Netflix 4K", high=Decimal(30))
        assert {each.dtstart.value: each.uid.value for each in events(client.get(url))} == before

    def test_amounts_only_if_the_person_wants_them(self, url, client, client_alice, alice):
        make_series(alice)
        make_series(alice, "Power", low=Decimal(80), high=Decimal(95))
        assert b"17.99" not in client.get(url).content
        client_alice.post(PAGE, {"action": "save", "calendar_amounts": "on"})
        assert path_of(alice) == url
        assert {each.summary.value for each in events(client.get(url))} == {
            "Netflix, €17.99",
            "Power, €80.00 – €95.00",
        }

    @pytest.mark.parametrize(
        "name", ["Rent, flat; 2\\3", "BEGIN:VEVENT", "Zwölf Boxkämpfer 🥊 " * 12, "חשמל ומים", "two\nlines", "a" * 200]
    )
    def test_any_name_is_escaped_and_folded(self, url, client, alice, name):
        make_series(alice, name)
        answer = client.get(url)
        assert {each.summary.value for each in events(answer)} == {name}
        lines = answer.content.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert not any(b"\n" in line for line in lines)

    def test_in_the_persons_language(self, url, client, alice):
        User.objects.filter(pk=alice.pk).update(language="he")
        make_series(alice)
        text = client.get(url, headers={"Accept-Language": "en"}).content.decode()
        assert "כל חודש" in text

    def test_no_series_is_an_empty_calendar(self, url, client):
        assert events(client.get(url)) == []

    def test_today_is_that_of_the_person(self, url, client, alice, monkeypatch):
        asked = []

        def localdate(value=None, timezone=None) -> date:
            asked.append(str(timezone))
            return date(2026, 9, 1)

        monkeypatch.setattr(timezone, "localdate", localdate)
        User.objects.filter(pk=alice.pk).update(time_zone="Pacific/Auckland")
        client.get(url)
        assert asked == ["Pacific/Auckland"]


class TestAnswer:
    def test_headers(self, url, client, alice):
        make_series(alice)
        answer = client.get(url)
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert re.fullmatch(r"private, max-age=\d+", answer["Cache-Control"])
        again = client.get(url, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        make_series(alice, "Spotify")
        assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 200
        head = client.head(url)
        assert (head.status_code, head.content) == (200, b"")
        assert client.post(url).status_code == 405

    def test_no_session_and_few_round_trips(self, url, client, alice, count_db, count_cache):
        for number in range(3):
            make_series(alice, f"Series {number}")
        with count_db() as calls, count_cache() as cached:
            answer = client.get(url)
        assert calls.names == ["aggregate accounts_user", "find expenses_series"]
        assert len(cached) == 1, "the limit"
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")

    def test_a_limit(self, url, client, client_bob, bob, settings, one_minute):
        settings.RATE_LIMITS = settings.RATE_LIMITS | {"calendar": 2}
        client_bob.post(PAGE, {"action": "make"})
        assert [client.get(url).status_code for _ in range(3)] == [200, 200, 429]
        assert client.get(path_of(bob)).status_code == 200, "each feed has its own"


class TestAddress:
    def test_it_is_shown_and_can_be_copied(self, url, client_alice):
        page = client_alice.get(PAGE).content.decode()
        assert f"http://localhost:8000{url}</code>" in page
        assert "data-copy" in page

    def test_there_is_none_until_somebody_makes_one(self, client_alice, alice):
        assert "Make an address" in client_alice.get(PAGE).content.decode()
        assert path_of(alice) == ""

    def test_a_replaced_one_is_unknown(self, url, client, client_alice, alice):
        client_alice.post(PAGE, {"action": "make"})
        new = path_of(alice)
        assert new != url
        assert (client.get(url).status_code, client.get(new).status_code) == (404, 200)

    def test_one_that_was_turned_off_is_unknown(self, url, client, client_alice, alice):
        client_alice.post(PAGE, {"action": "off"})
        answer = client.get(url)
        assert answer.status_code == 404
        assert not answer.cookies
        assert "Make an address" in client_alice.get(PAGE).content.decode()

    @pytest.mark.parametrize(
        "change", [lambda url: url.replace(".ics", "x.ics"), lambda url: url[:60] + "A" + url[61:]]
    )
    def test_a_forged_one_is_unknown(self, url, client, change):
        assert client.get(change(url)).status_code == 404

    @pytest.mark.parametrize("token", ["x", "a.b", "W10.x", "%00", "é", "." * 500])
    def test_any_token(self, client, token):
        assert client.get(f"{PAGE}{token}.ics").status_code == 404

    def test_the_database_alone_does_not_tell_it(self, url, alice):
        stored = str(collection(User).find_one({"_id": alice.pk}))
        assert url.removeprefix(PAGE).removesuffix(".ics").split(".")[-1] not in stored

    def test_it_outlives_the_password_and_ends_with_the_account(self, url, client, alice):
        person = User.objects.get(pk=alice.pk)
        person.set_password(f"{PASSWORD} or another")
        person.save()
        assert client.get(url).status_code == 200
        User.objects.filter(pk=alice.pk).update(is_active=False)
        assert client.get(url).status_code == 404
        delete_person(person)
        assert client.get(url).status_code == 404

    def test_it_is_of_the_person_who_is_signed_in(self, url, client_bob, alice, bob):
        client_bob.post(PAGE, {"action": "off"})
        assert path_of(alice) == url
        assert client_bob.post(PAGE, {"action": "?"}).status_code == 400
        assert path_of(bob) == ""

    def test_an_account_of_an_earlier_release_has_none(self, url, client, client_alice, alice):
        collection(User).update_one({"_id": alice.pk}, {"$unset": {"calendar_key": "", "calendar_amounts": ""}})
        assert client.get(url).status_code == 404
        assert "Make an address" in client_alice.get(PAGE).content.decode()

"""The site in Hebrew, chosen by the browser, by the language cookie, or in the settings."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from classifier.categories import Category
from expenses.tests.making import make_expense, make_expenses
from expenses.tests.spending import Spent

RIGHT_TO_LEFT = '<html lang="he" dir="rtl"'
LEFT_TO_RIGHT = '<html lang="en" dir="ltr"'
CATEGORIES = ["אוכל ושתייה", "דיור וחשבונות", "תחבורה", "לימודים והתפתחות", "בריאות וחיוניים", "פנאי ומתנות", "אחר"]


@pytest.fixture
def hebrew(alice, client_alice) -> Client:
    """Alice's client, with Hebrew chosen in her settings."""
    alice.language = "he"
    alice.save()
    return client_alice


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", ["לדעת לאן הולך הכסף", "לנסות את ההדגמה"]),
        ("/accounts/login/", ["טוב לראות אותך שוב", "סיסמה", "כניסה עם מפתח גישה"]),
        ("/accounts/signup/", ["פתיחת חשבון", "שם פרטי"]),
        ("/accounts/password/reset/", ["לשלוח קישור"]),
    ],
)
def test_for_visitors(db, address, words):
    by_browser = page(Client(headers={"accept-language": "he-IL,he;q=0.9,en;q=0.8"}), address)
    cookie = Client(headers={"accept-language": "en"})
    cookie.cookies[settings.LANGUAGE_COOKIE_NAME] = "he"
    for text in (by_browser, page(cookie, address)):
        assert RIGHT_TO_LEFT in text
        assert all(word in text for word in words)
    assert LEFT_TO_RIGHT in page(Client(headers={"accept-language": "en"}), address)


def test_the_name_in_the_menu_runs_in_its_own_direction(hebrew):
    assert '<bdi class="account-name truncate">Alice</bdi>' in page(hebrew, "/expenses/")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/expenses/?month=all", ["הוצאות", "על מה שילמת?", "תחבורה", "‏58.00\xa0‏₪"]),
        ("/dashboard/?month=2026-08", ["תמונת מצב", "אוגוסט 2026", "לפי קטגוריה", "הכול הלך על תחבורה"]),
        ("/expenses/inbox/", ["לבדיקה", "הכול נבדק"]),
        ("/expenses/trash/", ["סל מחזור"]),
        ("/accounts/settings/", ["הגדרות", "מטבע הבית", "הנתונים שלך"]),
    ],
)
def test_for_who_chose_it(hebrew, alice, address, words):
    make_expense(alice)
    text = page(hebrew, address)
    assert RIGHT_TO_LEFT in text
    assert [word for word in words if word not in text] == []


def test_the_choice_in_the_settings_is_followed(client_alice):
    assert LEFT_TO_RIGHT in page(client_alice, "/expenses/")
    choice = {"section": "preferences", "home_currency": "ILS", "language": "he", "theme": "auto"}
    assert client_alice.post("/accounts/settings/", choice).status_code == 302
    assert RIGHT_TO_LEFT in page(client_alice, "/expenses/")


def test_what_is_wrong_with_a_form_is_told_in_hebrew(db):
    client = Client(headers={"accept-language": "he"})
    answer = client.post("/accounts/signup/", {"email": "dana", "password1": "abc", "password2": "abcd"})
    told = [unescape(text) for text in re.findall(r'(?s)class="errorlist.*?</ul>', answer.content.decode())]
    assert len(told) == 3
    assert "לפחות 8 תווים, בבקשה." in told[2]
    assert [text for text in re.findall(r"<li>(.*?)</li>", "".join(told)) if not re.search("[א-ת]", text)] == []
    wrong = client.post("/accounts/login/", {"login": "dana@example.com", "password": "wrong"})
    assert "לא מתאימות זו לזו" in wrong.content.decode()


def test_categories():
    with translation.override("he"):
        assert [str(name) for _slug, name in Category.choices()] == CATEGORIES


@pytest.mark.parametrize(
    ("count", "shown"), [(1, "הוצאה אחת"), (2, "שתי הוצאות"), (3, "3 הוצאות"), (20, "20 הוצאות"), (101, "101 הוצאות")]
)
def test_counts(hebrew, alice, count, shown):
    make_expenses(alice, [{"title": f"Taxi {n}", "amount": "5"} for n in range(count)])
    assert shown in page(hebrew, "/expenses/?month=2026-08")


@pytest.mark.parametrize(
    ("language", "title", "shown"),
    [
        ("he", "קפה", "נוסף: קפה, "),
        ("he", "Taxi 7", "נוסף: \u2068Taxi 7\u2069, "),
        ("en", "קפה", "Added \u2068קפה\u2069, "),
        ("en", "Taxi 7", "Added Taxi 7, "),
        ("he", "58", "נוסף: 58, "),
    ],
)
def test_a_title_of_the_other_direction_does_not_reorder_the_sentence(client_alice, alice, language, title, shown):
    alice.language = language
    alice.save()
    new = {"title": title, "amount": "5", "currency": "ILS", "spent_on": "2026-08-20", "category": "other"}
    assert shown in unescape(client_alice.post("/expenses/add/", new, follow=True).content.decode())


def test_the_week_begins_on_sunday(hebrew, client_bob, alice, bob):
    for person in (alice, bob):
        Spent("40.00", "ILS", date(2024, 3, 3), "other").add(person)
    weekday = re.compile(r'<abbr title="(.*?)"')
    assert weekday.findall(page(hebrew, "/dashboard/?month=2024-03"))[0] == "יום ראשון"
    assert weekday.findall(page(client_bob, "/dashboard/?month=2024-03"))[0] == "Monday"


def test_a_sign_stands_before_its_number(hebrew, alice):
    """In right-to-left text, a mark keeps it there."""
    for amount, day in (("100.00", date(2024, 2, 5)), ("30.00", date(2024, 3, 5))):
        Spent(amount, "ILS", day, "other").add(alice)
    make_expense(alice, amount=Decimal(-12), title="Refund")
    assert "\u200f\u200e−\u206070.00\xa0\u200f₪" in page(hebrew, "/dashboard/?month=2024-03")
    assert "\u200f\u200e−12.00\xa0\u200f₪" in page(hebrew, "/expenses/?month=all")

"""Strong passwords pass in any script; weak, common, personal and endless ones don't; judging is quick."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.hashers import OwaspArgon2PasswordHasher
from accounts.passwords import LONGEST, MaximumLengthValidator, strength
from conftest import PASSWORD
from finbrain.tests import counting

PERSON = ("Noa", "Lévi-Strauss", "noa.strauss@walks.example")


@pytest.mark.parametrize(
    "password",
    [
        "a walk in the park at noon",
        "הליכה בפארק בצהריים",
        "散歩は公園で正午に行きます",
        "kX4@8({[<369!",
        "owl paints tin boats " * 6,
    ],
)
def test_strong(password):
    assert strength(password, PERSON).is_enough


@pytest.mark.parametrize(
    "password",
    ["password", "Pa$$w0rd123", "qwertyuiop", "abcabcabcabc", "1" * 128, "2026-08-20", "iloveyou2", "a", ""],
)
def test_weak(password):
    found = strength(password, PERSON)
    assert not found.is_enough
    assert found.reason


@pytest.mark.parametrize(
    "password", ["noa lévi-strauss", "Noa Strauss 1", "noa.strauss@walks.example", "strauss walks!"]
)
def test_personal(password):
    found = strength(password, PERSON)
    assert found.reason == "Your name and email are easy to guess."
    assert strength(password).score > found.score


def test_a_personal_word_among_enough_others_does_no_harm():
    assert strength("noa feeds purple otters on sundays", PERSON).is_enough


def test_the_next_person_is_not_judged_by_the_words_of_the_last():
    alone = strength("zebulon quagmire")
    strength("anything", ["Zebulon", "Quagmire"])
    assert strength("zebulon quagmire") == alone


@given(st.text(max_size=LONGEST), st.lists(st.text(max_size=40), max_size=3))
def test_any_text_gets_a_score_and_weak_ones_a_reason(password, personal):
    found = strength(password, personal)
    assert 0 <= found.score <= 4
    assert bool(found.reason) is not found.is_enough


@pytest.mark.parametrize("password", ["4@8({[<369!|10$5+7%2" * 6, "1" * 128, "a1" * 64, "p4ssw0rd" * 16])
def test_texts_that_keep_zxcvbn_busy_for_many_seconds_are_judged_at_once(password):
    assert counting.function_calls(lambda: strength(password)) < 100_000


def test_the_reason_is_said_in_the_persons_language():
    with translation.override("he"):
        assert strength("20.08.2026").reason == translation.gettext("Dates are often easy to guess.")


def test_the_longest():
    MaximumLengthValidator().validate("x" * LONGEST)
    with pytest.raises(ValidationError):
        MaximumLengthValidator().validate("x" * (LONGEST + 1))
    with pytest.raises(ValueError, match="too long"):
        strength("x" * (LONGEST + 1))
    with pytest.raises(ValidationError) as refused:
        validate_password("x" * 1_000_000)
    assert "password_too_long" in [error.code for error in refused.value.error_list]


@pytest.fixture
def hashed(monkeypatch):
    """The passwords that reached the hasher."""
    seen = []
    encode, verify = OwaspArgon2PasswordHasher.encode, OwaspArgon2PasswordHasher.verify
    spies = {
        "encode": lambda self, password, salt: seen.append(password) or encode(self, password, salt),
        "verify": lambda self, password, encoded: seen.append(password) or verify(self, password, encoded),
    }
    for name, spy in spies.items():
        monkeypatch.setattr(OwaspArgon2PasswordHasher, name, spy)
    return seen


HUGE = "correct horse " * 20_000


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/accounts/login/", {"login": "alice@example.com", "password": HUGE}),
        ("/accounts/login/", {"login": "nobody@example.com", "password": HUGE}),
        ("/accounts/signup/", {"first_name": "A", "email": "a@example.com", "password1": HUGE, "password2": HUGE}),
    ],
)
def test_nothing_endless_is_hashed_signed_out(client, alice, hashed, url, fields):
    answer = client.post(url, fields)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not hashed


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/accounts/password/change/", {"oldpassword": HUGE, "password1": HUGE, "password2": HUGE}),
        ("/accounts/reauthenticate/", {"password": HUGE}),
    ],
)
def test_nothing_endless_is_hashed_signed_in(client_alice, hashed, url, fields):
    assert client_alice.post(url, fields).context["form"].errors
    assert not hashed


def test_sign_up_refuses_personal_passwords_at_the_field(client, db):
    fields = {"first_name": "Wilhelmina", "last_name": "Achterberg", "email": "w@example.com"}
    both = dict.fromkeys(("password1", "password2"), "Wilhelmina Achterberg 7")
    answer = client.post("/accounts/signup/", {**fields, **both})
    assert answer.context["form"].errors["password1"][0].startswith("Your name and email are easy to guess.")
    assert not get_user_model().objects.exists()


def test_the_meter(client, db):
    url = "/accounts/password/strength/"
    weak = client.post(url, {"password": "Wilhelmina1", "first_name": "Wilhelmina"}).content.decode()
    assert 'data-score="0"' in weak
    assert "Your name" in weak
    assert 'data-score="4"' in client.post(url, {"password": PASSWORD}).content.decode()
    assert "at most 128" in client.post(url, {"password": "x" * 129}).content.decode()
    assert client.post(url, {"password": ""}).content.strip() == b""
    assert client.get(url).status_code == 405


def test_the_meter_knows_who_is_signed_in(client_alice):
    answer = client_alice.post("/accounts/password/strength/", {"password": "alice levi"})
    assert "Your name" in answer.content.decode()


def test_a_long_pass_phrase_works_from_sign_up_to_sign_in(client, db):
    phrase = ("forty green geese walk over the old bridge " * 3)[:LONGEST]
    fields = {"first_name": "Ann", "last_name": "", "email": "ann@example.com"}
    client.post("/accounts/signup/", {**fields, "password1": phrase, "password2": phrase})
    client.post("/accounts/logout/")
    assert client.post("/accounts/login/", {"login": "ann@example.com", "password": phrase}).status_code == 302


@pytest.mark.parametrize(
    "weak", ["abc", "password", "12345678", "alice@example.com", "Levi Levi", "aaaaaaaa", "x" * 200]
)
def test_one_fault_is_one_line(client, client_alice, weak):
    person = {"first_name": "Alice", "last_name": "Levi", "email": "alice2@example.com"}
    both = {"password1": weak, "password2": weak}
    answers = [
        client.post("/accounts/signup/", person | both),
        client_alice.post("/accounts/password/change/", {"oldpassword": PASSWORD} | both),
        client_alice.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD} | both | {"password2": "another one"}
        ),
    ]
    assert [sum(map(len, answer.context["form"].errors.values())) for answer in answers] == [1, 1, 1]

"""A wrong or missing variable stops the start with its name, and production refuses unsafe settings."""

import os
import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from finbrain.environment import Variables, mail_settings, read_env_file, read_environment

SETTINGS = str(Path(__file__).resolve().parents[1] / "settings.py")
SECRET = "fZ3-q8wJx_0aYkLr7uVtPb2mNc9sDhGe5iTo1RyWlQzXvKpU4"
PRODUCTION = {
    "FINBRAIN_ENV": "production",
    "SECRET_KEY": SECRET + "AbCd",
    "ALLOWED_HOSTS": "finbrain.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "MONGODB_URI": "mongodb://db.example.org/?replicaSet=rs0",
    "REDIS_URL": "redis://cache.example.org:6379/0",
}


@pytest.fixture
def load(monkeypatch):
    """A function that loads the settings with only these variables set, and returns them."""

    def run(variables: dict[str, str]) -> dict:
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(SETTINGS)

    return run


def test_production_as_it_should_be(load):
    settings = load(PRODUCTION)
    assert settings["DEBUG"] is False
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SECURE_HSTS_SECONDS"] > 0
    assert settings["ADMIN_SECOND_STEP"] is True
    assert settings["STAFF_READ_TITLES"] is False


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY. Set it to at least 50 random characters"),
        ({"SECRET_KEY": "change-me"}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": "only-for-tests-" * 5}, "SECRET_KEY"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS has a weak key"),
        ({"SECRET_KEY_FALLBACKS": f"{SECRET}AbCd,only-for-tests-{SECRET}"}, "SECRET_KEY_FALLBACKS has a weak key"),
        ({"DEBUG": "true"}, "DEBUG=false"),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe'. It must be true or false"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECURE_COOKIES": "false"}, "SECURE_COOKIES=true"),
        ({"MONGODB_URI": None}, "Set MONGODB_URI, or start"),
        ({"MONGODB_URI": None, "REDIS_URL": None}, "Set MONGODB_URI and REDIS_URL, or start"),
        ({"MONGODB_URI": "postgres://db"}, r"MONGODB_URI is not a valid address. It must begin with mongodb://"),
        ({"REDIS_URL": None}, "Set REDIS_URL, or start"),
        ({"REDIS_URL": "cache.example.org"}, "REDIS_URL is not a valid address"),
        ({"REDIS_SESSIONS_URL": "cache.example.org"}, "REDIS_SESSIONS_URL is not a valid address"),
        ({"EMAIL_URL": None}, "EMAIL_URL"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL is not the address of a mail server"),
        ({"EMAIL_VERIFICATION": "perhaps"}, "EMAIL_VERIFICATION is 'perhaps'. It must be one of mandatory, optional"),
        ({"SESSION_IDLE_SECONDS": "half an hour"}, "SESSION_IDLE_SECONDS is 'half an hour'. It must be a whole number"),
        ({"SESSION_IDLE_SECONDS": "-5"}, "SESSION_IDLE_SECONDS is '-5'"),
        ({"SESSION_IDLE_SECONDS": ""}, "SESSION_IDLE_SECONDS is ''"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud'. It must be one of DEBUG, INFO, WARNING, ERROR"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is 'xml'. It must be one of json, console"),
        ({"TIME_ZONE": "Middle/Earth"}, "TIME_ZONE is 'Middle/Earth'"),
        ({"METRICS_ADDRESSES": "10.0.0.0/8,home"}, "METRICS_ADDRESSES is .*. It must be addresses or networks"),
        ({"ALLOWED_HOSTS": "https://finbrain.example.org"}, "ALLOWED_HOSTS is .*. It must be host names such as"),
        ({"ALLOWED_HOSTS": "finbrain.example.org:443"}, "ALLOWED_HOSTS is .*. It must be host names such as"),
        ({"CSRF_TRUSTED_ORIGINS": "finbrain.example.org"}, "CSRF_TRUSTED_ORIGINS is .*. It must be https://"),
        ({"MONGODB_NAME": ""}, "MONGODB_NAME is ''. It must be 1 to 63 letters"),
        ({"MONGODB_NAME": "fin/brain"}, "MONGODB_NAME is 'fin/brain'"),
        ({"SITE_URL": "finbrain.example.org"}, "SITE_URL is .*. It must be https://"),
        ({"FRANKFURTER_URL": "api.frankfurter.dev"}, "FRANKFURTER_URL is .*. It must be https://"),
        ({"DEMO_RATE_LIMIT": "20"}, "DEMO_RATE_LIMIT is '20'. It must be a rate such as 20/h/ip"),
        ({"DEFAULT_FROM_EMAIL": "FinBrain"}, "DEFAULT_FROM_EMAIL is 'FinBrain'. It must be an address"),
        ({"SESSION_IDLE_SECONDS": "0"}, "SESSION_IDLE_SECONDS is '0'. It must be a whole number, 1 or more"),
        ({"ARGON2_MEMORY_KIB": "1"}, "ARGON2_MEMORY_KIB is '1'. It must be a whole number, 8 or more"),
        ({"WEB_CONCURRENCY": "two"}, "WEB_CONCURRENCY is 'two'. It must be a whole number, 1 or more"),
        ({"WEB_CONCURRENCY": "0"}, "WEB_CONCURRENCY is '0'"),
        ({"FINBRAIN_ENV": "prod"}, "FINBRAIN_ENV is 'prod'. It must be one of development, test, production"),
    ],
)
def test_production_refuses(load, changes, message):
    variables = {name: value for name, value in (PRODUCTION | changes).items() if value is not None}
    with pytest.raises(ImproperlyConfigured, match=message):
        load(variables)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("ALLOWED_HOSTS", "finbrain.example.org, .example.com,192.0.2.7,[::1]", 4),
        ("SECRET_KEY_FALLBACKS", f"{SECRET}EfGh, {SECRET}IjKl", 2),
        ("CSRF_TRUSTED_ORIGINS", "https://finbrain.example.org:8443,https://*.example.com", 2),
        ("DEFAULT_FROM_EMAIL", '"Fin, Brain" <no-reply@finbrain.example.org>', None),
        ("DEFAULT_FROM_EMAIL", "no-reply@localhost", None),
        ("SITE_URL", "https://example.org/finbrain", None),
    ],
)
def test_what_fits_is_taken(load, name, value, read):
    taken = load(PRODUCTION | {name: value})[name]
    assert taken == value if read is None else len(taken) == read


def test_every_problem_is_told_at_once(load):
    with pytest.raises(ImproperlyConfigured) as told:
        load(PRODUCTION | {"DEBUG": "true", "ALLOWED_HOSTS": "", "SECURE_COOKIES": "no"})
    assert all(name in str(told.value) for name in ("DEBUG", "ALLOWED_HOSTS", "SECURE_COOKIES"))


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "MONGODB_URI", "REDIS_URL", "EMAIL_URL"])
def test_what_may_be_a_secret_is_not_told(load, name):
    with pytest.raises(ImproperlyConfigured) as told:
        load(PRODUCTION | {name: "hunter2"})
    assert "hunter2" not in str(told.value)


def test_a_value_that_begins_with_a_dollar_is_a_value(monkeypatch):
    monkeypatch.setenv("PASSWORD", "$ecret")
    assert Variables().str("PASSWORD") == "$ecret"


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env.test").write_text("SESSION_IDLE_SECONDS=5\nSESSION_GRACE_SECONDS=7\n")
    monkeypatch.setenv("FINBRAIN_ENV", "test")
    monkeypatch.setenv("SESSION_IDLE_SECONDS", "9")
    monkeypatch.setenv("SESSION_GRACE_SECONDS", "x")
    monkeypatch.delenv("SESSION_GRACE_SECONDS")
    found = read_environment(tmp_path)
    assert (found.int("SESSION_IDLE_SECONDS"), found.int("SESSION_GRACE_SECONDS")) == (9, 7)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=a b # c", "a b # c"),
        ("export NAME=x", "x"),
        ("  NAME = x  ", "x"),
        ("NAME=", ""),
        ("NAME='it\\'s $5'", "it\\'s $5"),
        (r'NAME="\"Fin, Brain\" <a@example.org>"', '"Fin, Brain" <a@example.org>'),
        ('NAME="Fin, Brain" <a@example.org>', '"Fin, Brain" <a@example.org>'),
        ("NAME=mongodb://db/?replicaSet=rs0&tls=true", "mongodb://db/?replicaSet=rs0&tls=true"),
    ],
)
def test_a_line_of_a_file_is_a_variable(tmp_path, line, value):
    (tmp_path / ".env").write_text(f"# first\n\n{line}\n")
    assert read_env_file(tmp_path / ".env") == {"NAME": value}


def test_a_line_of_another_form_is_refused_and_named_without_its_text(tmp_path):
    (tmp_path / ".env").write_text("A=1\nhunter2\n")
    with pytest.raises(ImproperlyConfigured, match="line 2 is not of the form NAME=value") as told:
        read_env_file(tmp_path / ".env")
    assert "hunter2" not in str(told.value)


def test_no_file_is_no_variables(tmp_path):
    assert read_env_file(tmp_path / ".env") == {}


def test_the_address_of_a_mail_server_becomes_djangos_settings():
    assert mail_settings("smtp+tls://me%40example.org:p%23ss+word@mail.example.org:587") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "me@example.org",
        "EMAIL_HOST_PASSWORD": "p#ss+word",
        "EMAIL_FILE_PATH": "",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }


@pytest.mark.parametrize(
    ("address", "backend", "tls", "ssl"),
    [
        ("smtp://mail.example.org", "smtp", False, False),
        ("smtps://mail.example.org", "smtp", True, False),
        ("smtp+ssl://mail.example.org:465", "smtp", False, True),
        ("consolemail://", "console", False, False),
        ("dummymail://", "dummy", False, False),
    ],
)
def test_the_scheme_says_how_emails_are_sent(address, backend, tls, ssl):
    found = mail_settings(address)
    assert found["EMAIL_BACKEND"] == f"django.core.mail.backends.{backend}.EmailBackend"
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)


@pytest.mark.parametrize(
    "address", ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:port", "smtp://u:p?x@host"]
)
def test_what_is_no_mail_server_is_refused(monkeypatch, address):
    monkeypatch.setenv("EMAIL_URL", address)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL is not the address of a mail server"):
        Variables().email_url("EMAIL_URL", default="consolemail://")

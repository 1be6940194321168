"""Everything that is kept about a person is in their download, and nothing of it is left after a deletion.

Models and fields come from Django. A new one fails `test_every_field_is_classified` until somebody decides about it.
"""

import io
import json
import tempfile
import zipfile

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client

from classifier import feedback
from conftest import PASSWORD
from expenses.people.deletion import delete_person
from expenses.tests.test_deletion import mentions_in_database, mentions_in_redis
from finbrain.tests.everything import TITLES, stored_models, use_everything

pytestmark = pytest.mark.django_db

# Model -> the file of the download, the place of its rows in it ("" if they are the file), and the fields they have.
IN_DOWNLOAD: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "accounts.User": (
        *("account.json", ""),
        (
            *("last_login", "is_superuser", "first_name", "last_name", "is_staff", "is_active", "date_joined", "email"),
            *("home_currency", "theme", "language", "week_start", "month_start", "auto_file_threshold"),
            "share_feedback",
            *("monthly_summary", "summary_month", "demo_expires_at", "count_cash", "links_stopped_at"),
            *("void_stop_links", "own_rates", "rules", "own_categories", "saved_views", "plan", "time_zone"),
            *("reminders", "weekly_insights", "insights_week", "emailed_on", "calendar_amounts", "dismissed_insights"),
            *("answered_questions",),
        ),
    ),
    "account.EmailAddress": ("account.json", "addresses", ("email", "verified", "primary")),
    "account.EmailConfirmation": ("account.json", "confirmations", ("created", "sent")),
    "usersessions.UserSession": ("account.json", "sessions", ("created_at", "last_seen_at", "ip", "user_agent")),
    "mfa.Authenticator": ("account.json", "second_factors", ("type", "created_at", "last_used_at")),
    "admin.LogEntry": ("account.json", "actions_in_the_admin", ("action_time", "action_flag")),
    "expenses.Expense": (
        *("expenses.json", ""),
        (
            *("title", "amount", "currency", "category", "category_source", "confidence", "model_version", "reviewed"),
            *("alternatives", "note", "own_rate", "own_rate_currency", "import_batch", "deleted_at", "created_at"),
            *("updated_at", "kind", "kind_source", "kind_confidence", "one_off", "account", "pair"),
            *("rule", "shown_title"),
        ),
    ),
    "expenses.ImportBatch": (
        *("importbatch.json", ""),
        (
            *("file_name", "format", "state", "file_until", "choices", "total", "position", "added", "known"),
            *("left_out", "money_in", "unreadable", "first_day", "last_day", "undone_at", "created_at"),
            *("table", "plan_key", "edits", "restoring", "absences"),
        ),
    ),
    "expenses.ColumnMapping": ("columnmapping.json", "", ("header", "choices")),
    "expenses.Pair": ("pair.json", "", ("out_entry", "in_entry", "before", "confidence", "key", "rejected")),
    "expenses.Series": (
        *("series.json", ""),
        (
            *(
                "name",
                "texts",
                "category",
                "is_income",
                "cycle",
                "next_on",
                "low",
                "high",
                "currency",
                "account",
                "note",
            ),
            *("cancel_by", "notice_days", "ends_on", "payments", "state", "confidence", "entries", "created_at"),
        ),
    ),
    "expenses.CategoryChange": ("categorychange.json", "", ("batch", "category", "before", "learned", "created_at")),
    "expenses.RuleChange": ("rulechange.json", "", ("batch", "rule", "files", "before", "created_at")),
    "classifier.Memory": ("learned.json", "", ("title", "category", "counts", "kinds")),
    "classifier.Feedback": (
        *("shared.json", ""),
        (
            *("text", "suggested_category", "confidence", "chosen_category", "model_version", "status", "reviewed_at"),
            *("created_at",),
        ),
    ),
}
WHOSE = "says whose it is"
DERIVED = "computed from a field that is in the download"
SECRET = "a secret, or the hash of one"
NOT_IN_DOWNLOAD: dict[str, dict[str, str]] = {
    "accounts.User": {"id": WHOSE, "password": SECRET, "calendar_key": SECRET},
    "account.EmailAddress": {"user": WHOSE},
    "account.EmailConfirmation": {"email_address": WHOSE, "key": SECRET},
    "usersessions.UserSession": {"user": WHOSE, "session_key": SECRET, "data": "always empty"},
    "mfa.Authenticator": {"user": WHOSE, "data": SECRET},
    "admin.LogEntry": {
        "user": WHOSE,
        **dict.fromkeys(("object_id", "object_repr", "change_message"), "is about others"),
        "content_type": "in the download as the name of the model",
    },
    "expenses.Expense": {
        "ledger_id": WHOSE,
        **dict.fromkeys(("title_key", "search_words", "order_value"), DERIVED),
        "spent_on": "in the download as date",
        "entry_key": "a random number that keeps a form from being stored twice",
    },
    "expenses.ImportBatch": {
        "ledger_id": WHOSE,
        **dict.fromkeys(("content", "plan", "preview"), "the uploaded file, which the person has"),
    },
    "expenses.Pair": {"ledger_id": WHOSE},
    "expenses.Fingerprint": dict.fromkeys(("ledger_id", "fingerprint", "batch"), DERIVED),
    "expenses.ColumnMapping": {"ledger_id": WHOSE},
    "expenses.Series": {"ledger_id": WHOSE, "detached": DERIVED},
    "expenses.CategoryChange": {"ledger_id": WHOSE},
    "expenses.RuleChange": {"ledger_id": WHOSE},
    "expenses.MonthVersion": {
        "token": "an id with the time of the last write, for the cache",
        "changes": "the days of the last writes, for the cache",
    },
    "expenses.StoredSums": dict.fromkeys(("made_for", "sums"), DERIVED),
    "classifier.Memory": {"ledger_id": WHOSE, "text": DERIVED, "revision": "a counter for the cache"},
    "classifier.MemoryState": dict.fromkeys(("revision", "removed", "floor"), "counters for the cache"),
    "classifier.Feedback": {"normalised": DERIVED, "contributor": WHOSE, "reviewer": "in the download as a number"},
    "accounts.User_groups": dict.fromkeys(("user", "group"), "in the download as names"),
    "accounts.User_user_permissions": dict.fromkeys(("user", "permission"), "in the download as names"),
}
NOT_ABOUT_PEOPLE = {
    *("auth.Permission", "auth.Group", "auth.Group_permissions", "contenttypes.ContentType"),
    *("finbrain.JobRun", "expenses.Rate", "expenses.YearOfRates", "expenses.CurrencyInUse", "classifier.ModelVersion"),
}


def test_every_field_is_classified():
    """A field is in the download, or there is a reason why not. A model that is about nobody has neither."""
    wrong = []
    for model in stored_models():
        label = model._meta.label
        fields = {
            field.name for field in model._meta.concrete_fields if not field.primary_key or label == "accounts.User"
        }
        shown, left_out = set(IN_DOWNLOAD.get(label, ("", "", ()))[2]), set(NOT_IN_DOWNLOAD.get(label, {}))
        if label in NOT_ABOUT_PEOPLE and not shown | left_out:
            continue
        if shown & left_out or shown | left_out != fields:
            wrong.append(f"{label}: {sorted(fields ^ (shown | left_out)) or sorted(shown & left_out)}")
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def somebody(settings, alice):
    """Alice, who has used everything, signed in a moment ago."""
    settings.ACCOUNT_RATE_LIMITS = False
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    use_everything(client, alice)
    return client


def test_the_download_has_every_field_that_is_classified_so(somebody, alice):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(somebody.post("/accounts/download/").streaming_content)))
    for label, (file, place, fields) in IN_DOWNLOAD.items():
        rows = json.loads(archive.read(file))
        rows = rows[0][place] if place else rows
        assert rows, f"{file} has no {label}"
        assert set(fields) - rows[0].keys() == set(), label
    (account,) = json.loads(archive.read("account.json"))
    assert account["last_login"]
    assert account["groups"] == ["Reviewers"]
    assert account["user_permissions"]
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8-sig")
    for secret in ("TOPSECRET", alice.password, f"KEY{alice.pk}", str(alice.pk)):
        assert secret not in everything


def test_a_deletion_leaves_nothing_in_any_store(somebody, alice, tmp_path, monkeypatch):
    """Neither documents nor cache nor sessions nor files mention the person, in any field and at any depth."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for path in ("/expenses/export/?month=all&format=xlsx", "/expenses/export/?month=all&format=csv", "/dashboard/"):
        answer = somebody.get(path)
        assert b"".join(answer.streaming_content if answer.streaming else [answer.content])
    somebody.post("/accounts/download/").close()
    somebody.get("/expenses/export/?month=all&format=xlsx").close()  # a browser that leaves at once
    marks = [str(alice.pk), alice.email, f"second-{alice.email}", feedback.contributor(alice.pk), "203.0.113.9"]
    marks += [*TITLES, *(title.casefold() for title in TITLES), "ALDI SUED", "bank.csv", "TOPSECRET"]
    about = set(IN_DOWNLOAD) | set(NOT_IN_DOWNLOAD)
    tables = {model._meta.db_table for model in stored_models() if model._meta.label in about}
    before = mentions_in_database(marks)
    assert {found.partition(":")[0] for found in before} == tables
    assert mentions_in_redis(marks)

    delete_person(alice)

    assert mentions_in_database(marks) == []
    assert mentions_in_redis(marks) == []
    assert redis.Redis.from_url(settings.REDIS_SESSIONS_URL).exists(f"s:{somebody.session.session_key}") == 0
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
    models = str(list(connection.database["classifier_artifacts.files"].find()))  # of other tests, or none
    assert [mark for mark in marks if mark in models] == []

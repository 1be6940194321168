"""A person who has used everything: at least one document of every model, made by the site itself where it can be.

Tests that must hold for every model or URL start from here, so that a new model has to be added.
"""

from datetime import date
from decimal import Decimal
from unittest import mock

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.codes import passkey_credential
from classifier import feedback
from classifier.models import Feedback, ModelVersion
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.set_categories import set_categories
from expenses.ledger.trash import delete_expenses
from expenses.models import CurrencyInUse, Expense, ImportBatch, ImportState, Rate, YearOfRates
from expenses.people.ledger_settings import personal_ledger
from expenses.sums import stored_months
from expenses.tests.importing.uploading import BANK, import_statement, import_statement_as, upload_statement
from expenses.tests.making import make_expenses
from finbrain.models import JobRun

# Models of installed apps that FinBrain never writes. Sessions are in Redis.
UNUSED = {"sessions.Session"}
OWN_RATES = "from,unit,rate,currency\n2026-03-01,USD,50,TRY\n"
TITLES = (
    "Quokka food",
    "Wombat toll",
    "Numbat ticket",
    "Bilby lamp",
    "Dingo fence",
    "Emu feed",
    "Koala leaf",
    "Possum den",
)


def stored_models() -> list[type[Model]]:
    """Every model with documents, including those between two others."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.label not in UNUSED]


def use_everything(client: Client, person: User) -> None:
    """Leave something in every collection. `client` is signed in as the person."""
    _spend(person)
    _store_sums(client, person)
    _import(client, person)
    _protect(person)
    _leave_traces_of_staff(person)
    rule = {"how": "contains", "text": "unsure possum", "category": "other", "title": "Quoll"}
    seen = client.post("/expenses/rules/new/", rule).context["preview"]["seen"]
    client.post("/expenses/rules/new/", rule | {"action": "save", "seen": seen, "past": "1"})
    _make_series(client)
    _make_plan(client)
    client.post("/accounts/settings/rates/", {"action": "save", "table": OWN_RATES})
    client.post("/accounts/settings/categories/", {"name": "Wombat", "base": "other", "icon": "paw", "palette": "13"})
    client.post("/dashboard/views/", {"name": f"View of {TITLES[0]}", "query": "category=other"})
    pages = ("/expenses/", "/dashboard/", "/expenses/recurring/", "/expenses/budgets/", "/accounts/settings/")
    for path in (*pages, "/expenses/suggest/?title=quokka"):
        assert client.get(path).status_code == 200


def _store_sums(client: Client, person: User) -> None:
    """Leave the stored sums of a month that is over, as if it were a long one."""
    make_expenses(person, [{"title": TITLES[0], "amount": "3", "spent_on": date(2025, 2, 3)}])
    with mock.patch.object(stored_months, "LONG", 1):
        client.get("/dashboard/?month=2025-02")


def _make_series(client: Client) -> None:
    """Make a series by hand."""
    due = timezone.localdate().isoformat()
    fields = {"name": TITLES[0], "category": "leisure-gifts", "cycle": "monthly", "low": "9.90", "currency": "ILS"}
    client.post("/expenses/recurring/new/", fields | {"next_on": due, "note": "every month"})


def _make_plan(client: Client) -> None:
    """Make a budget and a goal."""
    today = timezone.localdate().isoformat()
    amount = {"amount": "400", "currency": "ILS", "starts_on": today}
    budget = {"scope": "leisure-gifts", "per": "month", "rollover": "both", "note": "every month"}
    client.post("/expenses/budgets/new/", amount | budget)
    client.post(
        "/expenses/budgets/goals/new/", amount | {"name": TITLES[1], "kind": "save", "scope": "all", "by": today}
    )


def _spend(person: User) -> None:
    """Add expenses, of which some wait for review, some are in the trash, and one is shared with the reviewer."""
    ledger = personal_ledger(person)
    today = timezone.localdate()
    for number, title in enumerate(TITLES):
        currency = ("ILS", "USD")[number % 2]
        add_expense(
            ledger, NewExpense(title, Decimal(12 + number), currency, today, "leisure-gifts", note=f"note {title}")
        )
    rows = [{"title": f"Unsure {title}", "amount": "5", "spent_on": today, "unsure": 0.4} for title in TITLES]
    unsure = make_expenses(person, rows)
    own_rate = {"own_rate": Decimal("3.5"), "own_rate_currency": "ILS", "currency": "EUR"}
    gone = make_expenses(person, [{"title": f"Gone {title}", "amount": "7", **own_rate} for title in TITLES])
    delete_expenses(ledger, [expense.pk for expense in gone])
    set_categories(ledger, [unsure[0].pk, unsure[1].pk], "other")
    shared = {"text": TITLES[0], "suggested": "other", "confidence": 0.4, "chosen": "leisure-gifts"}
    feedback.record_correction(ledger_id=person.pk, model_version=1, share=True, **shared)


def _import(client: Client, person: User) -> None:
    """Import a file, and leave one import in every state."""
    done = import_statement(client, BANK)
    import_statement_as(client, "Date,Description,Amount\n2026-08-31,QUOKKA TRANSFER,89.00\n", answer="sign:this")
    draft = upload_statement(client, BANK.replace("2026-08", "2026-07"))
    for state in (ImportState.RUNNING, ImportState.UNDOING, ImportState.UNDONE):
        kept = {"content": draft.content} if state == ImportState.RUNNING else {}
        dates = {"first_day": done.first_day, "last_day": done.last_day, "undone_at": timezone.now()}
        ImportBatch.objects.create(
            ledger_id=person.pk, file_name=f"{state}.csv", format="csv", state=state, **kept, **dates
        )


def _protect(person: User) -> None:
    """Give the person a second step of each kind, a second address and a second session."""
    now = timezone.now()
    secret, seed = get_adapter().encrypt("TOPSECRETTOPSECR"), get_adapter().encrypt("TOPSECRET" * 5)
    for kind, data in (
        (Authenticator.Type.TOTP, {"secret": secret}),
        (Authenticator.Type.RECOVERY_CODES, {"seed": seed, "used_mask": 0}),
        (Authenticator.Type.WEBAUTHN, {"name": "Phone", "passwordless": True, "credential": passkey_credential()}),
    ):
        Authenticator.objects.create(user=person, type=kind, data=data, last_used_at=now)
    EmailAddress.objects.get_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
    second = EmailAddress.objects.create(user=person, email=f"second-{person.email}", verified=False, primary=False)
    EmailConfirmation.objects.create(email_address=second, key=f"KEY{person.pk}", sent=now)
    UserSession.objects.create(
        user=person, ip="203.0.113.9", user_agent="Lynx", session_key=f"old-{person.pk}", last_seen_at=now
    )


def _leave_traces_of_staff(person: User) -> None:
    """Add what staff leave: log entries, groups and permissions, and the site's own documents."""
    group, _ = Group.objects.get_or_create(name="Reviewers")
    permission = Permission.objects.order_by("codename").first()
    group.permissions.add(permission)
    person.groups.add(group)
    person.user_permissions.add(permission)
    for what in (person, Expense.objects.filter(ledger_id=person.pk).first(), Feedback.objects.first()):
        LogEntry.objects.create(
            user_id=person.pk,
            content_type=ContentType.objects.get_for_model(what),
            object_id=str(what.pk),
            object_repr=str(what),
            action_flag=CHANGE,
            change_message='[{"changed": {"fields": ["Title"]}}]',
        )
    today = date(2026, 8, 20)
    Rate.objects.get_or_create(day=today, defaults={"rates": {"USD": "1.17", "ILS": "3.9"}, "source": "frankfurter"})
    used = {"wanted_at": timezone.now(), "try_at": timezone.now(), "fetched_until": today, "bank": "nbu"}
    CurrencyInUse.objects.get_or_create(code="UAH", defaults=used)
    quotes = {"2026-08-20": ["48.5", "published", "NBU"]}
    YearOfRates.objects.get_or_create(key="UAH:2026", defaults={"rates": quotes})
    JobRun.objects.get_or_create(name="clean-up", defaults={"done_until": timezone.now(), "outcome": "fine"})
    metrics = {"accuracy": 0.9, "macro_f1": 0.8}
    ModelVersion.objects.get_or_create(number=1, defaults={"size": 1, "metrics": metrics, "artifact": b"x"})

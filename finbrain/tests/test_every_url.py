"""Every URL, asked for by everybody: nobody reads or changes what belongs to somebody else.

The URLs come from the resolver. One that is in no group below makes `test_every_url_is_classified` fail.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from bson import ObjectId
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from conftest import PASSWORD
from expenses.models import CategoryChange, Expense, ImportBatch, Series
from expenses.people.ledger_settings import personal_ledger
from finbrain.core.past_the_orm import LEDGER, collection
from finbrain.middleware.headers import HEADERS
from finbrain.middleware.too_many import TOO_MANY
from finbrain.tests.everything import TITLES, use_everything

pytestmark = pytest.mark.django_db

# Anybody may ask for these. A link with a token is for whoever received it.
PUBLIC = {
    *("home", "help:index", "help:page", "set_language", "demo", "heartbeat", "password_strength"),
    *("account_signup", "account_login", "account_logout", "account_inactive", "account_confirm_login_code"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("account_email_verification_sent", "account_confirm_email", "account_confirm_change"),
    *("email_unsubscribe", "summary_unsubscribe", "email_answer", "expenses:calendar_feed"),
    *("account_stop", "account_second_step", "demo_confirm"),
    *("mfa_authenticate", "mfa_login_webauthn"),
    # The admin's own sign-in, and its texts for scripts.
    *("admin:login", "admin:logout", "admin:jsi18n"),
}
# These show and change what belongs to the person who is signed in.
SIGNED_IN = {
    *(
        "saved_views",
        "dashboard",
        "expenses:list",
        "expenses:add",
        "expenses:suggest",
        "expenses:several",
        "expenses:inbox",
    ),
    *("expenses:calculate", "expenses:palette", "expenses:dismiss_insight"),
    *("expenses:recurring", "expenses:recurring_look", "expenses:series_new", "expenses:calendar"),
    *("expenses:review", "expenses:undo_review", "expenses:import", "expenses:export", "expenses:trash"),
    *("account_settings", "account_threshold", "account_download", "account_delete", "account_email", "demo_keep"),
    *("account_reauthenticate", "account_change_password", "account_set_password", "usersessions_list"),
    *("mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes"),
    *("mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn"),
    *("mfa_reauthenticate_webauthn", "mfa_remove_damaged", "own_rates", "own_rates_export"),
    *("expenses:rules", "expenses:new_rule"),
    *("expenses:learned", "expenses:unlearn"),
    *("categories:list", "categories:propose"),
    *("expenses:budgets", "expenses:budget_new", "expenses:budgets_accept", "expenses:goal_new"),
    "expenses:budgets_accept_undo",
}
# The address names something of a person's. For everybody else it doesn't exist.
OF_ONE_PERSON = {
    *("expenses:import_batch", "expenses:import_run", "expenses:import_undo", "expenses:import_restore"),
    *("expenses:import_discard", "expenses:restore_batch", "expenses:undo", "expenses:edit", "expenses:category"),
    *("expenses:rule", "expenses:change_rule", "expenses:restore_rule", "expenses:undo_rule", "expenses:always"),
    *("expenses:twins", "expenses:delete", "expenses:restore", "mfa_remove_webauthn", "mfa_edit_webauthn"),
    *("categories:edit", "categories:move", "categories:merge", "categories:restore"),
    *("expenses:budget", "expenses:budget_delete", "expenses:budget_restore"),
    *("expenses:goal", "expenses:goal_delete", "expenses:goal_restore"),
    *("saved_view", "expenses:series", "expenses:series_state", "expenses:series_paid", "expenses:series_detach"),
    "expenses:series_restore",
}
# The parameters that are an id of something.
_IDS = ("expense_id", "batch_id", "batch", "rule_id", "series_id", "budget_id", "goal_id", "pk")
OF_BATCHES = {"expenses:restore_batch", "expenses:undo", "expenses:undo_rule"}
ADMIN = "admin:"
OTHERS = ("nobody", "stranger", "demo", "staff", "superuser")
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "list", "HTTP_HX_CURRENT_URL": "http://testserver/expenses/"}
PRIVATE = re.compile("private|no-store")
# A row of the table, and what a view without a limit may cost.
_UNLIMITED = re.compile(r"^\| `([\w:]+)` \|[^|]*\| ([\d.]+) s \|[^|]*\| none \|$", re.MULTILINE)
MOST_SECONDS = 0.05
# URLs after which the owner's documents are compared, which takes longer than asking for one.
AT_ONCE = 10
EVERY_RATE_LIMIT = tuple(settings.ACCOUNT_RATE_LIMITS)


def patterns(resolver: Any = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Every URL of the site: its name with its namespace, and its pattern."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from patterns(each, prefix + str(each.pattern), inner)
        else:
            yield f"{space}{each.name or ''}", prefix + str(each.pattern)


def test_every_url_is_classified():
    names = {name for name, _ in patterns()}
    known = PUBLIC | SIGNED_IN | OF_ONE_PERSON
    assert {name for name in names if name not in known and not name.startswith(ADMIN)} == set()
    assert known - names == set(), "these no longer exist"


def filled_in(pattern: str, values: dict[str, str], model: str = "") -> str:
    """The path of a pattern, with a value for each of its parameters."""

    def value(match: re.Match) -> str:
        return values.get(f"{model}.{match[1]}") or values[match[1]]

    path = re.sub(r"\(\?P<(\w+)>.*?\)(?=/|\$|-)", value, pattern)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, path).replace("^", "").replace("$", "")


def model_of(pattern: str) -> str:
    """The model that a page of the admin is about: `accounts.user`."""
    found = re.match(r"admin/(\w+)/(\w+)/", pattern)
    return f"{found[1]}.{found[2]}" if found else ""


@pytest.fixture
def people(settings, alice, bob):
    """Everybody who may ask, by role. Alice is the owner, and has used everything."""
    settings.ACCOUNT_RATE_LIMITS = False
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    use_everything(client, alice)
    later = timezone.now() + timedelta(days=1)
    return {
        "nobody": None,
        "owner": alice,
        "stranger": bob,
        "demo": User.objects.create_user("demo@demo.example", demo_expires_at=later),
        "staff": User.objects.create_user("staff@example.com", PASSWORD, is_staff=True),
        "superuser": User.objects.create_superuser("root@example.com", PASSWORD),
    }


@pytest.fixture
def values(people):
    """What the parameters of the patterns stand for: something of Alice's wherever there is something."""
    alice = User.objects.get(pk=people["owner"].pk)
    expense = Expense.objects.filter(ledger_id=alice.pk, deleted_at=None).first()
    gone = Expense.objects.filter(ledger_id=alice.pk, deleted_at__isnull=False).first()
    mine = {"ledger_id": alice.pk}
    documents = {
        f"{model._meta.label_lower}.object_id": str(row.pk)
        for model in (ct.model_class() for ct in ContentType.objects.all())
        if model and model._meta.managed and (row := model._default_manager.first())
    }
    return documents | {
        "expense_id": str(expense.pk),
        "batch_id": str(ImportBatch.objects.filter(**mine, state="draft").first().pk),
        "rule_id": alice.rules[0]["id"],
        "view_id": alice.saved_views[0]["id"],
        "series_id": str(Series.objects.filter(**mine).first().pk),
        "budget_id": personal_ledger(alice).plan.budgets[0].id,
        "goal_id": personal_ledger(alice).plan.goals[0].id,
        "batch": CategoryChange.objects.filter(**mine).first().batch,
        "deleted": str(int(gone.deleted_at.timestamp() * 1000)),
        "accounts.user.object_id": str(alice.pk),
        "id": str(alice.pk),
        "pk": str(Authenticator.objects.get(user=alice, type="webauthn").pk),
        "content_type_id": str(ContentType.objects.get_for_model(User).pk),
        "object_id": str(alice.pk),
        "category": personal_ledger(User.objects.get(pk=alice.pk)).categories.own_of("other")[0],
        "app_label": "accounts",
        "name": "importing",
        **dict.fromkeys(("token", "key", "uidb36", "url"), "x"),
    }


def signed_in(person: User | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def requests_of(path: str, attack: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    for headers in ({}, HTMX):
        yield "get", path, {}, headers
        yield "post", path, attack, headers


def attack_on(person: User, values: dict[str, str]) -> dict[str, Any]:
    """A form with everything that a form could name of somebody else's."""
    ids = [str(key) for key in Expense.objects.filter(ledger_id=person.pk).values_list("pk", flat=True)[:20]]
    named = {"id": values["expense_id"], "undo": values["batch"], "user": str(person.pk)}
    ledger = {
        "owner": str(person.pk),
        "ledger": str(person.pk),
        "ledger_id": str(person.pk),
        "owner_id": str(person.pk),
    }
    return {"ids": ids, "action": "delete", "category": "food-drinks", "post": "yes", **named, **ledger}


def belongings(person: User) -> dict[str, list[Any]]:
    """Every document of a person's, by collection."""
    found = {}
    database = collection(Expense).database
    for name in sorted(database.list_collection_names()):
        mine = [{LEDGER: person.pk}, {"user_id": person.pk}, {"_id": person.pk}, {"_id": re.compile(f"^{person.pk}:")}]
        found[name] = list(database[name].find({"$or": mine}).sort("_id"))
    return found


# Ids, tokens, the length of the compressed page and the second of `never_cache` differ in every answer.
_CHANGING = re.compile(r"\w{16,}|'(?:Content-Length|Expires)': '[^']*'")


def text_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode(errors="replace") + str(dict(answer.headers))


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_reads_or_changes_what_is_the_owners(role, people, values):
    owner, person = people["owner"], people[role]
    attack, before, wrong, asked = attack_on(owner, values), belongings(owner), [], []
    secrets = [*TITLES, "bank.csv", *([owner.email] if role != "superuser" else [])]
    for name, pattern in patterns():
        if role == "superuser" and name.startswith(ADMIN):
            continue  # see the next test
        path = filled_in(pattern, values | ({"batch": values["deleted"]} if name == "expenses:restore_batch" else {}))
        path = filled_in(pattern, values, model_of(pattern)) if name.startswith(ADMIN) else path
        client = Client()
        for method, url, data, headers in requests_of(path, attack):
            if method == "get":
                client = signed_in(person)  # as the POST before may have signed out
            answer = getattr(client, method)(url, data, **headers)
            said = f"{name} {method} {'htmx' if headers else 'plain'}: {answer.status_code}"
            text = text_of(answer)
            if answer.status_code >= 500:
                wrong.append(said)
            if name not in PUBLIC and (shown := [secret for secret in secrets if secret in text]):
                wrong.append(f"{said} shows {shown}")
            if not is_refused(name, role, answer):
                wrong.append(f"{said} isn't refused")
        asked.append(name)
        if len(asked) == AT_ONCE:
            wrong += changes(before, belongings(owner), asked)
            asked.clear()
    wrong += changes(before, belongings(owner), asked)
    assert not wrong, "\n".join(wrong)


def changes(before: dict[str, list[Any]], after: dict[str, list[Any]], asked: list[str]) -> list[str]:
    """The collections in which one of the URLs that were asked for changed something."""
    return [f"one of {', '.join(asked)} changed {key}" for key in after if after[key] != before[key]]


def is_refused(name: str, role: str, answer: Any) -> bool:
    """Whether the answer is the one that the classification of the URL promises to this role."""
    status, location = answer.status_code, answer.get("Location", "") or answer.get("HX-Redirect", "")
    if name in PUBLIC:
        return True
    if name.startswith(ADMIN):
        return role == "staff" or status in (404, 405) or location.startswith(("/admin/login/", "/accounts/demo/keep/"))
    if role == "nobody":
        return status in (401, 405) or (status == 302 and location.startswith("/accounts/login/"))
    if name in OF_ONE_PERSON:
        # A POST about an import that is gone leads back to the imports, and a batch of somebody else's is empty.
        return status in (404, 405) or name in OF_BATCHES or location.startswith(("/expenses/", "/accounts/"))
    return True


@pytest.mark.parametrize("role", ["stranger", "superuser"])
def test_what_is_somebody_elses_looks_like_what_does_not_exist(role, people, values):
    person, different = people[role], []
    unknown = values | dict.fromkeys(_IDS, str(ObjectId()))
    for name, pattern in patterns():
        if name not in OF_ONE_PERSON or "<int:" in pattern:
            continue
        mine = values | ({"batch": values["deleted"]} if name == "expenses:restore_batch" else {})
        other = unknown | ({"batch": "1234567890123"} if name == "expenses:restore_batch" else {})
        pairs = zip(requests_of(filled_in(pattern, mine), {}), requests_of(filled_in(pattern, other), {}), strict=True)
        for pair in pairs:
            answers = []
            for method, url, data, headers in pair:
                answer = getattr(signed_in(person), method)(url, data, **headers)
                answers.append((answer.status_code, _CHANGING.sub("", text_of(answer))))
            if answers[0] != answers[1]:
                different.append(f"{name} {pair[0][0]}: {answers[0][0]}, {answers[1][0]}")
    assert not different, "\n".join(different)


def test_a_superuser_sees_no_expense_in_the_admin(people, values):
    """The admin shows people and shared corrections, never an expense, a note, a file or a secret."""
    client, wrong = signed_in(people["superuser"]), []
    # The first two titles are shared with the reviewer.
    secrets = [*TITLES[2:], f"note {TITLES[0]}", "bank.csv", "TOPSECRET"]
    for name, pattern in patterns():
        if not name.startswith(ADMIN) or name in PUBLIC:
            continue
        path = filled_in(pattern, values, model_of(pattern))
        for method in ("get", "head"):
            answer = getattr(client, method)(path)
            if answer.status_code >= 500 or any(secret in text_of(answer) for secret in secrets):
                wrong.append(f"{name} {method} {answer.status_code}")
        client.force_login(people["superuser"])
    assert not wrong, "\n".join(wrong)


def test_the_owner_gets_every_page_for_themselves_only(people, values):
    """Each page works, its HEAD says the same without a body, and only the owner's browser may keep it."""
    owner, wrong = people["owner"], []
    for name, pattern in patterns():
        if name.startswith(ADMIN) or "<int:" in pattern:
            continue
        path = filled_in(pattern, values)
        for headers in ({}, HTMX, HTMX | {"HTTP_HX_TARGET": "inbox"}):
            client = signed_in(owner)
            got, head = (getattr(client, method)(path, **headers) for method in ("get", "head"))
            body = text_of(got)
            missing = [header for header in HEADERS if header not in got.headers]
            if name in (OF_ONE_PERSON | SIGNED_IN) - {"demo_keep"} and got.status_code not in (200, 302, 400, 405):
                wrong.append(f"{name}: {got.status_code}")
            if not PRIVATE.search(got.headers["Cache-Control"]) or missing:
                wrong.append(f"{name}: {got.headers['Cache-Control']}, without {missing}")
            if head.status_code != got.status_code or (not head.streaming and head.content) or not body:
                wrong.append(f"HEAD {name}: {head.status_code} instead of {got.status_code}")
    assert not wrong, "\n".join(wrong)


def test_the_owner_may_post_everything(people, values):
    """No form of the owner's fails, whatever else it says."""
    owner, wrong = people["owner"], []
    attack = attack_on(owner, values) | {"post": ""}
    for name, pattern in patterns():
        if name.startswith(ADMIN) or "<int:" in pattern:
            continue
        for headers in ({}, HTMX):
            answer = signed_in(owner).post(filled_in(pattern, values), attack, **headers)
            answer.close()
            if answer.status_code >= 500:
                wrong.append(f"{name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_every_view_has_a_limit_or_costs_next_to_nothing(people, values, settings):
    """docs/operations.md says what those without a limit cost, as `benchmarks.costs` measured it."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 0)
    settings.ACCOUNT_RATE_LIMITS = dict.fromkeys(EVERY_RATE_LIMIT, "0/m/ip")
    table = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    cheap = {name for name, seconds in _UNLIMITED.findall(table) if float(seconds) < MOST_SECONDS}
    free = set()
    cache.delete_pattern("*")  # pages that are kept have no limit
    for name, pattern in patterns():
        path = filled_in(pattern, values, model_of(pattern) if name.startswith(ADMIN) else "")
        person = people["superuser" if name.startswith(ADMIN) else "owner"]
        statuses = {getattr(signed_in(person), method)(path).status_code for method in ("get", "post")}
        free |= {name} if statuses - {TOO_MANY, 405} else set()
    assert free <= cheap
    assert cheap <= {name for name, _ in patterns()}, "these no longer exist"

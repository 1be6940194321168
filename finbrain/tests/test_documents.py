"""Documents of older, newer or damaged releases are shown and can be mended. They break no page."""

import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core.cache import cache
from django.db.models import Field, Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pymongo.errors import WriteError

from accounts.models import User
from classifier import recall, serving
from classifier.models import ModelVersion
from conftest import PASSWORD
from expenses.models import CurrencyInUse, Expense, ImportBatch, MonthVersion, Rate, StoredSums
from expenses.rates import forget_rates
from finbrain.core.past_the_orm import LEDGER, collection
from finbrain.tests import counting
from finbrain.tests.everything import stored_models, use_everything

GONE = object()
# The first ones are tried on every field of every model, the others where there are enough documents.
WRONG: tuple[Any, ...] = (GONE, None, "pets", ["x"], -7, 1e300, {"x": 1}, True)
ALWAYS = 4
FIELDS_AT_ONCE = 8
Damage = tuple[int, Field, Any]  # the place of the document, the field and what is written into it
# Nearly every page reads the one document of these models, so several of its fields are damaged at once. Those named
# here are damaged alone: nobody is signed in then, or the version isn't found, so nothing else of the document is read.
TOGETHER: dict[type[Model], set[str]] = {
    User: {"password", "is_active"},
    ModelVersion: {"active", "number"},
    Rate: set(),
    CurrencyInUse: set(),
}
PAGES = (
    *("/", "/expenses/", "/expenses/?month=all&sort=date", "/expenses/?month=all&q=quokka&sort=title&display=USD"),
    *("/expenses/?month=all&sort=-amount&min=1", "/expenses/?month=all&sort=category&needs_review=1"),
    *("/dashboard/?view=comparison", "/dashboard/?format=csv", "/expenses/inbox/", "/expenses/trash/"),
    *("/expenses/import/", "/expenses/suggest/?title=Quokka", "/help/", "/expenses/add/"),
    *("/accounts/settings/", "/accounts/settings/threshold/?threshold=70", "/accounts/sessions/", "/accounts/email/"),
    *("/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/2fa/recovery-codes/", "/accounts/delete/"),
    *("/expenses/budgets/", "/expenses/recurring/", "/dashboard/views/", "/expenses/export/?month=all&format=csv"),
)
# Pages that show nothing of a person but expenses.
PAGES_OF_EXPENSES = tuple(f"/expenses/export/?month=all&format={name}" for name in ("xlsx", "json", "ofx"))
SECOND_STEP_PAGES = (
    *("totp/activate", "totp/deactivate", "recovery-codes/generate", "recovery-codes/download", "webauthn/add"),
    *("reauthenticate", "webauthn/reauthenticate", "damaged"),
)


@pytest.fixture
def settings_without_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def somebody(settings_without_limits, alice):
    """Alice, who has used everything, signed in a moment ago."""
    client = Client()
    client.force_login(alice)
    use_everything(client, alice)
    client.person = alice
    return client


@pytest.fixture
def administrator(db):
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    return client


def sign_in(client: Client, person: User) -> None:
    """Sign in as somebody who has just confirmed their identity."""
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def columns_of(model: type[Model]) -> set[str]:
    return {field.column for field in model._meta.concrete_fields}


def documents_of(model: type[Model], person: User) -> list[dict[str, Any]]:
    """The person's documents of a model, or all if the model isn't about people."""
    whose = {LEDGER, "user_id"} & columns_of(model)
    return list(
        collection(model).find({"_id": person.pk} if model is User else dict.fromkeys(whose, person.pk)).sort("_id")
    )


def turns(fields: list[Field], count: int, several: bool) -> Iterator[list[Damage]]:
    """What is damaged at a time in `count` documents: one field of each, or all fields (`several`)."""
    values = WRONG[: max(ALWAYS, count)]
    if several:
        for turn in range(-(-len(values) // count)):
            shifted = range(turn * count, (turn + 1) * count)
            yield [
                (place, field, values[(shift + number) % len(values)])
                for place, shift in enumerate(shifted)
                for number, field in enumerate(fields)
            ]
    else:
        every = [(field, value) for value in values for field in fields]
        for start in range(0, len(every), count):
            yield [(place, *damage) for place, damage in enumerate(every[start : start + count])]


def damaged(model: type[Model], fields: list[Field], person: User) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Damage the fields in the person's documents. Yields what was damaged and the documents, then mends them."""
    rows, documents = collection(model), documents_of(model, person)
    assert documents, f"`use_everything` leaves no {model._meta.label}"
    for turn in turns(fields, len(documents), several=model in TOGETHER and len(fields) > 1):
        for place, field, value in turn:
            change = {"$unset": {field.column: ""}} if value is GONE else {"$set": {field.column: value}}
            with suppress(WriteError):  # then MongoDB doesn't store such a document
                rows.update_one({"_id": documents[place]["_id"]}, change)
        forget_caches(person, all_months=model not in (MonthVersion, StoredSums))
        said = ", ".join(f"{field.name}={'gone' if value is GONE else repr(value)}" for _, field, value in turn)
        yield said, list(rows.find({"_id": {"$in": [document["_id"] for document in documents]}}))
        for document in documents:
            rows.replace_one({"_id": document["_id"]}, document, upsert=True)


def forget_caches(person: User, *, all_months: bool) -> None:
    """Make every process read the database again, as if the documents had always been like this."""
    if all_months:
        collection(MonthVersion).update_many({}, {"$set": {"token": str(timezone.now())}})
    cache.delete_pattern("*")
    recall.forget_copies(person.pk)
    serving.forget_model()
    forget_rates()


def parts() -> Iterator[Any]:
    """Every model with a few of its fields at a time, so that no test takes minutes."""
    for model in stored_models():
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        alone = [field for field in fields if field.name in TOGETHER.get(model, ())]
        together = [field for field in fields if field not in alone]
        for start in range(0, len(together), FIELDS_AT_ONCE):
            yield pytest.param(model, together[start : start + FIELDS_AT_ONCE], id=f"{model._meta.label}-{start}")
        for field in alone:
            yield pytest.param(model, [field], id=f"{model._meta.label}-{field.name}")


@pytest.mark.parametrize(("model", "fields"), list(parts()))
def test_no_page_fails_whatever_a_field_holds(model, fields, somebody, administrator):
    """`make test-long` damages each field alone."""
    walk(model, fields, somebody, administrator)


@pytest.mark.long
@pytest.mark.parametrize("model", TOGETHER, ids=lambda model: model._meta.label)
def test_no_page_fails_whatever_one_field_alone_holds(model, somebody, administrator):
    for field in model._meta.concrete_fields:
        if not field.primary_key:
            walk(model, [field], somebody, administrator)


def walk(model, fields, somebody, administrator) -> None:
    """Ask for every page with each of the fields damaged in each way."""
    failed, paths = [], readers_of(model, somebody)
    for said, documents in damaged(model, fields, somebody.person):
        sign_in(somebody, somebody.person)  # a damaged password has ended the session
        if model is User and len(fields) > 1:
            assert somebody.get("/expenses/").status_code == 200, said
        failed += [f"{said}: {page}" for page in broken_pages(model, paths, documents, somebody, administrator)]
    assert not failed, "\n".join(failed)


def readers_of(model, client) -> list[str]:
    """The pages that read the model's collection, or what is kept of it. No other page can fail because of it."""
    paths = [*PAGES, *(f"/expenses/import/{batch}/" for batch in _ids(ImportBatch, client.person))]
    found = []
    for path in paths if model is not User else ():
        forget_caches(client.person, all_months=True)
        sign_in(client, client.person)
        with counting.database_calls() as calls:
            content_of(client.get(path))
        if model._meta.db_table in calls.collections:
            found.append(path)
    return paths if model is User else found


def broken_pages(model, paths, documents, client, administrator) -> Iterator[str]:
    requests = [(client, "get", path, {}) for path in paths]
    requests.append((client, "post", "/accounts/download/", {}))
    if model is Expense:
        requests += [(client, "get", path, {}) for path in PAGES_OF_EXPENSES]
        requests += _requests_of_expenses(client, documents)
    if model in admin.site._registry or model._meta.app_label in ("auth", "admin", "contenttypes"):
        requests += [(administrator, "get", path, {}) for path in _admin_pages(model, documents)]
    if model is Authenticator:
        requests += [(client, "get", path, {}) for path in _pages_of_second_steps(documents)]
    for who, method, path, data in requests:
        try:
            answer = getattr(who, method)(path, data)
            body = content_of(answer)
            if answer.status_code >= 500 or (method == "get" and answer.status_code == 200 and not body):
                yield f"{path} {answer.status_code}"
        except Exception as error:
            where = error.__traceback__
            while where.tb_next:
                where = where.tb_next
            yield f"{path} {error!r} in {where.tb_frame.f_code.co_filename.rpartition('/')[2]}:{where.tb_lineno}"


def content_of(answer) -> bytes:
    with closing(answer):
        return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _ids(model, person) -> list[Any]:
    return [row["_id"] for row in collection(model).find({LEDGER: person.pk}, {"_id": 1})]


def _admin_pages(model, documents) -> Iterator[str]:
    yield reverse("admin:index")
    if model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        for document in documents[: len(WRONG)]:
            key = document["_id"].date() if hasattr(document["_id"], "date") else document["_id"]
            yield from (reverse(f"{name}_{page}", args=[key]) for page in ("change", "history", "delete"))


def _pages_of_second_steps(documents) -> Iterator[str]:
    yield from (f"/accounts/2fa/{page}/" for page in SECOND_STEP_PAGES)
    for document in documents:
        yield from (f"/accounts/2fa/webauthn/keys/{document['_id']}/{page}/" for page in ("edit", "remove"))


def _requests_of_expenses(client, documents) -> list[tuple]:
    ids = [str(document["_id"]) for document in documents]
    every = [(client, "get", f"/expenses/{one}/edit/", {}) for one in ids[:8]]
    every += [(client, "post", f"/expenses/{one}/category/", {"category": "food-drinks"}) for one in ids[:8]]
    every += [(client, "post", "/expenses/inbox/review/", {"id": one, "category": "other"}) for one in ids[8:16]]
    several = [{"action": "category", "category": "transportation"}, {"action": "delete"}]
    every += [(client, "post", "/expenses/several/", {"ids": ids[:16], **action}) for action in several]
    every += [(client, "post", f"/expenses/{one}/restore/", {}) for one in ids[16:24]]
    return every + [(client, "post", f"/expenses/{one}/delete/", {}) for one in ids[:8]]

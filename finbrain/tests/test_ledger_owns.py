"""Below `views/access.py`, code asks the ledger, not the person, for what is the ledger's."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from accounts.models import User
from expenses.people.ledger_settings import SETTINGS

# What is a ledger's, although it is stored with the person whose own ledger it is (docs/decisions/ledgers.md).
LEDGERS = {*SETTINGS, "own_rates", "rules", "own_categories", "plan"}
# What is a person's: how FinBrain looks and talks to them, how they sign in, and what they asked not to see again.
PERSONS = {
    *("id", "email", "first_name", "last_name", "password", "last_login", "date_joined", "links_stopped_at"),
    *("is_active", "is_staff", "is_superuser", "void_stop_links", "demo_expires_at"),
    *("language", "theme", "time_zone", "saved_views", "share_feedback"),
    *("monthly_summary", "summary_month", "reminders", "weekly_insights", "insights_week", "emailed_on"),
    *("dismissed_insights", "answered_questions", "calendar_key", "calendar_amounts"),
}
# The module that knows where a ledger's own is stored, and the one that proposes its settings when a person signs up.
PLACES = ("expenses/people/ledger_settings.py", "expenses/people/welcome.py")
# What may be asked of a person besides: methods, and what every person has.
ALSO = {
    *("pk", "is_authenticated", "is_demo", "_meta", "groups", "user_permissions"),
    *("save", "delete", "set_unusable_password"),
}
# Where a person's id may go: limits, signatures, feedback, and rows of their account.
TAKES_ID = {"limit", "partial", "str", "contributor", "_pending_feedback", "count_devices"}
TAKES_ID_AS = {"user_id", "pk"}
LOOK_UPS = {"filter", "get", "exclude", "get_or_create", "update_or_create"}


def modules() -> Iterator[tuple[str, str]]:
    """The name and source of each module of the applications."""
    for app in ("accounts", "classifier", "expenses", "finbrain"):
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            if "/tests/" not in name and "/migrations" not in name:
                yield name, path.read_text()


def taken_from_people(source: str) -> list[str]:
    """The expressions that ask a person for what isn't theirs, or use their id as that of a ledger."""
    tree = ast.parse(source)
    arguments = (node for node in ast.walk(tree) if isinstance(node, ast.arg) and node.annotation)
    people = {"user", "person"} | {
        node.arg for node in arguments if re.search(r"\bUser\b", ast.unparse(node.annotation))
    }

    def is_person(node: ast.AST) -> bool:
        return getattr(node, "id", getattr(node, "attr", "")) in people

    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_person(node.value) and node.attr not in PERSONS | ALSO:
            found.append(ast.unparse(node))
        if isinstance(node, ast.Call) and _passes_on(node, is_person):
            found.append(ast.unparse(node))
    return found


def _passes_on(call: ast.Call, is_person) -> bool:
    """Whether a call gets a person's id where a ledger's belongs, or reads or writes what is a ledger's in User."""
    called = ast.unparse(call.func)
    if called.startswith(("User.objects.", "collection(User)")):
        said = {each.value for each in ast.walk(call) if isinstance(each, ast.Constant)}
        values = [ast.unparse(each.value) for each in call.keywords]
        return bool(LEDGERS & (said | {each.arg for each in call.keywords})) or "ledger.id" in values
    named = [(each.arg, each.value) for each in call.keywords]
    for name, value in [*(("", each) for each in call.args), *named]:
        is_id = isinstance(value, ast.Attribute) and value.attr in ("pk", "id") and is_person(value.value)
        if is_id and name not in TAKES_ID_AS and called.rpartition(".")[2] not in TAKES_ID:
            return True
    return False


def raw_look_ups(source: str) -> list[str]:
    """The calls that look rows up by the column of the ledger, instead of `objects.of(ledger)`."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOOK_UPS
        and any(each.arg and each.arg.startswith("ledger_id") for each in node.keywords)
    ]


def test_it_is_decided_whose_each_field_is():
    assert {field.name for field in User._meta.concrete_fields} == LEDGERS | PERSONS
    assert not LEDGERS & PERSONS


def test_code_asks_the_ledger_for_what_is_its_own():
    looked = {name: taken_from_people(source) for name, source in modules() if name.startswith("expenses/")}
    assert len(looked) > 250
    assert {name: found for name, found in looked.items() if found and name not in PLACES} == {}
    assert looked[PLACES[0]], "the search finds what is there"


def test_templates_ask_the_ledger_for_what_is_its_own():
    taken = re.compile(rf"\buser\.({'|'.join(sorted(LEDGERS))})\b")
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    assert [path.name for path in pages if taken.search(path.read_text())] == []


@pytest.mark.parametrize(
    "source",
    [
        "request.user.plan = ''",
        "home = person.home_currency",
        "def f(reader: User):\n    return reader.rules",
        "find_series(request.user.pk)",
        "Expense.objects.filter(ledger_id=user.pk)",
        "User.objects.filter(pk=key).update(plan='')",
        "person = User.objects.get(pk=ledger.id)",
        "collection(User).update_one({'_id': key}, {'$set': {'own_rates': []}})",
    ],
)
def test_what_is_taken_from_a_person_is_seen(source):
    assert taken_from_people(source)


def test_rows_are_looked_up_through_their_ledger():
    raw = {name: raw_look_ups(source) for name, source in modules() if name != "finbrain/core/of_ledger.py"}
    assert {name: found for name, found in raw.items() if found and "/models/" not in name} == {}


@pytest.mark.parametrize("source", ["Pair.objects.filter(ledger_id=key)", "Pair.objects.get(pk=1, ledger_id__in=keys)"])
def test_a_raw_look_up_is_seen(source):
    assert raw_look_ups(source)


def test_every_model_of_a_ledger_has_the_look_up():
    from django.apps import apps

    of_ledgers = [model for model in apps.get_models() if any(f.name == "ledger_id" for f in model._meta.fields)]
    assert len(of_ledgers) >= 9
    assert [m.__name__ for m in of_ledgers if m._meta.pk.name != "ledger_id" and not hasattr(m.objects, "of")] == []

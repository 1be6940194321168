"""The dearest allowed request to each view, for `benchmarks.costs`."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from benchmarks.cost_files import largest_files

# Pages; steps of long work; views without a limit.
PAGE, STEP, CHEAP = 0.3, 1.5, 0.05
UNPROCESSABLE = 422

# View, worst input, name in RATE_LIMITS or limit, most seconds (0: streamed, not limited), function that asks.
Case = tuple[str, str, str, float, Callable[[], Any]]


class Person:
    """Somebody with a browser inside this process."""

    def __init__(self, email: str) -> None:
        from django.test import Client

        from accounts.models import User

        self.user, self.client = User.objects.get(email=email), Client(SERVER_NAME="localhost")
        self.client.force_login(self.user)

    def get(self, path: str) -> Any:
        return self.read(self.client.get(path))

    def post(self, path: str, **values: Any) -> Any:
        return self.read(self.client.post(path, values))

    def read(self, answer: Any) -> Any:
        if answer.streaming:
            for _ in answer.streaming_content:
                pass
        if answer.status_code >= 400 and answer.status_code != UNPROCESSABLE:
            raise SystemExit(f"{answer.request['PATH_INFO']} answered {answer.status_code}.")
        return answer

    def upload(self, data: bytes, name: str) -> Any:
        """Upload a file, which leads to its draft."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        return self.post("/expenses/import/", file=SimpleUploadedFile(name, data))

    def add(self, headers: dict[str, str] | None = None, **more: str) -> Any:
        """Add an expense. headers: of htmx, which gets the list. more: further fields."""
        from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH

        title, note = ("taxi " * NOTE_LENGTH)[:TITLE_LENGTH].strip(), ("word " * NOTE_LENGTH)[:NOTE_LENGTH].strip()
        values = {"title": title, "note": note, "amount": "58", "currency": "EUR", "spent_on": date.today().isoformat()}
        return self.read(self.client.post("/expenses/add/", values | more, headers=headers or {}))

    def confirm(self) -> None:
        """Show who they are again, as a deletion asks."""
        from benchmarks.seed import PASSWORD

        if asked := self.client.get("/accounts/delete/").get("Location"):
            self.post(asked, password=PASSWORD)


def pages(ada: Person, expenses: int) -> Iterator[Case]:
    """Views of people with many expenses. Nothing that they show is kept."""
    from expenses.months import add_months

    every, today = "month=all", date.today()
    month, years = f"{today:%Y-%m}", f"from={add_months(today.replace(day=1), -23):%Y-%m}&to={today:%Y-%m}"
    ada.get("/expenses/")  # which loads what every process loads once
    for worst, query in {
        f"two cold years of {expenses:,}": every,
        "search for a rare word": f"{every}&q=lotusrare",
        "search for a frequent word": f"{every}&q=market",
        "filters, sorted by title": f"{every}&min=1&sort=title",
    }.items():
        yield "list", worst, "list", PAGE, lambda query=query: ada.get(f"/expenses/?{query}")
    for worst, query in {
        "one month": f"month={month}",
        "two cold years": years,
        "comparison, two cold years": f"{years}&view=comparison",
        "cash flow, two cold years": f"{years}&view=cashflow",
        "CSV, two cold years": f"{years}&format=csv",
    }.items():
        yield "dashboard", worst, "dashboard", PAGE, lambda query=query: ada.get(f"/dashboard/?{query}")
    yield "inbox", "thousands to review", "list", PAGE, lambda: ada.get("/expenses/inbox/")
    yield "trash", "50 rows", "list", PAGE, lambda: ada.get("/expenses/trash/")
    yield "suggestion", "200 characters", "suggest", PAGE, lambda: ada.get(f"/expenses/suggest/?title={'taxi%20' * 40}")
    yield "settings", "", "settings", PAGE, lambda: ada.get("/accounts/settings/")
    yield "own rates", "", "settings", PAGE, lambda: ada.get("/accounts/settings/rates/")
    yield "threshold", "", "settings", PAGE, lambda: ada.get("/accounts/settings/threshold/?threshold=70")
    yield "imports", "", "preview", PAGE, lambda: ada.get("/expenses/import/")
    for name in ("csv", "xlsx", "json", "ofx"):
        path = f"/expenses/export/?{every}&format={name}"
        yield f"export, {name.upper()}", f"{expenses:,} rows", "export", 0, lambda path=path: ada.get(path)
    yield "download", f"{expenses:,} rows", "download", 0, lambda: ada.post("/accounts/download/")


def changes(ada: Person) -> Iterator[Case]:
    """What changes one expense."""
    from expenses.models import Expense

    path = f"/expenses/{Expense.objects.filter(ledger_id=ada.user.pk)[0].pk}"
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://localhost/expenses/?month=all"}
    yield "add", "longest title and note", "write", PAGE, ada.add
    yield "add", "half of a transfer", "write", PAGE, lambda: ada.add(kind="received", title="Savings")
    yield "add", "the list comes back", "write", PAGE, lambda: ada.add(htmx)
    yield "edit", "", "write", PAGE, lambda: ada.get(f"{path}/edit/")
    yield "choose a category", "", "write", PAGE, lambda: ada.post(f"{path}/category/", category="transport")
    yield "delete an expense", "", "write", PAGE, lambda: ada.post(f"{path}/delete/")
    yield "restore an expense", "", "write", PAGE, lambda: ada.post(f"{path}/restore/")


def accounts(ada: Person) -> Iterator[Case]:
    """Views of the account. What guesses passwords or sends emails has further limits."""
    from django.test import Client

    from benchmarks.seed import PASSWORD

    ada.confirm()
    for name, path in {
        "email address": "email/",
        "second steps": "2fa/",
        "authenticator app": "2fa/totp/activate/",
        "passkeys": "2fa/webauthn/",
        "sessions": "sessions/",
        "password": "password/change/",
    }.items():
        yield name, "the page", "account", PAGE, lambda path=path: ada.get(f"/accounts/{path}")
    again = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    yield "password", "a change", "account", PAGE, lambda: ada.post("/accounts/password/change/", **again)
    asks = {"email": ada.user.email}
    yield "password reset", "a request", "account", PAGE, lambda: ada.post("/accounts/password/reset/", **asks)
    right = {"login": ada.user.email, "password": PASSWORD}
    yield (
        "sign-in",
        "the right password",
        "account",
        PAGE,
        lambda: Client(SERVER_NAME="localhost").post("/accounts/login/", right),
    )
    typed = {"password": "correct horse battery staple " * 4}
    strength = "/accounts/password/strength/"
    yield "password strength", "116 characters", "300 a minute", PAGE, lambda: ada.post(strength, **typed)


def cheap(ada: Person) -> Iterator[Case]:
    """The views without a limit, by the names of their URLs."""
    from django.test import Client

    somebody, language = Client(SERVER_NAME="localhost"), {"language": "he", "next": "/"}
    for path in ("/", "/help/"):  # which load what every process loads once
        ada.read(somebody.get(path))
    yield "`home`", "", "none", CHEAP, lambda: ada.read(somebody.get("/"))
    yield "`help:index`", "", "none", CHEAP, lambda: ada.get("/help/")
    yield "`help:page`", "", "none", CHEAP, lambda: ada.get("/help/importing/")
    yield "`set_language`", "", "none", CHEAP, lambda: ada.read(somebody.post("/i18n/setlang/", language))
    yield "`heartbeat`", "", "none", CHEAP, lambda: ada.post("/accounts/heartbeat/")


def imports(ada: Person, rows: int) -> Iterator[Case]:
    """The steps of imports, in their order."""
    paths: dict[str, str] = {}
    files = largest_files(rows)
    for kind, (name, data) in files.items():
        what = f"{rows:,} rows, {kind}"

        def upload(kind: str = kind, name: str = name, data: bytes = data) -> None:
            answer = ada.upload(data, name)
            paths[kind] = answer.url if answer.status_code < UNPROCESSABLE else ""

        yield "upload", what, "import", STEP, upload
        if path := paths[kind]:
            yield "draft, first time", what, "plan", STEP, lambda path=path: forget_plan(ada.get, path)
            read_to_the_end(ada, path)
            yield "draft, again", what, "preview", PAGE, lambda path=path: ada.get(path)
    name, data = files["CSV of FinBrain"]
    path, what = ada.upload(data, name).url, f"{rows:,} rows"
    sent = draft_form(path)
    read_to_the_end(ada, path)
    yield "import, first step", what, "import_step", STEP, lambda: ada.post(f"{path}run/", **sent)
    yield "import, next step", what, "import_step", STEP, lambda: ada.post(f"{path}run/")
    go_on(ada, path, "run", "done")
    yield "undo, a step", what, "import_step", STEP, lambda: ada.post(f"{path}undo/")
    go_on(ada, path, "undo", "undone")
    yield "restore, a step", what, "import_step", STEP, lambda: ada.post(f"{path}restore/")


def whole_ledger(ada: Person, expenses: int) -> Iterator[Case]:
    """What changes everything that a person has, ending with the account."""
    everything = {"all": "1", "query": "?month=all"}
    file = everything | {"action": "category", "category": "transport"}
    yield "several, category step", f"{expenses:,}", "write", STEP, lambda: ada.post("/expenses/several/", **file)
    delete = everything | {"action": "delete"}
    yield "several, delete step", f"{expenses:,}", "write", STEP, lambda: ada.post("/expenses/several/", **delete)
    ada.confirm()
    yield "delete account", "what it deletes", "leave", PAGE, lambda: ada.get("/accounts/delete/")
    sent = {"understood": "on"}
    yield "delete account step", f"{expenses:,}", "leave", STEP, lambda: ada.post("/accounts/delete/", **sent)


def batch_at(path: str) -> Any:
    from expenses.models import ImportBatch

    return ImportBatch.objects.filter(pk=path.rstrip("/").rpartition("/")[2])


def draft_form(path: str) -> dict[str, Any]:
    """The form that the page of a draft sends."""
    from expenses.forms.imports import preview_values
    from expenses.importing.choices import Choices

    return preview_values(Choices.of(batch_at(path).get().choices))


def read_to_the_end(ada: Person, path: str) -> None:
    """Take the steps that are left of reading a draft."""
    while b'id="reading"' in ada.get(path).content:
        pass


def go_on(ada: Person, path: str, way: str, state: str) -> None:
    """Take the steps that are left of an import or its undo."""
    while (now := batch_at(path).get().state) != state:
        if now == "draft":
            raise SystemExit("The import has not begun.")
        ada.post(f"{path}{way}/")


def forget_plan(ask: Callable[[str], Any], path: str) -> None:
    batch_at(path).update(plan_key="")
    ask(path)

"""Every response says who may embed it, what it may use and who may keep it."""

import pytest

from expenses.tests.making import make_expense

PERSON = ("/", "/expenses/", "/expenses/inbox/", "/expenses/suggest/?title=tea", "/expenses/trash/", "/dashboard/")
FRAGMENTS = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "inbox"}


def directives(answer) -> set[str]:
    return {part.strip() for part in answer["Cache-Control"].split(",")}


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/no-such-page/", "/static/css/app.css", "/admin/login/"])
def test_nothing_is_for_other_sites(client, db, path):
    answer = client.get(path)
    answer.close()  # a static file stays open otherwise
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"camera=()", "geolocation=()", "payment=()"} <= set(answer["Permissions-Policy"].split(", "))
    assert "publickey" not in answer["Permissions-Policy"]


@pytest.mark.parametrize("headers", [{}, FRAGMENTS], ids=["page", "fragment"])
@pytest.mark.parametrize("path", PERSON)
def test_the_pages_of_a_person_are_for_their_browser_alone(client_alice, alice, path, headers):
    make_expense(alice)  # without any, the start page leads to the list
    answer = client_alice.get(path, **headers)
    assert answer.status_code == 200
    assert {"private", "no-cache"} <= directives(answer)
    assert "public" not in directives(answer)


def test_a_view_may_say_more(client_alice):
    assert "no-store" in directives(client_alice.get("/accounts/settings/"))


def test_static_files_may_be_kept_by_anybody(client, db):
    answer = client.get("/static/css/app.css")
    answer.close()
    assert answer.status_code == 200
    assert "private" not in directives(answer)


@pytest.mark.parametrize(
    "path", [*PERSON, "/accounts/settings/", "/accounts/settings/threshold/?threshold=70", "/help/"]
)
def test_head_says_what_get_says_and_warns_nobody(client_alice, alice, caplog, path):
    make_expense(alice)
    got, head = client_alice.get(path), client_alice.head(path)
    assert (head.status_code, head["Cache-Control"], head.content) == (200, got["Cache-Control"], b"")
    assert [line for line in caplog.records if line.levelname in ("WARNING", "ERROR")] == []

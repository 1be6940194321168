"""Pages only run our own files. The admin's theme may do more."""

import pytest

from finbrain.middleware import csp


def sources(response) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/expenses/no-such-page/", "/admin-of-others/"])
def test_a_page_runs_our_own_files_only(client, db, path):
    policy = sources(client.get(path))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & {value for values in policy.values() for value in values}


def test_the_admin_may_do_what_its_theme_needs_and_no_more(client, db):
    page, admin = sources(client.get("/")), sources(client.get("/admin/login/"))
    assert admin.pop("script-src") == ["'self'", "'unsafe-eval'", "'unsafe-inline'"]
    assert admin.pop("style-src") == ["'self'", "'unsafe-inline'"]
    assert admin.items() <= page.items()


def test_a_policy_that_a_view_has_set_stays(rf):
    def view(request):
        response = csp.HttpResponse()
        response.headers["Content-Security-Policy"] = "sandbox"
        return response

    assert sources(csp.ContentSecurityPolicy(view)(rf.get("/"))) == {"sandbox": []}


@pytest.mark.parametrize(("debug", "status", "kept"), [(True, 404, False), (True, 200, True), (False, 404, True)])
def test_djangos_debug_pages_keep_their_styles(rf, settings, debug, status, kept):
    settings.DEBUG = debug
    response = csp.ContentSecurityPolicy(lambda request: csp.HttpResponse(status=status))(rf.get("/"))
    assert ("Content-Security-Policy" in response.headers) is kept

"""On every account page, in light and dark, axe finds nothing and nothing is wider than the screen."""

from datetime import date
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from conftest import PASSWORD
from expenses.models.own_rates import LedgerRate
from expenses.people.ledger_settings import personal_ledger, save_own_rates
from finbrain.tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = axe.OPTIONS | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PUBLIC = (
    "signup/",
    "login/",
    "password/reset/",
    "password/reset/done/",
    "confirm-email/",
    "confirm-email/unknown/",
    "email/confirm/unknown/",
    "summary/unsubscribe/unknown/",
    "inactive/",
)
OWN = (
    "settings/",
    "settings/rates/",
    "email/",
    "password/change/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/totp/deactivate/",
    "2fa/recovery-codes/",
    "2fa/recovery-codes/generate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "sessions/",
    "delete/",
    "reauthenticate/",
    "logout/",
)
SCREENS = [(360, "dark"), (768, "light")]


def faults(page: Page, path: str) -> list[str]:
    page.goto(f"/accounts/{path}")
    found = [f"{path}: {violation['id']}" for violation in Axe().run(page, options=RULES).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path}: wider than the screen")
    return found


def sign_in(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("alice@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "login" not in url)
    return page


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_pages_for_everybody(new_context, live_server, db, width, scheme):
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    assert [fault for path in PUBLIC for fault in faults(page, path)] == []


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_pages_about_oneself(new_context, live_server, alice, width, scheme):
    rates = [LedgerRate(date(2026, 9, 30), "USD", Decimal("1250.12345678"), "ARS", "ARS")]
    save_own_rates(personal_ledger(alice), rates)
    page = sign_in(new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
    found = [fault for path in OWN if path != "2fa/totp/deactivate/" for fault in faults(page, path)]
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    RecoveryCodes.activate(alice)
    found += [fault for path in OWN if path.startswith("2fa/") for fault in faults(page, path)]
    assert found == []

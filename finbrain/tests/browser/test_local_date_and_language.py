"""The visitor's local date and language, before anybody signs in."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_new_expense_is_of_today_where_the_person_is(new_context, real_model):
    """The two zones are 25 hours apart, so never on the same day."""
    days = [day_of_the_form(new_context(timezone_id=zone)) for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")]
    assert days[0] > days[1]


def day_of_the_form(context) -> str:
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Try the demo").click()
    expect(page).to_have_url(re.compile("/dashboard/"))
    page.goto("/expenses/")
    return page.locator("#quick-add [name=spent_on]").input_value()


def test_the_language_can_be_chosen_before_signing_in(page):
    page.goto("/accounts/login/?next=/expenses/")
    page.get_by_role("button", name="עברית").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/expenses/$"))
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "he")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")

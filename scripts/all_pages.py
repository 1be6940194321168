"""Pictures of every page as a new user sees it, at three widths, light and dark, in every language.

Look through them after a change to how pages look.
"""

from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from scripts.camera import ROOT, enter_demo, filled_in, settle

FOLDER = ROOT / "test-results" / "screenshots"
WIDTHS = (360, 768, 1440)
THEMES = ("light", "dark")
LOCALES = {"en": "en-GB", "he": "he-IL"}
PUBLIC = {
    "landing": "/",
    "signup": "/accounts/signup/",
    "login": "/accounts/login/",
    "help": "/help/",
    "help-page": "/help/importing/",
    "missing": "/expenses/nothing/edit/",
}
PRIVATE = {
    "dashboard": "/dashboard/",
    "dashboard-half-year": "/dashboard/?view=comparison&{half_year}",
    "dashboard-two-years": "/dashboard/?view=comparison&{two_years}",
    "dashboard-cash-flow": "/dashboard/?view=cashflow&{half_year}",
    "dashboard-one-category": "/dashboard/?category=food-drinks&{half_year}",
    "dashboard-empty": "/dashboard/?month=2001-01",
    "expenses": "/expenses/",
    "expenses-moved": "/expenses/?kind=moved",
    "expenses-received": "/expenses/?kind=received",
    "expenses-filtered": "/expenses/?month=all&category=food-drinks&q=coffee",
    "expenses-empty": "/expenses/?month=2001-01",
    "inbox": "/expenses/inbox/",
    "recurring": "/expenses/recurring/",
    "series": "/expenses/recurring/new/",
    "budgets": "/expenses/budgets/",
    "budget": "/expenses/budgets/new/",
    "goal": "/expenses/budgets/goals/new/",
    "import": "/expenses/import/",
    "trash": "/expenses/trash/",
    "settings": "/accounts/settings/",
    "own-rates": "/accounts/settings/rates/",
    "categories": "/accounts/settings/categories/",
    "help-signed-in": "/help/importing/",
}


def shoot_all(browser: Browser, site: str) -> None:
    for language, locale in LOCALES.items():
        demo = browser.new_context(base_url=site, locale=locale)
        enter_demo(demo.new_page())
        state = demo.storage_state()
        for width, theme in product(WIDTHS, THEMES):
            for pages, known in ((PUBLIC, None), (PRIVATE, state)):
                page = _new_page(browser, site, width, theme, known, locale)
                for name, path in pages.items():
                    page.goto(filled_in(path))
                    _shoot(page, FOLDER / f"{name}-{width}-{theme}-{language}.png")
                page.context.close()


def _new_page(browser: Browser, site: str, width: int, theme: Any, state: Any, locale: str) -> Page:
    return browser.new_context(
        base_url=site,
        viewport={"width": width, "height": 800 if width > 500 else 720},
        color_scheme=theme,
        storage_state=state,
        locale=locale,
        reduced_motion="reduce",
    ).new_page()


def _shoot(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    settle(page)
    page.screenshot(path=path, full_page=True)
    print(path.relative_to(ROOT))

"""Takes pictures of every page of a running FinBrain, as new users see them: `make run`, then `make screenshots`.

Starts a demo, then visits each page at phone, tablet and desktop width, in light and dark. Saves the pictures to
`test-results/screenshots/`; `--readme` saves only the README's pictures, to `docs/images/`.
"""

import argparse
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

Theme = Literal["light", "dark"]

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = (360, 768, 1440)
THEMES: tuple[Theme, ...] = ("light", "dark")
PUBLIC = {
    "landing": "/",
    "signup": "/accounts/signup/",
    "login": "/accounts/login/",
    "missing": "/expenses/nothing/edit/",
}
PRIVATE = {
    "dashboard": "/dashboard/",
    "dashboard-half-year": "/dashboard/?view=comparison&{half_year}",
    "dashboard-two-years": "/dashboard/?view=comparison&{two_years}",
    "dashboard-one-category": "/dashboard/?category=food-drinks&{half_year}",
    "dashboard-empty": "/dashboard/?month=2001-01",
    "expenses": "/expenses/",
    "expenses-filtered": "/expenses/?month=all&category=food-drinks&q=coffee",
    "expenses-empty": "/expenses/?month=2001-01",
    "inbox": "/expenses/inbox/",
    "import": "/expenses/import/",
    "trash": "/expenses/trash/",
    "settings": "/accounts/settings/",
}
README = {"dashboard": "/dashboard/", "expenses": "/expenses/"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default=f"http://localhost:{os.environ.get('PORT', '8000')}")
    parser.add_argument("--readme", action="store_true")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=sandbox)
        if options.readme:
            shoot_readme(browser, options.site, ROOT / "docs" / "images")
        else:
            shoot_all(browser, options.site, ROOT / "test-results" / "screenshots")
        browser.close()


def shoot_readme(browser: Browser, site: str, folder: Path) -> None:
    page = new_page(browser, 1280, "light")
    enter_demo(page, site)
    for name, path in README.items():
        page.goto(site + path)
        shoot(page, folder / f"{name}.png", full_page=False)


def shoot_all(browser: Browser, site: str, folder: Path) -> None:
    visitor = new_page(browser, 1440, "light")
    enter_demo(visitor, site)
    ranges = {"half_year": last_months(6), "two_years": last_months(24)}
    state = visitor.context.storage_state()
    for width in WIDTHS:
        for theme in THEMES:
            for pages, known in ((PUBLIC, None), (PRIVATE, state)):
                page = new_page(browser, width, theme, known)
                for name, path in pages.items():
                    page.goto(site + path.format(**ranges))
                    shoot(page, folder / f"{name}-{width}-{theme}.png", full_page=True)
                page.context.close()


def last_months(count: int) -> str:
    """The query for the last `count` months, including this one."""
    today = date.today()
    first = today.year * 12 + today.month - count
    return f"from={first // 12}-{first % 12 + 1:02}&to={today:%Y-%m}"


def new_page(browser: Browser, width: int, theme: Theme, state: StorageState | None = None) -> Page:
    height = 800 if width > 500 else 720
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, storage_state=state, reduced_motion="reduce"
    )
    return context.new_page()


def enter_demo(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("form[action='/accounts/demo/'] button").first.click()
    page.wait_for_url("**/dashboard/**")


def shoot(page: Page, path: Path, *, full_page: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, full_page=full_page)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()

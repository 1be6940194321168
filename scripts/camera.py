"""What scripts need to picture pages of a running FinBrain: its browser, fonts, a demo account, months."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
# Debian has them as fonts-inter and fonts-noto-core.
_FONTS = """<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>{folder}</dir>
<match>
  <test name="family" compare="not_eq"><string>monospace</string></test>
  <edit name="family" mode="prepend" binding="strong"><string>Inter</string><string>Noto Sans Hebrew</string></edit>
</match>
</fontconfig>
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium that sets pages in Inter and Noto Sans Hebrew, from the system or .data/fonts/, if they are there."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as fonts, sync_playwright() as playwright:
        fonts.write(_FONTS.format(folder=ROOT / ".data" / "fonts"))
        fonts.flush()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=sandbox, env={**os.environ, "FONTCONFIG_FILE": fonts.name}
        )
        yield browser
        browser.close()


def enter_demo(page: Page) -> None:
    page.goto("/")
    page.locator("form[action='/accounts/demo/'] button").first.click()
    page.wait_for_url("**/dashboard/**")


def settle(page: Page) -> None:
    """Wait until nothing is loaded or drawn any more, with the mouse over nothing."""
    page.mouse.move(0, 0)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def filled_in(path: str) -> str:
    """The path with the months of today in place of {last_month}, {half_year} and {two_years}."""
    return path.format(half_year=_last_months(6), two_years=_last_months(24), last_month=_month_before(1))


def _last_months(count: int) -> str:
    """The query for as many months up to this one."""
    return f"from={_month_before(count - 1)}&to={_month_before(0)}"


def _month_before(count: int) -> str:
    today = date.today()
    number = today.year * 12 + today.month - 1 - count
    return f"{number // 12}-{number % 12 + 1:02}"

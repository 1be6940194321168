"""Take the pictures of the documents, which docs/images/pictures.toml lists: `make screenshots`.

They come from the site that `make run` serves from this checkout, or from one of its own. Pictures that are not listed
are deleted. ARGS="home list" takes only these two, ARGS=--all every page instead (all_pages.py).
"""

import argparse
import io
import tomllib
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from scripts.all_pages import LOCALES, shoot_all
from scripts.camera import ROOT, chromium, enter_demo, filled_in, settle
from scripts.own_site import own_site, running_site

IMAGES = ROOT / "docs" / "images"
FOLDERS = {"picture": IMAGES / "guide", "readme": IMAGES, "landing": ROOT / "static" / "img" / "landing"}
LARGEST = 250_000
COLOURS = 256
MARGIN = 12
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
# What a person's own account does not show, and the room that is kept for a scrollbar.
TIDY = """addEventListener("DOMContentLoaded", () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("html { scrollbar-gutter: auto } .demo-bar { display: none }");
  document.adoptedStyleSheets.push(sheet);
})"""
Picture = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="the pictures to take; all that are listed without any")
    parser.add_argument("--site", help="the address of the site, such as http://localhost:8000")
    parser.add_argument("--all", action="store_true", help="every page instead of the documents' pictures")
    options = parser.parse_args()
    known = options.site or running_site()
    with nullcontext(known) if known else own_site() as site, chromium() as browser:
        if options.all:
            shoot_all(browser, site)
        else:
            shoot_listed(browser, site, options.names)


def listed() -> dict[Path, Picture]:
    """Every listed picture, with the defaults, by its file."""
    found = tomllib.loads((IMAGES / "pictures.toml").read_text())
    return {
        folder / f"{picture['name']}.png": found["defaults"] | picture
        for kind, folder in FOLDERS.items()
        for picture in found[kind]
    }


def shoot_listed(browser: Browser, site: str, names: Iterable[str]) -> None:
    pictures = listed()
    demos: dict[str, Any] = {}
    for path, picture in pictures.items():
        if not names or picture["name"] in names:
            context = new_context(browser, site, picture, demos)
            take(context.new_page(), picture, path)
            context.close()
    for path in {path for folder in FOLDERS.values() for path in folder.glob("*.png")} - pictures.keys():
        path.unlink()
        print(f"{path.relative_to(ROOT)} is not listed: deleted")


def new_context(browser: Browser, site: str, picture: Picture, demos: dict[str, Any]) -> BrowserContext:
    """Signed in as the picture says. demos: the sessions of the demo accounts that pictures share, by language."""
    language, account = picture["language"], picture["account"]
    options = {
        "base_url": site,
        "viewport": {"width": picture["width"], "height": picture["height"]},
        "device_scale_factor": picture["scale"],
        "color_scheme": picture["theme"],
        "locale": LOCALES[language],
        "reduced_motion": "reduce",
        "user_agent": AGENT.format(version=browser.version.partition(".")[0]),
    }
    shared = demos.get(language) if account == "demo" else None
    context = browser.new_context(**options, storage_state=shared)
    context.add_init_script(TIDY)
    if account != "none" and shared is None:
        enter_demo(context.new_page())
    if account == "demo":
        demos[language] = context.storage_state()
    return context


def take(page: Page, picture: Picture, path: Path) -> None:
    page.goto(filled_in(picture["path"]))
    for step in picture.get("do", ()):
        perform(page, step)
    settle(page)
    shot = page.screenshot(full_page=True, clip=around(page, picture["of"])) if "of" in picture else page.screenshot()
    data = small(shot)
    if len(data) > LARGEST:
        raise SystemExit(f"{path.name} has {len(data)} bytes, more than {LARGEST}: picture less of the page.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"{path.relative_to(ROOT)}: {len(data) // 1000} kB")


def perform(page: Page, step: dict[str, str]) -> None:
    """One step of a picture, as the head of pictures.toml describes them."""
    match step:
        case {"goto": path}:
            page.goto(filled_in(path))
        case {"click": selector}:
            page.locator(selector).first.click()
        case {"press": key}:
            page.keyboard.press(key)
        case {"wait": selector}:
            page.locator(selector).first.wait_for()
        case {"fill": selector, "text": text}:
            page.locator(selector).first.fill(text)
        case {"select": selector, "value": value}:
            page.locator(selector).first.select_option(value)
        case {"upload": selector, "file": file}:
            page.locator(selector).first.set_input_files(ROOT / file)
        case _:
            raise SystemExit(f"pictures.toml has an unknown step: {step}")


def around(page: Page, selector: str) -> Any:
    """The part of the whole page with the element and a margin."""
    return page.locator(selector).first.evaluate(
        """(element, margin) => {
          const box = element.getBoundingClientRect();
          const x = Math.max(box.left + scrollX - margin, 0), y = Math.max(box.top + scrollY - margin, 0);
          return {
            x, y,
            width: Math.min(box.right + scrollX + margin, document.documentElement.clientWidth) - x,
            height: box.bottom + scrollY + margin - y,
          };
        }""",
        MARGIN,
    )


def small(png: bytes) -> bytes:
    """The same picture with a palette instead of millions of colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    data = io.BytesIO()
    image.save(data, "PNG", optimize=True)
    return data.getvalue()


if __name__ == "__main__":
    main()

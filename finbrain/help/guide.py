"""The user guide as pages of the site: docs/guide/*.md and SECURITY.md as HTML, their links and pictures included."""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

INDEX = ""
# In reading order.
_NAMES = (
    "first-day",
    "importing",
    "teaching-finbrain",
    "dashboards",
    "recurring",
    "budgets",
    "currencies",
    "privacy",
    "keyboard",
)
_GUIDE = Path(settings.BASE_DIR, "docs", "guide")
FILES = {
    INDEX: _GUIDE / "README.md",
    **{name: _GUIDE / f"{name}.md" for name in _NAMES},
    "security": Path(settings.BASE_DIR, "SECURITY.md"),
}
# Folders that the static files have under another name.
_STATIC = {Path(folder): prefix for prefix, folder in settings.GUIDE_STATIC_FOLDERS}
# Pixels of a picture for one of the page: `scale` in docs/images/pictures.toml.
DENSITY = 1.5
_PNG_SIZE = struct.Struct(">16xII")
_ELSEWHERE = re.compile(r"[a-z]+:|#")


@dataclass(frozen=True)
class _Page:
    """One page of the guide. name: its part of the address, empty for the first page."""

    name: str
    title: str
    html: SafeString

    @property
    def url(self) -> str:
        return _address(self.name)


def _address(name: str) -> str:
    return reverse("help:index") if name == INDEX else reverse("help:page", args=[name])


def _read_pages() -> dict[str, _Page]:
    """All pages by name, in reading order."""
    return {name: _read(name, file) for name, file in FILES.items()}


pages = _read_pages if settings.DEBUG else cache(_read_pages)


def _read(name: str, file: Path) -> _Page:
    tokens = _MARKDOWN.parse(file.read_text())
    for opening, text in _headings(tokens):
        opening.attrSet("id", _anchor(text))
    for token in tokens:
        _lead_right(token.children or (), file.parent)
    title = next(text for _, text in _headings(tokens))
    # The files are ours, as templates are.
    html = mark_safe(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S308
    return _Page(name, title, html)


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            yield opening, inline.content


def _anchor(heading: str) -> str:
    """The anchor of a heading, formed as on GitHub, so that links work in both places."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _lead_right(tokens: Sequence[Token], folder: Path) -> None:
    """Change the targets of links and pictures from files beside `folder` to addresses of the site. A link to a file
    that the site does not have becomes plain text.
    """
    inside_text = False
    for token in tokens:
        if token.type == "image":
            _show_picture(token, (folder / str(token.attrs["src"])).resolve())
        elif token.type == "link_open":
            attributes = _link(str(token.attrs["href"]), folder)
            inside_text = not attributes
            token.attrs = attributes
        if inside_text and token.type in ("link_open", "link_close"):
            token.tag = "span"


def _link(target: str, folder: Path) -> dict[str, str | int | float]:
    """The attributes of a link to `target`; none when the site does not have it."""
    if _ELSEWHERE.match(target):
        return {"href": target}
    path, _, anchor = target.partition("#")
    file = (folder / path).resolve()
    for name, page in FILES.items():
        if page == file:
            return {"href": _address(name) + (f"#{anchor}" if anchor else "")}
    if file.parent in _STATIC:
        return {"href": _static_url(file), "download": file.name}
    return {}


def _show_picture(token: Token, file: Path) -> None:
    """Picture `file` at its size on the page, so that nothing moves while it is loaded."""
    url = _static_url(file)
    width, height = (round(pixels / DENSITY) for pixels in _png_size(file))
    token.attrs |= {"src": url, "width": width, "height": height, "loading": "lazy", "decoding": "async"}


def _static_url(file: Path) -> str:
    return static(f"{_STATIC[file.parent]}/{file.name}")


def _png_size(file: Path) -> tuple[int, int]:
    with file.open("rb") as png:
        return _PNG_SIZE.unpack(png.read(_PNG_SIZE.size))


def _table_open(*_: object) -> str:
    return '<div class="table-scroll" tabindex="0"><table class="table">\n'


def _table_close(*_: object) -> str:
    return "</table></div>\n"


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    return markdown


_MARKDOWN = _markdown()

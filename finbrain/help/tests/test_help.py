"""Help: every page of docs/guide is a page of the site, for everybody, and its links lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from finbrain.help import guide

GUIDE = Path(settings.BASE_DIR, "docs", "guide")
PAGES = guide.pages()
ADDRESSES = [page.url for page in PAGES.values()]
IDS = re.compile(r'\bid="([^"]+)"')
LINK = re.compile(r'<a href="([^"]+)"')
STATIC = re.compile(rf'(?:src|href)="/?{settings.STATIC_URL.strip("/")}/([^"]+)"')


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def article(html: str) -> str:
    return html[html.index("<article") : html.index("</article>")]


def test_every_file_of_the_guide_is_a_page():
    assert set(PAGES) - {guide.INDEX, "security"} == {file.stem for file in GUIDE.glob("*.md")} - {"README"}


@pytest.mark.parametrize("url", ADDRESSES)
def test_each_page_is_served_to_everybody(client, client_alice, url):
    for visitor, mark in ((client, "public-foot"), (client_alice, "shell-head")):
        html = text_of(visitor, url)
        assert mark in html
        assert html.count("<h1") == 1
        assert f'href="{url}" aria-current="page"' in html


@pytest.mark.parametrize("name", sorted(PAGES))
def test_links_lead_somewhere(name):
    html = PAGES[name].html
    for target in LINK.findall(html):
        if target.startswith(("https:", f"/{settings.STATIC_URL.strip('/')}/")):
            continue
        url, _, anchor = target.partition("#")
        [page] = [page for page in PAGES.values() if page.url == (url or PAGES[name].url)]
        assert not anchor or anchor in IDS.findall(page.html), target
    assert [path for path in STATIC.findall(html) if not finders.find(path)] == []


def test_every_link_of_the_guide_itself_is_kept():
    of_guide = [page.html for name, page in PAGES.items() if name != "security"]
    assert not any("<span" in html for html in of_guide)
    assert "/help/teaching-finbrain/#the-inbox" in PAGES["importing"].html
    assert 'download="statement.csv"' in PAGES["importing"].html


def test_links_out_of_the_guide_are_text():
    assert "docs/operations" not in PAGES["security"].html
    assert "<span>needs no downtime</span>" in PAGES["security"].html


def test_anchors_of_a_page_differ():
    for page in PAGES.values():
        found = IDS.findall(page.html)
        assert found
        assert len(found) == len(set(found)), page.name


def test_pictures_have_the_size_that_they_take(client, db):
    html = text_of(client, "/help/keyboard/")
    picture = re.search(r'<img src="/static/guide/shortcuts\.png" alt="[^"]+" width="(\d+)" height="(\d+)"', html)
    assert 300 < int(picture[1]) < 700
    listed = tomllib.loads(Path(settings.BASE_DIR, "docs/images/pictures.toml").read_text())
    assert listed["defaults"]["scale"] == guide.DENSITY
    assert not any("scale" in picture for picture in listed["picture"])


@pytest.mark.parametrize("url", ["/help/no-such-page/", "/help/README/", "/help/index/", "/help/first-day.md"])
def test_what_is_no_page_is_not_found(client, client_alice, url):
    assert client.get(url, follow=True).status_code == 404
    assert client_alice.get(url, follow=True).status_code == 404


def test_a_page_can_only_be_read(client, db):
    assert client.post("/help/privacy/").status_code == 405


def test_the_guide_stays_english_where_the_site_is_hebrew(db):
    html = text_of(Client(headers={"accept-language": "he"}), "/help/privacy/")
    assert '<html lang="he" dir="rtl"' in html
    assert '<article class="prose" lang="en" dir="ltr">' in html


@pytest.mark.parametrize("url", ["/", "/accounts/login/", "/no-such-page/"])
def test_visitors_find_it_at_the_foot_of_every_page(client, db, url):
    foot = client.get(url).content.decode().partition("public-foot")[2]
    assert 'href="/help/"' in foot


def test_people_find_it_in_their_menu(client_alice):
    menu = text_of(client_alice, "/expenses/").partition('class="menu account"')[2]
    assert 'href="/help/"' in menu.partition("</header>")[0]

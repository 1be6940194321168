"""The home page shows the product, in the visitor's language and theme, without making the first visit heavy."""

import re

import pytest
from django.contrib.staticfiles import finders


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "rent"), [("en", "₪3,200.00"), ("he", "\u200f3,200.00\xa0\u200f₪")])
def test_amounts_are_written_as_in_the_list(client, language, rent):
    assert rent in client.get("/", headers={"Accept-Language": language}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("accepted", "language"), [("en", "en"), ("he", "he"), ("fr", "en")])
def test_pictures_of_the_list_and_the_dashboard(client, accepted, language):
    page = client.get("/", headers={"Accept-Language": accepted}).content.decode()
    pictures = [tag for tag in re.findall(r"<img[^>]*>", page) if "landing" in tag]
    files = {re.search(r'src="/static/(img/landing/[^"]+)"', tag)[1] for tag in pictures}
    names = [f"{what}-{theme}-{language}" for what in ("list", "dashboard") for theme in ("light", "dark")]
    assert files == {f"img/landing/{name}.png" for name in names}
    assert all(finders.find(file) for file in files)
    assert all('loading="lazy"' in tag and 'width="1200"' in tag for tag in pictures)

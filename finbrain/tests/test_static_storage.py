import re

import pytest
from django.conf import settings as site_settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.test import override_settings

from finbrain.static_storage import STYLE_SHEET, with_imports


def collected_paths() -> dict:
    return {path: (storage, path) for finder in get_finders() for path, storage in finder.list([])}


def test_every_imported_style_sheet_is_written_in_once():
    css = with_imports(collected_paths())
    assert "@import" not in css
    for part in (site_settings.BASE_DIR / "static" / "css").glob("*.css"):
        if part.name != "app.css":
            assert css.count(part.read_text()) == 1, part.name


def test_an_import_of_a_missing_file_fails():
    paths = collected_paths()
    del paths["css/tokens.css"]
    with pytest.raises(KeyError, match="tokens"):
        with_imports(paths)


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The folder with the static files as production serves them."""
    folder = tmp_path_factory.mktemp("static")
    storages = {
        **site_settings.STORAGES,
        "staticfiles": {"BACKEND": "finbrain.static_storage.OneStyleSheetStorage"},
    }
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_the_collected_style_sheet_needs_one_request(collected):
    [css] = collected.glob("css/app.*.css")
    assert "@import" not in css.read_text()
    assert ".quick-add" in css.read_text()
    assert "--accent" in css.read_text()
    assert css.with_name(css.name + ".gz").stat().st_size <= 25_000
    assert STYLE_SHEET in (collected / "staticfiles.json").read_text()


def test_each_part_is_written_into_its_layer():
    css = with_imports(collected_paths())
    order = re.search(r"@layer ([\w, ]+);", css)[1].split(", ")
    assert order[-1] == "utilities"
    assert set(re.findall(r"^@layer (\w+) {", css, re.MULTILINE)) == set(order)

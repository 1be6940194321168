import pytest
from django.conf import settings as site_settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

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


def test_the_collected_style_sheet_needs_one_request(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "finbrain.static_storage.OneStyleSheetStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    [css] = tmp_path.glob("css/app.*.css")
    assert "@import" not in css.read_text()
    assert ".quick-add" in css.read_text()
    assert "--accent" in css.read_text()
    assert css.with_name(css.name + ".gz").stat().st_size <= 25_000
    assert STYLE_SHEET in (tmp_path / "staticfiles.json").read_text()

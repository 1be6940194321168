import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.test import override_settings

from expenses.tests.making import make_expenses
from finbrain.operations import prepare
from finbrain.static_storage import STYLE_SHEET, with_imports, without_comments


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


def test_collected_scripts_import_each_other_by_their_hashed_names(collected):
    scripts = list(collected.glob("js/*.*.js"))
    assert len(scripts) == len(list((site_settings.BASE_DIR / "static" / "js").glob("*.js")))
    imported = [name for script in scripts for name in re.findall(r'from "\./([^"]+)"', script.read_text())]
    assert len(imported) >= len(scripts) - 1
    assert set(imported) <= {script.name for script in scripts}


def test_collected_scripts_are_small(collected):
    assert sum(script.stat().st_size for script in collected.glob("js/*.*.js.br")) <= 22_000


def transferred(collected: Path, answer) -> dict[str, int]:
    """The bytes of a page and of what it loads at once, as a browser gets them from production."""
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    page = gzip.decompress(answer.content)
    lazy = r'<img[^>]*loading="lazy"[^>]*>'
    names = set(re.findall(r'(?:src|href)="/static/([^"#]+)', re.sub(lazy, "", page.decode())))
    while more := {f"js/{found}" for name in names for found in imports_of(name)} - names:
        names |= more
    found = {name: collected / paths[name] for name in names}
    packed = {name: file.with_name(f"{file.name}.br") for name, file in found.items()}
    sizes = {name: (file if file.exists() else found[name]).stat().st_size for name, file in packed.items()}
    return sizes | {answer.request["PATH_INFO"]: len(answer.content)}


def imports_of(name: str) -> list[str]:
    script = site_settings.BASE_DIR / "static" / name
    return re.findall(r'from "\./([^"]+)"', script.read_text()) if script.suffix == ".js" and script.exists() else []


def test_a_first_visit_is_small(collected, client, client_alice, alice):
    make_expenses(alice, [{"title": f"Shop {n}", "amount": n + 1} for n in range(25)])
    loaded: dict[str, int] = {}
    for visitor, path in ((client, "/"), (client, "/accounts/login/"), (client_alice, "/expenses/?month=2026-08")):
        answer = visitor.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
        loaded |= transferred(collected, answer)
    assert "css/app.css" in loaded
    assert "js/dom.js" in loaded
    assert "django_htmx/htmx-2.min.js" in loaded
    assert sum(loaded.values()) <= 120_000, loaded


def test_comments_that_fill_lines_are_left_out_of_scripts():
    script = """\
/* What it
   does. */
/** @type {number} */
const n = /** @type {any} */ (1);
  /**
   * @param {string} text
   */
  const star = (text) => text + "/* no comment */";
"""
    assert without_comments(script) == (
        'const n = /** @type {any} */ (1);\n  const star = (text) => text + "/* no comment */";\n'
    )


@pytest.mark.parametrize("production", [True, False])
def test_what_pages_link_to_is_compressed(settings, tmp_path, monkeypatch, production):
    """Brotli takes most of a first start, so only production waits for it."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "finbrain.static_storage.OneStyleSheetStorage"}}
    monkeypatch.setattr(prepare, "_static_fingerprint", lambda: "")
    with override_settings(STATIC_ROOT=tmp_path / "static", STORAGES=storages, PRODUCTION=production):
        prepare.collect_static(lambda _: None)
    style = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"][STYLE_SHEET]
    compressed = {file.name for file in (tmp_path / "static" / "css").iterdir() if file.suffix in (".gz", ".br")}
    name = Path(style).name
    assert {f"{name}.gz", f"{name}.br"} & compressed == {f"{name}.gz", *([f"{name}.br"] if production else [])}
    assert "app.css.gz" not in compressed
    assert (tmp_path / "static" / STYLE_SHEET).exists()

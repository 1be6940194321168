import os

import pytest
from django.core.exceptions import ImproperlyConfigured

from finbrain.environment import read_environment
from finbrain.secret_files import read_secret_files


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text("mongodb://user:$pa@db.invalid/?replicaSet=rs0\n")
    return path


def test_a_file_gives_the_secret_without_the_line_end(secret_file):
    environment = {"MONGODB_URI_FILE": str(secret_file)}
    read_secret_files(environment)
    assert environment["MONGODB_URI"] == "mongodb://user:$pa@db.invalid/?replicaSet=rs0"


def test_a_child_process_reads_a_changed_file_again(secret_file):
    environment = {"MONGODB_URI_FILE": str(secret_file)}
    read_secret_files(environment)
    secret_file.write_text("mongodb://new")
    read_secret_files(environment)
    assert environment["MONGODB_URI"] == "mongodb://new"


def test_other_variables_are_left_alone(secret_file):
    environment = {"LANG_FILE": str(secret_file), "SECRET_KEY_FILE": "", "PORT": "8000"}
    read_secret_files(environment)
    assert environment == {"LANG_FILE": str(secret_file), "SECRET_KEY_FILE": "", "PORT": "8000"}


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY_FILE points to .*/nothing, which can't be read"):
        read_secret_files({"SECRET_KEY_FILE": str(tmp_path / "nothing")})


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty").write_text(" \n")
    with pytest.raises(ImproperlyConfigured, match="empty"):
        read_secret_files({"SECRET_KEY_FILE": str(tmp_path / "empty")})


def test_a_secret_that_is_set_twice_is_refused_without_showing_either(secret_file):
    with pytest.raises(ImproperlyConfigured) as refused:
        read_secret_files({"MONGODB_URI": "mongodb://other", "MONGODB_URI_FILE": str(secret_file)})
    assert "MONGODB_URI_FILE" in str(refused.value)
    assert "other" not in str(refused.value)
    assert "$pa" not in str(refused.value)


def test_the_settings_read_secret_files(secret_file, tmp_path, monkeypatch):
    monkeypatch.delenv("MONGODB_URI", raising=False)
    monkeypatch.setenv("MONGODB_URI_FILE", str(secret_file))
    read_environment(tmp_path)
    found = os.environ.pop("MONGODB_URI")
    os.environ.pop("FINBRAIN_SECRETS_READ")
    assert found == secret_file.read_text().strip()

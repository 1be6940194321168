import importlib.util
import io
import os
import stat
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "compose" / "make_secrets.py"


@pytest.fixture
def script(monkeypatch):
    """The script, with files that stay ours, because only root may change their owner."""
    spec = importlib.util.spec_from_file_location("compose_secrets", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "USERS", dict.fromkeys(module.USERS, (os.getuid(), os.getgid())))
    return module


@pytest.fixture
def root(tmp_path, script):
    for folder in script.USERS:
        (tmp_path / folder).mkdir()
    return tmp_path


def everything(root):
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_it_can_be_run_as_a_program():
    # Imports search its own folder first, so a script named `secrets.py` imported itself.
    assert SCRIPT.stem not in sys.stdlib_module_names


def test_a_second_start_changes_nothing(script, root):
    assert script.main(root, []) == 0
    made = everything(root)
    assert script.main(root, []) == 0
    assert everything(root) == made


def test_both_sides_of_a_password_agree(script, root):
    script.main(root, [])
    made = everything(root)
    assert f":{made['mongodb/finbrain_password']}@mongodb:" in made["finbrain/mongodb_uri"]
    assert f":{made['valkey/password']}@cache:" in made["finbrain/redis_url"]
    assert f":{made['valkey/password']}@sessions:" in made["finbrain/redis_sessions_url"]
    assert made["valkey/valkey.conf"] == f"requirepass {made['valkey/password']}"
    assert made["finbrain/metrics_token"] == made["prometheus/metrics_token"]


def test_no_password_is_used_twice_and_the_settings_take_the_key(script, root):
    script.main(root, [])
    made = everything(root)
    own = ["mongodb/root_password", "mongodb/finbrain_password", "mongodb/keyfile", "valkey/password"]
    own += ["grafana/admin_password", "prometheus/metrics_token", "finbrain/secret_key"]
    assert len({made[name] for name in own}) == len(own)
    assert len(made["finbrain/secret_key"]) >= 50


def test_only_their_user_may_read_them(script, root):
    script.main(root, [])
    assert {stat.S_IMODE(path.stat().st_mode) for path in root.rglob("*") if path.is_file()} == {0o400}


def test_a_start_that_was_killed_is_caught_up(script, root):
    script.main(root, [])
    made = everything(root)
    (root / "finbrain" / "redis_url").rename(root / "finbrain" / ".redis_url")
    script.main(root, [])
    assert everything(root) == made


def test_the_mail_server_can_be_replaced(script, root, monkeypatch):
    script.main(root, [])
    monkeypatch.setattr("sys.stdin", io.StringIO("smtp+tls://me:secret@mail.invalid:587\n"))
    assert script.main(root, ["email_url"]) == 0
    assert (root / "finbrain" / "email_url").read_text() == "smtp+tls://me:secret@mail.invalid:587"


def test_an_unknown_secret_is_refused(script, root, capsys):
    script.main(root, [])
    assert script.main(root, ["emial_url"]) == 2
    assert "emial_url" in capsys.readouterr().err

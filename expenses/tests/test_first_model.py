"""What people enter before there is a model waits, and is filed once there is one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from classifier import serving, versions
from classifier.tests.small import small_artifact
from expenses.ledger.entries import NewExpense, add_expense
from expenses.models import CategorySource, Expense
from expenses.people.first_model import file_all_waiting
from expenses.people.ledger_settings import personal_ledger
from finbrain.embedded import process
from finbrain.operations import built_in_model

LEARNING = "FinBrain is still learning."


def add(person: User, title: str, **more) -> Expense:
    new = NewExpense(title, Decimal("4.50"), "EUR", timezone.localdate(), **more)
    return add_expense(personal_ledger(person), new).expense


def activate_first(trained_on: dict | None = None) -> None:
    version = versions.store_version(small_artifact(), {}, trained_on or {versions.ENTRIES_WAIT: True})
    versions.activate(version.number)
    serving.forget_model()


def test_what_waited_is_filed_and_what_a_person_filed_is_not(alice, bob):
    coffee, bobs, own = add(alice, "coffee"), add(bob, "taxi"), add(alice, "cinema", category="health-essentials")
    assert (coffee.category, coffee.reviewed, coffee.confidence) == ("other", False, 0)
    activate_first()
    assert file_all_waiting() == 2
    for waited, category in ((coffee, "food-drinks"), (bobs, "transportation")):
        waited.refresh_from_db()
        assert (waited.category, waited.category_source, waited.reviewed) == (category, CategorySource.MODEL, False)
        assert waited.model_version == 1
    own.refresh_from_db()
    assert (own.category, own.reviewed, own.model_version) == ("health-essentials", True, None)
    assert file_all_waiting() == 0


def test_what_a_person_changes_in_the_meantime_stays(alice, monkeypatch):
    coffee = add(alice, "coffee")
    activate_first()
    from expenses.ledger import suggest_again

    suggestions = suggest_again._suggestions

    def slow(*args):
        found = suggestions(*args)
        Expense.objects.filter(pk=coffee.pk).update(title="taxi", updated_at=timezone.now() + timedelta(seconds=1))
        return found

    monkeypatch.setattr(suggest_again, "_suggestions", slow)
    file_all_waiting()
    coffee.refresh_from_db()
    assert (coffee.title, coffee.category) == ("taxi", "other")


def test_what_waits_for_the_model_is_shown_as_not_filed(client_alice, alice):
    sent = {"title": "Coffee", "amount": "4", "currency": "EUR", "spent_on": timezone.localdate().isoformat()}
    shown = client_alice.post("/expenses/add/", sent, follow=True).content.decode()
    assert "Added Coffee, €4.00<" in shown
    for path in ("/expenses/", "/expenses/inbox/"):
        page = client_alice.get(path).content.decode()
        assert "Not filed yet" in page, path
        assert "chip-pct" not in page, path
        assert "% sure" not in page, path
        assert 'class="ask"' not in page, path
        assert "is-suggested" not in page, path
        assert 'data-category="other"' not in page, path
    activate_first()
    file_all_waiting()
    assert "Not filed yet" not in client_alice.get("/expenses/").content.decode()


def test_pages_say_that_there_is_no_model_while_it_lasts(client_alice, monkeypatch):
    monkeypatch.setattr(serving._served, "was_missing", True)  # as after `load_at_start`
    assert LEARNING in client_alice.get("/expenses/").content.decode()
    assert LEARNING in client_alice.get("/dashboard/").content.decode()
    assert client_alice.get("/readyz").json() == {"database": True, "cache": True, "model": False}
    activate_first()
    serving.active_model()
    for path in ("/expenses/", "/dashboard/"):
        page = client_alice.get(path)
        assert page.status_code == 200
        assert LEARNING not in page.content.decode()
    assert client_alice.get("/readyz").json()["model"]


@pytest.fixture
def trainings(db, settings, monkeypatch):
    """The trainings that the job starts, each of which makes a model at once."""
    settings.TRAIN_IN_BACKGROUND = True
    started = []

    def train() -> None:
        started.append(timezone.now())
        if versions.active_number() is None:
            activate_first()

    monkeypatch.setattr(built_in_model, "_train_apart", train)
    monkeypatch.setattr(built_in_model, "_looked", built_in_model._Looked())
    return started


def test_the_job_trains_once_and_files_what_waits_until_all_processes_serve_the_model(alice, trainings, monkeypatch):
    add(alice, "coffee")
    told = "version 1 is trained and active, waiting entries filed: 1"
    assert built_in_model.train_if_needed() == told
    assert versions.awaited()
    late = add(alice, "taxi")
    Expense.objects.filter(pk=late.pk).update(category="other", confidence=0.0, model_version=None)
    monkeypatch.setattr(built_in_model, "_ALL_SERVE_AFTER", timedelta(0))
    assert built_in_model.train_if_needed() == "waiting entries filed: 1"
    assert versions.awaited() is None
    assert built_in_model.train_if_needed() == ""
    assert len(trainings) == 1


def test_a_training_that_fails_rests(trainings, monkeypatch):
    def fail() -> None:
        trainings.append(timezone.now())
        raise built_in_model.TrainingFailedError

    monkeypatch.setattr(built_in_model, "_train_apart", fail)
    with pytest.raises(built_in_model.TrainingFailedError):
        built_in_model.train_if_needed()
    assert built_in_model.train_if_needed() == ""
    assert len(trainings) == 1
    monkeypatch.setattr(built_in_model, "_REST", timedelta(0))
    with pytest.raises(built_in_model.TrainingFailedError):
        built_in_model.train_if_needed()


def test_a_later_model_has_nothing_to_file(alice, trainings, monkeypatch):
    activate_first({versions.ENTRIES_WAIT: False})
    waiting = add(alice, "coffee")
    Expense.objects.filter(pk=waiting.pk).update(category="other", confidence=0.0, model_version=None)
    assert built_in_model.train_if_needed() == ""
    waiting.refresh_from_db()
    assert waiting.category == "other"


def test_the_process_that_trains_starts_by_itself(monkeypatch, tmp_path):
    """Only the training is imitated, because it takes a minute: a module of this name is imported instead."""
    done = tmp_path / "done"
    stand_in = (
        "import runpy, sys, types\n"
        f"stand_in = types.SimpleNamespace(ensure_model=lambda: open({str(done)!r}, 'w').close())\n"
        "sys.modules['classifier.training'] = stand_in\n"
        "runpy.run_module(sys.argv[2], run_name='__main__')\n"
    )
    spawn = process.spawn
    monkeypatch.setattr(process, "spawn", lambda argv, **more: spawn([argv[0], "-c", stand_in, *argv[1:]], **more))
    built_in_model._train_apart()
    assert done.exists()

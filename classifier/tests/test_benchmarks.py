"""The classifier's benchmarks measure what they claim to."""

import pytest

from benchmarks import accuracy, histories, kinds, replay
from benchmarks.prepared import rows
from classifier.models import Memory

HISTORY = [("Coffee", "food-drinks"), ("Taxi home", "transportation"), ("My hut", "leisure-gifts")] * 4


def test_accuracy_counts_right_answers(model):
    found = accuracy.measure([("coffee", "food-drinks"), ("taxi home", "transportation"), ("coffee", "other")])
    assert found["n"] == 3
    assert found["accuracy"] == pytest.approx(2 / 3, abs=0.001)
    assert set(found) == {"n", "accuracy", "macro_f1", "coverage_70", "accuracy_70", "ece", "ece_floor"}


def test_replay_learns_after_each_prediction_and_leaves_nothing(model):
    found = replay.figures([replay.replay(HISTORY, None)])
    assert found["n"] == 12
    assert found["repeat"] == 1
    assert found["novel"] >= 2 / 3
    assert not Memory.objects.exists()


def test_replay_without_any_correction_never_learns(model):
    found = replay.replay([("My hut", "education-growth")] * 10, 0.0)
    assert not any(right for right, _ in found)
    assert sum(right for right, _ in replay.replay([("My hut", "education-growth")] * 10, 1.0)) == 9


def test_replay_of_nothing(model):
    assert replay.figures([replay.replay([], None)]) == dict.fromkeys(("all", "first_50", "novel", "repeat"), None) | {
        "n": 0
    }


def test_the_figures_of_people_are_pooled():
    people = [[(True, True)] * 60, [(False, True), (True, False)]]
    assert replay.figures(people) == {
        "n": 62,
        "all": round(61 / 62, 4),
        "first_50": round(51 / 52, 4),
        "novel": round(60 / 61, 4),
        "repeat": 1.0,
    }


def test_a_made_up_history_is_the_same_each_time_and_mostly_repeats():
    found = histories.history(3)
    assert found == histories.history(3) != histories.history(4)
    assert len(found) == histories.ENTRIES
    assert len(set(found)) < 0.6 * len(found)
    categories: dict[str, set[str]] = {}
    for title, category in found:
        categories.setdefault(title, set()).add(category)
    assert all(len(each) == 1 for each in categories.values())


def test_files_may_have_windows_lines_and_columns_in_any_order(tmp_path):
    file = tmp_path / "history.csv"
    lines = ("category,date,note,text", 'Food & Drinks,2026-01-02,x,"Coffee, ""big"""', "other,2026-01-03,,")
    file.write_bytes("\ufeff".encode() + "\r\n".join(lines).encode())
    found = [(row["date"], row["text"], row["category"]) for row in rows(file, ("date", "text", "category"))]
    assert found == [("2026-01-02", 'Coffee, "big"', "food-drinks"), ("2026-01-03", "", "other")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "f.csv has no column category, text."),
        (b"text,category\r\n", "f.csv has no rows."),
        (b"text,category\nmilk,Food\n", "f.csv, line 2: 'Food' is not a category."),
        (b"text,category\nmilk\n", "f.csv, line 2: expected text, category."),
        (b"text,category\n\xff,Other\n", "f.csv is not UTF-8."),
        (None, "f.csv can't be read: No such file or directory."),
    ],
)
def test_a_file_that_cannot_be_used_is_said_in_one_line(tmp_path, content, message):
    file = tmp_path / "f.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SystemExit, match=message):
        rows(file, ("text", "category"))


def test_kinds_counts_right_kinds_and_what_was_spent_but_called_moved(model):
    rows = [
        {"direction": "out", "text": "ATM WITHDRAWAL", "kind": "moved", "detail": "cash"},
        {"direction": "out", "text": "ATM WITHDRAWAL", "kind": "spent", "detail": ""},
        {"direction": "in", "text": "PAYROLL", "kind": "received", "detail": "interest"},
    ]
    found = kinds.measure(rows)
    assert (found["n"], found["spent_called_moved"], found["detail_accuracy"]) == (3, 1.0, 0.5)
    assert found["kind_accuracy"] == pytest.approx(2 / 3, abs=0.001)
    assert found["asked_70"] is None


def test_what_only_the_person_can_tell_is_right_when_it_is_asked(model):
    rows = [
        {"direction": "out", "text": text, "kind": kind, "detail": ""}
        for text, kind in (("ZELLE TO ANNA LOPEZ", "asked"), ("ATM WITHDRAWAL", "asked"), ("ATM WITHDRAWAL", "moved"))
    ]
    found = kinds.measure(rows)
    assert (found["n"], found["kind_accuracy"], found["asked_70"]) == (3, 1.0, 0.5)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,kind\n", "f.csv has no column detail, direction"),
        ("direction,text,kind,detail\n", "f.csv has no rows"),
        ("direction,text,kind,detail\nup,x,spent,\n", "f.csv, row 2: 'up', 'spent' is not a direction and a kind"),
    ],
)
def test_a_labelled_file_of_kinds_that_cannot_be_used_is_said_in_one_line(tmp_path, content, message):
    file = tmp_path / "f.csv"
    file.write_text(content)
    with pytest.raises(SystemExit, match=message):
        kinds.read(file)

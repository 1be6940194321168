import csv
from collections import Counter
from pathlib import Path

import pytest

from classifier.kind_training_samples import kind_samples, read_kinds
from classifier.kinds import LABELS, Direction
from classifier.tests.small import small_kind_samples, small_samples
from classifier.text import normalise_for_kind
from classifier.training_files import TrainingFileError, read_training_data

HELD_OUT = Path(__file__).parent / "data" / "kinds.csv"


def folder_with(tmp_path: Path, row: str) -> Path:
    (tmp_path / "kinds").mkdir()
    (tmp_path / "fillers.csv").write_text("placeholder,language,text\nbank,any,CITI\n")
    (tmp_path / "kinds" / "en.csv").write_text(f"direction,label,text\n{row}\n")
    return tmp_path


def test_the_same_files_give_the_same_samples():
    again = kind_samples(read_kinds(), read_training_data(), small_samples())
    assert again == kind_samples(read_kinds(), read_training_data(), small_samples())


@pytest.mark.parametrize("direction", list(Direction))
def test_each_label_is_written_and_the_average_weight_is_one(direction):
    samples = small_kind_samples()[direction]
    assert set(Counter(sample.category for sample in samples)) == set(LABELS[direction])
    assert sum(sample.weight for sample in samples) == pytest.approx(len(samples))


def test_alternatives_and_placeholders_are_written_out(tmp_path):
    kinds = read_kinds(folder_with(tmp_path, "out,spent,(PAY|FEE) {bank}(| {num})"))
    samples = kind_samples(kinds, read_training_data(), [])[Direction.OUT]
    assert {sample.text for sample in samples} == {"pay citi", "fee citi"}
    assert {sample.group for sample in samples} == {"pay", "fee"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("up,moved,X", "kinds/en.csv, line 2: direction 'up' is not out, in or both"),
        ("out,salary,X", "kinds/en.csv, line 2: label 'salary' is not known for out"),
        ("out,moved,{nothing}", "kinds/en.csv, line 2: the text has the unknown nothing"),
        ("out,moved", "kinds/en.csv, line 2: expected the columns direction, label, text"),
        ("out,moved,a,b", "kinds/en.csv, line 2: expected the columns direction, label, text"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path, row, message):
    with pytest.raises(TrainingFileError, match=message):
        read_kinds(folder_with(tmp_path, row))


def test_the_labelled_texts_cover_the_world():
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 600
    assert len({row["country"] for row in rows}) >= 8
    assert len({row["language"] for row in rows}) >= 6
    assert len({normalise_for_kind(row["text"]) for row in rows}) > 0.98 * len(rows)

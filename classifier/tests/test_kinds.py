import numpy as np
import pytest

from classifier.categories import ALL_CATEGORIES
from classifier.kinds import INCOME, LABELS, UNSURE, Direction, Kind, by_kind, kind_of_label, label_of


def test_each_label_has_a_kind_and_a_kind_has_its_label():
    assert {kind_of_label(label) for label in LABELS[Direction.OUT] if label != UNSURE} == {Kind.SPENT, Kind.MOVED}
    assert {kind_of_label(label) for label in LABELS[Direction.IN] if label != UNSURE} == set(Kind)
    for category in ALL_CATEGORIES.values():
        assert kind_of_label(label_of(category.slug)) == category.kind
    assert [label_of(slug) for slug in ("transfer", "cash", "salary", "other")] == ["moved", "cash", "salary", "spent"]


def test_money_that_goes_out_is_never_received():
    assert by_kind(Direction.OUT, np.eye(len(LABELS[Direction.OUT])))[:, 2].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("direction", list(Direction))
def test_labels_add_up_to_kinds_and_what_is_unsure_makes_none_of_them_likely(direction):
    found = by_kind(direction, np.eye(len(LABELS[direction])))
    assert found.sum(axis=1) == pytest.approx(1)
    assert found[LABELS[direction].index(UNSURE)].max() <= 0.5
    if direction == Direction.IN:
        assert found[LABELS[direction].index(INCOME[0])].tolist() == [0, 0, 1]

"""`make seed` adds a person to sign in as, only on development sites."""

import pytest

from accounts.models import User
from benchmarks import sample, seed
from expenses.models import Expense

pytestmark = pytest.mark.django_db


def test_the_sample_person_can_sign_in_and_has_the_expenses(client, settings):
    settings.ENVIRONMENT = "development"
    said = sample.add_sample(30)
    assert sample.EMAIL in said
    assert seed.PASSWORD in said
    assert Expense.objects.count() == 30
    client.post("/accounts/login/", {"login": sample.EMAIL, "password": seed.PASSWORD})
    assert client.get("/expenses/").status_code == 200


def test_the_same_command_replaces_the_person_and_nobody_else(alice, settings):
    settings.ENVIRONMENT = "development"
    sample.add_sample(3)
    sample.add_sample(2)
    assert Expense.objects.count() == 2
    assert User.objects.filter(pk=alice.pk).exists()


@pytest.mark.parametrize("environment", ["production", "test"])
def test_other_sites_get_no_person_whose_password_is_public(settings, environment):
    settings.ENVIRONMENT = environment
    with pytest.raises(sample.NotHereError, match=f"FINBRAIN_ENV is {environment}"):
        sample.add_sample(1)
    assert not User.objects.exists()

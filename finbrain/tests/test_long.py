"""Minutes of generated input (`make test-long`): damaged statements, odd addresses, people who keep clicking."""

import string
import subprocess
import sys

import pytest
from django.conf import settings as site
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from expenses.tests.making import make_expense
from expenses.tests.statement_reading import read_all

pytestmark = pytest.mark.long

STATEMENTS = [*(site.BASE_DIR / "expenses" / "tests" / "statements").iterdir()]
DAMAGE = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=6)

PATHS = ["/expenses/", "/dashboard/", "/expenses/inbox/", "/expenses/trash/", "/expenses/export/", "/expenses/suggest/"]
NAMES = ["month", "q", "category", "min", "max", "currency", "display", "needs_review", "sort", "after", "format"]
LIKELY = ["2026-08", "2026-13", "0000-00", "9999-12", "all", "food-drinks", "ILS", "EUR", "-date", "amount", "ofx"]
ODD = ["", "-", "1e9999", "9" * 400, "NaN", "-0", "%00", "\x00", "\ud7ff", "\U0001f986", "٣", "../..", "' OR 1=1", "$"]
VALUES = st.sampled_from(LIKELY + ODD) | st.text(max_size=30) | st.text(string.digits + "-.,", max_size=12)
QUERIES = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5)


@examples(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(STATEMENTS), DAMAGE)
def test_a_damaged_statement_is_read_or_refused(path, damage):
    data = path.read_bytes()
    for where, length, noise in damage:
        at = int(where * len(data))
        data = data[:at] + noise + data[at + length :]
    read_all(data, path.name)


def test_damaged_files_of_every_format_raise_nothing_and_cost_little():
    command = [sys.executable, "-m", "benchmarks.fuzz", "--files", "3000", "--budget", "10"]
    ended = subprocess.run(command, cwd=site.BASE_DIR, capture_output=True, text=True, timeout=3600, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.fixture
def spender(client_alice, alice):
    """Alice, signed in, with an expense."""
    make_expense(alice)
    return client_alice


@examples(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PATHS), QUERIES)
def test_whatever_an_address_asks_for_is_answered(spender, path, query):
    answer = spender.get(path, query_params=query)
    answer.close()
    assert answer.status_code < 500


def test_people_who_click_for_minutes_meet_no_error_and_nothing_grows():
    command = [sys.executable, "-m", "benchmarks.soak", "--people", "10", "--minutes", "5"]
    ended = subprocess.run(command, cwd=site.BASE_DIR, capture_output=True, text=True, timeout=900, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr

"""All series and labels that the alert rules and the dashboard use exist."""

import json
import re

import pytest
import yaml
from django.conf import settings
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from expenses.ledger.suggestion_metrics import CONFIDENCE
from expenses.models import Rate
from expenses.tests.importing.uploading import BANK, import_statement
from expenses.tests.making import make_expense
from finbrain.models import JobRun

FOLDER = settings.BASE_DIR / "deploy" / "monitoring"
SERIES = re.compile(r"\b(finbrain_[a-z_]+)(?:\{([^}]*)\})?")
LABEL = re.compile(r"(\w+)[=!~]")
GROUPED = re.compile(r"\bby \(([a-z, ]+)\)")


def alerts() -> list[dict]:
    [group] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return group["rules"]


def panels() -> list[dict]:
    return json.loads((FOLDER / "grafana-dashboard.json").read_text())["panels"]


def questions() -> list[str]:
    return [rule["expr"] for rule in alerts()] + [each["expr"] for panel in panels() for each in panel["targets"]]


@pytest.fixture
def exposed(client_alice, alice) -> dict[str, set[str]]:
    """The names of all series that FinBrain exposes, with their labels."""
    JobRun.objects.create(name="cleanup", done_until=timezone.now())
    Rate.objects.create(day=timezone.localdate(), rates={}, source="frankfurter")
    fields = {"title": "Tea", "amount": "4", "currency": "EUR", "spent_on": "2026-08-20"}
    client_alice.post("/expenses/add/", fields)
    client_alice.post(f"/expenses/{make_expense(alice, unsure=0.5).pk}/category/", {"category": "other"})
    import_statement(client_alice, BANK)
    text = client_alice.get("/metrics").content.decode()
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_series_is_there(exposed):
    asked = {name for question in questions() for name, _ in SERIES.findall(question)}
    assert len(asked) > 10
    assert asked - {"finbrain_suggestion_confidence_bucket"} <= exposed.keys()


def test_every_label_is_there(exposed):
    for question in questions():
        known = set().union(*(exposed.get(name, {"le", "source"}) for name, _ in SERIES.findall(question)))
        used = {label.strip() for group in GROUPED.findall(question) for label in group.split(",")}
        used |= {label for _, labels in SERIES.findall(question) for label in LABEL.findall(labels)}
        assert used <= known, question


def test_confidence_is_shown_once_there_is_a_suggestion():
    assert {sample.name for metric in CONFIDENCE.collect() for sample in metric.samples} >= {
        "finbrain_suggestion_confidence_bucket"
    }


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_says_how_bad_it_is_and_what_is_wrong(rule):
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert rule["annotations"]["summary"].endswith((".", "?"))
    operations = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    assert f"`{rule['alert']}`" in operations


def test_panels_do_not_overlap():
    taken = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken
        assert at["x"] + at["w"] <= 24
        taken |= cells


def test_prometheus_reads_the_path_that_is_served():
    [scrape] = yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]
    assert scrape["metrics_path"] == "/metrics"


def test_compose_hands_prometheus_the_alerts_and_not_their_test():
    rules = yaml.safe_load((settings.BASE_DIR / "deploy" / "compose" / "prometheus.yml").read_text())["rule_files"]
    assert rules == ["/etc/prometheus/finbrain/alerts.yml"]


def test_every_alert_is_tested_firing_and_silent():
    tests = yaml.safe_load((FOLDER / "alerts.test.yml").read_text())["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    names = {rule["alert"] for rule in alerts()}
    assert {case["alertname"] for case in cases if case.get("exp_alerts")} == names
    assert {case["alertname"] for case in cases if not case.get("exp_alerts")} == names

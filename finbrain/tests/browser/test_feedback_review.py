"""An administrator reviews shared corrections with keys alone."""

import pytest
from bson import ObjectId
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import expect

from classifier import feedback
from classifier.models import Feedback
from finbrain.tests.waiting import until

pytestmark = pytest.mark.browser


def test_keys_move_approve_and_reject(context, live_server, db):
    for text in ("Coffee hut", "Tea hut", "Juice hut"):
        about = {"suggested": "food-drinks", "confidence": 0.6, "chosen": "leisure-gifts", "model_version": 1}
        feedback.record_correction(ledger_id=ObjectId(), text=text, share=True, **about)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin@example.com", "a long password"))
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto("/admin/classifier/feedback/")
    expect(page.locator("#result_list tbody tr")).to_have_count(3)
    page.wait_for_load_state()
    for key in ("j", "j", "a", "r"):  # the second row, and after it the third
        page.keyboard.press(key)
    wait = {"pause": lambda seconds: page.wait_for_timeout(seconds * 1000)}
    until(lambda: Feedback.objects.exclude(status="pending").count() == 2, "both answers", **wait)
    statuses = dict(Feedback.objects.values_list("text", "status"))
    assert statuses == {"Juice hut": "pending", "Tea hut": "approved", "Coffee hut": "rejected"}
    expect(page.locator("#review-said")).to_be_empty()

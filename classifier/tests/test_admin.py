import pytest
from bson import ObjectId
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from classifier import background, feedback, versions
from classifier.models import Feedback, ModelVersion
from classifier.tests.small import small_artifact, small_training
from classifier.version_words import sentences

FEEDBACK_LIST = reverse("admin:classifier_feedback_changelist")
TITLE = "Divorce lawyer Weizmann"
VERSION_LIST = reverse("admin:classifier_modelversion_changelist")


@pytest.fixture
def reviewer(db) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin@example.com", "a long password"))
    return client


def correct(text="Coffee hut", chosen="leisure-gifts"):
    return feedback.record_correction(
        ledger_id=ObjectId(),
        text=text,
        suggested="food-drinks",
        confidence=0.61,
        chosen=chosen,
        model_version=1,
        share=True,
    )


def test_feedback_is_listed_with_the_people_who_chose_it_and_the_effect_of_training(reviewer, model):
    correct()
    correct("COFFEE HUT 12")
    page = reviewer.get(FEEDBACK_LIST).content.decode()
    assert "Coffee hut" in page
    assert "61%" in page
    assert '<td class="field-people' in page.replace("\n", "")
    assert "becomes Leisure &amp; Gifts" in page


def test_the_list_costs_the_same_with_more_rows(reviewer, model, count_db):
    correct()
    reviewer.get(FEEDBACK_LIST)
    with count_db() as few:
        reviewer.get(FEEDBACK_LIST)
    for number in range(20):
        correct(f"Coffee hut {chr(97 + number)}")
    with count_db() as many:
        reviewer.get(FEEDBACK_LIST)
    assert len(many) == len(few)


@pytest.mark.parametrize(("action", "status"), [("approve", "approved"), ("reject", "rejected")])
def test_reviewing_in_bulk(reviewer, model, action, status):
    rows = [correct(), correct("Tea hut")]
    reviewer.post(FEEDBACK_LIST, {"action": action, "_selected_action": [str(row.pk) for row in rows]})
    assert {row.status for row in Feedback.objects.all()} == {status}
    assert {row.reviewer for row in Feedback.objects.all()} == {"admin@example.com"}


@pytest.mark.parametrize("query", ["status__exact=pending", "chosen_category__exact=leisure-gifts", "q=hut"])
def test_filters_and_search(reviewer, model, query):
    correct()
    assert "Coffee hut" in reviewer.get(f"{FEEDBACK_LIST}?{query}").content.decode()


def test_versions_are_charted_and_an_earlier_one_can_be_activated(reviewer, model):
    newer = versions.store_version(small_artifact(), small_training().categories.report().as_dict(), {"corrections": 4})
    versions.activate(newer.number)
    page = reviewer.get(VERSION_LIST).content.decode()
    assert 'data-type="line"' in page
    reviewer.post(VERSION_LIST, {"action": "serve", "_selected_action": [str(model.pk)]})
    assert versions.active_number() == model.number
    detail = reviewer.get(reverse("admin:classifier_modelversion_change", args=[newer.pk]))
    assert "Transportation" in detail.content.decode()


def test_the_page_of_a_version_says_what_it_changed(reviewer, model):
    flips = [{"text": f"Text {n}", "before": "other", "after": "food-drinks"} for n in range(3)]
    flips += [{"text": "Text 3", "before": "other", "after": "transportation"}]
    figures = {
        "accuracy": 0.912,
        "before": {"accuracy": 0.899, "macro_f1": 0.8, "calibration_error": 0.1},
        "flips": flips,
    }
    ModelVersion.objects.update(metrics=figures, trained_on={"corrections": 1})
    page = reviewer.get(reverse("admin:classifier_modelversion_change", args=[model.pk])).content.decode()
    for said in (
        "It files 91.2% of the test titles correctly; the model before it 89.9%.",
        "It learned from 1 approved correction.",
        "It files 4 titles differently: 3 from Other to Food &amp; Drinks, 1 from Other to Transportation.",
    ):
        assert said in page


def test_a_first_version_and_an_odd_one_have_words_too():
    assert sentences({"accuracy": 0.9}, {}) == [
        "It files 90.0% of the test titles correctly. No model was active before.",
        "It learned from the training files alone.",
    ]
    assert sentences({}, {"corrections": 2}) == ["It learned from 2 approved corrections."]
    refused = {"refused": True, "categories": [], "kinds": [], "unlearned": [{}, {}], "clear": 4}
    told = sentences({"accuracy": 0.9, "before": {"accuracy": 0.9}, "verdict": refused}, {})
    assert told[-2:] == ["It was not activated:", "It answers 2 of 4 approved corrections differently."]


def test_feedback_can_be_reviewed_with_keys(reviewer, model):
    correct()
    page = reviewer.get(FEEDBACK_LIST).content.decode()
    assert "js/feedback_review.js" in page
    assert "<kbd>A</kbd> approve" in page


@pytest.mark.parametrize("kind", ["feedback", "modelversion"])
def test_the_page_of_a_single_row_has_nothing_to_save(reviewer, model, kind):
    row = {"feedback": correct, "modelversion": lambda: model}[kind]()
    url = reverse(f"admin:classifier_{kind}_change", args=[row.pk])
    page = reviewer.get(url)
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert reviewer.post(url, {}).status_code == 403


def test_a_broken_version_is_not_served(reviewer, model):
    broken = ModelVersion.objects.create(number=50, artifact=b"rubbish", size=7)
    page = reviewer.post(VERSION_LIST, {"action": "serve", "_selected_action": [str(broken.pk)]}, follow=True)
    assert "This version can&#x27;t be served: damaged" in page.content.decode()
    assert versions.active_number() == model.number


def test_trying_a_training_starts_it_in_the_background(reviewer, monkeypatch):
    started = []
    monkeypatch.setattr(background.subprocess, "Popen", lambda command, **options: started.append(command))
    url = reverse("admin:classifier_modelversion_try")
    reviewer.get(url)
    assert not started
    reviewer.post(url)
    assert started[0][2:4] == ["retrain", "--no-activate"]


def test_strangers_see_nothing(client_alice):
    assert client_alice.get(FEEDBACK_LIST).status_code == 302
    assert client_alice.post(reverse("admin:classifier_modelversion_try")).status_code == 302


@pytest.fixture
def staff(db) -> Client:
    """Staff with every permission, but no superuser."""
    person = get_user_model().objects.create_user("staff@example.com", "a long password", is_staff=True)
    person.user_permissions.set(Permission.objects.all())
    client = Client()
    client.force_login(person)
    return client


def test_no_permission_lets_staff_read_titles(staff, reviewer, model):
    row = correct(TITLE)
    flip = {"text": TITLE, "before": "other", "after": "food-drinks"}
    ModelVersion.objects.update(metrics={"flips": [flip]})
    version = reverse("admin:classifier_modelversion_change", args=[ModelVersion.objects.get().pk])
    pages = [reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist") for model in admin.site._registry]
    pages += [version, reverse("admin:classifier_feedback_change", args=[row.pk]), f"{FEEDBACK_LIST}?q=Divorce"]
    pages += [reverse("admin:index"), reverse("admin:classifier_feedback_delete", args=[row.pk])]
    assert [page for page in pages if TITLE in staff.get(page).content.decode()] == []
    assert staff.get(FEEDBACK_LIST).status_code == 403
    assert staff.post(FEEDBACK_LIST, {"action": "approve", "_selected_action": [str(row.pk)]}).status_code == 403
    assert Feedback.objects.get().status == "pending"
    assert TITLE in reviewer.get(FEEDBACK_LIST).content.decode()
    assert TITLE in reviewer.get(version).content.decode()


def test_staff_review_where_the_setting_says_so(staff, model, settings):
    settings.STAFF_READ_TITLES = True
    row = correct(TITLE)
    assert TITLE in staff.get(FEEDBACK_LIST).content.decode()
    staff.post(FEEDBACK_LIST, {"action": "approve", "_selected_action": [str(row.pk)]})
    assert Feedback.objects.get().status == "approved"

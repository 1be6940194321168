import pytest
from bson import ObjectId

from classifier import feedback
from classifier.models import Feedback, FeedbackStatus


def correct(owner_id, text="Starbucks", chosen="food-drinks", share=True):
    return feedback.record_correction(
        ledger_id=owner_id,
        text=text,
        suggested="other",
        confidence=0.4,
        chosen=chosen,
        model_version=3,
        share=share,
    )


@pytest.mark.django_db
def test_a_correction_makes_one_pending_row_without_a_link_to_the_person():
    owner_id = ObjectId()
    correct(owner_id, "STARBUCKS 123")
    row = Feedback.objects.get()
    assert (row.text, row.normalised, row.status) == ("STARBUCKS 123", "starbucks", FeedbackStatus.PENDING)
    assert (row.suggested_category, row.chosen_category, row.confidence, row.model_version) == (
        "other",
        "food-drinks",
        0.4,
        3,
    )
    assert str(owner_id) not in repr(vars(row))


@pytest.mark.django_db
def test_who_does_not_share_leaves_no_row():
    assert correct(ObjectId(), share=False) is None
    assert not Feedback.objects.exists()


@pytest.mark.django_db
def test_correcting_again_before_the_review_changes_the_row():
    owner_id = ObjectId()
    correct(owner_id)
    correct(owner_id, "starbucks 77", "leisure-gifts")
    assert Feedback.objects.get().chosen_category == "leisure-gifts"


@pytest.mark.django_db
def test_a_pending_report_is_revised_or_withdrawn_by_who_made_it():
    owner_id = ObjectId()
    correct(owner_id)
    feedback.revise(ObjectId(), [("Starbucks", "other")])
    feedback.revise(owner_id, [("Starbucks 12", "leisure-gifts"), ("Never reported", "other")])
    assert Feedback.objects.get().chosen_category == "leisure-gifts"
    feedback.revise(owner_id, [("Starbucks", "other")])
    assert not Feedback.objects.exists()


@pytest.mark.django_db
def test_what_was_reviewed_is_not_revised():
    owner_id = ObjectId()
    feedback.review([correct(owner_id)], FeedbackStatus.APPROVED, "ann@example.com")
    feedback.revise(owner_id, [("Starbucks", "other")])
    assert Feedback.objects.get().chosen_category == "food-drinks"


@pytest.mark.django_db
def test_the_hash_depends_on_the_secret_key(settings):
    owner_id = ObjectId()
    before = feedback.contributor(owner_id)
    assert before == feedback.contributor(owner_id) != feedback.contributor(ObjectId())
    settings.SECRET_KEY = "another " * 10
    assert feedback.contributor(owner_id) != before


@pytest.mark.django_db
def test_a_deleted_account_keeps_approved_text_without_the_hash():
    owner_id = ObjectId()
    for text in ("one", "two", "three"):
        correct(owner_id, text)
    feedback.review(Feedback.objects.filter(text="one"), FeedbackStatus.APPROVED, "admin@example.com")
    feedback.review(Feedback.objects.filter(text="two"), FeedbackStatus.REJECTED, "admin@example.com")
    feedback.forget_contributor(owner_id)
    row = Feedback.objects.get()
    assert (row.text, row.contributor) == ("one", "")


@pytest.mark.django_db
def test_approved_corrections_count_different_people():
    same = ObjectId()
    for owner_id in (same, ObjectId(), ObjectId()):
        correct(owner_id)
    correct(ObjectId(), chosen="other")
    feedback.review(Feedback.objects.filter(chosen_category="food-drinks"), FeedbackStatus.APPROVED, "admin")
    correct(same)
    assert feedback.approved() == [feedback.Shared("starbucks", "food-drinks", 3)]
    assert feedback.agreement([("starbucks", "food-drinks"), ("starbucks", "other"), ("x", "other")]) == {
        ("starbucks", "food-drinks"): 3,
        ("starbucks", "other"): 1,
        ("x", "other"): 0,
    }

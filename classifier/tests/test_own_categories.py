"""Own categories are suggested from the ledger's memory alone, and base categories as before."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.categories import CATEGORIES, SLUGS, Category
from classifier.category_set import CategorySet, showing
from classifier.pack import Pack, Remembered, Rival
from classifier.personal import Neighbour, PersonalMemory, blend, evidence
from classifier.suggest import MEMORY, answers
from classifier.text import normalise

DOG, CAT, PETS = "other_d09", "other_ca7", "leisure-gifts_9e7"


def category(slug: str, *, hidden: bool = False) -> Category:
    return Category(slug, slug, "paw", 8, hidden=hidden)


def with_own(*own: str, hidden: tuple[str, ...] = (), merged: dict[str, str] | None = None) -> CategorySet:
    found = {slug: category(slug, hidden=slug in hidden) for slug in (*CATEGORIES, *own)}
    return CategorySet("test", found, merged or {})


def general_of(**likely: float) -> np.ndarray:
    """The model's probabilities: some as given, the rest equal."""
    named = {slug.replace("_", "-"): value for slug, value in likely.items()}
    rest = (1 - sum(named.values())) / (len(SLUGS) - len(named))
    return np.array([named.get(slug, rest) for slug in SLUGS])


near = st.builds(Neighbour, st.just("x"), st.sampled_from(["", *SLUGS]), likeness=st.floats(0.26, 1.0))
opinions = st.lists(st.floats(0.001, 1), min_size=len(SLUGS), max_size=len(SLUGS)).map(
    lambda found: np.array(found) / sum(found)
)


@given(opinions, st.lists(near, max_size=7))
def test_without_own_categories_nothing_changes(general, neighbours):
    together = blend(general, evidence(neighbours))
    order = np.argsort(-together, kind="stable").tolist()
    plain = tuple((SLUGS[at], float(together[at])) for at in order)
    assert answers(general, neighbours)[0] == plain
    with showing(with_own(DOG, PETS)):
        assert answers(general, neighbours)[0] == plain


any_near = st.builds(
    Neighbour, st.just("x"), st.sampled_from(["", *SLUGS, DOG, CAT, PETS]), likeness=st.floats(0.26, 1.0)
)


@given(opinions, st.lists(any_near, max_size=7))
def test_own_categories_add_up_to_their_base_category(general, neighbours):
    """The parts of a base category add up to what it has if every neighbour is in the base category itself."""
    base = {DOG: "other", CAT: "other", PETS: "leisure-gifts"}
    in_base = [Neighbour(one.title, base.get(one.category, one.category), likeness=one.likeness) for one in neighbours]
    with showing(with_own(DOG, CAT, PETS)):
        found, _ = answers(general, neighbours)
    plain = dict(answers(general, in_base)[0])
    sums = dict.fromkeys(SLUGS, 0.0)
    for slug, value in found:
        assert value >= -1e-12
        sums[base.get(slug, slug)] += value
    assert sums == pytest.approx(plain)
    best = found[0][0]
    assert plain[base.get(best, best)] == pytest.approx(max(plain.values()))


def test_the_same_text_is_filed_where_the_person_filed_it():
    with showing(with_own(DOG)):
        found, source = answers(general_of(health_essentials=0.9), [Neighbour("Dog food", DOG, likeness=1.0)])
        assert (found[0][0], source) == (DOG, MEMORY)
        assert found[0][1] >= 0.8


def test_a_merged_category_counts_as_the_other_one():
    with showing(with_own(PETS, merged={DOG: PETS})):
        found, _ = answers(general_of(), [Neighbour("Dog food", DOG, likeness=1.0)])
    assert found[0][0] == PETS
    assert DOG not in dict(found)


@pytest.mark.parametrize("hidden", [(DOG,), (DOG, "other")])
def test_a_hidden_category_is_never_suggested(hidden):
    with showing(with_own(DOG, hidden=hidden)):
        found, _ = answers(general_of(other=0.9), [Neighbour("Dog food", DOG, likeness=1.0)])
    assert not dict(found).keys() & set(hidden)
    assert (found[0][0] == "other") == ("other" not in hidden)


def test_an_unknown_own_category_counts_as_its_base_category():
    found, _ = answers(general_of(), [Neighbour("Dog food", DOG, likeness=1.0)])
    assert found[0][0] == "other"


def test_packs_keep_own_categories():
    first = Pack.of([Remembered("Dog food", DOG, text="dog food"), Remembered("Bread", "food-drinks", text="bread")])
    second = Pack.of([Remembered("Cat food", CAT, text="cat food"), Remembered("Dog toy", DOG, text="dog toy")])
    both = Pack.from_bytes(first.plus(second).without([]).to_bytes())
    memory = PersonalMemory(both, Pack.of([Remembered("Pet show", PETS, text="pet show")]))
    for text, filed in (
        ("dog food", DOG),
        ("bread", "food-drinks"),
        ("cat food", CAT),
        ("dog toy", DOG),
        ("pet show", PETS),
    ):
        assert memory.nearest(text)[0].category == filed


def test_packs_keep_own_categories_that_are_rivals():
    rivals = (Rival(CAT, 1.0), Rival(), Rival())
    first = Pack.of([Remembered("Dog food", DOG, text="dog food")])
    second = Pack.of([Remembered("Pet show", "other", rivals=rivals, text="pet show")])
    memory = PersonalMemory(first.plus(second), Pack.of([]))
    assert memory.nearest("pet show")[0].rivals == rivals


# A replay. Each topic is a category that somebody might make: the places it is paid at and what is bought there.
TOPICS = {
    "dog": (
        ("petland", "dr levi vet", "happy paws", "zooplus", "dog walker"),
        ("dog food", "checkup", "dog grooming", "leash", ""),
    ),
    "garden": (
        ("green thumb nursery", "homebase", "seed store", "ikea"),
        ("garden soil", "plants", "garden hose", "tulips", ""),
    ),
    "baby": (
        ("baby love shop", "shilav", "carters", "super pharm"),
        ("baby formula", "diapers", "baby clothes", "wipes", ""),
    ),
    "photography": (
        ("camera house", "adorama", "photo lab", "adobe"),
        ("lens", "photo prints", "camera bag", "lightroom", ""),
    ),
    "side business": (
        ("squarespace", "mailchimp", "wix", "print center"),
        ("business cards", "hosting", "ads", "invoice", ""),
    ),
    "cycling": (
        ("bike depot", "decathlon", "wiggle", "bike repair yossi"),
        ("bike tyre", "bike service", "helmet", "chain", ""),
    ),
    "grandma": (
        ("care home rosen", "pharmacy grandma", "taxi grandma", "grandma groceries"),
        ("visit", "medicine", "flowers", ""),
    ),
    "volunteering": (
        ("food bank", "red cross", "shelter", "animal rescue"),
        ("donation", "monthly", "volunteering trip", ""),
    ),
}
EVERYDAY = {
    "food-drinks": ("lidl", "pizza hut", "cafe aroma", "bakery", "sushi bar", "falafel", "wolt"),
    "transportation": ("uber", "paz fuel", "train ticket", "bus pass", "parking"),
    "housing-bills": ("electric bill", "rent", "internet", "water bill"),
    "leisure-gifts": ("netflix", "cinema", "spotify", "zara", "concert"),
    "health-essentials": ("pharmacy", "dentist", "gym", "haircut"),
}


def title_of(topic: str, chance: random.Random) -> str:
    places, things = TOPICS[topic]
    return " ".join(
        filter(None, (chance.choice(places), chance.choice(things), chance.choice(("", "", "tel aviv", "online"))))
    )


def replayed(topic: str, seed: int) -> tuple[bool, bool]:
    """Review ten rows of a new category among forty everyday ones. Is the eleventh right, and an everyday one?"""
    chance = random.Random(f"{topic} {seed}")
    slug = f"{chance.choice(SLUGS)}_0a1"
    texts = {normalise(title_of(topic, chance)): slug for _ in range(10)}
    for _ in range(40):
        base = chance.choice(list(EVERYDAY))
        texts[normalise(f"{chance.choice(EVERYDAY[base])} {chance.choice(('', 'tel aviv', 'haifa', '12'))}")] = base
    memory = PersonalMemory(Pack.of([Remembered(text, filed, text=text) for text, filed in texts.items()]), Pack.of([]))
    # The model knows nothing of the topic: it is sure of some base category, mostly of another one.
    general = general_of(**{chance.choice(SLUGS).replace("-", "_"): 0.6})
    everyday = chance.choice(list(EVERYDAY))
    usual = normalise(f"{chance.choice(EVERYDAY[everyday])} {chance.choice(('', 'eilat'))}")
    with showing(with_own(slug)):
        eleventh = answers(general, memory.nearest(normalise(title_of(topic, chance))))[0][0][0]
        other = answers(general, memory.nearest(usual))[0][0][0]
    without = PersonalMemory(
        Pack.of([Remembered(text, filed.partition("_")[0], text=text) for text, filed in texts.items()]), Pack.of([])
    )
    return eleventh == slug, other.partition("_")[0] == answers(general, without.nearest(usual))[0][0][0]


def test_ten_rows_teach_a_category():
    found = [replayed(topic, seed) for topic in TOPICS for seed in range(25)]
    assert sum(right for right, _ in found) / len(found) >= 0.8
    assert all(same for _, same in found), "the base category of other titles doesn't change"

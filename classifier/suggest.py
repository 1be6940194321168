"""Suggest the category of an expense from its title, with the global model and the ledger's own memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from bson import ObjectId

from classifier import recall, serving
from classifier.categories import SLUGS, base_slug
from classifier.category_set import is_own, shown_categories
from classifier.features import readable_ngrams
from classifier.own_categories import divide, in_base_categories
from classifier.personal import Neighbour, blend, evidence
from classifier.serving import Model
from classifier.text import normalise

MODEL, MEMORY = "model", "memory"
_MOST_NGRAMS = 6
_NO_OPINION = np.full(len(SLUGS), 1 / len(SLUGS))


@dataclass(frozen=True)
class Suggestion:
    """A suggested category.

    confidence: its probability, 0 to 1. source: "memory" if the ledger's own expenses decided, else "model".
    model_version: None without a model. candidates: the base categories, and those own ones that similar expenses have,
    with their probabilities, the best first.
    """

    category: str
    confidence: float
    source: str
    model_version: int | None
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Explanation:
    """The reasons for a suggestion.

    ngrams: (part of the text, weight), the heaviest first. neighbours: (title, category, likeness) of similar expenses
    in the ledger.
    """

    suggestion: Suggestion | None
    ngrams: tuple[tuple[str, float], ...]
    neighbours: tuple[tuple[str, str, float], ...]


def suggest(text: str, ledger_id: ObjectId | None = None) -> Suggestion | None:
    """Suggest a category for a title. None if there is neither a model nor a similar expense in the ledger."""
    return suggest_many([text], ledger_id)[0]


def suggest_many(texts: Sequence[str], ledger_id: ObjectId | None = None) -> list[Suggestion | None]:
    """Suggest a category for each title, with as many database round trips as for one title."""
    if not texts:
        return []
    normalised = [normalise(text) for text in texts]
    return suggest_near(normalised, recall.nearest(ledger_id, normalised))


def suggest_near(normalised: Sequence[str], neighbours: Sequence[Sequence[Neighbour]]) -> list[Suggestion | None]:
    """Suggest a category for each normalised text whose neighbours in the ledger are known."""
    model = serving.active_model()
    general = _general(model, normalised)
    return [_suggestion(model, row, near) for row, near in zip(general, neighbours, strict=True)]


def explain(text: str, ledger_id: ObjectId | None = None) -> Explanation:
    """Return the suggestion for a title and the reasons for it."""
    normalised = normalise(text)
    [neighbours] = recall.nearest(ledger_id, [normalised])
    return explain_near(normalised, neighbours)


def explain_near(normalised: str, neighbours: Sequence[Neighbour]) -> Explanation:
    """Return the suggestion for a normalised text whose neighbours in the ledger are known, and the reasons for it."""
    model = serving.active_model()
    suggestion = _suggestion(model, _general(model, [normalised])[0], neighbours)
    ngrams = _ngrams(model, normalised, suggestion.category) if model and suggestion else ()
    slug_of = shown_categories().slug_of
    own = tuple((one.title, slug_of(one.category), one.likeness) for one in neighbours if one.category)
    return Explanation(suggestion, ngrams, own)


def answers(general: np.ndarray, neighbours: Sequence[Neighbour]) -> tuple[tuple[tuple[str, float], ...], str]:
    """Blend the model's probabilities (classes,) with the neighbours.

    Return (category, probability) pairs as `divide` does, and which source decided.
    """
    own = evidence(in_base_categories(neighbours))
    together = blend(general, own)
    order = np.argsort(-together, kind="stable").tolist()
    blended, alone = (
        dict(zip((SLUGS[at] for at in order), row[order].tolist(), strict=True)) for row in (together, general)
    )
    found = divide(blended, alone, neighbours)
    best = found[0][0]
    place = SLUGS.index(base_slug(shown_categories().base_of(best)))
    return found, MEMORY if is_own(best) or own[place] > general[place] else MODEL


def general_probabilities(texts: Sequence[str]) -> np.ndarray:
    """Return the active model's probabilities of normalised texts, (texts, classes). Without a model all are equal."""
    return _general(serving.active_model(), texts)


def _general(model: Model | None, texts: Sequence[str]) -> np.ndarray:
    return model.scorer.probabilities(list(texts)) if model else np.tile(_NO_OPINION, (len(texts), 1))


def _suggestion(model: Model | None, general: np.ndarray, neighbours: Sequence[Neighbour]) -> Suggestion | None:
    if model is None and not any(one.category for one in neighbours):
        return None
    candidates, source = answers(general, neighbours)
    return Suggestion(*candidates[0], source, model.number if model else None, candidates)


def _ngrams(model: Model, normalised: str, category: str) -> tuple[tuple[str, float], ...]:
    weights = model.scorer.contributions(normalised, SLUGS.index(shown_categories().base_of(category)))
    heaviest = sorted(weights.items(), key=lambda item: -abs(item[1]))[:_MOST_NGRAMS]
    labels = readable_ngrams(normalised)
    return tuple((labels[ngram], weight) for ngram, weight in heaviest)

"""Suggest what an entry counts as, from its text and direction: spent, moved or received.

Like `suggest`: the model's probabilities, adjusted by what was decided for the nearest texts of the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from bson import ObjectId

from classifier import recall, serving
from classifier.features import WORD, character_ngrams
from classifier.kinds import CASH, LABELS, UNSURE, Direction, Kind, by_kind, kind_of_label
from classifier.personal import Neighbour, blend, decided_kind, evidence_of_kind
from classifier.serving import Model
from classifier.suggest import MEMORY, MODEL, Explanation, Suggestion, explain_near, suggest_near
from classifier.text import normalise, normalise_for_kind

# The difference in probability between two kinds that says nothing: payments between people are shared equally.
_TOSS_UP = 0.02
Entry = tuple[str, Direction]


@dataclass(frozen=True)
class KindSuggestion:
    """A suggested kind.

    confidence: its probability, 0 to 1. is_cash: whether what is moved is a withdrawal or deposit of cash. category: an
    income category for received, else empty. source: "memory" if the ledger's own decisions decided, else "model".
    reason: the ledger's own title if its memory decided, else the word of the text that weighed most; the model gives
    none for what is spent.
    """

    kind: Kind
    confidence: float
    is_cash: bool
    category: str
    source: str
    reason: str
    model_version: int | None


def suggest_kinds(ledger_id: ObjectId | None, entries: Sequence[Entry]) -> list[KindSuggestion | None]:
    """Suggest a kind for each (text, direction), with as many round trips as for one.

    None if there is neither a model of kinds nor an own decision about a similar text. The entry is then spent.
    """
    return _suggest_near(entries, recall.nearest(ledger_id, [normalise(text) for text, _ in entries]))


def suggest_kinds_and_categories(
    ledger_id: ObjectId | None, entries: Sequence[Entry]
) -> list[tuple[KindSuggestion | None, Suggestion | None]]:
    """Suggest a kind and a category of spending for each (text, direction), with the round trips of one of them."""
    normalised = [normalise(text) for text, _ in entries]
    neighbours = recall.nearest(ledger_id, normalised)
    return list(zip(_suggest_near(entries, neighbours), suggest_near(normalised, neighbours), strict=True))


def explain_entry(ledger_id: ObjectId | None, entry: Entry) -> tuple[KindSuggestion | None, Explanation]:
    """Suggest a kind for a (text, direction), and explain its category of spending, with the round trips of one."""
    normalised = normalise(entry[0])
    neighbours = recall.nearest(ledger_id, [normalised])
    [kind] = _suggest_near([entry], neighbours)
    return kind, explain_near(normalised, neighbours[0])


def _suggest_near(entries: Sequence[Entry], neighbours: Sequence[Sequence[Neighbour]]) -> list[KindSuggestion | None]:
    model = serving.active_model()
    found: list[KindSuggestion | None] = [None] * len(entries)
    for direction in Direction:
        places = [place for place, (_, way) in enumerate(entries) if way == direction]
        if not places:
            continue
        texts = [normalise_for_kind(entries[place][0]) for place in places]
        general = _general(model, direction, texts)
        own = [evidence_of_kind(neighbours[place], direction) for place in places]
        together = [blend(row, each) for row, each in zip(general, own, strict=True)]
        kinds = by_kind(direction, np.array(together))
        for place, *about in zip(places, texts, general, own, together, kinds, strict=True):
            found[place] = _suggestion(model, direction, neighbours[place], *about)
    return found


def _general(model: Model | None, direction: Direction, texts: list[str]) -> np.ndarray:
    """Return the model's probabilities of labels, (texts, labels). Without a model of kinds all is unsure."""
    if model and model.kinds:
        return model.kinds[direction].probabilities(texts)
    return np.tile(np.array([label == UNSURE for label in LABELS[direction]], dtype=float), (len(texts), 1))


def _suggestion(
    model: Model | None,
    direction: Direction,
    neighbours: Sequence[Neighbour],
    text: str,
    general: np.ndarray,
    own: np.ndarray,
    together: np.ndarray,
    kinds: np.ndarray,
) -> KindSuggestion | None:
    """The likeliest kind of a text.

    general, own, together: the probabilities of the labels by the model, the evidence of the neighbours, and both.
    kinds: the probabilities of the kinds by both.
    """
    if not (model and model.kinds) and not own.any():
        return None
    kind = list(Kind)[_likeliest(kinds)]
    label = _label(direction, together, kind)
    position = LABELS[direction].index(label)
    source = MEMORY if own[position] > general[position] else MODEL
    if source == MEMORY:
        decided = [one for one in neighbours if decided_kind(one, direction)]
        # A label may have won although it is only the rival of what was decided last.
        reason = next((one for one in decided if decided_kind(one, direction) == label), decided[0]).title
    else:
        reason = _word(model, direction, text, position) if kind != Kind.SPENT else ""
    return KindSuggestion(
        kind,
        float(kinds[list(Kind).index(kind)]),
        label == CASH,
        label if kind == Kind.RECEIVED else "",
        source,
        reason,
        model.number if model else None,
    )


def _likeliest(kinds: np.ndarray) -> int:
    """Return the place of the likeliest kind. A toss-up counts as spent, so that it never leaves the totals."""
    return 0 if kinds[0] >= kinds.max() - _TOSS_UP else int(kinds.argmax())


def _label(direction: Direction, together: np.ndarray, kind: Kind) -> str:
    """Return the most probable label of a kind."""
    labels = [label for label in LABELS[direction] if label != UNSURE and kind_of_label(label) == kind]
    return max(labels, key=lambda label: together[LABELS[direction].index(label)])


def _word(model: Model | None, direction: Direction, text: str, position: int) -> str:
    """Return the word of a normalised text that speaks most for the label at `position`, or an empty text."""
    if model is None or not model.kinds:
        return ""
    weights = model.kinds[direction].contributions(text, position)
    words = {
        word: sum(weights.get(ngram, 0.0) for ngram in (WORD + word, *character_ngrams(word))) for word in text.split()
    }
    best = max(words, key=words.__getitem__, default="")
    return best if best and words[best] > 0 else ""

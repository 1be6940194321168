"""Find what waits for review and is like what a person has just filed, and suggest it again.

Nothing is filed here. FinBrain offers to file the twins, and until a person does they stay unsure.
"""

from collections.abc import Sequence

import numpy as np
from bson import ObjectId

from classifier import recall
from classifier.likeness import ALIKE, Likeness, is_contradicted
from classifier.personal import PersonalMemory
from classifier.text import normalise
from expenses.ledger.rows_of_changes import CHUNK
from expenses.ledger.suggest_again import suggest_again
from expenses.ledger.waiting_texts import Waiting, WaitingText
from expenses.models.ledger import Ledger


def suggest_twins_again(ledger: Ledger, waiting: Waiting, title: str, came_in: bool, batch: str) -> None:
    """Suggest again what waits and is like an expense that was filed in `batch`.

    At most 250 are suggested again. They keep waiting, and undoing the batch undoes it.
    """
    if alike := _alike(waiting.texts, normalise(title), came_in):
        suggest_again(ledger, [key for each in alike for key in each.ids][:CHUNK], batch)


def find_twins(ledger: Ledger, waiting: Waiting, title: str, came_in: bool) -> list[ObjectId]:
    """Return up to 250 waiting expenses like this one that can be filed with it, the most similar first."""
    alike = _alike(waiting.texts, normalise(title), came_in)
    settled = without_contradicted(recall.memory_of(ledger.id), alike) if alike else []
    return [key for each in settled for key in each.ids][:CHUNK]


def without_contradicted(memory: PersonalMemory | None, texts: Sequence[WaitingText]) -> list[WaitingText]:
    """Return the texts whose like was always filed in the same way. The others are asked one by one."""
    if memory is None:
        return list(texts)
    return [waiting for waiting in texts if not is_contradicted(memory.nearest(waiting.text))]


def _alike(texts: Sequence[WaitingText], text: str, came_in: bool) -> list[WaitingText]:
    """Return the texts of the same direction that are like `text`, the most similar first."""
    same_way = [waiting for waiting in texts if waiting.came_in == came_in]
    likeness = Likeness([text, *(waiting.text for waiting in same_way)]).to(0)[1:]
    return [same_way[place] for place in np.argsort(-likeness, kind="stable") if likeness[place] >= ALIKE]

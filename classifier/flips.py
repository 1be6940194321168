"""Which texts two models file differently."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from classifier.categories import SLUGS
from classifier.scorer import Scorer
from classifier.seed import Sample

MOST = 40
MOST_TEXTS = 20_000


@dataclass(frozen=True)
class Flip:
    """A text with the category and confidence before and after. right: the category that it is labelled with."""

    text: str
    before: str
    before_confidence: float
    after: str
    after_confidence: float
    right: str

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def flips(before: Scorer, after: Scorer, samples: Sequence[Sample]) -> list[Flip]:
    """Up to 40 samples that change category, the heaviest of the newest 20,000 first."""
    samples = samples[-MOST_TEXTS:]
    texts = [sample.text for sample in samples]
    old, new = before.probabilities(texts), after.probabilities(texts)
    changed = [place for place in range(len(texts)) if old[place].argmax() != new[place].argmax()]
    changed.sort(key=lambda place: -samples[place].weight)
    return [
        Flip(
            texts[place],
            SLUGS[old[place].argmax()],
            round(float(old[place].max()), 3),
            SLUGS[new[place].argmax()],
            round(float(new[place].max()), 3),
            samples[place].category,
        )
        for place in changed[:MOST]
    ]

"""Find the changed predictions of two models."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from classifier.categories import SLUGS
from classifier.scorer import Scorer
from classifier.training_samples import Sample

MOST = 40
_MOST_TEXTS = 20_000


@dataclass(frozen=True)
class Flip:
    """A text whose predicted category changed, with both predictions. right: the category of its label."""

    text: str
    before: str
    before_confidence: float
    after: str
    after_confidence: float
    right: str

    def as_dict(self) -> dict[str, object]:
        """Return the flip as a dictionary for JSON."""
        return asdict(self)


def flips(before: Scorer, after: Scorer, samples: Sequence[Sample]) -> list[Flip]:
    """Return up to 40 changed predictions of the last 20,000 samples, the heaviest samples first."""
    samples = list({(sample.text, sample.category): sample for sample in samples[-_MOST_TEXTS:]}.values())
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

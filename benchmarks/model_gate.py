"""How often the gate refuses a harmless retraining, and one on wrong labels.

    python -m benchmarks.model_gate --seeds 100

For each seed a model of a part of the training files (every 6th entry) is trained again in two ways and compared with
the first one: with 30 approved corrections of entries that the part lacks, each with its right category; and with the
categories of a tenth of its groups swapped. Prints what was refused, as JSON.
"""

import argparse
import json
from random import Random

from benchmarks.prepared import set_up, tell


def main() -> None:
    """Print the share of refused trainings of both kinds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--keep", type=int, default=6, help="take one in this many entries of the training files")
    options = parser.parse_args()
    set_up()
    print(json.dumps(refused(options.seeds, options.keep), indent=2))


def refused(seeds: int, keep: int) -> dict[str, object]:
    """Return the shares of refused trainings, and the figures that refused harmless ones."""
    from classifier.learner import train_model

    part, rest = _parts(keep)
    active = train_model(part, {})
    harmless, swapped = [], []
    for seed in range(seeds):
        harmless.append(_figures(active, part, _corrections(rest, Random(seed))))
        swapped.append(_figures(active, _swapped(part, Random(seed)), []))
        refusals = f"{sum(map(bool, harmless))} harmless, {sum(map(bool, swapped))} swapped"
        tell(f"{seed + 1} of {seeds} seeds, refused: {refusals}")
    return {
        "texts": len(part),
        "seeds": seeds,
        "harmless refused": round(sum(map(bool, harmless)) / seeds, 3),
        "harmless refused for": sorted(figure for figures in harmless for figure in figures),
        "swapped refused": round(sum(map(bool, swapped)) / seeds, 3),
    }


def _parts(keep: int):
    """Return the samples of every `keep`-th entry, and the texts of the other terms with their categories."""
    from classifier.training_files import read_training_data
    from classifier.training_samples import samples

    data = read_training_data()
    fewer = type(data)(
        data.terms[::keep], data.merchants[::keep], [], data.patterns, data.cities, data.names, data.surnames
    )
    return samples(fewer), [entry for at, entry in enumerate(data.terms) if at % keep]


def _corrections(rest, random: Random):
    """Return 30 right corrections."""
    from classifier.feedback import Shared
    from classifier.text import normalise

    return [Shared(normalise(each.text), each.category, 1) for each in random.sample(rest, 30)]


def _swapped(part, random: Random):
    """Return the samples with the categories of a tenth of their groups swapped for others."""
    from dataclasses import replace

    from classifier.categories import SLUGS

    groups = sorted({sample.group for sample in part})
    chosen = {group: random.randint(1, len(SLUGS) - 1) for group in random.sample(groups, len(groups) // 10)}
    return [
        replace(each, category=SLUGS[(SLUGS.index(each.category) + chosen.get(each.group, 0)) % len(SLUGS)])
        for each in part
    ]


def _figures(active, files, corrections) -> list[str]:
    """Train on files and corrections. Return the figures for which the gate refuses the new model."""
    from classifier.activation_verdict import Verdict, compare_categories, unlearned
    from classifier.learner import held_out, train_model
    from classifier.training_set import with_feedback

    chosen = with_feedback(files, corrections)
    new = train_model(chosen, {})
    comparisons = compare_categories(new.categories, held_out(active.artifact.folds, chosen))
    verdict = Verdict(comparisons, (), *unlearned(new.artifact.scorer, corrections, files))
    worse = [each.figure for each in comparisons if each.worse]
    return worse or (["not learned"] if verdict.refused else [])


if __name__ == "__main__":
    main()
